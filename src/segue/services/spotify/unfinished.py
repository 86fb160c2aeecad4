"""Remembers which playlists were begun and not finished, so that the same command finishes them.

A mark is an empty file. Its name is a hash of what was asked for: nothing of Spotify's is in it.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from segue.errors import StorageError
from segue.services.spotify.tokens import make_private, write_private
from segue.types import Track


class Begun:
    """The marks of all runs that did not end well.

    Parameters
    ----------
    folder
        Where the marks are kept; None to keep them in memory, for a session of a server.

    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._marks: set[str] = set()

    def holds(self, mark: str) -> bool:
        """Tell whether a run of this mark began and did not end."""
        return (self._folder / mark).exists() if self._folder else mark in self._marks

    def add(self, mark: str) -> None:
        """Take note that a run begins; raises `StorageError` when that cannot be written."""
        if self._folder:
            make_private(self._folder.parent)
            write_private(self._folder / mark, b"")
        self._marks.add(mark)

    def remove(self, mark: str) -> None:
        """Take note that a run ended well; raises `StorageError` when the mark cannot be removed."""
        self._marks.discard(mark)
        if self._folder:
            try:
                (self._folder / mark).unlink(missing_ok=True)
            except OSError as error:
                raise StorageError(f"{self._folder / mark} cannot be removed: {error.strerror}") from error

    def clear(self) -> None:
        """Forget all."""
        self._marks.clear()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def mark_of(name: str, description: str, tracks: Sequence[Track]) -> str:
    """Return the mark of a request: 32 hexadecimal digits, the same for the same request."""
    asked = json.dumps([name, description, [track.track_id for track in tracks]])
    return hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()
