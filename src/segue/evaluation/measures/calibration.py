"""Does the ranker know when it is right? Picks of like score, and the share of them that were right."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from segue.evaluation.figures import CalibrationBin
from segue.evaluation.measures.metrics import Judged

_BINS = 10
_MIN_COUNT = 50


def calibrate(
    judged: Judged, scores: Sequence[NDArray[np.float64]], *, group: str, n_bins: int = _BINS
) -> tuple[CalibrationBin, ...]:
    """Return bins of picks by ascending score.

    Hits are rare and sit at the highest scores, so the bins halve from the bottom up: the lower half of all
    picks, the next quarter, the next eighth, and so on.

    Parameters
    ----------
    judged
        L lists of picks.
    scores
        The score of each pick, one array a list.
    group
        Goes into each bin.
    n_bins
        At most so many.

    """
    lengths = [len(each) for each in scores]
    if not sum(lengths):
        return ()
    flat = np.concatenate(list(scores))
    hits = np.concatenate([judged.hits[place, :length] for place, length in enumerate(lengths)])
    order = np.argsort(flat, kind="stable")
    flat, hits = flat[order], hits[order].astype(np.float64)
    return tuple(
        CalibrationBin(
            group,
            float(flat[start]),
            float(flat[end - 1]),
            float(flat[start:end].mean()),
            float(hits[start:end].mean()),
            end - start,
        )
        for start, end in pairwise(_halving_edges(len(flat), n_bins))
    )


def _halving_edges(n_picks: int, n_bins: int) -> list[int]:
    """Return the places where bins begin, and the end; the last bin is the rest, and none is too small."""
    edges = [0]
    while len(edges) < n_bins and (n_picks - edges[-1]) // 2 >= _MIN_COUNT:
        edges.append(edges[-1] + (n_picks - edges[-1]) // 2)
    return [*edges, n_picks]
