"""What the ranker looks at: numbers about a candidate together with the seeds.

Everything is relative to the query or learned from playlists. Nothing tells whether a value of the catalogue
is missing: an artist that is not known looks like one that no list holds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.recommend.track_arrays import SOUND, Factors, Floats, Ints, Tables

SAME_TIME_YEARS = 2
_NEARNESS = ("nearest", "nearest3", "mean")


def _prefixed(start: str, ends: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{start}_{end}" for end in ends)


# The layout: every column that a ranker sees, in its order. A bundle says which it was trained on.
_ALWAYS: dict[str, tuple[str, ...]] = {
    "embeddings": (
        "retrieval", "retrieval_rank", "retrieval_gap", "bias",
        *_prefixed("tower", (*_NEARNESS, "spread")),
    ),
    "sound": ("sound_nearest", "sound_mean", *_prefixed("z", SOUND)),
}  # fmt: skip
_FROM_LISTS: dict[str, tuple[str, ...]] = {
    "songs and artists listed alike": (
        *_prefixed("song_factor", (*_NEARNESS, "taste")), *_prefixed("artist_factor", (*_NEARNESS, "taste")),
    ),
    "counts in lists": (
        "track_count", "track_count_gap", "song_count", "song_count_gap", "artist_count", "artist_count_gap",
        "count_spread", "count_of_seeds", "count_share_of_seeds",
    ),
    "shared artists and albums": (
        "seeds_by_artist", "share_by_artist", "artist_covered", "seeds_on_album", "share_on_album",
        "seeds_of_song", "distinct_artists", "top_artist_share",
    ),
    "years": ("year_z", "year_nearest", "year_share"),
}  # fmt: skip
_LAST: dict[str, tuple[str, ...]] = {"number of seeds": ("n_seeds",)}


def feature_groups(*, knows_lists: bool) -> dict[str, tuple[str, ...]]:
    """Return the names of the columns by group, all in the order of `pair_features`."""
    return {**_ALWAYS, **(_FROM_LISTS if knows_lists else {}), **_LAST}


def pair_names(*, knows_lists: bool) -> tuple[str, ...]:
    """Return the names of the F columns in their order."""
    return tuple(name for names in feature_groups(knows_lists=knows_lists).values() for name in names)


@dataclass(frozen=True, slots=True)
class Seeds:
    """The seeds of one query: their rows (S,), and the query's embedding (D,).

    `given` are the rows of all seeds that a person gave, where these are more than are used; None: the same.
    """

    rows: NDArray[np.int64]
    query: Floats
    given: NDArray[np.int64] | None = None

    @property
    def all_rows(self) -> NDArray[np.int64]:
        """The rows that no pick may be."""
        return self.rows if self.given is None else self.given


def pair_features(
    tables: Tables, seeds: Seeds, rows: NDArray[np.int64], scores: Floats
) -> tuple[tuple[str, ...], Floats]:
    """Describe each candidate beside the seeds.

    Parameters
    ----------
    tables
        The catalogue.
    seeds
        The query; S is at least 1.
    rows
        (C,) the candidates.
    scores
        (C,) their retrieval scores.

    Returns
    -------
    names, values
        F names, as `pair_names` gives them, and (C, F) float32.

    """
    columns: dict[str, Floats] = {}
    columns["retrieval"] = scores
    columns["retrieval_rank"] = np.log1p(np.argsort(np.argsort(-scores))).astype(np.float32)
    columns["retrieval_gap"] = scores - scores.max(initial=-np.inf)
    columns["bias"] = tables.bias[rows]
    _add_tower(columns, tables, seeds, rows)
    _add_sound(columns, tables, seeds, rows)
    if tables.knows_lists:
        _add_factors(columns, "song", tables.songs, seeds.rows, rows)
        _add_factors(columns, "artist", tables.artists, seeds.rows, rows)
        _add_counts(columns, tables, seeds, rows)
        _add_shared(columns, tables, seeds, rows)
        _add_year(columns, tables, seeds, rows)
    columns["n_seeds"] = np.full(len(rows), np.log(len(seeds.rows)), np.float32)
    names = pair_names(knows_lists=tables.knows_lists)
    return names, np.stack([columns[name] for name in names], axis=1).astype(np.float32, copy=False)


def _add_tower(columns: dict[str, Floats], tables: Tables, seeds: Seeds, rows: NDArray[np.int64]) -> None:
    own = tables.embeddings[seeds.rows]  # (S, D)
    cosines = tables.embeddings[rows] @ own.T  # (C, S)
    _add_nearness(columns, "tower", cosines)
    spread = float((own.sum(0) ** 2).sum()) / len(own) ** 2
    columns["tower_spread"] = np.full(len(rows), spread, np.float32)


def _add_nearness(columns: dict[str, Floats], name: str, cosines: Floats) -> None:
    """Add the nearest, the mean of the three nearest, and the mean of all; `cosines` is (C, S)."""
    n = cosines.shape[1]
    k = min(3, n)
    top = np.partition(cosines, n - k, axis=1)[:, n - k :]  # (C, k)
    columns[f"{name}_nearest"] = top.max(axis=1)
    columns[f"{name}_nearest3"] = top.mean(axis=1)
    columns[f"{name}_mean"] = cosines.mean(axis=1)


def _add_sound(columns: dict[str, Floats], tables: Tables, seeds: Seeds, rows: NDArray[np.int64]) -> None:
    own, theirs = tables.sound[seeds.rows], tables.sound[rows]  # (S, 10), (C, 10)
    mean = own.mean(axis=0)
    deviation = np.sqrt(own.var(axis=0) + 0.15)
    z = np.abs(theirs - mean) / deviation  # (C, 10)
    squares = (theirs**2).sum(1)[:, None] + (own**2).sum(1)[None] - 2 * theirs @ own.T  # (C, S)
    columns["sound_nearest"] = np.sqrt(np.maximum(squares.min(axis=1), 0))
    columns["sound_mean"] = np.sqrt((z**2).mean(axis=1))
    for place, name in enumerate(SOUND):
        columns[f"z_{name}"] = z[:, place]


def _add_factors(
    columns: dict[str, Floats],
    name: str,
    factors: Factors,
    seeds: NDArray[np.int64],
    rows: NDArray[np.int64],
) -> None:
    own = factors.vectors[factors.place[seeds]]  # (S, K)
    theirs = factors.vectors[factors.place[rows]]  # (C, K)
    _add_nearness(columns, f"{name}_factor", theirs @ own.T)
    taste = own.mean(axis=0)
    columns[f"{name}_factor_taste"] = theirs @ (taste / max(float(np.linalg.norm(taste)), 1e-6))


def _add_counts(columns: dict[str, Floats], tables: Tables, seeds: Seeds, rows: NDArray[np.int64]) -> None:
    for name, counts in (
        ("track", tables.track_count),
        ("song", tables.song_count),
        ("artist", tables.artist_count),
    ):
        columns[f"{name}_count"] = counts[rows]
        columns[f"{name}_count_gap"] = counts[rows] - np.float32(counts[seeds.rows].mean())
    own = tables.track_count[seeds.rows]
    for name, value in (
        ("spread", own.std()),
        ("of_seeds", own.mean()),
        ("share_of_seeds", (own > 0).mean()),
    ):
        columns[f"count_{name}"] = np.full(len(rows), value, np.float32)


def _add_shared(columns: dict[str, Floats], tables: Tables, seeds: Seeds, rows: NDArray[np.int64]) -> None:
    n = len(seeds.rows)
    by_artist = _count_shared(tables.artist, seeds.rows, rows)
    columns["seeds_by_artist"] = by_artist
    columns["share_by_artist"] = by_artist / np.float32(n)
    # How much of what the catalogue has by this artist is among the seeds already.
    columns["artist_covered"] = by_artist / tables.artist_size[rows]
    by_album = _count_shared(tables.album, seeds.rows, rows)
    columns["seeds_on_album"] = by_album
    columns["share_on_album"] = by_album / np.float32(n)
    columns["seeds_of_song"] = _count_shared(tables.version, seeds.rows, rows)
    artists = tables.artist[seeds.rows]
    known = artists[artists >= 0]
    distinct, counts = np.unique(known, return_counts=True)
    columns["distinct_artists"] = np.full(len(rows), len(distinct) / n, np.float32)
    columns["top_artist_share"] = np.full(len(rows), counts.max(initial=0) / n, np.float32)


def _count_shared(numbers: Ints, seeds: NDArray[np.int64], rows: NDArray[np.int64]) -> Floats:
    """Count for each candidate the seeds that have its number; 0 where it has none."""
    groups, counts = np.unique(numbers[seeds], return_counts=True)
    theirs = numbers[rows]
    place = np.minimum(np.searchsorted(groups, theirs), len(groups) - 1)
    return np.where((groups[place] == theirs) & (theirs >= 0), counts[place], 0).astype(np.float32)


def _add_year(columns: dict[str, Floats], tables: Tables, seeds: Seeds, rows: NDArray[np.int64]) -> None:
    own = tables.inputs.year[seeds.rows]
    own = own[~np.isnan(own)]
    theirs = tables.inputs.year[rows]
    if len(own):
        away = np.abs(theirs - own.mean()) / np.sqrt(own.var() + 4)
        gaps = np.abs(theirs[:, None] - own[None])  # (C, S)
        nearest, share = gaps.min(axis=1), (gaps <= SAME_TIME_YEARS).mean(axis=1, dtype=np.float32)
    else:
        away = nearest = np.full(len(rows), np.nan, np.float32)
        share = np.zeros(len(rows), np.float32)
    # A year that is not known is as near as a middling one.
    columns["year_z"] = np.nan_to_num(away, nan=1.0)
    columns["year_nearest"] = np.nan_to_num(nearest, nan=1.0)
    columns["year_share"] = np.where(np.isnan(theirs), share.mean(), share)
