"""How sure a mean is: bootstrap intervals, and paired differences between two methods on the same lists."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.errors import InputError

_CHUNK = 4_000_000  # draws in memory at once


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and the range that holds it in `level` of all resamples; `count` values went in."""

    mean: float
    low: float
    high: float
    count: int

    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def bootstrap_interval(
    values: NDArray[np.float64], rng: np.random.Generator, *, level: float = 0.95, draws: int = 2000
) -> Interval:
    """Return the mean with its percentile bootstrap interval.

    Parameters
    ----------
    values
        (L,) one figure a list; lists are what is resampled.
    rng
        The source of randomness.
    level
        The share of resampled means inside the interval, in 0..1 exclusive.
    draws
        How many resamples.

    Raises
    ------
    InputError
        When there are no values, or a value is not finite.

    """
    values = np.asarray(values, dtype=np.float64)
    if not len(values) or not np.isfinite(values).all():
        raise InputError(f"expected at least one value and only finite ones, got {len(values)} values")
    step = max(1, _CHUNK // len(values))
    means = np.concatenate(
        [
            values[rng.integers(len(values), size=(min(step, draws - done), len(values)))].mean(axis=1)
            for done in range(0, draws, step)
        ]
    )
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    # The mean of equal values can differ from itself by rounding; the interval always holds it.
    mean = float(values.mean())
    return Interval(mean, min(float(low), mean), max(float(high), mean), len(values))


def paired_difference(
    values: NDArray[np.float64],
    others: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    level: float = 0.95,
    draws: int = 2000,
) -> Interval:
    """Return the mean of `values - others` with its interval; both (L,), over the same lists.

    Pairing takes out how hard each list is, so that small differences show.
    """
    if len(values) != len(others):
        raise InputError(f"expected figures of the same lists, got {len(values)} and {len(others)}")
    return bootstrap_interval(np.asarray(values) - np.asarray(others), rng, level=level, draws=draws)
