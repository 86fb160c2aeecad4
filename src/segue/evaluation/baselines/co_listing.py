"""By the company that tracks keep: what else is on the lists that hold the seeds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.store import Columns
from segue.evaluation.methods import Rows, Scores, best_rows, count_rows

_TIE_BREAK = 1e-9  # popularity orders what no neighbour reaches, and never more than that
_PER_TRACK = 200
_PLAYLISTS = 400


class CoListing:
    """Which tracks are on which lists, both ways round."""

    def __init__(self, lists: Sequence[Rows], n_rows: int) -> None:
        self.n_rows, self.n_lists = n_rows, len(lists)
        self.lists = [np.asarray(rows, dtype=np.int64) for rows in lists]
        self.sizes = np.array([len(rows) for rows in self.lists], dtype=np.float64)  # (L,)
        self.counts = count_rows(self.lists, n_rows).astype(np.float64)  # (N,)
        held = np.concatenate(self.lists) if lists else np.empty(0, dtype=np.int64)
        order = np.argsort(held, kind="stable")
        self._holders = np.repeat(np.arange(len(lists)), self.sizes.astype(np.int64))[order]
        self._starts = np.concatenate([[0], np.cumsum(self.counts)]).astype(np.int64)

    def holders(self, row: int) -> NDArray[np.int64]:
        """Return the lists that hold this row."""
        return self._holders[self._starts[row] : self._starts[row + 1]]

    def spread(self, places: NDArray[np.int64], weights: NDArray[np.float64]) -> Scores:
        """Return (N,) for each track the summed weights of those lists that hold it."""
        if not len(places):
            return np.zeros(self.n_rows, dtype=np.float64)
        held = np.concatenate([self.lists[place] for place in places])
        repeated = np.repeat(weights, [len(self.lists[place]) for place in places])
        return np.bincount(held, weights=repeated, minlength=self.n_rows).astype(np.float64)

    def popularity(self) -> Scores:
        """Return (N,) small numbers that break ties by popularity."""
        return np.asarray(self.counts / max(1.0, self.counts.max(initial=0)) * _TIE_BREAK)


class TrackNeighbours:
    """The union of what goes with each seed: its 200 nearest tracks by cosine of the lists they are on.

    A list counts less the longer it is: that two tracks share a list of a thousand says little.
    """

    name = "track-neighbours"

    def __init__(self, columns: Columns) -> None:
        self._n_rows = len(columns.year)

    def fit(self, lists: Sequence[Rows]) -> None:
        """Lay out the lists."""
        self._known = CoListing(lists, self._n_rows)
        self._norms = np.sqrt(np.maximum(self._known.counts, 1))

    def recommend(self, seeds: Rows, n: int) -> Rows:
        """Return the n rows that are near the most seeds."""
        scores = self._known.popularity()
        for seed in seeds:
            rows, likeness = self._nearest(int(seed))
            scores[rows] += likeness
        return best_rows(scores, n, seeds)

    def _nearest(self, seed: int) -> tuple[Rows, Scores]:
        places = self._known.holders(seed)
        together = self._known.spread(places, 1 / np.sqrt(self._known.sizes[places]))
        together[seed] = 0
        rows = np.flatnonzero(together)
        likeness = together[rows] / (self._norms[rows] * self._norms[seed])
        best = np.argsort(-likeness, kind="stable")[:_PER_TRACK]
        return rows[best], likeness[best]


class NeighbourPlaylists:
    """The tracks of the 400 training lists that are most like the seeds.

    Likeness is the cosine between a list and the seeds, where a track counts by how rare it is; raising it to
    the power 1.5 lets near lists count more than many far ones.
    """

    name = "neighbour-playlists"

    def __init__(self, columns: Columns) -> None:
        self._n_rows = len(columns.year)

    def fit(self, lists: Sequence[Rows]) -> None:
        """Lay out the lists, and how rare each track is."""
        self._known = CoListing(lists, self._n_rows)
        self._rarity = np.log((1 + self._known.n_lists) / (1 + self._known.counts))  # (N,)
        self._norms = np.array([np.sqrt((self._rarity[rows] ** 2).sum()) for rows in self._known.lists])

    def recommend(self, seeds: Rows, n: int) -> Rows:
        """Return the n rows that weigh most on the nearest lists."""
        likeness = np.zeros(self._known.n_lists)
        for seed in seeds:
            likeness[self._known.holders(int(seed))] += self._rarity[seed] ** 2
        likeness /= np.maximum(self._norms, 1e-9)
        places = np.argsort(-likeness, kind="stable")[:_PLAYLISTS]
        places = places[likeness[places] > 0]
        scores = self._known.spread(places, likeness[places] ** 1.5)
        return best_rows(scores + self._known.popularity(), n, seeds)
