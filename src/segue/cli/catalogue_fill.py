"""`segue catalogue fill`: features from elsewhere for tracks that have none, after a yes."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from segue.catalogue.fill.filling import FillReport, Wanted, find_unfilled
from segue.catalogue.fill.filling import fill as fill_catalogue
from segue.catalogue.fill.reccobeats import BATCH, GIVES, HOST, NAME, ReccoBeats
from segue.catalogue.in_use import get_own
from segue.cli.catalogue import AsJson, CataloguePath, print_json
from segue.cli.saving import say
from segue.config import Settings, load_settings
from segue.errors import InputError
from segue.playlists.json import SCHEMA

_WANTED = Wanted(NAME, GIVES, BATCH)


def fill(
    from_: Annotated[str, typer.Option("--from", metavar="SOURCE", help=f"Where to ask: {NAME}.")],
    catalogue: CataloguePath = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="Ask about so many tracks at most, the most popular first.")
    ] = 1_000_000_000,
    again: Annotated[
        bool, typer.Option("--again", help="Ask again about tracks that were not known there.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask there without asking you.")] = False,
    as_json: AsJson = False,
) -> None:
    """Get audio features for tracks of your catalogue that have none, from another service.

    Sends the Spotify ids of those tracks, and nothing else, after you agree. After an interruption the same
    command goes on.
    """
    if from_.casefold() != NAME:
        raise InputError(f"--from: expected {NAME}, got {from_!r}", hint=f"Write: --from {NAME}")
    settings = load_settings()
    target = get_own(settings, catalogue)
    track_ids = find_unfilled(target, _WANTED, again=again)[:limit]
    if track_ids and not yes and not _agreed(target, len(track_ids)):
        say("Nothing was sent.")
        return
    report = _fill(settings, target, track_ids)
    if as_json:
        told = {"schema": SCHEMA, "catalogue": str(target), "asked": report.asked, "filled": report.filled}
        print_json(told)
    elif not track_ids:
        say(f"No track of {target} with a Spotify id is left to ask about. (--again asks once more.)")
    else:
        say(f"{HOST} knew features of {report.filled:,} of {report.asked:,} tracks. They are in {target}.")


def is_terminal() -> bool:
    """Tell whether there is somebody to ask."""
    return sys.stdin.isatty()


def _agreed(target: Path, count: int) -> bool:
    requests = -(-count // BATCH)
    say(
        f"This sends the Spotify ids of {count:,} tracks of {target}, and nothing else, to {HOST}: "
        f"{requests:,} requests of up to {BATCH}, over HTTPS, without an account. As any server, it sees "
        "your internet address. What it answers is stored in the catalogue."
    )
    if not is_terminal():
        raise InputError(
            "ids are sent after a yes, and there is no terminal to ask at",
            hint="If you agree: the same command with --yes.",
        )
    return typer.confirm("Send them?", default=False, err=True)


def _fill(settings: Settings, target: Path, track_ids: list[str]) -> FillReport:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with (
        ReccoBeats(settings.reccobeats_url, say=say) as source,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
    ):
        task = bar.add_task("Asking", total=len(track_ids))

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        try:
            return fill_catalogue(target, track_ids, source, _WANTED, show)
        except KeyboardInterrupt:
            say("Stopped. What has come is stored; the same command goes on.")
            raise
