"""What the page and the drop-in need to know of a whole catalogue, worked out once for each generation."""

import asyncio
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from segue.explore.map import Atlas
from segue.features import AUDIO, AUDIO_NAMES, Feature
from segue.recommend.flow import Recommender
from segue.text.song_keys import artist_key, hash64
from segue.types import Track

BINS = 24


@dataclass(frozen=True, slots=True)
class FeatureProfile:
    """One audio feature, and how the tracks of a catalogue spread over it.

    Attributes
    ----------
    known
        Tracks that have a value.
    bins
        Tracks in each of BINS equal steps from `view_low` to `view_high`; what lies outside is in the last
        step on its side.
    view_low, view_high
        The range that nearly all values lie in, in the feature's unit.

    """

    feature: Feature
    known: int
    bins: tuple[int, ...]
    view_low: float
    view_high: float


def _view(feature: Feature, known: NDArray[np.float32]) -> tuple[float, float]:
    """Return the range that nearly all values lie in, on round numbers."""
    if feature.high == 1 or (feature.integer and feature.high < 20) or len(known) == 0:
        return feature.low, feature.high
    low, high = np.percentile(known, [0.5, 99.5])
    step = {"loudness": 5.0, "tempo": 10.0, "duration_ms": 30_000.0}.get(feature.name, 1.0)
    view_low = max(feature.low, float(np.floor(low / step) * step))
    view_high = min(feature.high, float(np.ceil(high / step) * step))
    return (view_low, view_high) if view_high > view_low else (feature.low, feature.high)


def describe_feature(feature: Feature, values: NDArray[np.float32]) -> FeatureProfile:
    """Return a feature and how the values (N,) spread over it."""
    known = values[np.isfinite(values)]
    low, high = _view(feature, known)
    counts, _ = np.histogram(np.clip(known, low, high), bins=BINS, range=(low, high))
    return FeatureProfile(feature, len(known), tuple(int(count) for count in counts), low, high)


@dataclass
class Facts:
    """One catalogue as a whole. Each part is worked out when it is first asked for, then kept."""

    recommender: Recommender
    atlas: "asyncio.Future[Atlas] | None" = None

    def column(self, name: str) -> NDArray[np.float32]:
        """Return one audio feature, "year" or "popularity" of every track: (N,), NaN where missing."""
        tables = self.recommender.tables
        if name == "popularity":
            return tables.popularity
        if name == "year":
            return tables.song_year
        return tables.inputs.audio[:, AUDIO_NAMES.index(name)]

    @cached_property
    def features(self) -> tuple[FeatureProfile, ...]:
        """Every audio feature and how the catalogue spreads over it."""
        return tuple(describe_feature(feature, self.column(feature.name)) for feature in AUDIO)

    @cached_property
    def genres(self) -> dict[str, int]:
        """How many tracks carry each genre, most first."""
        return self.recommender.catalogue.count_genres()

    @property
    def years(self) -> tuple[int | None, int | None]:
        """The earliest and the latest year of release; None when no year is known."""
        years = self.column("year")
        known = years[np.isfinite(years)]
        return (int(known.min()), int(known.max())) if len(known) else (None, None)

    @cached_property
    def _artists(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        known = len(self.recommender.tables)  # an import may have added tracks since
        hashes = self.recommender.catalogue.load_columns().artist_hash[:known]
        order = np.argsort(hashes, kind="stable")
        return hashes[order], order

    def rows_of_artist(self, artist_hash: int) -> NDArray[np.int64]:
        """Return the rows whose first artist has this hash, most popular first."""
        hashes, order = self._artists
        low = np.searchsorted(hashes, np.uint64(artist_hash), side="left")
        high = np.searchsorted(hashes, np.uint64(artist_hash), side="right")
        rows = order[low:high]
        popularity = np.nan_to_num(self.column("popularity")[rows], nan=-1.0)
        return rows[np.argsort(-popularity, kind="stable")]

    def tracks_of_genre(self, genre: str, *, limit: int) -> list[Track]:
        """Return the most popular tracks of a genre."""
        return self.recommender.catalogue.find_by_genre(genre, limit=limit)


def artist_hash(name: str) -> int:
    """Return the hash by which the catalogue's arrays know an artist."""
    return hash64(artist_key(name))
