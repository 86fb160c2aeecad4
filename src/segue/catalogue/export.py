"""Writing a whole catalogue to a file of a common format, which `import` reads back without loss."""

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO

from arro3.core import DataType

from segue.catalogue.parquet import write_parquet_of_lines
from segue.catalogue.row_codec import COLUMN_NAMES, Values, read_artists
from segue.catalogue.store import Catalogue
from segue.errors import InputError, StorageError
from segue.features import AUDIO, AUDIO_NAMES
from segue.files import written_aside

_ARTISTS = COLUMN_NAMES.index("artists")
_WHOLE = {COLUMN_NAMES.index(feature.name) for feature in AUDIO if feature.integer}


def export_catalogue(catalogue: Catalogue, path: Path) -> int:
    """Write every track to `path`, in the format of its extension; return how many.

    The file appears whole or not at all.

    Raises
    ------
    InputError
        When the extension is none that we write.
    StorageError
        When the file cannot be written.

    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise InputError(
            f"cannot export to {path.name!r}: expected one of {', '.join(EXPORT_FORMATS)}",
            hint="The extension of the file says the format.",
        )
    try:
        with written_aside(path) as draft:
            return write(catalogue.iter_values(), draft)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error


def _plain(values: Values) -> list[object]:
    """Return stored values as others read them: whole numbers without a point."""
    return [
        int(value) if place in _WHOLE and value is not None else value for place, value in enumerate(values)
    ]


def _write_separated(rows: Iterable[Values], path: Path, delimiter: str) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        writer.writerow(COLUMN_NAMES)
        for values in rows:
            writer.writerow(_plain(values))  # artists stay the JSON list that they are stored as
            count += 1
    return count


def _write_csv(rows: Iterable[Values], path: Path) -> int:
    return _write_separated(rows, path, ",")


def _write_tsv(rows: Iterable[Values], path: Path) -> int:
    return _write_separated(rows, path, "\t")


def _write_ndjson(rows: Iterable[Values], path: Path) -> int:
    with path.open("w", encoding="utf-8") as stream:
        return _write_json_lines(rows, stream)


def _write_json_lines(rows: Iterable[Values], stream: TextIO) -> int:
    count = 0
    for values in rows:
        record = dict(zip(COLUMN_NAMES, _plain(values), strict=True))
        record["artists"] = list(read_artists(str(values[_ARTISTS])))
        known = {key: value for key, value in record.items() if value not in (None, "", [])}
        stream.write(json.dumps(known, ensure_ascii=False) + "\n")
        count += 1
    return count


def _write_parquet(rows: Iterable[Values], path: Path) -> int:
    """Write Parquet by way of NDJSON, which is turned round without holding the table in memory."""
    lines = path.with_name(path.name + ".ndjson")
    try:
        count = _write_ndjson(rows, lines)
        write_parquet_of_lines(lines, path, {name: _parquet_type(name) for name in COLUMN_NAMES})
    finally:
        lines.unlink(missing_ok=True)
    return count


def _parquet_type(name: str) -> DataType:
    if name == "artists":
        return DataType.list(DataType.string())
    if name == "popularity" or COLUMN_NAMES.index(name) in _WHOLE:
        return DataType.int32()
    return DataType.float64() if name in AUDIO_NAMES else DataType.string()


_WRITERS: dict[str, Callable[[Iterable[Values], Path], int]] = {
    ".csv": _write_csv,
    ".tsv": _write_tsv,
    ".ndjson": _write_ndjson,
    ".jsonl": _write_ndjson,
    ".parquet": _write_parquet,
}
EXPORT_FORMATS: tuple[str, ...] = tuple(_WRITERS)
