"""Factorised top-k accuracy: how often a positive is among the k nearest of the whole catalogue."""

from collections.abc import Sequence

import numpy as np

from segue.index.protocol import Index
from segue.recommend.track_arrays import Floats
from segue.training.ranking import Question

KS = (1, 5, 10, 50, 100)


def topk_accuracy(index: Index, queries: Floats, questions: Sequence[Question]) -> dict[str, float]:
    """Return for each k the share of (query, positive) pairs whose positive is among the k best.

    The whole catalogue competes but for the query's own seeds and other positives: each positive is ranked
    alone, as `FactorizedTopK` does.

    Parameters
    ----------
    index
        Of the whole catalogue.
    queries
        (Q, D), times the temperature.
    questions
        The seeds and positives of each query.

    """
    better = []
    for question, query in zip(questions, queries, strict=True):
        (scan,) = index.scan(query[None])
        competes = np.ones(len(index), np.bool_)
        competes[question.seeds] = competes[question.continuation] = False
        _, best = scan.search(KS[-1], competes)
        positives = scan.score_rows(question.continuation)
        better.append(len(best) - np.searchsorted(best[::-1], positives, side="right"))
    ranks = np.concatenate(better)
    return {f"top {k}": float((ranks < k).mean()) for k in KS}
