"""How good a list of picks is: the three measures of the RecSys Challenge 2018, and recall.

The functions over one list are the definitions, short enough to check by eye. `measure` gives the same
numbers for many lists at once. Picks and continuations are rows of the catalogue; picks hold no row twice.

Sources: Zamani, Schedl, Lamere, Chen, "An Analysis of Approaches Taken in the ACM RecSys Challenge 2018 for
Automatic Music Playlist Continuation" (arXiv:1810.01520), section 3.3, and the challenge's rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.errors import InputError

CUTOFF = 500  # the challenge's length of a list
NO_HIT_CLICKS = 51.0
ARTIST_CREDIT = 0.25
RECALL_CUTOFFS = (50, 500, 1000)

Rows = NDArray[np.int64]
Values = NDArray[np.float64]


def r_precision(picks: Sequence[int], continuation: Sequence[int]) -> float:
    """Return the share of the G continuation tracks that are among the first G picks; 0..1."""
    truth = _distinct_truth(continuation)
    return len(truth & set(picks[: len(truth)])) / len(truth)


def r_precision_2018(
    picks: Sequence[int],
    continuation: Sequence[int],
    *,
    pick_artists: Sequence[int],
    continuation_artists: Sequence[int],
) -> float:
    """Return R-precision with the challenge's credit for right artists; 0..1.25.

    (|S_T ∩ G_T| + 0.25 |S_A ∩ G_A|) / |G_T|, with S_T the first |G_T| picks, and S_A and G_A the sets of
    artists of S_T and G_T. As in the paper, the artist of a right track counts too, and an artist counts
    once however many of its tracks there are; so the value can exceed 1.

    Parameters
    ----------
    picks, continuation
        Rows, the picks best first.
    pick_artists, continuation_artists
        The artist of each pick and of each continuation track; 0 means not known and never matches.

    """
    truth = _distinct_truth(continuation)
    artists = (set(pick_artists[: len(truth)]) & set(continuation_artists)) - {0}
    return r_precision(picks, continuation) + ARTIST_CREDIT * len(artists) / len(truth)


def ndcg(picks: Sequence[int], continuation: Sequence[int], k: int = CUTOFF) -> float:
    """Return the normalised discounted cumulative gain of the first k picks; 0..1.

    A hit at rank i (from 1) gains 1 / log2(i + 1). The ideal list has min(k, G) hits at its head.
    """
    truth = _distinct_truth(continuation)
    gain = sum(1 / np.log2(rank + 2) for rank, row in enumerate(picks[:k]) if row in truth)
    return float(gain / _ideal_gains(k)[min(k, len(truth))])


def clicks(picks: Sequence[int], continuation: Sequence[int], k: int = CUTOFF) -> float:
    """Return how often a listener asks for ten more before the first hit; 0..49, and 51 without a hit.

    Recommended songs are shown in tens: a first hit at ranks 1 to 10 needs 0 clicks.
    """
    truth = _distinct_truth(continuation)
    first = next((rank for rank, row in enumerate(picks[:k]) if row in truth), None)
    return NO_HIT_CLICKS if first is None else float(first // 10)


def recall(picks: Sequence[int], continuation: Sequence[int], k: int) -> float:
    """Return the share of the continuation that is among the first k picks; 0..1."""
    truth = _distinct_truth(continuation)
    return len(truth & set(picks[:k])) / len(truth)


@dataclass(frozen=True, slots=True)
class Judged:
    """Many lists of picks beside what should have come; L lists, padded to K picks.

    Attributes
    ----------
    picks
        (L, K) rows, best first, -1 after the last.
    hits
        (L, K) whether the pick is in the continuation.
    sizes
        (L,) how many distinct tracks each continuation holds, at least 1.
    right_artists
        (L,) how many distinct artists of the continuation are among those of its first `sizes` picks.

    """

    picks: Rows
    hits: NDArray[np.bool_]
    sizes: NDArray[np.int64]
    right_artists: NDArray[np.int64]


def judge(picks: Sequence[Rows], continuations: Sequence[Rows], *, artist_hash: NDArray[np.uint64]) -> Judged:
    """Lay lists of picks side by side and mark the hits.

    Parameters
    ----------
    picks, continuations
        One array of rows a list; the picks best first.
    artist_hash
        (N,) the artist of each row of the catalogue, 0 where not known.

    Raises
    ------
    InputError
        When the two sides differ in length, a continuation is empty, or picks hold a row twice.

    """
    if len(picks) != len(continuations):
        raise InputError(f"expected one list of picks a continuation, got {len(picks)}, {len(continuations)}")
    padded = np.full((len(picks), max((len(p) for p in picks), default=0)), -1, dtype=np.int64)
    hits = np.zeros(padded.shape, dtype=np.bool_)
    sizes = np.zeros(len(picks), dtype=np.int64)
    right_artists = np.zeros(len(picks), dtype=np.int64)
    for place, (chosen, truth) in enumerate(zip(picks, continuations, strict=True)):
        if len(np.unique(chosen)) != len(chosen):
            raise InputError(f"list {place}: expected distinct picks, got one twice")
        padded[place, : len(chosen)] = chosen
        hits[place, : len(chosen)] = np.isin(chosen, truth)
        sizes[place] = len(_distinct_truth(truth.tolist()))
        artists = np.intersect1d(artist_hash[chosen[: sizes[place]]], artist_hash[truth])
        right_artists[place] = np.count_nonzero(artists)
    return Judged(padded, hits, sizes, right_artists)


def measure(judged: Judged) -> dict[str, Values]:
    """Return every measure for every list: name -> (L,).

    `recall_k` looks at no more picks than there are, so ask for at least 1,000 where it matters.
    """
    ranks = np.arange(judged.hits.shape[1])
    in_head = ranks < judged.sizes[:, None]  # (L, K): the first G picks
    precision = (judged.hits & in_head).sum(axis=1) / judged.sizes
    values = {
        "r_precision": precision,
        "r_precision_2018": precision + ARTIST_CREDIT * judged.right_artists / judged.sizes,
        "ndcg": ndcg_many(judged),
        "clicks": clicks_many(judged),
    }
    return values | {f"recall_{k}": judged.hits[:, :k].sum(axis=1) / judged.sizes for k in RECALL_CUTOFFS}


def ndcg_many(judged: Judged, k: int = CUTOFF) -> Values:
    """Return `ndcg` of every list, (L,)."""
    hits = judged.hits[:, :k]
    discount = 1 / np.log2(np.arange(2, hits.shape[1] + 2))
    return np.asarray((hits @ discount) / _ideal_gains(k)[np.minimum(judged.sizes, k)], dtype=np.float64)


def clicks_many(judged: Judged, k: int = CUTOFF) -> Values:
    """Return `clicks` of every list, (L,)."""
    hits = judged.hits[:, :k]
    if not hits.shape[1]:
        return np.full(len(hits), NO_HIT_CLICKS)
    return np.where(hits.any(axis=1), hits.argmax(axis=1) // 10, NO_HIT_CLICKS)


def _ideal_gains(k: int) -> Values:
    """Return the gain of the ideal list by its number of hits, (k + 1,)."""
    return np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(2, k + 2)))])


def _distinct_truth(continuation: Sequence[int]) -> set[int]:
    truth = set(continuation)
    if not truth:
        raise InputError("expected a continuation of at least one track, got none")
    return truth
