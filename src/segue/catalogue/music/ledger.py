"""What a catalogue keeps of music files: where each lies, what was heard, and of which track it is.

Two tables beside the tracks, made when they are first needed; an older segue does not see them.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from segue.catalogue.connections import open_reader, translated
from segue.catalogue.migrations import run_statements

_TABLES = """
CREATE TABLE IF NOT EXISTS music_files (
    path BLOB PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    analyser TEXT NOT NULL,
    track_id TEXT NOT NULL,
    owned INTEGER NOT NULL,
    problem TEXT NOT NULL,
    sound TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS music_files_by_track ON music_files (track_id);
CREATE TABLE IF NOT EXISTS calibrations (
    feature TEXT PRIMARY KEY,
    pairs INTEGER NOT NULL,
    error_raw REAL NOT NULL,
    error_fitted REAL,
    knots TEXT NOT NULL
) WITHOUT ROWID;
"""

SAME_LENGTH_MS = 3_000  # of one recording; another version is another sound
_PATHS = f"""
SELECT track_id, path, size, 1 AS own FROM music_files WHERE track_id IN (MARKS)
UNION ALL
SELECT tracks.track_id, path, size, 0 FROM tracks
JOIN tracks AS same ON same.song_hash = tracks.song_hash AND same.song_hash != 0
    AND abs(same.duration_ms - tracks.duration_ms) <= {SAME_LENGTH_MS}
JOIN music_files ON music_files.track_id = same.track_id
WHERE tracks.track_id IN (MARKS)
UNION ALL
SELECT tracks.track_id, path, size, 0 FROM tracks
JOIN tracks AS same ON same.isrc = tracks.isrc AND same.isrc != ''
JOIN music_files ON music_files.track_id = same.track_id
WHERE tracks.track_id IN (MARKS)
ORDER BY own, size
"""  # noqa: S608 - our own numbers


@dataclass(frozen=True, slots=True)
class Entry:
    """One music file.

    Attributes
    ----------
    analyser
        What computed its features, with its version.
    track_id
        Of which track it is; empty when it was left out.
    owned
        Whether the track's features are of this file, and not from elsewhere.
    problem
        Why it cannot be heard, or is left out; empty when all is well.
    sound
        What was heard, on the analyser's scale.

    """

    path: str
    size: int
    mtime_ns: int
    analyser: str
    track_id: str = ""
    owned: bool = False
    problem: str = ""
    sound: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How one feature is brought from the analyser's scale to Spotify's.

    Attributes
    ----------
    pairs
        Tracks that are known on both scales.
    error_raw, error_fitted
        The mean absolute error against Spotify's values, as heard and, on tracks that the fit has not seen,
        fitted. For key and mode: the share that differs.
    knots
        Points (heard, Spotify's) of a rising line; empty where the values are left as they are heard.

    """

    feature: str
    pairs: int
    error_raw: float
    error_fitted: float | None = None
    knots: tuple[tuple[float, float], ...] = ()


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables inside an open transaction, when they are not there."""
    run_statements(connection, _TABLES)


def read_entries(catalogue: Path) -> dict[str, Entry]:
    """Return the music files of a catalogue by their paths."""
    rows = _select(catalogue, "SELECT * FROM music_files ORDER BY path")
    return {entry.path: entry for entry in map(_to_entry, rows)}


def write_entries(connection: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    """Keep files, in place of what was kept of the same paths."""
    connection.executemany(
        "INSERT OR REPLACE INTO music_files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_to_row, entries)
    )


def find_owned(connection: sqlite3.Connection, track_ids: Sequence[str]) -> set[str]:
    """Return those of the tracks whose features are those of a music file."""
    marks = ", ".join("?" * len(track_ids))
    found = connection.execute(
        f"SELECT track_id FROM music_files WHERE owned AND track_id IN ({marks})",  # noqa: S608 - marks
        track_ids,
    )
    return {track_id for (track_id,) in found}


def find_paths(catalogue: Path, track_ids: Sequence[str]) -> dict[str, str]:
    """Return the music file of each track, or of the same recording, that has one which is there.

    Of several it is the track's own, and the largest, as of the best sound.
    """
    sql = _PATHS.replace("MARKS", ", ".join("?" * len(track_ids)))
    rows = _select(catalogue, sql, (*track_ids, *track_ids, *track_ids))
    paths = ((track_id, os.fsdecode(path)) for track_id, path, *_ in rows)
    return {track_id: path for track_id, path in paths if os.path.isfile(path)}  # noqa: PTH113


def read_calibrations(catalogue: Path) -> dict[str, Calibration]:
    """Return how each feature is calibrated; nothing when no fit has been tried."""
    rows = _select(catalogue, "SELECT * FROM calibrations")
    return {str(row[0]): _to_calibration(row) for row in rows}


def write_calibrations(connection: sqlite3.Connection, calibrations: Iterable[Calibration]) -> None:
    """Keep calibrations, in place of all that were kept."""
    connection.execute("DELETE FROM calibrations")
    connection.executemany(
        "INSERT INTO calibrations VALUES (?, ?, ?, ?, ?)",
        [
            (each.feature, each.pairs, each.error_raw, each.error_fitted, json.dumps(each.knots))
            for each in calibrations
        ],
    )


def _select(catalogue: Path, sql: str, parameters: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """Return rows; none where the catalogue is not there or has no music files."""
    if not catalogue.exists():
        return []
    with closing(open_reader(catalogue)) as connection, translated(catalogue):
        has_files = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'music_files'").fetchone()
        return connection.execute(sql, parameters).fetchall() if has_files else []


def _to_calibration(row: Sequence[Any]) -> Calibration:
    feature, pairs, error_raw, error_fitted, knots = row
    points = tuple((x, y) for x, y in json.loads(knots))
    return Calibration(feature, pairs, error_raw, error_fitted, points)


def _to_row(entry: Entry) -> tuple[object, ...]:
    return (
        os.fsencode(entry.path),
        entry.size,
        entry.mtime_ns,
        entry.analyser,
        entry.track_id,
        entry.owned,
        entry.problem,
        json.dumps(dict(entry.sound)),
    )


def _to_entry(row: Sequence[Any]) -> Entry:
    path, size, mtime_ns, analyser, track_id, owned, problem, sound = row
    return Entry(
        os.fsdecode(path), size, mtime_ns, analyser, track_id, bool(owned), problem, json.loads(sound)
    )
