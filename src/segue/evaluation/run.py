"""Measure methods side by side: the same lists, the same catalogue, every figure with its interval."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.corpus.scenarios import Scenario, cut_all
from segue.corpus.splits import Case
from segue.evaluation.dataset import NEAR_COPY, World
from segue.evaluation.figures import ALL, CalibrationBin, Figure
from segue.evaluation.measures.breakdown import BREAKDOWN_CUTOFFS, band_recall, bands, find_truths
from segue.evaluation.measures.calibration import calibrate
from segue.evaluation.measures.intervals import bootstrap_interval, paired_difference
from segue.evaluation.measures.metrics import Judged, Values, judge, measure
from segue.evaluation.methods import Method, Rows, Scores
from segue.evaluation.model_method import ModelMethod

N_PICKS = 1000
_BOOTSTRAP_SEED = 20_180_612  # one fixed rng a figure, so that a run repeated gives the same interval
Progress = Callable[[str, int, int], None]  # what is done, how many of it, out of how many
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answered:
    """One method's picks for the cases of one scenario, judged; L lists.

    `scores` holds the ranking score of each pick where the method is a model, and is empty else.
    """

    scenario: Scenario
    method: str
    cases: tuple[Case, ...]
    judged: Judged
    values: dict[str, Values]
    scores: tuple[Scores, ...] = ()


def run_scenarios(
    world: World, methods: Sequence[Method], scenarios: Sequence[Scenario], *, progress: Progress
) -> Iterator[Answered]:
    """Ask every method every question of every scenario.

    Left out is a scenario that no list can take part in, and of a scenario each method that cannot answer it
    at all (the model, where only a title is given).
    """
    for scenario in scenarios:
        cases = cut_all(scenario, world.lists)
        for method in methods if cases else ():
            answered = _ask(world, method, scenario, cases, progress)
            if answered.judged.picks.shape[1]:
                yield answered


def figures_of(world: World, answered: Answered) -> Iterator[Figure]:
    """Return every figure of one method in one scenario."""
    for group, mask in _groups(answered.cases).items():
        for (part, measure_name), values in _all_values(world, answered, mask).items():
            value = bootstrap_interval(values, np.random.default_rng(_BOOTSTRAP_SEED))
            yield Figure(answered.scenario.name, group, part, answered.method, measure_name, value)


def differences(world: World, model: Answered, others: Sequence[Answered]) -> Iterator[Figure]:
    """Return the paired differences of the model against each other method in the same scenario."""
    for group, mask in _groups(model.cases).items():
        own = _all_values(world, model, mask)
        for other in others:
            for (part, measure_name), values in _all_values(world, other, mask).items():
                value = paired_difference(
                    own[part, measure_name], values, np.random.default_rng(_BOOTSTRAP_SEED)
                )
                where = (model.scenario.name, group, part, model.method, measure_name)
                yield Figure(*where, value, against=other.method)


def calibration_of(answered: Answered) -> tuple[CalibrationBin, ...]:
    """Return the calibration of the ranking scores, by group; nothing for a method without scores."""
    found: list[CalibrationBin] = []
    for group, mask in _groups(answered.cases).items():
        if answered.scores:
            places = np.flatnonzero(mask)
            found += calibrate(
                _take(answered.judged, places), [answered.scores[place] for place in places], group=group
            )
    return tuple(found)


def _ask(
    world: World, method: Method, scenario: Scenario, cases: tuple[Case, ...], progress: Progress
) -> Answered:
    picks: list[Rows] = []
    scores: list[Scores] = []
    seeds = [case.seeds for case in cases]
    what = f"{method.name}, {scenario.about}"
    if isinstance(method, ModelMethod) and all(len(rows) for rows in seeds):
        for answer in method.iter_answers(seeds, N_PICKS):
            progress(what, len(picks), len(cases))
            picks.append(answer.rows)
            scores.append(answer.scores)
    else:
        for rows in seeds:
            progress(what, len(picks), len(cases))
            picks.append(method.recommend(rows, N_PICKS))
    progress(what, len(cases), len(cases))
    continuations = [case.continuation for case in cases]
    judged = judge(picks, continuations, artist_hash=world.columns.artist_hash)
    return Answered(scenario, method.name, cases, judged, measure(judged), tuple(scores))


def _groups(cases: Sequence[Case]) -> dict[str, Mask]:
    """Return which cases belong to each source group, (L,) each."""
    groups = np.array([case.source.group for case in cases])
    return {str(group): groups == group for group in np.unique(groups)}


def _list_parts(world: World, cases: Sequence[Case], mask: Mask) -> dict[str, Mask]:
    """Return the slices of lists within a group: all, and those that no training list is a near copy of."""
    overlap = {entry.playlist_id: share for entry, share in zip(world.lists, world.overlap, strict=True)}
    apart = mask & (np.array([overlap[case.source.playlist_id] for case in cases]) < NEAR_COPY)
    parts = {ALL: mask}
    if apart.any() and apart.sum() < mask.sum():
        parts["no near copies"] = apart
    return parts


def _all_values(world: World, answered: Answered, mask: Mask) -> dict[tuple[str, str], Values]:
    """Return the values behind every figure of a group: (part, measure) -> one a list that has such tracks.

    Which lists take part hangs on the lists alone, so values of two methods can be paired.
    """
    found = {
        (part, measure_name): values[lists]
        for part, lists in _list_parts(world, answered.cases, mask).items()
        for measure_name, values in answered.values.items()
    }
    truths = find_truths(answered.judged, answered.cases)
    for name, band in bands(truths, answered.cases, world.training, world.columns.artist_hash).items():
        found |= {(name, f"recall_{k}"): band_recall(truths, band, mask, k) for k in BREAKDOWN_CUTOFFS}
    return {key: values for key, values in found.items() if len(values)}


def _take(judged: Judged, places: NDArray[np.int64]) -> Judged:
    return Judged(
        judged.picks[places], judged.hits[places], judged.sizes[places], judged.right_artists[places]
    )
