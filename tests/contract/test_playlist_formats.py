"""What every format that we write owes: it is read back, in order, with all that it carries."""

from dataclasses import dataclass

import pytest

from made_tracks import make_track
from segue.errors import EmptyPlaylistError
from segue.playlists.cleaning import duration_of, join_artists
from segue.playlists.read import FORMATS, read_playlist, write_playlist
from segue.text.song_keys import split_artists
from segue.text.strings import clean, one_line
from segue.types import Track


@dataclass(frozen=True)
class Carries:
    """What a format can say of a track besides its id."""

    names: bool = True
    isrc: bool = True
    breaks: bool = True  # line breaks inside a title
    milliseconds: bool = True
    own_name: bool = True


CARRIES = {
    "csv": Carries(own_name=False),
    "m3u8": Carries(isrc=False, breaks=False, milliseconds=False),
    "xspf": Carries(),
    "jspf": Carries(),
    "json": Carries(own_name=True, milliseconds=True),
    "uris": Carries(names=False, isrc=False, own_name=False),
}
TITLES = (
    "Plain", "A - B", "- ", "Fish & Chips <b>", 'Say "hi", he; said|', "'Heroes'", "''", "Two\nlines",
    "A\r\nB\rC\tD",
    "#1 Crush", "#EXTINF:1,X", "=1+1", "'=1+1", "+", "-5", "@home", "]]>", "&amp;", "1. Song", "3:45",
    "4:44 (3:45)",
    "https://youtu.be/x", "spotify:track:4uLU6hMCjMI75M1A2tKUQC", "Ünïcödé 音楽 🎵 \u202eabc",
    "A\u2028B\x85",
    "\x1b[31mred", "x" * 5_000, "GBUM71029604", "\\", "null", "[x]", "{x}", "",
)  # fmt: skip
ARTISTS = (
    ("Queen",), ("Queen", "David Bowie"), ("Tyler, The Creator", "Kali Uchis"), ("A - B",), ("=A",
    "@B"), (),
    ("#A",), ("Earth, Wind & Fire",), ("AC/DC",),
)  # fmt: skip


def tracks() -> list[Track]:
    titled = [make_track(number, name=title) for number, title in enumerate(TITLES)]
    by = [make_track(100 + number, artists=artists) for number, artists in enumerate(ARTISTS)]
    bare = make_track(200, album="", isrc="", release_date="", popularity=None, genre="", features={})
    odd = make_track(201, album="=\nA & B", genre='"', features={"duration_ms": 1_234.0})
    return [*titled, *by, bare, odd, titled[0], titled[0]]


@pytest.mark.parametrize("fmt", FORMATS)
class TestFormat:
    def test_there_is_a_contract_for_it(self, fmt: str) -> None:
        assert fmt in CARRIES

    def test_ids_come_back_in_order_with_duplicates(self, fmt: str) -> None:
        given = tracks()

        read = read_playlist(write_playlist(given, fmt, name="N").encode())

        assert [entry.track_id for entry in read.entries] == [track.track_id for track in given]
        assert read.skipped == ()

    def test_names_come_back(self, fmt: str) -> None:
        if not CARRIES[fmt].names:
            pytest.skip(f"{fmt} carries only ids")
        written = one_line if not CARRIES[fmt].breaks else clean
        given = tracks()

        read = read_playlist(write_playlist(given, fmt).encode())

        assert [entry.title for entry in read.entries] == [written(track.name) for track in given]
        assert [entry.album for entry in read.entries] == [written(track.album) for track in given]
        assert [entry.artist for entry in read.entries] == [join_artists(track.artists) for track in given]

    def test_artists_come_apart_again(self, fmt: str) -> None:
        if not CARRIES[fmt].names:
            pytest.skip(f"{fmt} carries only ids")
        given = [make_track(number, artists=artists) for number, artists in enumerate(ARTISTS)]

        read = read_playlist(write_playlist(given, fmt).encode())

        assert [split_artists(entry.artist) for entry in read.entries] == list(ARTISTS)

    def test_lengths_come_back(self, fmt: str) -> None:
        if not CARRIES[fmt].names:
            pytest.skip(f"{fmt} carries only ids")
        given = tracks()

        read = read_playlist(write_playlist(given, fmt).encode())

        for entry, track in zip(read.entries, given, strict=True):
            length = duration_of(track)
            if length is None or CARRIES[fmt].milliseconds:
                assert entry.duration_ms == length
            else:
                assert entry.duration_ms == max(1, round(length / 1000)) * 1000

    def test_isrcs_come_back(self, fmt: str) -> None:
        given = tracks()

        read = read_playlist(write_playlist(given, fmt).encode())

        expected = [track.isrc if CARRIES[fmt].isrc else "" for track in given]
        assert [entry.isrc for entry in read.entries] == expected

    @pytest.mark.parametrize("name", ["Road trip", 'A "b" & <c>, #1', "Two\nlines", ""])
    def test_its_name_comes_back(self, fmt: str, name: str) -> None:
        read = read_playlist(write_playlist([make_track(1)], fmt, name=name).encode())

        expected = (clean(name) if CARRIES[fmt].breaks else one_line(name)) if CARRIES[fmt].own_name else ""
        assert read.name == expected

    def test_the_name_of_the_file_does_not_mislead(self, fmt: str) -> None:
        given = tracks()

        for filename in ("x.txt", f"x{FORMATS[fmt].endings[0]}"):
            read = read_playlist(write_playlist(given, fmt).encode(), filename=filename)
            assert len(read.entries) == len(given)

    def test_windows_line_ends_and_byte_order_marks_change_nothing(self, fmt: str) -> None:
        given = [make_track(1), make_track(2)]
        text = write_playlist(given, fmt, name="N")

        for data in (
            text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8-sig"),
            text.encode("utf-16"),
        ):
            assert [entry.track_id for entry in read_playlist(data).entries] == [t.track_id for t in given]

    def test_nothing_is_written_as_an_empty_playlist(self, fmt: str) -> None:
        with pytest.raises(EmptyPlaylistError):
            read_playlist(write_playlist([], fmt).encode())


def test_links_for_spotify_leave_out_other_ids_and_say_how_many() -> None:
    given = [make_track(1), make_track(2, track_id="isrc:GBUM71029604"), make_track(3, track_id="radio:7")]

    text = write_playlist(given, "uris")

    assert text.splitlines() == [given[0].uri, "# 2 songs without a Spotify id left out"]
    assert [entry.track_id for entry in read_playlist(text.encode()).entries] == [given[0].track_id]


def test_lines_of_namespaced_ids_are_entries() -> None:
    uuid = "5b11f4ce-a62d-471e-81fc-a69a8278c7da"
    text = f"mbid:{uuid}\nisrc:GBUM71029604\nradio:4711\nradio:4712\n"

    read = read_playlist(text.encode())

    ids = [f"mbid:{uuid}", "isrc:GBUM71029604", "radio:4711", "radio:4712"]
    assert [entry.track_id for entry in read.entries] == ids
    assert [entry.isrc for entry in read.entries] == ["", "GBUM71029604", "", ""]
