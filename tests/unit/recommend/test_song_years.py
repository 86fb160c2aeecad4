"""A song is as old as the earliest dated version of it; the model still takes each track's own year."""

import numpy as np

from made_tables import make_tables
from segue.controls import Controls
from segue.recommend.filters import allow
from segue.recommend.track_arrays import Tables


def _with_versions(years: dict[int, float], versions: dict[int, int]) -> Tables:
    version = np.full(12, -1, np.int32)
    version[list(versions)] = list(versions.values())
    tables = make_tables(version=version)
    tables.inputs.year[list(years)] = list(years.values())
    return tables


def test_the_earliest_version_gives_the_year_of_all() -> None:
    tables = _with_versions({3: 2011, 5: 1959, 7: np.nan}, {3: 0, 5: 0, 7: 0})
    assert tables.song_year[[3, 5, 7]].tolist() == [1959, 1959, 1959]
    assert tables.first_release[[3, 5, 7]].tolist() == [5, 5, 5]
    assert tables.song_year[4] == 1994  # no version of anything
    assert tables.first_release[4] == 4
    assert tables.inputs.year[3] == 2011


def test_of_equal_years_the_lowest_row_is_the_first_release() -> None:
    tables = _with_versions({3: 1990, 8: 1980, 9: 1980}, {3: 1, 8: 1, 9: 1, 2: 0})
    assert tables.first_release[[3, 8, 9, 2]].tolist() == [8, 8, 8, 2]


def test_1900_stands_for_no_date() -> None:
    tables = _with_versions({3: 1900, 5: 1972, 6: 1900}, {3: 0, 5: 0, 6: 1})
    assert tables.song_year[[3, 5]].tolist() == [1972, 1972]
    assert np.isnan(tables.song_year[6])


def test_without_versions_or_dates_nothing_is_known() -> None:
    tables = make_tables()
    tables.inputs.year[:] = np.nan
    assert np.isnan(tables.song_year).all()
    assert tables.first_release.tolist() == list(range(12))


def test_years_are_bounds_on_the_song() -> None:
    tables = _with_versions({3: 2011, 5: 1959}, {3: 0, 5: 0})
    assert np.flatnonzero(allow(tables, np.array([4]), Controls(years=(1950, 1969)), [])).tolist() == [3, 5]
    assert not allow(tables, np.array([4]), Controls(years=(2011, None)), [])[3]
