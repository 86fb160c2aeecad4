"""From everything to about a thousand and a half: the tracks that the ranker looks at.

The towers find what sounds and sells alike. Two more sources find what they miss: whatever else the catalogue
has by the seeds' artists, and what artists listed with them play.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.index.exact import find_best
from segue.recommend.pair_features import Seeds
from segue.recommend.track_arrays import Factors, Floats, Tables

# How much each source adds to a pool of 1,000 from the towers.
SHARE_ARTISTS = 0.75
SHARE_SCENE = 0.75


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows (C,), distinct and none of them a seed, and their retrieval scores (C,)."""

    rows: NDArray[np.int64]
    scores: Floats


def find_candidates(
    tables: Tables, seeds: Seeds, scores: Floats, *, allowed: NDArray[np.bool_] | None, n: int
) -> Candidates:
    """Gather candidates from all sources.

    Parameters
    ----------
    tables
        The catalogue.
    seeds
        The query.
    scores
        (N,) retrieval scores; changed in place: what may not be picked becomes minus infinity.
    allowed
        (N,) what the filters let through; None for all.
    n
        How many the towers give; the other sources add to that in proportion.

    """
    if allowed is not None:
        scores[~allowed] = -np.inf
    scores[seeds.rows] = -np.inf
    parts = [find_best(scores, n)]
    if tables.knows_lists:
        parts.append(_of_artists(tables, seeds, scores, round(n * SHARE_ARTISTS)))
        parts.append(_of_scene(tables, seeds, scores, round(n * SHARE_SCENE)))
    rows = np.unique(np.concatenate(parts))
    return Candidates(rows, scores[rows])


def _of_artists(tables: Tables, seeds: Seeds, scores: Floats, n: int) -> NDArray[np.int64]:
    """Return the nearest tracks by the seeds' own artists."""
    rows = tables.by_artist.rows(tables.artist[seeds.rows])
    return rows[find_best(scores[rows], n)]


def _of_scene(tables: Tables, seeds: Seeds, scores: Floats, n: int) -> NDArray[np.int64]:
    """Return the nearest tracks by artists who stand in playlists with the seeds' artists."""
    rows = tables.with_artist
    near = scores[rows] / np.float32(tables.temperature)
    near += _taste(tables.artists, seeds.rows)[tables.artists.place[rows]]
    return rows[find_best(near, n)]


def _taste(factors: Factors, seeds: NDArray[np.int64]) -> Floats:
    """Return the likeness of every known song or artist to the mean of the seeds', (V + 1,)."""
    mean: Floats = factors.vectors[factors.place[seeds]].mean(axis=0)
    return factors.vectors @ mean
