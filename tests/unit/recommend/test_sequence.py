"""The playing order: a permutation that starts where it should and is shorter than chance."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from segue.features import AUDIO_NAMES
from segue.recommend.order import jump_costs, order_smoothly


def _tracks(rng: np.random.Generator, n: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    audio = rng.random((n, 13)).astype(np.float32)
    audio[:, AUDIO_NAMES.index("tempo")] = rng.uniform(70, 180, n)
    audio[:, AUDIO_NAMES.index("key")] = rng.integers(0, 12, n)
    audio[:, AUDIO_NAMES.index("mode")] = rng.integers(0, 2, n)
    return audio


def test_costs_are_symmetric_and_half_time_is_near() -> None:
    audio = np.full((3, 13), 0.5, np.float32)
    audio[:, AUDIO_NAMES.index("tempo")] = (60, 120, 85)
    audio[:, AUDIO_NAMES.index("key")] = 0
    costs = jump_costs(audio)
    assert np.array_equal(costs, costs.T)
    assert costs[0, 1] < costs[0, 2]


def test_a_minor_key_is_at_its_relative_major() -> None:
    audio = np.full((3, 13), 0.5, np.float32)
    audio[:, AUDIO_NAMES.index("tempo")] = 100
    audio[:, AUDIO_NAMES.index("key")] = (0, 9, 6)  # C major, A minor, F sharp minor
    audio[:, AUDIO_NAMES.index("mode")] = (1, 0, 0)
    costs = jump_costs(audio)
    assert costs[0, 1] == 0
    assert costs[0, 2] > 0.4


@settings(max_examples=min(25, settings().max_examples), deadline=None)
@given(st.integers(1, 30), st.integers(0, 1000))
def test_any_list_becomes_a_permutation_from_its_first(n: int, number: int) -> None:
    rng = np.random.default_rng(number)
    audio = _tracks(rng, n)
    audio[rng.random(audio.shape) < 0.1] = np.nan
    first = int(rng.integers(n))
    path = order_smoothly(audio, first=first)
    assert path[0] == first
    assert sorted(path.tolist()) == list(range(n))


def test_the_order_is_far_shorter_than_a_shuffled_one(rng: np.random.Generator) -> None:
    audio = _tracks(rng, 50)
    costs = jump_costs(audio)
    path = order_smoothly(audio, first=0)
    shuffled = np.mean([costs[p[:-1], p[1:]].mean() for p in (rng.permutation(50) for _ in range(50))])
    assert costs[path[:-1], path[1:]].mean() < 0.5 * shuffled


def test_no_single_reversal_or_move_makes_it_shorter(rng: np.random.Generator) -> None:
    costs = jump_costs(_tracks(rng, 12))
    path = order_smoothly(_tracks(np.random.default_rng(20_261_124), 12), first=3)
    length = costs[path[:-1], path[1:]].sum()
    for i in range(1, 12):
        for j in range(i + 1, 13):
            other = np.concatenate([path[:i], path[i:j][::-1], path[j:]])
            assert costs[other[:-1], other[1:]].sum() >= length - 1e-4
