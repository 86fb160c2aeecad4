"""What a person decided that lines of playlists mean: a small SQLite file, read by every later match.

Each decision is written at once, so that nothing is lost when a person stops halfway; processes that decide
at the same time wait for each other.
"""

import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from segue.catalogue.store import Catalogue
from segue.errors import StorageError
from segue.types import Match, TrackReference

_WAIT_S = 10.0  # for another process that writes, which takes some thousandths of a second
_TABLE = "CREATE TABLE IF NOT EXISTS decisions (line TEXT PRIMARY KEY, track_id TEXT NOT NULL) WITHOUT ROWID"
_SURE = ("id", "isrc")  # ways of finding that leave nothing to decide


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions in one file, which need not be there yet."""

    path: Path

    def keep(self, entry: TrackReference, track_id: str) -> None:
        """Remember what an entry means from now on; "" for none of the catalogue's songs.

        Raises
        ------
        StorageError
            When it cannot be written.

        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._broken(error.strerror or str(error)) from error
        with self._connected() as connection, connection:
            connection.execute(_TABLE)
            connection.execute("INSERT OR REPLACE INTO decisions VALUES (?, ?)", (line_key(entry), track_id))

    def load(self) -> dict[str, str]:
        """Return the decided track id by line, as `line_key` writes it.

        Raises
        ------
        StorageError
            When the file is damaged, or none of ours.

        """
        if not self.path.exists():
            return {}
        with self._connected() as connection:
            connection.execute(_TABLE)
            return dict(connection.execute("SELECT line, track_id FROM decisions"))

    def forget(self) -> int:
        """Forget all, and return how many there were; a damaged file is taken away.

        Raises
        ------
        StorageError
            When it cannot be written.

        """
        try:
            count = len(self.load())
        except StorageError:
            count = 0
            try:
                self.path.unlink(missing_ok=True)
            except OSError as error:
                raise self._broken(error.strerror or str(error)) from error
        if count:
            with self._connected() as connection, connection:
                connection.execute("DELETE FROM decisions")
        return count

    def apply(self, matches: Sequence[Match], catalogue: Catalogue) -> tuple[Match, ...]:
        """Return the matches as they were decided, where they were.

        What is found by an id or a code stays, and so does what was decided for a track that this catalogue
        lacks.
        """
        decided = self.load()
        if not decided:
            return tuple(matches)
        chosen = [
            decided.get(line_key(match.reference)) if match.method not in _SURE else None for match in matches
        ]
        ids = [track_id for track_id in dict.fromkeys(chosen) if track_id]
        known = [int(row) for row in catalogue.find_rows(ids) if row >= 0]
        tracks = {track.track_id: track for track in catalogue.get_tracks(known)}
        return tuple(
            Match(match.reference, tracks.get(track_id), float(bool(track_id)), "decided")
            if track_id is not None and (not track_id or track_id in tracks)
            else match
            for match, track_id in zip(matches, chosen, strict=True)
        )

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=_WAIT_S)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise self._broken(str(error)) from error

    def _broken(self, why: str) -> StorageError:
        return StorageError(
            f"the decisions on lines in {self.path} cannot be used: {why}",
            hint="Mend its folder, or begin anew: segue match --forget",
        )


def line_key(entry: TrackReference) -> str:
    """Return what a decision is kept under: artist and title, whatever the case, the spaces and the form.

    >>> line_key(TrackReference(artist="TOTO", title=" Africa"))
    'toto - africa'
    """
    names = (entry.artist, entry.title) if entry.artist else (entry.title or str(entry),)
    return " - ".join(" ".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in names)
