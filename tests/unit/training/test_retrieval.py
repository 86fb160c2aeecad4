"""Fitting the towers: the loss of a batch by hand, what hiding hides, and a fit that is cut."""

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from segue.errors import TrainingError
from segue.recommend.track_arrays import SOUND
from segue.training import retrieval
from segue.training.examples import Sampler
from segue.training.retrieval import FitState, Schedule, Towers
from segue.training.towers import AudioFeatures, CandidateTower, QueryTower, TowerShape

Catalogue = dict[str, NDArray[Any]]
Lists = list[NDArray[np.int64]]

SHAPE = TowerShape(dimensions=6, hidden=8, artists=4, tracks=60, songs=2, artist_size=5, track_size=7)
SHOWN = Schedule(
    steps=6, warmup=2, hide_value=0.0, hide_year=0.0, hide_artist=0.0, hide_track=0.0, hide_song=0.0
)
HIDDEN = replace(SHOWN, hide_value=1.0, hide_year=1.0, hide_artist=1.0, hide_track=1.0, hide_song=1.0)


def make_towers(catalogue: Catalogue, shape: TowerShape = SHAPE) -> Towers:
    knots = np.tile(np.array([0, 0.5, 1], np.float32), (len(SOUND), 1))
    features = AudioFeatures(knots, np.array([-1, 0, 1], np.float32), bins=2, waves=1)
    keras.utils.set_random_seed(0)
    return Towers(features, CandidateTower(shape), QueryTower(shape), catalogue)


@pytest.fixture(scope="module")
def towers(catalogue: Catalogue) -> Towers:
    """Towers that no test changes."""
    return make_towers(catalogue)


def loss_of(towers: Towers, expected: dict[int, float]) -> float:
    """Return the loss of one list with positive 1 and negatives 2 (of the same list), 5 and 6.

    Towers whose every number is 0 give embeddings and biases of 0: what is left of a logit is the
    correction, minus the log of how often the track is expected (2, if not said).
    """
    sampler = Sampler([np.arange(5)], 60, 0, lists_per_batch=1, positives=1, negatives=3, max_seeds=2)
    rows = np.concatenate([np.zeros(sampler.seed_places, np.int32), np.array([1, 2, 5, 6], np.int32)])
    members = np.array([[True, True, False, False]])
    batch = (rows, np.zeros((1, 2), np.int32), np.array([[1, 0]], np.float32), members)
    variables = [jnp.zeros_like(each.value) for each in towers.variables]
    counts = np.full(60, 2, np.float32)
    for row, count in expected.items():
        counts[row] = count

    @jax.jit  # one step to compile, and not a hundred small ones
    def run(counts: Any, key: Any) -> Any:
        arrays = tuple(map(jnp.asarray, batch))
        return towers._loss(variables, sampler, SHOWN, counts, key, arrays)

    return float(run(counts, jax.random.PRNGKey(0)))


def test_a_positive_competes_with_the_negatives_and_with_no_track_of_its_own_list(towers: Towers) -> None:
    assert loss_of(towers, {}) == pytest.approx(np.log(3))
    assert loss_of(towers, {2: 0.001}) == pytest.approx(np.log(3))  # of the list: it is no negative


def test_a_track_that_is_drawn_less_often_weighs_more(towers: Towers) -> None:
    # (1/2 + 1 + 1/2) / (1/2), then (2 + 1/2 + 1/2) / 2
    assert loss_of(towers, {5: 1}) == pytest.approx(np.log(4))
    assert loss_of(towers, {1: 0.5}) == pytest.approx(np.log(1.5))


def hide(towers: Towers, schedule: Schedule) -> dict[str, NDArray[Any]]:
    hidden = towers._hide(towers._take(jnp.arange(60)), schedule, jax.random.PRNGKey(0))
    return {name: np.asarray(values) for name, values in hidden.items()}


def test_what_is_hidden_looks_like_a_gap(towers: Towers) -> None:
    hidden = hide(towers, HIDDEN)
    assert not hidden["score"].any()
    assert (hidden["quantile"] == 0.5).all()
    assert np.isnan(hidden["year"]).all()
    assert np.isnan(hidden["audio"][:, [2, 4, 12]]).all()  # key, mode and metre
    assert not any(hidden[name].any() for name in ("artist", "track", "song"))


def test_nothing_is_hidden_that_should_be_shown(towers: Towers, catalogue: Catalogue) -> None:
    shown = hide(towers, SHOWN)
    for name in ("audio", "year", "artist", "track", "song"):
        np.testing.assert_array_equal(shown[name], catalogue[name])


def test_a_song_is_hidden_only_with_its_track(towers: Towers) -> None:
    assert hide(towers, replace(SHOWN, hide_song=1.0))["song"].all()
    assert not hide(towers, replace(SHOWN, hide_track=1.0, hide_song=1.0))["song"].any()
    alone = hide(towers, replace(SHOWN, hide_track=1.0))
    assert not alone["track"].any()
    assert alone["song"].all()


def test_a_model_of_audio_alone_never_sees_who_a_track_is_by(catalogue: Catalogue) -> None:
    towers = make_towers(catalogue, replace(SHAPE, artists=0, tracks=0, songs=0))
    assert sorted(towers._take(jnp.arange(2))) == ["audio", "quantile", "score"]


def test_blocks_do_not_show_in_the_embeddings(towers: Towers, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, bias = towers.embed_catalogue()
    assert (whole.shape, bias.shape) == ((60, 6), (60,))
    assert np.allclose(np.linalg.norm(whole, axis=1), 1, atol=1e-5)
    monkeypatch.setattr(retrieval, "_EMBED_BATCH", 16)  # the last block is not full
    assert np.allclose(towers.embed_catalogue()[0], whole, atol=1e-5)


def test_a_query_does_not_depend_on_those_beside_it_and_hears_128_seeds(towers: Towers) -> None:
    one, other = np.array([3, 6, 9]), np.arange(20)
    long = np.resize(one, 128)
    beyond = np.concatenate([long, other])
    answers = towers.embed_queries([one, other, long, beyond, *[one] * 60, other])
    assert answers.shape == (65, 6)
    assert np.allclose(answers[64], answers[1], atol=1e-6)  # the last is alone in its block
    assert np.allclose(answers[4:64], answers[0], atol=1e-6)
    assert np.allclose(answers[3], answers[2], atol=1e-6)
    assert not np.allclose(answers[1], answers[0], atol=1e-3)


def fit(towers: Towers, lists: Lists, state: FitState | None = None) -> list[FitState]:
    """Fit towers; always by the same schedule, so that the step is compiled once."""
    sampler = Sampler(lists, 60, 3, lists_per_batch=8, positives=4, negatives=50, max_seeds=6)
    told: list[FitState] = []
    towers.fit(sampler, Schedule(steps=12, warmup=2), state=state, report=told.append, report_every=6)
    return told


def test_a_cut_fit_goes_on_as_if_it_had_not_been_cut(catalogue: Catalogue, lists: Lists) -> None:
    towers = make_towers(catalogue)
    half, whole = fit(towers, lists)
    assert (half.step, whole.step) == (6, 12)
    (again,) = fit(towers, lists, half)
    for one, other, variable in zip(whole.variables, again.variables, towers.variables, strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))
        np.testing.assert_array_equal(np.asarray(other), np.asarray(variable.value))


def test_a_loss_that_is_no_number_ends_the_fit(towers: Towers, lists: Lists) -> None:
    optimizer = retrieval._make_optimizer(Schedule(), towers.variables)
    first = FitState.first(towers.variables, optimizer)
    broken = replace(first, step=6, variables=[jnp.full_like(each, jnp.nan) for each in first.variables])
    with pytest.raises(TrainingError, match="the loss is nan at step 12") as caught:
        fit(towers, lists, broken)
    assert caught.value.hint == "Lower the rate."


def test_the_rate_rises_to_its_peak_and_falls_to_a_hundredth(towers: Towers) -> None:
    optimizer = retrieval._make_optimizer(Schedule(steps=100, warmup=20, rate=0.5), towers.variables)
    rates = [float(optimizer._learning_rate(step)) for step in (0, 20, 60, 100)]
    assert rates == pytest.approx([1e-4, 0.5, 0.2525, 0.005], rel=1e-3)
