"""What one song is called, and what stays the same."""

import pytest

from segue.text import song_keys


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Beyoncé", "beyonce"),
        ("BJÖRK", "bjork"),
        ("Sigur Rós", "sigur ros"),
        ("Straße", "strasse"),
        ("Mø", "mo"),
        ("Łona", "lona"),
        ("Ænima", "aenima"),
        ("Don't / Don’t / Don´t", "dont dont dont"),
        ("R.E.M.", "rem"),
        ("Mr. Big", "mr big"),
        ("Ke$ha, A$AP, $uicideboy$, $100", "kesha asap suicideboys 100"),
        ("P!nk!", "pink"),
        ("Simon & Garfunkel", "simon and garfunkel"),
        ("Florence + The Machine", "florence and the machine"),
        ("Чёрный", "черныи"),
        ("ガ", "ガ"),
        ("残響散歌", "残響散歌"),
        ("한국", "한국"),
        ("\ud800x", "x"),
        ("𝑨𝒏𝒈𝒆𝒍 ＦＵＬＬ　ｗｉｄｔｈ", "angel full width"),
        ("!!!", ""),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert song_keys.fold(text) == folded
    assert song_keys.fold(song_keys.fold(text)) == folded


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Bohemian Rhapsody - Remastered 2011", "bohemian rhapsody"),
        ("Heroes - 2017 Remaster", "heroes"),
        ("Under Pressure (feat. David Bowie) - Remastered 2011", "under pressure"),
        ("(I Can't Get No) Satisfaction - Mono Version", "i cant get no satisfaction"),
        ("Hello - Live at the Royal Albert Hall", "hello"),
        ("Hello (Live) [Radio Edit]", "hello"),
        ("Love Story (Taylor's Version)", "love story"),
        ("One Dance (with Wizkid)", "one dance"),
        ("One Dance ft. Wizkid", "one dance"),
        ("Suite - Prelude - Live 1999 - Audio", "suite prelude"),
        ("Another Brick in the Wall, Pt. 2", "another brick in the wall part 2"),
        (
            "South Pacific - Original Broadway Cast: Bali Ha'i",
            "south pacific original broadway cast bali hai",
        ),
        ("1999", "1999"),
        ("1999 - Edit", "1999"),
        ("Live", "live"),
        ("Live and Let Die", "live and let die"),
        ("?", "?"),
        ("(Live)", "live"),
    ],
)
def test_title_key(title: str, key: str) -> None:
    assert song_keys.title_key(title) == key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Queen", ("Queen",)),
        ("Seven Lions;HALIENE", ("Seven Lions", "HALIENE")),
        ("Drake, The Weeknd", ("Drake", "The Weeknd")),
        ("Tyler, The Creator, Frank Ocean", ("Tyler, The Creator", "Frank Ocean")),
        ("Earth, Wind & Fire, Chaka Khan", ("Earth, Wind & Fire", "Chaka Khan")),
        ("Crosby, Stills, Nash & Young", ("Crosby, Stills, Nash & Young",)),
        ("Harry Connick, Jr., Branford Marsalis", ("Harry Connick, Jr.", "Branford Marsalis")),
        ("10,000 Maniacs", ("10,000 Maniacs",)),
        ("Justin Quiles, Chimbala, Zion & Lennox", ("Justin Quiles", "Chimbala", "Zion & Lennox")),
        (" , ,", ()),
        ("", ()),
    ],
)
def test_split_artists(text: str, expected: tuple[str, ...]) -> None:
    assert song_keys.split_artists(text) == expected


@pytest.mark.parametrize(
    ("artist", "key"),
    [
        ("The Beatles", "beatles"),
        ("The The", "the"),
        ("The", "the"),
        ("Simon & Garfunkel", "simon garfunkel"),
        ("Simon And Garfunkel", "simon garfunkel"),
        ("Britney Spears Featuring Madonna", "britney spears"),
        ("!!!", "!!!"),
    ],
)
def test_artist_key(artist: str, key: str) -> None:
    assert song_keys.artist_key(artist) == key


def test_song_key() -> None:
    assert song_keys.song_key(("The Beatles", "X"), "Help! - Remastered 2009") == "beatles\thelp"
    assert song_keys.song_key((), "Help!") == song_keys.song_key(("The Beatles",), "") == ""


def test_hashes_are_stable() -> None:
    assert song_keys.hash64("") == 0
    assert song_keys.hash64("beatles\thelp") == 0x9AA03510B9005669
