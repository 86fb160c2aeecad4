"""The rising line from one scale to the other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.catalogue.music.calibration import (
    MIN_PAIRS,
    Pair,
    apply_calibrations,
    fit_calibrations,
    fit_rising,
)

values = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=60)


@given(values)
def test_the_line_never_falls_and_stays_within_what_was_seen(points: list[tuple[float, float]]) -> None:
    x, y = np.array(points).T
    knots = np.array(fit_rising(x, y))
    assert np.all(np.diff(knots[:, 0]) > 0)
    assert np.all(np.diff(knots[:, 1]) > 0)
    assert y.min() - 1e-9 <= knots[0, 1] <= knots[-1, 1] <= y.max() + 1e-9


def test_a_line_of_many_points_keeps_a_few(rng: np.random.Generator) -> None:
    x = rng.random(2_000)
    knots = np.array(fit_rising(x, x**2))
    assert len(knots) == 33
    assert np.abs(np.interp(x, *knots.T) - x**2).max() < 0.01


def test_another_scale_is_undone_where_it_helps(rng: np.random.Generator) -> None:
    theirs = rng.random(300)
    pairs = [
        Pair(
            {"energy": 0.2 + 0.3 * value**2, "valence": rng.random(), "tempo": 120.0, "key": 3.0},
            {"energy": value, "valence": 0.5, "tempo": 118.0, "key": float(index % 2 * 3)},
        )
        for index, value in enumerate(theirs)
    ]
    found = {each.feature: each for each in fit_calibrations(pairs)}
    assert set(found) == {"energy", "valence", "tempo", "key"}
    energy = found["energy"]
    assert energy.pairs == 300
    assert energy.error_fitted is not None
    assert energy.error_fitted < 0.02 < 0.2 < energy.error_raw
    assert apply_calibrations({"energy": 0.275, "key": 3.0}, found) == {
        "energy": pytest.approx(0.5, abs=0.02),
        "key": 3.0,
    }
    assert (found["tempo"].error_raw, found["tempo"].knots) == (2.0, ())
    assert (found["key"].error_raw, found["key"].error_fitted) == (0.5, None)


def test_few_pairs_are_measured_and_not_fitted() -> None:
    pairs = [Pair({"energy": 0.1 * n / MIN_PAIRS}, {"energy": n / MIN_PAIRS}) for n in range(MIN_PAIRS - 1)]
    (found,) = fit_calibrations(pairs)
    assert (found.pairs, found.error_fitted, found.knots) == (MIN_PAIRS - 1, None, ())


def test_a_fit_that_does_not_help_is_not_used() -> None:
    pairs = [Pair({"energy": n / 100}, {"energy": n / 100}) for n in range(100)]
    (found,) = fit_calibrations(pairs)
    assert (found.error_raw, found.knots) == (0.0, ())
