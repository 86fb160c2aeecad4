"""Gaps are filled so that nothing tells where they were."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from made_tracks import make_id
from planted_lists import N_TRACKS, make_planted_catalogue
from segue.catalogue.store import Catalogue, Columns
from segue.corpus.gaps import fill_column, fill_gaps, filled_catalogue, shuffle_gaps
from segue.types import Track


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_planted_catalogue(tmp_path_factory.mktemp("gaps") / "catalogue.sqlite")


@pytest.fixture(scope="module")
def columns(catalogue: Path) -> Columns:
    with Catalogue.open(catalogue) as opened:
        return opened.load_columns()


def test_a_column_is_filled_from_its_own_values(rng: np.random.Generator) -> None:
    values = np.array([1, np.nan, 3, np.nan, np.nan] * 100, dtype=np.float32)
    filled = fill_column(values, rng)
    assert set(filled.tolist()) == {1, 3}
    assert 0.3 < (filled[np.isnan(values)] == 1).mean() < 0.7
    np.testing.assert_array_equal(filled[~np.isnan(values)], values[~np.isnan(values)])


def test_a_column_without_values_stays(rng: np.random.Generator) -> None:
    assert np.isnan(fill_column(np.full(3, np.nan, dtype=np.float32), rng)).all()


def test_nothing_is_missing_after_filling(columns: Columns, rng: np.random.Generator) -> None:
    assert np.isnan(columns.audio).any()
    assert np.isnan(columns.year).any()
    assert (columns.album_hash == 0).any()
    filled = fill_gaps(columns, rng)
    assert not np.isnan(filled.audio).any()
    assert not np.isnan(filled.year).any()
    assert (filled.album_hash != 0).all()
    assert np.isnan(filled.popularity).all()


def test_known_values_stay_and_the_original_too(columns: Columns, rng: np.random.Generator) -> None:
    before = columns.audio.copy()
    filled = fill_gaps(columns, rng)
    np.testing.assert_array_equal(columns.audio, before)
    known = ~np.isnan(before)
    np.testing.assert_array_equal(filled.audio[known], before[known])
    albums = columns.album_hash != 0
    np.testing.assert_array_equal(filled.album_hash[albums], columns.album_hash[albums])


def test_the_same_rng_fills_the_same(columns: Columns) -> None:
    first, again = (fill_gaps(columns, np.random.default_rng(1)).audio for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_shuffled_gaps_are_as_many_and_elsewhere(columns: Columns, rng: np.random.Generator) -> None:
    shuffled = shuffle_gaps(columns, rng)
    np.testing.assert_array_equal(np.isnan(shuffled.audio).sum(axis=0), np.isnan(columns.audio).sum(axis=0))
    assert np.isnan(shuffled.year).sum() == np.isnan(columns.year).sum()
    assert (shuffled.album_hash == 0).sum() == (columns.album_hash == 0).sum()
    assert (np.isnan(shuffled.year) != np.isnan(columns.year)).any()


def test_after_the_shuffle_a_gap_tells_nothing(rng: np.random.Generator, columns: Columns) -> None:
    # A "source" that lacks every year: before, a missing year gives it away; after, it does not.
    source = np.arange(N_TRACKS) % 2 == 0
    leaky = replace(columns, year=np.where(source, np.nan, columns.year).astype(np.float32))
    shuffled = np.isnan(shuffle_gaps(leaky, rng).year)
    assert np.isnan(leaky.year)[source].all()
    assert abs(shuffled[source].mean() - shuffled[~source].mean()) < 0.2


def test_the_filled_copy_has_the_same_rows(catalogue: Path, tmp_path: Path) -> None:
    with Catalogue.open(catalogue) as original:
        path = filled_catalogue(original, tmp_path)
        with Catalogue.open(path) as copy:
            assert len(copy) == N_TRACKS
            ids = [make_id(row + 1) for row in range(N_TRACKS)]
            np.testing.assert_array_equal(copy.find_rows(ids), original.find_rows(ids))
            assert not np.isnan(copy.load_columns().audio).any()
            assert not np.isnan(copy.load_columns().year).any()
            assert np.isnan(copy.load_columns().popularity).all()
            dated, single = copy.get_tracks([1, 2])
            assert dated.release_date == "1970"
            assert single.album == single.name == "Song 2"


def test_the_copy_is_kept_until_the_catalogue_changes(catalogue: Path, tmp_path: Path) -> None:
    with Catalogue.open(catalogue) as original:
        first = filled_catalogue(original, tmp_path)
        stamp = first.stat().st_mtime_ns
        assert filled_catalogue(original, tmp_path) == first
        assert first.stat().st_mtime_ns == stamp
        assert filled_catalogue(original, tmp_path, gaps="shuffled") != first
        assert filled_catalogue(original, tmp_path, gaps="raw") == catalogue
    changed = tmp_path / "changed.sqlite"
    changed.write_bytes(catalogue.read_bytes())
    with Catalogue.create(changed) as other:
        other.upsert([Track(make_id(9999), name="New")])
        assert filled_catalogue(other, tmp_path) != first
