"""Importing files into a catalogue: all of them in one transaction, every row checked."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from segue.catalogue.import_.columns import check_mapping
from segue.catalogue.import_.files import Source, open_source
from segue.catalogue.import_.readers import is_same_file
from segue.catalogue.import_.reject_file import RefusedFile
from segue.catalogue.import_.second_process import iter_parsed_quickly
from segue.catalogue.writer import Writer, open_transaction
from segue.errors import ImportFormatError

_USABLE = (
    "A row needs a Spotify track id, an ISRC or a MusicBrainz recording id, and a title or an audio feature. "
    "`--refused FILE` writes the rows out."
)
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
    name = source.path.name
    with closing(iter_parsed_quickly(source, run.mapping)) as batches:
        for batch in batches:
            run.columns.setdefault(name, {}).update(batch.columns)
            run.unread.setdefault(name, {}).update(dict.fromkeys(batch.unread))
            for row in batch.refused:
                run.refused.update(row.refusal.reasons)
                run.refused_file.add(source.path, row.place, row.refusal, row.cells)
            run.refused_rows += len(batch.refused)
            run.rows += len(batch.rows) + len(batch.refused)
            run.writer.upsert(batch.rows, batch.derived)
            if run.progress is not None:
                run.progress(run.rows, run.bytes_before + batch.bytes_done, run.bytes_total)
    run.bytes_before += source.size


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
