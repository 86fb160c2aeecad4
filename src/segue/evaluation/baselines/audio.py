"""By sound alone: the tracks whose audio features point where the mean of the seeds points."""

from collections.abc import Sequence

import numpy as np

from segue.catalogue.store import Columns
from segue.evaluation.measures.audio_space import embed_audio
from segue.evaluation.methods import Rows, best_rows


class MeanAudio:
    """Cosine between each track and the mean of the seeds, over standardised audio features."""

    name = "mean-audio"

    def __init__(self, columns: Columns) -> None:
        space = embed_audio(columns.audio)
        self._unit = space / np.maximum(np.linalg.norm(space, axis=1, keepdims=True), 1e-9)  # (N, F)

    def fit(self, lists: Sequence[Rows]) -> None:
        """Learn nothing: the features are all there is."""

    def recommend(self, seeds: Rows, n: int) -> Rows:
        """Return the n nearest rows; none without seeds."""
        if not len(seeds):
            return np.empty(0, dtype=np.int64)
        scores = self._unit @ self._unit[seeds].mean(axis=0)
        return best_rows(scores.astype(np.float64), n, seeds)
