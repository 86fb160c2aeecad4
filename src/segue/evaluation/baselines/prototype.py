"""What an early prototype of such a tool did, written anew: a lesson in what does not work.

Its two towers were never trained, so their product with the first track compares random projections; its
ranker was trained on ratings that are all 1, so it learnt to say 1 of everything.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.store import Columns
from segue.evaluation.measures.audio_space import embed_audio
from segue.evaluation.methods import Rows, best_rows

_WIDTH = 32
_CANDIDATES = 1000
_STEPS, _BATCH, _RATE = 200, 256, 0.01

Floats = NDArray[np.float64]


class Prototype:
    """The first seed's product over two untrained towers, re-ordered by a ranker of constant ratings."""

    name = "prototype"

    def __init__(self, columns: Columns) -> None:
        rng = np.random.default_rng(1)
        self._features = embed_audio(columns.audio).astype(np.float64)  # (N, F)
        n_features = self._features.shape[1]
        self._query_tower = _Dense(n_features, _WIDTH, rng)
        self._items = _Dense(n_features, _WIDTH, rng)(self._features)  # (N, D)
        self._ranker = _Ranker(2 * n_features, rng)
        self._rng = rng

    def fit(self, lists: Sequence[Rows]) -> None:
        """Train the ranker on pairs of one list, each with the rating 1; the towers stay as they are."""
        usable = [rows for rows in lists if len(rows) > 1]
        for _ in range(_STEPS if usable else 0):
            chosen = self._rng.integers(len(usable), size=_BATCH)
            pairs = np.array([self._rng.choice(usable[place], 2, replace=False) for place in chosen])
            self._ranker.step(self._features[pairs].reshape(_BATCH, -1))  # (B, 2, F) -> (B, 2F)

    def recommend(self, seeds: Rows, n: int) -> Rows:
        """Return the best of the towers' candidates by the ranker, and the other candidates after them."""
        if not len(seeds):
            return np.empty(0, dtype=np.int64)
        first = self._features[seeds[0]]
        candidates = best_rows(self._items @ self._query_tower(first), max(n, _CANDIDATES), seeds)
        pairs = np.column_stack([np.tile(first, (len(candidates), 1)), self._features[candidates]])
        return candidates[np.argsort(-self._ranker.rate(pairs), kind="stable")][:n]


class _Dense:
    """One layer with the usual random start (Glorot uniform) and a rectifier; never trained."""

    def __init__(self, n_in: int, n_out: int, rng: np.random.Generator) -> None:
        bound = np.sqrt(6 / (n_in + n_out))
        self.weights = rng.uniform(-bound, bound, (n_in, n_out))

    def __call__(self, values: Floats) -> Floats:
        return np.asarray(np.maximum(values @ self.weights, 0))


class _Ranker:
    """One hidden layer and a number; squared error against the rating 1, plain gradient descent."""

    def __init__(self, n_in: int, rng: np.random.Generator) -> None:
        self._hidden = _Dense(n_in, _WIDTH, rng)
        self._out = rng.normal(0, 1 / np.sqrt(_WIDTH), _WIDTH)
        self._bias = 0.0

    def rate(self, pairs: Floats) -> Floats:
        """Return (B,) ratings of (B, 2F) pairs."""
        return np.asarray(self._hidden(pairs) @ self._out + self._bias)

    def step(self, pairs: Floats) -> None:
        hidden = self._hidden(pairs)  # (B, H)
        error = (hidden @ self._out + self._bias - 1) / len(pairs)  # (B,)
        back = np.outer(error, self._out) * (hidden > 0)  # (B, H)
        self._out -= _RATE * hidden.T @ error
        self._bias -= _RATE * float(error.sum())
        self._hidden.weights -= _RATE * pairs.T @ back
