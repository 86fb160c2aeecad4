"""A whole run over files: catalogue, lists, baselines, and a model behind its protocol."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from planted_lists import (
    N_TRACKS,
    SIZE,
    make_leaky_catalogue,
    make_planted_catalogue,
    write_planted_lists,
)
from segue.catalogue.store import Catalogue
from segue.controls import Controls
from segue.corpus.scenarios import find_scenarios
from segue.corpus.splits import part_of
from segue.errors import InputError
from segue.evaluation.dataset import Source
from segue.evaluation.figures import Evaluation
from segue.evaluation.report.markdown import render_markdown
from segue.evaluation.session import Model, Request, evaluate
from segue.recommend.flow import Picks
from segue.text.song_keys import hash64

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class ClusterRecommender:
    """Knows the clusters: it gives the rest of the seeds' cluster first, then all else, by row.

    `held` is how many of its picks are of the cluster, so that a weaker one can be made.
    """

    def __init__(self, path: Path, held: int = SIZE) -> None:
        self.catalogue = Catalogue.open(path)
        self.held = held
        self.asked: list[Controls] = []

    def pick_many(
        self, lists: Sequence[Sequence[str]], n: int = 50, controls: Controls | None = None
    ) -> list[Picks]:
        self.asked.append(controls or Controls())
        return [in_order(self._rows(self.catalogue.find_rows(seeds))[:n]) for seeds in lists]

    def _rows(self, seeds: NDArray[np.int64]) -> NDArray[np.int64]:
        rows = np.setdiff1d(np.arange(N_TRACKS), seeds)
        own = rows // SIZE == seeds[0] // SIZE
        return np.concatenate([rows[own][: self.held], rows[~own]])


def in_order(rows: NDArray[np.int64]) -> Picks:
    scores = np.arange(len(rows), 0, -1, dtype=np.float32)
    return Picks(rows, scores, scores)


@contextmanager
def open_cluster(path: Path) -> Iterator[ClusterRecommender]:
    recommender = ClusterRecommender(path)
    yield recommender
    recommender.catalogue.close()


MODEL = Model("segue test", None, open_cluster)


@pytest.fixture(scope="module")
def request_(tmp_path_factory: pytest.TempPathFactory) -> Request:
    folder = tmp_path_factory.mktemp("session")
    source = Source(
        make_planted_catalogue(folder / "catalogue.sqlite"),
        write_planted_lists(folder / "lists.csv"),
        folder / "copies",
    )
    scenarios = find_scenarios(("half", "seeds-1", "seeds-5", "title"))
    return Request(source, scenarios, ("random", "popularity", "same-artist"), MODEL)


@pytest.fixture(scope="module")
def found(request_: Request) -> Evaluation:
    stages: list[str] = []
    result = evaluate(request_, progress=lambda what, *_: stages.append(what), clock=lambda: NOON)
    assert any("same-artist" in stage for stage in stages)
    return result


def mean(found: Evaluation, method: str, measure: str, **where: str) -> float:
    wanted = {"scenario": "half", "group": "other", "part": "all", **where}
    (figure,) = found.find(method=method, measure=measure, **wanted)
    return figure.value.mean


def test_only_the_test_part_is_measured(found: Evaluation) -> None:
    tests = [number for number in range(120) if part_of(f"list-{number}") == "test"]
    assert found.about["lists"] == {
        "mpd": sum(number % 3 == 0 for number in tests),
        "other": sum(number % 3 != 0 for number in tests),
    }
    assert found.about["training_lists"] == 120 - len(tests)
    assert found.about["date"] == "2026-11-24"


def test_figures_are_what_they_must_be(found: Evaluation) -> None:
    # 12 seeds of a cluster of 60: the model's first 48 picks hold all 12 held-out tracks.
    assert mean(found, "segue test", "recall_50") == 1
    assert mean(found, "segue test", "clicks") < 2
    assert mean(found, "random", "recall_50") < 0.5
    assert mean(found, "segue test", "recall_1000") == 1


def test_differences_are_paired_and_in_every_scenario(found: Evaluation) -> None:
    figures = found.find_differences(against="random", measure="ndcg", group="other", part="all")
    assert {figure.scenario for figure in figures} == {"half", "seeds-1", "seeds-5"}
    assert all(figure.value.low > 0 for figure in figures)
    half = next(figure for figure in figures if figure.scenario == "half")
    expected = mean(found, "segue test", "ndcg") - mean(found, "random", "ndcg")
    assert half.value.mean == pytest.approx(expected)


def test_differences_also_for_songs_of_each_kind(found: Evaluation) -> None:
    (figure,) = found.find_differences(
        against="random", measure="recall_500", part="occurs 5+", scenario="half", group="other"
    )
    own, other = (
        mean(found, name, "recall_500", part="occurs 5+") for name in (figure.method, figure.against)
    )
    assert figure.value.mean == pytest.approx(own - other)


def test_the_head_of_a_ranking_is_the_list_as_shown(request_: Request, found: Evaluation) -> None:
    # Without the scenario "half" there is nothing to take the list from, so every method is asked.
    request = replace(request_, scenarios=find_scenarios(("seeds-5",)))
    asked = evaluate(request, progress=lambda *_: None)
    for method in found.methods:
        first, again = (each.find(scenario="top-50", method=method) for each in (found, asked))
        assert first == again


def test_what_a_model_cannot_answer_is_said(found: Evaluation) -> None:
    assert "title: not supported by segue test." in found.notes
    assert found.find(scenario="title", method="popularity")


def test_bands_the_list_as_shown_and_calibration(found: Evaluation) -> None:
    assert mean(found, "segue test", "recall_1000", part="occurs 5+") == 1
    assert mean(found, "segue test", "repeated_versions", scenario="top-50") == 0
    assert {figure.scenario for figure in found.figures} >= {"adventurousness-0", "adventurousness-1"}
    rates = [entry.hit_rate for entry in found.calibration if entry.group == "other"]
    assert rates[-1] > rates[0]


def test_the_model_is_asked_for_its_plain_ranking(request_: Request) -> None:
    seen: list[ClusterRecommender] = []

    @contextmanager
    def spy(path: Path) -> Iterator[ClusterRecommender]:
        with open_cluster(path) as recommender:
            seen.append(recommender)
            yield recommender

    request = replace(request_, model=replace(MODEL, open=spy), scenarios=request_.scenarios[:1], shown=False)
    evaluate(request, progress=lambda *_: None)
    (recommender,) = seen
    assert {(c.order, c.max_per_artist, c.one_version) for c in recommender.asked} == {("score", None, False)}


def test_the_model_sees_the_filled_copy(request_: Request) -> None:
    with Catalogue.open(request_.source.catalogue) as original:
        assert np.isnan(original.load_columns().year).any()
    (path,) = request_.source.folder.glob("filled-*.sqlite")
    with Catalogue.open(path) as copy:
        assert not np.isnan(copy.load_columns().year).any()


def test_lists_that_the_model_was_trained_on_are_left_out(request_: Request) -> None:
    tests = [f"list-{number}" for number in range(120) if part_of(f"list-{number}") == "test"]
    hashes = np.sort(np.array([hash64(name) for name in tests], dtype=np.uint64))
    model = replace(MODEL, trained=hashes[:5])
    request = replace(request_, model=model, scenarios=request_.scenarios[:1], shown=False)
    result = evaluate(request, progress=lambda *_: None)
    assert sum(result.about["lists"].values()) == len(tests) - 5
    assert result.notes[0] == f"5 of {len(tests)} lists were left out: the model was trained on them."
    with pytest.raises(InputError, match="were used to train this model"):
        evaluate(replace(request, model=replace(MODEL, trained=hashes)), progress=lambda *_: None)


def test_a_limit(request_: Request) -> None:
    source = replace(request_.source, limit=4)
    request = replace(request_, source=source, scenarios=request_.scenarios[:1], model=None, shown=False)
    result = evaluate(request, progress=lambda *_: None)
    assert sum(result.about["lists"].values()) == 4
    assert "Only 4 of" in result.notes[0]


def test_nothing_to_measure(request_: Request, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to measure"):
        evaluate(replace(request_, model=None, baselines=()), progress=lambda *_: None)
    short = write_planted_lists(tmp_path / "short.csv", n_lists=30, length=12)
    source = replace(request_.source, playlists=short)
    with pytest.raises(InputError, match="no list to measure in the test part"):
        evaluate(replace(request_, source=source), progress=lambda *_: None)


class GapReader(ClusterRecommender):
    """Gives first what has its gaps where the first seed has them, at random among those."""

    def _rows(self, seeds: NDArray[np.int64]) -> NDArray[np.int64]:
        gaps = np.isnan(self.catalogue.load_columns().audio)
        unlike = (gaps != gaps[seeds[0]]).sum(axis=1) + np.random.default_rng(seeds).random(N_TRACKS) / 2
        rows = np.argsort(unlike)
        return rows[~np.isin(rows, seeds)]


@contextmanager
def open_gap_reader(path: Path) -> Iterator[GapReader]:
    reader = GapReader(path)
    yield reader
    reader.catalogue.close()


def test_reading_gaps_pays_on_the_raw_catalogue_and_on_no_other(request_: Request, tmp_path: Path) -> None:
    leaky = make_leaky_catalogue(tmp_path / "leaky.sqlite")
    found = {}
    for gaps in ("raw", "filled", "shuffled"):
        source = replace(request_.source, catalogue=leaky, gaps=gaps)
        model = replace(MODEL, open=open_gap_reader)
        request = replace(
            request_, source=source, model=model, baselines=("random",), shown=False,
            scenarios=request_.scenarios[:1],
        )  # fmt: skip
        result = evaluate(request, progress=lambda *_: None)
        (found[gaps],) = result.find_differences(group="other", measure="recall_50", part="all")
    assert found["raw"].value.low > 0.1
    assert abs(found["filled"].value.mean) < 0.08
    assert abs(found["shuffled"].value.mean) < 0.08


def render_page(found: Evaluation) -> str:
    pytest.importorskip("matplotlib")
    from segue.evaluation.report.page import render_page

    return render_page(found)


class TestReport:
    def test_the_page_holds_its_parts_and_loads_nothing(self, found: Evaluation) -> None:
        page = render_page(found)
        for heading in (
            "How good are the recommendations?", "Accuracy", "With more seeds, or fewer",
            "Known songs and new ones", "The list as shown", "Popularity", "Does it know when it is right?",
            "The measures", "What these figures do not show",
        ):  # fmt: skip
            assert heading in page
        assert "http" not in page
        assert "<script" not in page
        assert "nan" not in page.replace("finance", "")
        assert page.count("<svg") == page.count("</svg>") >= 8

    def test_the_page_says_how_the_model_stands(self, found: Evaluation) -> None:
        page = render_page(found)
        assert "surely better" in page
        assert "NDCG@500 beside the best other method" in page

    def test_names_are_escaped(self, found: Evaluation) -> None:
        figures = tuple(
            replace(figure, method="<b>x</b>") if figure.method == "segue test" else figure
            for figure in found.figures
        )
        about = {**found.about, "model": "<b>x</b>", "catalogue": "<i>.sqlite"}
        page = render_page(replace(found, figures=figures, about=about, notes=("<u>",)))
        assert "<b>x" not in page
        assert "<i>." not in page
        assert "<u>" not in page

    def test_a_page_without_a_model(self, found: Evaluation) -> None:
        figures = tuple(
            figure for figure in found.figures if figure.method == "random" and not figure.against
        )
        page = render_page(
            replace(
                found,
                figures=figures,
                calibration=(),
                methods=("random",),
                about={**found.about, "model": None},
            )
        )
        assert "Accuracy" in page
        assert "surely better" not in page

    def test_the_same_figures_give_the_same_page(self, found: Evaluation) -> None:
        assert render_page(found) == render_page(found)

    def test_raw_gaps_are_marked(self, found: Evaluation) -> None:
        page = render_page(replace(found, about={**found.about, "gaps": "raw"}))
        assert "they are not honest ones" in page

    def test_json_is_flat(self, found: Evaluation, tmp_path: Path) -> None:
        import json

        pytest.importorskip("matplotlib")
        from segue.evaluation.report.page import write_report

        page, data = write_report(found, tmp_path / "out")
        assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
        figures = json.loads(data.read_text(encoding="utf-8"))["figures"]
        assert {"scenario", "group", "part", "method", "measure", "mean", "low", "high", "count"} == set(
            figures[0]
        )
        assert any(figure.get("against") == "random" for figure in figures)


class TestMarkdown:
    def test_every_table_is_whole(self, found: Evaluation) -> None:
        text = render_markdown(found)
        for block in text.strip().split("\n\n"):
            if block.startswith("|"):
                widths = {line.count("|") for line in block.splitlines()}
                assert len(widths) == 1, block
        for heading in ("NDCG@500: seeds", "recall@1000 of songs", "the 50 shown", "adventurousness"):
            assert heading in text
        assert "**segue test**" in text
        assert "nan" not in text

    def test_figures_stand_with_their_intervals(self, found: Evaluation) -> None:
        (figure,) = found.find(scenario="half", group="other", part="all", method="random", measure="ndcg")
        value = figure.value
        assert f"{value.mean:.3f} ({value.low:.3f}–{value.high:.3f})" in render_markdown(found)

    def test_a_run_with_little(self, found: Evaluation) -> None:
        few = tuple(each for each in found.figures if each.method == "random" and each.scenario == "half")
        about = {**found.about, "model": None}
        text = render_markdown(replace(found, figures=few, methods=("random",), about=about))
        assert "random" in text
        assert "best other" not in text
