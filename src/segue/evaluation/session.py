"""One whole run of `segue evaluate`: open the data, fit the baselines, ask, judge, and gather the figures."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.corpus.scenarios import Scenario
from segue.errors import InputError
from segue.evaluation.baselines import make_baseline
from segue.evaluation.dataset import NEAR_COPY, Source, World, open_world
from segue.evaluation.figures import CalibrationBin, Evaluation, Figure
from segue.evaluation.measures.top50 import first_picks, shown_figures, sweep_figures
from segue.evaluation.methods import Method
from segue.evaluation.model_method import ModelMethod, Recommends
from segue.evaluation.run import Answered, Progress, calibration_of, differences, figures_of, run_scenarios


@dataclass(frozen=True, slots=True)
class Model:
    """The model to measure.

    Attributes
    ----------
    name
        The name under which its figures are reported.
    trained
        The sorted hashes of the lists that it was trained on; None when the bundle does not say.
    open
        Opens the recommender on a catalogue file.

    """

    name: str
    trained: NDArray[np.uint64] | None
    open: Callable[[Path], AbstractContextManager[Recommends]]


@dataclass(frozen=True, slots=True)
class Request:
    """What to measure, and how.

    Attributes
    ----------
    source
        The data.
    scenarios
        How lists are cut.
    baselines
        Names of baselines.
    model
        The model, or None to measure baselines alone.
    shown
        Whether to measure the list of 50 as it is shown, and for a model how `adventurousness` moves it.

    """

    source: Source
    scenarios: tuple[Scenario, ...]
    baselines: tuple[str, ...] = ()
    model: Model | None = None
    shown: bool = True


def evaluate(
    request: Request, *, progress: Progress, clock: Callable[[], datetime] | None = None
) -> Evaluation:
    """Measure.

    Parameters
    ----------
    request
        What to measure.
    progress
        Is told what is being done, and how far it is.
    clock
        Tells the time of the report; the system's when None.

    Raises
    ------
    InputError
        When there is nothing to measure, or no list to measure it on.

    """
    if request.model is None and not request.baselines:
        raise InputError("nothing to measure", hint="Name a model or at least one baseline.")
    trained = request.model.trained if request.model else None
    with ExitStack() as stack:
        progress("reading the catalogue and the lists", 0, 1)
        world = stack.enter_context(open_world(request.source, trained=trained))
        model, methods = _prepare(request, world, stack, progress)
        answered = list(run_scenarios(world, methods, request.scenarios, progress=progress))
        progress("figures and their intervals", 0, 1)
        figures, calibration, notes = _judge(request, world, methods, answered)
        if request.shown:
            figures += shown_figures(world, methods, known=first_picks(answered), progress=progress)
            figures += sweep_figures(world, model, progress=progress) if model else []
    now = clock() if clock else datetime.now(UTC)
    return Evaluation(
        about=_about(request, world, now),
        figures=tuple(figures),
        calibration=calibration,
        notes=(*world.notes, *notes),
        methods=tuple(method.name for method in methods),
    )


def _prepare(
    request: Request, world: World, stack: ExitStack, progress: Progress
) -> tuple[ModelMethod | None, list[Method]]:
    """Open the model and fit the baselines; the model comes first."""
    model = None
    if request.model is not None:
        recommender = stack.enter_context(request.model.open(world.catalogue.path))
        model = ModelMethod(recommender, world.catalogue, name=request.model.name)
    methods: list[Method] = [model] if model else []
    for place, name in enumerate(request.baselines):
        progress(f"fitting the baseline {name}", place, len(request.baselines))
        baseline = make_baseline(name, world.columns)
        baseline.fit(world.fitted)
        methods.append(baseline)
    return model, methods


def _judge(
    request: Request, world: World, methods: Sequence[Method], answered: Sequence[Answered]
) -> tuple[list[Figure], tuple[CalibrationBin, ...], list[str]]:
    figures: list[Figure] = []
    calibration: tuple[CalibrationBin, ...] = ()
    notes = []
    model = request.model.name if request.model else None
    for scenario in request.scenarios:
        own = [each for each in answered if each.scenario == scenario]
        notes += _missing(scenario, own, methods)
        for each in own:
            figures += figures_of(world, each)
        chosen = next((each for each in own if each.method == model), None)
        if chosen:
            figures += differences(world, chosen, [each for each in own if each is not chosen])
            calibration = calibration or calibration_of(chosen)
    return figures, calibration, notes


def _missing(scenario: Scenario, answered: Sequence[Answered], methods: Sequence[Method]) -> list[str]:
    if not answered:
        return [f"{scenario.name}: no list is long enough, or has the title or the order that it takes."]
    silent = {method.name for method in methods} - {each.method for each in answered}
    return [f"{scenario.name}: not supported by {name}." for name in sorted(silent)]


def _about(request: Request, world: World, now: datetime) -> dict[str, Any]:
    groups = [entry.group for entry in world.lists]
    return {
        "date": now.date().isoformat(),
        "catalogue": request.source.catalogue.name,
        "tracks": len(world.columns.year),
        "playlists": request.source.playlists.name,
        "part": request.source.part,
        "gaps": request.source.gaps,
        "model": request.model.name if request.model else None,
        "lists": {group: groups.count(group) for group in sorted(set(groups))},
        "near_copies": {
            group: int(
                sum(world.overlap[place] >= NEAR_COPY for place, own in enumerate(groups) if own == group)
            )
            for group in sorted(set(groups))
        },
        "training_lists": len(world.fitted),
        "scenarios": {scenario.name: scenario.about for scenario in request.scenarios},
    }
