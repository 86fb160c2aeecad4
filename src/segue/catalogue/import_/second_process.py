"""Reading a file in a second process, so that one core reads rows while the other writes them.

It is started with the path and the mapping, and answers on its standard output with frames of `marshal`: each
is what `Parsed` holds, then the end, or an error of ours.
"""

import json
import marshal
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Any

from segue.catalogue.import_.files import Source, open_source
from segue.catalogue.import_.parsed import Parsed, RefusedRow, iter_parsed
from segue.catalogue.import_.row_reader import Refusal
from segue.catalogue.row_codec import PACKED, Derived
from segue.errors import ImportFormatError

BIG_FILE = 4 << 20  # bytes; below, a process takes longer to start than it saves
_AHEAD = 8  # batches that wait for the writer
_END: tuple[Any, ...] = ("end",)
Frame = tuple[Any, ...]


def iter_parsed_quickly(source: Source, mapping: Mapping[str, str]) -> Generator[Parsed, None, None]:
    """Yield what `iter_parsed` does: read by a second process when the file is big. Close it when done.

    Raises
    ------
    ImportFormatError
        As `iter_parsed` does, and when that process ends before the file does.

    """
    process = _start(source.path, mapping) if source.size >= BIG_FILE and (os.cpu_count() or 1) > 1 else None
    if process is None:
        yield from iter_parsed(source, mapping)
        return
    assert process.stdout is not None  # noqa: S101 - it was asked for
    try:
        yield from _iter_answers(source.path, process.stdout)
    finally:
        process.stdout.close()
        process.kill()  # it has ended, or its answers are not wanted any more
        process.wait()


def _start(path: Path, mapping: Mapping[str, str]) -> "subprocess.Popen[bytes] | None":
    # -P: no module of the folder that the command is run in stands in for one of ours.
    run = f"from {__name__} import main; main()"
    command = [sys.executable, "-P", "-c", run, str(path), json.dumps(dict(mapping))]
    try:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)  # noqa: S603
    except OSError:  # no memory for one more process, or none is allowed
        return None


def _iter_answers(path: Path, stream: IO[bytes]) -> Iterator[Parsed]:
    while True:
        try:
            frame: Frame = marshal.load(stream)  # noqa: S302 - of our own process
        except (EOFError, ValueError, TypeError) as error:
            raise ImportFormatError(
                f"{path}: the process that reads it was ended before the file was",
                hint="Is there enough memory? Run the import again.",
            ) from error
        match frame:
            case ("end",):
                return
            case ("error", message, hint):
                raise ImportFormatError(message, hint=hint)
            case _:
                yield _from_frame(frame)


def _to_frame(parsed: Parsed) -> Frame:
    derived = parsed.derived
    refused = [
        (row.place, row.refusal.reasons, row.refusal.details, json.dumps(row.cells, default=str))
        for row in parsed.refused
    ]
    return (
        parsed.rows,
        (derived.songs, b"".join(derived.packed), derived.words),
        refused,
        dict(parsed.columns),
        tuple(parsed.unread),
        parsed.bytes_done,
    )


def _from_frame(frame: Frame) -> Parsed:
    rows, (songs, data, words), refused, columns, unread, bytes_done = frame
    size = PACKED.itemsize
    packed = [data[start : start + size] for start in range(0, len(data), size)]
    return Parsed(
        rows,
        Derived(songs, packed, words),
        [
            RefusedRow(place, Refusal(reasons, details), json.loads(cells))
            for place, reasons, details, cells in refused
        ],
        columns,
        unread,
        bytes_done,
    )


def _iter_frames(path: Path, mapping: Mapping[str, str]) -> Iterator[Frame]:
    try:
        with closing(open_source(path)) as source:
            yield from map(_to_frame, iter_parsed(source, mapping))
        yield _END
    except ImportFormatError as error:
        yield ("error", error.message, error.hint)


def _write_frames(frames: "queue.Queue[bytes | None]", stream: IO[bytes]) -> None:
    """Write what comes, until None does; ends the process when nobody reads any more."""
    try:
        while (frame := frames.get()) is not None:
            stream.write(frame)
            stream.flush()
    except OSError:
        os._exit(1)


def main() -> None:
    """Read one file and write its frames; the second thread writes while the first reads on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one that started us
    path, mapping = Path(sys.argv[1]), json.loads(sys.argv[2])
    frames: queue.Queue[bytes | None] = queue.Queue(_AHEAD)
    writing = threading.Thread(target=_write_frames, args=(frames, sys.stdout.buffer))
    writing.start()
    try:
        for frame in _iter_frames(path, mapping):
            frames.put(marshal.dumps(frame))
    finally:
        frames.put(None)
        writing.join()
    with suppress(OSError):
        sys.stdout.close()
