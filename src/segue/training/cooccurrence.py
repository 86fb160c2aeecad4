"""What playlists teach without a network: how often things are listed, and which go together.

Only parameters come out: counts, and factors of songs and artists under 64-bit hashes. No list can be read
back from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from segue.recommend.track_arrays import Floats

FACTORS = 64
OFTEN = 4  # lists that hold a pair, for it to be called "often listed together"
_BLOCK = 1_000
_DAMPING = 0.25  # how much less a frequent song tells than a rare one, as a power of its count
_SCALE = 3_000  # counts are per so many lists, so that they compare between training runs


@dataclass(frozen=True, slots=True)
class Learned:
    """What lists teach about one kind of thing (tracks, songs or artists).

    Attributes
    ----------
    hashes
        (V,) uint64, sorted.
    counts
        (V,) float32: lists that hold it, per 3,000 lists.
    factors
        (V, K) int8: unit vectors, scaled by their largest value.

    """

    hashes: NDArray[np.uint64]
    counts: Floats
    factors: NDArray[np.int8]


def count_lists(
    hashes: NDArray[np.uint64], lists: Sequence[NDArray[np.int64]]
) -> tuple[NDArray[np.uint64], Floats]:
    """Return the known hashes, sorted, and in how many of the lists each stands.

    Parameters
    ----------
    hashes
        (N,) by catalogue row; 0 for missing.
    lists
        Rows of each list.

    """
    found = np.concatenate([np.unique(hashes[own]) for own in lists])
    distinct, counts = np.unique(found[found != 0], return_counts=True)
    return distinct, counts.astype(np.float32)


def find_pairs(hashes: NDArray[np.uint64], lists: Sequence[NDArray[np.int64]]) -> NDArray[np.uint64]:
    """Return the hashes (P,), sorted, of the pairs that at least `OFTEN` lists hold together.

    The hash of a pair is that of one exclusive-or that of the other. What only a few lists hold is left out,
    so that no list can be read back.
    """
    known, counts = count_lists(hashes, lists)
    often = known[counts >= OFTEN]
    rows, columns = [], []
    for number, own in enumerate(lists):
        mine = np.intersect1d(hashes[own], often)
        rows.append(np.full(len(mine), number))
        columns.append(np.searchsorted(often, mine))
    where = (np.concatenate(rows), np.concatenate(columns))
    shape = (len(lists), len(often))
    matrix = sparse.csc_matrix((np.ones(len(where[0]), np.float32), where), shape=shape)
    found = [np.empty(0, np.uint64)]
    for start in range(0, len(often), _BLOCK):
        together = (matrix[:, start : start + _BLOCK].T @ matrix).tocoo()
        one, other = together.row + start, together.col
        chosen = (together.data >= OFTEN) & (one < other)
        found.append(often[one[chosen]] ^ often[other[chosen]])
    return np.unique(np.concatenate(found))


def learn(hashes: NDArray[np.uint64], lists: Sequence[NDArray[np.int64]], *, rng: int) -> Learned:
    """Learn factors by a truncated singular value decomposition of the damped, normalised lists.

    A row of the matrix is a list, scaled to length 1 after each entry is divided by a power of how many lists
    hold it. Factors are the right singular vectors times the roots of the singular values.
    """
    known, counts = count_lists(hashes, lists)
    rows, columns, values = [], [], []
    for number, own in enumerate(lists):
        mine, times = np.unique(hashes[own][hashes[own] != 0], return_counts=True)
        weights = np.sqrt(times) / counts[np.searchsorted(known, mine)] ** _DAMPING
        rows.append(np.full(len(mine), number))
        columns.append(np.searchsorted(known, mine))
        values.append(weights / max(float(np.linalg.norm(weights)), 1e-9))
    matrix = sparse.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
        shape=(len(lists), len(known)),
        dtype=np.float32,
    )
    k = min(FACTORS, min(matrix.shape) - 1)
    _, strength, right = svds(matrix, k=k, rng=np.random.default_rng(rng))
    factors = right.T * np.sqrt(strength)
    largest = np.maximum(np.abs(factors).max(axis=1, keepdims=True), 1e-9)
    return Learned(
        known,
        counts * np.float32(_SCALE / len(lists)),
        np.round(factors / largest * 127).astype(np.int8),
    )
