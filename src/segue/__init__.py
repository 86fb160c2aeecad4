"""segue: playlist in, playlist out."""

from typing import TYPE_CHECKING, Any

from segue.types import Controls, Playlist, Reason, Recommendation, Result, Track

if TYPE_CHECKING:
    from segue.recommend.flow import Recommender

__all__ = ["Controls", "Playlist", "Reason", "Recommendation", "Recommender", "Result", "Track"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # The recommender brings NumPy and ONNX Runtime; `segue --help` should not wait for them.
    if name == "Recommender":
        from segue.recommend.flow import Recommender

        return Recommender
    raise AttributeError(f"module 'segue' has no attribute {name!r}")
