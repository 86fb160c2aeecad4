"""The bundle's graphs, run by ONNX Runtime: tracks and queries to embeddings, pairs to scores."""

import os
from collections.abc import Callable, Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from segue.errors import BundleDamagedError, BundleMismatchError
from segue.model.bundle import Bundle
from segue.model.layout import RETRAIN_HINT, check_names, check_spec, describe_session
from segue.model.preprocessing import TrackInputs

# Before the import, or it writes a device id to the home folder and queues reports for its maker.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime as ort

Floats = NDArray[np.float32]

_BATCH = 8192  # tracks a call: large enough to keep the cores busy, small enough to stay in the cache
_QUERY_BATCH = 64


class Encoder:
    """Runs one bundle. Safe to use from many threads.

    Parameters
    ----------
    bundle
        The bundle.
    threads
        Threads of one call; None for one a core.

    Raises
    ------
    BundleDamagedError
        When a graph is missing or cannot be run.
    BundleMismatchError
        When a graph takes or gives something else than the manifest says.

    """

    def __init__(self, bundle: Bundle, *, threads: int | None = None) -> None:
        self.bundle = bundle
        options = ort.SessionOptions()
        options.log_severity_level = 3
        # A waiting thread must not burn the core that the matrix product needs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.intra_op_num_threads = threads or os.cpu_count() or 1
        self._candidate = _open(bundle, "candidate_tower.onnx", options)
        self._query = _open(bundle, "query_tower.onnx", options)
        # The ranker is trained on what the towers of a draft bundle retrieve, which has no ranker yet.
        self._ranker = _open(bundle, "ranker.onnx", options) if bundle.has("ranker.onnx") else None
        self._inputs = [each.name for each in self._candidate.get_inputs()]

    def embed_tracks(
        self, tracks: TrackInputs, *, progress: Callable[[int, int], None] | None = None
    ) -> tuple[Floats, Floats]:
        """Run the candidate tower over N tracks.

        Returns
        -------
        embeddings, bias
            (N, D) of unit length, and (N,).

        """
        total = len(tracks)
        embeddings = np.empty((total, self.dimensions), np.float32)
        bias = np.empty(total, np.float32)
        for start in range(0, total, _BATCH):
            part = slice(start, min(start + _BATCH, total))
            _, embeddings[part], bias[part] = self._run_candidate(tracks.take(part))
            if progress is not None:
                progress(part.stop, total)
        return embeddings, bias

    def embed_queries(self, queries: Sequence[TrackInputs]) -> Floats:
        """Run the query tower over B queries, each given by its seeds; (B, D) of unit length."""
        parts = [
            self._embed_batch(queries[start : start + _QUERY_BATCH])
            for start in range(0, len(queries), _QUERY_BATCH)
        ]
        return np.concatenate(parts) if parts else np.empty((0, self.dimensions), np.float32)

    def check_pair_features(self, names: Sequence[str]) -> None:
        """Check that the ranker was trained on columns of these names, in this order.

        Raises
        ------
        BundleMismatchError
            When it was not; the message shows the first that differs.

        """
        check_names(f"the ranker of {self.bundle.folder}", self.bundle.layout.pair_features, names)

    def rank(self, pairs: Floats, names: Sequence[str]) -> Floats:
        """Run the ranker over C pairs (C, F) whose columns have these F names; (C,), higher is better.

        Raises
        ------
        BundleDamagedError
            When the bundle has no ranker.
        BundleMismatchError
            When it was trained on other columns, or on these in another order.

        """
        if self._ranker is None:
            raise BundleDamagedError(
                f"the bundle {self.bundle.folder} has no ranker.onnx", hint="Train it again."
            )
        self.check_pair_features(names)
        (scores,) = self._ranker.run(None, {"pairs": pairs})
        return np.asarray(scores, np.float32).reshape(-1)

    @property
    def dimensions(self) -> int:
        """The length D of an embedding."""
        return int(self.bundle.layout.graphs["candidate_tower.onnx"]["embedding"].shape[-1])

    def _embed_batch(self, queries: Sequence[TrackInputs]) -> Floats:
        sizes = [len(query) for query in queries]
        joined = TrackInputs(
            *(
                np.concatenate([getattr(query, each.name) for query in queries])
                for each in fields(TrackInputs)
            )
        )
        hidden, embeddings, _ = self._run_candidate(joined)
        mask = np.arange(max(sizes)) < np.array(sizes)[:, None]  # (B, S)
        padded = [np.zeros((*mask.shape, part.shape[1]), np.float32) for part in (hidden, embeddings)]
        padded[0][mask], padded[1][mask] = hidden, embeddings
        (answer,) = self._query.run(
            None, {"hidden": padded[0], "embedding": padded[1], "mask": mask.astype(np.float32)}
        )
        return np.asarray(answer, np.float32)

    def _run_candidate(self, tracks: TrackInputs) -> tuple[Floats, Floats, Floats]:
        hidden, embedding, bias = self._candidate.run(
            None, {name: np.ascontiguousarray(getattr(tracks, name)) for name in self._inputs}
        )
        return hidden, embedding, bias


def _open(bundle: Bundle, file: str, options: ort.SessionOptions) -> ort.InferenceSession:
    """Open one graph, and check that it takes and gives what the manifest says."""
    path = bundle.file(file)
    try:
        session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises many types of its own, with no common root but this
        raise BundleDamagedError(f"{path} is no graph that this ONNX Runtime can run: {error}") from error
    named, found = bundle.layout.graphs.get(file, {}), describe_session(session)
    if set(named) != set(found):
        raise BundleMismatchError(
            f"{path}: the manifest names {', '.join(named) or 'nothing'}, the graph has {', '.join(found)}",
            hint=RETRAIN_HINT,
        )
    for name, spec in found.items():
        check_spec(f"{name} of {path}", named[name], spec, {})
    return session
