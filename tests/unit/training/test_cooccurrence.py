"""Counts, pairs and factors of lists whose answers are worked out by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from segue.training.cooccurrence import FACTORS, OFTEN, count_lists, find_pairs, learn

HASHES = np.array([40, 10, 10, 0, 30], np.uint64)  # rows 1 and 2 are one song; row 3 has none
Lists = list[NDArray[np.int64]]


def test_counts_are_of_lists_not_of_rows() -> None:
    known, counts = count_lists(HASHES, [np.array([0, 1, 2]), np.array([2, 3]), np.array([1, 4])])
    assert known.tolist() == [10, 30, 40]
    assert counts.tolist() == [3, 1, 1]
    assert counts.dtype == np.float32


def test_a_pair_is_kept_from_the_fourth_list_on() -> None:
    together, apart = np.array([0, 1]), np.array([1, 4])
    assert OFTEN == 4
    assert find_pairs(HASHES, [together] * 3 + [apart] * 4).tolist() == [10 ^ 30]
    assert find_pairs(HASHES, [together] * 4 + [apart] * 4).tolist() == sorted([10 ^ 30, 10 ^ 40])


def test_neither_a_missing_song_nor_a_song_with_itself_is_a_pair() -> None:
    assert find_pairs(HASHES, [np.array([1, 2, 3])] * 9).tolist() == []


def test_pairs_are_found_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segue.training.cooccurrence._BLOCK", 2)
    hashes = np.array([3, 5, 9, 17, 33], np.uint64)
    expected = {int(one ^ other) for i, one in enumerate(hashes) for other in hashes[i + 1 :]}
    assert set(find_pairs(hashes, [np.arange(5)] * 4).tolist()) == expected


def test_factors_bring_together_what_is_listed_together(lists: Lists, group: NDArray[np.int64]) -> None:
    hashes = np.arange(1, 61, dtype=np.uint64)
    learned = learn(hashes, lists, rng=0)
    rows = learned.hashes.astype(int) - 1
    assert learned.factors.dtype == np.int8
    assert learned.factors.shape == (len(rows), min(FACTORS, len(lists) - 1))
    assert np.abs(learned.factors.astype(int)).max(axis=1).tolist() == [127] * len(rows)
    vectors = learned.factors / np.linalg.norm(learned.factors, axis=1, keepdims=True)
    likeness = vectors @ vectors.T
    same = group[rows][:, None] == group[rows]
    others = same & ~np.eye(len(rows), dtype=bool)
    assert likeness[others].mean() > 0.2 + likeness[~same].mean()
    assert np.abs(likeness[~same]).max() < 0.15  # no list holds tracks of two groups


def test_counts_are_given_per_3000_lists_and_the_same_each_time(lists: Lists) -> None:
    hashes = np.arange(1, 61, dtype=np.uint64)
    one, again = learn(hashes, lists, rng=0), learn(hashes, lists, rng=0)
    assert np.array_equal(one.factors, again.factors)
    assert np.allclose(one.counts, count_lists(hashes, lists)[1] * 100)  # of 30 lists
