"""`segue catalogue get`: public sets of tracks, listed, fetched and put into the catalogue."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from segue.catalogue.get import (
    Download,
    PublicSet,
    Target,
    add_set,
    add_to_own,
    download_folder,
    get_set,
    load_sets,
)
from segue.catalogue.import_ import ImportReport
from segue.catalogue.in_use import find_in_use, make_room
from segue.cli.catalogue import AsJson, Into, choose_target, count_noun, print_json
from segue.cli.saving import say
from segue.config import Settings, load_settings
from segue.errors import InputError
from segue.playlists.json import SCHEMA


def get(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="Which set; without it, they are listed.")
    ] = "",
    into: Into = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Fetch it without asking.")] = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """List public sets of tracks, or add one to your catalogue.

    Nothing is fetched before you agree. What broke off goes on where it stopped, when you run it again.
    """
    if not name:
        _list_sets(as_json=as_json)
        return
    wanted = get_set(name)
    settings = load_settings()
    target = choose_target(settings, into)
    say(describe(wanted))
    if not yes and not _agreed():
        say("Nothing was fetched.")
        return
    chosen = into is None and find_in_use(settings).path != target
    report = fetch(settings, wanted, Target(target) if into else None)
    if as_json:
        print_json({"schema": SCHEMA, "catalogue": str(target), "added": report.added, "total": report.total})
        return
    say(
        f"{target} now has {count_noun(report.total, 'track')}, {report.added:,} of them new"
        f"{', and is in use' if chosen else ''}."
    )


def offer(settings: Settings, name: str, why: str) -> bool:
    """Ask a person whether to add a set to the catalogue in use, do so, and return whether it was done."""
    wanted = get_set(name)
    say(f"{why}\n{describe(wanted)}")
    if not _is_terminal() or not _agreed():
        return False
    fetch(settings, wanted)
    return True


def describe(wanted: PublicSet) -> str:
    """Return what a set is, how big, from where, and under which label."""
    return (
        f"{wanted.name}: {wanted.title}, {wanted.tracks:,} tracks\n"
        f"  {wanted.about}\n"
        f"  {wanted.size_mb} from {wanted.source}\n"
        f"  licence: {wanted.licence}, as it is labelled there"
    )


def fetch(settings: Settings, wanted: PublicSet, target: Target | None = None) -> ImportReport:
    """Fetch a set and import it, by default into one's own catalogue, with a bar on standard error."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"Fetching {wanted.name}", total=None)

        def show_fetched(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        def show_imported(_rows: int, done: int, total: int) -> None:
            bar.update(task, description="Importing", completed=done, total=total)

        download = Download(download_folder(settings, wanted), show_fetched)
        try:
            if target is None:
                return add_to_own(settings, wanted, download, progress=show_imported)
            make_room(target.path)
            return add_set(wanted, target, download, progress=show_imported)
        except KeyboardInterrupt:
            say(f"What has come is kept. To go on: segue catalogue get {wanted.name}")
            raise


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _agreed() -> bool:
    if not _is_terminal():
        raise InputError(
            "a set is fetched after a yes, and there is no terminal to ask at",
            hint="If you agree: the same command with --yes.",
        )
    return typer.confirm("Fetch it and add it to your catalogue?", default=False, err=True)


def _list_sets(*, as_json: bool) -> None:
    if as_json:
        names = ("name", "title", "about", "tracks", "licence", "source")
        print_json(
            {
                "schema": SCHEMA,
                "sets": [
                    {name: getattr(each, name) for name in names} | {"size_bytes": each.files[0].size_bytes}
                    for each in load_sets()
                ],
            }
        )
        return
    for each in load_sets():
        typer.echo(describe(each))
    say("To add one to your catalogue: segue catalogue get NAME")
