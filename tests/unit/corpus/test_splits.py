"""Which lists are measured, and what of them is shown."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from segue.corpus.lists import TrackList, read_lists, resolve
from segue.corpus.splits import (
    MAX_SEEDS,
    cut_half,
    cut_seeds,
    largest_overlap,
    part_of,
    split_lists,
)


def track_list(playlist_id: str, n: int = 30, source: str = "made", start: int = 0) -> TrackList:
    return TrackList(source, playlist_id, "", np.arange(start, start + n))


def ids_in(part: str, count: int) -> list[str]:
    return [name for number in range(2000) if part_of(name := f"list-{number}") == part][:count]


def test_shares_are_about_70_10_20() -> None:
    parts = [part_of(f"list-{number}") for number in range(10_000)]
    shares = [parts.count(part) / 10_000 for part in ("train", "validation", "test")]
    assert shares == pytest.approx([0.7, 0.1, 0.2], abs=0.02)


def test_the_part_hangs_on_the_id_alone() -> None:
    # Written down once: a change would mix training and test lists of bundles that exist.
    parts = [part_of(f"list-{number}") for number in range(8)]
    assert parts == ["test", "test", "train", "train", "train", "train", "validation", "train"]


def test_short_lists_and_train_only_sources_train() -> None:
    first, second, third = ids_in("test", 3)
    split = split_lists(
        [track_list(first, 19), track_list(second, 30, "hari"), track_list(third, 20)],
    )
    assert [entry.playlist_id for entry in split.test] == [third]
    assert {entry.playlist_id for entry in split.train} == {first, second}


def test_copies_of_one_list_stay_on_one_side() -> None:
    first, second = ids_in("test", 2)
    lists = [
        track_list(first, 30), track_list(first, 40, "elsewhere"), track_list(first, 12, "third"),
        track_list(second, 30), track_list(second, 30, "thorstein"),
    ]  # fmt: skip
    split = split_lists(lists)
    # Of the first, only the longest copy is measured, and no copy trains; the second trains whole.
    assert [(entry.playlist_id, len(entry.rows)) for entry in split.test] == [(first, 40)]
    assert [entry.playlist_id for entry in split.train] == [second, second]


def test_what_may_be_fitted_for_a_part() -> None:
    names = [*ids_in("train", 2), *ids_in("validation", 2), *ids_in("test", 2)]
    split = split_lists(track_list(name) for name in names)
    assert len(split.fitted_for("validation")) == 2
    assert len(split.fitted_for("test")) == 4
    assert not {e.playlist_id for e in split.fitted_for("test")} & {e.playlist_id for e in split.test}


@pytest.mark.parametrize(("n", "n_seeds"), [(20, 10), (21, 10), (10, 5), (9, 5), (300, MAX_SEEDS)])
def test_half_of_a_list(n: int, n_seeds: int) -> None:
    case = cut_half(track_list("p", n))
    assert len(case.seeds) == n_seeds
    assert sorted([*case.seeds.tolist(), *case.continuation.tolist()]) == list(range(n))


def test_the_order_hangs_on_the_id_alone() -> None:
    np.testing.assert_array_equal(cut_half(track_list("p")).seeds, cut_half(track_list("p")).seeds)
    assert cut_half(track_list("p")).seeds.tolist() != cut_half(track_list("q")).seeds.tolist()


def test_fewer_seeds_have_the_same_continuation() -> None:
    entry = track_list("p", 40)
    five, half = cut_seeds(entry, 5), cut_half(entry)
    assert five is not None
    np.testing.assert_array_equal(five.continuation, half.continuation)
    np.testing.assert_array_equal(five.seeds, half.seeds[:5])
    assert cut_seeds(entry, 21) is None


def test_near_copies_are_found() -> None:
    lists = [track_list("copy", 10), track_list("half", 10, start=15), track_list("alone", 10, start=80)]
    others = [track_list("a", 20), track_list("b", 5, start=40)]
    assert largest_overlap(lists, others, 100).tolist() == [1.0, 0.5, 0.0]
    assert largest_overlap(lists, [], 100).tolist() == [0, 0, 0]


class Rows:
    """The rows of a Parquet file of tracks, without making a catalogue of it."""

    def __init__(self, path: Path) -> None:
        import duckdb

        ids = duckdb.sql(f"select track_id from '{path}'").fetchall()
        self.rows = {track_id: row for row, (track_id,) in enumerate(ids)}

    def find_rows(self, track_ids: object) -> NDArray[np.int64]:
        assert isinstance(track_ids, list)
        return np.array([self.rows.get(track_id, -1) for track_id in track_ids], dtype=np.int64)


@pytest.mark.shared_data
def test_the_development_lists(shared_data: Path) -> None:
    catalogue = Rows(shared_data / "tracks.parquet")
    split = split_lists(resolve(read_lists(shared_data / "playlists.parquet"), catalogue))
    assert (len(split.train), len(split.validation), len(split.test)) == (3260, 360, 695)
    assert not {entry.source for entry in split.test + split.validation} & {"hari", "thorstein"}
    sides = [{entry.playlist_id for entry in part} for part in (split.train, split.validation, split.test)]
    assert not sides[0] & sides[1]
    assert not sides[0] & sides[2]
    assert not sides[1] & sides[2]
    assert min(len(entry.rows) for entry in split.test) >= 20
