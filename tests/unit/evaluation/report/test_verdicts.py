"""Whether the model beats the others is read off the paired differences."""

import pytest

from segue.evaluation.baselines import BASELINE_NAMES
from segue.evaluation.figures import Evaluation, Figure
from segue.evaluation.measures.intervals import Interval
from segue.evaluation.report.labels import METHODS
from segue.evaluation.report.verdicts import find_verdict, seed_scenarios

MODEL, BEST, OTHER = "segue test", "als", "random"


def figure(method: str, mean: float, *, measure: str = "ndcg", **beside: str) -> Figure:
    return Figure("half", "mpd", beside.get("part", "all"), method, measure, Interval(mean, mean, mean, 10))


def difference(against: str, low: float, high: float, *, measure: str = "ndcg", count: int = 10) -> Figure:
    value = Interval((low + high) / 2, low, high, count)
    return Figure("half", "mpd", "all", MODEL, measure, value, against=against)


def run(*figures: Figure, model: str | None = MODEL) -> Evaluation:
    return Evaluation({"model": model}, figures)


def three(low: float, high: float) -> Evaluation:
    return run(
        figure(MODEL, 0.4), figure(BEST, 0.3), figure(OTHER, 0.1),
        difference(BEST, low, high), difference(OTHER, 0.2, 0.4),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "outcome", "unbeaten"),
    [(0.05, 0.15, "better", ()), (-0.01, 0.2, "even", (BEST,)), (-0.2, -0.1, "worse", (BEST,))],
)
def test_outcomes(low: float, high: float, outcome: str, unbeaten: tuple[str, ...]) -> None:
    found = find_verdict(three(low, high), "half", "mpd")
    assert found is not None
    assert (found.rival.method, found.outcome, found.unbeaten, found.n_others) == (BEST, outcome, unbeaten, 2)
    assert found.ratio == pytest.approx(4 / 3)


def test_fewer_clicks_are_better() -> None:
    clicks = run(
        figure(MODEL, 1, measure="clicks"), figure(BEST, 2, measure="clicks"),
        figure(OTHER, 50, measure="clicks"), difference(BEST, -2, -0.5, measure="clicks"),
    )  # fmt: skip
    found = find_verdict(clicks, "half", "mpd", measure="clicks")
    assert found is not None
    assert (found.rival.method, found.outcome, found.unbeaten) == (BEST, "better", ())


def test_few_lists_prove_nothing() -> None:
    found = find_verdict(
        run(figure(MODEL, 0.4), figure(BEST, 0.3), difference(BEST, 0.1, 0.1, count=9)), "half", "mpd"
    )
    assert found is not None
    assert (found.outcome, found.unbeaten) == ("unknown", (BEST,))


def test_every_baseline_is_explained() -> None:
    assert set(METHODS) == set(BASELINE_NAMES)


def test_a_rival_without_any_hit_has_no_ratio() -> None:
    found = find_verdict(run(figure(MODEL, 0.4), figure(BEST, 0), difference(BEST, 0.3, 0.5)), "half", "mpd")
    assert found is not None
    assert found.ratio is None


def test_none_where_there_is_nothing_to_compare() -> None:
    assert find_verdict(run(figure(MODEL, 0.4)), "half", "mpd") is None
    assert find_verdict(run(figure(BEST, 0.4), figure(OTHER, 0.1), model=None), "half", "mpd") is None
    assert find_verdict(three(0.1, 0.2), "half", "other") is None
    assert find_verdict(three(0.1, 0.2), "half", "mpd", part="occurs 0") is None


def test_seed_scenarios() -> None:
    few = Figure("seeds-5", "mpd", "all", MODEL, "ndcg", Interval(1, 1, 1, 1))
    assert seed_scenarios(run(figure(MODEL, 0.4), few)) == ["seeds-5"]
