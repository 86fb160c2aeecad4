"""Where the hits come from: known songs or new ones, known artists or new ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.corpus.splits import Case
from segue.evaluation.measures.metrics import Judged, Values
from segue.evaluation.methods import Rows, count_rows

BREAKDOWN_CUTOFFS = (500, 1000)
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Training:
    """What the training lists hold, against which tracks and artists are known or new.

    `counts` (N,) is the number of training lists that hold each track, `artist_counts` (N,) the same for
    its artist, 0 where the artist is not known.
    """

    counts: NDArray[np.int64]
    artist_counts: NDArray[np.int64]


def count_training(lists: Sequence[Rows], artist_hash: NDArray[np.uint64]) -> Training:
    """Count how often tracks and artists occur in the training lists."""
    counts = count_rows(lists, len(artist_hash))
    _, artist = np.unique(artist_hash, return_inverse=True)
    by_artist = np.bincount(artist, weights=counts).astype(np.int64)[artist]
    return Training(counts, np.where(artist_hash == 0, 0, by_artist))


@dataclass(frozen=True, slots=True)
class Truths:
    """Every held-out track of every list, in one row: T in all.

    Attributes
    ----------
    place
        (T,) the list it belongs to, 0..L-1.
    rows
        (T,) its row in the catalogue.
    ranks
        (T,) its rank among the picks, from 0; a very large number where it is not among them.

    """

    place: NDArray[np.int64]
    rows: Rows
    ranks: NDArray[np.int64]


def find_truths(judged: Judged, cases: Sequence[Case]) -> Truths:
    """Find the rank of each held-out track."""
    ranks = [_ranks(picks, case.continuation) for picks, case in zip(judged.picks, cases, strict=True)]
    sizes = [len(case.continuation) for case in cases]
    return Truths(
        np.repeat(np.arange(len(cases)), sizes),
        np.concatenate([case.continuation for case in cases]),
        np.concatenate(ranks),
    )


def _ranks(picks: Rows, continuation: Rows) -> NDArray[np.int64]:
    """Return the rank of each held-out track (G,) among the picks (K,)."""
    missing = np.iinfo(np.int64).max
    if not len(picks):
        return np.full(len(continuation), missing)
    same = continuation[:, None] == picks  # (G, K)
    return np.where(same.any(axis=1), same.argmax(axis=1), missing)


def bands(
    truths: Truths, cases: Sequence[Case], training: Training, artist_hash: NDArray[np.uint64]
) -> dict[str, Mask]:
    """Return which held-out tracks fall in each band: name -> (T,)."""
    counts = training.counts[truths.rows]
    artists = artist_hash[truths.rows]
    seen = training.artist_counts[truths.rows] > 0
    among_seeds = np.concatenate(
        [np.isin(artist_hash[case.continuation], artist_hash[case.seeds]) for case in cases]
    )
    known = artists != 0
    return {
        "occurs 0": counts == 0,
        "occurs 1-4": (counts >= 1) & (counts <= 4),
        "occurs 5+": counts >= 5,
        "artist seen": seen & known,
        "artist unseen": ~seen & known,
        "artist among seeds": among_seeds & known,
        "artist not among seeds": ~among_seeds & known,
    }


def band_recall(truths: Truths, mask: Mask, lists: Mask, k: int) -> Values:
    """Return the recall at k within a band, one value for each of `lists` that has a track in it.

    Parameters
    ----------
    truths
        All held-out tracks.
    mask
        (T,) those in the band.
    lists
        (L,) the lists that are asked about.
    k
        How many picks count.

    """
    n_lists = len(lists)
    total = np.bincount(truths.place[mask], minlength=n_lists)
    hits = np.bincount(truths.place[mask & (truths.ranks < k)], minlength=n_lists)
    asked = lists & (total > 0)
    return np.asarray(hits[asked] / total[asked], dtype=np.float64)
