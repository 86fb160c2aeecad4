"""From playlists to batches: which tracks are seeds, which should follow, and which are to be beaten."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MIN_TRACKS = 10


@dataclass(frozen=True, slots=True)
class Batch:
    """B queries with P positives each, and their shared candidates (the B * P positives, then the negatives).

    Attributes
    ----------
    rows
        (R + B * P + U,) rows of all tracks to embed: R places for seeds (some unused), positives, negatives.
    seed_place
        (B, S) int32: which of the R places each seed stands in.
    mask
        (B, S) float32: 1 for a seed, 0 for padding.
    members
        (B, B * P + U) bool: the candidate stands in the query's own list, so it is no negative.

    """

    rows: NDArray[np.int32]
    seed_place: NDArray[np.int32]
    mask: NDArray[np.float32]
    members: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sampler:
    """Draws batches. The same `rng` number and step give the same batch on every machine.

    Attributes
    ----------
    lists
        Rows of each training list.
    n_rows
        N, the size of the catalogue.
    rng
        The number that all randomness hangs on.
    lists_per_batch, positives, negatives, max_seeds
        B, P, U, S.

    """

    lists: Sequence[NDArray[np.int64]]
    n_rows: int
    rng: int
    lists_per_batch: int = 64
    positives: int = 8
    negatives: int = 2048
    max_seeds: int = 50

    @property
    def seed_places(self) -> int:
        """R: room for the mean number of seeds and four standard deviations more."""
        mean, spread = self.max_seeds / 2, self.max_seeds / 12**0.5
        room = self.lists_per_batch * mean + 4 * spread * self.lists_per_batch**0.5
        return int(np.ceil(room / 128) * 128)

    def draw(self, step: int) -> Batch:
        """Draw the batch of one step."""
        rng = np.random.default_rng((self.rng, step))
        shape = (self.lists_per_batch, self.max_seeds)
        place, mask = np.zeros(shape, np.int32), np.zeros(shape, np.float32)
        seeds = np.zeros(self.seed_places, np.int32)
        positives = np.zeros((self.lists_per_batch, self.positives), np.int32)
        chosen = rng.integers(0, len(self.lists), self.lists_per_batch)
        used = 0
        for i, number in enumerate(chosen):
            own = self.lists[number]
            room = min(len(own) - self.positives, self.seed_places - used - (self.lists_per_batch - i - 1))
            count = max(1, min(int(rng.integers(1, self.max_seeds + 1)), room))
            drawn = rng.permutation(own)[: count + self.positives]
            seeds[used : used + count] = drawn[:count]
            place[i, :count] = np.arange(used, used + count)
            mask[i, :count] = 1
            positives[i] = np.resize(drawn[count:], self.positives)
            used += count
        negatives = rng.integers(0, self.n_rows, self.negatives, dtype=np.int32)
        candidates = np.concatenate([positives.ravel(), negatives])
        return Batch(np.concatenate([seeds, candidates]), place, mask, self._find_members(chosen, candidates))

    def expected_counts(self) -> NDArray[np.float32]:
        """Return how often each row (N,) is expected among a batch's candidates, for the logQ correction."""
        counts = np.full(self.n_rows, self.negatives / self.n_rows)
        for own in self.lists:
            counts[own] += self.lists_per_batch * self.positives / len(self.lists) / len(own)
        return counts.astype(np.float32)

    def _find_members(self, chosen: NDArray[np.int64], candidates: NDArray[np.int32]) -> NDArray[np.bool_]:
        members = np.zeros((len(chosen), len(candidates)), bool)
        marked = np.zeros(self.n_rows, bool)
        for i, number in enumerate(chosen):
            marked[self.lists[number]] = True
            members[i] = marked[candidates]
            marked[self.lists[number]] = False
        return members
