"""The figures of a run as Markdown tables, to paste into a model card or an issue."""

from collections.abc import Sequence

from segue.evaluation.figures import ALL, Evaluation, Figure
from segue.evaluation.report.labels import MEASURES, interval_text, signed, title_of
from segue.evaluation.report.verdicts import find_verdict, seed_scenarios

_ACCURACY = ("r_precision", "r_precision_2018", "ndcg", "clicks", "recall_50", "recall_500", "recall_1000")
_SHOWN = (
    "popularity_lift", "list_popularity_lift", "jump_ratio", "first_distance_ratio", "intra_list_distance",
    "distinct_artists", "repeated_versions", "coverage", "gini",
)  # fmt: skip
_BANDS = {
    "occurs 0": "on no training list",
    "occurs 1-4": "on 1 to 4",
    "occurs 5+": "on 5 or more",
    "artist unseen": "artist on none",
    "artist seen": "artist on some",
}
Rows = list[list[str]]


def render_markdown(evaluation: Evaluation) -> str:
    """Return the tables that this run has figures for, each cell a mean with its 95 % interval."""
    scenario = evaluation.main_scenario
    parts = [_about(evaluation)]
    for group in evaluation.groups:
        parts.append(_accuracy(evaluation, group, scenario, ALL))
        parts.append(_accuracy(evaluation, group, scenario, "no near copies"))
    for group in evaluation.groups:
        parts.append(_against_best(evaluation, group, scenario))
        parts.append(_bands(evaluation, group, scenario))
    parts += [_shown(evaluation), _sweep(evaluation)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(evaluation: Evaluation) -> str:
    about = evaluation.about
    counts = ", ".join(f"{title_of(evaluation, group)} {n:,}" for group, n in about["lists"].items())
    command = f" `{about['command']}`." if "command" in about else ""
    return (
        f"Measured {about['date']} on the {about['part']} part of {about['playlists']} ({counts}), "
        f"{about['tracks']:,} tracks, gaps {about['gaps']}; learned from {about['training_lists']:,} lists. "
        f"Means over lists with 95 % bootstrap intervals.{command}"
    )


def _accuracy(evaluation: Evaluation, group: str, scenario: str, part: str) -> str:
    figures = evaluation.find(scenario=scenario, group=group, part=part)
    beside = "" if part == ALL else f", {part}"
    return _by_method(evaluation, figures, _ACCURACY, f"{title_of(evaluation, group)}{beside}")


def _by_method(
    evaluation: Evaluation, figures: Sequence[Figure], measures: Sequence[str], corner: str
) -> str:
    """Return a table with a row a method and a column a measure; "" when there are no figures."""
    shown = [name for name in measures if any(figure.measure == name for figure in figures)]
    if not shown:
        return ""
    count = max(figure.value.count for figure in figures if figure.measure == shown[0])
    rows = []
    for method in evaluation.methods:
        cells = [_cell(figures, method, name) for name in shown]
        if any(cells):
            rows.append([_strong(evaluation, method), *(cell or "–" for cell in cells)])
    return _table([f"{corner} ({count:,})", *(MEASURES[name].title for name in shown)], rows)


def _against_best(evaluation: Evaluation, group: str, scenario: str) -> str:
    rows = []
    for name in dict.fromkeys((scenario, *seed_scenarios(evaluation))):
        found = find_verdict(evaluation, name, group)
        if found is not None:
            seeds = name.removeprefix("seeds-")
            unbeaten = ", ".join(found.unbeaten) or "none"
            if found.outcome == "unknown":
                unbeaten = "too few lists"
            own, rival = (interval_text(figure.value, "ndcg") for figure in (found.own, found.rival))
            lists = f"{found.own.value.count:,}"
            rows.append(
                [seeds, lists, own, f"{found.rival.method} {rival}", signed(found.difference), unbeaten]
            )
    header = [
        f"{title_of(evaluation, group)}, NDCG@500: seeds", "lists", evaluation.own_method, "best other",
        "paired difference", "not surely better than",
    ]  # fmt: skip
    return _table(header, rows)


def _bands(evaluation: Evaluation, group: str, scenario: str) -> str:
    rows = []
    for method in evaluation.methods:
        cells = []
        for band in _BANDS:
            figures = evaluation.find(scenario=scenario, group=group, part=band)
            cells.append(_cell(figures, method, "recall_1000"))
        if any(cells):
            rows.append([_strong(evaluation, method), *(cell or "–" for cell in cells)])
    found = find_verdict(evaluation, scenario, group, measure="recall_1000", part="occurs 0")
    table = _table([f"{title_of(evaluation, group)}, recall@1000 of songs", *_BANDS.values()], rows)
    if found is None or found.ratio is None:
        return table
    return (
        f"{table}\n\nSongs on no training list: {found.ratio:.1f} times the best other, "
        f"{found.rival.method}; difference {signed(found.difference)}, {found.own.value.count:,} lists."
    )


def _shown(evaluation: Evaluation) -> str:
    tables = [
        _by_method(
            evaluation,
            evaluation.find(scenario="top-50", group=group),
            _SHOWN,
            f"{title_of(evaluation, group)}, the 50 shown",
        )
        for group in evaluation.groups
    ]
    return "\n\n".join(table for table in tables if table)


def _sweep(evaluation: Evaluation) -> str:
    names = [name for name in evaluation.values("scenario") if name.startswith("adventurousness-")]
    rows = []
    for group in evaluation.groups:
        for measure in ("popularity_lift", "list_popularity_lift"):
            figures = [
                figure
                for name in names
                for figure in evaluation.find(scenario=name, group=group, measure=measure)
            ]
            if figures:
                cells = [interval_text(figure.value, measure) for figure in figures]
                rows.append([f"{title_of(evaluation, group)}, {MEASURES[measure].title.lower()}", *cells])
    return _table(["adventurousness", *(name.rpartition("-")[2] for name in names)], rows)


def _cell(figures: Sequence[Figure], method: str, measure: str) -> str:
    for figure in figures:
        if (figure.method, figure.measure) == (method, measure):
            return interval_text(figure.value, measure)
    return ""


def _strong(evaluation: Evaluation, method: str) -> str:
    return f"**{method}**" if method == evaluation.about["model"] else method


def _table(header: Sequence[str], rows: Rows) -> str:
    """Return a table whose first column is text and whose others are numbers; "" without rows."""
    if not rows:
        return ""
    rule = "|---|" + "---:|" * (len(header) - 1)
    return "\n".join([_row(header), rule, *(_row(row) for row in rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
