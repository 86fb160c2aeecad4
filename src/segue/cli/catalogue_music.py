"""`segue catalogue add|calibrate`: music files of one's own, and the scale of their features."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from segue.catalogue.in_use import get_own, make_room, use_first
from segue.catalogue.music.add import AddOptions, AddReport, Names, add_music
from segue.catalogue.music.calibrate import calibrate as fit_catalogue
from segue.catalogue.music.ledger import Calibration
from segue.cli.catalogue import AsJson, CataloguePath, Into, choose_target, print_json
from segue.cli.saving import say
from segue.config import load_settings
from segue.playlists.cleaning import count
from segue.playlists.json import SCHEMA
from segue.playlists.paths import read_path

_SHOWN = 20  # of files that have a problem
_NOTHING = 1


def add(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Folders of music, or single files.")
    ],
    into: Into = None,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, max=256, help="How many processes read; 0: one a core.")
    ] = 0,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Add your own music files to a catalogue: their tags and their sound (extra `files`).

    Nothing leaves this machine. Files that are as they were are not read again; after Ctrl+C the same command
    goes on.
    """
    settings = load_settings()
    target = choose_target(settings, into)
    make_room(target)
    report = _add(target, paths, jobs or os.cpu_count() or 1)
    chosen = bool(report.usable) and into is None and use_first(settings, target)
    if as_json:
        print_json({"schema": SCHEMA, "catalogue": str(target), **_report_as_json(report)})
    else:
        _tell(report, target, chosen=chosen)
    if not report.usable:
        raise typer.Exit(_NOTHING)


def calibrate(
    catalogue: CataloguePath = None,
    as_json: AsJson = False,
) -> None:
    """Bring the features of your music files to Spotify's scale, as far as the catalogue tells it.

    It is fitted on those of your files whose songs the catalogue also has from a data set.
    """
    target = get_own(load_settings(), catalogue)
    found = fit_catalogue(target)
    if as_json:
        print_json({"schema": SCHEMA, "catalogue": str(target), "calibration": calibrations_as_json(found)})
        return
    for line in describe_calibrations(found):
        say(line)


def calibrations_as_json(found: Sequence[Calibration]) -> dict[str, object]:
    """Return calibrations by feature, for JSON."""
    return {
        each.feature: {
            "pairs": each.pairs,
            "error_raw": each.error_raw,
            "error_fitted": each.error_fitted,
            "fitted": bool(each.knots),
        }
        for each in found
    }


def describe_calibrations(found: Sequence[Calibration]) -> list[str]:
    """Return a line a feature: its error against Spotify's values, and whether it is fitted."""
    return [
        f"  {each.feature:<16} {count(each.pairs, 'pair'):>13}, mean error {each.error_raw:.3g}"
        + (f", fitted {each.error_fitted:.3g}" if each.error_fitted is not None else "")
        + ("" if each.knots else " (left as heard)")
        for each in found
    ]


def _add(target: Path, paths: Sequence[Path], jobs: int) -> AddReport:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Listening", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        try:
            return add_music(target, paths, AddOptions(jobs, _names_of, show))
        except KeyboardInterrupt:
            say("Stopped. What was read is stored; the same command goes on.")
            raise


def _names_of(path: str) -> Names:
    record = read_path(path)
    return record.title, record.artist, record.album


def _tell(report: AddReport, target: Path, *, chosen: bool) -> None:
    say(
        f"{count(report.files, 'music file')}: {count(report.added, 'track')} added, "
        f"{report.updated:,} updated; {count(report.unchanged, 'file')} as before."
    )
    _tell_files("in the catalogue by their tags alone, without features", report.unheard)
    _tell_files("left out", report.left_out)
    if chosen:
        say(f"{target} is in use now. Back to the starter: segue catalogue use starter")
    elif report.added:
        say(f"They are in {target}. To use it from now on: segue catalogue use {shlex.quote(str(target))}")


def _tell_files(what: str, files: Sequence[tuple[str, str]]) -> None:
    if not files:
        return
    say(f"{len(files):,} {what}:")
    for path, why in files[:_SHOWN]:
        say(f"  {_shown(path)}: {why}")
    if len(files) > _SHOWN:
        say(f"  ... and {len(files) - _SHOWN:,} more; --json names all")


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def _report_as_json(report: AddReport) -> dict[str, object]:
    def named(files: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
        return [{"path": _shown(path), "why": why} for path, why in files]

    return {
        "files": report.files,
        "unchanged": report.unchanged,
        "added": report.added,
        "updated": report.updated,
        "unheard": named(report.unheard),
        "left_out": named(report.left_out),
    }
