import pytest

from made_tracks import make_track
from segue.errors import EmptyPlaylistError, InvalidLinkError, InvalidTrackIdError, PlaylistFormatError
from segue.playlists.text import read_text, split_named, write_uris

ID = "4uLU6hMCjMI75M1A2tKUQC"


@pytest.mark.parametrize(
    "line",
    [
        "Queen - Bohemian Rhapsody",
        "Queen – Bohemian Rhapsody",
        "Queen — Bohemian Rhapsody",
        "Queen—Bohemian Rhapsody",
        "Queen - Bohemian Rhapsody 5:55",
        "Queen - Bohemian Rhapsody (5:55)",
        "Queen - Bohemian Rhapsody - 5:55",
        "1. Queen - Bohemian Rhapsody",
        "01) Queen - Bohemian Rhapsody",
        "(1) Queen - Bohemian Rhapsody",
        "[12] Queen - Bohemian Rhapsody",
        "#3. Queen - Bohemian Rhapsody",
        "01 Queen - Bohemian Rhapsody",
        "01 - Queen - Bohemian Rhapsody",
        "- Queen - Bohemian Rhapsody",
        "* Queen - Bohemian Rhapsody",
        "• Queen - Bohemian Rhapsody",
        "[x] Queen - Bohemian Rhapsody",
        "00:00 Queen - Bohemian Rhapsody",
        "[1:02:03] Queen - Bohemian Rhapsody",
        "Queen\tBohemian Rhapsody\t5:55",
        "1\tQueen\tBohemian Rhapsody",
        '"Bohemian Rhapsody" by Queen',
        '1. **"Bohemian Rhapsody"** – Queen',
        "“Bohemian Rhapsody,” by Queen",
        'Queen - "Bohemian Rhapsody"',
        '"Queen - Bohemian Rhapsody"',
        "Queen   -   Bohemian Rhapsody",
        "Queen -Bohemian Rhapsody",
    ],
)
def test_takes_artist_and_title_out_of_what_is_around_them(line: str) -> None:
    (entry,) = read_text(line).entries

    assert (entry.artist, entry.title.rstrip(",")) == ("Queen", "Bohemian Rhapsody")
    assert entry.duration_ms in (None, 355_000)
    assert (entry.duration_ms is None) == ("5:55" not in line)


@pytest.mark.parametrize(
    ("line", "artist", "title"),
    [
        ("50 Cent - In Da Club", "50 Cent", "In Da Club"),
        ("112 - Only You - Remix", "112", "Only You - Remix"),
        ("12:06 - Contact", "12:06", "Contact"),
        ("City Girls - Broke N****s (N**s)", "City Girls", "Broke N****s (N**s)"),
        ("311 - Amber", "311", "Amber"),
        ("10cc - I'm Not in Love", "10cc", "I'm Not in Love"),
        ("Jay-Z - 4:44", "Jay-Z", "4:44"),
        ("a-ha - Take On Me", "a-ha", "Take On Me"),
        ("blink-182 - All the Small Things", "blink-182", "All the Small Things"),
        ("David Bowie - Heroes - 2017 Remaster", "David Bowie", "Heroes - 2017 Remaster"),
        ("Sigur Rós - ( )", "Sigur Rós", "( )"),
        ("AC/DC - T.N.T.", "AC/DC", "T.N.T."),
        ("Tyler, The Creator - EARFQUAKE", "Tyler, The Creator", "EARFQUAKE"),
        ("…And You Will Know Us - X", "…And You Will Know Us", "X"),
    ],
)
def test_leaves_alone_what_belongs_to_the_names(line: str, artist: str, title: str) -> None:
    (entry,) = read_text(line).entries

    assert (entry.artist, entry.title, entry.duration_ms) == (artist, title, None)


def test_reads_a_mixture_in_order() -> None:
    playlist = read_text(
        f"# what I like\n// and you?\n\nQueen - X\nhttps://open.spotify.com/track/{ID}?si=1\n{ID}\n"
        f"US-RC1-76-07839\nspotify:local:A:B:C:10\nDavid Bowie - Heroes https://open.spotify.com/track/{ID}\n"
    )

    assert [(e.source, e.track_id, e.isrc, e.artist, e.title) for e in playlist.entries] == [
        ("line 4", "", "", "Queen", "X"),
        ("line 5", ID, "", "", ""),
        ("line 6", ID, "", "", ""),
        ("line 7", "", "USRC17607839", "", ""),
        ("line 8", "", "", "A", "C"),
        ("line 9", ID, "", "David Bowie", "Heroes"),
    ]
    assert playlist.skipped == ()


def test_a_line_with_a_foreign_link_is_read_by_its_names() -> None:
    (entry,) = read_text("Queen - X https://youtu.be/abc").entries

    assert (entry.artist, entry.title, entry.track_id) == ("Queen", "X", "")


def test_names_beside_the_link_of_a_playlist_are_no_song() -> None:
    with pytest.raises(InvalidLinkError, match="a link to a playlist"):
        read_text(f"Road trip - summer https://open.spotify.com/playlist/{ID}")


def test_headings_among_songs_are_skipped_and_told() -> None:
    playlist = read_text("Side A\nQueen - X\nQueen - Y\n")

    assert len(playlist.entries) == 2
    assert playlist.skipped == ('line 1: expected "Artist - Title" or a Spotify track link, got "Side A"',)


@pytest.mark.parametrize(
    ("line", "title", "duration_ms"),
    [
        ("Queen Bohemian Rhapsody", "Queen Bohemian Rhapsody", None),
        ("Creep by Radiohead", "Creep by Radiohead", None),
        ("Bohemian Rhapsody", "Bohemian Rhapsody", None),
        ("Creep", "Creep", None),
        ("3. Queen Bohemian Rhapsody 5:55", "Queen Bohemian Rhapsody", 355_000),
        ("00:00 Queen Bohemian Rhapsody", "Queen Bohemian Rhapsody", None),
        ("Jay-Z 4:44", "Jay-Z 4:44", None),
        ("Wang Chung To Live And Die In L.A.", "Wang Chung To Live And Die In L.A.", None),
    ],
)
def test_names_without_a_dash_are_one_text(line: str, title: str, duration_ms: int | None) -> None:
    (entry,) = read_text(line).entries

    assert (entry.artist, entry.title, entry.duration_ms) == ("", title, duration_ms)


def test_a_line_that_says_by_is_a_song_among_others_too() -> None:
    playlist = read_text("Queen - X\nQueen - Y\nQueen - Z\nCreep by Radiohead\nSide B\n")

    assert [entry.title for entry in playlist.entries] == ["X", "Y", "Z", "Creep by Radiohead"]
    assert len(playlist.skipped) == 1


def test_prose_is_no_playlist() -> None:
    with pytest.raises(
        PlaylistFormatError, match="none of the 2 lines can be read as a track; line 1: "
    ) as caught:
        read_text("Dear diary, today was long.\nAnd it rained; so what.\n")

    assert "one a line" in caught.value.hint


def test_an_id_with_a_fault_is_told_apart_from_prose() -> None:
    with pytest.raises(InvalidTrackIdError, match=r"line 1: .* got 21"):
        read_text(ID[:-1])


def test_comments_alone_are_empty() -> None:
    with pytest.raises(EmptyPlaylistError):
        read_text("# Queen - X\n")


def test_controls_never_reach_an_entry() -> None:
    (entry,) = read_text("Que\x1b[31men - Bohemian\x07 Rhap\ud800sody\n").entries

    assert (entry.artist, entry.title) == ("Que[31men", "Bohemian Rhapsody")


def test_a_long_line_is_refused_by_its_beginning() -> None:
    with pytest.raises(PlaylistFormatError) as caught:
        read_text("x" + " " * 1_000_000 + "y")

    assert len(caught.value.message) < 200


def test_many_lines_are_no_trouble() -> None:
    text = "".join(f"{n}. Artist {n} - Title {n} 3:{n % 60:02}\n" for n in range(10_000))

    playlist = read_text(text)

    assert len(playlist.entries) == 10_000
    assert (playlist.entries[-1].artist, playlist.entries[-1].title) == ("Artist 9999", "Title 9999")


def test_split_named_finds_nothing_in_other_text() -> None:
    assert split_named("Hello") is None
    assert split_named("- -") is None
    assert split_named("") is None


def test_writes_lines_to_paste_into_spotify() -> None:
    first, second = make_track(1), make_track(2)

    assert write_uris([first, second, first]) == f"{first.uri}\n{second.uri}\n{first.uri}\n"
    assert write_uris([]) == ""
