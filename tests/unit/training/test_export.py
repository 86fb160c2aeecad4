"""What ONNX Runtime computes from an exported graph is what was trained."""

import io

import numpy as np
import onnxruntime
import pytest

from segue.training.export import _round_down, export_ranker, to_npy
from segue.training.ranker_network import Network, Pairs
from segue.training.ranking import fit_trees


def test_the_ranker_is_the_scaled_sum_of_trees_and_network() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(1_200, 4)).astype(np.float32)
    pairs = Pairs(list("abcd"), values, (values[:, 1] > 0.3).astype(np.float32), np.full(60, 20))
    trees, network = fit_trees(pairs, rng=0, rounds=5), Network(values, rng=0)
    graph = export_ranker(trees, network.model, 4, (0.5, 2.0))
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    for size in (1, 300):  # the number of candidates is free
        (scores,) = session.run(["scores"], {"pairs": values[:size]})
        expected = trees.predict(values[:size]) * 0.5 + network.score(values[:size]) * 2
        assert scores.shape == (size,)
        assert np.allclose(scores, expected, atol=1e-4)


@pytest.mark.parametrize("threshold", [0.1, -0.1, 1 / 3, 0.5, 1e-35])
def test_a_threshold_never_moves_up(threshold: float) -> None:
    single = _round_down(threshold)
    assert single <= threshold
    assert float(np.nextafter(np.float32(single), np.float32(np.inf))) > threshold


def test_arrays_go_through_npy() -> None:
    values = np.array([[1, 2], [3, 4]], np.uint64)
    assert np.array_equal(np.load(io.BytesIO(to_npy(values))), values)
