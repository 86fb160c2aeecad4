"""Questions, measures and trees of the ranker, on answers worked out by hand."""

import numpy as np
import pytest

from made_tables import make_tables
from segue.training.ranker_network import Pairs
from segue.training.ranking import FEW_SEEDS, MAX_SEEDS, ask, fit_trees, gather_pairs, measure


def planted(questions: int = 40, size: int = 12) -> Pairs:
    """Pairs whose first feature alone tells what follows; the second is noise."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=(questions * size, 2)).astype(np.float32)
    labels = (values[:, 0] > 0.5).astype(np.float32)
    return Pairs(["signal", "noise"], values, labels, np.full(questions, size))


def test_a_list_is_asked_about_by_halves_and_every_third_with_few_seeds() -> None:
    lists = [np.arange(20) + 100 * number for number in range(4)]
    questions = ask(lists, np.random.default_rng(0), halves=2)
    counts = [len(each.seeds) for each in questions]
    assert len(questions) == 4 * 2 + 2
    assert [count for count in counts if count == 10 or count in FEW_SEEDS] == counts
    for each in questions:
        together = np.sort(np.concatenate([each.seeds, each.continuation]))
        assert any(np.array_equal(together, own) for own in lists)


def test_long_lists_give_a_hundred_seeds_and_single_tracks_none() -> None:
    (long,) = ask([np.array([1]), np.arange(500)], np.random.default_rng(0), halves=1)
    assert len(long.seeds) == MAX_SEEDS
    assert len(long.continuation) == 400


def test_measures_by_hand() -> None:
    pairs = Pairs(
        ["a"], np.zeros((6, 1), np.float32), np.array([1, 0, 0, 0, 1, 0], np.float32), np.array([3, 3])
    )
    figures = measure(np.array([3, 2, 1, 3, 2, 1], np.float32), pairs)
    # The first question has its answer on top, the second in second position.
    assert figures["ndcg"] == pytest.approx((1 + 1 / np.log2(3)) / 2)
    assert figures["rmse_of_the_mean"] == pytest.approx(np.sqrt(2) / 3)
    assert figures["rmse"] <= figures["rmse_of_the_mean"]


def test_scores_that_say_nothing_are_calibrated_to_the_mean() -> None:
    pairs = planted()
    figures = measure(np.zeros(len(pairs.labels), np.float32), pairs)
    share = float(pairs.labels.mean())
    entropy = -share * np.log(share) - (1 - share) * np.log(1 - share)
    assert figures["loss"] == pytest.approx(entropy, rel=1e-3)
    assert figures["rmse"] == pytest.approx(figures["rmse_of_the_mean"], rel=1e-3)


def test_trees_find_the_feature_that_tells_and_are_repeatable() -> None:
    pairs = planted(questions=120)
    trees, again = (fit_trees(pairs, rng=0, rounds=12) for _ in range(2))
    assert measure(trees.predict(pairs.values), pairs)["ndcg"] > 0.95
    assert np.array_equal(trees.predict(pairs.values), again.predict(pairs.values))
    signal, noise = trees.feature_importance("gain")
    assert signal > 10 * noise


def test_pairs_are_what_retrieval_gives_and_never_a_seed() -> None:
    tables = make_tables()
    questions = ask([np.arange(12)], np.random.default_rng(0), halves=1)
    done: list[tuple[int, int]] = []
    pairs = gather_pairs(
        tables, questions, tables.embeddings[:2], n_candidates=12, rng=np.random.default_rng(0),
        progress=lambda *step: done.append(step),
    )  # fmt: skip
    assert done == [(1, 2), (2, 2)]
    assert pairs.sizes.tolist() == [12 - len(each.seeds) for each in questions]
    assert pairs.values.shape == (pairs.sizes.sum(), len(pairs.names))
    assert pairs.labels.all()  # whatever is no seed follows here
