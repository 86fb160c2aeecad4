"""Playlists to learn from and to measure on, and how they are read: tables, slices of the MPD, or a store."""

import csv
import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.batches import iter_batches
from segue.catalogue.parquet import BrokenParquetError, open_parquet
from segue.errors import PlaylistFormatError
from segue.ids import TRACK_URI
from segue.text.song_keys import hash64

MAX_TRACKS = 1000
MIN_TRACKS = 10
_AT_ONCE = 20_000  # lists whose tracks are looked for together
_NEEDED = ("playlist_id", "track_id")
_OPTIONAL = ("source", "playlist_name", "position")
STORED = ("source", "playlist_id", "playlist_name", "track_ids")  # columns of a store: one row a list
_Row = tuple[object, ...]  # the cells of _NEEDED and _OPTIONAL, None where there is none


@dataclass(frozen=True, slots=True)
class RawList:
    """A playlist as its file gives it: track ids in order, some of which the catalogue may not hold."""

    source: str
    playlist_id: str
    name: str
    track_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrackList:
    """A playlist as rows of a catalogue: distinct, in order, at most 1,000.

    `source` says who collected it; lists of the Million Playlist Dataset have one that starts with "mpd".
    """

    source: str
    playlist_id: str
    name: str
    rows: NDArray[np.int64]

    @property
    def list_hash(self) -> int:
        """The hash that decides the part, and that a bundle keeps of each list that it was trained on."""
        return hash64(self.playlist_id)

    @property
    def group(self) -> str:
        """The source group under which figures are reported: "mpd" or "other"."""
        return "mpd" if self.source.startswith("mpd") else "other"


class FindsRows(Protocol):
    """The one thing we need of a catalogue here."""

    def find_rows(self, track_ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each id, -1 where it is unknown."""
        ...


def read_lists(path: Path) -> list[RawList]:
    """Read playlists from a Parquet or CSV file, an MPD slice, or a folder: a store, or one of MPD slices.

    A table has one row a track with the columns `playlist_id` and `track_id`, and may have `source`,
    `playlist_name` and `position`.

    Raises
    ------
    PlaylistFormatError
        When there is no such file, it is of no such kind, or it lacks a column.

    """
    return list(iter_lists(path))


def iter_lists(path: Path) -> Iterator[RawList]:
    """Yield what `read_lists` does; of a folder, one of its files is in memory at a time."""
    if not path.exists():
        raise PlaylistFormatError(f"{path}: no such file or folder")
    if path.is_dir() and (parts := sorted(path.glob("*.parquet"))):
        for part in parts:
            yield from _read_table(part)
    elif path.is_dir() or path.suffix == ".json":
        yield from _iter_slices(path)
    elif path.suffix in {".parquet", ".csv", ".tsv"}:
        yield from _read_table(path)
    elif path.suffix == ".zip":
        raise PlaylistFormatError(
            f"{path}: expected playlists that have been imported, got a zip",
            hint=f"Import it once: segue playlists import {path}",
        )
    else:
        raise PlaylistFormatError(
            f"{path}: expected .parquet, .csv, .tsv, mpd.slice.*.json or a folder of those, "
            f"got {path.suffix!r}"
        )


def resolve(
    lists: Iterable[RawList], catalogue: FindsRows, *, min_tracks: int = MIN_TRACKS
) -> list[TrackList]:
    """Turn ids into rows; lists with fewer than `min_tracks` tracks in the catalogue are left out."""
    found: list[TrackList] = []
    for batch in iter_batches(lists, _AT_ONCE):
        found.extend(_resolve(batch, catalogue, min_tracks))
    return found


def _resolve(lists: Sequence[RawList], catalogue: FindsRows, min_tracks: int) -> Iterator[TrackList]:
    rows = catalogue.find_rows([track_id for raw in lists for track_id in raw.track_ids])
    ends = np.cumsum([len(raw.track_ids) for raw in lists])
    for raw, end in zip(lists, ends, strict=True):
        own = distinct(rows[end - len(raw.track_ids) : end])
        own = own[own >= 0][:MAX_TRACKS]
        if len(own) >= min_tracks:
            yield TrackList(raw.source, raw.playlist_id, raw.name, own)


def distinct(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows without repeats, each at its first place."""
    _, first = np.unique(rows, return_index=True)
    return rows[np.sort(first)]


def bare_id(text: str) -> str:
    """Return the track id of a track URI, or the text itself."""
    # Interned, since the Million Playlist Dataset names two million tracks 66 million times.
    return sys.intern(text.removeprefix(TRACK_URI))


def _read_table(path: Path) -> list[RawList]:
    try:
        if path.suffix == ".parquet" and (stored := _read_stored(path)) is not None:
            return stored
        return _group(_iter_parquet(path) if path.suffix == ".parquet" else _iter_separated(path))
    except (BrokenParquetError, csv.Error, UnicodeDecodeError, OSError) as error:
        raise PlaylistFormatError(f"{path}: cannot be read as a table: {error}") from error


def _read_stored(path: Path) -> list[RawList] | None:
    """Return the lists of one file of a store; None when it is another table."""
    with path.open("rb") as stream:
        table = open_parquet(stream)
        if tuple(table.columns) != STORED:
            return None
        rows = (row for cells in table.iter_columns(range(4)) for row in zip(*cells, strict=True))
        return [
            RawList(
                str(source),
                str(playlist_id),
                str(name),
                tuple(map(bare_id, str(ids).split("\n") if ids else ())),
            )
            for source, playlist_id, name, ids in rows
        ]


def _iter_parquet(path: Path) -> Iterator[_Row]:
    with path.open("rb") as stream:
        table = open_parquet(stream)
        indices = _find_columns(path, table.columns)
        present = [index for index in indices if index is not None]
        for cells in table.iter_columns(present):
            columns = dict(zip(present, cells, strict=True))
            blank: list[object] = [None] * len(cells[0])
            yield from zip(*(blank if index is None else columns[index] for index in indices), strict=True)


def _iter_separated(path: Path) -> Iterator[_Row]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header = stream.readline()
        reader = csv.reader(stream, delimiter=max(",;\t|", key=header.count))
        columns = next(csv.reader([header], delimiter=max(",;\t|", key=header.count)), [])
        indices = _find_columns(path, columns)
        for cells in filter(None, reader):
            if len(cells) != len(columns):
                raise csv.Error(
                    f"line {reader.line_num + 1}: expected {len(columns)} cells, got {len(cells)}"
                )
            yield tuple(None if index is None else cells[index] or None for index in indices)


def _find_columns(path: Path, columns: Sequence[str]) -> list[int | None]:
    """Return where the columns of a row are; None for an optional one that is not there."""
    if missing := [name for name in _NEEDED if name not in columns]:
        raise PlaylistFormatError(
            f"{path}: expected the columns playlist_id and track_id, got {', '.join(sorted(columns))}",
            hint=f"Rename or add: {', '.join(missing)}.",
        )
    return [columns.index(name) if name in columns else None for name in (*_NEEDED, *_OPTIONAL)]


def _group(rows: Iterable[_Row]) -> list[RawList]:
    """Gather the rows of each (source, playlist_id), in the order of `position` where there is one."""
    tracks: dict[tuple[str, Any], list[str]] = {}
    positions: dict[tuple[str, Any], list[float]] = {}
    names: dict[tuple[str, Any], str] = {}
    for playlist_id, track_id, source, name, position in rows:
        if playlist_id is None or track_id is None:
            continue
        key = ("" if source is None else str(source), playlist_id)
        if key not in tracks:
            tracks[key], positions[key] = [], []
        tracks[key].append(bare_id(str(track_id)))
        positions[key].append(_read_position(position))
        if name is not None and key not in names:
            names[key] = str(name)
    return [
        RawList(key[0], str(key[1]), names.get(key, ""), _put_in_order(tracks[key], positions[key]))
        for key in sorted(tracks)
    ]


def _put_in_order(track_ids: list[str], positions: list[float]) -> tuple[str, ...]:
    """Sort by position; the order of the file stays where positions are equal or unknown."""
    order = sorted(range(len(track_ids)), key=positions.__getitem__)
    return tuple(track_ids[index] for index in order)


def _read_position(cell: object) -> float:
    """Return a number to sort by; what is no number goes last."""
    if type(cell) is int:
        return cell
    try:
        number = float(str(cell))
    except ValueError:
        return math.inf
    return math.inf if math.isnan(number) else number


def _iter_slices(path: Path) -> Iterator[RawList]:
    files = sorted(path.glob("mpd.slice.*.json")) if path.is_dir() else [path]
    if not files:
        raise PlaylistFormatError(f"{path}: expected mpd.slice.*.json files in this folder, found none")
    for file in files:
        yield from map(to_raw_list, read_mpd_json(file))


def to_raw_list(entry: dict[str, Any]) -> RawList:
    """Return one playlist of the Million Playlist Dataset.

    Raises
    ------
    PlaylistFormatError
        As `track_ids_of` does.

    """
    # The prefix keeps the numbers of the MPD apart from other ids.
    return RawList("mpd", f"mpd:{entry['pid']}", str(entry.get("name", "")), track_ids_of(entry))


def read_mpd_json(path: Path) -> list[dict[str, Any]]:
    """Return the `playlists` of a slice or a challenge set of the Million Playlist Dataset.

    Raises
    ------
    PlaylistFormatError
        When the file is not JSON, or has no list `playlists` whose entries have a `pid` and `tracks`.

    """
    try:
        data = json.loads(path.read_bytes())
        playlists = data["playlists"]
        if all("pid" in entry and "tracks" in entry for entry in playlists):
            return list(playlists)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise PlaylistFormatError(f"{path}: expected JSON with a list `playlists`, got {error!r}") from error
    raise PlaylistFormatError(f"{path}: expected every playlist to have `pid` and `tracks`")


def track_ids_of(entry: dict[str, Any]) -> tuple[str, ...]:
    """Return the track ids of one playlist of the Million Playlist Dataset, by `pos`.

    Raises
    ------
    PlaylistFormatError
        When a track has no URI, or `pos` is no number.

    """
    try:
        tracks = sorted(entry["tracks"], key=lambda track: int(track.get("pos", 0)))
        return tuple(bare_id(str(track["track_uri"])) for track in tracks)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise PlaylistFormatError(
            f"playlist {entry.get('pid')}: expected tracks with `track_uri` and `pos`, got {error!r}"
        ) from error
