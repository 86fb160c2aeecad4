"""The list that a person sees: 50 picks as segue gives them by default, measured beyond accuracy."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from segue.evaluation.beyond import SHOWN, describe_all, describe_lists, surround
from segue.evaluation.figures import ALL, Figure
from segue.evaluation.intervals import Interval, bootstrap_interval
from segue.evaluation.methods import Method, Rows
from segue.evaluation.model_method import ModelMethod
from segue.evaluation.run import Progress
from segue.evaluation.scenarios import HALF, cut_all
from segue.evaluation.splits import Case
from segue.evaluation.world import World
from segue.types import Controls

SCENARIO = f"top-{SHOWN}"
ADVENTUROUSNESS = (0.0, 0.25, 0.5, 0.75, 1.0)
_SWEEP_LISTS = 100


def shown_figures(world: World, methods: Sequence[Method], *, progress: Progress) -> Iterator[Figure]:
    """Measure the first 50 of each method; a model is asked with its default settings."""
    cases = cut_all(HALF, world.lists)
    for method in methods:
        picks = _show(method, cases, Controls(), progress)
        yield from _describe(world, cases, picks, method.name)


def sweep_figures(world: World, model: ModelMethod, *, progress: Progress) -> Iterator[Figure]:
    """Measure how the control `adventurousness` moves popularity, on at most 100 lists."""
    cases = cut_all(HALF, world.lists)[:_SWEEP_LISTS]
    for level in ADVENTUROUSNESS:
        controls = replace(Controls(), adventurousness=level)
        picks = _show(model, cases, controls, progress)
        for figure in _describe(world, cases, picks, model.name):
            yield replace(figure, scenario=f"adventurousness-{level:g}")


def _show(method: Method, cases: Sequence[Case], controls: Controls, progress: Progress) -> list[Rows]:
    picks = []
    what = f"{method.name}, the list as shown"
    for place, case in enumerate(cases):
        progress(what, place, len(cases))
        if isinstance(method, ModelMethod):
            picks.append(method.answer(case.seeds, SHOWN, controls).rows)
        else:
            picks.append(method.recommend(case.seeds, SHOWN))
    progress(what, len(cases), len(cases))
    return picks


def _describe(world: World, cases: Sequence[Case], picks: Sequence[Rows], method: str) -> Iterator[Figure]:
    around = surround(world.columns, world.popularity, world.training.counts)
    groups = [case.source.group for case in cases]
    for group in sorted(set(groups)):
        places = [place for place, own in enumerate(groups) if own == group]
        chosen = [picks[place] for place in places]
        described = describe_lists(around, chosen, [cases[place].seeds for place in places])
        for name, values in described.items():
            if len(values):
                value = bootstrap_interval(values, np.random.default_rng(len(values)))
                yield Figure(SCENARIO, group, ALL, method, name, value)
        for name, number in describe_all(chosen, len(world.columns.year)).items():
            yield Figure(SCENARIO, group, ALL, method, name, Interval(number, number, number, len(chosen)))
