"""Recall within bands of held-out tracks, on lists small enough to count by hand."""

import numpy as np
import pytest

from segue.corpus.lists import TrackList
from segue.corpus.splits import Case
from segue.evaluation.measures.breakdown import band_recall, bands, count_training, find_truths
from segue.evaluation.measures.metrics import judge

#                        row: 0   1   2   3   4   5   6   7
ARTISTS = np.array([10, 10, 11, 12, 0, 13, 13, 14], dtype=np.uint64)


def case(seeds: list[int], continuation: list[int]) -> Case:
    return Case(TrackList("made", "p", "", np.arange(1)), np.array(seeds), np.array(continuation))


CASES = [case([0], [1, 2, 4]), case([3], [5, 7])]
PICKS = [np.array([7, 2, 6, 1]), np.array([6, 5])]
TRAINING = count_training([np.array([0, 1]), *[np.array([2])] * 5, np.array([6])], ARTISTS)


def test_training_counts_tracks_and_artists() -> None:
    assert TRAINING.counts.tolist() == [1, 1, 5, 0, 0, 0, 1, 0]
    assert TRAINING.artist_counts.tolist() == [2, 2, 5, 0, 0, 1, 1, 0]


def test_ranks_of_the_held_out_tracks() -> None:
    truths = find_truths(judge(PICKS, [c.continuation for c in CASES], artist_hash=ARTISTS), CASES)
    missing = np.iinfo(np.int64).max
    assert truths.place.tolist() == [0, 0, 0, 1, 1]
    assert truths.rows.tolist() == [1, 2, 4, 5, 7]
    assert truths.ranks.tolist() == [3, 1, missing, 1, missing]


@pytest.mark.parametrize(
    ("name", "rows", "recall_at_2"),
    [
        ("occurs 0", [4, 5, 7], [0, 1 / 2]),  # 4 is not found; of 5 and 7 the second list finds 5
        ("occurs 1-4", [1], [0]),  # found, but at rank 4
        ("occurs 5+", [2], [1]),
        ("artist seen", [1, 2, 5], [1 / 2, 1]),  # by 10 and 11; by 13, whose other track is listed
        ("artist unseen", [7], [0]),  # 4 has no known artist and is in neither band
        ("artist among seeds", [1], [0]),
        ("artist not among seeds", [2, 5, 7], [1, 1 / 2]),
    ],
)
def test_bands(name: str, rows: list[int], recall_at_2: list[float]) -> None:
    truths = find_truths(judge(PICKS, [c.continuation for c in CASES], artist_hash=ARTISTS), CASES)
    mask = bands(truths, CASES, TRAINING, ARTISTS)[name]
    assert truths.rows[mask].tolist() == rows
    assert band_recall(truths, mask, np.array([True, True]), 2).tolist() == recall_at_2


def test_only_the_lists_asked_about_count() -> None:
    truths = find_truths(judge(PICKS, [c.continuation for c in CASES], artist_hash=ARTISTS), CASES)
    assert band_recall(truths, truths.rows > 0, np.array([False, True]), 1000).tolist() == [1 / 2]
    assert band_recall(truths, truths.rows < 0, np.array([True, True]), 1000).tolist() == []


def test_no_picks() -> None:
    judged = judge([np.array([], dtype=np.int64)] * 2, [c.continuation for c in CASES], artist_hash=ARTISTS)
    truths = find_truths(judged, CASES)
    assert (truths.ranks > 1000).all()
