"""Hashes become rows of the learned tables, years become small numbers, and tracks are taken by row."""

import numpy as np

from made_tables import make_tables
from segue.model.preprocessing import Vocabulary, scale_year


def test_a_hash_becomes_its_position_and_one_and_the_unknown_zero() -> None:
    known = Vocabulary(np.array([10, 20, 30], np.uint64))
    assert known.find(np.array([30, 10, 25, 0, 99], np.uint64)).tolist() == [3, 1, 0, 0, 0]
    assert known.find(np.array([[20], [5]], np.uint64)).tolist() == [[2], [0]]
    assert len(known) == 3


def test_the_hash_of_missing_is_never_known() -> None:
    assert Vocabulary(np.array([0, 7], np.uint64)).find(np.array([0, 7], np.uint64)).tolist() == [0, 2]
    assert Vocabulary(np.empty(0, np.uint64)).find(np.array([7], np.uint64)).tolist() == [0]


def test_years_are_scaled_around_1995_and_a_missing_one_is_in_the_middle() -> None:
    assert scale_year(np.array([1995, 2010, 1965, np.nan], np.float32)).tolist() == [0, 1, -2, 0]


def test_tracks_are_taken_by_row_in_every_array() -> None:
    inputs = make_tables().inputs
    taken = inputs.take(np.array([3, 1]))
    assert len(taken) == 2
    assert taken.year.tolist() == [1993, 1991]
    assert np.array_equal(taken.audio, inputs.audio[[3, 1]])
    assert len(inputs.take(slice(2, 6))) == 4
