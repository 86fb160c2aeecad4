"""Filling a catalogue with features from elsewhere: by the batch, each stored at once.

Which tracks were asked about is kept beside the tracks, so that those that are not known there are not asked
about again, and a run that was stopped goes on.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from segue.catalogue.connections import open_reader, translated
from segue.catalogue.row_codec import merge, to_values
from segue.catalogue.writer import open_transaction
from segue.ids import is_spotify_id
from segue.types import Track

_TABLE = """
CREATE TABLE IF NOT EXISTS feature_requests (
    source TEXT NOT NULL, track_id TEXT NOT NULL, PRIMARY KEY (source, track_id)
) WITHOUT ROWID
"""


class FeatureSource(Protocol):
    """What knows features of tracks."""

    def fetch_features(self, track_ids: Sequence[str]) -> dict[str, dict[str, float]]:
        """Return the features of those tracks that it knows."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to fill: the features `names` that the source of this name gives, `batch` tracks at once."""

    source: str
    names: Sequence[str]
    batch: int


@dataclass(frozen=True, slots=True)
class FillReport:
    """How many tracks were asked about, and how many of them were known."""

    asked: int
    filled: int


def find_unfilled(catalogue: Path, wanted: Wanted, *, again: bool = False) -> list[str]:
    """Return the Spotify ids of tracks that lack features, the most popular first.

    Those that were asked about are left out; `again` asks again about those that are still without.

    Raises
    ------
    CatalogueNotFoundError, NotACatalogueError, CatalogueTooNewError
        When the file cannot serve as a catalogue.

    """
    with closing(open_reader(catalogue)) as connection, translated(catalogue):
        asked = set() if again else _find_asked(connection, wanted.source)
        lacking = " OR ".join(f"{name} IS NULL" for name in wanted.names)
        rows = connection.execute(
            f"SELECT track_id FROM tracks WHERE {lacking} ORDER BY popularity DESC, row"  # noqa: S608 - our names
        )
        return [track_id for (track_id,) in rows if track_id not in asked and is_spotify_id(track_id)]


def fill(
    catalogue: Path,
    track_ids: Sequence[str],
    source: FeatureSource,
    wanted: Wanted,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> FillReport:
    """Ask about tracks and store what is known of them; a feature that a track has is not replaced.

    Raises
    ------
    FeatureSourceError
        When the source does not answer; what has come is stored.
    CatalogueBusyError, StorageError
        As `writer.open_transaction` does.

    """
    filled = 0
    for done, batch in _iter_batches(track_ids, wanted.batch):
        found = source.fetch_features(batch)
        with open_transaction(catalogue) as writer:
            stored = writer.find_stored(list(found))
            writer.upsert(
                [
                    merge(to_values(Track(track_id, features=features)), stored[track_id])
                    for track_id, features in found.items()
                    if track_id in stored
                ]
            )
            writer.connection.execute(_TABLE)
            writer.connection.executemany(
                "INSERT OR IGNORE INTO feature_requests VALUES (?, ?)",
                [(wanted.source, track_id) for track_id in batch],
            )
        filled += sum(bool(features) for features in found.values())
        progress(done, len(track_ids))
    return FillReport(len(track_ids), filled)


def _iter_batches(track_ids: Sequence[str], size: int) -> Iterator[tuple[int, list[str]]]:
    """Yield batches, each with how many tracks there are up to its end."""
    for start in range(0, len(track_ids), size):
        batch = list(track_ids[start : start + size])
        yield start + len(batch), batch


def _find_asked(connection: sqlite3.Connection, source: str) -> set[str]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'feature_requests'").fetchone():
        return set()
    rows = connection.execute("SELECT track_id FROM feature_requests WHERE source = ?", (source,))
    return {track_id for (track_id,) in rows}
