"""The schema of a catalogue file, and how an older one becomes the newest.

The file says what it is in its header: `application_id` (ours) and `user_version` (the schema's version), so
that a wrong file is known before any table is read.
"""

import sqlite3

from segue import features

APPLICATION_ID = 0x53454755  # "SEGU"
SCHEMA_VERSION = 1

TABLES = """
CREATE TABLE tracks (
    row INTEGER PRIMARY KEY,
    track_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    artists TEXT NOT NULL,
    album TEXT NOT NULL,
    isrc TEXT NOT NULL,
    release_date TEXT NOT NULL,
    popularity INTEGER,
    genre TEXT NOT NULL,
    FEATURES,
    song_hash INTEGER NOT NULL
);
-- What whole-catalogue readers need, derived from `tracks` and packed: quicker to load than the columns.
CREATE TABLE packed (row INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('revision', lower(hex(randomblob(16))));
""".replace("FEATURES", ", ".join(f"{name} REAL" for name in features.AUDIO_NAMES))

# Made anew after a big change, kept up to date during a small one.
INDEXES = """
CREATE INDEX tracks_by_song ON tracks (song_hash) WHERE song_hash != 0;
CREATE INDEX tracks_by_isrc ON tracks (isrc) WHERE isrc != '';
"""
DROP_INDEXES = """
DROP INDEX tracks_by_song;
DROP INDEX tracks_by_isrc;
"""
SEARCH = """
CREATE VIRTUAL TABLE search USING fts5 (
    words, content = '', detail = none, columnsize = 0, prefix = '1 2 3', tokenize = 'unicode61'
);
"""
# From version n (the key) to n + 1: statements, each run inside the one transaction of the migration.
MIGRATIONS: dict[int, str] = {}


def run_statements(connection: sqlite3.Connection, script: str) -> None:
    """Run statements one by one; unlike `executescript`, this stays inside the open transaction."""
    statement = ""
    for line in script.splitlines():
        if line.startswith("--"):
            continue
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def create_schema(connection: sqlite3.Connection) -> None:
    """Make the tables of a new catalogue inside the open transaction."""
    run_statements(connection, TABLES)
    run_statements(connection, INDEXES)
    run_statements(connection, SEARCH)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an older catalogue to the newest schema inside the open transaction."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for step in range(version, SCHEMA_VERSION):
        run_statements(connection, MIGRATIONS[step])
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
