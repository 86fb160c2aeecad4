"""What a listener may ask for besides the seeds: the value, and the one table that describes each control.

The options of the command, the fields of the HTTP API and `docs/controls.md` are made from `CONTROLS`.
"""

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self

from typing_extensions import TypeIs

from segue.errors import InvalidControlsError, InvalidFeatureError
from segue.features import AUDIO_NAMES, POPULARITY, YEAR, Feature, get_feature
from segue.ids import ID_HINT, find_track_id

MAX_N = 1_000
Order = Literal["smooth", "score"]
Ends = tuple[int | None, int | None]
Kind = Literal[
    "count", "flag", "names", "track_ids", "by_feature", "range", "share", "choice", "playlists"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Control:
    """One control as people meet it.

    Attributes
    ----------
    name
        The field of `Controls`, and of the HTTP API.
    kind
        What it takes: a whole number from 1 (or none), yes or no, names, track ids, a number by audio
        feature, a closed range of whole numbers, a number from 0 to 1, one of `choices`, or playlists.
    option
        The command's option.
    about
        What it does.
    metavar
        What stands for the value in the command's help.
    choices
        Of a choice.

    """

    name: str
    kind: Kind
    option: str
    about: str
    metavar: str = ""
    choices: tuple[str, ...] = ()


CONTROLS: tuple[Control, ...] = (
    Control(
        "max_per_artist", "count", "--per-artist",
        "At most so many picks by one artist; no limit: 0 here, null in JSON.", "N",
    ),
    Control(
        "one_version", "flag", "--all-versions",
        "Versions of one song (remaster, live, edit) appear once; the option lets them stand side by side.",
    ),
    Control(
        "nameless", "flag", "--nameless",
        "Tracks of which the catalogue knows no title may be picked, too.",
    ),
    Control("new_artists_only", "flag", "--new-artists", "Only artists that no seed is by."),
    Control("exclude_artists", "names", "--exclude-artist", "Never this artist; repeat for more.", "NAME"),
    Control("exclude_tracks", "track_ids", "--exclude-track", "Never this track; repeat for more.", "ID"),
    Control(
        "minimum", "by_feature", "--min",
        "From this value on (energy=0.5, tempo=100); a track that lacks the feature fails.", "FEATURE=VALUE",
    ),
    Control(
        "maximum", "by_feature", "--max",
        "Up to this value; a track that lacks the feature fails.", "FEATURE=VALUE",
    ),
    Control(
        "target", "by_feature", "--target", "Draws picks towards a value, forbids none.", "FEATURE=VALUE",
    ),
    Control(
        "popularity", "range", "--popularity",
        "1 to 100 (most played); one side may be left open: -40. 0 stands for not known, which only a range "
        "from 0 on lets through.", "LOW-HIGH",
    ),
    Control(
        "years", "range", "--years",
        "Years of release, the earliest that any version of the song has: 1990-1999, 2015-", "FIRST-LAST",
    ),
    Control(
        "adventurousness", "share", "--adventurousness",
        "0 (safest) to 1 (furthest from what everyone plays): songs in fewer playlists, less popular, and "
        "fewer by the artists of your list. A popularity that is not known counts as middling.", "SHARE",
    ),
    Control(
        "order", "choice", "--order",
        "smooth: tempo, key and energy flow; score: best first.", choices=("smooth", "score"),
    ),
)  # fmt: skip
# Stands beside the controls: what is given here must be read and found first, as the playlist itself.
EXCLUDE = Control(
    "exclude", "playlists", "--exclude",
    "Nothing of this: a playlist, an export or a whole library, in any format that segue reads; repeat for "
    "more.", "FILE",
)  # fmt: skip
RANGES: dict[str, Feature] = {"popularity": POPULARITY, "years": YEAR}


@dataclass(frozen=True, slots=True)
class Controls:
    """What a listener may ask for besides the seeds; checked when it is made.

    Parameters
    ----------
    max_per_artist
        At most this many picks by one artist; None for no limit.
    one_version
        Versions of one song (remaster, live, radio edit, same ISRC) appear once.
    nameless
        Tracks without a title may be picked, too; so they may where no track has one.
    new_artists_only
        Only artists that no seed is by.
    exclude_artists, exclude_tracks
        Names, and tracks (ids, or the URIs and links of them), that never appear.
    minimum, maximum, target
        By feature name, in the unit of the feature. A track that lacks the feature fails a bound; a target
        only draws picks towards it.
    popularity, years
        Closed ranges; None leaves a side open. A track that lacks the value fails a bound; so does a
        popularity of 0, which stands for not known, unless the range begins with 0.
    adventurousness
        0 (safest) to 1 (furthest from what everyone plays): songs in fewer playlists, less popular, and fewer
        by the seeds' own artists. A popularity that is not known counts as middling.
    order
        "smooth": tempo, key and energy flow from one pick to the next. "score": best first.

    Raises
    ------
    InvalidControlsError
        When a name is unknown, a value is out of its range or of another kind, or two contradict each other.

    Examples
    --------
    >>> Controls(max_per_artist=1, years=(1990, 1999)).years
    (1990, 1999)
    >>> Controls(adventurousnes=0.5)
    Traceback (most recent call last):
    segue.errors.InvalidControlsError: there is no control 'adventurousnes'; did you mean 'adventurousness'?

    """

    max_per_artist: int | None = 3
    one_version: bool = True
    nameless: bool = False
    new_artists_only: bool = False
    exclude_artists: tuple[str, ...] = ()
    exclude_tracks: tuple[str, ...] = ()
    minimum: Mapping[str, float] = field(default_factory=dict)
    maximum: Mapping[str, float] = field(default_factory=dict)
    target: Mapping[str, float] = field(default_factory=dict)
    popularity: Ends = (None, None)
    years: Ends = (None, None)
    adventurousness: float = 0.0
    order: Order = "smooth"

    def __new__(cls, *_: Any, **named: Any) -> Self:
        """Answer a misspelt name with the right one, before Python says no more than that it is wrong."""
        for name in named:
            if name not in NAMES:
                near = difflib.get_close_matches(name, NAMES, 1)
                meant = f"; did you mean {near[0]!r}?" if near else ""
                raise InvalidControlsError(
                    f"there is no control {name!r}{meant}", hint=f"There are: {', '.join(NAMES)}."
                )
        return object.__new__(cls)

    def __post_init__(self) -> None:
        for control in CONTROLS:
            _check(control, getattr(self, control.name))
        for name in self.minimum.keys() & self.maximum.keys():
            _check_rising(name, self.minimum[name], self.maximum[name])

    @classmethod
    def of(cls, given: "Controls | Mapping[str, Any] | None") -> "Controls":
        """Return controls as they are, those of a mapping by name, or the defaults.

        Raises
        ------
        InvalidControlsError
            When it is something else, or its names or values are wrong.

        """
        if given is None:
            return cls()
        if isinstance(given, Controls):
            return given
        if isinstance(given, Mapping):
            return cls(**given)
        raise InvalidControlsError(
            f"controls: expected Controls or a mapping, got {type(given).__name__}",
            hint="For example: Controls(max_per_artist=2, minimum={'energy': 0.5})",
        )


@dataclass(frozen=True, slots=True)
class Query:
    """All that a recommender is asked: the seeds' track ids, how many picks, and the controls.

    `explain_scores` asks what each pick's ranking score is made of, too, which takes several times as long.
    `owned` are ids of tracks that are no news to the listener, so that none is picked.
    """

    seeds: tuple[str, ...]
    n: int
    controls: Controls
    explain_scores: bool = False
    owned: tuple[str, ...] = ()


NAMES: tuple[str, ...] = tuple(each.name for each in fields(Controls))


def check_n(n: int) -> None:
    """Check how many picks are asked for: 1 to 1,000.

    Raises
    ------
    InvalidControlsError
        When it is something else.

    """
    _check_whole("n", n, low=1, high=MAX_N)


def _check(control: Control, value: object) -> None:  # noqa: C901 - one case a kind
    """Check one value against the description of its control."""
    name = control.name
    match control.kind:
        case "count":
            _check_whole(name, value, low=1, none=True)
        case "flag" if not isinstance(value, bool):
            raise _wrong(name, "True or False", value)
        case "names":
            _check_texts(name, value)
        case "track_ids":
            for track_id in _check_texts(name, value):
                if find_track_id(track_id) is None:
                    raise InvalidControlsError(
                        f"a track to exclude: expected a track id, URI or link, got {track_id[:60]!r}",
                        hint=ID_HINT,
                    )
        case "by_feature":
            _check_by_feature(name, value)
        case "range":
            _check_ends(name, RANGES[name], value)
        case "share" if not _is_number(value) or not 0 <= value <= 1:
            raise _wrong(name, "0 to 1", value)
        case "choice" if value not in control.choices:
            raise _wrong(name, " or ".join(map(repr, control.choices)), value)


def _wrong(name: str, expected: str, got: object) -> InvalidControlsError:
    return InvalidControlsError(f"{name}: expected {expected}, got {got!r}")


def _is_number(value: object) -> TypeIs[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def _check_whole(name: str, value: object, *, low: int, high: int | None = None, none: bool = False) -> None:
    if value is None and none:
        return
    if not isinstance(value, int) or isinstance(value, bool) or value < low or (high or value) < value:
        raise _wrong(name, f"{low} to {high:,}" if high else f"{low} or more", value)


def _check_texts(name: str, values: object) -> Sequence[str]:
    if not isinstance(values, tuple | list) or not all(isinstance(value, str) for value in values):
        raise _wrong(name, "a tuple of texts", values)
    return values


def _check_by_feature(name: str, values: object) -> None:
    if not isinstance(values, Mapping):
        raise _wrong(name, "a mapping of feature to number, like {'energy': 0.5}", values)
    for feature, value in values.items():
        try:
            known = get_feature(feature)
        except InvalidFeatureError as error:
            near = difflib.get_close_matches(str(feature), AUDIO_NAMES, 1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise InvalidControlsError(f"{name}: {error.message}{meant}", hint=error.hint) from error
        _check_value(known.name, known, value)


def _check_value(name: str, feature: Feature, value: object) -> None:
    if (
        not isinstance(value, int | float)
        or not _is_number(value)
        or not feature.low <= value <= feature.high
    ):
        unit = f" {feature.unit}" if feature.unit else ""
        shown = f"{value:g}" if isinstance(value, float) else repr(value)
        raise InvalidControlsError(f"{name}: expected {feature.low:g} to {feature.high:g}{unit}, got {shown}")


def _check_ends(name: str, feature: Feature, ends: object) -> None:
    if not isinstance(ends, tuple | list) or len(ends) != 2:
        raise _wrong(name, "two ends, like (1990, None)", ends)
    known = [end for end in ends if end is not None]
    for end in known:
        _check_value(name, feature, end)
    if len(known) == 2:
        _check_rising(name, *known)


def _check_rising(name: str, low: float, high: float) -> None:
    if low > high:
        raise InvalidControlsError(f"{name}: the minimum {low:g} is above the maximum {high:g}")
