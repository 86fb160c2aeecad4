"""Each word is true of both tracks, whatever their numbers; nothing that is missing gets a word."""

import numpy as np
import pytest

from segue.features import AUDIO_NAMES
from segue.recommend.sound_words import are_both_sung, find_far_words, find_near_words
from segue.recommend.track_arrays import Floats

FEATURES = {
    "calm": "energy", "energetic": "energy", "dark": "valence", "bright": "valence",
    "acoustic": "acousticness", "danceable": "danceability", "instrumental": "instrumentalness",
}  # fmt: skip


def _make_sound(**values: float) -> Floats:
    sound = np.full(len(AUDIO_NAMES), np.nan, np.float32)
    for name, value in values.items():
        sound[AUDIO_NAMES.index(name)] = value
    return sound


@pytest.mark.parametrize("most", [0.1, 0.2])
def test_words_are_true(most: float, rng: np.random.Generator) -> None:
    sounds = rng.random((3_000, 2, len(AUDIO_NAMES)), np.float32)
    sounds[rng.random(sounds.shape) < 0.1] = np.nan
    said = [word for mine, theirs in sounds for word in _check_words(mine, theirs, most)]
    assert {*FEATURES} <= {*said}


def _check_words(mine: Floats, theirs: Floats, most: float) -> list[str]:
    near = [word for word in find_near_words(mine, theirs, most=most) if word in FEATURES]
    for word in near:
        place = AUDIO_NAMES.index(FEATURES[word])
        assert abs(mine[place] - theirs[place]) <= most + 1e-6
        assert (max(mine[place], theirs[place]) <= 0.35) == (word in ("calm", "dark"))
    far = find_far_words(mine, theirs)
    for word in far:
        place = AUDIO_NAMES.index(FEATURES[word])
        assert abs(mine[place] - theirs[place]) <= 0.1 + 1e-6
        if word in ("calm", "dark"):
            assert max(mine[place], theirs[place]) <= 0.35
        else:
            assert min(mine[place], theirs[place]) >= 0.65
    return near + far


def test_pace_and_loudness_have_words() -> None:
    slow, fast = _make_sound(tempo=80, loudness=-20), _make_sound(tempo=140, loudness=-5)
    assert find_near_words(slow, _make_sound(tempo=86, loudness=-19)) == ["slow", "soft"]
    assert find_near_words(fast, _make_sound(tempo=133, loudness=-6)) == ["fast", "loud"]
    assert find_near_words(slow, fast) == []


def test_what_is_missing_has_no_word() -> None:
    bare = _make_sound()
    assert find_near_words(bare, bare) == find_far_words(bare, bare) == []
    sung = _make_sound(instrumentalness=0)
    assert are_both_sung(sung, sung)
    assert not are_both_sung(sung, bare)
    assert not are_both_sung(bare, sung)
