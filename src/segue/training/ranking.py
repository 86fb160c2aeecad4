"""Fitting the ranker on lists that the towers have not seen: held-out positives against retrieved negatives.

Two models look at the same pair features and their scores are added: boosted trees (LambdaRank), and a
network with two hidden layers and a rating head. Both learn to order each list. Why there are two is in
docs/decisions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from segue.index.exact import ExactIndex
from segue.recommend.candidates import find_candidates, start_lookup
from segue.recommend.pair_features import Seeds, pair_features, pair_names
from segue.recommend.track_arrays import Floats, Tables
from segue.training.export import export_ranker
from segue.training.ranker_network import Network, Pairs

MAX_SEEDS = 100
FEW_SEEDS = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Question:
    """What the ranker learns from: the seeds of a list (S,) and what should follow (G,), as rows."""

    seeds: NDArray[np.int64]
    continuation: NDArray[np.int64]


def ask(lists: Sequence[NDArray[np.int64]], rng: np.random.Generator, *, halves: int = 1) -> list[Question]:
    """Ask questions of each list: `halves` with a half of it as seeds, and of each third with only a few."""
    questions = []
    for place, own in enumerate(lists):
        counts = [min(len(own) // 2, MAX_SEEDS)] * halves
        if place % 3 == 0:
            counts.append(int(rng.choice(FEW_SEEDS)))
        for count in counts:
            shuffled = rng.permutation(own)
            if 0 < count < len(own):
                questions.append(Question(shuffled[:count], shuffled[count:]))
    return questions


def gather_pairs(
    tables: Tables,
    questions: Sequence[Question],
    queries: Floats,
    *,
    n_candidates: int,
    share: float = 1.0,
    rng: np.random.Generator,
    progress: Callable[[int, int], None],
) -> Pairs:
    """Retrieve for each question and describe what came back.

    `queries` is (Q, D). Of the candidates that do not follow, only `share` is kept, drawn by `rng`.
    """
    values, labels = [], []
    names = pair_names(knows_lists=tables.knows_lists)
    index = ExactIndex(tables.embeddings, tables.bias)
    for done, (question, query) in enumerate(zip(questions, queries, strict=True), 1):
        (scan,) = index.scan(query[None] * np.float32(tables.temperature))
        seeds = Seeds(question.seeds, query)
        found = find_candidates(start_lookup(tables, seeds, scan), n_candidates)
        _, described = pair_features(tables, seeds, found.rows, found.scores)
        follows = np.isin(found.rows, question.continuation)
        kept = follows | (rng.random(len(follows)) < share)
        values.append(described[kept])
        labels.append(follows[kept])
        progress(done, len(questions))
    sizes = np.array([len(each) for each in labels])
    return Pairs(list(names), np.concatenate(values), np.concatenate(labels).astype(np.float32), sizes)


def fit(
    pairs: Pairs, held_out: Pairs, *, rng: int, rounds: int, report: Callable[[dict[str, float]], None]
) -> tuple[bytes, dict[str, float]]:
    """Fit both models; return the graph of their sum and its figures on the held-out pairs.

    Each is divided by its own standard deviation first, so that they weigh the same.
    """
    trees = fit_trees(pairs, rng=rng, rounds=rounds)
    network = Network(pairs.values, rng=rng)
    network.fit(pairs, rng=rng)
    parts = (trees.predict(pairs.values), network.score(pairs.values))
    scales = tuple(1 / max(float(part.std()), 1e-6) for part in parts)
    scores = (trees.predict(held_out.values) * scales[0], network.score(held_out.values) * scales[1])
    figures = measure(scores[0] + scores[1], held_out)
    figures |= {f"trees_{name}": value for name, value in measure(scores[0], held_out).items()}
    figures |= {f"network_{name}": value for name, value in measure(scores[1], held_out).items()}
    report(figures)
    return export_ranker(trees, network.model, pairs.values.shape[1], scales), figures


def fit_trees(pairs: Pairs, *, rng: int, rounds: int) -> Any:
    """Fit boosted trees with LambdaRank (Burges 2010, MSR-TR-2010-82); returns a Booster."""
    data = lightgbm.Dataset(pairs.values, pairs.labels, group=pairs.sizes, feature_name=pairs.names)
    settings = {
        "objective": "lambdarank",
        "lambdarank_truncation_level": 200,
        "learning_rate": 0.08,
        "num_leaves": 31,
        "min_data_in_leaf": 100,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "seed": rng,
        "deterministic": True,
        "verbose": -1,
    }
    return lightgbm.train(settings, data, rounds)


def measure(scores: Floats, pairs: Pairs) -> dict[str, float]:
    """Return NDCG over all candidates, log loss and RMSE, the last two after a logistic calibration."""
    ndcg, start = [], 0
    for size in pairs.sizes:
        part = slice(start, start + size)
        start += size
        labels = pairs.labels[part]
        if labels.any():
            ordered = labels[np.argsort(-scores[part], kind="stable")]
            discount = 1 / np.log2(np.arange(2, size + 2))
            ndcg.append(float(ordered @ discount / discount[: int(labels.sum())].sum()))
    share = 1 / (1 + np.exp(-_calibrate(scores, pairs.labels)))
    clipped = np.clip(share, 1e-6, 1 - 1e-6)
    loss = -(pairs.labels * np.log(clipped) + (1 - pairs.labels) * np.log(1 - clipped)).mean()
    return {
        "ndcg": float(np.mean(ndcg)),
        "loss": float(loss),
        "rmse": float(np.sqrt(((share - pairs.labels) ** 2).mean())),
        "rmse_of_the_mean": float(pairs.labels.std()),
    }


def _calibrate(scores: Floats, labels: Floats) -> Floats:
    """Return a * scores + b, the logits that fit the labels best (Platt scaling, by Newton's method)."""
    features = np.column_stack([scores, np.ones_like(scores)]).astype(np.float64)
    weights = np.array([1.0, np.log(labels.mean() / (1 - labels.mean()))])
    for _ in range(25):
        share = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (share - labels)
        curvature = (features * (share * (1 - share))[:, None]).T @ features + 1e-6 * np.eye(2)
        weights = weights - np.linalg.solve(curvature, gradient)
    fitted: Floats = (features @ weights).astype(np.float32)
    return fitted
