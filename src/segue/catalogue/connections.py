"""Connections to a catalogue file: for reading, for writing, and what SQLite's errors mean for a person."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from segue.catalogue.migrations import APPLICATION_ID, SCHEMA_VERSION
from segue.errors import (
    CatalogueBusyError,
    CatalogueNotFoundError,
    CatalogueTooNewError,
    NotACatalogueError,
    SegueError,
    StorageError,
)

READ_WAIT_S = 60.0  # an import that writes its pages out holds readers up for that time
COMMIT_WAIT_S = 60.0  # and waits for readers in its turn

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


def translate(error: sqlite3.Error, path: Path) -> SegueError:
    """Say in our terms what SQLite could not do."""
    code = (getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_ERROR) & 0xFF
    if code in _BUSY:
        return CatalogueBusyError(
            f"another process is importing into {path}", hint="Wait until it has ended, then run this again."
        )
    if code in _DAMAGED:
        return NotACatalogueError(
            f"{path} is not a catalogue, or it is damaged: {error}",
            hint="Give a file that `segue catalogue import` made; to mend this one, import anew.",
        )
    if code == sqlite3.SQLITE_FULL:
        return StorageError(
            f"no space is left to write {path}; it is as it was before", hint="Free some space on that disk."
        )
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return StorageError(
            f"cannot write {path}: the file or its folder is read-only",
            hint="Copy the catalogue to a folder of your own, or name another with --catalogue.",
        )
    if code == sqlite3.SQLITE_IOERR:
        return StorageError(f"the disk failed while using {path}: {error}")
    return NotACatalogueError(f"{path} cannot be used as a catalogue: {error}")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors inside the block into ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, path) from error


def open_reader(path: Path) -> sqlite3.Connection:
    """Open a catalogue for reading.

    Raises
    ------
    CatalogueNotFoundError, NotACatalogueError, CatalogueTooNewError
        When the file cannot serve as a catalogue.

    """
    if path.is_dir():
        raise CatalogueNotFoundError(
            f"expected the file of a catalogue, got the folder {path}", hint="Give the .sqlite file in it."
        )
    if not path.is_file():
        raise CatalogueNotFoundError(
            f"there is no catalogue at {path}", hint="Make one with `segue catalogue import FILE`."
        )
    _roll_back_leftovers(path)
    with translated(path):
        connection = _connect(path, "ro", READ_WAIT_S)
    try:
        with translated(path):
            check_header(connection, path)
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA mmap_size = 1073741824")
    except SegueError:
        connection.close()
        raise
    return connection


def open_writer(path: Path) -> sqlite3.Connection:
    """Open a file for writing; makes an empty one when there is none.

    Raises
    ------
    StorageError
        When the file or its folder cannot be written.

    """
    with translated(path):
        connection = _connect(path, "rwc", 0.0)
        connection.execute("PRAGMA cache_size = -65536")  # 64 MiB
        connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def check_header(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema version of the open file.

    Raises
    ------
    NotACatalogueError, CatalogueTooNewError
        When the file is not one of ours, or newer than we know.

    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        if path.stat().st_size == 0:  # SQLite takes a file of nothing for a new database
            raise NotACatalogueError(
                f"expected the file of a catalogue, got the empty file {path}",
                hint="Make a catalogue with `segue catalogue import FILE`.",
            )
        raise NotACatalogueError(
            f"{path} is an SQLite file, but not a catalogue of segue",
            hint="If it holds tracks, make a catalogue from it: `segue catalogue import FILE`.",
        )
    if version > SCHEMA_VERSION:
        raise CatalogueTooNewError(
            f"{path} has schema version {version}; this segue reads up to {SCHEMA_VERSION}",
            hint="Update segue, or import the tracks into a new catalogue.",
        )
    return int(version)


def _connect(path: Path, mode: str, wait_s: float) -> sqlite3.Connection:
    # Connections are handed to one thread each; the flag only lets `close` end them all from another.
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=wait_s,
        isolation_level=None,
        check_same_thread=False,
    )


def _roll_back_leftovers(path: Path) -> None:
    """Undo what a killed import left: a read-only connection may not do it itself."""
    journal = path.with_name(path.name + "-journal")
    if not journal.exists() or journal.stat().st_size == 0:
        return
    with translated(path):
        connection = _connect(path, "rw", READ_WAIT_S)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            connection.close()


def find_damage(path: Path, *, full: bool = False) -> str:
    """Read the whole file and return the first damage that SQLite finds; empty when it is whole.

    `full` compares every index with its table, too.
    """
    check = "integrity_check" if full else "quick_check"
    try:
        with closing(open_reader(path)) as connection:
            (found,) = connection.execute(f"PRAGMA {check}(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if (error.sqlite_errorcode & 0xFF) not in _DAMAGED:
            raise translate(error, path) from error
        return str(error)
    return "" if found == "ok" else " ".join(str(found).split())
