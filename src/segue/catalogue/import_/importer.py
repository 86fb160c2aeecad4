"""Importing files into a catalogue: all of them in one transaction, every row checked."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from segue.catalogue.import_.columns import FIELDS, check_mapping, find_sources
from segue.catalogue.import_.files import Source, open_source
from segue.catalogue.import_.readers import Batch, is_same_file, iter_table
from segue.catalogue.import_.reject_file import RefusedFile
from segue.catalogue.import_.row_reader import Refusal, RowReader
from segue.catalogue.row_codec import Values
from segue.catalogue.writer import Writer, open_transaction
from segue.errors import ImportFormatError
from segue.text.column_names import column_key

_USABLE = (
    "A row needs a Spotify track id, an ISRC or a MusicBrainz recording id, and a title or an audio feature. "
    "`--refused FILE` writes the rows out."
)
SURPLUS = "beyond the header"  # what a refused row's surplus cells stand under
Progress = Callable[[int, int, int], None]  # rows done, bytes done, bytes in total


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    rows
        All that were read.
    added, updated, unchanged
        Tracks that are new; rows that changed a track; rows that said nothing new.
    refused
        How often each reason was met; a row may have several.
    refused_rows
        Rows that were not used.
    columns
        For each file, which of its columns was read as which field.
    unread
        For each file, the columns that say nothing to us and that no mapping leaves out.
    total
        Tracks in the catalogue now.

    """

    rows: int
    added: int
    updated: int
    unchanged: int
    refused: Mapping[str, int]
    refused_rows: int
    columns: Mapping[str, Mapping[str, str]]
    unread: Mapping[str, tuple[str, ...]]
    total: int


@dataclass(slots=True)
class _Run:
    """What one import has at hand, and has counted so far."""

    writer: Writer
    refused_file: RefusedFile
    mapping: Mapping[str, str]
    progress: Progress | None
    bytes_total: int
    bytes_before: int = 0
    rows: int = 0
    refused_rows: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    unread: dict[str, dict[str, None]] = field(default_factory=dict)  # as ordered sets


def import_files(
    catalogue: Path,
    files: Sequence[Path],
    *,
    mapping: Mapping[str, str] | None = None,
    refused_file: Path | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Add the tracks of files to a catalogue, which is made when there is none.

    A later row updates an earlier one of the same id, and never replaces a known value by a missing one.
    Either all files are imported or, when something goes wrong, nothing is changed.

    Parameters
    ----------
    catalogue
        The SQLite file to write.
    files
        CSV, TSV, NDJSON (all of them plain or gzip), Parquet, or SQLite with a table `features` or `tracks`.
    mapping
        Names of columns, theirs -> ours, beside those that are known. An empty "ours" leaves a column out.
    refused_file
        Where to write the rows that were refused, with reasons: CSV, or NDJSON by its extension.
    progress
        Called now and then with the rows done, and the bytes done and in total.

    Raises
    ------
    ImportFormatError
        When a file cannot be parsed, has no column that identifies tracks, or holds no usable row.
    CatalogueBusyError, StorageError, NotACatalogueError, CatalogueTooNewError
        As `writer.open_transaction` does.

    """
    checked = check_mapping(mapping or {})
    for path in files:
        if is_same_file(path, catalogue):
            raise ImportFormatError(f"{path} cannot be imported into itself")
    with ExitStack() as stack:
        sources = [stack.enter_context(closing(open_source(path))) for path in files]
        refused = stack.enter_context(RefusedFile(refused_file))
        with open_transaction(catalogue) as writer:
            run = _Run(writer, refused, checked, progress, sum(source.size for source in sources))
            for source in sources:
                _import_source(run, source)
            _check_use(run, files)
            refused.finish()
        return _report(run)


def _import_source(run: _Run, source: Source) -> None:
    reader: RowReader | None = None
    for batch in iter_table(source, lambda column: _is_wanted(column, run.mapping)):
        if reader is None:
            reader = RowReader(batch.columns, run.mapping)
            _check_columns(run, source, reader)
        elif reader.columns != batch.columns:  # JSON objects may differ from line to line
            reader = RowReader(batch.columns, run.mapping)
        _note_columns(run, source, reader, batch)
        _import_batch(run, source, reader, batch)
        if run.progress is not None:
            run.progress(run.rows, run.bytes_before + batch.bytes_done, run.bytes_total)
    run.bytes_before += source.size


def _note_columns(run: _Run, source: Source, reader: RowReader, batch: Batch) -> None:
    left_out = (column for column in batch.left_out if column_key(column) not in run.mapping)
    run.columns.setdefault(source.path.name, {}).update(reader.used)
    run.unread.setdefault(source.path.name, {}).update(dict.fromkeys((*reader.unread, *left_out)))


def _import_batch(run: _Run, source: Source, reader: RowReader, batch: Batch) -> None:
    good: list[Values] = []
    for place, cells, values in zip(batch.places, batch.rows, reader.read_all(batch.rows), strict=True):
        if isinstance(values, Refusal):
            run.refused.update(values.reasons)
            run.refused_rows += 1
            run.refused_file.add(source.path, place, values, _name_cells(batch.columns, cells))
        else:
            good.append(values)
    run.rows += len(batch.rows)
    run.writer.upsert(good)


def _name_cells(columns: Sequence[str], cells: Sequence[object]) -> dict[str, object]:
    """Return the cells of a row by their columns, with those beyond the header as a list at the end."""
    surplus = list(cells[len(columns) :])
    named: dict[str, object] = dict(zip(columns, cells, strict=False))
    return {**named, SURPLUS: surplus} if surplus else named


def _is_wanted(column: str, mapping: Mapping[str, str]) -> bool:
    return bool(find_sources([column], mapping))


def _check_columns(run: _Run, source: Source, reader: RowReader) -> None:
    have = {column_key(column) for column in reader.columns}
    told = ", ".join(reader.columns[:30]) or "none"
    if absent := [theirs for theirs in run.mapping if theirs not in have]:
        raise ImportFormatError(f"{source.path} has no column {absent[0]!r} (--map); it has: {told}")
    if not reader.sources.keys() & {"track_id", "isrc", "mbid"}:
        raise ImportFormatError(
            f"{source.path}: no column holds track ids (Spotify ids, URIs or links), ISRCs or MusicBrainz "
            f"recording ids; it has: {told}",
            hint=f"Name it: --map THEIRS=track_id. The other fields are: {', '.join(FIELDS[1:])}.",
        )


def _check_use(run: _Run, files: Sequence[Path]) -> None:
    if run.rows > run.refused_rows:
        return
    told = ", ".join(str(path) for path in files)
    if not run.rows:
        raise ImportFormatError(
            f"{told}: no rows of tracks below the header", hint="Give a file with at least one."
        )
    reasons = "; ".join(f"{reason} ({count})" for reason, count in run.refused.most_common(3))
    raise ImportFormatError(f"{told}: none of {run.rows} rows can be used: {reasons}", hint=_USABLE)


def _report(run: _Run) -> ImportReport:
    writer = run.writer
    return ImportReport(
        rows=run.rows,
        added=writer.added,
        updated=writer.updated,
        unchanged=writer.unchanged,
        refused=dict(run.refused.most_common()),
        refused_rows=run.refused_rows,
        columns=run.columns,
        unread={name: tuple(columns) for name, columns in run.unread.items() if columns},
        total=writer.count,
    )
