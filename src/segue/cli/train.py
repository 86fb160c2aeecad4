"""`segue train`: a bundle from your own catalogue and playlists."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from segue.app import Kind, Report, TrainingRequest, train_bundle
from segue.catalogue.in_use import find_catalogue
from segue.config import load_settings


def train(
    playlists: Annotated[
        Path,
        typer.Option(
            "--playlists", "-p", metavar="FILE",
            help="Lists to learn from: .parquet or .csv with playlist_id and track_id, or mpd.slice.*.json.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="BUNDLE", help="The folder of the new bundle.")],
    catalogue: Annotated[
        Path | None, typer.Option("--catalogue", "-c", metavar="PATH", help="Default: the one in use.")
    ] = None,
    kind: Annotated[
        Kind, typer.Option("--kind", help="full, or audio: audio features alone, no artist and no ids.")
    ] = "full",
    rng: Annotated[int, typer.Option(min=0, help="The number that all randomness hangs on.")] = 0,
    steps: Annotated[
        int | None, typer.Option(min=10, help="Batches of the towers' first fit; fewer for a quick try.")
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all-lists", help="Learn from the lists too that `segue evaluate` would measure on."),
    ] = False,
) -> None:  # fmt: skip
    """Train a model on your playlists (extra `train`). Run it again after an interruption: it goes on."""
    request = TrainingRequest(
        catalogue=catalogue.expanduser() if catalogue else find_catalogue(load_settings()),
        playlists=playlists.expanduser(),
        out=out.expanduser(),
        kind=kind,
        rng=rng,
        everything=everything,
        steps=steps,
    )
    with _show_progress() as report:
        bundle = train_bundle(request, report=report)
    typer.echo(
        f"Trained {bundle.name!r} in {bundle.folder}. Use it: segue recommend --model {bundle.folder} ..."
    )


@contextmanager
def _show_progress() -> Iterator[Report]:
    """Show a bar for what has steps, and a line for each measurement."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[figures]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks = {}

        def report(stage: str, figures: Mapping[str, float]) -> None:
            rest = {name: value for name, value in figures.items() if name not in ("step", "of")}
            text = "  ".join(f"{name} {value:.4f}" for name, value in rest.items())
            if "of" not in figures:
                bar.console.print(f"{stage}: {text}" if text else stage)
                return
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=figures["of"], figures="")
            bar.update(tasks[stage], completed=figures["step"], figures=text)

        yield report
