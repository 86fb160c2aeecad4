"""segue: playlist in, playlist out."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from segue.controls import Controls
from segue.types import Match, Playlist, Reason, Recommendation, Track, TrackReference

if TYPE_CHECKING:
    from segue.recommender import Recommender, read_playlist
    from segue.result import Result

__all__ = [
    "Controls",
    "Match",
    "Playlist",
    "Reason",
    "Recommendation",
    "Recommender",
    "Result",
    "Track",
    "TrackReference",
    "read_playlist",
]
__version__ = "0.1.0"
# These bring NumPy and ONNX Runtime; `segue --help` should not wait for them.
_LATER = {"Recommender": "recommender", "read_playlist": "recommender", "Result": "result"}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"segue.{_LATER[name]}"), name)
    raise AttributeError(f"module 'segue' has no attribute {name!r}")
