"""What an index gives: the nearest rows for a query, and the scores of rows that somebody else found.

A new index is one class with `__len__` and `scan`; `tests/contract/test_indexes.py` then runs on it.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Scan(Protocol):
    """One query laid over an index. What it has worked out is shared by all that is asked of it."""

    def search(self, k: int, allowed: Mask | None = None) -> tuple[Rows, Floats]:
        """Return the k best rows and their scores, best first.

        Parameters
        ----------
        k
            How many; fewer come back when fewer are allowed.
        allowed
            (N,) the rows that may come back; None for all. It is read, never written to.

        """
        ...

    def score_rows(self, rows: Rows) -> Floats:
        """Return the scores (C,) of any rows (C,); the same numbers that `search` gives for them."""
        ...


class Index(Protocol):
    """N embeddings with a bias each; the score of a row is its product with the query, plus the bias."""

    def __len__(self) -> int: ...

    def scan(self, queries: Floats) -> Sequence[Scan]:
        """Lay B queries (B, D) over the index at once; one scan each, in their order."""
        ...

    def search(self, query: Floats, k: int, allowed: Mask | None = None) -> tuple[Rows, Floats]:
        """Return the k best rows for one query (D,), and their scores; as `Scan.search`."""
        return self.scan(query[None])[0].search(k, allowed)

    def search_many(
        self, queries: Floats, k: int, allowed: Sequence[Mask | None] | None = None
    ) -> list[tuple[Rows, Floats]]:
        """Return what `search` does for each of B queries (B, D); `allowed` holds one mask a query."""
        masks = [None] * len(queries) if allowed is None else allowed
        return [scan.search(k, mask) for scan, mask in zip(self.scan(queries), masks, strict=True)]

    def score_rows(self, query: Floats, rows: Rows) -> Floats:
        """Return the scores (C,) of any rows (C,) for one query (D,)."""
        return self.scan(query[None])[0].score_rows(rows)
