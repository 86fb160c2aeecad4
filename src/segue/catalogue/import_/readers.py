"""Reading tables of tracks as batches of rows, whatever format they come in; memory stays bounded."""

import csv
import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from segue.catalogue.batches import iter_batches
from segue.catalogue.import_ import acousticbrainz, fma
from segue.catalogue.import_.files import Source
from segue.catalogue.parquet import BATCH, BrokenParquetError, open_parquet
from segue.errors import ImportFormatError

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

Wanted = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a table. `places` are line numbers, or row numbers where there are no lines.

    `left_out` names the columns that the file has and the rows lack, as nobody wanted them.
    """

    columns: tuple[str, ...]
    rows: list[Sequence[object]]
    places: list[int]
    bytes_done: int
    left_out: tuple[str, ...] = ()


def iter_table(source: Source, wanted: Wanted) -> Iterator[Batch]:
    """Yield the rows of an open file.

    Parameters
    ----------
    source
        From `files.open_source`.
    wanted
        Tells for a column's name whether it is of use; formats with columns leave out the others.

    Raises
    ------
    ImportFormatError
        When the file cannot be parsed.

    """
    readers = {"text": _iter_text, "json": _iter_json, "parquet": _iter_parquet, "sqlite": _iter_sqlite}
    return readers[source.kind](source, wanted)


# -- CSV, TSV ------------------------------------------------------------------------------------------------

_END = "\x1fend"  # a line put after the last: it becomes a row of its own, or else falls into an open quote
_SEPARATOR = re.compile(r"sep=([^\w\s]|\t)", re.IGNORECASE)  # what Excel reads in a first line
MAX_LINES_A_ROW = 20


def _iter_text(source: Source, wanted: Wanted) -> Iterator[Batch]:
    del wanted
    lines = source.iter_lines()
    header = next((line for line in lines if line.strip()), "")
    told = _SEPARATOR.fullmatch(header.strip())
    if told:
        header = next(lines, "")
    try:
        of_fma, read = fma.read_columns(lines, next(csv.reader([header]), []))
    except csv.Error as error:
        raise _broken_quote(source, 1) from error
    reader = csv.reader(
        chain([header], read, lines, [_END]), delimiter=told[1] if told else _find_delimiter(header)
    )
    try:
        columns = tuple(name.strip() for name in next(reader, []))
        if of_fma:
            _ = [next(reader) for _ in read]
        yield Batch(of_fma or columns, [], [], source.position())
        for batch in iter_batches(_iter_text_rows(source, reader, len(columns)), BATCH):
            places, rows = zip(*batch, strict=True)
            if of_fma:
                rows = tuple(map(fma.with_scheme, rows))
            yield Batch(of_fma or columns, list(rows), list(places), source.position())
    except csv.Error as error:
        raise _broken_quote(source, reader.line_num) from error


def _iter_text_rows(source: Source, reader: "CsvReader", width: int) -> Iterator[tuple[int, list[str]]]:
    before = reader.line_num
    for row in reader:
        lines = reader.line_num - before
        if row == [_END]:
            return
        if (lines > MAX_LINES_A_ROW and len(row) < width) or (row and row[-1].endswith(_END)):
            raise _broken_quote(source, before + 1)
        if row:
            yield before + 1, row
        before = reader.line_num


def _broken_quote(source: Source, line: int) -> ImportFormatError:
    return ImportFormatError(
        f"{source.path}, near line {line}: a quote is opened and not closed",
        hint='Close it, or double a quote that belongs to the text ("").',
    )


def _find_delimiter(header: str) -> str:
    """Return the sign that separates most columns of the header line."""
    return max(",;\t|", key=header.count)


# -- NDJSON --------------------------------------------------------------------------------------------------


def _iter_json(source: Source, wanted: Wanted) -> Iterator[Batch]:
    del wanted
    numbered = ((number, line) for number, line in enumerate(source.iter_lines(), 1) if line.strip())
    for batch in iter_batches(numbered, BATCH):
        records = [_read_record(line, number, source) for number, line in batch]
        columns = tuple(dict.fromkeys(key for record in records for key in record))
        rows: list[Sequence[object]] = [[record.get(key) for key in columns] for record in records]
        yield Batch(columns, rows, [number for number, _ in batch], source.position())


def _read_record(line: str, number: int, source: Source) -> dict[str, object]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ImportFormatError(
            f"{source.path}, line {number}: not a JSON object: {error}",
            hint="NDJSON has one complete object on every line.",
        ) from error
    if not isinstance(record, Mapping):
        raise ImportFormatError(f"{source.path}, line {number}: expected a JSON object, got {line[:40]!r}")
    if acousticbrainz.is_document(record):
        return acousticbrainz.to_record(record)
    return dict(_flatten("", record, 0))


def _flatten(prefix: str, record: Mapping[str, object], depth: int) -> Iterator[tuple[str, object]]:
    for key, value in record.items():
        name = f"{prefix}_{key}" if prefix else key
        if isinstance(value, Mapping) and depth < 3:
            yield from _flatten(name, value, depth + 1)
        else:
            yield name, value


# -- Parquet -------------------------------------------------------------------------------------------------


def _iter_parquet(source: Source, wanted: Wanted) -> Iterator[Batch]:
    try:
        yield from _iter_parquet_rows(source, wanted)
    except BrokenParquetError as error:
        raise ImportFormatError(
            f"{source.path}: a broken Parquet file: {error}", hint="Download it again."
        ) from error


def _iter_parquet_rows(source: Source, wanted: Wanted) -> Iterator[Batch]:
    table = open_parquet(source.raw)
    chosen = [index for index, name in enumerate(table.columns) if wanted(name)]
    if not chosen:
        yield Batch(table.columns, [], [], 0)
        return
    columns, done = tuple(table.columns[index] for index in chosen), 0
    left_out = tuple(name for name in table.columns if name not in columns)
    for cells in table.iter_columns(chosen):
        rows: list[Sequence[object]] = list(zip(*cells, strict=True))
        places = list(range(done + 1, done + len(rows) + 1))
        done += len(rows)
        yield Batch(columns, rows, places, min(table.bytes_done, source.size), left_out)


# -- SQLite --------------------------------------------------------------------------------------------------

_TABLES = ("features", "tracks")  # of the reference prototype; of a catalogue of ours


def _iter_sqlite(source: Source, wanted: Wanted) -> Iterator[Batch]:
    del wanted
    address = f"{source.path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            yield from _iter_sqlite_rows(connection, source)
    except sqlite3.Error as error:
        raise ImportFormatError(f"{source.path}: a broken SQLite file: {error}") from error


def _iter_sqlite_rows(connection: sqlite3.Connection, source: Source) -> Iterator[Batch]:
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    table = next((name for name in _TABLES if name in found), None)
    if table is None:
        raise ImportFormatError(
            f"{source.path}: an SQLite file with none of the tables {', '.join(_TABLES)}, "
            f"but {', '.join(sorted(found)) or 'no table at all'}",
            hint="Export the table that holds the tracks as CSV.",
        )
    (total,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - one of two names
    cursor = connection.execute(f"SELECT * FROM {table}")  # noqa: S608
    columns, done = tuple(name for name, *_ in cursor.description), 0
    while rows := cursor.fetchmany(BATCH):
        places = list(range(done + 1, done + len(rows) + 1))
        done += len(rows)
        yield Batch(columns, rows, places, source.size * done // max(total, 1))


def is_same_file(path: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file."""
    return path.exists() and other.exists() and path.samefile(other)
