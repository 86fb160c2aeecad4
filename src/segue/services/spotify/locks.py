"""A lock that holds between processes, and goes when its holder does."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from segue.errors import StorageError

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_LONGEST_S = 30.0  # longer than a refresh with its timeouts should take
_STEP_S = 0.02


@contextmanager
def locked_file(path: Path, *, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Hold the lock of this file; closing the file, or the end of the process, lets go of it.

    The file itself stays: removing it would let two holders in.

    Raises
    ------
    StorageError
        When the file cannot be opened, or another holder keeps it for half a minute.

    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StorageError(f"{path} cannot be opened: {error.strerror}") from error
    try:
        _wait_for(descriptor, path, sleep)
        yield
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, path: Path, sleep: Callable[[float], None]) -> None:
    for _ in range(int(_LONGEST_S / _STEP_S)):
        try:
            _take(descriptor)
        except OSError:
            sleep(_STEP_S)
        else:
            return
    raise StorageError(
        f"{path} is held by another segue for {_LONGEST_S:.0f} s", hint="Wait for the other one, or end it."
    )
