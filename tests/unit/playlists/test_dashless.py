import textwrap

import pytest

from segue.errors import PlaylistFormatError
from segue.playlists.dashless import Loose, may_be_song
from segue.playlists.read import read_playlist

PROSE = (
    "It was a bright cold day in April and all the radios of the street played at once so that nobody could "
    "tell one tune from another and the children danced to whatever came loudest out of the open windows"
)
PAGE = "Bohemian Rhapsody\nQueen\nA Night at the Opera\n5:55\nCreep\nRadiohead\nPablo Honey\n3:58\n"
PROGRAM = "import os\nfor name in os.listdir(folder):\n    print(name)\n    done = True\n"


@pytest.mark.parametrize(
    "line",
    [
        "Creep",
        "Queen Bohemian Rhapsody",
        "What's Up?",
        "M.I.A. Paper Planes",
        "A.M.",
        "99 Problems",
        "夜に駆ける",
    ],
)
def test_short_names_may_be_songs(line: str) -> None:
    assert may_be_song(line)


@pytest.mark.parametrize(
    "line",
    [
        "1999",
        "Monday:",
        "Today I went to the shop,",
        "Dear diary, today was long.",
        "<p>Queen</p>",
        "name = value",
        "print(name)",
        "root:x:0:0",
        "/usr/bin/env",
        "a " * 13,
        "x" * 101,
    ],
)
def test_what_is_long_or_marked_up_is_no_song(line: str) -> None:
    assert not may_be_song(line.strip())


@pytest.mark.parametrize("text", [textwrap.fill(PROSE, 70), textwrap.fill(PROSE, 100), PROSE, PAGE, PROGRAM])
def test_texts_of_other_kinds_are_no_playlists(text: str) -> None:
    with pytest.raises(PlaylistFormatError, match='expected "Artist - Title" or a Spotify track link, got '):
        read_playlist(text.encode())


@pytest.mark.parametrize(
    ("dashed", "loose", "songs"), [(0, 1, True), (1, 1, True), (2, 1, False), (9, 4, False), (9, 5, True)]
)
def test_few_lines_among_songs_with_a_dash_are_headings(dashed: int, loose: int, *, songs: bool) -> None:
    lines = ["Queen - X"] * dashed + ["Side A"] * loose

    judged = Loose.among(lines, is_loose=lambda line: " - " not in line)

    assert judged.takes("Side A") is songs
    assert judged.takes("Creep by Radiohead")
