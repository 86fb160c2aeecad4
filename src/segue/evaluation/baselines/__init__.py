"""What segue is compared with: eight known ways to continue a playlist, each a page of code."""

from collections.abc import Callable

from segue.catalogue.store import Columns
from segue.errors import InputError
from segue.evaluation.baselines.als import Als
from segue.evaluation.baselines.audio import MeanAudio
from segue.evaluation.baselines.co_listing import NeighbourPlaylists, TrackNeighbours
from segue.evaluation.baselines.plain import Popularity, Random, SameArtist
from segue.evaluation.baselines.prototype import Prototype
from segue.evaluation.methods import Baseline

_MAKERS: dict[str, Callable[[Columns], Baseline]] = {
    "random": Random,
    "popularity": Popularity,
    "same-artist": SameArtist,
    "mean-audio": MeanAudio,
    "track-neighbours": TrackNeighbours,
    "neighbour-playlists": NeighbourPlaylists,
    "als": Als,
    "prototype": Prototype,
}
BASELINE_NAMES: tuple[str, ...] = tuple(_MAKERS)


def make_baseline(name: str, columns: Columns) -> Baseline:
    """Return the baseline of this name, not yet fitted.

    Raises
    ------
    InputError
        When there is none of this name.

    """
    if name not in _MAKERS:
        raise InputError(f"unknown baseline {name!r}", hint=f"One of: {', '.join(BASELINE_NAMES)}.")
    return _MAKERS[name](columns)
