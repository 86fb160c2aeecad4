"""How Parquet is read and written: in batches, so memory stays bounded, with the values of Python."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from arro3.core import Array, DataType, Field, Schema
from arro3.io import read_json, read_parquet, write_parquet

Result = TypeVar("Result")

BATCH = 5_000  # rows
_KINDS: Any = DataType  # its stubs say that every check of a type is a method, so always true
_MAGIC = b"PAR1"
_FOOTER = 8  # bytes at the end: the length of the description before them, and the magic
_QUOTED = re.compile(r'\("(.+?)"\)')


class BrokenParquetError(Exception):
    """A Parquet file that cannot be read; its reader says for what, and what to do."""


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """A Parquet file that is being read.

    Attributes
    ----------
    columns
        The names of its columns.
    stream
        Where it is read from.
    batches
        The rest of it, as Arrow's record batches.

    """

    columns: tuple[str, ...]
    stream: "_Counted"
    batches: Iterator[Any]

    @property
    def bytes_done(self) -> int:
        """How many bytes have been read."""
        return self.stream.done

    def iter_columns(self, chosen: Sequence[int]) -> Iterator[list[list[object]]]:
        """Yield the cells of the chosen columns, by their index, some rows at a time.

        Raises
        ------
        BrokenParquetError
            When the file is damaged.

        """
        while (batch := _call(lambda: next(self.batches, None))) is not None:
            yield [_call(_cells, batch.column(index)) for index in chosen]


def open_parquet(stream: BinaryIO) -> ParquetTable:
    """Read what columns a file has.

    Raises
    ------
    BrokenParquetError
        When it is no Parquet file, or a damaged one.

    """
    _check_ends(stream)
    counted = _Counted(stream)
    reader = _call(lambda: read_parquet(counted, batch_size=BATCH))  # type: ignore[arg-type] # all that it uses
    return ParquetTable(tuple(reader.schema.names), counted, iter(reader))


def write_parquet_of_lines(lines: Path, path: Path, types: Mapping[str, DataType]) -> None:
    """Write the objects of an NDJSON file as Parquet, without holding them in memory.

    Raises
    ------
    OSError
        When the file cannot be written.

    """
    schema = Schema([Field(name, kind) for name, kind in types.items()])
    with lines.open("rb") as source, path.open("wb") as target:
        write_parquet(read_json(source, schema, batch_size=BATCH), target, compression="zstd(3)")


class _Counted:
    """A file that counts what is read of it: Arrow reads each part once, and has no other progress."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.done = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.done += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()


def _check_ends(stream: BinaryIO) -> None:
    """Find what a broken download does to a file: Arrow panics at it, with a trace of its own."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    starts = stream.read(len(_MAGIC)) == _MAGIC
    stream.seek(max(size - _FOOTER, 0))
    end = stream.read(_FOOTER)
    stream.seek(0)
    if not starts or len(end) < _FOOTER or not end.endswith(_MAGIC):
        raise BrokenParquetError(f"expected it to start and end with {_MAGIC.decode()}, it is cut off")
    if int.from_bytes(end[:4], "little") > size - _FOOTER - len(_MAGIC):
        raise BrokenParquetError("it describes itself as longer than it is")


def _call(function: Callable[..., Result], *arguments: object) -> Result:
    """Call into Arrow, whose errors have no class of their own."""
    try:
        return function(*arguments)
    except MemoryError:
        raise
    except Exception as error:  # Arrow raises Exception itself
        raise BrokenParquetError(_tell(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Rust, for a damaged description; not importable
            raise
        raise BrokenParquetError(_tell(error)) from error


def _tell(error: BaseException) -> str:
    text = str(error)
    quoted = _QUOTED.search(text)
    return (quoted[1] if quoted else text or type(error).__name__).splitlines()[0]


def _cells(array: Array) -> list[object]:
    """Return a column as Python has it; times as text, and bytes too: older writers mean text by them."""
    kind = array.type
    if _KINDS.is_dictionary(kind) and kind.value_type is not None:
        return _cells(array.cast(kind.value_type))
    if _KINDS.is_float32(kind) or _KINDS.is_float16(kind):
        # By way of its shortest text: 0.629, not 0.6290000081062317.
        return list(array.cast(DataType.string()).cast(DataType.float64()).to_pylist())
    if _KINDS.is_temporal(kind):
        return list(array.cast(DataType.string()).to_pylist())
    cells = list(array.to_pylist())
    return [_decode(cell) for cell in cells] if "Binary" in repr(kind) else cells


def _decode(cell: object) -> object:
    if isinstance(cell, bytes):
        return cell.decode(errors="replace")
    if isinstance(cell, list):
        return [_decode(item) for item in cell]
    if isinstance(cell, dict):
        return {key: _decode(item) for key, item in cell.items()}
    return cell
