"""The tables of the report: texts in rows, each from the figures that it needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from segue.evaluation.figures import ALL, Evaluation, Figure
from segue.evaluation.report.labels import MEASURES, plus_minus, signed, title_of
from segue.evaluation.report.verdicts import find_verdict, seed_scenarios

HEADLINE = ("ndcg", "r_precision", "clicks", "recall_1000")
ACCURACY = ("r_precision", "r_precision_2018", "ndcg", "clicks", "recall_50", "recall_500", "recall_1000")
SHOWN = (
    "intra_list_distance", "distinct_artists", "repeated_versions", "jump_ratio", "first_distance_ratio",
    "popularity", "coverage", "coverage_of_possible", "gini",
)  # fmt: skip
_BANDS = {
    "occurs 0": "On no training list",
    "occurs 1-4": "On 1 to 4",
    "occurs 5+": "On 5 or more",
    "artist unseen": "Artist on no training list",
    "artist seen": "Artist on some",
}
_OUTCOMES = {
    "better": "surely better",
    "even": "no sure difference",
    "worse": "surely worse",
    "unknown": "too few lists to tell",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Texts; a cell like "0.385 ±0.014" has its second half set small."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""


def figure_table(evaluation: Evaluation, measures: Sequence[str], caption: str, **where: str) -> Table:
    """Give a row a method, our own first, and a column a measure; `where` says which figures."""
    figures = evaluation.find(**where)
    shown = [name for name in measures if any(figure.measure == name for figure in figures)]
    rows = []
    for method in sorted(
        evaluation.values("method", figures), key=lambda name: name != evaluation.own_method
    ):
        by_measure = {figure.measure: figure for figure in figures if figure.method == method}
        rows.append(
            [method, *(plus_minus(by_measure[name]) if name in by_measure else "–" for name in shown)]
        )
    count = max((figure.value.count for figure in figures if figure.measure in shown[:1]), default=0)
    return Table(["", *_titles(shown)], rows, f"{caption}, {count:,} lists" if count else caption)


def differences(evaluation: Evaluation, group: str) -> Table:
    """Compare our own with each other method, on the same lists."""
    found = evaluation.find_differences(scenario=evaluation.main_scenario, group=group, part=ALL)
    rows = []
    for other in dict.fromkeys(figure.against for figure in found):
        by_measure = {figure.measure: figure for figure in found if figure.against == other}
        rows.append([other, *(signed(by_measure[measure]) for measure in HEADLINE)])
    caption = f"{evaluation.own_method} minus each other method, on the same lists, with 95\u202f% intervals"
    return Table(["Compared with", *_titles(HEADLINE)], rows, caption)


def seed_table(evaluation: Evaluation, group: str) -> Table:
    """Say for each number of seeds whether our own is surely better than the best other method."""
    rows = []
    for name in seed_scenarios(evaluation):
        found = find_verdict(evaluation, name, group)
        if found is not None:
            own, rival = (f"{figure.value.mean:.3f}" for figure in (found.own, found.rival))
            against = found.rival.method, rival, signed(found.difference), _OUTCOMES[found.outcome]
            rows.append([name.removeprefix("seeds-"), f"{found.own.value.count:,}", own, *against])
    header = ["Seeds", "Lists", evaluation.own_method, "Best other", "Its NDCG", "Difference", ""]
    return Table(header, rows, f"NDCG@500 beside the best other method: {title_of(evaluation, group)}")


def band_table(evaluation: Evaluation, group: str) -> Table:
    """Give the recall of each method by how known the hidden songs are."""
    where = {"scenario": evaluation.main_scenario, "group": group, "measure": "recall_1000"}
    bands = [evaluation.find(**where, part=band) for band in _BANDS]
    rows = [[method, *(_mean(figures, method) for figures in bands)] for method in evaluation.methods]
    return Table(["Recall@1000", *_BANDS.values()], rows, title_of(evaluation, group))


def calibration_table(evaluation: Evaluation) -> Table:
    """Give the share of right picks by ranking score."""
    rows = [
        [
            title_of(evaluation, entry.group),
            f"{entry.low:.3g} to {entry.high:.3g}",
            f"{entry.hit_rate:.2%}",
            f"{entry.count:,}",
        ]
        for entry in evaluation.calibration
    ]
    return Table(["Group", "Ranking score", "Right", "Picks"], rows)


def challenge_scenarios(evaluation: Evaluation) -> list[str]:
    """Return those scenarios of the RecSys Challenge 2018 that were run."""
    names = evaluation.values("scenario")
    return [n for n in names if n in evaluation.about["scenarios"] and n.startswith(("title", "first"))]


def challenge_table(evaluation: Evaluation, group: str) -> Table:
    """Give the NDCG of each method in the scenarios of the RecSys Challenge 2018."""
    rows = []
    for name in challenge_scenarios(evaluation):
        figures = evaluation.find(scenario=name, group=group, part=ALL, measure="ndcg")
        if figures:
            cells = [_mean(figures, method) for method in evaluation.methods]
            rows.append([evaluation.about["scenarios"][name], str(figures[0].value.count), *cells])
    return Table(["NDCG@500", "Lists", *evaluation.methods], rows, title_of(evaluation, group))


def _titles(measures: Sequence[str]) -> list[str]:
    return [MEASURES[measure].title for measure in measures]


def _mean(figures: Sequence[Figure], method: str) -> str:
    return next((f"{each.value.mean:.3f}" for each in figures if each.method == method), "–")
