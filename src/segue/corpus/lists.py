"""Playlists to learn from and to measure on, and how they are read: Parquet, CSV, or slices of the MPD."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
import numpy as np
from numpy.typing import NDArray

from segue.errors import PlaylistFormatError
from segue.text.song_keys import hash64

MAX_TRACKS = 1000
MIN_TRACKS = 10
_COLUMNS = ("playlist_id", "track_id")
_TRACK_URI = "spotify:track:"


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
    """Read playlists from a Parquet or CSV file, an MPD slice, or a folder of MPD slices.

    A table has one row a track with the columns `playlist_id` and `track_id`, and may have `source`,
    `playlist_name` and `position`.

    Raises
    ------
    PlaylistFormatError
        When there is no such file, it is of no such kind, or it lacks a column.

    """
    if not path.exists():
        raise PlaylistFormatError(f"{path}: no such file or folder")
    if path.is_dir() or path.suffix == ".json":
        return list(_iter_slices(path))
    if path.suffix in {".parquet", ".csv", ".tsv"}:
        return _read_table(path)
    raise PlaylistFormatError(
        f"{path}: expected .parquet, .csv, .tsv, mpd.slice.*.json or a folder of those, got {path.suffix!r}"
    )


def resolve(
    lists: Iterable[RawList], catalogue: FindsRows, *, min_tracks: int = MIN_TRACKS
) -> list[TrackList]:
    """Turn ids into rows; lists with fewer than `min_tracks` tracks in the catalogue are left out."""
    lists = list(lists)
    rows = catalogue.find_rows([track_id for raw in lists for track_id in raw.track_ids])
    ends = np.cumsum([len(raw.track_ids) for raw in lists])
    found = []
    for raw, end in zip(lists, ends, strict=True):
        own = distinct(rows[end - len(raw.track_ids) : end])
        own = own[own >= 0][:MAX_TRACKS]
        if len(own) >= min_tracks:
            found.append(TrackList(raw.source, raw.playlist_id, raw.name, own))
    return found


def distinct(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows without repeats, each at its first place."""
    _, first = np.unique(rows, return_index=True)
    return rows[np.sort(first)]


def bare_id(text: str) -> str:
    """Return the track id of a Spotify track URI, or the text itself."""
    # Interned, since the Million Playlist Dataset names two million tracks 66 million times.
    return sys.intern(text.removeprefix(_TRACK_URI))


def _read_table(path: Path) -> list[RawList]:
    with duckdb.connect(":memory:") as connection:
        try:
            if path.suffix == ".parquet":
                relation = connection.read_parquet(str(path))
            else:
                relation = connection.read_csv(str(path), all_varchar=True, header=True)
        except duckdb.Error as error:
            raise PlaylistFormatError(f"{path}: cannot be read as a table: {error}") from error
        columns = set(relation.columns)
        if missing := [name for name in _COLUMNS if name not in columns]:
            raise PlaylistFormatError(
                f"{path}: expected the columns playlist_id and track_id, got {', '.join(sorted(columns))}",
                hint=f"Rename or add: {', '.join(missing)}.",
            )
        return _group(relation, columns)


def _group(relation: Any, columns: set[str]) -> list[RawList]:
    """Gather the rows of each (source, playlist_id), in the order of `position` where there is one."""
    source = "coalesce(source, '')" if "source" in columns else "''"
    name = "coalesce(playlist_name, '')" if "playlist_name" in columns else "''"
    order = "try_cast(position as bigint)" if "position" in columns else "1"
    grouped = relation.query(
        "playlists",
        f"""
        select {source} as source, playlist_id, any_value({name}),
               list(track_id order by {order}, place) as track_ids
        from (select *, row_number() over () as place from playlists)
        where playlist_id is not null and track_id is not null
        group by all order by 1, 2
        """,  # noqa: S608 - only our own column names
    )
    return [
        RawList(source, str(playlist_id), str(name), tuple(bare_id(str(track_id)) for track_id in track_ids))
        for source, playlist_id, name, track_ids in grouped.fetchall()
    ]


def _iter_slices(path: Path) -> Iterator[RawList]:
    files = sorted(path.glob("mpd.slice.*.json")) if path.is_dir() else [path]
    if not files:
        raise PlaylistFormatError(f"{path}: expected mpd.slice.*.json files in this folder, found none")
    for file in files:
        for entry in read_mpd_json(file):
            # The prefix keeps the numbers of the MPD apart from other ids.
            name, track_ids = str(entry.get("name", "")), track_ids_of(entry)
            yield RawList("mpd", f"mpd:{entry['pid']}", name, track_ids)


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
    except (OSError, ValueError, KeyError, TypeError) as error:
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
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PlaylistFormatError(
            f"playlist {entry.get('pid')}: expected tracks with `track_uri` and `pos`, got {error!r}"
        ) from error
