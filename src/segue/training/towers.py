"""The two towers: one embeds a track, the other a set of seeds, into the same space.

Both stand on one trunk, so that a seed is seen as a candidate is. Preprocessing is a layer: raw features go
in, with NaN for what is missing, and the exported graph cannot drift from what was trained.
"""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from segue import features
from segue.recommend.track_arrays import SOUND, SOUND_COLUMNS, Floats

KEY, MODE, METRE = (features.AUDIO_NAMES.index(name) for name in ("key", "mode", "time_signature"))
N_KEYS, N_MODES, N_METRES = 12, 2, 8
FIRST_DECADE, N_DECADES = 1920, 11

Tensor = Any  # Keras has no public tensor type that holds for every backend


@dataclass(frozen=True, slots=True)
class TowerShape:
    """Sizes of the towers.

    Attributes
    ----------
    dimensions
        D, the length of an embedding.
    hidden
        The width of the trunk.
    blocks
        Residual blocks in the trunk.
    bins
        Steps into which each numeric feature is cut, besides its normal score.
    waves
        Octaves of sine and cosine of each numeric feature's quantile; they tell near values apart.
    artists, tracks, songs
        Vocabulary sizes; 0 leaves that input out, and all 0 the year too: audio alone.

    """

    dimensions: int = 128
    hidden: int = 192
    blocks: int = 1
    bins: int = 16
    waves: int = 0
    artists: int = 0
    tracks: int = 0
    songs: int = 0
    artist_size: int = 48
    track_size: int = 64
    poolings: int = 4

    @property
    def audio_only(self) -> bool:
        """Whether the towers see nothing but audio features."""
        return not (self.artists or self.tracks or self.songs)


class AudioFeatures(layers.Layer):  # type: ignore[misc]
    """From raw audio features (..., 13) to numbers that a dense layer can learn from.

    Numeric features become a normal score by their quantile, a stair of `bins` steps of the quantile
    (piecewise linear encoding, Gorishniy et al. 2022, https://arxiv.org/abs/2203.05556) and `waves` octaves
    of sines and cosines. Key, mode and metre become one-hot. A missing number looks like a middling one; a
    missing key, mode or metre is all zero.

    Parameters
    ----------
    knots
        (10, K) quantiles of each numeric feature, rising.
    scores
        (K,) their normal scores.

    """

    def __init__(self, knots: Floats, scores: Floats, *, bins: int, waves: int, **kwargs: Any) -> None:
        super().__init__(trainable=False, **kwargs)
        self._low, self._width = knots[:, :-1], np.diff(knots, axis=1)
        self._steps = np.diff(scores)
        self._first = float(scores[0])
        self._bins, self._waves = bins, waves

    @property
    def size(self) -> int:
        """The length of what comes out."""
        per_number = 1 + self._bins + 2 * self._waves
        return len(SOUND) * per_number + N_KEYS + N_MODES + N_METRES

    def call(self, audio: Tensor) -> Tensor:
        """Map (..., 13) to (..., size)."""
        score, quantile = self.measure(audio)
        return self.encode(score, quantile, audio)

    def measure(self, audio: Tensor) -> tuple[Tensor, Tensor]:
        """Map (..., 13) to normal scores and quantiles (0 to 1) of the numeric features, (..., 10)."""
        raw = ops.stack([audio[..., place] for place in SOUND_COLUMNS], axis=-1)  # (..., 10)
        known = ops.cast(ops.equal(raw, raw), "float32")
        value = ops.where(ops.equal(raw, raw), raw, 0.0)
        # How far through each of the K - 1 stretches between two knots the value is: (..., 10, K - 1).
        done = ops.clip((value[..., None] - self._low) / self._width, 0.0, 1.0)
        score = self._first + ops.sum(done * self._steps, axis=-1)
        return score * known, ops.mean(done, axis=-1) * known + 0.5 * (1 - known)

    def encode(self, score: Tensor, quantile: Tensor, audio: Tensor) -> Tensor:
        """Map what `measure` gave, and the key, mode and metre in `audio` (..., 13), to (..., size)."""
        parts = [score]
        if self._bins:
            stair = quantile[..., None] * self._bins - np.arange(self._bins, dtype=np.float32)
            parts.append(_flatten(ops.clip(stair, 0.0, 1.0)))
        if self._waves:
            octaves = (2 * np.pi * 2.0 ** np.arange(1, self._waves + 1)).astype(np.float32)
            turns = quantile[..., None] * octaves
            parts += [_flatten(ops.sin(turns)), _flatten(ops.cos(turns))]
        for place, size in ((KEY, N_KEYS), (MODE, N_MODES), (METRE, N_METRES)):
            parts.append(_one_hot(audio[..., place], size))
        return ops.concatenate(parts, axis=-1)


class YearFeatures(layers.Layer):  # type: ignore[misc]
    """From a year (...,) to a scaled number and the decade as one-hot; all zero when it is missing."""

    size = 1 + N_DECADES

    def call(self, year: Tensor) -> Tensor:
        """Map (...,) to (..., 12)."""
        known = ops.equal(year, year)
        value = ops.where(known, year, 0.0)
        scaled = ops.where(known, (value - 1995.0) / 15.0, 0.0)
        decade = ops.clip(ops.floor((value - FIRST_DECADE) / 10), 0, N_DECADES - 1)
        hot = _one_hot(ops.where(known, decade, -1.0), N_DECADES)
        return ops.concatenate([scaled[..., None], hot], axis=-1)


def _flatten(values: Tensor) -> Tensor:
    """Join the last two axes: (..., A, B) to (..., A * B)."""
    return ops.reshape(values, (*values.shape[:-2], values.shape[-2] * values.shape[-1]))


def _one_hot(number: Tensor, size: int) -> Tensor:
    """One-hot of a float (...,) that holds whole numbers; NaN and what is out of range become all zero."""
    return ops.cast(ops.equal(number[..., None], np.arange(size, dtype=np.float32)), "float32")


class Lookup(layers.Layer):  # type: ignore[misc]
    """A learned table in which place 0 means unknown and is always zero."""

    def __init__(self, entries: int, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._shape = (entries + 1, size)
        # From zero: what training has not touched is the same as unknown.
        self.table = self.add_weight(name="table", shape=self._shape, initializer="zeros")

    def call(self, place: Tensor) -> Tensor:
        """Map places (...,) to (..., size)."""
        known = ops.cast(ops.greater(place, 0), "float32")[..., None]
        # Times 10: the tables learn ten times as fast as the dense layers.
        return ops.take(self.table, place, axis=0) * known * 10.0


class CandidateTower(keras.Model):  # type: ignore[misc]
    """From preprocessed inputs to (hidden (..., H), embedding (..., D) of unit length, bias (...,))."""

    def __init__(self, shape: TowerShape, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shape = shape
        if not shape.audio_only:
            self.artist = Lookup(shape.artists, shape.artist_size, name="artist")
            self.track = Lookup(shape.tracks, shape.track_size, name="track")
            self.song = Lookup(shape.songs, shape.track_size, name="song")
        self.first = layers.Dense(shape.hidden, activation="gelu", name="first")
        self.rest = [
            layers.Dense(shape.hidden, activation="gelu", name=f"block_{i}") for i in range(shape.blocks)
        ]
        self.out = layers.Dense(shape.dimensions, name="out")
        self.popularity = layers.Dense(1, name="popularity")

    def call(self, inputs: dict[str, Tensor], kept: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Run over `sound` and, unless audio alone, `era`, `profile`, `artist`, `track`, `song`.

        `kept` (..., H) is what dropout leaves of the first hidden layer, in training. Keras' own layer would
        carry a random state from step to step, and a resumed run would not end the same.
        """
        parts = [inputs["sound"]]
        if not self.shape.audio_only:
            parts += [
                inputs["era"],
                inputs["profile"],
                self.artist(inputs["artist"]),
                self.track(inputs["track"]),
                self.song(inputs["song"]),
            ]
        hidden = self.first(ops.concatenate(parts, axis=-1))
        if kept is not None:
            hidden = hidden * kept
        for block in self.rest:
            hidden = hidden + block(hidden)
        return hidden, unit(self.out(hidden)), self.popularity(hidden)[..., 0]


class QueryTower(keras.Model):  # type: ignore[misc]
    """From the seeds' hidden states and embeddings to one embedding a query.

    Seeds are a set: mean, standard deviation and a few learned attention poolings (Ilse et al. 2018,
    https://arxiv.org/abs/1802.04712) see them in no order.
    """

    def __init__(self, shape: TowerShape, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.attention = layers.Dense(shape.poolings, name="attention")
        self.first = layers.Dense(shape.hidden, activation="gelu", name="first")
        self.second = layers.Dense(shape.hidden, activation="gelu", name="second")
        self.out = layers.Dense(shape.dimensions, name="out")
        self.shortcut = layers.Dense(shape.dimensions, use_bias=False, name="shortcut")

    def call(self, hidden: Tensor, embedding: Tensor, mask: Tensor) -> Tensor:
        """Map (B, S, H), (B, S, D) and a mask (B, S) of 1 for a seed, 0 for padding, to (B, D)."""
        weight = mask[..., None]  # (B, S, 1)
        count = ops.sum(weight, axis=1)  # (B, 1)
        mean = ops.sum(hidden * weight, axis=1) / count
        variance = ops.sum(ops.square(hidden - mean[:, None]) * weight, axis=1) / count
        focus = ops.softmax(self.attention(hidden) + (weight - 1.0) * 1e9, axis=1)  # (B, S, P)
        pooled = [ops.sum(hidden * focus[..., p : p + 1], axis=1) for p in range(focus.shape[-1])]
        centre = ops.sum(embedding * weight, axis=1) / count
        state = ops.concatenate([mean, ops.sqrt(variance + 1e-4), *pooled, centre, ops.log(count)], axis=-1)
        state = self.first(state)
        state = state + self.second(state)
        return unit(self.out(state) + self.shortcut(centre))


def unit(vectors: Tensor) -> Tensor:
    """Scale vectors (..., D) to length 1."""
    return vectors / ops.sqrt(ops.sum(ops.square(vectors), axis=-1, keepdims=True) + 1e-6)
