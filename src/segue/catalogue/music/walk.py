"""Finding music files in folders: each file once, however links lead to it."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from segue.errors import InputError

ENDINGS = frozenset(
    {".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".m4b", ".m4p", ".mp4", ".aac", ".alac", ".wav"}
    | {".wave", ".aif", ".aiff", ".aifc", ".wma", ".ape", ".wv", ".mpc", ".mka", ".caf"}
)


@dataclass(frozen=True, slots=True)
class MusicFile:
    """A file as it was found: where, how long, and when it was last changed."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Found:
    """The music files of some folders, and the places that cannot be looked into, with reasons."""

    files: tuple[MusicFile, ...]
    problems: tuple[tuple[str, str], ...]


def find_music(roots: Iterable[Path]) -> Found:
    """Find the music files in folders, and in those below them; a root may be a file.

    Links are followed. A folder or a file that several ways lead to is taken once, so a link to a folder
    above ends there. Hidden files and folders are left out: `._Song.mp3` is a Mac's note on a file.

    Raises
    ------
    InputError
        When a root is not there.

    """
    walk = _Walk()
    files: list[MusicFile] = []
    for root in roots:
        place = os.path.realpath(root.expanduser())
        if not os.path.lexists(place):
            raise InputError(f"there is no file or folder {root}", hint="Give the folder of your music.")
        files += walk.run(place)
    return Found(tuple(files), tuple(walk.problems))


class _Walk:
    """What one search has seen, so that it takes nothing twice."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, str]] = []
        self._seen: set[tuple[int, int]] = set()

    def run(self, root: str) -> Iterator[MusicFile]:
        waiting = [root]
        while waiting:
            place = waiting.pop()
            if os.path.islink(place):  # noqa: PTH114 - names need not be text, which Path expects
                place = os.path.realpath(place)  # one path for each file, however it was reached
            try:
                found = os.stat(place)  # noqa: PTH116 - as above
            except OSError as error:
                self.problems.append((place, error.strerror or str(error)))
                continue
            is_folder = stat.S_ISDIR(found.st_mode)
            if not is_folder and not _is_music(place, found):
                continue
            if (found.st_dev, found.st_ino) in self._seen:
                continue
            self._seen.add((found.st_dev, found.st_ino))
            if is_folder:
                waiting += reversed(self._names(place))
            else:
                yield MusicFile(place, found.st_size, found.st_mtime_ns)

    def _names(self, folder: str) -> list[str]:
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208 - as above
        except OSError as error:
            self.problems.append((folder, error.strerror or str(error)))
            return []
        return [os.path.join(folder, name) for name in names if not name.startswith(".")]  # noqa: PTH118


def _is_music(place: str, found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode) and os.path.splitext(place)[1].lower() in ENDINGS  # noqa: PTH122
