"""The 13 audio features and the metadata fields: name, unit, range, and how missing looks. The only copy.

Ranges are those of the Spotify audio-features object, widened where real data sets go beyond its text
(loudness above 0 dB, for instance). A missing value is NaN in arrays, NULL in the catalogue, and absent from
`Track.features`. Some sources write a missing value as a number ("key -1"); `missing` names it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from segue.errors import InvalidFeatureError


@dataclass(frozen=True, slots=True)
class Feature:
    """One numeric field of a track.

    `low` and `high` are inclusive. `missing` is a number that sources use for "not known".
    """

    name: str
    unit: str
    low: float
    high: float
    integer: bool = False
    missing: float | None = None
    about: str = ""

    def parse(self, value: object) -> float:
        """Check one value; NaN means missing.

        Raises
        ------
        InvalidFeatureError
            When the value is not a number, is infinite, or is out of range.

        """
        if value is None or value == "":
            return math.nan
        try:
            number = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError) as error:
            raise InvalidFeatureError(
                f"{self.name}: expected a number, got {value!r}", fault="not a number"
            ) from error
        if math.isnan(number) or number == self.missing:
            return math.nan
        if not self.low <= number <= self.high:
            raise InvalidFeatureError(
                f"{self.name}: expected {self.low:g} to {self.high:g} {self.unit}".rstrip()
                + f", got {value!r}"
            )
        if self.integer and not number.is_integer():
            raise InvalidFeatureError(
                f"{self.name}: expected a whole number, got {value!r}", fault="not a whole number"
            )
        return number


AUDIO: tuple[Feature, ...] = (
    Feature("danceability", "", 0, 1, about="how suitable for dancing"),
    Feature("energy", "", 0, 1, about="intensity and activity"),
    Feature("key", "pitch class", 0, 11, integer=True, missing=-1, about="0 = C, 1 = C sharp, ... 11 = B"),
    Feature("loudness", "dB", -60, 10, about="mean loudness"),
    Feature("mode", "", 0, 1, integer=True, about="1 = major, 0 = minor"),
    Feature("speechiness", "", 0, 1, about="spoken words"),
    Feature("acousticness", "", 0, 1, about="confidence that it is acoustic"),
    Feature("instrumentalness", "", 0, 1, about="confidence that there are no vocals"),
    Feature("liveness", "", 0, 1, about="confidence that an audience is present"),
    Feature("valence", "", 0, 1, about="musical positiveness"),
    Feature("tempo", "BPM", 20, 300, missing=0, about="beats a minute"),
    Feature("duration_ms", "ms", 1, 86_400_000, integer=True, missing=0, about="length"),
    Feature("time_signature", "beats a bar", 1, 7, integer=True, missing=0, about="estimated metre"),
)
POPULARITY = Feature("popularity", "", 0, 100, integer=True, about="0 (unknown) to 100 (most played)")
YEAR = Feature("year", "", 1860, 2100, integer=True, missing=0, about="year of release")

AUDIO_NAMES: tuple[str, ...] = tuple(feature.name for feature in AUDIO)
WHOLE_NAMES = frozenset(feature.name for feature in AUDIO if feature.integer)
BY_NAME: dict[str, Feature] = {feature.name: feature for feature in (*AUDIO, POPULARITY, YEAR)}


def get_feature(name: str, among: Iterable[Feature] = AUDIO) -> Feature:
    """Return the feature of this name.

    Raises
    ------
    InvalidFeatureError
        When there is none; the message lists those that there are.

    """
    known = {feature.name: feature for feature in among}
    if name not in known:
        raise InvalidFeatureError(f"unknown feature {name!r}", hint=f"One of: {', '.join(known)}.")
    return known[name]
