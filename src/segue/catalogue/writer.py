"""Writing to a catalogue: one transaction, in which tracks are added and updated."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from segue.catalogue import search
from segue.catalogue.connections import COMMIT_WAIT_S, check_header, open_writer, translated
from segue.catalogue.migrations import DROP_INDEXES, INDEXES, create_schema, migrate, run_statements
from segue.catalogue.row_codec import COLUMN_NAMES, COLUMNS_SQL, Derived, Values, derive, merge, search_words

CHUNK = 2_000  # rows to read and write at once
BIG_CHANGE = 20_000  # from so many changed rows on, making the indexes anew is quicker than keeping them

_TRACKS_SQL = (
    f"INSERT OR REPLACE INTO tracks (row, {COLUMNS_SQL}, song_hash) "  # noqa: S608 - our own names
    f"VALUES ({', '.join('?' * (len(COLUMN_NAMES) + 2))})"
)
_PACKED_SQL = "INSERT OR REPLACE INTO packed (row, data) VALUES (?, ?)"
_ID, _NAME, _ARTISTS, _POPULARITY = (
    COLUMN_NAMES.index(name) for name in ("track_id", "name", "artists", "popularity")
)
_Known = tuple[int, Values]  # a row, and what is stored there


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
        self._entries = search.EntryWriter(connection)

    def upsert(self, rows: Sequence[Values], derived: Derived | None = None) -> None:
        """Add or update rows. Within one call a later row updates an earlier one, as it does across calls.

        `derived` is what `row_codec.derive` makes of them, where that has been done already.
        """
        stored = self._find_stored([str(values[0]) for values in rows])
        fresh: dict[str, int] = {}  # new tracks that one row tells all of: where it is in `rows`
        pending: dict[str, _Known] = {}
        for index, values in enumerate(rows):
            track_id = values[0]
            known = pending.get(track_id) or stored.get(track_id)
            if known is None:
                pending[track_id] = (self.count, values)
                fresh[track_id] = index
                self.count += 1
                self.added += 1
            elif (merged := merge(known[1], values)) != known[1]:
                pending[track_id] = (known[0], merged)
                fresh.pop(track_id, None)
                self.updated += 1
            else:
                self.unchanged += 1
        self._drop_indexes(len(pending))
        changed = [known for track_id, known in pending.items() if track_id not in fresh]
        changed_derived = derive([values for _, values in changed])
        self._write(changed, changed_derived)
        self._change_entries(changed, changed_derived.words, stored)
        new = [pending[track_id] for track_id in fresh]
        new_derived = derived.of(list(fresh.values())) if derived else derive([values for _, values in new])
        self._write(new, new_derived)
        self._change_entries(new, new_derived.words, {})

    @property
    def connection(self) -> sqlite3.Connection:
        """The open transaction, for what is kept beside the tracks."""
        return self._connection

    def find_stored(self, track_ids: list[str]) -> dict[str, Values]:
        """Return what is stored of those tracks that there are."""
        return {track_id: values for track_id, (_, values) in self._find_stored(track_ids).items()}

    def _find_stored(self, track_ids: list[str]) -> dict[str, _Known]:
        if self.count == 0:
            return {}
        marks = ", ".join("?" * len(track_ids))
        found = self._connection.execute(
            f"SELECT row, {COLUMNS_SQL} FROM tracks WHERE track_id IN ({marks})",  # noqa: S608
            track_ids,
        )
        return {values[1]: (values[0], values[1:]) for values in found.fetchall()}

    def _drop_indexes(self, changing: int) -> None:
        """Drop the indexes when so much changes that to make them anew at the end is quicker."""
        self._changed += changing
        if self._indexed and (self._changed >= BIG_CHANGE or not self._was_filled):
            run_statements(self._connection, DROP_INDEXES)
            self._indexed = False

    def _write(self, tracks: Sequence[_Known], derived: Derived) -> None:
        self._connection.executemany(
            _TRACKS_SQL,
            [(row, *values, song) for (row, values), song in zip(tracks, derived.songs, strict=True)],
        )
        self._connection.executemany(
            _PACKED_SQL, [(row, data) for (row, _), data in zip(tracks, derived.packed, strict=True)]
        )

    def _change_entries(
        self, tracks: Sequence[_Known], words: Sequence[str], stored: Mapping[str, _Known]
    ) -> None:
        """Bring the word index up to date with tracks, of which some were stored in another form."""
        for (row, values), new_words in zip(tracks, words, strict=True):
            popularity = values[_POPULARITY]
            if values[_ID] in stored:
                _, old = stored[values[_ID]]
                old_words = search_words(old[_NAME], old[_ARTISTS])
                if (old[_POPULARITY], old_words) == (popularity, new_words):
                    continue
                self._entries.remove(row, old[_POPULARITY], old_words)
            self._entries.put(row, popularity, new_words)

    def set_revision(self, revision: str) -> None:
        """Give the catalogue a revision of its maker's choice; only for one whose content is fixed."""
        self._connection.execute("UPDATE meta SET value = ? WHERE name = 'revision'", (revision,))

    def finish(self) -> None:
        """Make the indexes complete and give the catalogue a new revision."""
        if not self._indexed:
            run_statements(self._connection, INDEXES)
            self._indexed = True
        self._entries.finish()
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
