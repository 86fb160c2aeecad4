"""The plots of the report, drawn from figures."""

from collections.abc import Sequence
from html import escape
from math import log2

from segue.evaluation.figures import CalibrationBin, Evaluation, Figure
from segue.evaluation.measures.intervals import Interval
from segue.evaluation.report.labels import MEASURES, group_title, number
from segue.evaluation.report.plots import Axes, Dot, Line, Point, dot_plot, line_plot

_RIVALS = 3  # besides our own, in a line plot
_MIN_LISTS = 10  # a mean of fewer is no point in a line plot


def first_scenario(evaluation: Evaluation) -> str:
    """Return the scenario that the page is about: half of the list, where it was run."""
    names = evaluation.values("scenario")
    return "half" if "half" in names else names[0]


def groups_of(evaluation: Evaluation) -> list[str]:
    """Return the source groups of the lists."""
    return list(evaluation.about["lists"])


def own_method(evaluation: Evaluation) -> str:
    """Return the method that the page is about: the model, or the first baseline when there is no model."""
    return str(evaluation.about["model"] or evaluation.methods[0])


def title_of(evaluation: Evaluation, group: str) -> str:
    """Return how a group is called on this page."""
    return group_title(group, len(groups_of(evaluation)))


def dots_of(evaluation: Evaluation, where: tuple[str, str, str, str], *, of: str = "") -> str:
    """Draw one measure of every method; `where` is scenario, group, part and measure, `of` a title."""
    scenario, group, part, measure = where
    figures = evaluation.find(scenario=scenario, group=group, part=part, measure=measure)
    if not figures:
        return ""
    words = MEASURES[measure]
    figures.sort(key=lambda figure: figure.value.mean, reverse=not words.lower_is_better)
    dots = [
        Dot(
            figure.method,
            figure.value.mean,
            figure.value.low,
            figure.value.high,
            interval_text(figure.value, measure),
            strong=figure.method == own_method(evaluation),
        )
        for figure in figures
    ]
    title = f"{words.title}: {of or title_of(evaluation, group)}"
    about = f"{title_of(evaluation, group)}. {words.about}" if of else words.about
    note = " Lower is better." if words.lower_is_better else ""
    return (
        f"<figure><figcaption>{escape(title)}<small>{escape(about + note)}</small></figcaption>"
        f"{dot_plot(dots, title=title)}</figure>"
    )


def interval_text(value: Interval, measure: str) -> str:
    """Return a mean with its interval as text: "0.385 (0.370 to 0.401)"."""
    mean = number(value.mean, measure)
    if value.low == value.high:
        return mean
    return f"{mean} ({number(value.low, measure)}–{number(value.high, measure)})"


def seed_plot(evaluation: Evaluation, group: str, figures: Sequence[Figure]) -> str:
    """Draw NDCG by number of seeds, for our own method and the best others."""
    figures = [figure for figure in figures if figure.value.count >= _MIN_LISTS]
    if not figures:
        return ""
    rivals = _rivals(evaluation, figures)
    lines = []
    for method, role in zip(rivals, ("own", "a", "b", "c"), strict=False):
        own = [figure for figure in figures if figure.method == method]
        points = tuple(
            Point(log2(_seed_count(figure)), figure.value.mean, figure.value.low, figure.value.high)
            for figure in own
        )
        lines.append(Line(method, points, role))
    counts = {_seed_count(figure): figure.value.count for figure in figures}
    ticks = tuple((log2(n), f"{n}") for n in sorted(counts))
    axes = Axes("seeds", "NDCG@500", ticks)
    title = f"NDCG@500 by number of seeds: {title_of(evaluation, group)}"
    lists = ", ".join(f"{count} with {n}" for n, count in sorted(counts.items()))
    return (
        f"<figure><figcaption>{escape(title)}<small>Lists: {escape(lists)}.</small></figcaption>"
        f"{line_plot(lines, axes, title=title)}</figure>"
    )


def _rivals(evaluation: Evaluation, figures: Sequence[Figure]) -> list[str]:
    """Return our own method and the three that are best on average; more lines could not be told apart."""
    totals: dict[str, list[float]] = {}
    for figure in figures:
        totals.setdefault(figure.method, []).append(figure.value.mean)
    own = own_method(evaluation)
    others = sorted(
        (name for name in totals if name != own), key=lambda name: -sum(totals[name]) / len(totals[name])
    )
    return [name for name in (own, *others[:_RIVALS]) if name in totals]


def sweep_plot(evaluation: Evaluation) -> str:
    """Draw the popularity lift by adventurousness, a line a group."""
    names = [name for name in evaluation.values("scenario") if name.startswith("adventurousness-")]
    if not names:
        return ""
    lines = []
    for group, role in zip(groups_of(evaluation), ("own", "a"), strict=False):
        points = [
            Point(float(name.split("-", 1)[1]), figure.value.mean, figure.value.low, figure.value.high)
            for name in names
            for figure in evaluation.find(scenario=name, group=group, measure="popularity_lift")
        ]
        if points:
            lines.append(Line(title_of(evaluation, group), tuple(points), role))
    ticks = tuple((float(name.split("-", 1)[1]), name.split("-", 1)[1]) for name in names)
    plot = line_plot(
        lines, Axes("adventurousness", "popularity lift", ticks), title="Lift by adventurousness"
    )
    return (
        "<figure><figcaption>What the control <em>adventurousness</em> does<small>Popularity lift of the 50 "
        f"songs shown.</small></figcaption>{plot}</figure>"
    )


def _rate_interval(rate: float, count: int) -> tuple[float, float]:
    """Return the normal 95 % interval of a rate of `count` picks."""
    half = 1.96 * (rate * (1 - rate) / max(1, count)) ** 0.5
    return max(0.0, rate - half), min(1.0, rate + half)


def _bin_words(place: int, n_bins: int) -> str:
    last = place == n_bins - 1
    return f"top 1/{2 ** (n_bins - 1)}" if last else f"1/{2 ** (place + 1)}"


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _seed_count(figure: Figure) -> int:
    return int(figure.scenario.removeprefix("seeds-"))


def calibration_plot(evaluation: Evaluation) -> str:
    """Draw the share of right picks by ranking score, a line a group."""
    bins: dict[str, list[CalibrationBin]] = {}
    for entry in evaluation.calibration:
        bins.setdefault(entry.group, []).append(entry)
    lines = [
        Line(title_of(evaluation, group), _rate_points(own), role)
        for (group, own), role in zip(bins.items(), ("own", "a", "b"), strict=False)
    ]
    longest = max(len(line.points) for line in lines)
    ticks = tuple((float(place), _bin_words(place, longest)) for place in range(longest))
    axes = Axes(
        "picks, by the ranker's score: the best to the right", "share that was right", ticks, _percent
    )
    return line_plot(lines, axes, title="Share of right picks by ranking score")


def _rate_points(bins: Sequence[CalibrationBin]) -> tuple[Point, ...]:
    return tuple(
        Point(float(place), entry.hit_rate, *_rate_interval(entry.hit_rate, entry.count))
        for place, entry in enumerate(bins)
    )
