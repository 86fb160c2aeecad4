"""One table of names of columns, of which lists and catalogues have a view each."""

import pytest

from segue.catalogue.import_.columns import find_field
from segue.playlists.columns import Columns
from segue.text.column_names import CATALOGUE_COLUMNS, LIST_COLUMNS


def test_no_name_stands_for_two_fields() -> None:
    for view in (CATALOGUE_COLUMNS, LIST_COLUMNS):
        keys = [key for several in view.values() for key in several]
        assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("field", sorted(LIST_COLUMNS.keys() & CATALOGUE_COLUMNS.keys()))
def test_a_list_knows_every_name_that_a_catalogue_knows(field: str) -> None:
    for key in CATALOGUE_COLUMNS[field]:
        assert find_field(key) == field
        assert field in Columns.find([key]).places


def test_a_list_may_call_a_length_time_and_an_album_release() -> None:
    assert find_field("Time") is None
    assert find_field("Release") is None
    assert set(Columns.find(["Time", "Release"]).places) == {"duration", "album"}
