"""Remembers which playlists were begun and not finished, so that the same command finishes them.

Each save has a mark of its own, held under a lock from its first request to its last: two runs of the same
command take turns. A mark holds when the list was asked for and hashes of the lists that there were before,
so that none of those is ever taken for the new one; the new list's id once Spotify has told it; and when it
was complete, for a run that waited meanwhile.
"""

import hashlib
import json
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from segue.errors import StorageError, UnfinishedPlaylistError
from segue.services.protocol import Notify
from segue.services.spotify.private_files import make_private, try_lock, write_private
from segue.services.spotify.transport import Timing
from segue.types import Track

WAIT_S = 240.0  # for another run of the same save: longer than the pauses that one run takes (180 s)
WAIT_IN_SERVER_S = 20.0  # there, a request that waits keeps a worker from others
STEP_S = 0.5
FINISHED_KEPT_S = 3_600.0  # a run that began before the end of another may come this late


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one save.

    `asked_at` and `finished_at` are seconds since 1970, 0 for not yet; `before` holds a hash of the id of
    each list that there was; `playlist_id` and `user` (a hash) are empty until Spotify has told them; `held`
    is how many songs the finished list has.
    """

    owner: str
    public: bool
    asked_at: float = 0.0
    before: tuple[str, ...] = ()
    playlist_id: str = ""
    user: str = ""
    finished_at: float = 0.0
    held: int = 0

    def knew(self, playlist_id: str) -> bool:
        """Tell whether this list was there when the mark was made."""
        return hash_of(playlist_id) in self.before


_FILE = TypeAdapter(Mark)


def owner_here() -> str:
    """Return who makes a mark now, for the message that another run shows."""
    return f"process {os.getpid()} on {socket.gethostname()}"


def hash_of(text: str) -> str:
    """Return a short hash: what Spotify said is compared, not kept."""
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()


def mark_of(name: str, description: str, tracks: Sequence[Track]) -> str:
    """Return the key of a save: 32 hexadecimal digits, the same for the same request."""
    asked = json.dumps([name, description, [track.track_id for track in tracks]])
    return hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()


class Held:
    """One save's mark while its lock is held: nobody else reads or changes it."""

    def __init__(self, marks: "Begun", key: str) -> None:
        self._marks = marks
        self._key = key

    @property
    def mark(self) -> Mark | None:
        """What is noted of this save; None when it never began; raises `StorageError` as `Begun.find`."""
        return self._marks.find(self._key)

    def note(self, mark: Mark) -> None:
        """Write the mark; raises `StorageError` when it cannot be kept."""
        self._marks.put(self._key, mark)

    def forget(self) -> None:
        """Remove the mark; raises `StorageError` when it cannot be removed."""
        self._marks.remove(self._key)


@dataclass(slots=True)
class _Memory:
    marks: dict[str, Mark] = field(default_factory=dict)
    locks: dict[str, threading.Lock] = field(default_factory=dict)


class Begun:
    """The marks of all runs that did not end well.

    Parameters
    ----------
    folder
        Where the marks are kept; None to keep them in memory, for a session of a server.
    wait_s
        How long to wait for another run of the same save; None for what suits the place.
    started_at
        When the command began, in seconds since 1970: a save that another run ends after that is this one's,
        too. 0 for the moment at which a save is asked for.

    """

    def __init__(
        self, folder: Path | None = None, *, wait_s: float | None = None, started_at: float = 0.0
    ) -> None:
        self._folder = folder
        self.started_at = started_at
        default_s = WAIT_IN_SERVER_S if folder is None else WAIT_S
        self._wait_s = default_s if wait_s is None else wait_s
        self._memory = _Memory()

    def find(self, key: str) -> Mark | None:
        """Return the mark of a save; None when there is none.

        Raises
        ------
        StorageError
            When it cannot be read, or is damaged: then nobody knows what was begun.

        """
        if self._folder is None:
            return self._memory.marks.get(key)
        path = self._path(key)
        try:
            return _FILE.validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError(
                f"{path} cannot be read: {error.strerror}",
                hint=f"It notes a playlist that was begun. Make {path.parent} yours to read and write.",
            ) from error
        except ValidationError:
            raise StorageError(
                f"{path} is damaged: expected the note of a playlist that was begun",
                hint="See whether the playlist is in your account, remove this file, and run it again.",
            ) from None

    def holds(self, key: str) -> bool:
        """Tell whether a run of this save began and did not end."""
        mark = self.find(key)
        return mark is not None and not mark.finished_at

    def put(self, key: str, mark: Mark) -> None:
        """Keep a mark; raises `StorageError` when it cannot be written."""
        if self._folder is None:
            self._memory.marks[key] = mark
        else:
            make_private(self._folder.parent)
            write_private(self._path(key), json.dumps(asdict(mark)).encode())

    def remove(self, key: str) -> None:
        """Forget a mark; raises `StorageError` when it cannot be removed."""
        self._memory.marks.pop(key, None)
        if self._folder is not None:
            _unlink(self._path(key))

    @contextmanager
    def hold(self, key: str, timing: Timing, notify: Notify) -> Iterator[Held]:
        """Hold the mark of a save; wait while another run has it. A run that died holds nothing.

        Raises
        ------
        UnfinishedPlaylistError
            When the other run still goes on after the wait.
        StorageError
            When the lock cannot be had.

        """
        with self._wait(key, timing, notify):
            self._drop_finished(timing.now(), but=key)
            yield Held(self, key)

    @contextmanager
    def _wait(self, key: str, timing: Timing, notify: Notify) -> Iterator[None]:
        for attempt in range(int(self._wait_s / STEP_S) + 1):
            with self._try(key) as taken:
                if taken:
                    yield
                    return
            if attempt == 0:
                notify(f"{self._other(key)}; waiting for it")
            timing.sleep(STEP_S)
        raise UnfinishedPlaylistError(
            f"{self._other(key)}, and did not end within {self._wait_s:.0f} s",
            hint="Wait until it is done, or end it; then run the same command again: it goes on from there.",
        )

    def _other(self, key: str) -> str:
        mark = self.find(key)
        if mark and not mark.finished_at:
            return f"another segue ({mark.owner}) is making this very playlist"
        return "another segue is making a playlist"

    def _try(self, key: str) -> AbstractContextManager[bool]:
        if self._folder is None:
            return _try_thread_lock(self._memory.locks.setdefault(key, threading.Lock()))
        make_private(self._folder.parent)
        make_private(self._folder)
        # Lock files stay, since removing one would let two holders in: sixteen for all saves.
        return try_lock(self._folder / f"{key[0]}.lock")

    def _drop_finished(self, now: float, *, but: str) -> None:
        for key in self._keys():
            mark = None if key == but else self._find_quietly(key)
            if mark and mark.finished_at and not 0 <= now - mark.finished_at < FINISHED_KEPT_S:
                self.remove(key)

    def _find_quietly(self, key: str) -> Mark | None:
        try:
            return self.find(key)
        except StorageError:
            return None  # it is another save's: that one's own run says so

    def _keys(self) -> list[str]:
        if self._folder is None:
            return list(self._memory.marks)
        try:
            names = [path.name for path in self._folder.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StorageError(f"{self._folder} cannot be read: {error.strerror}") from error
        return [name[:-5] for name in names if name.endswith(".json") and not name.startswith(".")]

    def _path(self, key: str) -> Path:
        return (self._folder or Path()) / f"{key}.json"

    def forget_finished(self) -> int:
        """Forget all saves that are complete; return how many are not, whose marks are kept.

        Raises
        ------
        StorageError
            When the folder of marks cannot be read.

        """
        unfinished = 0
        for key in self._keys():
            mark = self._find_quietly(key)
            if mark and mark.finished_at:
                self.remove(key)
            else:
                unfinished += 1
        return unfinished

    def clear(self) -> None:
        """Forget all."""
        for key in self._keys():
            self.remove(key)


@contextmanager
def _try_thread_lock(lock: threading.Lock) -> Iterator[bool]:
    taken = lock.acquire(blocking=False)
    try:
        yield taken
    finally:
        if taken:
            lock.release()


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{path} cannot be removed: {error.strerror}") from error


def finished(mark: Mark, *, held: int, at: float) -> Mark:
    """Return the mark of a list that is complete; nothing of the lists before is needed any more."""
    return replace(mark, before=(), finished_at=at, held=held)
