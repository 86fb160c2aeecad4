"""The network half of the ranker: two hidden layers and a rating head over the pair features."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from segue.recommend.track_arrays import Floats

WIDTHS = (128, 64)
EPOCHS = 6
RATE, WEIGHT_DECAY = 2e-3, 1e-3
QUESTIONS_PER_STEP = 8
_FURTHEST = 5.0  # standard deviations; what lies further is pulled in
_NOWHERE = -1e9


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pair features (M, F) of all candidates, their labels (M,), and how many each question has."""

    names: list[str]
    values: Floats
    labels: Floats
    sizes: NDArray[np.int64]


class Standardise(layers.Layer):  # type: ignore[misc]
    """Scale features (..., F) to mean 0 and standard deviation 1, and clip them."""

    def __init__(self, values: Floats, **kwargs: Any) -> None:
        super().__init__(trainable=False, **kwargs)
        self._mean = values.mean(axis=0)
        self._scale = 1 / np.maximum(values.std(axis=0), np.float32(1e-6))

    def call(self, pairs: Any) -> Any:
        """Map (..., F) to (..., F)."""
        return ops.clip((pairs - self._mean) * self._scale, -_FURTHEST, _FURTHEST)


class Network:
    """Orders the candidates of a list by a learned rating.

    Parameters
    ----------
    values
        (M, F) the pair features that standardisation is measured on.
    rng
        The number that the first weights hang on.

    """

    def __init__(self, values: Floats, *, rng: int) -> None:
        keras.utils.set_random_seed(rng)
        hidden = [layers.Dense(width, activation="gelu") for width in WIDTHS]
        rating = layers.Dense(1, name="rating")
        self.model = keras.Sequential([Standardise(values), *hidden, rating])
        self.model.build((None, values.shape[1]))

    def fit(self, pairs: Pairs, *, rng: int) -> None:
        """Learn by softmax over each question's candidates (ListNet; Cao et al. 2007, MSR-TR-2007-40)."""
        starts = np.concatenate([[0], np.cumsum(pairs.sizes)])
        n_steps = max(len(pairs.sizes) // QUESTIONS_PER_STEP, 1)
        rate = keras.optimizers.schedules.CosineDecay(RATE, n_steps * EPOCHS)
        optimizer = keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY)
        optimizer.build(self.model.trainable_variables)

        @jax.jit
        def step(variables: Any, slots: Any, values: Any, labels: Any, mask: Any) -> Any:
            gradients = jax.grad(self._loss)(variables, values, labels, mask)
            return optimizer.stateless_apply(slots, gradients, variables)

        variables = [each.value for each in self.model.trainable_variables]
        slots = [each.value for each in optimizer.variables]
        shuffle = np.random.default_rng(rng)
        for _ in range(EPOCHS):
            order = shuffle.permutation(len(pairs.sizes))
            for number in range(n_steps):
                chosen = order[number * QUESTIONS_PER_STEP : (number + 1) * QUESTIONS_PER_STEP]
                variables, slots = step(variables, slots, *_pad(pairs, starts, chosen))
        for variable, value in zip(self.model.trainable_variables, variables, strict=True):
            variable.assign(value)

    def score(self, values: Floats) -> Floats:
        """Return the ratings (M,) of pairs (M, F)."""
        run = jax.jit(lambda part: self.model(part)[..., 0])
        return np.concatenate(
            [np.asarray(run(part)) for part in np.array_split(values, len(values) // 65_536 + 1)]
        )

    def _loss(self, variables: Any, values: Any, labels: Any, mask: Any) -> Any:
        fixed = [each.value for each in self.model.non_trainable_variables]
        flat = values.reshape(-1, values.shape[-1])  # (Q * C, F)
        ratings, _ = self.model.stateless_call(variables, fixed, flat)
        chances = jax.nn.log_softmax(jnp.where(mask, ratings.reshape(mask.shape), _NOWHERE), axis=1)
        return -(chances * labels).sum() / jnp.maximum(labels.sum(), 1)


def _pad(
    pairs: Pairs, starts: NDArray[np.int64], chosen: NDArray[np.int64]
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return the candidates of the chosen questions side by side: (Q, C, F), labels and mask (Q, C)."""
    longest = int(pairs.sizes.max())
    values = np.zeros((len(chosen), longest, pairs.values.shape[1]), np.float32)
    labels = np.zeros((len(chosen), longest), np.float32)
    mask = np.zeros((len(chosen), longest), bool)
    for place, question in enumerate(chosen):
        part = slice(starts[question], starts[question + 1])
        size = pairs.sizes[question]
        values[place, :size], labels[place, :size] = pairs.values[part], pairs.labels[part]
        mask[place, :size] = True
    return values, labels, mask
