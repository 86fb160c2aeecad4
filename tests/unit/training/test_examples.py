"""What a batch holds: seeds and positives of one list, never a member among the negatives unmarked."""

import numpy as np
import pytest
from numpy.typing import NDArray

from segue.training.examples import Sampler

Lists = list[NDArray[np.int64]]


@pytest.fixture
def sampler(lists: Lists) -> Sampler:
    return Sampler(lists, 60, 3, lists_per_batch=8, positives=4, negatives=50, max_seeds=6)


def test_the_same_number_and_step_give_the_same_batch(sampler: Sampler) -> None:
    one, again, other = sampler.draw(5), sampler.draw(5), sampler.draw(6)
    for name in ("rows", "seed_place", "mask", "members"):
        assert np.array_equal(getattr(one, name), getattr(again, name))
    assert not np.array_equal(one.rows, other.rows)


def test_seeds_and_positives_are_distinct_tracks_of_one_list(sampler: Sampler, lists: Lists) -> None:
    batch = sampler.draw(0)
    room = sampler.seed_places
    assert batch.rows.shape == (room + 8 * 4 + 50,)
    assert batch.seed_place.shape == batch.mask.shape == (8, 6)
    assert batch.members.shape == (8, 8 * 4 + 50)
    positives = batch.rows[room : room + 32].reshape(8, 4)
    for i in range(8):
        seeds = batch.rows[batch.seed_place[i][batch.mask[i] > 0]]
        given = {*seeds.tolist(), *positives[i].tolist()}
        assert 1 <= len(seeds) <= 6
        assert len(given) == len(seeds) + 4
        assert any(given <= set(own.tolist()) for own in lists)


def test_members_are_the_candidates_of_the_same_list(sampler: Sampler, lists: Lists) -> None:
    batch = sampler.draw(1)
    candidates = batch.rows[sampler.seed_places :]
    for i in range(8):
        assert batch.members[i, 4 * i : 4 * i + 4].all()  # its own positives
        held = set(candidates[batch.members[i]].tolist())
        owners = [own for own in lists if held <= set(own.tolist())]
        assert any(np.array_equal(np.isin(candidates, own), batch.members[i]) for own in owners)


def test_a_list_as_short_as_its_positives_still_gives_a_seed() -> None:
    short = Sampler([np.array([3, 7])], 10, 0, lists_per_batch=2, positives=2, negatives=3, max_seeds=5)
    batch = short.draw(0)
    assert batch.mask.sum(axis=1).tolist() == [1, 1]
    positives = batch.rows[short.seed_places :][:4].reshape(2, 2)
    for i in range(2):  # what is left after the seed, repeated
        assert {batch.rows[batch.seed_place[i, 0]], *positives[i].tolist()} == {3, 7}


def test_expected_counts_are_negatives_and_positives_by_hand() -> None:
    two = Sampler(
        [np.array([0, 1]), np.array([1, 2, 3, 4])], 5, 0, lists_per_batch=2, positives=4, negatives=10
    )
    # 10 / 5 negatives a row; 2 * 4 positives, halved between the lists, spread over 2 and 4 tracks.
    assert two.expected_counts().tolist() == [4, 5, 3, 3, 3]


def test_what_is_drawn_is_what_is_expected(sampler: Sampler) -> None:
    drawn = np.zeros(60)
    for step in range(400):
        drawn += np.bincount(sampler.draw(step).rows[sampler.seed_places :], minlength=60)
    assert np.corrcoef(drawn / 400, sampler.expected_counts())[0, 1] > 0.9
    assert drawn.sum() / 400 == pytest.approx(sampler.expected_counts().sum())
