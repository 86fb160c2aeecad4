"""Bootstrap intervals: they hold the mean, narrow with more lists, and pair what belongs together."""

import numpy as np
import pytest

from segue.errors import InputError
from segue.evaluation.measures.intervals import bootstrap_interval, paired_difference


def test_covers_the_true_mean_about_as_often_as_it_says(rng: np.random.Generator) -> None:
    covered = 0
    for _ in range(200):
        found = bootstrap_interval(rng.normal(size=60), rng, level=0.9, draws=300)
        covered += found.low <= 0 <= found.high
    assert 160 <= covered <= 198  # 180 expected


def test_equal_values_have_no_width(rng: np.random.Generator) -> None:
    found = bootstrap_interval(np.full(30, 0.1), rng)
    assert found.mean == pytest.approx(0.1)
    assert found.high - found.low < 1e-12


def test_more_lists_make_it_narrower(rng: np.random.Generator) -> None:
    few, many = (bootstrap_interval(rng.normal(size=n), rng) for n in (50, 5000))
    assert many.high - many.low < (few.high - few.low) / 5


def test_many_lists_go_in_pieces(rng: np.random.Generator) -> None:
    found = bootstrap_interval(rng.normal(size=100_000), rng, draws=100)
    assert found.low < 0.02
    assert found.high > -0.02


def test_pairing_shows_a_small_difference(rng: np.random.Generator) -> None:
    hardness = rng.normal(size=200) * 10
    better = hardness + 0.1 + rng.normal(size=200) * 0.1
    assert paired_difference(better, hardness, rng).excludes_zero()
    assert not paired_difference(hardness, hardness, rng).excludes_zero()


def test_refuses_nothing_and_nan(rng: np.random.Generator) -> None:
    with pytest.raises(InputError, match="at least one"):
        bootstrap_interval(np.array([]), rng)
    with pytest.raises(InputError, match="finite"):
        bootstrap_interval(np.array([np.nan]), rng)
    with pytest.raises(InputError, match="same lists"):
        paired_difference(np.ones(2), np.ones(3), rng)
