"""Factorised top-k accuracy: how often a positive is among the k nearest of the whole catalogue."""

from collections.abc import Sequence

import numpy as np

from segue.recommend.track_arrays import Floats
from segue.training.ranking import Question

KS = (1, 5, 10, 50, 100)


def topk_accuracy(
    embeddings: Floats, bias: Floats, queries: Floats, questions: Sequence[Question]
) -> dict[str, float]:
    """Return for each k the share of (query, positive) pairs whose positive is among the k best.

    The whole catalogue competes but for the query's own seeds and other positives: each positive is ranked
    alone, as `FactorizedTopK` does.

    Parameters
    ----------
    embeddings, bias
        (N, D) and (N,).
    queries
        (Q, D), times the temperature.
    questions
        The seeds and positives of each query.

    """
    places = []
    for question, query in zip(questions, queries, strict=True):
        scores = embeddings @ query + bias
        positives = np.sort(scores[question.continuation])
        others = np.delete(scores, np.concatenate([question.seeds, question.continuation]))
        best = (
            np.sort(np.partition(others, len(others) - KS[-1])[-KS[-1] :])
            if len(others) > KS[-1]
            else np.sort(others)
        )
        places.append(len(best) - np.searchsorted(best, positives, side="right"))
    ranks = np.concatenate(places)
    return {f"top {k}": float((ranks < k).mean()) for k in KS}
