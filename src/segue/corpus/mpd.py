"""The Million Playlist Dataset as it is downloaded: slices of 1,000 lists in a zip, a folder, or one file.

Nothing is unpacked to disk, and a name in an archive is only ever compared with a pattern. One slice is held
in memory at a time.
"""

import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from segue.errors import PlaylistFormatError

MAX_SLICE = 128 << 20  # bytes; those of the Million Playlist Dataset have about 35 million
MAX_SLICES = 10_000
MAX_RATIO = 60  # unpacked to packed; JSON like this shrinks to a sixth
_NAME = re.compile(r"(?:.*/)?(mpd\.slice\.\d{1,9}-\d{1,9})\.json")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
_AGAIN = "Download it again."


class BrokenSliceError(Exception):
    """A slice that cannot be read; the others may be sound."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice: its name without an ending, its size in bytes, and how its JSON is read."""

    name: str
    size: int
    read: Callable[[], bytes]

    def playlists(self) -> list[dict[str, Any]]:
        """Return the playlists, each with a whole number `pid` and a list `tracks`.

        Raises
        ------
        BrokenSliceError
            When it is damaged, or no slice.

        """
        try:
            found = json.loads(self.read())["playlists"]
            if all(type(entry["pid"]) is int and type(entry["tracks"]) is list for entry in found):
                return list(found)
        except (*_DAMAGED, ValueError, KeyError, TypeError, RecursionError) as error:
            raise BrokenSliceError(f"{type(error).__name__}: {error}"[:200]) from error
        raise BrokenSliceError("expected playlists with a whole number `pid` and a list `tracks`")


@contextmanager
def open_slices(path: Path) -> Iterator[list[Slice]]:
    """Find the slices of a zip, a folder or a file, in the order of their numbers.

    Raises
    ------
    PlaylistFormatError
        When there are none, or the archive is damaged, encrypted, or none that such data would make.

    """
    if path.is_dir():
        yield _found(path, [_of_file(file) for file in path.rglob("mpd.slice.*.json")])
    elif path.suffix.lower() == ".json":
        yield _found(path, [_of_file(path)])
    else:
        try:
            archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise PlaylistFormatError(
                f"{path}: expected a zip of slices; it is none, or was cut off: {error}", hint=_AGAIN
            ) from error
        with archive:
            yield _found(path, _of_archive(archive, path))


def _found(path: Path, slices: list[Slice]) -> list[Slice]:
    if not slices:
        raise PlaylistFormatError(f"{path}: expected files named mpd.slice.0-999.json and so on, found none")
    return sorted(slices, key=lambda each: [int(number) for number in re.findall(r"\d+", each.name)])


def _of_file(file: Path) -> Slice:
    def read() -> bytes:
        with file.open("rb") as stream:
            data = stream.read(MAX_SLICE + 1)
        if len(data) > MAX_SLICE:
            raise ValueError(f"more than {MAX_SLICE >> 20} MiB")
        return data

    return Slice(file.stem, file.stat().st_size if file.is_file() else 0, read)


def _of_archive(archive: zipfile.ZipFile, path: Path) -> list[Slice]:
    entries = [
        (found[1], entry) for entry in archive.infolist() if (found := _NAME.fullmatch(entry.filename))
    ]
    packed = path.stat().st_size
    if any(entry.flag_bits & 1 for _, entry in entries):
        raise PlaylistFormatError(f"{path} is encrypted", hint="Unpack it, and give the folder.")
    if (
        len(entries) > MAX_SLICES
        or any(entry.file_size > MAX_SLICE for _, entry in entries)
        or sum(entry.file_size for _, entry in entries) > MAX_RATIO * packed
    ):
        raise PlaylistFormatError(
            f"{path}: expected at most {MAX_SLICES:,} slices of up to {MAX_SLICE >> 20} MiB, and no more "
            f"than {MAX_RATIO} times the {packed:,} bytes of the archive; this is no set of playlists",
            hint=_AGAIN,
        )
    return [Slice(name, entry.file_size, partial(_read_entry, archive, entry)) for name, entry in entries]


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        data = stream.read(MAX_SLICE + 1)  # never more than the entry says, and the check sum is compared
    if len(data) != entry.file_size:
        raise EOFError(f"expected {entry.file_size:,} bytes, got {len(data):,}")
    return data
