"""The parameters of the retired recommendations endpoint: read, checked, and turned into our controls."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from segue.controls import Controls
from segue.errors import InvalidControlsError
from segue.features import AUDIO, POPULARITY, Feature

TUNABLE: dict[str, Feature] = {feature.name: feature for feature in (*AUDIO, POPULARITY)}
PREFIXES = ("min_", "max_", "target_")
MAX_SEEDS = 5
SEED_KINDS = {"seed_artists": "artist", "seed_tracks": "track", "seed_genres": "genre"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What `min_`, `max_` and `target_` asked for, by attribute."""

    minimum: Mapping[str, float]
    maximum: Mapping[str, float]
    target: Mapping[str, float]

    @property
    def is_impossible(self) -> bool:
        """Whether no value of some attribute can lie within its bounds."""
        low = any(bound > TUNABLE[name].high for name, bound in self.minimum.items())
        return low or any(bound < TUNABLE[name].low for name, bound in self.maximum.items())

    def to_controls(self) -> Controls:
        """Return the controls: bounds cut to what an attribute can be, and the order by score."""
        low, high, aim = (
            {name: min(max(value, TUNABLE[name].low), TUNABLE[name].high) for name, value in values.items()}
            for values in (self.minimum, self.maximum, self.target)
        )
        popularity = (low.pop("popularity", None), high.pop("popularity", None))
        aim.pop("popularity", None)  # not one of our targets: the endpoint itself sees to it
        return Controls(
            minimum=low,
            maximum=high,
            target=aim,
            popularity=(
                None if popularity[0] is None else math.ceil(popularity[0]),
                None if popularity[1] is None else math.floor(popularity[1]),
            ),
            order="score",
        )


def read_number(name: str, text: str) -> float:
    """Return the number in a parameter.

    Raises
    ------
    InvalidControlsError
        When it is none, or not finite.

    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidControlsError(f"{name}: expected a number, got {text[:40]!r}")
    return number


def read_bounds(query: Mapping[str, str]) -> Bounds:
    """Return the bounds and targets among a request's parameters; what we do not know is left alone.

    Raises
    ------
    InvalidControlsError
        When one is no number, or a minimum lies above its maximum.

    """
    minimum, maximum, target = (
        {
            name: read_number(prefix + name, query[prefix + name])
            for name in TUNABLE
            if query.get(prefix + name, "") != ""
        }
        for prefix in PREFIXES
    )
    for name in minimum.keys() & maximum.keys():
        if minimum[name] > maximum[name]:
            raise InvalidControlsError(f"min_{name} is above max_{name}")
    return Bounds(minimum, maximum, target)


def read_limit(text: str | None) -> int:
    """Return how many tracks are asked for: 1 to 100, 20 when not said.

    Raises
    ------
    InvalidControlsError
        When it is something else.

    """
    if text is None or text == "":
        return 20
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= 100):
        raise InvalidControlsError(f"limit: expected 1 to 100, got {text[:40]!r}")
    return int(text)


def read_seeds(query: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the seeds as (kind, text), in the order artists, tracks, genres.

    Raises
    ------
    InvalidControlsError
        When there is none, or there are more than five.

    """
    seeds = [
        (kind, part.strip())
        for name, kind in SEED_KINDS.items()
        for part in query.get(name, "").split(",")
        if part.strip()
    ]
    if not 1 <= len(seeds) <= MAX_SEEDS:
        raise InvalidControlsError(
            f"expected 1 to {MAX_SEEDS} seeds among seed_artists, seed_tracks and seed_genres, "
            f"got {len(seeds)}"
        )
    return seeds
