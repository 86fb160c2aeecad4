"""From everything to about a thousand and a half: the tracks that the ranker looks at."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segue.index.protocol import Mask, Rows, Scan
from segue.recommend.pair_features import Seeds
from segue.recommend.sources.by_artist import ByArtist
from segue.recommend.sources.protocol import CandidateSource, Lookup
from segue.recommend.sources.scene import Scene
from segue.recommend.sources.towers import Towers
from segue.recommend.track_arrays import Floats, Tables

# Serving, training and the ablation all take their candidates from these.
SOURCES: tuple[CandidateSource, ...] = (Towers(), ByArtist(), Scene())


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the sources found for one query.

    Attributes
    ----------
    rows
        (C,) rising, distinct, none of them a seed.
    scores
        (C,) their retrieval scores.
    found
        For each source its name and the rows that it gave.

    """

    rows: Rows
    scores: Floats
    found: tuple[tuple[str, Rows], ...] = ()

    def sources_of(self, row: int) -> tuple[str, ...]:
        """Return the names of the sources that found a row."""
        return tuple(name for name, rows in self.found if row in rows)


def start_lookup(tables: Tables, seeds: Seeds, scan: Scan, allowed: Mask | None = None) -> Lookup:
    """Put a query together for the sources; `allowed` (N,) is what the filters let through, None for all.

    The seeds are taken out here, so that no source has to.
    """
    mask = np.ones(len(tables), np.bool_) if allowed is None else allowed.copy()
    mask[seeds.all_rows] = False
    return Lookup(tables, seeds, scan, mask)


def find_candidates(lookup: Lookup, n: int, sources: Sequence[CandidateSource] = SOURCES) -> Candidates:
    """Gather candidates from sources; each is asked for `n` times its share."""
    found = tuple((source.name, source.find(lookup, round(n * source.share))) for source in sources)
    rows = np.unique(np.concatenate([rows for _, rows in found]))
    return Candidates(rows, lookup.scan.score_rows(rows), found)
