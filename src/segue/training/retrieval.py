"""Fitting the two towers: sampled softmax over the positives of the batch and uniform negatives.

The candidates of a batch are not drawn evenly: each logit is corrected by the log of how often its track is
expected there (logQ; Bengio & Senecal 2008, Yi et al. 2019, https://doi.org/10.1145/3298689.3346996).
Candidates of a query's own list are no negatives and are masked (accidental hits).
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
from numpy.typing import NDArray

from segue.errors import TrainingError
from segue.recommend.track_arrays import Floats
from segue.training.examples import Batch, Sampler
from segue.training.towers import (
    KEY,
    METRE,
    MODE,
    AudioFeatures,
    CandidateTower,
    QueryTower,
    Tensor,
    YearFeatures,
)

IDENTITY = ("year", "profile", "artist", "track", "song")  # what a model of audio alone never sees
_EMBED_BATCH = 16_384
_CLIP_NORM = 5.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast the towers learn.

    Attributes
    ----------
    steps
        Batches in all.
    rate
        Peak learning rate; it rises over `warmup` steps and falls along a cosine.
    hide_value, hide_artist, hide_track, hide_song
        How often a feature value, the artist, the track and the song of an example are hidden, so that the
        towers cope with gaps and with tracks that no list holds.
    dropout
        How much of the first hidden layer is left out.

    """

    steps: int = 4_000
    rate: float = 2e-3
    warmup: int = 200
    weight_decay: float = 1e-2
    hide_value: float = 0.1
    hide_year: float = 0.15
    hide_artist: float = 0.2
    hide_track: float = 0.3
    hide_song: float = 0.7  # of those whose track is hidden
    dropout: float = 0.0


class Towers:
    """Both towers over one catalogue, and how they are fitted.

    Parameters
    ----------
    audio_features
        The preprocessing of the audio features.
    candidate, query
        The towers.
    catalogue
        By name: `audio` (N, 13) and `year` (N,) without gaps, `profile` (N, 11), and the places
        `artist`, `track` and `song`, (N,) each.

    """

    def __init__(
        self,
        audio_features: AudioFeatures,
        candidate: CandidateTower,
        query: QueryTower,
        catalogue: dict[str, NDArray[Any]],
    ) -> None:
        self.audio_features = audio_features
        self.year_features = YearFeatures()
        self.candidate, self.query = candidate, query
        self.log_temperature = keras.Variable(np.log(1 / 0.07), name="log_temperature")
        self._data = {name: jnp.asarray(values) for name, values in catalogue.items()}
        self.n_rows = len(catalogue["audio"])
        measure = jax.jit(audio_features.measure)
        parts = [measure(self._data["audio"][i : i + 4096]) for i in range(0, self.n_rows, 4096)]
        self._data["score"] = jnp.concatenate([score for score, _ in parts])
        self._data["quantile"] = jnp.concatenate([quantile for _, quantile in parts])
        hidden, embedding, _ = candidate(self._encode(self._take(jnp.zeros((2, 3), int))))
        query(hidden, embedding, jnp.ones((2, 3)))

    @property
    def variables(self) -> list[Any]:
        """All that is learned, in a fixed order."""
        return [
            *self.candidate.trainable_variables,
            *self.query.trainable_variables,
            self.log_temperature,
        ]

    @property
    def temperature(self) -> float:
        """What cosines are multiplied by."""
        return float(np.exp(keras.ops.convert_to_numpy(self.log_temperature.value)))

    def embed_catalogue(self) -> tuple[Floats, Floats]:
        """Return the embeddings (N, D) and biases (N,) of all tracks."""
        run = jax.jit(lambda inputs: self.candidate(self._encode(inputs))[1:])
        embeddings, biases = [], []
        for start in range(0, self.n_rows, _EMBED_BATCH):
            rows = np.minimum(np.arange(start, start + _EMBED_BATCH), self.n_rows - 1)
            embedding, bias = run(self._take(rows))
            embeddings.append(np.asarray(embedding))
            biases.append(np.asarray(bias))
        return np.concatenate(embeddings)[: self.n_rows], np.concatenate(biases)[: self.n_rows]

    def embed_queries(self, queries: Sequence[NDArray[np.int64]]) -> Floats:
        """Return the embeddings (B, D) of queries, each given by the rows of its seeds (at most 128)."""

        @jax.jit
        def run(rows: Tensor, mask: Tensor) -> Tensor:
            hidden, embedding, _ = self.candidate(self._encode(self._take(rows)))
            return self.query(hidden, embedding, mask)

        answers = []
        for start in range(0, len(queries), 64):
            rows, mask = np.zeros((64, 128), np.int32), np.zeros((64, 128), np.float32)
            mask[:, 0] = 1
            for i, seeds in enumerate(queries[start : start + 64]):
                rows[i, : len(seeds)] = seeds[:128]
                mask[i, : len(seeds)] = 1
            answers.append(np.asarray(run(rows, mask)))
        return np.concatenate(answers)[: len(queries)]

    def fit(
        self,
        sampler: Sampler,
        schedule: Schedule,
        *,
        state: "FitState | None" = None,
        report: Callable[["FitState"], None],
        report_every: int = 100,
    ) -> None:
        """Learn for `schedule.steps` steps; `report` is called now and then with the state to resume from.

        Raises
        ------
        TrainingError
            When the loss is not finite any more.

        """
        optimizer = _make_optimizer(schedule, self.variables)
        state = state or FitState.first(self.variables, optimizer)
        step_once = jax.jit(
            partial(self._step, sampler, schedule, optimizer, jnp.asarray(sampler.expected_counts()))
        )
        variables = [jnp.asarray(each) for each in state.variables]
        slots = [jnp.asarray(each) for each in state.slots]
        total, counted = 0.0, 0
        with ThreadPoolExecutor(1) as ahead:  # the next batch is drawn while this one is learned from
            coming = ahead.submit(sampler.draw, state.step)
            for step in range(state.step, schedule.steps):
                batch = coming.result()
                coming = ahead.submit(sampler.draw, step + 1)
                key = jax.random.fold_in(jax.random.PRNGKey(sampler.rng), step)
                loss, variables, slots = step_once(variables, slots, key, _as_tuple(batch))
                if (step + 1) % 10 == 0:
                    total, counted = total + float(loss), counted + 1
                if (step + 1) % report_every == 0 or step + 1 == schedule.steps:
                    mean = total / max(counted, 1)
                    if not np.isfinite(mean):
                        raise TrainingError(f"the loss is {mean} at step {step + 1}", hint="Lower the rate.")
                    for variable, value in zip(self.variables, variables, strict=True):
                        variable.assign(value)
                    report(FitState(step + 1, mean, [*variables], [*slots]))
                    total, counted = 0.0, 0

    def _step(
        self,
        sampler: Sampler,
        schedule: Schedule,
        optimizer: Any,
        expected: Tensor,
        variables: list[Tensor],
        slots: list[Tensor],
        key: Tensor,
        batch: tuple[Tensor, ...],
    ) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        loss, gradients = jax.value_and_grad(self._loss)(variables, sampler, schedule, expected, key, batch)
        variables, slots = optimizer.stateless_apply(slots, gradients, variables)
        return loss, variables, slots

    def _loss(
        self,
        variables: list[Tensor],
        sampler: Sampler,
        schedule: Schedule,
        expected: Tensor,
        key: Tensor,
        batch: tuple[Tensor, ...],
    ) -> Tensor:
        """Return the mean over B queries and P positives of the softmax loss against all negatives."""
        rows, seed_place, mask, members = batch
        n_candidate = len(self.candidate.trainable_variables)
        hide_key, drop_key = jax.random.split(key)
        inputs = self._encode(self._hide(self._take(rows), schedule, hide_key))
        shape = (len(rows), self.candidate.shape.hidden)
        kept = jax.random.bernoulli(drop_key, 1 - schedule.dropout, shape) / (1 - schedule.dropout)
        (hidden, embedding, bias), _ = self.candidate.stateless_call(
            variables[:n_candidate], self.candidate.non_trainable_variables, inputs, kept
        )
        query, _ = self.query.stateless_call(
            variables[n_candidate:-1], [], hidden[seed_place], embedding[seed_place], mask
        )
        r = sampler.seed_places
        logits = jnp.exp(variables[-1]) * (query @ embedding[r:].T) + bias[r:]  # (B, B * P + U)
        logits = logits - jnp.log(expected[rows[r:]])
        own = jnp.arange(sampler.lists_per_batch * sampler.positives).reshape(
            sampler.lists_per_batch, sampler.positives
        )  # (B, P): where each query's positives stand among the candidates
        positive = jnp.take_along_axis(logits, own, axis=1)  # (B, P)
        others = jax.nn.logsumexp(jnp.where(members, -1e9, logits), axis=1, keepdims=True)  # (B, 1)
        return (jnp.logaddexp(positive, others) - positive).mean()

    def _take(self, rows: Tensor) -> dict[str, Tensor]:
        names: tuple[str, ...] = ("audio", "score", "quantile")
        if not self.candidate.shape.audio_only:
            names += IDENTITY
        return {name: self._data[name][rows] for name in names}

    def _encode(self, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
        encoded = {"sound": self.audio_features.encode(inputs["score"], inputs["quantile"], inputs["audio"])}
        if not self.candidate.shape.audio_only:
            encoded["era"] = self.year_features(inputs["year"])
            encoded |= {name: inputs[name] for name in IDENTITY[1:]}
        return encoded

    def _hide(self, inputs: dict[str, Tensor], schedule: Schedule, key: Tensor) -> dict[str, Tensor]:
        """Hide known values at random, so that gaps are met in training and mean nothing."""
        keys = iter(jax.random.split(key, 6))
        shape = inputs["audio"].shape[:-1]

        def keep(share_hidden: float, *more: int) -> Tensor:
            return jax.random.bernoulli(next(keys), 1 - share_hidden, (*shape, *more))

        shown = keep(schedule.hide_value, inputs["score"].shape[-1])
        inputs["score"] = jnp.where(shown, inputs["score"], 0.0)
        inputs["quantile"] = jnp.where(shown, inputs["quantile"], 0.5)
        whole = keep(schedule.hide_value, 3)
        for i, place in enumerate((KEY, MODE, METRE)):
            column = jnp.where(whole[..., i], inputs["audio"][..., place], jnp.nan)
            inputs["audio"] = inputs["audio"].at[..., place].set(column)
        if not self.candidate.shape.audio_only:
            inputs["year"] = jnp.where(keep(schedule.hide_year), inputs["year"], jnp.nan)
            inputs["artist"] = inputs["artist"] * keep(schedule.hide_artist)
            track = keep(schedule.hide_track)
            inputs["track"] = inputs["track"] * track
            inputs["song"] = inputs["song"] * (track | keep(schedule.hide_song))
        return inputs


@dataclass(frozen=True, slots=True)
class FitState:
    """Where a fit stands: enough to go on exactly from here.

    `loss` is the mean since the last report.
    """

    step: int
    loss: float
    variables: list[Any]
    slots: list[Any]

    @classmethod
    def first(cls, variables: list[Any], optimizer: Any) -> "FitState":
        """Return the state before the first step."""
        return cls(
            0, float("nan"), [each.value for each in variables], [each.value for each in optimizer.variables]
        )


def _make_optimizer(schedule: Schedule, variables: list[Any]) -> Any:
    rate = keras.optimizers.schedules.CosineDecay(
        1e-4,
        max(schedule.steps - schedule.warmup, 1),
        alpha=0.01,
        warmup_target=schedule.rate,
        warmup_steps=schedule.warmup,
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=schedule.weight_decay, clipnorm=_CLIP_NORM)
    optimizer.exclude_from_weight_decay(var_names=["bias", "table", "temperature"])
    optimizer.build(variables)
    return optimizer


def _as_tuple(batch: Batch) -> tuple[NDArray[Any], ...]:
    return batch.rows, batch.seed_place, batch.mask, batch.members
