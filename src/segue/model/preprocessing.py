"""What the towers take, and how hashes become places in the learned tables."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TrackInputs:
    """Tracks as the candidate tower takes them; N tracks. A bundle uses those that its manifest names.

    Attributes
    ----------
    audio
        (N, 13) float32, raw units, NaN where missing.
    year
        (N,) float32, NaN where missing.
    profile
        (N, 11) float32: the mean normal scores of the numeric audio features over all that the catalogue has
        by the artist, then the mean year, scaled as in `scale_year`; a track without an artist stands for
        itself, so that it does not stand out.
    artist, track, song
        (N,) int32: places in the bundle's vocabularies; 0 for what training never saw.

    """

    audio: NDArray[np.float32]
    year: NDArray[np.float32]
    profile: NDArray[np.float32]
    artist: NDArray[np.int32]
    track: NDArray[np.int32]
    song: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.audio)

    def take(self, rows: NDArray[np.integer] | slice) -> Self:
        """Return the inputs of these rows."""
        return type(self)(*(getattr(self, each.name)[rows] for each in fields(self)))


def scale_year(year: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale years to about -2 to 2; a missing one becomes 0, a middling year."""
    scaled: NDArray[np.float32] = np.nan_to_num((year - np.float32(1995)) / np.float32(15))
    return scaled


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Known 64-bit hashes, sorted; the place of a hash is its position + 1, so that 0 means unknown."""

    hashes: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.hashes)

    def find(self, hashes: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Return the place of each hash (any shape), 0 where it is not known or is the 0 of "missing"."""
        if not len(self.hashes):
            return np.zeros(hashes.shape, np.int32)
        place = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        known = (self.hashes[place] == hashes) & (hashes != 0)
        return np.where(known, place + 1, 0).astype(np.int32)
