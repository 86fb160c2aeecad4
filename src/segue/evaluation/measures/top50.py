"""The list that a person sees: 50 picks as segue gives them by default, measured beyond accuracy."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from segue.controls import Controls
from segue.corpus.scenarios import HALF, cut_all
from segue.corpus.splits import Case
from segue.evaluation.dataset import World
from segue.evaluation.figures import ALL, Figure
from segue.evaluation.measures.intervals import Interval, bootstrap_interval
from segue.evaluation.measures.list_quality import SHOWN, describe_all, describe_lists, surround
from segue.evaluation.methods import Method, Rows
from segue.evaluation.model_method import ModelMethod
from segue.evaluation.run import Answered, Progress

SCENARIO = f"top-{SHOWN}"
ADVENTUROUSNESS = (0.0, 0.25, 0.5, 0.75, 1.0)
_SWEEP_LISTS = 100


def first_picks(answered: Iterable[Answered]) -> dict[str, list[Rows]]:
    """Return what baselines have already said of the half of each list, 50 picks a list.

    A baseline has no settings, so that its list as shown is the head of its ranking. A model is asked anew.
    """
    return {
        each.method: [row[row >= 0] for row in each.judged.picks[:, :SHOWN]]
        for each in answered
        if each.scenario == HALF and not each.scores
    }


def shown_figures(
    world: World, methods: Sequence[Method], *, known: Mapping[str, list[Rows]], progress: Progress
) -> Iterator[Figure]:
    """Measure the first 50 of each method; a model is asked with its default settings.

    `known` holds picks that need not be asked for again, by method (see `first_picks`).
    """
    cases = cut_all(HALF, world.lists)
    for method in methods:
        picks = known.get(method.name) or _show(method, cases, Controls(), progress)
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
    picks: list[Rows] = []
    what = f"{method.name}, the list as shown"
    seeds = [case.seeds for case in cases]
    answers: Iterator[Rows] = (
        (answer.rows for answer in method.iter_answers(seeds, SHOWN, controls))
        if isinstance(method, ModelMethod)
        else (method.recommend(rows, SHOWN) for rows in seeds)
    )
    for rows in answers:
        progress(what, len(picks), len(cases))
        picks.append(rows)
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
