from typing import Literal

import pytest

from made_tracks import make_track
from segue.playlists.cleaning import count, duration_of, iter_lines, join_artists, listed
from segue.text.durations import read_duration
from segue.text.isrc import find_isrc
from segue.text.strings import clean, show, squeeze


def test_clean_keeps_line_breaks_and_drops_controls() -> None:
    assert clean("\ufeff A\nB\tC\x1b[0m\x00\x85\ud800 \u2028") == "A\nB\tC[0m"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("3:45", "", 225_000),
        ("1:02:03", "", 3_723_000),
        ("225", "", 225_000),
        ("225000", "", 225_000),
        (225_000, "ms", 225_000),
        ("225.4", "s", 225_400),
        (225.4, "s", 225_400),
        ("500", "ms", 500),
        ("0", "ms", None),
        ("-1", "s", None),
        ("", "", None),
        ("long", "", None),
        (None, "", None),
        (float("nan"), "ms", None),
        (float("inf"), "ms", None),
        (10**30, "ms", None),
        (86_400_001, "ms", None),
        ("٣:٤٥", "", None),
    ],
)
def test_reads_lengths(value: object, unit: Literal["ms", "s", "min", ""], expected: int | None) -> None:
    assert read_duration(value, unit=unit) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GBUM71029604", "GBUM71029604"),
        ("gb-um7-10-29604", "GBUM71029604"),
        ("urn:isrc:GBUM71029604", "GBUM71029604"),
        ("isrc:GBUM71029604", "GBUM71029604"),
        ("ISRC: GBUM71029604", "GBUM71029604"),
        ("https://musicbrainz.org/isrc/GBUM71029604", "GBUM71029604"),
        ("GBUM7102960", ""),
        ("1BUM71029604", ""),
        ("", ""),
    ],
)
def test_finds_isrcs(text: str, expected: str) -> None:
    assert find_isrc(text) == expected


def test_joins_artists_so_that_they_come_apart_again() -> None:
    assert join_artists(["A", "B"]) == "A, B"
    assert join_artists(["Tyler, The Creator"]) == "Tyler, The Creator"
    assert join_artists(["Tyler, The Creator", "B"]) == "Tyler, The Creator; B"
    assert join_artists(["A\nB", " ", ""]) == "A B"
    assert join_artists([]) == ""


def test_lines_end_where_an_editor_ends_them() -> None:
    assert list(iter_lines("a\r\nb\rc\u2028d\n\n e ")) == [(1, "a"), (2, "b"), (3, "c\u2028d"), (5, "e")]


def test_duration_of_a_track_that_has_none() -> None:
    assert duration_of(make_track(1)) == 215_000
    assert duration_of(make_track(1, features={})) is None
    assert duration_of(make_track(1, features={"duration_ms": float("nan")})) is None


def test_texts_for_messages() -> None:
    assert show("a\nb") == '"a b"'
    assert show('say "x"') == "'say \"x\"'"
    assert show("x" * 100, longest=5) == '"xxxx…"'
    assert count(1, "line") == "1 line"
    assert count(2000, "entry", "entries") == "2,000 entries"
    assert listed(["a", "b", "c"], longest=2) == '"a", "b" and 1 more'
    assert squeeze("a  b \t c\td") == "a b\tc\td"
