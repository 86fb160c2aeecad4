"""One space in which the sound of two tracks is compared: for a baseline, and for variety within a list."""

import numpy as np
from numpy.typing import NDArray

from segue.features import AUDIO_NAMES

_KEY = AUDIO_NAMES.index("key")
_CLIP = 3.0  # standard deviations


def embed_audio(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return tracks as points whose distances mean likeness of sound, (N, 14).

    Each feature becomes its rank among all tracks, spread as a normal distribution, so that no unit and no
    outlier dominates. Key goes round a circle of fifths (two numbers), since B is as near to C as C to C
    sharp is far. A missing value is the centre, 0.

    Parameters
    ----------
    audio
        (N, 13) raw features in the order of `features.AUDIO`, NaN where missing.

    """
    others = np.delete(audio, _KEY, axis=1)
    columns = [_to_normal(column) for column in others.T]
    angle = audio[:, _KEY].astype(np.float64) * 7 / 12 * 2 * np.pi  # 7 semitones are one step of fifths
    circle = [np.nan_to_num(np.cos(angle)), np.nan_to_num(np.sin(angle))]
    return np.column_stack([*columns, *circle]).astype(np.float32)


def _to_normal(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return (N,) values by rank as standard normal ones; equal values stay equal, NaN becomes 0."""
    known = np.isfinite(values)
    found, inverse, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    if len(found) < 2:
        return np.zeros(len(values))
    middle = (np.cumsum(counts) - counts / 2) / counts.sum()  # the middle rank of each value, in 0..1
    normal = np.zeros(len(values))
    normal[known] = np.clip(_probit(middle), -_CLIP, _CLIP)[inverse]
    return normal


def _probit(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard normal value below which `share` lies, from a table fine enough for plots."""
    grid = np.linspace(-_CLIP - 1, _CLIP + 1, 4001)
    density = np.exp(-(grid**2) / 2)
    cumulative = np.cumsum(density)
    return np.interp(share, cumulative / cumulative[-1], grid)
