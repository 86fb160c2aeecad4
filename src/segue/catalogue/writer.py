"""Writing to a catalogue: one transaction, in which tracks are added and updated."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from segue.catalogue import search
from segue.catalogue.connections import COMMIT_WAIT_S, check_header, open_writer, translated
from segue.catalogue.migrations import DROP_INDEXES, INDEXES, create_schema, migrate, run_statements
from segue.catalogue.row_codec import COLUMN_NAMES, COLUMNS_SQL, Values, derive, merge

CHUNK = 2_000  # rows to read and write at once
BIG_CHANGE = 20_000  # from so many changed rows on, making the indexes anew is quicker than keeping them

_TRACKS_SQL = (
    f"INSERT OR REPLACE INTO tracks (row, {COLUMNS_SQL}, song_hash) "  # noqa: S608 - our own names
    f"VALUES ({', '.join('?' * (len(COLUMN_NAMES) + 2))})"
)
_PACKED_SQL = "INSERT OR REPLACE INTO packed (row, data) VALUES (?, ?)"
_NAME, _ARTISTS, _POPULARITY = (COLUMN_NAMES.index(name) for name in ("name", "artists", "popularity"))


class Writer:
    """The open transaction of one import. Made by `open_transaction`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        (self.count,) = connection.execute("SELECT count(*) FROM tracks").fetchone()
        self._was_filled = self.count > 0  # a new catalogue gets its indexes at the end, all at once
        self.added = 0
        self.updated = 0
        self.unchanged = 0
        self._changed = 0
        self._indexed = True

    def upsert(self, rows: Sequence[Values]) -> None:
        """Add or update rows. Within one call a later row updates an earlier one, as it does across calls."""
        stored = self._find_stored([str(values[0]) for values in rows])
        pending: dict[str, tuple[int, Values]] = {}
        for values in rows:
            track_id = str(values[0])
            known = pending.get(track_id) or stored.get(track_id)
            if known is None:
                pending[track_id] = (self.count, values)
                self.count += 1
                self.added += 1
            elif (merged := merge(known[1], values)) != known[1]:
                pending[track_id] = (known[0], merged)
                self.updated += 1
            else:
                self.unchanged += 1
        if pending:
            self._write(pending, stored)

    def _find_stored(self, track_ids: list[str]) -> dict[str, tuple[int, Values]]:
        if self.count == 0:
            return {}
        marks = ", ".join("?" * len(track_ids))
        found = self._connection.execute(
            f"SELECT row, {COLUMNS_SQL} FROM tracks WHERE track_id IN ({marks})",  # noqa: S608
            track_ids,
        )
        return {values[1]: (values[0], values[1:]) for values in found.fetchall()}

    def _write(self, pending: dict[str, tuple[int, Values]], stored: dict[str, tuple[int, Values]]) -> None:
        self._changed += len(pending)
        if self._indexed and (self._changed >= BIG_CHANGE or not self._was_filled):
            run_statements(self._connection, DROP_INDEXES)
            self._indexed = False
        if self._indexed:
            replaced = (stored[track_id] for track_id in pending if track_id in stored)
            search.remove_entries(self._connection, map(_entry, replaced))
        songs, packed = derive([values for _, values in pending.values()])
        self._connection.executemany(
            _TRACKS_SQL,
            [(row, *values, song) for (row, values), song in zip(pending.values(), songs, strict=True)],
        )
        self._connection.executemany(
            _PACKED_SQL, [(row, data) for (row, _), data in zip(pending.values(), packed, strict=True)]
        )
        if self._indexed:
            search.add_entries(self._connection, map(_entry, pending.values()))

    def set_revision(self, revision: str) -> None:
        """Give the catalogue a revision of its maker's choice; only for one whose content is fixed."""
        self._connection.execute("UPDATE meta SET value = ? WHERE name = 'revision'", (revision,))

    def finish(self) -> None:
        """Make the indexes complete and give the catalogue a new revision."""
        if not self._indexed:
            run_statements(self._connection, INDEXES)
            search.build(self._connection)
            self._indexed = True
        if self._changed:
            self._connection.execute(
                "UPDATE meta SET value = lower(hex(randomblob(16))) WHERE name = 'revision'"
            )


@contextmanager
def open_transaction(path: Path) -> Iterator[Writer]:
    """Make one change to the catalogue at `path`, which is made when there is none: all of it, or nothing.

    Raises
    ------
    CatalogueBusyError
        At once, when another process is writing.
    StorageError
        When the disk is full or the place is read-only; the catalogue is as it was.
    NotACatalogueError, CatalogueTooNewError
        When the file is something else.

    """
    new = not path.exists()
    connection = open_writer(path)
    try:
        with translated(path):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(f"PRAGMA busy_timeout = {int(COMMIT_WAIT_S * 1000)}")
            _prepare(connection, path)
            writer = Writer(connection)
            yield writer
            writer.finish()
            connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        connection.close()
        if new:
            _remove_if_empty(path)
        raise
    connection.close()


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables == 0:
        create_schema(connection)
        return
    check_header(connection, path)
    migrate(connection)


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            return  # closing the connection rolls back as well


def _remove_if_empty(path: Path) -> None:
    """A first import that failed leaves no file behind, unless another process has filled it since."""
    if path.exists() and path.stat().st_size == 0:
        path.unlink(missing_ok=True)


def _entry(known: tuple[int, Values]) -> tuple[int, int | None, str, str]:
    row, values = known
    popularity = values[_POPULARITY]
    return row, popularity if isinstance(popularity, int) else None, str(values[_NAME]), str(values[_ARTISTS])
