"""Brute force: every embedding is looked at, so nothing is ever missed."""

import numpy as np
from numpy.typing import NDArray

_STRIDE = 16
_BLOCK = 1024  # rows whose product with a batch of queries stays in the cache until it has been turned


class ExactIndex:
    """All embeddings in one matrix.

    A search reads the whole matrix once: N * D * 4 bytes, and that read is its floor.

    Parameters
    ----------
    embeddings
        (N, D) float32; may be memory-mapped.
    bias
        (N,) float32, added to every score.

    """

    def __init__(self, embeddings: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
        self._embeddings = embeddings
        self._bias = bias

    def __len__(self) -> int:
        return len(self._embeddings)

    def score(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the score of every track for one query (D,), or for B queries (B, D): (N,) or (B, N)."""
        if query.ndim == 1:
            scores: NDArray[np.float32] = self._embeddings @ query
            scores += self._bias
            return scores
        scores = np.empty((len(query), len(self)), np.float32)
        columns = np.ascontiguousarray(query.T)  # (D, B)
        for start in range(0, len(self), _BLOCK):
            block = slice(start, start + _BLOCK)
            # Embeddings on the left: BLAS is up to twice as slow the other way round at such shapes.
            np.add((self._embeddings[block] @ columns).T, self._bias[block], out=scores[:, block])
        return scores


def find_best(scores: NDArray[np.float32], n: int) -> NDArray[np.int64]:
    """Return the positions of the `n` highest scores, best first; ties in order of position.

    Those at minus infinity are never returned, so fewer than `n` may come back.
    """
    chosen = _find_likely(scores, n)
    if n < len(chosen):
        lowest = len(chosen) - n
        chosen = np.sort(chosen[np.argpartition(scores[chosen], lowest)[lowest:]])
    best: NDArray[np.int64] = chosen[np.argsort(-scores[chosen], kind="stable")]
    return best


def _find_likely(scores: NDArray[np.float32], n: int) -> NDArray[np.int64]:
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
