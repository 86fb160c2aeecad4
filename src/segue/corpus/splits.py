"""Which lists train and which are measured, and which of a list's tracks are shown.

The part of a list hangs on its `playlist_id` alone (a hash, no draw), so that it is the same on every machine
and in every run, and two copies of one list from two sources never stand on both sides.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segue.corpus.lists import TrackList
from segue.text.song_keys import hash64

Part = Literal["train", "validation", "test"]

TEST_SHARE, VALIDATION_SHARE = 0.20, 0.10
TRAIN_ONLY_SOURCES = frozenset({"hari", "thorstein"})  # one person's collection; charts
MIN_MEASURED_TRACKS = 20
MIN_SEEDS, MAX_SEEDS = 5, 100


@dataclass(frozen=True, slots=True)
class Split:
    """Lists by part. What lies in a part and is too short to be measured is in none."""

    train: tuple[TrackList, ...]
    validation: tuple[TrackList, ...]
    test: tuple[TrackList, ...]

    def measured(self, part: Part) -> tuple[TrackList, ...]:
        """Return the lists of this part."""
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        return parts[part]

    def fitted_for(self, part: Part) -> tuple[TrackList, ...]:
        """Return the lists that a model measured on this part may learn from.

        For "test" these are all others, so the validation lists are not lost to the final model.
        """
        return self.train if part == "validation" else self.train + self.validation


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its answer: the seeds that are shown, and the continuation that is held out.

    `seeds` (S,) and `continuation` (G,) are rows of the catalogue and share none.
    """

    source: TrackList
    seeds: NDArray[np.int64]
    continuation: NDArray[np.int64]


def part_of(playlist_id: str) -> Part:
    """Return the part that the hash of this id falls in."""
    place = hash64(f"part:{playlist_id}") / 2**64
    if place < TEST_SHARE:
        return "test"
    return "validation" if place < TEST_SHARE + VALIDATION_SHARE else "train"


def split_lists(lists: Iterable[TrackList]) -> Split:
    """Sort lists into parts.

    An id that any train-only source holds trains, wherever else it occurs. So does an id whose every copy is
    too short to be measured. Of the copies of one measured list only the longest is measured.
    """
    copies: dict[str, list[TrackList]] = defaultdict(list)
    for entry in lists:
        copies[entry.playlist_id].append(entry)
    parts: dict[Part, list[TrackList]] = {"train": [], "validation": [], "test": []}
    for playlist_id, entries in copies.items():
        longest = max(entries, key=lambda entry: len(entry.rows))
        part = part_of(playlist_id)
        trains_only = any(entry.source in TRAIN_ONLY_SOURCES for entry in entries)
        if part == "train" or trains_only or len(longest.rows) < MIN_MEASURED_TRACKS:
            parts["train"].extend(entries)
        else:
            parts[part].append(longest)
    return Split(*(tuple(parts[part]) for part in ("train", "validation", "test")))


def cut_half(entry: TrackList) -> Case:
    """Return the protocol's case: after a shuffle, the first half (5 to 100) are seeds, the rest follow."""
    shuffled = shuffle_list(entry)
    n_seeds = min(max(len(shuffled) // 2, MIN_SEEDS), MAX_SEEDS)
    return Case(entry, shuffled[:n_seeds], shuffled[n_seeds:])


def shuffle_list(entry: TrackList) -> NDArray[np.int64]:
    """Return the rows of a list in an order that hangs on its id alone."""
    return np.random.default_rng(hash64(f"order:{entry.playlist_id}")).permutation(entry.rows)


def cut_seeds(entry: TrackList, n_seeds: int) -> Case | None:
    """Return a case with the first `n_seeds` seeds of the half protocol and the same continuation.

    With one continuation for every number of seeds, the figures differ by the seeds alone. None where the
    half protocol has fewer seeds.
    """
    half = cut_half(entry)
    return Case(entry, half.seeds[:n_seeds], half.continuation) if len(half.seeds) >= n_seeds else None


def largest_overlap(
    lists: Sequence[TrackList], others: Sequence[TrackList], n_rows: int
) -> NDArray[np.float64]:
    """Return for each list the largest share of its tracks that a single one of `others` holds, (L,).

    A share near 1 is a near copy. `n_rows` is the number of tracks in the catalogue.
    """
    holders = np.concatenate(
        [np.full(len(o.rows), place) for place, o in enumerate(others)] or [np.array([])]
    )
    held = np.concatenate([o.rows for o in others] or [np.array([], dtype=np.int64)])
    order = np.argsort(held, kind="stable")
    holders = holders[order].astype(np.int64)
    starts = np.searchsorted(held[order], np.arange(n_rows + 1))
    shares = np.zeros(len(lists))
    for place, entry in enumerate(lists):
        found = np.concatenate([holders[starts[row] : starts[row + 1]] for row in entry.rows])
        if len(found):
            shares[place] = np.bincount(found).max() / len(entry.rows)
    return shares
