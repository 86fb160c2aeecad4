"""What can be measured: anything that continues seeds with rows of a catalogue."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]


class Method(Protocol):
    """One way to continue a playlist."""

    @property
    def name(self) -> str:
        """The name under which figures are reported."""
        ...

    def recommend(self, seeds: Rows, n: int) -> Rows:
        """Return at most n distinct rows, best first, none of them a seed.

        Parameters
        ----------
        seeds
            (S,) rows of the catalogue; none at all when only a title is known.
        n
            How many, at least 1.

        """
        ...


class Baseline(Method, Protocol):
    """A method that learns from playlists."""

    def fit(self, lists: Sequence[Rows]) -> None:
        """Learn from the rows of each training list."""
        ...


def best_rows(scores: Scores, n: int, seeds: Rows) -> Rows:
    """Return the n rows of the highest scores, best first, without the seeds; ties go to the lower row.

    Parameters
    ----------
    scores
        (N,) one a track of the catalogue; minus infinity rules a track out.
    n
        How many.
    seeds
        Rows that are left out.

    """
    scores = scores.copy()
    scores[seeds] = -np.inf
    positive = np.flatnonzero(scores > 0)
    # Most methods score most tracks zero, and cutting among so many ties is slow.
    pool = positive if len(positive) >= n else np.flatnonzero(scores > -np.inf)
    n = min(n, len(pool))
    if not n:
        return np.empty(0, dtype=np.int64)
    edge = np.partition(scores[pool], len(pool) - n)[len(pool) - n]
    above = pool[scores[pool] > edge]
    level = pool[scores[pool] == edge][: n - len(above)]
    rows = np.concatenate([above, level])
    return rows[np.lexsort((rows, -scores[rows]))].astype(np.int64)


def count_rows(lists: Sequence[Rows], n_rows: int) -> NDArray[np.int64]:
    """Return how many lists hold each row, (N,)."""
    held = np.concatenate(lists) if lists else np.empty(0, dtype=np.int64)
    return np.bincount(held, minlength=n_rows).astype(np.int64)
