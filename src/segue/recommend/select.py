"""From a ranking to picks: at most so many an artist, each song once."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from segue.controls import Controls
from segue.recommend.track_arrays import Tables

_UNKNOWN = {("version", -1), ("isrc", -1)}


def pick(
    tables: Tables, rows: NDArray[np.int64], order: NDArray[np.int64], *, n: int, controls: Controls
) -> NDArray[np.int64]:
    """Walk down a ranking and take what the controls allow, up to n.

    Parameters
    ----------
    tables
        The catalogue.
    rows
        (C,) rows of the candidates.
    order
        (C,) positions in `rows`, best first.
    n
        How many to take.
    controls
        `max_per_artist` and `one_version`.

    Returns
    -------
    positions
        (n or fewer,) positions in `rows`, best first.

    """
    if controls.max_per_artist is None and not controls.one_version:
        return order[:n]
    artists, versions, recordings = (
        numbers[rows].tolist() for numbers in (tables.artist, tables.version, tables.isrc)
    )
    per_artist: Counter[int] = Counter()
    seen: set[tuple[str, int]] = set()
    taken: list[int] = []
    for position in order.tolist():
        artist = artists[position]
        if artist >= 0 and per_artist[artist] == controls.max_per_artist:
            continue
        names = {("version", versions[position]), ("isrc", recordings[position])} - _UNKNOWN
        if controls.one_version and names & seen:
            continue
        seen |= names
        per_artist[artist] += 1
        taken.append(position)
        if len(taken) == n:
            break
    return np.array(taken, np.int64)
