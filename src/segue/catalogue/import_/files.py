"""Opening a file to import: what it holds by its first bytes, and reading it with bounded memory."""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from segue.errors import ImportFormatError

Kind = Literal["text", "json", "parquet", "sqlite"]

MAX_LINE = 4 << 20  # bytes; a table's line is thousands of times shorter
_GZIP_RATIO = 300  # real tables shrink to a third or a tenth; far beyond is an attack or zeros
_GZIP_FREE = 64 << 20
_HEAD = 4_096
_BLOCK = 1 << 20


@dataclass(slots=True)
class Source:
    """One open file, decompressed when it is gzip.

    `stream` gives the text or JSON; `position` tells how many bytes of the file itself are read.
    """

    path: Path
    kind: Kind
    size: int
    raw: BinaryIO
    stream: BinaryIO
    head: bytes

    def position(self) -> int:
        """Return how many bytes of the file have been read."""
        return min(self.raw.tell(), self.size)

    def iter_lines(self) -> Iterator[str]:
        """Yield lines as text: UTF-8, or UTF-16 by its mark, or else Windows-1252, line by line.

        Raises
        ------
        ImportFormatError
            When a line is too long to be one of a table, or the compression is broken.

        """
        if self.head.startswith((b"\xff\xfe", b"\xfe\xff")):
            yield from self._iter_utf16_lines()
            return
        for block in self._iter_blocks():
            try:
                yield from io.StringIO(block.decode(), newline="\n")
            except UnicodeDecodeError:
                for line in io.BytesIO(block):
                    try:
                        yield line.decode()
                    except UnicodeDecodeError:
                        yield line.decode("cp1252", errors="replace")

    def _iter_utf16_lines(self) -> Iterator[str]:
        text = io.TextIOWrapper(self.stream, "utf-16", errors="replace", newline="")
        try:
            number = 0
            while line := text.readline(MAX_LINE):
                number += 1
                if len(line) == MAX_LINE:
                    raise self._too_long(number)
                yield line
        finally:
            text.detach()  # the stream is closed by its owner

    def _iter_blocks(self) -> Iterator[bytes]:
        """Yield whole lines, about a million bytes of them at once."""
        number, done = 1, 0
        while block := self._read_block(number):
            done += len(block)
            if done > _GZIP_FREE and done > _GZIP_RATIO * max(self.position(), 1):
                raise ImportFormatError(
                    f"{self.path}: unpacks to more than {_GZIP_RATIO} times its size; this is no table",
                )
            yield block.removeprefix(b"\xef\xbb\xbf") if number == 1 else block
            number += block.count(b"\n")

    def _read_block(self, number: int) -> bytes:
        try:
            block = self.stream.read(_BLOCK)
            if not block.endswith(b"\n"):
                block += self.stream.readline(MAX_LINE + 1)
        except (EOFError, OSError, zlib.error) as error:
            raise ImportFormatError(
                f"{self.path}, after line {number}: cannot be read: {error}", hint="Download the file again."
            ) from error
        start = block.rfind(b"\n", 0, -1) + 1  # of the last line: no other can be so long
        if len(block) - start > MAX_LINE:
            raise self._too_long(number + block.count(b"\n", 0, start))
        return block

    def _too_long(self, number: int) -> ImportFormatError:
        return ImportFormatError(
            f"{self.path}, line {number}: longer than {MAX_LINE >> 20} MiB; this is no table of tracks"
        )

    def close(self) -> None:
        """Close the file."""
        self.stream.close()
        self.raw.close()


@dataclass(slots=True)
class FolderSource(Source):
    """A folder of JSON files, each of one object: read as if they were the lines of one file."""

    files: tuple[Path, ...] = ()
    done: int = 0

    def position(self) -> int:
        """Return how many bytes of the files have been read."""
        return self.done

    def iter_lines(self) -> Iterator[str]:
        """Yield each file as one line.

        Raises
        ------
        ImportFormatError
            When a file is too long, or cannot be read.

        """
        for file in self.files:
            try:
                with file.open("rb") as stream:
                    data = stream.read(MAX_LINE + 1)
            except OSError as error:
                raise ImportFormatError(f"cannot read {file}: {error.strerror}") from error
            if len(data) > MAX_LINE:
                raise ImportFormatError(f"{file}: longer than {MAX_LINE >> 20} MiB; this is no track")
            self.done += len(data)
            yield " ".join(data.decode("utf-8-sig", errors="replace").split("\n"))


def open_source(path: Path) -> Source:
    """Open a file, or a folder of JSON files, and find out what it is.

    Raises
    ------
    ImportFormatError
        When there is no such file, it is empty, or of a kind that we do not read.

    """
    if path.is_dir():
        return _open_folder(path)
    try:
        raw = path.open("rb")
        size = path.stat().st_size
    except OSError as error:
        raise ImportFormatError(
            f"expected a file of tracks, cannot open {path}: {error.strerror}",
            hint="Give a CSV, TSV, NDJSON, Parquet or SQLite file; of a folder, name the files in it.",
        ) from error
    stream: BinaryIO = raw
    try:
        if raw.read(2) == b"\x1f\x8b":
            raw.seek(0)
            stream = cast("BinaryIO", gzip.GzipFile(fileobj=raw))
        else:
            raw.seek(0)
        head = stream.read(_HEAD)
        stream.seek(0)
        return Source(path, _find_kind(head, path), size, raw, stream, head)
    except (EOFError, OSError, zlib.error) as error:
        raw.close()
        raise ImportFormatError(f"cannot read {path}: {error}", hint="Download the file again.") from error
    except ImportFormatError:
        raw.close()
        raise


def _open_folder(path: Path) -> FolderSource:
    files = tuple(sorted(file for file in path.rglob("*.json") if file.is_file()))
    if not files:
        raise ImportFormatError(
            f"expected a file of tracks, got the folder {path}, which has no .json file in it",
            hint="Give a CSV, TSV, NDJSON, Parquet or SQLite file; of a folder, name the files in it.",
        )
    nothing = io.BytesIO()
    return FolderSource(
        path, "json", sum(file.stat().st_size for file in files), nothing, nothing, b"", files
    )


def _find_kind(head: bytes, path: Path) -> Kind:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise ImportFormatError(f"{path} is empty", hint="Give a CSV, TSV, NDJSON or Parquet file of tracks.")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"SQLite format 3\x00"):
        return "sqlite"
    if head.startswith(b"PK\x03\x04"):
        raise ImportFormatError(
            f"{path} is a ZIP archive or a spreadsheet", hint="Unpack it, or save it as CSV."
        )
    if start.startswith(b"["):
        raise ImportFormatError(
            f"{path} is one JSON array; a table needs one object a line (NDJSON)",
            hint=f"Convert it: jq -c '.[]' {path} > tracks.ndjson",
        )
    if start.startswith(b"{"):
        return "json"
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ImportFormatError(
            f"{path} is no table: it holds binary data",
            hint="Give a CSV, TSV, NDJSON, Parquet or SQLite file.",
        )
    return "text"
