"""The word index of a catalogue: prefixes of words in title and artist, most popular first.

The row id of an entry in the index begins with how unpopular the track is. SQLite walks the entries in that
order, so the first hits are the most popular ones and a query may stop there: no sorting, even when a letter
matches a hundred thousand tracks.
"""

import sqlite3
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.row_codec import search_words
from segue.text.song_keys import fold

_ROW_BITS = 40
_ROW_MASK = (1 << _ROW_BITS) - 1
_MOST = 101  # one more than the most popular, so that "unknown" comes after 0
MAX_WORDS = 12
MAX_WORD_LENGTH = 40


def entry_id(row: int, popularity: int | None) -> int:
    """Return the row id of a track in the index."""
    return (_MOST - (-1 if popularity is None else popularity)) << _ROW_BITS | row


def add_entries(connection: sqlite3.Connection, entries: Iterable[tuple[int, int | None, str, str]]) -> None:
    """Add (row, popularity, name, stored artists) to the index."""
    connection.executemany(
        "INSERT INTO search (rowid, words) VALUES (?, ?)",
        (
            (entry_id(row, popularity), search_words(name, artists))
            for row, popularity, name, artists in entries
        ),
    )


def remove_entries(
    connection: sqlite3.Connection, entries: Iterable[tuple[int, int | None, str, str]]
) -> None:
    """Take out entries; the values must be those that they were added with."""
    connection.executemany(
        "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)",
        (
            (entry_id(row, popularity), search_words(name, artists))
            for row, popularity, name, artists in entries
        ),
    )


def build(connection: sqlite3.Connection) -> None:
    """Fill an empty index with every track, in the order of its entries, which is the quickest."""
    cursor = connection.execute(
        "SELECT row, popularity, name, artists FROM tracks ORDER BY popularity DESC, row"
    )
    while batch := cursor.fetchmany(20_000):
        add_entries(connection, batch)


def to_query(text: str) -> str:
    """Return the index's query for words as they are typed; empty when there is nothing to look for."""
    words = fold(text).split()[:MAX_WORDS]
    return " ".join(f'"{word[:MAX_WORD_LENGTH]}"*' for word in words)


def to_group_query(groups: Iterable[Iterable[str]]) -> str:
    """Return the query for whole words, folded: one of every group."""
    return " AND ".join("(" + " OR ".join(f'"{word}"' for word in group) + ")" for group in groups)


def find_entries_of_word(connection: sqlite3.Connection, word: str) -> NDArray[np.int64]:
    """Return every entry that has a whole word, folded; in their order, the most popular first."""
    found = connection.execute(
        "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid", (f'"{word}"',)
    ).fetchall()
    return np.fromiter((entry for (entry,) in found), np.int64, len(found))


def row_of(entry: int) -> int:
    """Return the row of the track that an entry stands for."""
    return entry & _ROW_MASK


def read_words(connection: sqlite3.Connection) -> dict[str, int]:
    """Return every word of the index with the number of tracks that have it."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words USING fts5vocab(main, search, row)"
    )
    return dict(connection.execute("SELECT term, doc FROM temp.search_words").fetchall())


def find_entries(connection: sqlite3.Connection, query: str, limit: int) -> list[int]:
    """Return the rows of the most popular `limit` tracks that match."""
    if not query:
        return []
    found = connection.execute(
        "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid LIMIT ?", (query, limit)
    )
    return [row_of(entry) for (entry,) in found.fetchall()]
