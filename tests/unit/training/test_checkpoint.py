"""Work in progress comes back as it was saved, and only to the run that saved it."""

from pathlib import Path

import keras
import numpy as np
import pytest

from segue.training.checkpoint import Checkpoints
from segue.training.retrieval import FitState

SETTINGS = {"rng": 0, "steps": 10}


@pytest.fixture
def state() -> FitState:
    return FitState(7, 1.25, [np.ones((2, 3), np.float32), np.float32(2)], [np.arange(3), np.zeros(2)])


def variables() -> list[keras.Variable]:
    return [keras.Variable(np.zeros((2, 3), np.float32)), keras.Variable(np.float32(0))]


def test_a_fit_comes_back_and_sets_the_variables(tmp_path: Path, state: FitState) -> None:
    Checkpoints(tmp_path, SETTINGS).save("towers, all lists", state)
    own = variables()
    found = Checkpoints(tmp_path, SETTINGS).load("towers, all lists", own)
    assert found is not None
    assert (found.step, found.loss) == (7, 1.25)
    for saved, back in ((state.variables, found.variables), (state.slots, found.slots)):
        assert len(saved) == len(back)
        assert all(np.array_equal(one, other) for one, other in zip(saved, back, strict=True))
    assert np.array_equal(keras.ops.convert_to_numpy(own[0]), np.ones((2, 3)))
    assert float(own[1]) == 2


def test_the_newest_replaces_and_leaves_no_draft(tmp_path: Path, state: FitState) -> None:
    checkpoints = Checkpoints(tmp_path, SETTINGS)
    checkpoints.save("towers", state)
    checkpoints.save("towers", FitState(9, 0.5, state.variables, state.slots))
    found = checkpoints.load("towers", variables())
    assert found is not None
    assert found.step == 9
    assert [path.name for path in tmp_path.rglob("*.npz")] == ["towers.npz"]


def test_other_settings_and_other_stages_find_nothing(tmp_path: Path, state: FitState) -> None:
    checkpoints = Checkpoints(tmp_path, SETTINGS)
    checkpoints.save("towers", state)
    checkpoints.save_bytes("ranker.onnx", b"graph")
    other = Checkpoints(tmp_path, {**SETTINGS, "rng": 1})
    assert other.load("towers", variables()) is None
    assert other.load_bytes("ranker.onnx") is None
    assert checkpoints.load("towers, all lists", variables()) is None


def test_pieces_come_back_until_all_is_cleared(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path / "work", SETTINGS)
    assert checkpoints.load_bytes("ranker.onnx") is None
    checkpoints.save_bytes("ranker.onnx", b"graph")
    # The order in which settings are written does not matter.
    assert (
        Checkpoints(tmp_path / "work", dict(reversed(SETTINGS.items()))).load_bytes("ranker.onnx") == b"graph"
    )
    checkpoints.clear()
    checkpoints.clear()
    assert list(tmp_path.iterdir()) == []
