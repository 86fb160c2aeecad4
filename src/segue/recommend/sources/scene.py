"""What artists play who stand in playlists with the seeds' artists."""

from dataclasses import dataclass

import numpy as np

from segue.index.exact import find_best
from segue.index.protocol import Rows
from segue.recommend.sources.protocol import Lookup
from segue.recommend.track_arrays import Factors, Floats


@dataclass(frozen=True, slots=True)
class Scene:
    """The nearest tracks by artists who are listed with the seeds' artists."""

    name: str = "scene"
    share: float = 0.75

    def find(self, lookup: Lookup, n: int) -> Rows:
        """Return the n best allowed rows by cosine plus likeness of artists; none when no artist is known."""
        tables = lookup.tables
        if not tables.knows_lists:
            return np.empty(0, np.int64)
        rows = tables.with_artist
        near = lookup.score_allowed(rows) / np.float32(tables.temperature)
        near += _taste(tables.artists, lookup.seeds.rows)[tables.artists.place[rows]]
        return rows[find_best(near, n)]


def _taste(factors: Factors, seeds: Rows) -> Floats:
    """Return the likeness of every known artist to the mean of the seeds', (V + 1,)."""
    mean: Floats = factors.vectors[factors.place[seeds]].mean(axis=0)
    return factors.vectors @ mean
