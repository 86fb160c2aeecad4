"""The quantiles by which audio features become normal scores."""

from statistics import NormalDist

import numpy as np

from segue.recommend.track_arrays import SOUND_COLUMNS, Floats

KNOTS = 65
_FURTHEST = 3.0


def find_knots(audio: Floats) -> tuple[Floats, Floats]:
    """Return the quantiles of each numeric feature (10, K), strictly rising, and their normal scores (K,).

    Parameters
    ----------
    audio
        (N, 13) raw features, NaN where missing.

    """
    levels = np.linspace(0, 1, KNOTS)
    knots = np.nanquantile(audio[:, SOUND_COLUMNS].astype(np.float64), levels, axis=0).T  # (10, K)
    # Many tracks share one value (instrumentalness 0): keep the knots apart, by about a float's precision.
    least = 1e-6 * np.maximum(np.abs(knots).max(axis=1, keepdims=True), 1)
    knots = np.maximum.accumulate(knots + np.arange(KNOTS) * least, axis=1)
    normal = NormalDist()
    scores = [normal.inv_cdf(min(max(level, 1e-3), 1 - 1e-3)) for level in levels]
    return knots.astype(np.float32), np.clip(scores, -_FURTHEST, _FURTHEST).astype(np.float32)
