"""What a file to import says: its rows, checked and with all that the catalogue stores of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from segue.catalogue.import_.columns import FIELDS, find_sources
from segue.catalogue.import_.files import Source
from segue.catalogue.import_.readers import Batch, iter_table
from segue.catalogue.import_.row_reader import Refusal, RowReader
from segue.catalogue.row_codec import Derived, Values, derive
from segue.errors import ImportFormatError
from segue.text.column_names import column_key

SURPLUS = "beyond the header"  # what a refused row's surplus cells stand under


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not used: its place in the file, why, and what it held by column."""

    place: int
    refusal: Refusal
    cells: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Parsed:
    """Some rows of a file, as they were read.

    Attributes
    ----------
    rows, derived
        Those that can be stored.
    refused
        The others.
    columns
        Which of the file's columns was read as which field.
    unread
        The columns that say nothing to us and that no mapping leaves out.
    bytes_done
        How much of the file has been read.

    """

    rows: Sequence[Values]
    derived: Derived
    refused: Sequence[RefusedRow]
    columns: Mapping[str, str]
    unread: Sequence[str]
    bytes_done: int


def iter_parsed(source: Source, mapping: Mapping[str, str]) -> Iterator[Parsed]:
    """Yield what an open file says, some rows at a time.

    Parameters
    ----------
    source
        From `files.open_source`.
    mapping
        From `columns.check_mapping`.

    Raises
    ------
    ImportFormatError
        When the file cannot be parsed, or has no column that identifies tracks.

    """
    reader: RowReader | None = None
    for batch in iter_table(source, lambda column: bool(find_sources([column], mapping))):
        if reader is None:
            reader = RowReader(batch.columns, mapping)
            _check_columns(source, reader, mapping)
        elif reader.columns != batch.columns:  # JSON objects may differ from line to line
            reader = RowReader(batch.columns, mapping)
        yield _parse(batch, reader, mapping)


def _parse(batch: Batch, reader: RowReader, mapping: Mapping[str, str]) -> Parsed:
    rows: list[Values] = []
    refused = []
    for place, cells, values in zip(batch.places, batch.rows, reader.read_all(batch.rows), strict=True):
        if isinstance(values, Refusal):
            refused.append(RefusedRow(place, values, _name_cells(batch.columns, cells)))
        else:
            rows.append(values)
    left_out = (column for column in batch.left_out if column_key(column) not in mapping)
    return Parsed(rows, derive(rows), refused, reader.used, (*reader.unread, *left_out), batch.bytes_done)


def _name_cells(columns: Sequence[str], cells: Sequence[object]) -> dict[str, object]:
    """Return the cells of a row by their columns, with those beyond the header as a list at the end."""
    surplus = list(cells[len(columns) :])
    named: dict[str, object] = dict(zip(columns, cells, strict=False))
    return {**named, SURPLUS: surplus} if surplus else named


def _check_columns(source: Source, reader: RowReader, mapping: Mapping[str, str]) -> None:
    have = {column_key(column) for column in reader.columns}
    told = ", ".join(reader.columns[:30]) or "none"
    if absent := [theirs for theirs in mapping if theirs not in have]:
        raise ImportFormatError(f"{source.path} has no column {absent[0]!r} (--map); it has: {told}")
    if not reader.sources.keys() & {"track_id", "isrc", "mbid"}:
        raise ImportFormatError(
            f"{source.path}: no column holds track ids (Spotify ids, URIs or links), ISRCs or MusicBrainz "
            f"recording ids; it has: {told}",
            hint=f"Name it: --map THEIRS=track_id. The other fields are: {', '.join(FIELDS[1:])}.",
        )
