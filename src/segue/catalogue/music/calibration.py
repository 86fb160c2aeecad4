"""From the analyser's scale to Spotify's: a rising line for each feature, fitted on tracks known on both.

The fit is isotonic regression by pooling adjacent violators (Barlow et al. 1972, "Statistical Inference under
Order Restrictions"): of all lines that never fall, the one of least squares. It is used only where it lowers
the error on tracks that it has not seen; else the values stay as they are heard.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.music.ledger import Calibration

CALIBRATED = ("danceability", "energy", "loudness", "acousticness", "instrumentalness", "valence")
MEASURED = (*CALIBRATED, "tempo", "key", "mode", "duration_ms")  # the others mean the same on both scales
MIN_PAIRS = 50  # fewer tell more of these songs than of the scale
_CLASSES = {"key", "mode"}  # one is as wrong as another
_FOLDS = 5
_MOST_KNOTS = 33
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """One track on both scales: what was heard, and Spotify's values."""

    heard: Mapping[str, float]
    theirs: Mapping[str, float]


def fit_calibrations(pairs: Sequence[Pair]) -> list[Calibration]:
    """Return how each feature that pairs know is calibrated, with its error; P pairs."""
    return [found for name in MEASURED if (found := _fit(name, pairs)) is not None]


def apply_calibrations(
    heard: Mapping[str, float], calibrations: Mapping[str, Calibration]
) -> dict[str, float]:
    """Return features on Spotify's scale, as far as they are calibrated."""
    values = dict(heard)
    for name in values.keys() & calibrations.keys():
        if knots := calibrations[name].knots:
            values[name] = float(_bring(np.array(values[name]), knots))
    return values


def fit_rising(x: Floats, y: Floats) -> tuple[tuple[float, float], ...]:
    """Return the knots of the line of least squares that never falls; (P,) both.

    >>> fit_rising(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 3.0, 1.0, 5.0]))
    ((1.0, 0.0), (2.5, 2.0), (4.0, 5.0))
    """
    blocks: list[tuple[float, float, int]] = []  # sums of x and of y, and how many
    for index in np.argsort(x, kind="stable"):
        blocks.append((float(x[index]), float(y[index]), 1))
        while len(blocks) > 1 and not _rises(blocks[-2], blocks[-1]):
            last, before = blocks.pop(), blocks.pop()
            blocks.append((before[0] + last[0], before[1] + last[1], before[2] + last[2]))
    knots = [(total_x / count, total_y / count) for total_x, total_y, count in blocks]
    if len(knots) > _MOST_KNOTS:
        kept = np.linspace(0, len(knots) - 1, _MOST_KNOTS).round().astype(int)
        knots = [knots[index] for index in kept]
    return tuple(knots)


def _bring(x: Floats, knots: Sequence[tuple[float, float]]) -> Floats:
    """Return values on the line through the knots; beyond its ends it is level."""
    heard, theirs = np.array(knots, np.float64).T
    return np.asarray(np.interp(x, heard, theirs), np.float64)


def _rises(before: tuple[float, float, int], last: tuple[float, float, int]) -> bool:
    """Tell whether both means rise; equal x must share one knot, too."""
    return before[1] / before[2] < last[1] / last[2] and before[0] / before[2] < last[0] / last[2]


def _fit(name: str, pairs: Sequence[Pair]) -> Calibration | None:
    both = [
        (pair.heard[name], pair.theirs[name]) for pair in pairs if name in pair.heard and name in pair.theirs
    ]
    if not both:
        return None
    x, y = np.array(both, np.float64).T
    error_raw = float(np.mean(x != y) if name in _CLASSES else np.mean(np.abs(x - y)))
    if name not in CALIBRATED or len(both) < MIN_PAIRS:
        return Calibration(name, len(both), error_raw)
    error_fitted = _cross_validate(x, y)
    knots = fit_rising(x, y) if error_fitted < error_raw else ()
    return Calibration(name, len(both), error_raw, error_fitted, knots)


def _cross_validate(x: Floats, y: Floats) -> float:
    """Return the mean absolute error on pairs that a fit has not seen."""
    fold = np.arange(len(x)) % _FOLDS
    errors = []
    for held_out in range(_FOLDS):
        knots = fit_rising(x[fold != held_out], y[fold != held_out])
        errors.append(np.abs(_bring(x[fold == held_out], knots) - y[fold == held_out]))
    return float(np.mean(np.concatenate(errors)))
