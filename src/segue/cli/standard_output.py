"""Standard output that cannot be written: closed, or on a full disk. A message and an exit code, not silence.

Python buffers what is printed, so a failure may come as late as the end of the program, where it would be
an unhandled exception; and when standard output is closed, Python prints to nowhere and ends well.
"""

import io
import os
import sys
from typing import TYPE_CHECKING

from segue.errors import StorageError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_STDIN, _STDOUT, _STDERR = 0, 1, 2


class StandardOutputError(OSError):
    """What the system said when standard output was written to."""

    def as_storage_error(self) -> StorageError:
        """Return it as an error for people."""
        return StorageError(
            f"standard output cannot be written: {self.strerror}",
            hint="Make room where it leads to, or send it elsewhere: segue ... > FILE",
        )


class _RawOutput(io.FileIO):
    """File descriptor 1. A reader that went away stays a BrokenPipeError, all else becomes our own error."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise StandardOutputError(error.errno, error.strerror) from error


def guard() -> None:
    """Make failures to print recognisable. Does nothing where something else stands in for the terminal."""
    was_closed = sys.stdout is None
    _fill_closed()
    out = sys.stdout
    if not (was_closed or out is sys.__stdout__) or not isinstance(out, io.TextIOWrapper):
        return
    out.flush()
    raw = _RawOutput(_STDOUT, "wb", closefd=False)
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=out.encoding,
        errors=out.errors,
        line_buffering=out.line_buffering,
        write_through=out.write_through,
    )


def give_up() -> None:
    """Send what is still to be printed to nowhere, so that the end of the program does not fail on it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDOUT)
    os.close(nowhere)


def _fill_closed() -> None:
    """Open what was closed for the standard streams, so that no file of ours takes its number.

    Standard output becomes something that cannot be written: what is printed there is lost, and must fail.
    """
    if sys.stdin is None:
        _open_as(_STDIN, os.O_RDONLY)
        sys.stdin = open(_STDIN, encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        _open_as(_STDOUT, os.O_RDONLY)
        sys.stdout = open(_STDOUT, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        _open_as(_STDERR, os.O_WRONLY)
        sys.stderr = open(_STDERR, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _open_as(number: int, flags: int) -> None:
    opened = os.open(os.devnull, flags)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
