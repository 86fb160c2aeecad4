"""What a listener rules out, as one mask over the catalogue. Acts before retrieval: costs no picks."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segue.errors import InvalidControlsError
from segue.features import AUDIO_NAMES, POPULARITY, YEAR, Feature, get_feature
from segue.ids import ID_HINT, find_track_id
from segue.recommend.track_arrays import Tables
from segue.types import Controls

MAX_N = 1_000


def check_controls(controls: Controls, n: int) -> None:
    """Check that a request can be answered.

    Raises
    ------
    InvalidControlsError
        When a value is out of its range, names no feature, or two contradict each other.

    """
    if not 1 <= n <= MAX_N:
        raise InvalidControlsError(f"n: expected 1 to {MAX_N:,}, got {n:,}")
    if controls.max_per_artist is not None and controls.max_per_artist < 1:
        raise InvalidControlsError(
            f"at most so many songs an artist: expected 1 or more, got {controls.max_per_artist}"
        )
    for track_id in controls.exclude_tracks:
        if find_track_id(track_id) is None:
            raise InvalidControlsError(
                f"a track to exclude: expected a track id, URI or link, got {track_id[:60]!r}", hint=ID_HINT
            )
    if not 0 <= controls.adventurousness <= 1:
        raise InvalidControlsError(f"adventurousness: expected 0 to 1, got {controls.adventurousness:g}")
    if controls.order not in ("smooth", "score"):
        raise InvalidControlsError(f"order: expected 'smooth' or 'score', got {controls.order!r}")
    for values in (controls.minimum, controls.maximum, controls.target):
        for name, value in values.items():
            _check_value(get_feature(name), value)
    for name in controls.minimum.keys() & controls.maximum.keys():
        _check_range(name, controls.minimum[name], controls.maximum[name])
    _check_closed(POPULARITY, controls.popularity)
    _check_closed(YEAR, controls.years)


def _check_closed(feature: Feature, ends: tuple[int | None, int | None]) -> None:
    known = [end for end in ends if end is not None]
    for end in known:
        _check_value(feature, end)
    if len(known) == 2:
        _check_range(feature.name, *known)


def _check_value(feature: Feature, value: float) -> None:
    if not feature.low <= value <= feature.high:
        unit = f" {feature.unit}" if feature.unit else ""
        raise InvalidControlsError(
            f"{feature.name}: expected {feature.low:g} to {feature.high:g}{unit}, got {value:g}"
        )


def _check_range(name: str, low: float, high: float) -> None:
    if low > high:
        raise InvalidControlsError(f"{name}: the minimum {low:g} is above the maximum {high:g}")


def allow(
    tables: Tables, seeds: NDArray[np.int64], controls: Controls, excluded: Sequence[int]
) -> NDArray[np.bool_]:
    """Return which rows (N,) a pick may come from.

    No version of a seed is allowed, whatever the controls say.

    Parameters
    ----------
    tables
        The catalogue.
    seeds
        (S,) rows of the seeds.
    controls
        What the listener asks for.
    excluded
        Rows of `controls.exclude_tracks`.

    """
    allowed = np.ones(len(tables), bool)
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
    for values, (low, high) in (
        (tables.popularity, controls.popularity),
        (tables.inputs.year, controls.years),
    ):
        if low is not None:
            allowed &= values >= low
        if high is not None:
            allowed &= values <= high
    return allowed
