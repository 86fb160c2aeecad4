from contextlib import suppress

import pytest

from made_tracks import make_id, make_track
from segue.errors import EmptyPlaylistError, PlaylistFormatError, PlaylistTooLongError, SegueError
from segue.playlists.entries import MAX_ENTRIES
from segue.playlists.read import MAX_BYTES, find_format, read_playlist

ID = "4uLU6hMCjMI75M1A2tKUQC"


@pytest.mark.parametrize(
    ("text", "filename", "expected"),
    [
        (f"https://open.spotify.com/track/{ID}\n", "", "text"),
        (f"<https://open.spotify.com/track/{ID}>\n", "", "text"),
        (f"{ID},{ID}\n", "", "text"),
        ("Queen - X\n", "list.txt", "text"),
        ("[Intro] - X\n", "", "text"),
        ("Tyler, The Creator - X\nEarth, Wind & Fire - Y\n", "", "text"),
        ("Title,Artist\n", "", "csv"),
        ("Track URI\n", "", "csv"),
        (f"1;{ID}\n2;{ID}\n", "", "csv"),
        ("a;b;c\nd;e;f\n", "", "csv"),
        ("Queen,X\n", "list.CSV", "csv"),
        ("Queen\tX\n", "list.tsv", "csv"),
        ("#EXTM3U\n", "", "m3u"),
        ("#EXTINF:1,Queen - X\nx\n", "", "m3u"),
        ("a/b.mp3\nc/d.flac\n", "", "m3u"),
        ("a/b\n", "x.m3u8", "m3u"),
        ('<?xml version="1.0"?><playlist/>', "", "xspf"),
        ("<playlist/>", "list.txt", "xspf"),
        ('{"playlist": {"track": []}}', "", "jspf"),
        ('{"tracks": []}', "", "json"),
        (f'["{ID}"]', "", "json"),
        ("[\n]", "", "json"),
        ("{broken", "", None),
    ],
)
def test_content_decides_and_the_name_only_in_doubt(text: str, filename: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(PlaylistFormatError, match="the JSON is broken at line 1"):
            find_format(text, filename=filename)
    else:
        assert find_format(text, filename=filename) == expected


@pytest.mark.parametrize(
    "page", ["<!DOCTYPE html><html></html>", "\n<html lang='en'>", "<!-- saved -->\n<html>", "<div>x</div>"]
)
def test_a_web_page_is_refused_with_a_way_round(page: str) -> None:
    with pytest.raises(PlaylistFormatError, match="got a web page") as caught:
        read_playlist(page.encode())

    assert "Select them in Spotify, copy, and paste" in caught.value.hint


@pytest.mark.parametrize("data", [b"", b"  \r\n"])
def test_an_empty_file_is_empty(data: bytes) -> None:
    with pytest.raises(EmptyPlaylistError, match="the playlist is empty"):
        read_playlist(data, filename="list.csv")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_table_of_a_german_spreadsheet(encoding: str) -> None:
    text = "Künstler;Titel;Track ID\r\nBjörk;Jóga;" + ID + "\r\n"

    assert [entry.track_id for entry in read_playlist(text.encode(encoding)).entries] == [ID]


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("Road trip.csv", "Road trip"),
        ("lists/Road trip.txt", "Road trip"),
        (r"C:\lists\Road trip.m3u8", "Road trip"),
        ("-", ""),
        ("", ""),
    ],
)
def test_a_list_without_a_name_is_named_after_its_file(filename: str, expected: str) -> None:
    assert read_playlist(ID.encode(), filename=filename).name == expected


def test_its_own_name_comes_first() -> None:
    assert read_playlist(b"#EXTM3U\n#PLAYLIST:Mine\nA - B\n", filename="x.m3u").name == "Mine"


def test_ten_thousand_lines_are_no_trouble() -> None:
    data = "".join(f"{make_track(number).url}?si=0123456789abcdef\n" for number in range(10_000)).encode()

    playlist = read_playlist(data)

    assert [entry.track_id for entry in playlist.entries] == [make_id(number) for number in range(10_000)]


def test_more_entries_than_the_limit_are_refused() -> None:
    with pytest.raises(PlaylistTooLongError, match="expected at most 100,000 entries, got more") as caught:
        read_playlist(f"{ID}\n".encode() * (MAX_ENTRIES + 1))
    assert "(100,001 lines, 2,300,023 bytes)" in caught.value.message
    with pytest.raises(PlaylistTooLongError, match="at most 20,000,000 bytes, got 20,000,001"):
        read_playlist(b"a" * (MAX_BYTES + 1))


@pytest.mark.parametrize(
    "data",
    [
        b"a" + b" " * 1_000_000 + b"b",
        b"," * 1_000_000,
        b'"' * 1_000_000,
        b"- " * 500_000,
        b"https://" * 100_000,
        b"spotify:a" * 100_000,
        b"https://open.spotify.com/track/" + b"a" * 1_000_000,
        b"#EXTM3U\n#EXTINF:1" + b" " * 1_000_000 + b"x\nfoo" + b" " * 1_000_000 + b"x.mp3",
        b"<a>" * 300_000,
        b"Track URI" + b",a" * 500_000,
        b"9" * 1_000_000 + b":00",
    ],
    ids=range(11),
)
def test_crafted_files_are_answered_soon(data: bytes) -> None:
    # With a pattern that backtracks, each of these takes hours: that they end at all is the test.
    with suppress(SegueError):
        read_playlist(data)
