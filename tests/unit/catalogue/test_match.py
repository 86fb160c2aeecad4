"""Finding what a line of a playlist means: real names, and the ways in which people write them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from made_tracks import make_id, make_track
from segue.catalogue.match import ACCEPTED, Matcher, match_playlist, name_index
from segue.catalogue.store import Catalogue
from segue.types import Match, Playlist, TrackReference

SONGS: list[tuple[str, tuple[str, ...], str, int, int]] = [  # title, artists, album, popularity, seconds
    ("Crazy In Love (feat. JAY-Z)", ("Beyoncé", "JAY-Z"), "Dangerously In Love", 80, 236),
    ("Jóga", ("Björk",), "Homogenic", 60, 305),
    ("Hoppípolla", ("Sigur Rós",), "Takk...", 58, 268),
    ("Bohemian Rhapsody - Remastered 2011", ("Queen",), "A Night At The Opera", 82, 354),
    ("Bohemian Rhapsody", ("Queen",), "Greatest Hits", 70, 355),
    ("Bohemian Rhapsody - Live Aid", ("Queen",), "Bohemian Rhapsody OST", 65, 148),
    ("Under Pressure - Remastered 2011", ("Queen", "David Bowie"), "Hot Space", 81, 248),
    ("The Sound of Silence", ("Simon & Garfunkel",), "Sounds of Silence", 75, 185),
    ("Help! - Remastered 2009", ("The Beatles",), "Help!", 72, 139),
    ("残響散歌", ("Aimer",), "残響散歌", 66, 184),
    ("Кукушка", ("Кино",), "Чёрный альбом", 55, 399),
    ("Группа крови", ("Кино",), "Группа крови", 60, 286),
    ("Don’t Stop Me Now", ("Queen",), "Jazz", 85, 209),
    ("September", ("Earth, Wind & Fire",), "Greatest Hits", 83, 215),
    ("See You Again", ("Tyler, The Creator", "Kali Uchis"), "Flower Boy", 84, 180),
    ("TiK ToK", ("Kesha",), "Animal", 79, 199),
    ("Everybody Hurts", ("R.E.M.",), "Automatic For The People", 71, 320),
    ("Another Brick in the Wall, Pt. 2", ("Pink Floyd",), "The Wall", 77, 238),
    ("Another Brick in the Wall, Pt. 1", ("Pink Floyd",), "The Wall", 60, 191),
    ("Enter Sandman", ("Metallica",), "Metallica", 81, 331),
    ("Hello", ("Adele",), "25", 76, 295),
    ("Hello", ("Lionel Richie",), "Can't Slow Down", 70, 251),
    ("Ó", ("Ólafur Arnalds",), "Island Songs", 30, 200),
    ("Blinding Lights", ("The Weeknd",), "After Hours", 92, 200),
    ("Sweet Child O' Mine", ("Guns N' Roses",), "Appetite For Destruction", 84, 356),
    ("Despacito", ("Luis Fonsi", "Daddy Yankee"), "VIDA", 83, 229),
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with Catalogue.create(tmp_path_factory.mktemp("match") / "catalogue.sqlite") as made:
        made.upsert(
            make_track(
                number, name=title, artists=artists, album=album, popularity=popularity,
                features={"duration_ms": seconds * 1000}, isrc=f"GBUM7{number:07d}",
            )
            for number, (title, artists, album, popularity, seconds) in enumerate(SONGS)
        )  # fmt: skip
        yield made


def match_one(catalogue: Catalogue, reference: TrackReference) -> Match:
    (match,) = match_playlist(catalogue, Playlist((reference,)))
    assert match.reference == reference
    assert 0 <= match.confidence <= 1
    assert (match.track is not None) == (match.confidence >= ACCEPTED)
    return match


@pytest.mark.parametrize(
    ("artist", "title", "expected"),
    [
        ("Beyonce", "Crazy in Love", 0),
        ("beyoncé ft. Jay-Z", "crazy in love", 0),
        ("BEYONCÉ & JAY-Z", "Crazy In Love (Live at Wembley)", 0),
        ("Jay-Z", "Crazy In Love", 0),
        ("Bjork", "Joga", 1),
        ("Sigur Ros", "Hoppipolla", 2),
        ("Sigur Rós", "Hoppípolla - 2015 Remaster", 2),
        ("Queen", "Bohemian Rhapsody (Remastered 2011)", 3),
        ("Queen", "Bohemian Rhapsody", 4),
        ("Queen", "Bohemian Rhapsody - Live Aid", 5),
        ("Queen & David Bowie", "Under Pressure", 6),
        ("David Bowie, Queen", "Under Pressure (feat. David Bowie)", 6),
        ("Simon and Garfunkel", "Sound of Silence", 7),
        ("Simon & Garfunkel", "The Sound of Silence - Electric Version", 7),
        ("Beatles", "Help", 8),
        ("Aimer", "残響散歌", 9),
        ("Кино", "кукушка", 10),
        ("КИНО", "Группа Крови", 11),
        ("Queen", "Don't Stop Me Now", 12),
        ("queen", "dont stop me now", 12),
        ("Earth, Wind & Fire", "September", 13),
        ("Earth Wind and Fire", "September", 13),
        ("Tyler, The Creator", "See You Again (feat. Kali Uchis)", 14),
        ("Tyler The Creator", "See You Again", 14),
        ("Ke$ha", "Tik Tok", 15),
        ("REM", "Everybody Hurts", 16),
        ("Pink Floyd", "Another Brick in the Wall, Part 2", 17),
        ("Pink Floyd", "Another Brick in the Wall Pt 1", 18),
        ("Metalica", "Enter Sandman", 19),
        ("Metallica", "Enter Sandmann", 19),
        ("Metalica", "Enter Sadman", 19),
        ("Enter Sandman", "Metallica", 19),
        ("Adele", "Hello", 20),
        ("Lionel Ritchie", "Hello", 21),
        ("Olafur Arnalds", "O", 22),
        ("Weeknd", "Blinding Lights", 23),
        ("Weekend", "Blinding Lights", 23),
        ("Guns 'n' Roses", "Sweet Child of Mine", 24),
        ("Guns N' Roses", "Sweet Child O Mine", 24),
        ("Luis Fonsi feat. Daddy Yankee", "Despacito (Remix)", 25),
        ("", "Metallica Enter Sandman", 19),
        ("", "Blinding Lights by The Weeknd", 23),
        ("", "Another Brick in the Wall, Pt. 2", 17),
    ],
)
def test_it_is_found(catalogue: Catalogue, artist: str, title: str, expected: int) -> None:
    match = match_one(catalogue, TrackReference(artist=artist, title=title))
    assert match.track is not None, match.closest
    assert match.track.track_id == make_id(expected)
    assert match.method in {"name", "fuzzy"}


@pytest.mark.parametrize(
    ("artist", "title", "closest"),
    [
        ("Queen", "Innuendo", None),
        ("Pink Floyd", "Another Brick in the Wall, Pt. 3", 17),
        ("Kesha", "Crazy In Love", 0),
        ("Björk", "Army of Me", None),
        ("", "Hello", 20),
        ("", "September", 13),
        ("", "Help", 8),
        ("Nobody at all", "Xyzzy plugh", None),
        ("", "!!!", None),
    ],
)
def test_it_is_not_taken(catalogue: Catalogue, artist: str, title: str, closest: int | None) -> None:
    match = match_one(catalogue, TrackReference(artist=artist, title=title))
    assert (match.track, match.confidence, match.method) == (None, 0.0, "none")
    assert len(match.closest) <= 3
    assert [score for _, score in match.closest] == sorted((s for _, s in match.closest), reverse=True)
    assert all(score < ACCEPTED for _, score in match.closest)
    if closest is not None:
        assert match.closest[0][0].track_id == make_id(closest)


@pytest.mark.parametrize(
    ("artist", "title", "expected"),
    [
        ("Kino", "Gruppa krovi", 11),
        ("Queen", "Don't Stop Me Now (Official Video)", 12),
        ("Adele", "Hello (2015)", 20),
        ("Pink Floyd", "Another Brick in the Wall (Part II)", 17),
        ("Kali Uchis", "See You Again", 14),
        ("Kesha", "TikTok", 15),
        ("GNR", "Sweet Child O' Mine", 24),
        ("", "Hello, Adele", 20),
        ("", "Enter Sandman Metallica", 19),
        ("QueenVEVO", "Queen - Don't Stop Me Now", 12),
        ("Aimer - Topic", "残響散歌", 9),
        ("Metallica", "07 - Enter Sandman", 19),
    ],
)
def test_it_is_found_as_people_write_it(catalogue: Catalogue, artist: str, title: str, expected: int) -> None:
    match = match_one(catalogue, TrackReference(artist=artist, title=title))
    assert match.track is not None, match.closest
    assert match.track.track_id == make_id(expected)


def test_album_or_length_decide_whose_song_a_title_is(catalogue: Catalogue) -> None:
    by_album = match_one(catalogue, TrackReference(title="Hello", album="Can't Slow Down"))
    by_length = match_one(catalogue, TrackReference(title="Hello", duration_ms=295_500))
    assert by_album.track is not None
    assert by_album.track.artists == ("Lionel Richie",)
    assert by_length.track is not None
    assert by_length.track.artists == ("Adele",)
    assert by_album.is_doubtful
    assert by_length.is_doubtful


def test_the_closest_are_given_for_any_entry(catalogue: Catalogue) -> None:
    matcher = Matcher(catalogue)
    closest = matcher.closest(TrackReference(artist="Adele", title="Hello"), 2)
    assert [track.artists[0] for track, _ in closest] == ["Adele", "Lionel Richie"]
    assert closest[0][1] >= ACCEPTED > closest[1][1]
    assert matcher.closest(TrackReference()) == ()


def test_what_differs_is_doubtful(catalogue: Catalogue) -> None:
    assert not match_one(catalogue, TrackReference(artist="Adele", title="Hello")).is_doubtful
    assert match_one(catalogue, TrackReference(artist="Metallica", title="Enter Sadman")).is_doubtful
    assert not match_one(catalogue, TrackReference(artist="x", title="y")).is_doubtful


def test_another_song_is_not_the_original(tmp_path: Path) -> None:
    with Catalogue.create(tmp_path / "covers.sqlite") as made:
        made.upsert(
            [
                make_track(
                    0, name="Jai Ho! (You Are My Destiny)", artists=("A.R. Rahman", "The Pussycat Dolls")
                ),
                make_track(1, name="Believer", artists=("Imagine Dragons",)),
                make_track(2, name="C.R.E.A.M. (Cash Rules Everything Around Me)", artists=("Wu-Tang Clan",)),
            ]
        )
        assert match_one(made, TrackReference(artist="A.R. Rahman", title="Jai Ho")).track is None
        assert match_one(made, TrackReference(artist="Wu-Tang Clan", title="CREAM")).track is not None


def test_names_are_kept_beside_the_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.sqlite"
    entry = TrackReference(artist="Adele", title="Hello")
    with Catalogue.create(path) as made:
        made.upsert([make_track(0, name="Hello", artists=("Adele",))])
        assert match_one(made, entry).track is not None

    def fail(*_: object) -> None:
        raise AssertionError("the names are read again")

    monkeypatch.setattr(name_index._Builder, "add", fail)
    with Catalogue.open(path) as again:
        assert match_one(again, entry).track is not None


def test_ids_and_isrcs_go_first(catalogue: Catalogue) -> None:
    by_id = match_one(
        catalogue, TrackReference(track_id=make_id(3), isrc="GBUM70000001", title="Jóga", artist="x")
    )
    assert by_id.track is not None
    assert (by_id.track.track_id, by_id.confidence, by_id.method) == (make_id(3), 1.0, "id")
    by_isrc = match_one(
        catalogue, TrackReference(track_id=make_id(999), isrc="gb-um7-00-00001", title="Help!")
    )
    assert by_isrc.track is not None
    assert (by_isrc.track.track_id, by_isrc.confidence, by_isrc.method) == (make_id(1), 0.98, "isrc")
    by_name = match_one(
        catalogue,
        TrackReference(track_id=make_id(999), isrc="GBUM79999999", title="Help!", artist="The Beatles"),
    )
    assert by_name.track is not None
    assert (by_name.track.track_id, by_name.method) == (make_id(8), "name")


def test_the_version_that_is_meant(catalogue: Catalogue) -> None:
    def pick(**more: object) -> str:
        wanted = TrackReference(artist="Queen", title="Bohemian Rhapsody", **more)  # type: ignore[arg-type]
        match = match_one(catalogue, wanted)
        assert match.track is not None
        return match.track.track_id

    assert pick() == make_id(4)
    assert pick(album="A Night at the Opera (2011 Remaster)", duration_ms=354_000) == make_id(3)
    assert pick(album="Greatest Hits", duration_ms=355_000) == make_id(4)
    assert pick(duration_ms=148_000) == make_id(5)


def test_another_length_lowers_the_confidence(catalogue: Catalogue) -> None:
    near = match_one(catalogue, TrackReference(artist="Adele", title="Hello", duration_ms=296_000))
    far = match_one(catalogue, TrackReference(artist="Adele", title="Hello", duration_ms=400_000))
    assert near.confidence > far.confidence >= ACCEPTED


def test_the_order_and_repeats_of_a_playlist_stay(catalogue: Catalogue) -> None:
    entries = tuple(
        TrackReference(title=title, artist=artist)
        for artist, title in [("Adele", "Hello"), ("x", "y"), ("Queen", "Innuendo"), ("Adele", "Hello")]
    )
    matches = match_playlist(catalogue, Playlist(entries))
    assert [match.reference for match in matches] == list(entries)
    assert matches[0] == matches[3]
    assert match_playlist(catalogue, Playlist(())) == []


def test_odd_references(catalogue: Catalogue) -> None:
    for reference in (
        TrackReference(),
        TrackReference(title=" "),
        TrackReference(artist="Queen"),
        TrackReference(title="(" * 3_000, artist="[" * 3_000),
        TrackReference(title="a - " * 2_000 + "live"),
        TrackReference(title='" OR * NEAR(', artist="search:"),
        TrackReference(title="\x00\ud800\U0001f3b5", artist="\u202e"),
        TrackReference(track_id="'; DROP TABLE tracks", isrc="x" * 10_000),
        TrackReference(title="word " * 2_000, artist="the " * 2_000),
    ):
        assert match_one(catalogue, reference).track is None


def test_ten_thousand_lines(catalogue: Catalogue) -> None:
    entries = tuple(
        TrackReference(
            title=f"{SONGS[n % len(SONGS)][0]} {n if n % 2 else ''}", artist=SONGS[n % len(SONGS)][1][0]
        )
        for n in range(10_000)
    )
    matches = match_playlist(catalogue, Playlist(entries))
    assert len(matches) == 10_000
    assert sum(match.track is not None for match in matches) >= 5_000


def test_an_empty_catalogue(tmp_path: Path) -> None:
    with Catalogue.create(tmp_path / "empty.sqlite") as empty:
        assert match_one(empty, TrackReference(title="Hello", artist="Adele")).track is None
