"""How the tracks of a catalogue spread over a feature."""

import numpy as np
import pytest

from segue.explore.profile import BINS, describe_feature
from segue.features import AUDIO, Feature

BY_NAME = {feature.name: feature for feature in AUDIO}


def _profile_of(name: str, values: list[float]) -> tuple[Feature, int, int, float, float]:
    found = describe_feature(BY_NAME[name], np.array(values, np.float32))
    assert len(found.bins) == BINS
    return found.feature, found.known, sum(found.bins), found.view_low, found.view_high


def test_unknown_values_are_not_counted() -> None:
    feature, known, counted, low, high = _profile_of("energy", [0.1, 0.9, float("nan")])
    assert (feature.name, known, counted, low, high) == ("energy", 2, 2, 0.0, 1.0)


def test_a_wide_feature_is_shown_where_its_values_lie_on_round_numbers() -> None:
    _, known, counted, low, high = _profile_of("tempo", [float(tempo) for tempo in range(83, 157)])
    assert (low, high) == (80.0, 160.0)
    assert known == counted == 74  # outliers count at the edge


@pytest.mark.parametrize("feature", AUDIO, ids=lambda feature: feature.name)
def test_without_any_value_the_whole_range_is_shown(feature: Feature) -> None:
    found = describe_feature(feature, np.full(5, np.nan, np.float32))
    assert (found.known, sum(found.bins)) == (0, 0)
    assert (found.view_low, found.view_high) == (feature.low, feature.high)


def test_one_value_for_all_has_a_range_all_the_same() -> None:
    _, _, counted, low, high = _profile_of("tempo", [120.0] * 9)
    assert low < high
    assert counted == 9
