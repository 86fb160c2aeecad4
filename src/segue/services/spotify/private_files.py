"""Files that only their owner can read, written in one step, and locks that go when their holder does."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from segue.errors import StorageError

_LONGEST_S = 30.0  # longer than a refresh with its timeouts should take
_STEP_S = 0.02


class LockHeldError(StorageError):
    """Another holder keeps a lock for longer than it should need it."""


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can enter; one that exists stays as it is.

    Raises
    ------
    StorageError
        When it cannot be made.

    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder} cannot be made: {error.strerror}") from error


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all.

    Raises
    ------
    StorageError
        When it cannot be written; the old file is then still there.

    """
    make_private(path.parent)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        Path(name).replace(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Take the lock of this file if it is free, and tell whether that worked; never waits.

    The end of the process lets go of it. The file stays: removing it would let two holders in.

    Raises
    ------
    StorageError
        When the file cannot be opened.

    """
    lock = FileLock(path, mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    except (OSError, NotImplementedError) as error:
        why = getattr(error, "strerror", None) or error
        raise StorageError(f"{path} cannot be locked: {why}") from error
    try:
        yield True
    finally:
        lock.release()


@contextmanager
def lock_file(path: Path, *, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Hold the lock of this file, waiting half a minute for it.

    Raises
    ------
    LockHeldError
        When another holder keeps it.
    StorageError
        When the file cannot be opened.

    """
    for _ in range(int(_LONGEST_S / _STEP_S)):
        with try_lock(path) as taken:
            if taken:
                yield
                return
        sleep(_STEP_S)
    raise LockHeldError(
        f"{path} is held by another segue for {_LONGEST_S:.0f} s", hint="Wait for the other one, or end it."
    )
