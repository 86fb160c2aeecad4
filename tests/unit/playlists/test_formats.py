import pytest

from made_tracks import make_track
from segue.errors import PlaylistFormatError
from segue.playlists.read import FORMATS, format_of, get_format, write_playlist


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("a.csv", "csv"),
        ("a/b.M3U8", "m3u8"),
        ("a.m3u", "m3u8"),
        ("a.xspf", "xspf"),
        ("a.jspf", "jspf"),
        ("a.json", "json"),
        ("a.b.txt", "uris"),
    ],
)
def test_the_ending_names_the_format(filename: str, expected: str) -> None:
    assert format_of(filename) == expected


@pytest.mark.parametrize("filename", ["a.pdf", "csv", "", ".csv"])
def test_other_endings_are_refused_and_the_hint_lists_ours(filename: str) -> None:
    with pytest.raises(PlaylistFormatError, match="names no format") as caught:
        format_of(filename)

    assert all(ending in caught.value.hint for one in FORMATS.values() for ending in one.endings)


def test_an_unknown_format_is_refused_and_the_hint_lists_ours() -> None:
    with pytest.raises(PlaylistFormatError, match='unknown format "pdf"') as caught:
        write_playlist([make_track(1)], "pdf")

    assert all(name in caught.value.hint for name in FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_found_by_its_usual_ending(name: str) -> None:
    assert format_of(f"x{get_format(name.upper()).endings[0]}") == name
