"""`segue playlists`: gather the lists that `segue train` and `segue evaluate` read."""

import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from segue.catalogue.in_use import make_room
from segue.catalogue.store import Catalogue
from segue.cli.catalogue import AsJson, choose_target, print_json
from segue.config import load_settings
from segue.corpus.list_store import AddTracks, StoreReport, import_lists
from segue.playlists.json import SCHEMA


def import_(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="spotify_million_playlist_dataset.zip, a folder of its slices, a slice, or a table.",
        ),
    ],
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="FOLDER", help="The store; default: playlists in the data folder."),
    ] = None,
    add_tracks: Annotated[
        bool,
        typer.Option(
            "--add-tracks", help="Add the tracks that slices name to a catalogue, without features."
        ),
    ] = False,
    catalogue: Annotated[
        Path | None,
        typer.Option(
            "--catalogue", "-c", metavar="PATH", help="The catalogue of --add-tracks; default: your own."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put playlists into a store to train and measure on; unpacks nothing. Run again, it goes on."""
    settings = load_settings()
    store = into.expanduser() if into else settings.data_dir / "playlists"
    if add_tracks:
        target = choose_target(settings, catalogue)
        make_room(target)
        with Catalogue.create(target) as opened:
            report = _import(source.expanduser(), store, opened.upsert)
            tracks = len(opened)
    else:
        report = _import(source.expanduser(), store, None)
    if as_json:
        print_json(_as_json(report, store))
        return
    _told(f"{report.lists:,} lists added, {report.known:,} files as before.")
    for each in report.broken:
        _told(f"left out, cannot be read: {each}")
    if add_tracks:
        _told(f"{target} now has {tracks:,} tracks.")
    _told(f"To learn from them: segue train --playlists {shlex.quote(str(store))} --out my-model")


def _import(source: Path, store: Path, add: AddTracks | None) -> StoreReport:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[lists]:,} lists"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Importing", total=None, lists=0)

        def show(lists: int, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, lists=lists)

        return import_lists(source, store, add_tracks=add, progress=show)


def _as_json(report: StoreReport, store: Path) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "store": str(store),
        "lists": report.lists,
        "known": report.known,
        "broken": list(report.broken),
    }


def _told(text: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False, markup=False).print(text)
