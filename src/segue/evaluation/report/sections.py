"""The sections of the report, each from the figures that it needs; empty where the run has none of them."""

from html import escape

from segue.evaluation.figures import ALL, Evaluation, best_other
from segue.evaluation.report.charts import (
    calibration_plot,
    dots_of,
    first_scenario,
    groups_of,
    own_method,
    seed_plot,
    sweep_plot,
    title_of,
)
from segue.evaluation.report.labels import MEASURES, METHODS
from segue.evaluation.report.tables import figure_table, plain_table, signed
from segue.evaluation.report.verdicts import Verdict, find_verdict, seed_scenarios

HEADLINE = ("ndcg", "r_precision", "clicks", "recall_1000")
_TABLE = ("r_precision", "r_precision_2018", "ndcg", "clicks", "recall_50", "recall_500", "recall_1000")
_SHOWN = (
    "intra_list_distance", "distinct_artists", "repeated_versions", "jump_ratio", "first_distance_ratio",
    "popularity", "coverage", "coverage_of_possible", "gini",
)  # fmt: skip
_BANDS = ("occurs 0", "occurs 1-4", "occurs 5+", "artist unseen", "artist seen")
_BAND_WORDS = {
    "occurs 0": "On no training list",
    "occurs 1-4": "On 1 to 4",
    "occurs 5+": "On 5 or more",
    "artist unseen": "Artist on no training list",
    "artist seen": "Artist on some",
}


def tiles(evaluation: Evaluation) -> str:
    """Say the outcome in one number a group."""
    return f'<div class="tiles">{"".join(_tile(evaluation, group) for group in groups_of(evaluation))}</div>'


def _tile(evaluation: Evaluation, group: str) -> str:
    scenario, own = first_scenario(evaluation), own_method(evaluation)
    figures = evaluation.find(scenario=scenario, group=group, part=ALL, measure="recall_500")
    first = next((figure for figure in figures if figure.method == own), None)
    if first is None:
        return ""
    best = best_other(figures, own, lower_is_better=False)
    rival = (
        f" The best other method, {escape(best.method)}, finds {round(100 * best.value.mean)}."
        if best
        else ""
    )
    return (
        f'<div class="tile"><h3>{escape(title_of(evaluation, group))}</h3>'
        f'<div class="big">{round(100 * first.value.mean)} of 100</div>'
        f"<p>hidden songs are among the first 500 picks of {escape(own)}, out of "
        f"{evaluation.about['tracks']:,} songs.{rival}</p>{_verdict(evaluation, scenario, group)}</div>"
    )


def accuracy(evaluation: Evaluation) -> str:
    """Compare all methods in the default scenario: a plot a measure, and the table."""
    scenario = first_scenario(evaluation)
    shown = escape(evaluation.about["scenarios"].get(scenario, scenario))
    parts = [f"<h2>Accuracy</h2><p>The seeds: {shown}.</p>"]
    for group in groups_of(evaluation):
        first, *others = (dots_of(evaluation, (scenario, group, ALL, measure)) for measure in HEADLINE)
        figures = evaluation.find(scenario=scenario, group=group, part=ALL)
        caption = title_of(evaluation, group)
        parts += [
            first,
            f"<details><summary>R-precision, clicks and recall as plots</summary>{''.join(others)}</details>",
            figure_table(figures, _TABLE, own=own_method(evaluation), caption=caption),
            _differences(evaluation, scenario, group),
        ]
    return "".join(parts)


def seeds(evaluation: Evaluation) -> str:
    """Show how accuracy grows with the number of seeds."""
    names = seed_scenarios(evaluation)
    if len(names) < 2:
        return ""
    parts = [
        "<h2>With more seeds, or fewer</h2><p>The hidden songs are the same for every number of seeds; lists "
        "that are too short for a number are left out there, so long lists weigh more to the right.</p>"
    ]
    for group in groups_of(evaluation):
        figures = [
            figure
            for name in names
            for figure in evaluation.find(scenario=name, group=group, part=ALL, measure="ndcg")
        ]
        parts += [seed_plot(evaluation, group, figures), _seed_table(evaluation, group)]
    return "".join(parts)


def known_and_new(evaluation: Evaluation) -> str:
    """Show which hidden songs are found: those that training lists hold, and those that none holds."""
    scenario = first_scenario(evaluation)
    parts = [
        "<h2>Known songs and new ones</h2><p>A song that many playlists hold is easy to learn. The hard test "
        "is a song that no training list holds: methods that only count playlists cannot find it at all.</p>"
    ]
    header = ["Recall@1000", *(_BAND_WORDS[band] for band in _BANDS)]
    for group in groups_of(evaluation):
        new = "songs on no training list"
        rows = [_band_row(evaluation, scenario, group, method) for method in evaluation.methods]
        caption = title_of(evaluation, group)
        parts += [
            dots_of(evaluation, (scenario, group, "occurs 0", "recall_1000"), of=new),
            _new_songs(evaluation, scenario, group),
            plain_table(header, rows, own=own_method(evaluation), caption=caption),
        ]
    return "".join(parts)


def _band_row(evaluation: Evaluation, scenario: str, group: str, method: str) -> list[str]:
    cells = [method]
    for band in _BANDS:
        found = evaluation.find(
            scenario=scenario, group=group, part=band, method=method, measure="recall_1000"
        )
        cells.append(f"{found[0].value.mean:.3f}" if found else "–")
    return cells


def near_copies(evaluation: Evaluation) -> str:
    """Show the figures without the lists that are near copies of a training list."""
    scenario = first_scenario(evaluation)
    found = evaluation.find(scenario=scenario, part="no near copies")
    if not found:
        return ""
    copies = evaluation.about["near_copies"]
    parts = [
        "<h2>Without near copies</h2><p>Some measured playlists share at least half of their songs with a "
        "single training list: charts of neighbouring countries, or versions of one person's list. Counting "
        "playlists does well on those for a poor reason. Here they are left out.</p>"
    ]
    for group in evaluation.values("group", found):
        figures = [figure for figure in found if figure.group == group]
        caption = f"{title_of(evaluation, group)}, without {copies.get(group, 0)} near copies"
        parts.append(figure_table(figures, _TABLE, own=own_method(evaluation), caption=caption))
    return "".join(parts)


def shown_list(evaluation: Evaluation) -> str:
    """Describe the list of 50 as a person gets it."""
    figures = evaluation.find(scenario="top-50")
    if not figures:
        return ""
    parts = [
        "<h2>The list as shown</h2><p>Accuracy is not all. These figures describe the first 50 songs, for "
        f"{escape(own_method(evaluation))} with its default settings and in its playing order.</p>"
    ]
    for group in evaluation.values("group", figures):
        own = [figure for figure in figures if figure.group == group]
        parts.append(
            figure_table(own, _SHOWN, own=own_method(evaluation), caption=title_of(evaluation, group))
        )
    return "".join(parts)


def popularity(evaluation: Evaluation) -> str:
    """Show how much more popular the picks are than the seeds, and what the control does about it."""
    if not evaluation.find(scenario="top-50", measure="popularity_lift"):
        return ""
    parts = [
        "<h2>Popularity</h2><p>A recommender that only plays hits is accurate and dull. The lift is the mean "
        "popularity of the picks divided by that of the seeds: 1 means as popular as what you gave.</p>"
    ]
    where = (("top-50", group, ALL, "popularity_lift") for group in groups_of(evaluation))
    parts += [
        *(dots_of(evaluation, each) for each in where),
        sweep_plot(evaluation),
    ]
    return "".join(parts)


def calibration(evaluation: Evaluation) -> str:
    """Show whether picks with a higher ranking score are right more often."""
    if not evaluation.calibration:
        return ""
    rows = [
        [
            title_of(evaluation, entry.group),
            f"{entry.low:.3g} to {entry.high:.3g}",
            f"{entry.hit_rate:.2%}",
            f"{entry.count:,}",
        ]
        for entry in evaluation.calibration
    ]
    table = plain_table(["Group", "Ranking score", "Right", "Picks"], rows)
    return (
        "<h2>Does it know when it is right?</h2><p>All picks, ordered by the score that the ranker gave "
        "them, and cut so that each part is half of what is left. A ranker that knows its job climbs.</p>"
        f"<figure>{calibration_plot(evaluation)}</figure>"
        f"<details><summary>The numbers</summary>{table}</details>"
    )


def challenge(evaluation: Evaluation) -> str:
    """Give the scenarios of the RecSys Challenge 2018."""
    names = [
        name
        for name in evaluation.values("scenario")
        if name in evaluation.about["scenarios"] and name.startswith(("title", "first"))
    ]
    if not names:
        return ""
    parts = [
        "<h2>The scenarios of the RecSys Challenge 2018</h2><p>No method here reads titles; where a title is "
        "given it only decides which lists take part. With the title alone, methods fall back on popularity, "
        "and those that cannot are absent.</p>"
    ]
    for group in groups_of(evaluation):
        rows = [row for name in names if (row := _challenge_row(evaluation, name, group))]
        header = ["NDCG@500", "Lists", *evaluation.methods]
        parts.append(plain_table(header, rows, caption=title_of(evaluation, group)))
    return "".join(parts)


def _challenge_row(evaluation: Evaluation, name: str, group: str) -> list[str]:
    figures = evaluation.find(scenario=name, group=group, part=ALL, measure="ndcg")
    if not figures:
        return []
    by_method = {figure.method: f"{figure.value.mean:.3f}" for figure in figures}
    cells = [by_method.get(method, "–") for method in evaluation.methods]
    return [evaluation.about["scenarios"][name], str(figures[0].value.count), *cells]


def glossary(evaluation: Evaluation) -> str:
    """Explain each method and each measure that the page uses."""
    used = [name for name in MEASURES if evaluation.find(measure=name)]
    entries = "".join(
        f"<dt>{escape(MEASURES[name].title)}</dt><dd>{escape(MEASURES[name].about)}"
        f"{' Lower is better.' if MEASURES[name].lower_is_better else ''}</dd>"
        for name in used
    )
    methods = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(METHODS[name])}</dd>"
        for name in evaluation.methods
        if name in METHODS
    )
    others = f"<h2>The other methods</h2><dl>{methods}</dl>" if methods else ""
    return f"{others}<h2>The measures</h2><dl>{entries}</dl>"


def _verdict(evaluation: Evaluation, scenario: str, group: str) -> str:
    """Say whether our own beats every other method on NDCG with an interval that excludes zero."""
    found = find_verdict(evaluation, scenario, group)
    if found is None:
        return ""
    if found.unbeaten:
        return f'<p class="bad">On NDCG not surely better than: {escape(", ".join(found.unbeaten))}.</p>'
    return f'<p class="good">On NDCG surely better than each of the {found.n_others} others.</p>'


def _differences(evaluation: Evaluation, scenario: str, group: str) -> str:
    found = evaluation.find_differences(scenario=scenario, group=group, part=ALL)
    if not found:
        return ""
    rows = []
    for other in dict.fromkeys(figure.against for figure in found):
        by_measure = {figure.measure: figure for figure in found if figure.against == other}
        rows.append([other, *(signed(by_measure[measure]) for measure in HEADLINE)])
    header = ["Compared with", *(MEASURES[measure].title for measure in HEADLINE)]
    caption = f"{own_method(evaluation)} minus each other method, on the same lists, with 95\u202f% intervals"
    return f"<details><summary>Differences</summary>{plain_table(header, rows, caption=caption)}</details>"


def _seed_table(evaluation: Evaluation, group: str) -> str:
    """Say for each number of seeds whether our own is surely better than the best other method."""
    rows = []
    for name in seed_scenarios(evaluation):
        found = find_verdict(evaluation, name, group)
        if found is not None:
            lists = f"{found.own.value.count:,}"
            rows.append([name.removeprefix("seeds-"), lists, *_against_best(found), _words(found)])
    if not rows:
        return ""
    header = ["Seeds", "Lists", own_method(evaluation), "Best other", "Its NDCG", "Difference", ""]
    caption = f"NDCG@500 beside the best other method: {title_of(evaluation, group)}"
    return plain_table(header, rows, caption=caption)


def _against_best(found: Verdict) -> tuple[str, str, str, str]:
    own, rival = (f"{figure.value.mean:.3f}" for figure in (found.own, found.rival))
    return own, found.rival.method, rival, signed(found.difference)


def _words(found: Verdict) -> str:
    return {
        "better": "surely better",
        "even": "no sure difference",
        "worse": "surely worse",
        "unknown": "too few lists to tell",
    }[found.outcome]


def _new_songs(evaluation: Evaluation, scenario: str, group: str) -> str:
    """Say how much better our own finds songs that no training list holds."""
    found = find_verdict(evaluation, scenario, group, measure="recall_1000", part="occurs 0")
    if found is None or found.ratio is None:
        return ""
    kind = {"better": "good", "worse": "bad"}.get(found.outcome, "")
    return (
        f'<p class="{kind}">Of hidden songs that no training list holds, {escape(found.own.method)} finds '
        f"{found.own.value.mean:.1%} among its first 1,000 picks: {found.ratio:.1f} times what the best "
        f"other method finds, {escape(found.rival.method)}. The difference is {signed(found.difference)}, "
        f"over the {found.own.value.count:,} playlists that hold such songs.</p>"
    )
