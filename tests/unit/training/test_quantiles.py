"""Knots: quantiles of known values, strictly rising, with symmetric normal scores."""

import numpy as np
from numpy.typing import NDArray

from segue.recommend.track_arrays import SOUND_COLUMNS
from segue.training.quantiles import KNOTS, find_knots


def test_even_numbers_give_even_knots() -> None:
    audio = np.repeat(np.linspace(0, 1, 129, dtype=np.float32)[:, None], 13, axis=1)
    knots, scores = find_knots(audio)
    assert knots.shape == (len(SOUND_COLUMNS), KNOTS)
    assert np.allclose(knots, np.linspace(0, 1, KNOTS), atol=1e-4)
    assert np.allclose(scores, -scores[::-1], atol=1e-6)
    assert (scores[0], scores[KNOTS // 2], scores[-1]) == (-3, 0, 3)
    assert knots.dtype == scores.dtype == np.float32


def test_gaps_are_left_out(audio: NDArray[np.float32]) -> None:
    known = audio[~np.isnan(audio).any(axis=1)]
    with_gaps = np.concatenate([known, np.full((50, 13), np.nan, np.float32)])
    assert np.array_equal(find_knots(with_gaps)[0], find_knots(known)[0])


def test_one_value_for_all_still_gives_rising_knots() -> None:
    for value in (0.0, 0.5, 250_000.0):
        knots, _ = find_knots(np.full((10, 13), value, np.float32))
        assert (np.diff(knots, axis=1) > 0).all()
        assert np.allclose(knots, value, rtol=1e-3, atol=1e-3)
