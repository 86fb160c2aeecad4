"""The simplest answers: anything, what everyone plays, and more by the same artists."""

from collections.abc import Sequence

import numpy as np

from segue.catalogue.store import Columns
from segue.evaluation.methods import Rows, best_rows, count_rows


class Random:
    """Draw tracks at random; the same seeds get the same draw."""

    name = "random"

    def __init__(self, columns: Columns) -> None:
        self._n_rows = len(columns.year)

    def fit(self, lists: Sequence[Rows]) -> None:
        """Learn nothing."""

    def recommend(self, seeds: Rows, n: int) -> Rows:
        """Return n random rows."""
        rng = np.random.default_rng([len(seeds), *np.sort(seeds).tolist()])
        return best_rows(rng.random(self._n_rows), n, seeds)


class Popularity:
    """The tracks that most training lists hold."""

    name = "popularity"

    def __init__(self, columns: Columns) -> None:
        self._n_rows = len(columns.year)

    def fit(self, lists: Sequence[Rows]) -> None:
        """Count the lists that hold each track."""
        self._counts = count_rows(lists, self._n_rows).astype(np.float64)

    def recommend(self, seeds: Rows, n: int) -> Rows:
        """Return the n most listed rows."""
        return best_rows(self._counts, n, seeds)


class SameArtist:
    """Tracks by the artists of the seeds, the most listed first; then what is popular.

    An artist counts by the square root of its number of seeds, so that one artist who fills half the seeds
    does not push out all others.
    """

    name = "same-artist"

    def __init__(self, columns: Columns) -> None:
        self._artists = columns.artist_hash

    def fit(self, lists: Sequence[Rows]) -> None:
        """Count the lists that hold each track."""
        counts = count_rows(lists, len(self._artists))
        self._popularity = np.log1p(counts) / np.log1p(max(1, counts.max(initial=0)))  # 0..1

    def recommend(self, seeds: Rows, n: int) -> Rows:
        """Return the n best rows."""
        artists, counts = np.unique(self._artists[seeds], return_counts=True)
        known = artists != 0
        scores = self._popularity.copy()
        for artist, count in zip(artists[known], counts[known], strict=True):
            by_artist = self._artists == artist
            scores[by_artist] = 2 + np.sqrt(count) * (0.1 + self._popularity[by_artist])
        return best_rows(scores, n, seeds)
