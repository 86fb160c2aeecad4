"""Picks of like score, and how many of them were right."""

import numpy as np

from segue.evaluation.measures.calibration import calibrate
from segue.evaluation.measures.metrics import judge

ARTISTS = np.zeros(5000, dtype=np.uint64)


def test_bins_halve_and_hold_every_pick(rng: np.random.Generator) -> None:
    picks = [rng.permutation(5000)[:800] for _ in range(2)]
    scores = [np.linspace(1, 0, 800)] * 2
    truths = [picks[0][:100], picks[1][:100]]  # the best scores are right
    bins = calibrate(judge(picks, truths, artist_hash=ARTISTS), scores, group="mpd")
    assert [entry.count for entry in bins] == [800, 400, 200, 100, 50, 50]
    assert [entry.low for entry in bins] == sorted(entry.low for entry in bins)
    assert [entry.hit_rate for entry in bins] == [0, 0, 0.5 * 0, 1, 1, 1]
    assert sum(entry.count * entry.hit_rate for entry in bins) == 200
    assert {entry.group for entry in bins} == {"mpd"}


def test_few_picks_make_one_bin() -> None:
    judged = judge([np.arange(20)], [np.arange(5)], artist_hash=ARTISTS)
    (only,) = calibrate(judged, [np.arange(20, 0, -1.0)], group="other")
    assert (only.count, only.hit_rate, only.low, only.high) == (20, 0.25, 1, 20)


def test_no_picks_make_none() -> None:
    judged = judge([np.array([], dtype=np.int64)], [np.arange(5)], artist_hash=ARTISTS)
    assert calibrate(judged, [np.array([])], group="other") == ()
