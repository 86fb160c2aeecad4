"""The word index of a catalogue: prefixes of words in title and artist, most popular first.

The row id of an entry in the index begins with how unpopular the track is. SQLite walks the entries in that
order, so the first hits are the most popular ones and a query may stop there: no sorting, even when a letter
matches a hundred thousand tracks.
"""

import sqlite3
from collections.abc import Iterable

from segue.text.song_keys import fold

_ROW_BITS = 40
_ROW_MASK = (1 << _ROW_BITS) - 1
_MOST = 101  # one more than the most popular, so that "unknown" comes after 0
_AT_ONCE = 50_000  # entries
_SMALL, _LARGE = 1 << 20, 16 << 20  # bytes; the small one is SQLite's own
MAX_WORDS = 12
MAX_WORD_LENGTH = 40


def entry_id(row: int, popularity: int | None) -> int:
    """Return the row id of a track in the index."""
    return (_MOST - (-1 if popularity is None else popularity)) << _ROW_BITS | row


class EntryWriter:
    """Puts entries into the index, many at once and in their order, which is the quickest."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: dict[int, tuple[int, str]] = {}  # by row: the entry, and its words
        self._roomy = False

    def put(self, row: int, popularity: int | None, words: str) -> None:
        """Add an entry for a row that has none, or none but one that `put` was given."""
        self._waiting[row] = (entry_id(row, popularity), words)
        if len(self._waiting) >= _AT_ONCE:
            self._give_room()
            self.flush()

    def remove(self, row: int, popularity: int | None, words: str) -> None:
        """Take out the entry of a row; the values must be those that it was added with."""
        if self._waiting.pop(row, None) is None:
            self._connection.execute(
                "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)",
                (entry_id(row, popularity), words),
            )

    def flush(self) -> None:
        """Write what is waiting."""
        self._connection.executemany(
            "INSERT INTO search (rowid, words) VALUES (?, ?)", sorted(self._waiting.values())
        )
        self._waiting.clear()

    def finish(self) -> None:
        """Write what is waiting, and leave the index as it is for small changes."""
        self.flush()
        if self._roomy:
            self._configure(_SMALL)

    def _give_room(self) -> None:
        if not self._roomy:
            self._roomy = True
            self._configure(_LARGE)

    def _configure(self, hash_size: int) -> None:
        """Set how many bytes of new entries SQLite gathers before it writes them."""
        self._connection.execute("INSERT INTO search (search, rank) VALUES ('hashsize', ?)", (hash_size,))


def to_query(text: str) -> str:
    """Return the index's query for words as they are typed; empty when there is nothing to look for."""
    words = fold(text).split()[:MAX_WORDS]
    return " ".join(f'"{word[:MAX_WORD_LENGTH]}"*' for word in words)


def to_group_query(groups: Iterable[Iterable[str]]) -> str:
    """Return the query for whole words, folded: one of every group."""
    return " AND ".join("(" + " OR ".join(f'"{word}"' for word in group) + ")" for group in groups)


def find_entries(connection: sqlite3.Connection, query: str, limit: int) -> list[int]:
    """Return the rows of the most popular `limit` tracks that match."""
    if not query:
        return []
    found = connection.execute(
        "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid LIMIT ?", (query, limit)
    )
    return [entry & _ROW_MASK for (entry,) in found.fetchall()]
