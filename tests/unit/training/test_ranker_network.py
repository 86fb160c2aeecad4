"""The network of the ranker: features are standardised, padding is not learned from, a planted signal is."""

import numpy as np
import pytest
from keras import ops

from segue.training.ranker_network import Network, Pairs, Standardise, _pad
from segue.training.ranking import measure


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(400, 3)).astype(np.float32)
    labels = (values[:, 0] > 0.5).astype(np.float32)
    return Pairs(["signal", "noise", "more"], values, labels, np.full(40, 10))


def test_features_get_mean_0_deviation_1_and_bounds() -> None:
    values = np.array([[1, 7], [3, 7], [5, 7]], np.float32)
    layer = Standardise(values)
    scaled = np.asarray(ops.convert_to_numpy(layer(np.array([[3, 7], [1000, 7], [-1000, 7]], np.float32))))
    assert scaled.tolist() == [[0, 0], [5, 0], [-5, 0]]


def test_questions_are_padded_and_masked() -> None:
    some = Pairs(["a"], np.arange(5, dtype=np.float32)[:, None], np.ones(5, np.float32), np.array([2, 3]))
    values, labels, mask = _pad(some, np.array([0, 2, 5]), np.array([1, 0]))
    assert values[..., 0].tolist() == [[2, 3, 4], [0, 1, 0]]
    assert mask.tolist() == [[True, True, True], [True, True, False]]
    assert labels[1, 2] == 0


def test_a_planted_signal_is_learned_and_the_same_each_time(pairs: Pairs) -> None:
    scores = []
    for _ in range(2):
        network = Network(pairs.values, rng=0)
        network.fit(pairs, rng=0)
        scores.append(network.score(pairs.values))
    assert scores[0].shape == (400,)
    assert measure(scores[0], pairs)["ndcg"] > 0.9
    assert np.array_equal(scores[0], scores[1])
