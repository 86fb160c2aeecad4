"""The layers of the towers, each beside numbers worked out by hand."""

from typing import Any

import jax
import keras
import numpy as np
import pytest
from keras import ops
from numpy.typing import NDArray

from segue.features import AUDIO_NAMES
from segue.recommend.track_arrays import SOUND
from segue.training.towers import (
    KEY,
    AudioFeatures,
    CandidateTower,
    Lookup,
    QueryTower,
    TowerShape,
    YearFeatures,
    unit,
)

SMALL = TowerShape(dimensions=6, hidden=8, artists=3, tracks=4, songs=2, artist_size=5, track_size=7)


def numbers(tensor: Any) -> NDArray[np.float32]:
    return np.asarray(ops.convert_to_numpy(tensor))


@pytest.fixture
def layer() -> AudioFeatures:
    """Knots at 0, 1 and 2 for every feature, with scores -1, 0 and 3."""
    knots = np.tile(np.array([0, 1, 2], np.float32), (len(SOUND), 1))
    return AudioFeatures(knots, np.array([-1, 0, 3], np.float32), bins=2, waves=1)


def test_a_value_between_knots_is_interpolated(layer: AudioFeatures) -> None:
    audio = np.full((4, 13), 1.5, np.float32)
    audio[1], audio[2], audio[3] = np.nan, 99, -99
    score, quantile = map(numbers, layer.measure(audio))
    assert np.allclose(score, np.array([[1.5], [0], [3], [-1]]))
    assert np.allclose(quantile, np.array([[0.75], [0.5], [1], [0]]))


def test_the_code_of_a_track(layer: AudioFeatures) -> None:
    audio = np.full((2, 13), 1.5, np.float32)
    audio[0, KEY], audio[1, KEY] = 11, np.nan
    audio[1, AUDIO_NAMES.index("mode")] = 1
    code = numbers(layer(audio))
    width = len(SOUND)
    assert code.shape == (2, layer.size)
    assert np.allclose(code[0, :width], 1.5)
    assert np.allclose(code[0, width : 3 * width].reshape(width, 2), [1, 0.5])  # a stair of two steps
    assert np.allclose(code[0, 3 * width : 4 * width], np.sin(2 * np.pi * 2 * 0.75), atol=1e-6)
    key = code[:, 5 * width : 5 * width + 12]
    assert key.argmax(axis=1)[0] == 11
    assert key.sum(axis=1).tolist() == [1, 0]  # a key that is missing is all zero
    assert code[:, 5 * width + 12 : 5 * width + 14].tolist() == [[0, 0], [0, 1]]  # a mode of 1.5 is none


def test_years_are_scaled_and_a_missing_one_is_zero() -> None:
    code = numbers(YearFeatures()(np.array([1995, 2010, np.nan, 1800, 2100], np.float32)))
    assert code.shape == (5, YearFeatures.size)
    assert np.allclose(code[:3, 0], [0, 1, 0])
    assert not code[2].any()
    assert code[[0, 1, 3, 4], 1:].argmax(axis=1).tolist() == [7, 9, 0, 10]


def test_row_0_of_a_lookup_is_unknown_whatever_is_learned() -> None:
    lookup = Lookup(2, 3)
    lookup.table.assign(np.arange(9, dtype=np.float32).reshape(3, 3))
    assert numbers(lookup(np.array([0, 1, 2]))).tolist() == [[0, 0, 0], [30, 40, 50], [60, 70, 80]]


def test_unit_keeps_the_direction() -> None:
    assert np.allclose(numbers(unit(np.array([[3, 4]], np.float32))), [[0.6, 0.8]], atol=1e-4)
    assert np.allclose(numbers(unit(np.zeros((1, 2), np.float32))), 0)


@pytest.fixture
def tower() -> CandidateTower:
    keras.utils.set_random_seed(0)
    return CandidateTower(SMALL)


def inputs(artist: int) -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng(0)
    return {
        "sound": rng.random((5, 9)).astype(np.float32),
        "era": np.zeros((5, 12), np.float32),
        "profile": np.zeros((5, 11), np.float32),
        "artist": np.full(5, artist, np.int32),
        "track": np.zeros(5, np.int32),
        "song": np.zeros(5, np.int32),
    }


def test_a_candidate_has_a_hidden_state_an_embedding_and_a_bias(tower: CandidateTower) -> None:
    hidden, embedding, bias = map(numbers, tower(inputs(0)))
    assert (hidden.shape, embedding.shape, bias.shape) == ((5, 8), (5, 6), (5,))
    assert np.allclose(np.linalg.norm(embedding, axis=1), 1, atol=1e-3)


def test_an_artist_that_was_never_trained_is_as_an_unknown_one(tower: CandidateTower) -> None:
    unknown, known = numbers(tower(inputs(0))[1]), numbers(tower(inputs(2))[1])
    assert np.array_equal(unknown, known)
    tower.artist.table.assign(np.ones(tower.artist.table.shape, np.float32))
    assert np.array_equal(unknown, numbers(tower(inputs(0))[1]))
    assert not np.allclose(unknown, numbers(tower(inputs(2))[1]), atol=1e-3)


def test_audio_alone_has_no_tables() -> None:
    shape = TowerShape(dimensions=6, hidden=8)
    tower = CandidateTower(shape)
    tower({"sound": np.zeros((2, 9), np.float32)})
    assert shape.audio_only
    assert not SMALL.audio_only
    assert not any("table" in each.path for each in tower.variables)


def test_seeds_are_a_set_and_padding_is_not_heard() -> None:
    keras.utils.set_random_seed(0)
    tower, rng = QueryTower(SMALL), np.random.default_rng(0)
    hidden, embedding = (rng.random((1, 4, size)).astype(np.float32) for size in (8, 6))
    mask = np.array([[1, 1, 1, 0]], np.float32)
    tower(hidden, embedding, mask)  # makes the weights
    run = jax.jit(tower)
    query = numbers(run(hidden, embedding, mask))
    assert query.shape == (1, 6)
    assert np.linalg.norm(query) == pytest.approx(1, abs=1e-3)
    turned = [2, 0, 1, 3]
    assert np.allclose(numbers(run(hidden[:, turned], embedding[:, turned], mask)), query, atol=1e-5)
    hidden[:, 3], embedding[:, 3] = 99, 99
    assert np.allclose(numbers(run(hidden, embedding, mask)), query, atol=1e-5)
    assert np.allclose(numbers(run(hidden[:, :3], embedding[:, :3], mask[:, :3])), query, atol=1e-5)
