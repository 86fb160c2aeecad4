"""One rule for lengths, in lists and on import."""

import pytest

from segue.catalogue.import_.parsers import PARSERS
from segue.playlists.columns import Columns
from segue.text.durations import read_duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [("15000", 15_000), ("10000", 10_000), ("9999", 9_999_000), ("225", 225_000), ("3:45", 225_000)],
)
def test_a_list_and_an_import_read_the_same_length(text: str, expected: int) -> None:
    assert read_duration(text) == expected
    assert Columns.find(["duration"]).record([text]).duration_ms == expected
    assert PARSERS["duration"](text) == expected


def test_minutes_are_read_in_both() -> None:
    assert Columns.find(["Duration (min)"]).record(["3.5"]).duration_ms == 210_000
    assert PARSERS["duration_min"]("3.5") == 210_000
