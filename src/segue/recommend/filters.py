"""What a listener rules out, as one mask over the catalogue. Acts before retrieval: costs no picks."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segue.controls import Controls
from segue.features import AUDIO_NAMES
from segue.recommend.track_arrays import Tables


def allow(
    tables: Tables, seeds: NDArray[np.int64], controls: Controls, excluded: Sequence[int]
) -> NDArray[np.bool_]:
    """Return which rows (N,) a pick may come from.

    No version of a seed is allowed, whatever the controls say; nor, where the model looks at sound alone, a
    track of whose sound nothing is known.

    Parameters
    ----------
    tables
        The catalogue.
    seeds
        (S,) rows of the seeds.
    controls
        What the listener asks for.
    excluded
        Rows that are ruled out one by one: excluded tracks, and songs that the listener owns.

    """
    # In a catalogue of features alone no track has a title, and all are asked for.
    allowed = (
        np.ones(len(tables), bool) if controls.nameless or not tables.named.any() else tables.named.copy()
    )
    if not tables.knows_lists:
        allowed &= tables.heard
    allowed[seeds] = False
    allowed[tables.by_version.rows(tables.version[seeds])] = False
    allowed[tables.by_isrc.rows(tables.isrc[seeds])] = False
    allowed[np.asarray(excluded, np.int64)] = False
    if controls.new_artists_only:
        allowed[tables.by_artist.rows(tables.artist[seeds])] = False
    for name, value in controls.minimum.items():
        allowed &= tables.inputs.audio[:, AUDIO_NAMES.index(name)] >= value  # NaN fails
    for name, value in controls.maximum.items():
        allowed &= tables.inputs.audio[:, AUDIO_NAMES.index(name)] <= value
    # 0 is how sources write that popularity is not known: only who asks for it gets it.
    popularity = tables.popularity if controls.popularity[0] == 0 else tables.known_popularity
    for values, (low, high) in (
        (popularity, controls.popularity),
        (tables.song_year, controls.years),
    ):
        if low is not None:
            allowed &= values >= low
        if high is not None:
            allowed &= values <= high
    return allowed
