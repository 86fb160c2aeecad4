"""`segue train`: a bundle from your own catalogue and playlists."""

import warnings
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

_STOPPED = 130  # as a shell says of a command that Ctrl+C ended
_PART = 10  # percent of a stage, between two lines where there is no terminal


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
    name: Annotated[str, typer.Option(help="The name of the bundle; default: that of its folder.")] = "",
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
        name=name,
    )
    try:
        with _show_progress() as report, warnings.catch_warnings():
            # Of a column without a value and the like, which training reckons with.
            warnings.simplefilter("ignore", RuntimeWarning)
            bundle = train_bundle(request, report=report)
    except KeyboardInterrupt:
        typer.echo("Stopped. The same command goes on where it stopped.", err=True)
        raise typer.Exit(_STOPPED) from None
    typer.echo(
        f"Trained {bundle.name!r} in {bundle.folder}. Use it: segue recommend --model {bundle.folder} ..."
    )


@contextmanager
def _show_progress() -> Iterator[Report]:
    """Show a bar for what has steps, and a line for each measurement; lines alone without a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines().report
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[figures]}"),
    )
    with Progress(*columns, console=console) as bar:
        tasks = {}

        def report(stage: str, figures: Mapping[str, float]) -> None:
            text = _figures(figures)
            if "of" not in figures:
                bar.console.print(f"{stage}: {text}" if text else stage)
                return
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=figures["of"], figures="")
            bar.update(tasks[stage], completed=figures["step"], figures=text)

        yield report


class _Lines:
    """Progress as lines, for a log: one for each measurement, and one for each tenth of a stage."""

    def __init__(self) -> None:
        self._parts: dict[str, int] = {}

    def report(self, stage: str, figures: Mapping[str, float]) -> None:
        """Print a line, unless the stage is hardly further than when it was last named."""
        text = _figures(figures)
        if "of" in figures:
            percent = int(100 * figures["step"] / max(figures["of"], 1))
            if percent // _PART == self._parts.get(stage):
                return
            self._parts[stage] = percent // _PART
            text = f"{percent} %  {text}".rstrip()
        typer.echo(f"{stage}: {text}" if text else stage, err=True)  # flushes


def _figures(figures: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {value:.4f}" for name, value in figures.items() if name not in ("step", "of"))
