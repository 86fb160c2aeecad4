"""Brute force: every embedding is looked at, so nothing is ever missed."""

import numpy as np

from segue.index.protocol import Floats, Index, Mask, Rows

_NEVER = np.float32(-np.inf)  # a plain float would turn the scores into float64
_STRIDE = 16
_BLOCK = 1024  # rows whose product with a batch of queries stays in the cache until it has been turned


class ExactScan:
    """The score of every row for one query. The scores are never handed out, so nobody can change them.

    Parameters
    ----------
    scores
        (N,) float32.

    """

    def __init__(self, scores: Floats) -> None:
        self._scores = scores

    def search(self, k: int, allowed: Mask | None = None) -> tuple[Rows, Floats]:
        """Return the k best of the allowed rows and their scores, best first."""
        scores = self._scores if allowed is None else np.where(allowed, self._scores, _NEVER)
        rows = find_best(scores, k)
        return rows, self._scores[rows]

    def score_rows(self, rows: Rows) -> Floats:
        """Return the scores (C,) of any rows (C,)."""
        return self._scores[rows]


class ExactIndex(Index):
    """All embeddings in one matrix.

    A scan reads the whole matrix once: N * D * 4 bytes, and that read is its floor. Queries that are scanned
    together share it.

    Parameters
    ----------
    embeddings
        (N, D) float32; may be memory-mapped.
    bias
        (N,) float32, added to every score.

    """

    def __init__(self, embeddings: Floats, bias: Floats) -> None:
        self._embeddings = embeddings
        self._bias = bias

    def __len__(self) -> int:
        return len(self._embeddings)

    def scan(self, queries: Floats) -> list[ExactScan]:
        """Score every row for B queries (B, D)."""
        scores = np.empty((len(queries), len(self)), np.float32)
        columns = np.ascontiguousarray(queries.T)  # (D, B)
        for start in range(0, len(self), _BLOCK):
            block = slice(start, start + _BLOCK)
            # Embeddings on the left: BLAS is up to twice as slow the other way round at such shapes.
            np.add((self._embeddings[block] @ columns).T, self._bias[block], out=scores[:, block])
        return [ExactScan(own) for own in scores]


def find_best(scores: Floats, n: int) -> Rows:
    """Return the positions of the `n` highest scores, best first; ties in order of position.

    Those at minus infinity are never returned, so fewer than `n` may come back.
    """
    if n < 1:
        return np.empty(0, np.int64)
    chosen = _find_likely(scores, n)
    if n < len(chosen):
        lowest = len(chosen) - n
        chosen = np.sort(chosen[np.argpartition(scores[chosen], lowest)[lowest:]])
    best: Rows = chosen[np.argsort(-scores[chosen], kind="stable")]
    return best


def _find_likely(scores: Floats, n: int) -> Rows:
    """Return positions that hold the `n` best for sure, and few others where that is cheap to tell.

    Every sixteenth score says where the best begin. That spares the partition of the whole, and one through
    the many equal values of what is ruled out, which would be slow.
    """
    sample = scores[::_STRIDE]
    rank = 2 * n // _STRIDE + 8
    if rank < len(sample):
        likely = np.flatnonzero(scores > np.partition(sample, len(sample) - rank)[len(sample) - rank])
        if len(likely) >= n:
            return likely
    return np.flatnonzero(scores > -np.inf)
