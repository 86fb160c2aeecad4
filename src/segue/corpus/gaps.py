"""Fill what is missing, so that a gap cannot tell a model which source a track came from.

Features and lists were gathered from the same sources, and each source has its own gaps. Before anything is
measured, missing numbers and years become random draws from the known ones, a missing album the track's own
name, and popularity goes. `shuffle_gaps` makes the test of it: figures must not move when other tracks of
the same catalogue have the gaps.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.store import Catalogue, Columns
from segue.features import AUDIO_NAMES, get_feature
from segue.types import Track

Floats = NDArray[np.float32]
Gaps = Literal["filled", "shuffled", "raw"]

_COPY_FORMAT = 1  # raise it when a copy made by an older version would differ
_BATCH = 5000
_INTEGER = {name: get_feature(name).integer for name in AUDIO_NAMES}


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


def filled_catalogue(
    catalogue: Catalogue, folder: Path, *, gaps: Gaps = "filled", fill_seed: int = 0
) -> Path:
    """Return a copy of a catalogue whose gaps are filled, made once and kept in `folder`.

    The copy has the same rows in the same order. Of a date only the year stays, since how precise a date is
    tells the source too; popularity and genre, whose gaps nothing can fill, are left out.

    Parameters
    ----------
    catalogue
        The original; it is only read.
    folder
        Where copies are kept; made when it does not exist.
    gaps
        "filled"; "shuffled" to put as many gaps at other tracks (see `shuffle_gaps`); "raw" to return the
        original as it is.
    fill_seed
        Makes the draws.

    """
    if gaps == "raw":
        return catalogue.path
    path = folder / f"{gaps}-{_COPY_FORMAT}-{fill_seed}-{catalogue.revision}.sqlite"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.unlink(missing_ok=True)
    fill = fill_gaps if gaps == "filled" else shuffle_gaps
    columns = fill(catalogue.load_columns(), np.random.default_rng(fill_seed))
    with Catalogue.create(draft) as copy:
        copy.upsert(_iter_filled(catalogue, columns))
    draft.rename(path)
    return path


def _iter_filled(catalogue: Catalogue, columns: Columns) -> Iterator[Track]:
    n_rows = len(columns.year)
    for start in range(0, n_rows, _BATCH):
        rows = range(start, min(start + _BATCH, n_rows))
        for row, track in zip(rows, catalogue.get_tracks(rows), strict=True):
            year = columns.year[row]
            known = columns.album_hash[row] != 0
            yield replace(
                track,
                features=_features(columns.audio[row]),
                release_date="" if np.isnan(year) else f"{int(year):04d}",
                album=(track.album or track.name) if known else "",
                popularity=None,
                genre="",
            )


def _features(values: Floats) -> dict[str, float]:
    return {
        name: round(float(value)) if _INTEGER[name] else float(value)
        for name, value in zip(AUDIO_NAMES, values, strict=True)
        if not np.isnan(value)
    }
