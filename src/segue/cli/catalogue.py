"""`segue catalogue`: fill, look into, search, export and choose the catalogue."""

import json
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from segue.catalogue.export import EXPORT_FORMATS, export_catalogue
from segue.catalogue.import_ import ImportReport, import_files
from segue.catalogue.in_use import (
    InUse,
    find_in_use,
    find_own,
    find_write_target,
    make_room,
    use_catalogue,
    use_first,
)
from segue.catalogue.starter import starter_path
from segue.catalogue.store import Catalogue
from segue.catalogue.summary import Summary, summarise
from segue.config import Settings, load_settings
from segue.errors import ImportFormatError
from segue.playlists.json import SCHEMA, track_to_json
from segue.text.column_names import column_key
from segue.text.strings import clean
from segue.types import Track

_LINK_WIDTH = 53
_TABLE_WIDTH = 110  # below, titles beside links would be cut to a few letters
_PIPE_WIDTH = 250  # a pipe has no width of its own: nothing is cut or wrapped there
_SHOWN_COLUMNS = 8  # shown of those that are not read: a table may have dozens

CataloguePath = Annotated[
    Path | None,
    typer.Option("--catalogue", "-c", metavar="PATH", help="The catalogue; default: the one in use."),
]
Into = Annotated[
    Path | None,
    typer.Option(
        "--into", "--catalogue", "-c", metavar="PATH",
        help="The catalogue to fill; default: the one in use, or your own in the data folder.",
    ),
]  # fmt: skip
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="CSV, TSV, NDJSON, Parquet or SQLite.")
    ],
    into: Into = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="THEIRS=OURS", help="Read a column as a field; repeat for more."),
    ] = None,
    refused: Annotated[
        Path | None, typer.Option("--refused", metavar="FILE", help="Write refused rows, with reasons, here.")
    ] = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Add the tracks of files to a catalogue; makes it when there is none.

    A track that is known is updated; a known value is never replaced by a missing one. All or nothing: when
    something goes wrong, the catalogue stays as it was.
    """
    settings = load_settings()
    target = choose_target(settings, into)
    mapping = _read_mapping(map_ or [])
    make_room(target)
    with _progress_bar() as bar:
        task = bar.add_task("Importing", total=None, rows=0)

        def show(rows: int, done: int, total: int) -> None:
            finished = done >= total
            bar.update(task, completed=done, total=total, rows=rows)
            if finished:
                bar.update(task, description="Indexing")

        report = import_files(target, files, mapping=mapping, refused_file=refused, progress=show)
    chosen = use_first(settings, target) if into is None else False
    if as_json:
        print_json(
            {"schema": SCHEMA, **_report_as_json(report, target), "in_use": _is_in_use(settings, target)}
        )
        return
    _print_report(report, refused=refused)
    _told(f"{target} now has {count_noun(report.total, 'track')}{' and is in use' if chosen else ''}.")
    if chosen:
        _told("The starter's songs are not in it. Back to the starter: segue catalogue use starter")
    elif not _is_in_use(settings, target):
        _told(f"It is not in use yet. To use it from now on: segue catalogue use {shlex.quote(str(target))}")


def info(catalogue: CataloguePath = None, as_json: AsJson = False) -> None:
    """Show what the catalogue holds."""
    settings = load_settings()
    in_use = InUse(catalogue.expanduser(), "option") if catalogue else find_in_use(settings)
    with Catalogue.open(in_use.path) as opened:
        summary = summarise(opened)
    if as_json:
        print_json({"schema": SCHEMA, **summary.as_dict(), "chosen_by": in_use.chosen_by})
    else:
        _print_summary(summary, in_use, is_starter=in_use.path == starter_path(settings))
        _print_music(summary)


def search(
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS...", help="The beginnings of words of title or artist.")
    ],
    n: Annotated[int, typer.Option("-n", min=1, max=1000, help="At most so many.")] = 20,
    catalogue: CataloguePath = None,
    as_json: AsJson = False,
) -> None:
    """Search titles and artists, most popular first."""
    with _open(catalogue) as opened:
        found = opened.search(" ".join(words), limit=n)
    if as_json:
        print_json({"schema": SCHEMA, "tracks": [track_to_json(track) for track in found]})
        return
    if not found:
        _told(f"Nothing in {opened.path} matches {' '.join(words)!r}.")
        raise typer.Exit(1)
    _print_tracks(found)


def export(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=f"The file to write: {', '.join(EXPORT_FORMATS)}.")
    ],
    catalogue: CataloguePath = None,
) -> None:
    """Write the whole catalogue to a file, in a form that `import` reads."""
    with _open(catalogue) as opened:
        count = export_catalogue(opened, file)
    _told(f"Wrote {count_noun(count, 'track')} to {file}.")


def use(
    path: Annotated[str, typer.Argument(metavar="PATH|starter", help="A catalogue, or the built-in one.")],
) -> None:
    """Choose the catalogue to use from now on."""
    settings = load_settings()
    use_catalogue(settings, None if path == "starter" else Path(path))
    in_use = find_in_use(settings)
    with Catalogue.open(in_use.path) as opened:
        _told(f"In use: {in_use.path} ({count_noun(len(opened), 'track')}).")
    if in_use.chosen_by == "SEGUE_CATALOGUE":
        _told("But the variable SEGUE_CATALOGUE is set, and goes first.")


# -- what the commands share ---------------------------------------------------------------------------------


def _open(path: Path | None) -> Catalogue:
    return Catalogue.open(path.expanduser() if path else find_in_use(load_settings()).path)


def _read_mapping(pairs: Iterable[str]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        theirs, sign, ours = pair.partition("=")
        if not sign or not theirs.strip():
            raise ImportFormatError(
                f"--map: expected THEIRS=OURS, got {pair!r}", hint="For example: --map songName=name"
            )
        mapping[theirs.strip()] = ours.strip()
    return mapping


def choose_target(settings: Settings, named: Path | None) -> Path:
    """Return the catalogue to fill: the one that was named, or one's own; never the starter."""
    target = named.expanduser() if named else find_write_target(settings)
    if target.absolute() == starter_path(settings).absolute():
        raise ImportFormatError(
            f"{target} is the built-in starter catalogue, which is not written to",
            hint="Leave out --into: the tracks go to a catalogue of your own.",
        )
    return target


def _is_in_use(settings: Settings, target: Path) -> bool:
    own = find_own(settings)
    return own is not None and own.absolute() == target.absolute()


def _progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _told(text: str) -> None:
    """Say something to the person; results alone go to standard output."""
    Console(stderr=True, soft_wrap=True, highlight=False, markup=False).print(text)


def print_json(value: object) -> None:
    """Print one object for programs."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _report_as_json(report: ImportReport, target: Path) -> dict[str, object]:
    return {
        "catalogue": str(target), "rows": report.rows, "added": report.added, "updated": report.updated,
        "unchanged": report.unchanged, "refused_rows": report.refused_rows, "refused": dict(report.refused),
        "columns": {name: dict(used) for name, used in report.columns.items()},
        "unread": {name: list(columns) for name, columns in report.unread.items()}, "total": report.total,
    }  # fmt: skip


def _print_report(report: ImportReport, *, refused: Path | None) -> None:
    for name, used in report.columns.items():
        differing = (
            (theirs, ours) for theirs, ours in used.items() if column_key(theirs) != column_key(ours)
        )
        renamed = [f"{theirs} as {ours}" for theirs, ours in differing]
        told = f" ({', '.join(renamed)})" if renamed else ""
        _told(f"{name}: {count_noun(len(used), 'column')} read{told}.")
        _tell_unread(report.unread.get(name, ()), used)
    _told(
        f"{count_noun(report.added, 'track')} added, {report.updated:,} updated, "
        f"{report.unchanged:,} as before, {count_noun(report.refused_rows, 'row')} refused."
    )
    for reason, count in report.refused.items():
        _told(f"  {count:>9,}  {reason}")
    if report.refused_rows:
        _told(f"The refused rows are in {refused}." if refused else "See them with --refused FILE.")


def _tell_unread(unread: Sequence[str], used: Mapping[str, str]) -> None:
    if not unread:
        return
    more = f" and {len(unread) - _SHOWN_COLUMNS} more" if len(unread) > _SHOWN_COLUMNS else ""
    _told(f"  not read: {', '.join(unread[:_SHOWN_COLUMNS])}{more} (use --map THEIRS=OURS)")
    if "name" in used.values() and "artists" not in used.values():
        _told("  No column holds artists: songs are found by id alone. If one does: --map THEIRS=artists")


def _print_summary(summary: Summary, in_use: InUse, *, is_starter: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    why = {"option": "", "use": " (chosen)", "SEGUE_CATALOGUE": " (SEGUE_CATALOGUE)", "default": ""}
    console.print(f"{summary.path}{why[in_use.chosen_by]}{' - the starter catalogue' if is_starter else ''}")
    console.print(
        f"{count_noun(summary.tracks, 'track')}, {_size(summary.size_bytes)}, revision {summary.revision}"
    )
    table = Table("Field", "Known", "", box=None, pad_edge=False)
    for name, count in summary.known.items():
        share = count / summary.tracks if summary.tracks else 0.0
        table.add_row(name, f"{count:>9,}", f"{share:>6.1%}")
    console.print(table)
    if is_starter:
        console.print("More: segue catalogue get, or segue catalogue import FILE (see docs/catalogue.md).")


def _print_music(summary: Summary) -> None:
    """Say how many tracks are music files, and on which scale their features are."""
    if summary.music is None:
        return
    console = Console(highlight=False, soft_wrap=True, markup=False)
    heard_by = f", heard by {', '.join(summary.music.analysers)}" if summary.music.analysers else ""
    console.print(f"{count_noun(summary.music.files, 'music file')} of your own{heard_by}.")
    if not summary.music.fitted:
        console.print(
            "Their features are on its own scale, not fitted to Spotify's (segue catalogue calibrate)."
        )
        return
    console.print(f"Fitted to Spotify's scale: {', '.join(summary.music.fitted)}; the rest is as heard.")


def _print_tracks(tracks: Iterable[Track]) -> None:
    """Print a table; where the terminal is too narrow for links beside titles, each on a line of its own."""
    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
    if console.width < _TABLE_WIDTH:
        for track in tracks:
            year = f" ({track.year})" if track.year else ""
            console.print(
                f"{clean(f'{track.name} - {track.artist}')}{year}\n  {track.url or track.track_id}",
                soft_wrap=True,
            )
        return
    table = Table("Title", "Artist", "Year", box=None, pad_edge=False)
    table.add_column("Link", no_wrap=True, overflow="ignore", min_width=_LINK_WIDTH)
    for track in tracks:
        table.add_row(
            clean(track.name), clean(track.artist), str(track.year or ""), track.url or track.track_id
        )
    console.print(table)


def count_noun(number: int, noun: str) -> str:
    """Return a number with its noun: "1 track", "2 tracks"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.1f} MB" if size_bytes >= 1e6 else f"{size_bytes / 1e3:,.0f} kB"
