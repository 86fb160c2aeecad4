"""Whatever else the catalogue has by the seeds' artists; the towers alone lose some of it."""

from dataclasses import dataclass

import numpy as np

from segue.index.exact import find_best
from segue.index.protocol import Rows
from segue.recommend.sources.protocol import Lookup


@dataclass(frozen=True, slots=True)
class ByArtist:
    """The nearest tracks by the seeds' own artists."""

    name: str = "by-artist"
    share: float = 0.75

    def find(self, lookup: Lookup, n: int) -> Rows:
        """Return the n best allowed rows by an artist of a seed; none from a model that looks at no name."""
        if not lookup.tables.knows_lists:
            return np.empty(0, np.int64)
        rows = lookup.tables.by_artist.rows(lookup.tables.artist[lookup.seeds.rows])
        return rows[find_best(lookup.score_allowed(rows), n)]
