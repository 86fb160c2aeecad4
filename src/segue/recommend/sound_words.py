"""Words for what two tracks share of their sound. Each is true of both; what is missing is never named."""

from segue.features import AUDIO_NAMES
from segue.recommend.track_arrays import Floats

_TEMPO, _LOUDNESS, _INSTRUMENTALNESS = (
    AUDIO_NAMES.index(name) for name in ("tempo", "loudness", "instrumentalness")
)
SAME_LEVEL = 0.1  # of features from 0 to 1
SIMILAR_LEVEL = 0.2
LOW_LEVEL, HIGH_LEVEL = 0.35, 0.65
SAME_PACE_BPM, SLOW_BPM, FAST_BPM = 8, 95, 130
SAME_LOUDNESS_DB, SOFT_DB = 2.0, -14.0

# By feature: what both are called where both are low, and where both are not; "" where there is no good word.
_WORDS = {
    AUDIO_NAMES.index(name): words
    for name, words in {
        "energy": ("calm", "energetic"),
        "valence": ("dark", "bright"),
        "acousticness": ("", "acoustic"),
        "danceability": ("", "danceable"),
        "instrumentalness": ("", "instrumental"),
    }.items()
}


def find_far_words(one: Floats, other: Floats) -> list[str]:
    """Return a word for each feature of two (F,) that is nearly the same, and far from the middle."""
    words = [
        high if min(one[place], other[place]) >= HIGH_LEVEL else low
        for place, (low, high) in _WORDS.items()
        if _are_near(one, other, place, SAME_LEVEL)
        and (max(one[place], other[place]) <= LOW_LEVEL or min(one[place], other[place]) >= HIGH_LEVEL)
    ]
    return [*filter(None, words)]


def find_near_words(one: Floats, other: Floats, *, most: float = SAME_LEVEL) -> list[str]:
    """Return a word for each feature of two (F,) that is at most so far apart, wherever it lies."""
    words = [
        low if max(one[place], other[place]) <= LOW_LEVEL else high
        for place, (low, high) in _WORDS.items()
        if _are_near(one, other, place, most)
        and (max(one[place], other[place]) <= LOW_LEVEL or min(one[place], other[place]) > LOW_LEVEL)
    ]
    if _are_near(one, other, _TEMPO, SAME_PACE_BPM):
        words += ["slow"] * bool(max(one[_TEMPO], other[_TEMPO]) <= SLOW_BPM)
        words += ["fast"] * bool(min(one[_TEMPO], other[_TEMPO]) >= FAST_BPM)
    if _are_near(one, other, _LOUDNESS, SAME_LOUDNESS_DB):
        words.append("soft" if max(one[_LOUDNESS], other[_LOUDNESS]) <= SOFT_DB else "loud")
    return [*filter(None, words)]


def are_both_sung(one: Floats, other: Floats) -> bool:
    """Tell whether neither is an instrumental; as nearly all songs are sung, it says little."""
    return bool(one[_INSTRUMENTALNESS] <= LOW_LEVEL and other[_INSTRUMENTALNESS] <= LOW_LEVEL)


def _are_near(one: Floats, other: Floats, place: int, most: float) -> bool:
    return bool(abs(one[place] - other[place]) <= most)
