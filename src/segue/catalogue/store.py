"""A catalogue on disk. (Interface; see the class.)"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from segue.types import Track


@dataclass(frozen=True, slots=True)
class Columns:
    """The whole catalogue as arrays; N tracks, in row order.

    Attributes
    ----------
    audio
        (N, 13) float32, in the order of `features.AUDIO`, raw units, NaN where missing.
    year, popularity
        (N,) float32, NaN where missing.
    track_hash, artist_hash, album_hash, song_hash, isrc_hash
        (N,) uint64 `names.hash64` of the track id, of the first artist's `artist_key`, of
        "artist_key TAB folded album", of the `song_key`, of the ISRC; 0 where missing.
    """

    audio: NDArray[np.float32]
    year: NDArray[np.float32]
    popularity: NDArray[np.float32]
    track_hash: NDArray[np.uint64]
    artist_hash: NDArray[np.uint64]
    album_hash: NDArray[np.uint64]
    song_hash: NDArray[np.uint64]
    isrc_hash: NDArray[np.uint64]


class Catalogue:
    """One SQLite file of tracks. Safe to use from many threads."""

    path: Path
    revision: str  # a new random text after every committed change

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open for reading; never writes, and works in a read-only folder."""
        raise NotImplementedError

    @classmethod
    def create(cls, path: Path) -> Self:
        """Open for writing, and make the file when there is none."""
        raise NotImplementedError

    def __len__(self) -> int: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def find_rows(self, track_ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each id, -1 where the catalogue does not hold it; (S,)."""
        raise NotImplementedError

    def get_tracks(self, rows: Sequence[int]) -> list[Track]:
        """Return the tracks at these rows, in this order."""
        raise NotImplementedError

    def find_track(self, track_id: str) -> Track | None: ...

    def find_by_isrc(self, isrc: str) -> list[Track]: ...

    def search(self, text: str, *, limit: int = 20) -> list[Track]:
        """Return tracks whose title or artist begin words of `text`, most popular first; instant."""
        raise NotImplementedError

    def load_columns(self) -> Columns:
        """Read the whole catalogue into arrays."""
        raise NotImplementedError

    def upsert(self, tracks: Iterable[Track]) -> tuple[int, int]:
        """Add or update tracks in one transaction; return (added, updated)."""
        raise NotImplementedError
