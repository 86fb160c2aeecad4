"""Bounds that no list of picks can leave, and: many lists at once give what one at a time gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from segue.evaluation.measures.intervals import bootstrap_interval
from segue.evaluation.measures.metrics import (
    clicks,
    judge,
    measure,
    ndcg,
    r_precision,
    r_precision_2018,
    recall,
)

N = 40
ARTISTS = np.array([row // 4 for row in range(N)], dtype=np.uint64)  # the first four have none
rows = st.lists(st.integers(0, N - 1), unique=True, max_size=30)
truths = st.lists(st.integers(0, N - 1), unique=True, min_size=1, max_size=30)


def artists(chosen: list[int]) -> list[int]:
    return [int(ARTISTS[row]) for row in chosen]


@given(rows, truths)
def test_bounds(picks: list[int], truth: list[int]) -> None:
    plain = r_precision(picks, truth)
    credited = r_precision_2018(
        picks, truth, pick_artists=artists(picks), continuation_artists=artists(truth)
    )
    assert 0 <= plain <= credited <= plain + 0.25
    assert 0 <= ndcg(picks, truth) <= 1 + 1e-12
    assert clicks(picks, truth) in {0, 1, 2, 51}
    assert recall(picks, truth, 5) <= recall(picks, truth, 10) <= 1


@given(truths)
def test_the_truth_itself_is_perfect(truth: list[int]) -> None:
    assert r_precision(truth, truth) == 1
    assert abs(ndcg(truth, truth) - 1) < 1e-12
    assert clicks(truth, truth) == 0


@given(rows, truths, st.randoms(use_true_random=False))
def test_a_hit_further_up_is_never_worse(picks: list[int], truth: list[int], random: object) -> None:
    hits = [row for row in picks if row in truth]
    better = hits + [row for row in picks if row not in truth]
    assert ndcg(better, truth) >= ndcg(picks, truth) - 1e-12
    assert clicks(better, truth) <= clicks(picks, truth)
    assert r_precision(better, truth) >= r_precision(picks, truth)


@given(st.lists(st.tuples(rows, truths), min_size=1, max_size=6))
def test_many_at_once_equal_one_at_a_time(cases: list[tuple[list[int], list[int]]]) -> None:
    picks = [np.array(chosen, dtype=np.int64) for chosen, _ in cases]
    continuations = [np.array(truth, dtype=np.int64) for _, truth in cases]
    values = measure(judge(picks, continuations, artist_hash=ARTISTS))
    for place, (chosen, truth) in enumerate(cases):
        expected = {
            "r_precision": r_precision(chosen, truth),
            "r_precision_2018": r_precision_2018(
                chosen, truth, pick_artists=artists(chosen), continuation_artists=artists(truth)
            ),
            "ndcg": ndcg(chosen, truth),
            "clicks": clicks(chosen, truth),
            "recall_50": recall(chosen, truth, 50),
            "recall_1000": recall(chosen, truth, 1000),
        }
        for name, value in expected.items():
            assert abs(values[name][place] - value) < 1e-12, name


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.integers(0, 1000))
def test_an_interval_holds_its_mean_and_stays_within_the_values(values: list[float], start: int) -> None:
    found = bootstrap_interval(np.array(values), np.random.default_rng(start), draws=50)
    slack = 1e-9 * (1 + max(abs(value) for value in values))
    assert min(values) - slack <= found.low <= found.mean <= found.high <= max(values) + slack
