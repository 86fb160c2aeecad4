"""A playing order in which tempo, key and energy flow: a short path through the picks.

Finding the shortest open path is the travelling salesman's problem; we start from nearest neighbours and
improve with 2-opt (reverse a stretch) and Or-opt (move up to three picks elsewhere) until neither helps.
"""

import numpy as np
from numpy.typing import NDArray

from segue.features import AUDIO_NAMES
from segue.recommend.track_arrays import Floats

_TEMPO, _KEY, _MODE, _ENERGY, _VALENCE = (
    AUDIO_NAMES.index(name) for name in ("tempo", "key", "mode", "energy", "valence")
)
# Weights make the mean jump of each part about equal over random pairs of tracks.
TEMPO_WEIGHT, KEY_WEIGHT, ENERGY_WEIGHT, VALENCE_WEIGHT = 2.0, 1.0, 1.5, 0.5
_MAX_MOVES = 400  # a bound for the longest lists; 50 picks need about 40


def jump_costs(audio: Floats) -> Floats:
    """Return how rough the step between any two of n tracks is, (n, n), symmetric, 0 on the diagonal.

    The tempo part is the distance in octaves, where half and double time count as the same beat. The key part
    is the number of steps on the circle of fifths between the keys (a minor key stands at its relative
    major), over 6. Energy and valence are plain differences. A missing value costs a middling step.

    Parameters
    ----------
    audio
        (n, 13) float32, raw units, NaN where missing.

    """
    octave = np.log2(audio[:, _TEMPO])
    apart = np.abs(octave[:, None] - octave[None])
    tempo = np.abs(apart - np.round(apart)) + 0.25 * (np.round(apart) > 0)
    major = audio[:, _KEY] + np.where(audio[:, _MODE] == 0, 3, 0)
    fifths = np.mod(major * 7, 12)
    steps = np.abs(fifths[:, None] - fifths[None])
    key = np.minimum(steps, 12 - steps) / 6
    energy = np.abs(audio[:, _ENERGY][:, None] - audio[:, _ENERGY][None])
    valence = np.abs(audio[:, _VALENCE][:, None] - audio[:, _VALENCE][None])
    parts = (
        (TEMPO_WEIGHT, tempo, 0.2),
        (KEY_WEIGHT, key, 0.5),
        (ENERGY_WEIGHT, energy, 0.25),
        (VALENCE_WEIGHT, valence, 0.25),
    )
    costs = sum(weight * np.where(np.isnan(part), middling, part) for weight, part, middling in parts)
    whole: Floats = np.asarray(costs, np.float32)
    np.fill_diagonal(whole, 0)
    return whole


def order_smoothly(audio: Floats, *, first: int) -> NDArray[np.int64]:
    """Return a permutation (n,) that starts at position `first` and makes the sum of the jumps short."""
    costs = jump_costs(audio)
    path = _nearest_neighbours(costs, first)
    for _ in range(_MAX_MOVES):
        along = costs[np.ix_(path, path)]
        edges = np.append(np.diagonal(along, 1), 0.0)
        order = _two_opt(along, edges)
        if order is None:
            order = _or_opt(along, edges)
        if order is None:
            break
        path = path[order]
    return path


def _nearest_neighbours(costs: Floats, first: int) -> NDArray[np.int64]:
    left = np.ones(len(costs), bool)
    path = [first]
    left[first] = False
    while left.any():
        step = np.where(left, costs[path[-1]], np.inf)
        path.append(int(step.argmin()))
        left[path[-1]] = False
    return np.array(path)


# Both moves get `along`, the (n, n) jumps in the order of the path, and `edges` (n,): edge k goes from k to
# k + 1, and the last, at the open end, costs nothing. They return the new order of the places.


def _two_opt(along: Floats, edges: Floats) -> NDArray[np.int64] | None:
    """Reverse the stretch i+1..j that saves most; j may be the open end. None when none saves."""
    n = len(along)
    if n < 3:
        return None
    after = np.zeros((n, n), np.float32)
    after[:-1, :-1] = along[1:, 1:]  # cost from i+1 to j+1; reversing up to the end needs no such edge
    saved = edges[:, None] + edges[None] - along - after
    saved[np.tril_indices(n, 1)] = 0
    i, j = divmod(int(saved.argmax()), n)
    if saved[i, j] <= 1e-6:
        return None
    places = np.arange(n)
    return np.concatenate([places[: i + 1], places[i + 1 : j + 1][::-1], places[j + 1 :]])


def _or_opt(along: Floats, edges: Floats) -> NDArray[np.int64] | None:
    """Move a stretch of one to three picks to where it saves most. None when none saves."""
    n = len(along)
    places = np.arange(n)
    best, answer = 1e-6, None
    for length in range(1, min(3, n - 1) + 1):
        first = np.arange(1, n - length + 1)  # (m,): where each stretch begins, and where it ends
        last = first + length - 1
        closed = np.append(along[first[:-1] - 1, last[:-1] + 1], 0.0)  # the edge over the gap that it leaves
        freed = edges[first - 1] + edges[last] - closed
        added = along[:, first].T - edges  # (m, n): what it costs to stand behind each place
        added[:, :-1] += along[last, 1:]
        saved = freed[:, None] - added
        saved[(places >= first[:, None] - 1) & (places <= last[:, None])] = 0  # where it stands already
        which, behind = divmod(int(saved.argmax()), n)
        if saved[which, behind] > best:
            best = float(saved[which, behind])
            stretch = slice(first[which], last[which] + 1)
            place = behind + 1 if behind < first[which] else behind + 1 - length
            answer = np.insert(np.delete(places, stretch), place, places[stretch])
    return answer
