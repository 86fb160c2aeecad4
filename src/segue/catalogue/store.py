"""A catalogue on disk: one SQLite file of tracks, read from many threads."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from segue.catalogue import search
from segue.catalogue.batches import iter_batches
from segue.catalogue.connections import open_reader, translated
from segue.catalogue.row_codec import (
    COLUMN_NAMES,
    COLUMNS_SQL,
    PACKED,
    Values,
    check_track,
    read_artists,
    to_signed,
    to_track,
    to_values,
)
from segue.catalogue.writer import CHUNK, open_transaction
from segue.errors import CatalogueError
from segue.ids import find_track_id
from segue.text.isrc import find_isrc
from segue.types import Track

_SEARCH_POOL = 200  # hits looked at, so that an exact title comes before a longer one of the same popularity
Key = TypeVar("Key", str, int)
_SELECT = f"SELECT {COLUMNS_SQL} FROM tracks"  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Columns:
    """The whole catalogue as arrays; N tracks, in row order.

    Attributes
    ----------
    audio
        (N, 13) float32, in the order of `features.AUDIO`, raw units, NaN where missing.
    year, popularity
        (N,) float32, NaN where missing.
    track_hash, artist_hash, album_hash, song_hash, isrc_hash
        (N,) uint64 `names.hash64` of the track id, of the first artist's `artist_key`, of
        "artist_key TAB folded album", of the `song_key`, of the ISRC; 0 where missing.
    named
        (N,) whether the track has a title; None: all have.

    """

    audio: NDArray[np.float32]
    year: NDArray[np.float32]
    popularity: NDArray[np.float32]
    track_hash: NDArray[np.uint64]
    artist_hash: NDArray[np.uint64]
    album_hash: NDArray[np.uint64]
    song_hash: NDArray[np.uint64]
    isrc_hash: NDArray[np.uint64]
    named: NDArray[np.bool_] | None = None


class Catalogue:
    """One SQLite file of tracks. Safe to use from many threads.

    Rows are dense from 0 and never change: a track keeps its row for the life of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []  # each is used by one thread at a time
        self._closed = threading.Event()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open for reading; never writes, and works in a read-only folder.

        Raises
        ------
        CatalogueNotFoundError, NotACatalogueError, CatalogueTooNewError
            When the file cannot serve as a catalogue.

        """
        catalogue = cls(Path(path))
        _ = catalogue.revision
        return catalogue

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make the file when there is none, bring an older one to the newest schema, and open it.

        Raises
        ------
        StorageError
            When the place cannot be written.
        CatalogueBusyError, NotACatalogueError, CatalogueTooNewError
            When another process is writing, or the file is something else.

        """
        with open_transaction(Path(path)):
            pass
        return cls.open(path)

    @property
    def revision(self) -> str:
        """A text that is new after every committed change; read from the file each time."""
        return str(self._select("SELECT value FROM meta WHERE name = 'revision'")[0][0])

    def __len__(self) -> int:
        # Rows are dense, so the last one tells; counting would walk the whole table.
        return int(self._select("SELECT coalesce(max(row) + 1, 0) FROM tracks")[0][0])

    def close(self) -> None:
        """Close the file for every thread."""
        with self._lock:
            self._closed.set()
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def find_rows(self, track_ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each id, -1 where the catalogue does not hold it; (S,).

        An id may be written in any way that `ids.find_track_id` reads: a URI, a link, a code with hyphens.
        """
        known: dict[str, int] = {}
        sound = [find_track_id(text) for text in track_ids]
        for batch in iter_batches(dict.fromkeys(track_id for track_id in sound if track_id), CHUNK):
            known.update(
                self._select(
                    f"SELECT track_id, row FROM tracks WHERE track_id IN {_marks(batch)}",  # noqa: S608
                    batch,
                )
            )
        return np.fromiter((known.get(track_id or "", -1) for track_id in sound), np.int64, len(sound))

    def find_ids(self, rows: Iterable[int]) -> list[str]:
        """Return the ids of the tracks at these rows, each once, in no order."""
        return [
            track_id
            for batch in iter_batches(dict.fromkeys(rows), CHUNK)
            for (track_id,) in self._select(
                f"SELECT track_id FROM tracks WHERE row IN {_marks(batch)}",  # noqa: S608
                batch,
            )
        ]

    def get_tracks(self, rows: Sequence[int]) -> list[Track]:
        """Return the tracks at these rows, in this order.

        Raises
        ------
        CatalogueError
            When the catalogue has no such row.

        """
        wanted = [int(row) for row in rows]
        found: dict[int, Track] = {}
        for batch in iter_batches(dict.fromkeys(wanted), CHUNK):
            answer = self._select(
                f"SELECT row, {COLUMNS_SQL} FROM tracks WHERE row IN {_marks(batch)}",  # noqa: S608
                batch,
            )
            found.update((values[0], to_track(values[1:])) for values in answer)
        try:
            return [found[row] for row in wanted]
        except KeyError as error:
            raise CatalogueError(f"{self.path} has {len(self)} tracks and no row {error}") from error

    def find_track(self, track_id: str) -> Track | None:
        """Return the track of this id."""
        (row,) = self.find_rows([track_id])
        return self.get_tracks([row])[0] if row >= 0 else None

    def find_by_isrc(self, isrc: str) -> list[Track]:
        """Return the tracks of this recording, most popular first; dashes and case do not matter."""
        code = find_isrc(isrc)
        return self.find_by_isrcs([code]).get(code, [])

    def find_by_isrcs(self, codes: Sequence[str]) -> dict[str, list[Track]]:
        """Return the tracks of each recording, most popular first; codes in the shape of `find_isrc`."""
        wanted = [code for code in codes if code]
        return self._find_grouped("isrc", wanted, "isrc != ''")

    def find_by_songs(self, song_hashes: Sequence[int]) -> dict[int, list[Track]]:
        """Return the tracks of each song, most popular first; keys are `names.hash64` of the `song_key`."""
        signed = [to_signed(hashed) for hashed in song_hashes if hashed]
        found = self._find_grouped("song_hash", signed, "song_hash != 0")
        return {hashed % (1 << 64): tracks for hashed, tracks in found.items()}

    def _find_grouped(self, column: str, keys: Sequence[Key], indexed: str) -> dict[Key, list[Track]]:
        """Return tracks by the value of an indexed column; `indexed` repeats the condition of the index."""
        found: dict[Key, list[Track]] = {}
        for batch in iter_batches(dict.fromkeys(keys), CHUNK):
            answer = self._select(
                f"SELECT {column}, {COLUMNS_SQL} FROM tracks "  # noqa: S608 - our own names
                f"WHERE {indexed} AND {column} IN {_marks(batch)} ORDER BY popularity DESC, row",
                batch,
            )
            for values in answer:
                found.setdefault(values[0], []).append(to_track(values[1:]))
        return found

    def find_rows_by_words(self, groups: Sequence[Sequence[str]], *, limit: int) -> list[int]:
        """Return the most popular tracks that have a word of every group in title or artist.

        Parameters
        ----------
        groups
            Folded words; those of one group stand for each other.
        limit
            At most so many.

        """
        with self._reading() as connection:
            return search.find_entries(connection, search.to_group_query(groups), limit)

    def find_names(self, rows: Iterable[int]) -> dict[int, tuple[str, tuple[str, ...]]]:
        """Return the title and the artists of the tracks at these rows; less work than whole tracks."""
        found: dict[int, tuple[str, tuple[str, ...]]] = {}
        for batch in iter_batches(dict.fromkeys(rows), CHUNK):
            answer = self._select(
                f"SELECT row, name, artists FROM tracks WHERE row IN {_marks(batch)}",  # noqa: S608
                batch,
            )
            found.update((row, (name, read_artists(artists))) for row, name, artists in answer)
        return found

    def iter_names(self) -> Iterator[tuple[int, str, tuple[str, ...]]]:
        """Yield row, title and artists of every track in row order; memory stays bounded."""
        last = -1
        while rows := self._select(
            f"SELECT row, name, artists FROM tracks WHERE row > ? ORDER BY row LIMIT {CHUNK}",  # noqa: S608
            [last],
        ):
            yield from ((row, name, read_artists(artists)) for row, name, artists in rows)
            last = rows[-1][0]

    def search(self, text: str, *, limit: int = 20) -> list[Track]:
        """Return tracks whose title or artist begin words of `text`, most popular first; instant."""
        query = search.to_query(text)
        if not query or limit < 1:
            return []
        with self._reading() as connection:
            rows = search.find_entries(connection, query, max(limit, _SEARCH_POOL))
        tracks = self.get_tracks(rows)
        tracks.sort(key=lambda track: (-(track.popularity or 0), len(track.name)))
        return tracks[:limit]

    def count_genres(self) -> dict[str, int]:
        """Return how many tracks carry each genre, most first; a track may carry several."""
        counts: dict[str, int] = {}
        for genres, count in self._select(
            "SELECT genre, count(*) FROM tracks WHERE genre != '' GROUP BY genre"
        ):
            for genre in str(genres).split("; "):
                counts[genre] = counts.get(genre, 0) + int(count)
        return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))

    def find_by_genre(self, genre: str, *, limit: int = 20) -> list[Track]:
        """Return the most popular tracks that carry a genre, in any case, most popular first."""
        found = self._select(
            f"{_SELECT} WHERE genre != '' AND instr('; ' || lower(genre) || '; ', '; ' || lower(?) || '; ') "
            "ORDER BY popularity DESC, row LIMIT ?",
            [genre, limit],
        )
        return [to_track(values) for values in found]

    def load_columns(self) -> Columns:
        """Read the whole catalogue into arrays: 320,000 tracks take less than a second."""
        with self._reading() as connection:
            cursor = connection.execute("SELECT data FROM packed ORDER BY row")
            data = b"".join([values[0] for values in cursor.fetchall()])
            nameless = connection.execute("SELECT row FROM tracks WHERE name = ''").fetchall()
        table = np.frombuffer(data, PACKED)
        numbers, hashes = table["numbers"], table["hashes"]
        named = np.ones(len(table), np.bool_)
        named[[row for (row,) in nameless if row < len(table)]] = False
        parts = (
            numbers[:, :13],
            *(numbers[:, place] for place in (13, 14)),
            *(hashes[:, place] for place in range(5)),
        )
        return replace(Columns(*map(np.ascontiguousarray, parts)), named=named)

    def count_known(self) -> dict[str, int]:
        """Return for each field the number of tracks that have a value for it."""
        counted = ", ".join(f"count(nullif({name}, ''))" for name in COLUMN_NAMES)
        (counts,) = self._select(f"SELECT {counted} FROM tracks")  # noqa: S608 - our own names
        return dict(zip(COLUMN_NAMES, counts, strict=True))

    def iter_values(self) -> Iterator[Values]:
        """Yield the stored columns of every track in row order; memory stays bounded."""
        last = -1
        while rows := self._select(
            f"SELECT row, {COLUMNS_SQL} FROM tracks WHERE row > ? ORDER BY row LIMIT {CHUNK}",  # noqa: S608
            [last],
        ):
            yield from (values[1:] for values in rows)
            last = rows[-1][0]

    def upsert(self, tracks: Iterable[Track]) -> tuple[int, int]:
        """Add or update tracks in one transaction; return (added, updated).

        A known value never becomes missing by an update.

        Raises
        ------
        InvalidTrackIdError, InvalidFeatureError
            When a track is not sound; then nothing is changed.

        """
        with open_transaction(self.path) as writer:
            for batch in iter_batches(tracks, CHUNK):
                writer.upsert([to_values(check_track(track)) for track in batch])
        return writer.added, writer.updated

    def open_readers(self, count: int) -> set[str]:
        """Open what `count` threads that read at once will need, and return the revisions that they see.

        A connection stays on the file that was there when it was opened. A server calls this, so that a file
        put in its place later is not read by some of its threads; one revision means that all agree.
        """
        sql = "SELECT value FROM meta WHERE name = 'revision'"
        with ExitStack() as held:
            readers = [held.enter_context(self._reading()) for _ in range(count)]
            return {str(reader.execute(sql).fetchone()[0]) for reader in readers}

    def _select(self, sql: str, parameters: Sequence[str | int] = ()) -> list[Values]:
        with self._reading() as connection:
            return connection.execute(sql, parameters).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection to one thread; as many are opened as threads ever read at once."""
        with self._lock:
            if self._closed.is_set():
                raise CatalogueError(f"{self.path} has been closed")
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = open_reader(self.path)
        try:
            with translated(self.path):
                yield connection
        finally:
            with self._lock:
                if self._closed.is_set():
                    connection.close()
                else:
                    self._idle.append(connection)


def _marks(batch: Sequence[object]) -> str:
    return f"({', '.join('?' * len(batch))})"
