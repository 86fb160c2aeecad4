"""Examples that are found in a catalogue."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from segue.config import Settings
from segue.explore.examples import ENOUGH, LENGTH, TASTES, find_examples, is_starter
from segue.explore.profile import Facts
from segue.recommender import Recommender


@pytest.fixture
def recommender(made_starter: Path) -> Iterator[Recommender]:
    with Recommender.open(catalogue=made_starter, model="audio") as opened:
        yield opened


def test_examples_of_the_starter_are_of_one_taste_and_one_song_an_artist(
    recommender: Recommender, settings: Settings
) -> None:
    examples = find_examples(recommender.catalogue, Facts(recommender))
    assert all(example.taste in TASTES for example in examples)
    assert len(examples) > 3
    for example in examples:
        assert ENOUGH <= len(example.tracks) <= LENGTH
        firsts = [track.artists[0] for track in example.tracks]
        assert len(set(firsts)) == len(firsts)
        for track in example.tracks:
            for name, (low, high) in example.taste.bounds.items():
                assert low <= np.float32(track.features[name]) <= high
    assert is_starter(settings, recommender.catalogue)


def test_what_is_known_of_a_whole_catalogue(recommender: Recommender) -> None:
    facts = Facts(recommender)
    assert [profile.feature.name for profile in facts.features][:2] == ["danceability", "energy"]
    assert facts.years == (1957, 2020)
    assert list(facts.genres.values()) == sorted(facts.genres.values(), reverse=True)
