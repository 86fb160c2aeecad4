"""Every measure on small lists whose value can be worked out by hand."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from segue.errors import InputError
from segue.evaluation.measures.metrics import (
    Judged,
    clicks,
    judge,
    measure,
    ndcg,
    r_precision,
    r_precision_2018,
    recall,
)


def rows(*values: int) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


class TestRPrecision:
    def test_counts_hits_among_the_first_g_picks(self) -> None:
        # G = 4; the first four picks hold 2 of {1, 2, 3, 4}; the hit at rank 5 comes too late.
        assert r_precision([1, 9, 2, 8, 3], [1, 2, 3, 4]) == 2 / 4

    def test_order_within_the_head_does_not_matter(self) -> None:
        assert r_precision([9, 2, 1, 8], [1, 2]) == r_precision([9, 1, 2, 8], [1, 2]) == 1 / 2

    def test_fewer_picks_than_tracks_wanted(self) -> None:
        assert r_precision([1], [1, 2]) == 1 / 2
        assert r_precision([], [1, 2]) == 0

    def test_refuses_an_empty_continuation(self) -> None:
        with pytest.raises(InputError, match="at least one track"):
            r_precision([1], [])


class TestRPrecision2018:
    def test_adds_a_quarter_for_each_right_artist(self) -> None:
        # G_T = {1, 2, 3, 4} by artists {10, 10, 11, 12}; S_T = {1, 9, 8, 7} by {10, 11, 20, 11}.
        # One right track, two right artists (10, 11): (1 + 0.25 * 2) / 4.
        value = r_precision_2018(
            [1, 9, 8, 7],
            [1, 2, 3, 4],
            pick_artists=[10, 11, 20, 11],
            continuation_artists=[10, 10, 11, 12],
        )
        assert value == (1 + 0.25 * 2) / 4

    def test_artists_beyond_the_head_do_not_count(self) -> None:
        value = r_precision_2018([9, 8, 7], [1, 2], pick_artists=[20, 20, 10], continuation_artists=[10, 11])
        assert value == 0

    def test_a_perfect_list_of_distinct_artists_exceeds_one(self) -> None:
        value = r_precision_2018([1, 2], [1, 2], pick_artists=[10, 11], continuation_artists=[10, 11])
        assert value == 1.25

    def test_unknown_artists_never_match(self) -> None:
        assert r_precision_2018([9], [1], pick_artists=[0], continuation_artists=[0]) == 0


class TestNdcg:
    def test_hand_worked(self) -> None:
        # Hits at ranks 1 and 3 of two wanted: (1 + 1/log2(4)) / (1 + 1/log2(3)).
        assert ndcg([1, 9, 2], [1, 2]) == pytest.approx((1 + 1 / 2) / (1 + 1 / math.log2(3)))

    def test_best_order_is_one(self) -> None:
        assert ndcg([2, 1, 9], [1, 2]) == pytest.approx(1)

    def test_the_ideal_list_is_no_longer_than_k(self) -> None:
        assert ndcg([1, 2, 9, 9], [1, 2, 3, 4], k=2) == pytest.approx(1)

    def test_hits_beyond_k_gain_nothing(self) -> None:
        assert ndcg([9, 8, 1], [1], k=2) == 0


class TestClicks:
    @pytest.mark.parametrize(("rank", "expected"), [(1, 0), (10, 0), (11, 1), (20, 1), (21, 2), (500, 49)])
    def test_tens_before_the_first_hit(self, rank: int, expected: float) -> None:
        picks = list(range(1000, 1500))
        picks[rank - 1] = 1
        assert clicks(picks, [1]) == expected

    def test_no_hit_in_500_is_51(self) -> None:
        assert clicks([*range(1000, 1500), 1], [1]) == 51
        assert clicks([], [1]) == 51


def test_recall_counts_hits_up_to_k() -> None:
    assert recall([1, 9, 2, 3], [1, 2, 3, 4], k=3) == 2 / 4


class TestManyLists:
    ARTISTS = np.array([0, 10, 10, 11, 12, 20, 11, 30], dtype=np.uint64)

    def judged(self) -> Judged:
        return judge(
            [rows(1, 5, 6), rows(7, 5), rows()],
            [rows(1, 2, 3), rows(5), rows(4)],
            artist_hash=self.ARTISTS,
        )

    def test_same_as_one_by_one(self) -> None:
        values = measure(self.judged())
        # list 0: one right track, right artists 10 and 11; list 1: the hit is second; list 2: nothing.
        np.testing.assert_allclose(values["r_precision"], [1 / 3, 0, 0])
        np.testing.assert_allclose(values["r_precision_2018"], [(1 + 0.5) / 3, 0, 0])
        np.testing.assert_allclose(values["ndcg"], [ndcg([1, 5, 6], [1, 2, 3]), 1 / math.log2(3), 0])
        np.testing.assert_allclose(values["clicks"], [0, 0, 51])
        np.testing.assert_allclose(values["recall_50"], [1 / 3, 1, 0])

    def test_no_picks_at_all(self) -> None:
        values = measure(judge([rows()], [rows(4)], artist_hash=self.ARTISTS))
        assert values["clicks"].tolist() == [51]
        assert values["ndcg"].tolist() == [0]

    def test_refuses_a_pick_given_twice(self) -> None:
        with pytest.raises(InputError, match="distinct"):
            judge([rows(1, 1)], [rows(2)], artist_hash=self.ARTISTS)

    def test_refuses_sides_of_unlike_length(self) -> None:
        with pytest.raises(InputError, match="got 1, 0"):
            judge([rows(1)], [], artist_hash=self.ARTISTS)
