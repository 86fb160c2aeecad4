"""Groups, counts, sounds and the list of what is kept, worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from segue.array_cache import Spec
from segue.catalogue.store import Catalogue
from segue.model.bundle import Bundle
from segue.model.encoder import Encoder
from segue.recommend.track_arrays import (
    SOUND_COLUMNS,
    Groups,
    build_arrays,
    count_groups,
    expected_arrays,
    find_profile,
    find_sound,
    number_groups,
)


def test_equal_hashes_share_a_number_and_missing_has_none() -> None:
    numbers = number_groups(np.array([70, 0, 50, 70], np.uint64))
    assert numbers.tolist() == [1, -1, 0, 1]
    assert number_groups(np.array([9, 9], np.uint64)).tolist() == [0, 0]
    assert count_groups(numbers).tolist() == [2, 1, 1, 2]


def test_groups_give_all_rows_of_their_numbers_once() -> None:
    groups = Groups(np.array([1, -1, 0, 1], np.int32))
    assert groups.rows(np.array([1, 1, -1])).tolist() == [0, 3]
    assert sorted(groups.rows(np.array([0, 1])).tolist()) == [0, 2, 3]
    assert groups.rows(np.array([-1])).tolist() == []


def test_sound_is_read_off_the_quantiles_and_missing_is_in_the_middle() -> None:
    audio = np.full((3, 13), 0.5, np.float32)
    audio[0, SOUND_COLUMNS[0]], audio[1, SOUND_COLUMNS[0]] = 0.75, np.nan
    knots = np.tile(np.array([0, 1], np.float32), (10, 1))
    sound = find_sound(audio, knots, np.array([-2, 2], np.float32))
    assert sound[:, 0].tolist() == [1, 0, 0]


def test_a_profile_is_the_mean_of_the_artist_and_the_track_itself_without_one() -> None:
    sound = np.array([[0.0] * 10, [2.0] * 10, [7.0] * 10], np.float32)
    profile = find_profile(sound, np.full(3, 1995, np.float32), np.array([0, 0, -1], np.int32))
    assert profile[:, 0].tolist() == [1, 1, 7]
    assert profile[:, 10].tolist() == [0, 0, 0]


@pytest.mark.parametrize("model", ["full", "audio"])
def test_what_is_built_is_what_is_expected(model: str, starter: Path) -> None:
    encoder = Encoder(Bundle.open(model))
    with Catalogue.open(starter) as catalogue:
        arrays = build_arrays(catalogue.load_columns(), encoder)
        expected = expected_arrays(len(catalogue), encoder.dimensions)
    assert {name: Spec(str(each.dtype), each.shape) for name, each in arrays.items()} == expected
