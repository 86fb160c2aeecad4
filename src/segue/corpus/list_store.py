"""A store of playlists: a folder with a Parquet file a slice, which `train` and `evaluate` read.

Each file appears whole or not at all, and under a name that follows from what it was made of. So an import
that was killed goes on where it stopped, and one that is run again changes nothing.
"""

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arro3.core import DataType

from segue.catalogue.parquet import write_parquet_of_lines
from segue.catalogue.row_codec import check_track
from segue.corpus.lists import STORED, RawList, bare_id, read_lists, to_raw_list
from segue.corpus.mpd import BrokenSliceError, Slice, open_slices
from segue.errors import InvalidFeatureError, InvalidTrackIdError, PlaylistFormatError, StorageError
from segue.files import written_aside
from segue.text.strings import list_some, one_line
from segue.types import Track

Progress = Callable[[int, int, int], None]  # lists so far, bytes done, bytes in total
AddTracks = Callable[[Iterable[Track]], object]
_TABLES = {".parquet", ".csv", ".tsv"}
_DRAFT = ".draft-"
_LEFT_OVER_S = 3_600  # a draft of that age is of an import that was killed
_TYPES = dict.fromkeys(STORED, DataType.string())
_LONGEST = 2_000  # characters of a text


@dataclass(frozen=True, slots=True)
class StoreReport:
    """What an import of playlists did: lists added, slices that were there already, and those left out."""

    lists: int
    known: int
    broken: tuple[str, ...]


def import_lists(
    path: Path, store: Path, *, add_tracks: AddTracks | None = None, progress: Progress | None = None
) -> StoreReport:
    """Put the playlists of a file, a folder or a zip into a store, which is made when there is none.

    Parameters
    ----------
    path
        The Million Playlist Dataset as a zip, a folder or one slice, or a table that `read_lists` reads.
    store
        The folder to fill.
    add_tracks
        Takes the tracks that the slices name, those of slices that are in the store already too.
    progress
        Called after each slice.

    Raises
    ------
    PlaylistFormatError
        When nothing in it can be read.
    StorageError
        When the store cannot be written.

    """
    if not path.exists():
        raise PlaylistFormatError(f"{path}: no such file or folder")
    try:
        store.mkdir(parents=True, exist_ok=True)
        _remove_left_over(store)
        if path.suffix.lower() in _TABLES:
            return _import_table(path, store)
        with open_slices(path) as slices:
            return _import_slices(slices, store, add_tracks, progress)
    except OSError as error:
        raise StorageError(
            f"cannot write the playlists to {store}: {error.strerror or error}",
            hint="Make room, or name another folder: --into FOLDER. The same command goes on.",
        ) from error


def _import_slices(
    slices: list[Slice], store: Path, add_tracks: AddTracks | None, progress: Progress | None
) -> StoreReport:
    added, known, done, total = 0, 0, 0, sum(each.size for each in slices)
    broken = []
    for each in slices:
        part = store / f"{each.name}.parquet"
        is_known = part.exists()
        known += is_known
        if add_tracks is not None or not is_known:
            try:
                playlists = each.playlists()
                lists = [to_raw_list(entry) for entry in playlists]
            except (BrokenSliceError, PlaylistFormatError) as error:
                broken.append(f"{each.name}: {one_line(str(error))}")
            else:
                if add_tracks is not None:
                    add_tracks(_iter_tracks(playlists))
                if not is_known:  # after its tracks: a slice that is in the store is done
                    _write(part, lists)
                    added += len(lists)
        done += each.size
        if progress is not None:
            progress(added, done, total)
    if len(broken) == len(slices):
        raise PlaylistFormatError(
            f"none of {len(slices)} slices can be read: {list_some(broken, most=3, between='; ')}",
            hint="Download it again.",
        )
    return StoreReport(added, known, tuple(broken))


def _import_table(path: Path, store: Path) -> StoreReport:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "blake2b").hexdigest()[:16]
    part = store / f"table-{digest}.parquet"
    if part.exists():
        return StoreReport(0, 1, ())
    lists = read_lists(path)
    _write(part, lists)
    return StoreReport(len(lists), 0, ())


def _write(part: Path, lists: Iterable[RawList]) -> None:
    with tempfile.TemporaryDirectory(dir=part.parent, prefix=_DRAFT) as folder, written_aside(part) as draft:
        lines = Path(folder) / "lines"
        with lines.open("w", encoding="utf-8", errors="replace") as stream:
            for each in lists:
                row = (each.source, each.playlist_id, each.name, "\n".join(each.track_ids))
                stream.write(json.dumps(dict(zip(STORED, row, strict=True)), ensure_ascii=False) + "\n")
        write_parquet_of_lines(lines, draft, _TYPES)


def _remove_left_over(store: Path) -> None:
    for draft in [*store.glob(f"{_DRAFT}*"), *store.glob(".*.part")]:
        if time.time() - draft.stat().st_mtime > _LEFT_OVER_S:
            shutil.rmtree(draft) if draft.is_dir() else draft.unlink(missing_ok=True)


def _iter_tracks(playlists: list[dict[str, Any]]) -> Iterator[Track]:
    """Yield each track that playlists name, once, with all that they say of it but features of its sound."""
    seen: set[str] = set()
    for playlist in playlists:
        for entry in playlist["tracks"]:
            track_id = bare_id(str(entry["track_uri"]))
            if track_id in seen:
                continue
            seen.add(track_id)
            length = entry.get("duration_ms")
            track = Track(
                track_id,
                _text(entry, "track_name"),
                (artist,) if (artist := _text(entry, "artist_name")) else (),
                _text(entry, "album_name"),
                features={"duration_ms": float(length)} if type(length) is int else {},
            )
            try:
                yield check_track(track)
            except (InvalidTrackIdError, InvalidFeatureError):
                continue  # an episode, a file of one's own, a length beyond a day


def _text(entry: dict[str, Any], name: str) -> str:
    return one_line(str(entry.get(name) or "")[:_LONGEST])
