"""What a source of candidates is given, and what it gives."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from segue.index.protocol import Mask, Rows, Scan
from segue.recommend.pair_features import Seeds
from segue.recommend.track_arrays import Floats, Tables


@dataclass(frozen=True, slots=True)
class Lookup:
    """One query, as every source sees it.

    Attributes
    ----------
    tables
        The catalogue.
    seeds
        The query.
    scan
        The query laid over the index.
    allowed
        (N,) the rows that may be found; no seed is among them.

    """

    tables: Tables
    seeds: Seeds
    scan: Scan
    allowed: Mask

    def score_allowed(self, rows: NDArray[np.int64]) -> Floats:
        """Return the retrieval scores (C,) of rows (C,), minus infinity for those that are not allowed."""
        scores: Floats = np.where(self.allowed[rows], self.scan.score_rows(rows), np.float32(-np.inf))
        return scores


class CandidateSource(Protocol):
    """One way to find candidates. It keeps nothing between queries.

    Attributes
    ----------
    name
        As shown where scores are explained.
    share
        How many it adds to a pool of 1 from the towers.

    """

    @property
    def name(self) -> str:
        """The name."""
        ...

    @property
    def share(self) -> float:
        """The share."""
        ...

    def find(self, lookup: Lookup, n: int) -> Rows:
        """Return up to n distinct allowed rows, best first; none when the model cannot tell."""
        ...
