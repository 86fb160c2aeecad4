"""Playlists, whatever is in them: what is written comes back, and no input does worse than a SegueError."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from made_tracks import make_id
from segue.errors import InputError, SegueError
from segue.ids import is_namespaced_id
from segue.playlists.cleaning import duration_of, join_artists
from segue.playlists.csv import guard, read_csv, unguard
from segue.playlists.json import read_json
from segue.playlists.jspf import read_jspf
from segue.playlists.links import read_links
from segue.playlists.m3u import read_m3u
from segue.playlists.paths import is_audio_path
from segue.playlists.read import FORMATS, find_format, read_playlist, write_playlist
from segue.playlists.text import read_text
from segue.playlists.xspf import read_xspf
from segue.text.links import find_collection, parse_link
from segue.text.strings import clean, one_line
from segue.types import Playlist, Track

READERS: tuple[Callable[[str], Playlist], ...] = (
    read_links, read_text, read_csv, read_m3u, read_xspf, read_jspf, read_json,
)  # fmt: skip
ID = "4uLU6hMCjMI75M1A2tKUQC"
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy

# U+FFFE and U+FFFF are in no XML; a semicolon parts artists in CSV.
any_text = st.text(st.characters(exclude_characters="\ufffe\uffff"), max_size=40)
titles = any_text | st.lists(
    st.sampled_from([" - ", "\n", "\r", '"', "'", "=", "#", ",", ";", "&", "<", "]]>", "x", "3:45"]),
    max_size=8,
).map("".join)
artist_names = st.text(
    st.characters(exclude_characters="\ufffe\uffff;\\", exclude_categories=["Cc", "Cs"]), max_size=20
).filter(lambda name: one_line(name) == name and name != "")
durations = st.none() | st.integers(1, 86_400_000)
tracks = st.builds(
    lambda number, name, artists, album, duration: Track(
        track_id=make_id(number),
        name=name,
        artists=tuple(artists),
        album=album,
        isrc=f"GBUM7{number % 10_000_000:07d}",
        features={} if duration is None else {"duration_ms": float(duration)},
    ),
    number=st.integers(0, 62**21),
    name=titles,
    artists=st.lists(artist_names, max_size=3),
    album=titles,
    duration=durations,
)

# An id that ends like a sound file says a title of its own in M3U, where there is no other.
schemes = st.from_regex(r"[a-z][a-z0-9]{1,9}", fullmatch=True)
values = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
namespaced = (
    st.builds(lambda scheme, value: f"{scheme}:{value}", schemes | st.just("file"), values)
    | st.integers(0, 9_999_999).map(lambda number: f"isrc:GBUM7{number:07d}")
    | st.uuids().map(lambda value: f"mbid:{value}")
).filter(lambda text: is_namespaced_id(text) and not is_audio_path(text))


fragments = st.sampled_from(
    [
        ID, f"https://open.spotify.com/track/{ID}", f"spotify:track:{ID}", "spotify:track:",
        "spotify:local:a:b:c:1",
        "https://", "Queen - Innuendo", " - ", "\n", "\r\n", "\r", "\t", ",", ";", "|", '"', "'", "#",
        "#EXTM3U\n",
        "#EXTINF:", "#EXTINF:1,", "#PLAYLIST:", "#EXT-X-", "sep=;\n", "Track URI", "Track Name",
        "Artist Name(s)",
        "ISRC", "Duration (ms)", "<", ">", "</", "<playlist>", "</playlist>", "<trackList>",
        "</trackList>", "<track>",
        "</track>", "<title>", "</title>", "&a;", "<!DOCTYPE a>", "<?xml?>", "{", "}", "[", "]", ":",
        "null", "1e999",
        '{"playlist": {"track": [', ']}}', '{"tracks": [', '"identifier": ', "NaN", "3:45", "\x00",
        "\ufeff", "\ud800",
        "%", "%00", "?uri=spotify:track:", "album/x?highlight=spotify:", "01 ", "(", ")", "**", "“",
        "C:\\a\\b.mp3",
    ]
)  # fmt: skip
structured = st.lists(fragments | st.text(max_size=5), max_size=25).map("".join)
filenames = st.sampled_from(
    ["", "-", "a.csv", "a.m3u8", "a.xspf", "a.jspf", "a.json", "a.txt", "b\\c.tsv", "\x00"]
)
encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1"])


@pytest.mark.parametrize("fmt", FORMATS)
@calm
@given(given_tracks=st.lists(tracks, min_size=1, max_size=5), name=titles)
def test_what_is_written_comes_back(fmt: str, given_tracks: list[Track], name: str) -> None:
    text = write_playlist(given_tracks, fmt, name=name)

    read = read_playlist(text.encode())

    written = one_line if fmt == "m3u8" else clean
    assert [entry.track_id for entry in read.entries] == [track.track_id for track in given_tracks]
    if fmt != "uris":
        assert [entry.title for entry in read.entries] == [written(track.name) for track in given_tracks]
        assert [entry.album for entry in read.entries] == [written(track.album) for track in given_tracks]
        assert [e.artist for e in read.entries] == [join_artists(track.artists) for track in given_tracks]
    if fmt not in ("uris", "m3u8"):
        assert [entry.isrc for entry in read.entries] == [track.isrc for track in given_tracks]
        assert [entry.duration_ms for entry in read.entries] == [duration_of(t) for t in given_tracks]
    if fmt not in ("uris", "csv"):
        assert read.name == written(name)


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if fmt != "uris"])
@calm
@given(ids=st.lists(namespaced, min_size=1, max_size=4), of_spotify=tracks)
def test_namespaced_ids_come_back(fmt: str, ids: list[str], of_spotify: Track) -> None:
    given_tracks = [of_spotify, *(Track(track_id, "Title", ("Artist",)) for track_id in ids)]

    read = read_playlist(write_playlist(given_tracks, fmt).encode())

    assert [entry.track_id for entry in read.entries] == [track.track_id for track in given_tracks]
    assert [entry.title for entry in read.entries[1:]] == ["Title"] * len(ids)


@calm
@given(data=st.binary(max_size=300), filename=filenames)
@example(data=b"\xff\xfe\x00", filename="")
@example(data=b"\xff\xfe\x00\x00\x00", filename="")
def test_any_bytes_do_no_worse_than_our_own_error(data: bytes, filename: str) -> None:
    with suppress(SegueError):
        read_playlist(data, filename=filename)


@settings(calm, max_examples=5 * calm.max_examples)
@given(text=structured, encoding=encodings, filename=filenames)
def test_any_near_playlist_does_no_worse_than_our_own_error(text: str, encoding: str, filename: str) -> None:
    data = text.encode(encoding, errors="replace")

    with suppress(SegueError):
        playlist = read_playlist(data, filename=filename)
        assert playlist.entries
        assert all(str(entry) and entry.source for entry in playlist.entries)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@calm
@given(text=structured | st.text(max_size=200))
def test_every_reader_alone_does_no_worse_than_an_input_error(
    reader: Callable[[str], Playlist], text: str
) -> None:
    with suppress(InputError):
        reader(text)


@calm
@given(text=structured | st.text(max_size=100), filename=filenames)
def test_links_and_formats_of_any_text(text: str, filename: str) -> None:
    found = find_collection(text)
    assert found is None or parse_link(found.uri) == found
    with suppress(InputError):
        assert parse_link(text).kind
    with suppress(InputError):
        assert find_format(text, filename=filename)


@calm
@given(numbers=st.lists(st.integers(0, 62**22 - 1), min_size=1, max_size=30), data=st.data())
def test_links_come_back_in_any_shape(numbers: list[int], data: st.DataObject) -> None:
    shapes = (
        "{}",
        "spotify:track:{}",
        "https://open.spotify.com/track/{}?si=1",
        "1. open.spotify.com/track/{}",
    )
    ids = [track_id for track_id in map(make_id, numbers) if not track_id.startswith("37i9dQZ")]
    lines = [data.draw(st.sampled_from(shapes)).format(track_id) for track_id in ids]

    if ids:
        assert [e.track_id for e in read_playlist("\n".join(lines).encode()).entries] == ids


@calm
@given(cell=st.text(st.sampled_from("'=+-@\t\rab＝ \n"), max_size=8) | st.text(max_size=20))
def test_guarded_cells_come_back_and_are_no_formula(cell: str) -> None:
    guarded = guard(cell)

    assert unguard(guarded) == cell
    assert len(guarded) <= 1 or guarded[0] not in "=+-@\t\r＝＋－＠"
