"""`segue evaluate`: how good are the recommendations, beside all that they are compared with."""

import json
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from segue.catalogue.in_use import find_catalogue
from segue.config import load_settings
from segue.corpus.scenarios import SCENARIO_NAMES, find_scenarios
from segue.errors import InputError
from segue.evaluation.baselines import BASELINE_NAMES
from segue.evaluation.dataset import Source
from segue.evaluation.figures import ALL, Evaluation, Figure
from segue.evaluation.report.labels import plus_minus, signed, title_of
from segue.evaluation.report.markdown import render_markdown
from segue.evaluation.report.verdicts import Verdict, find_verdict
from segue.evaluation.run import Progress
from segue.evaluation.session import Model, Request
from segue.evaluation.session import evaluate as run_evaluation
from segue.model.bundle import Bundle
from segue.recommender import Recommender

_SHOWN = {
    "r_precision": "R-prec",
    "r_precision_2018": "(2018)",
    "ndcg": "NDCG@500",
    "clicks": "Clicks",
    "recall_50": "R@50",
    "recall_500": "R@500",
    "recall_1000": "R@1000",
}
_WIDE = 120
_TRAINED = "trained_lists"


def evaluate(  # noqa: PLR0913, PLR0917 - the options of a command
    playlists: Annotated[
        Path,
        typer.Option(
            "--playlists", "-p", metavar="FILE",
            help="Lists to measure on: .parquet or .csv with playlist_id and track_id, mpd.slice.*.json, or "
            "a folder of those.",
            show_default=False,
        ),
    ],
    catalogue: Annotated[
        Path | None, typer.Option("--catalogue", "-c", metavar="PATH", help="Default: the one in use.")
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="full, audio, the folder of a bundle, or none.")
    ] = "full",
    baseline: Annotated[
        list[str] | None,
        typer.Option("--baseline", "-b", help=f"Repeat for more: {', '.join(BASELINE_NAMES)}; or all."),
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario", "-s",
            help=f"Default: half. Repeat for more: {', '.join(SCENARIO_NAMES)}.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", "-r", metavar="DIR", help="Write report.html and report.json here."),
    ] = None,
    part: Annotated[
        Literal["test", "validation"], typer.Option(help="Which held-out lists; validation while tuning.")
    ] = "test",
    gaps: Annotated[
        Literal["filled", "shuffled", "raw"],
        typer.Option(help="How gaps in the catalogue are treated; all but filled are to look for leaks."),
    ] = "filled",
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Measure at most N lists.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown tables with every interval, to paste.")
    ] = False,
) -> None:  # fmt: skip
    """Measure a model and baselines on playlists that none of them has learned from.

    Lists are split by a hash of their id; half of each measured list is shown, and the rest must be found
    among all tracks of the catalogue. See docs/evaluation.md.
    """
    if as_json and as_markdown:
        raise InputError("expected --json or --markdown, got both")
    write_report = _load_report() if report else None  # measuring takes long; what lacks is said before
    settings = load_settings()
    source = Source(
        catalogue=catalogue.expanduser() if catalogue else find_catalogue(settings),
        playlists=playlists.expanduser(),
        folder=settings.data_dir / "evaluation",
        part=part,
        gaps=gaps,
        limit=limit,
    )
    request = Request(
        source=source,
        scenarios=find_scenarios(tuple(scenario or ["half"])),
        baselines=_baseline_names(baseline or []),
        model=None if model == "none" else open_model(model),
        shown=report is not None or as_json or as_markdown,
    )
    with _show_progress() as progress:
        found = run_evaluation(request, progress=progress)
    found = replace(found, about={**found.about, "command": _command()})
    if as_json:
        json.dump(found.to_dict(), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    elif as_markdown:
        sys.stdout.write(render_markdown(found))
    else:
        _print_tables(found)
    told = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
    for note in found.notes:
        told.print(f"Note: {note}")
    if report and write_report:
        page, data = write_report(found, report.expanduser())
        told.print(f"Report: {page}\nFigures: {data}")


def _load_report() -> Callable[[Evaluation, Path], tuple[Path, Path]]:
    try:
        from segue.evaluation.report.page import write_report
    except ImportError as error:
        raise InputError(
            f"a report needs the extra 'evaluate' ({error.name} is not installed)",
            hint="Install it: pip install '.[evaluate]'; or use --json or --markdown, which need no more.",
        ) from error
    return write_report


def open_model(name: str) -> Model:
    """Check a bundle, and return how to open it on a catalogue."""
    bundle = Bundle.open(name)
    held = bundle.array(_TRAINED) if bundle.has(f"{_TRAINED}.npy") else None

    def open_on(path: Path) -> Recommender:
        return Recommender.open(catalogue=path, model=bundle.folder)

    trained = None if held is None else held.astype(np.uint64)
    return Model(f"segue {bundle.name}", trained, open_on)


def _baseline_names(names: list[str]) -> tuple[str, ...]:
    return BASELINE_NAMES if "all" in names else tuple(dict.fromkeys(names))


def _command() -> str:
    """Return the command as typed, without the folders of this machine, since reports are passed on."""
    words = [Path(word).name if Path(word).expanduser().is_absolute() else word for word in sys.argv[1:]]
    return shlex.join(["segue", *words])


@contextmanager
def _show_progress() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield show


def _print_tables(found: Evaluation) -> None:
    console = Console(highlight=False)
    for scenario, about in found.about["scenarios"].items():
        for group in found.groups:
            figures = found.find(scenario=scenario, group=group, part=ALL)
            if figures:
                title = f"{title_of(found, group)}: {figures[0].value.count} lists. Seeds: {about}."
                console.print(title, style="bold", soft_wrap=True)
                console.print(_table(found, figures, wide=console.width >= _WIDE))
                _print_verdict(console, find_verdict(found, scenario, group))
                console.print()
    console.print("Clicks: lower is better. All intervals and differences: --report, --markdown or --json.")


def _print_verdict(console: Console, verdict: Verdict | None) -> None:
    """Say how the model stands to the best other method, and which ones it is not surely better than."""
    if verdict is None:
        return
    against = f"{verdict.own.method} minus {verdict.rival.method}, the best other"
    beaten = (
        "Too few lists to tell."
        if verdict.outcome == "unknown"
        else f"Not surely better than: {', '.join(verdict.unbeaten)}."
        if verdict.unbeaten
        else f"Surely better than all {verdict.n_others} others."
        if verdict.n_others > 1
        else "Surely better."
    )
    console.print(f"NDCG@500, {against}: {signed(verdict.difference)}. {beaten}", soft_wrap=True)


def _table(found: Evaluation, figures: list[Figure], *, wide: bool) -> Table:
    """Make a table with a row a method; the intervals only where there is room."""
    table = Table("", *_SHOWN.values(), box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for method in found.values("method", figures):
        by_measure = {figure.measure: figure for figure in figures if figure.method == method}
        cells = [plus_minus(by_measure[name]) for name in _SHOWN]
        table.add_row(
            method,
            *(cell if wide else cell.partition(" ")[0] for cell in cells),
            style="bold" if method == found.about["model"] else "",
        )
    return table
