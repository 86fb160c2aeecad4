"""Fill what is missing, so that a gap cannot tell a model which source a track came from.

Features and lists were gathered from the same sources, and each source has its own gaps. Before anything is
measured, missing numbers and years become random draws from the known ones, a missing album the track's own
name, and popularity goes. `shuffle_gaps` makes the test of it: figures must not move when other tracks of
the same catalogue have the gaps.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.store import Columns

Floats = NDArray[np.float32]


def fill_gaps(columns: Columns, rng: np.random.Generator) -> Columns:
    """Return a copy of the columns without gaps.

    Parameters
    ----------
    columns
        The catalogue; it is not changed.
    rng
        The source of the draws.

    Returns
    -------
    Columns
        Every column of `audio` and `year` complete (one that is missing everywhere stays so), `popularity`
        NaN everywhere, `album_hash` the `song_hash` where it was 0.

    """
    audio = np.column_stack([fill_column(column, rng) for column in columns.audio.T])  # (N, 13)
    return replace(
        columns,
        audio=audio.astype(np.float32).reshape(columns.audio.shape),
        year=fill_column(columns.year, rng),
        popularity=np.full_like(columns.popularity, np.nan),
        album_hash=np.where(columns.album_hash == 0, columns.song_hash, columns.album_hash),
    )


def fill_column(values: Floats, rng: np.random.Generator) -> Floats:
    """Return (N,) values with each NaN replaced by a random draw from the others."""
    missing = np.isnan(values)
    known = values[~missing]
    filled = values.copy()
    if len(known):
        filled[missing] = rng.choice(known, size=int(missing.sum()))
    return filled


def shuffle_gaps(columns: Columns, rng: np.random.Generator) -> Columns:
    """Return a copy in which other tracks have the gaps, as many in each column, and no value is missing.

    First all gaps are filled, then values are hidden at the places of a random permutation of the tracks (the
    same for every column, so that tracks with many gaps stay). A model that reads gaps does worse on it.
    """
    filled = fill_gaps(columns, rng)
    order = rng.permutation(len(columns.year))
    audio, year = filled.audio.copy(), filled.year.copy()
    audio[np.isnan(columns.audio[order])] = np.nan
    year[np.isnan(columns.year[order])] = np.nan
    popularity = columns.popularity[order]
    album_hash = np.where(columns.album_hash[order] == 0, 0, filled.album_hash)
    return replace(
        filled, audio=audio, year=year, popularity=popularity, album_hash=album_hash.astype(np.uint64)
    )
