"""What accuracy does not say of the list that is shown: variety, popularity, repeats, and how it flows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.store import Columns
from segue.evaluation.measures.audio_space import embed_audio
from segue.evaluation.measures.metrics import Values
from segue.evaluation.methods import Rows
from segue.features import AUDIO_NAMES

SHOWN = 50
_TEMPO, _KEY, _MODE, _ENERGY = (AUDIO_NAMES.index(name) for name in ("tempo", "key", "mode", "energy"))
# On the circle of fifths, seven semitones are one step; a minor key shares the notes of the major key three
# semitones above it.
_FIFTH, _RELATIVE = 7, 3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the figures need of a catalogue; N tracks.

    `space` (N, 14) is where sounds are compared, `popularity` (N,) 0..100 with NaN where not
    known, `list_counts` (N,) how many training lists hold each track.
    """

    columns: Columns
    space: NDArray[np.float32]
    popularity: NDArray[np.float32]
    list_counts: NDArray[np.int64]


def surround(
    columns: Columns, popularity: NDArray[np.float32], list_counts: NDArray[np.int64]
) -> Surroundings:
    """Prepare a catalogue."""
    return Surroundings(columns, embed_audio(columns.audio), popularity, list_counts)


def describe_lists(around: Surroundings, picks: Sequence[Rows], seeds: Sequence[Rows]) -> dict[str, Values]:
    """Return every per-list figure: name -> one value a list, lists where it is not defined left out.

    Lifts divide each list's mean by the mean over the seeds of all lists, so that their mean is the ratio of
    the two means and a list of unknown seeds does not blow it up.
    """
    listed = np.log2(1 + around.list_counts)
    popularity = around.popularity.astype(np.float64)
    values = {
        "intra_list_distance": [_mean_distance(around.space[rows]) for rows in picks],
        "distinct_artists": [_distinct(around.columns.artist_hash[rows]) for rows in picks],
        "repeated_versions": [count_repeats(around.columns, rows) for rows in picks],
        "popularity": [_mean(popularity[rows]) for rows in picks],
        "list_popularity": [_mean(listed[rows]) for rows in picks],
        "first_distance_ratio": [
            _first_ratio(around.space, own, shown) for own, shown in zip(seeds, picks, strict=True)
        ],
    }
    values |= _jumps(around.columns, picks)
    found = {name: np.asarray(each, dtype=np.float64) for name, each in values.items()}
    for name, level in (("popularity", popularity), ("list_popularity", listed)):
        base = _mean(np.array([_mean(level[rows]) for rows in seeds]))
        found[f"{name}_lift"] = found[name] / base if base > 0 else np.full(len(picks), np.nan)
    return {name: each[np.isfinite(each)] for name, each in found.items()}


def describe_all(picks: Sequence[Rows], n_rows: int) -> dict[str, float]:
    """Return the figures over all lists together: coverage of the catalogue and Gini of who is picked.

    `coverage` is the share of the catalogue that any list holds; `coverage_of_possible` relates that to the
    most that so many picks could reach. `gini` is 0 when every track is picked as often, 1 when one gets all.
    """
    shown = np.concatenate(picks) if len(picks) else np.empty(0, dtype=np.int64)
    counts = np.sort(np.bincount(shown, minlength=n_rows)).astype(np.float64)
    reached = np.count_nonzero(counts)
    return {
        "coverage": reached / n_rows,
        "coverage_of_possible": reached / max(1, min(n_rows, len(shown))),
        "gini": gini(counts),
    }


def gini(counts: Floats) -> float:
    """Return the Gini coefficient of counts in ascending order, (N,); 0..1."""
    total = counts.sum()
    if total == 0:
        return 0.0
    ranks = np.arange(1, len(counts) + 1)
    return float((2 * (ranks * counts).sum() / total - (len(counts) + 1)) / len(counts))


def count_repeats(columns: Columns, rows: Rows) -> int:
    """Return how many of the rows are another version of one before them, by song or by ISRC."""
    repeated = np.zeros(len(rows), dtype=np.bool_)
    for hashes in (columns.song_hash[rows], columns.isrc_hash[rows]):
        first = np.zeros(len(rows), dtype=np.bool_)
        first[np.unique(hashes, return_index=True)[1]] = True
        repeated |= ~first & (hashes != 0)
    return int(repeated.sum())


def key_position(audio: NDArray[np.float32]) -> Floats:
    """Return where each track's key lies on the circle of fifths, 0..11; (S,), NaN where not known."""
    minor = np.nan_to_num(audio[:, _MODE], nan=1.0) == 0
    return np.asarray((audio[:, _KEY] + np.where(minor, _RELATIVE, 0)) * _FIFTH % 12, dtype=np.float64)


def _jumps(columns: Columns, picks: Sequence[Rows]) -> dict[str, list[float]]:
    """Return each kind of jump between neighbours, relative to the mean over all pairs of the list.

    That mean is what a shuffled order has on average, so 1 is no better than shuffled and 0.7 is 30 % below.
    """
    found: dict[str, list[float]] = {f"jump_{kind}_ratio": [] for kind in ("tempo", "key", "energy")}
    found["jump_ratio"] = []
    for rows in picks:
        audio = columns.audio[rows]
        ratios = [
            _jump_ratio(audio[:, _TEMPO].astype(np.float64), period=None),
            _jump_ratio(key_position(audio), period=12),
            _jump_ratio(audio[:, _ENERGY].astype(np.float64), period=None),
        ]
        for name, ratio in zip(found, ratios, strict=False):
            found[name].append(ratio)
        found["jump_ratio"].append(_mean(np.array(ratios)))
    return found


def _jump_ratio(values: Floats, *, period: int | None) -> float:
    pairs = np.abs(values[:, None] - values[None, :])  # (S, S)
    if period is not None:
        pairs = np.minimum(pairs, period - pairs)
    neighbours = _mean(np.diagonal(pairs, offset=1))
    shuffled = _mean(pairs[np.triu_indices(len(values), k=1)])
    return neighbours / shuffled if shuffled > 0 else float("nan")


def _first_ratio(space: NDArray[np.float32], seeds: Rows, picks: Rows) -> float:
    """Return how far the first pick is from the middle of the seeds, relative to the mean pick."""
    if not len(seeds) or not len(picks):
        return float("nan")
    distances = np.linalg.norm(space[picks] - space[seeds].mean(axis=0), axis=1)
    return float(distances[0] / distances.mean()) if distances.mean() > 0 else float("nan")


def _mean_distance(points: NDArray[np.float32]) -> float:
    """Return the mean of 1 - cosine over all pairs of points, 0..2."""
    if len(points) < 2:
        return float("nan")
    unit = points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
    pairs = (unit @ unit.T)[np.triu_indices(len(points), k=1)]
    return float(1 - pairs.mean())


def _distinct(hashes: NDArray[np.uint64]) -> int:
    return int(np.count_nonzero(np.unique(hashes)))


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
