"""The plots of the report, drawn from the figures of a run; "" where it has none."""

from collections.abc import Iterable
from itertools import groupby

from segue.evaluation.figures import ALL, CalibrationBin, Evaluation, Figure
from segue.evaluation.measures.intervals import Interval
from segue.evaluation.report.labels import MEASURES, interval_text, title_of
from segue.evaluation.report.plots import Dot, Line, Words, dot_plot, line_plot
from segue.evaluation.report.verdicts import seed_scenarios

_RIVALS = 3  # besides our own, in a line plot; more lines could not be told apart
_MIN_LISTS = 10  # a mean of fewer is no point in a line plot


def dots(evaluation: Evaluation, title: str, measure: str, **where: str) -> str:
    """Draw one measure of every method, the best first; `where` says of which lists and songs."""
    figures = evaluation.find(measure=measure, **where)
    figures.sort(key=lambda figure: figure.value.mean, reverse=not MEASURES[measure].lower_is_better)
    rows = [
        Dot(each.method, each.value, interval_text(each.value, measure), each.method == evaluation.own_method)
        for each in figures
    ]
    return dot_plot(rows, title) if rows else ""


def seed_lines(evaluation: Evaluation, title: str, group: str) -> str:
    """Draw NDCG by number of seeds, for our own method and the best others."""
    figures = [figure for figure in seed_figures(evaluation, group) if figure.value.count >= _MIN_LISTS]
    lines = [
        Line(method, tuple((_seeds(each), each.value) for each in figures if each.method == method))
        for method in _own_and_rivals(evaluation, figures)
    ]
    ticks = {_seeds(each): f"{_seeds(each):g}\n{each.value.count:,} lists" for each in figures}
    return line_plot(lines, Words(title, "seeds", "NDCG@500", ticks, x_log=True)) if lines else ""


def seed_figures(evaluation: Evaluation, group: str) -> list[Figure]:
    """Return NDCG by number of seeds, of every method."""
    return [
        figure
        for name in seed_scenarios(evaluation)
        for figure in evaluation.find(scenario=name, group=group, part=ALL, measure="ndcg")
    ]


def sweep_lines(evaluation: Evaluation, title: str) -> str:
    """Draw the popularity lift by adventurousness, a line a group."""
    settings = [name for name in evaluation.values("scenario") if name.startswith("adventurousness-")]
    lines = [
        Line(
            title_of(evaluation, group),
            tuple(
                (_setting(name), figure.value)
                for name in settings
                for figure in evaluation.find(scenario=name, group=group, measure="popularity_lift")
            ),
        )
        for group in evaluation.groups
    ]
    ticks = {_setting(name): f"{_setting(name):g}" for name in settings}
    words = Words(title, "adventurousness", "popularity lift", ticks)
    lines = [line for line in lines if line.points]
    return line_plot(lines, words) if lines else ""


def calibration_lines(evaluation: Evaluation, title: str) -> str:
    """Draw the share of right picks by ranking score, a line a group."""
    by_group = groupby(evaluation.calibration, lambda entry: entry.group)
    lines = [
        Line(title_of(evaluation, group), tuple(enumerate(map(_rate, entries))))
        for group, entries in by_group
    ]
    longest = max((len(line.points) for line in lines), default=1)
    # Each bin holds half of the picks that are left, so the last two hold as many.
    shares = [*(f"1/{2 ** (at + 1)}" for at in range(longest - 1)), f"top 1/{2 ** (longest - 1)}"]
    ticks: dict[float, str] = dict(enumerate(shares))
    x_title = "picks, by the ranker's score: the best to the right"
    return line_plot(lines, Words(title, x_title, "share that was right", ticks, "{x:.0%}")) if lines else ""


def _own_and_rivals(evaluation: Evaluation, figures: Iterable[Figure]) -> list[str]:
    totals: dict[str, list[float]] = {}
    for figure in figures:
        totals.setdefault(figure.method, []).append(figure.value.mean)
    best = sorted(totals, key=lambda name: -sum(totals[name]) / len(totals[name]))
    own = [name for name in best if name == evaluation.own_method]
    return own + [name for name in best if name not in own][:_RIVALS]


def _seeds(figure: Figure) -> float:
    return float(figure.scenario.removeprefix("seeds-"))


def _setting(scenario: str) -> float:
    return float(scenario.removeprefix("adventurousness-"))


def _rate(entry: CalibrationBin) -> Interval:
    """Return a hit rate with its normal 95 % interval."""
    rate = entry.hit_rate
    half = 1.96 * (rate * (1 - rate) / max(1, entry.count)) ** 0.5
    return Interval(rate, max(0.0, rate - half), min(1.0, rate + half), entry.count)
