"""Factorised accuracy, counted by hand."""

import numpy as np
import pytest

from segue.index.exact import ExactIndex
from segue.training.ranking import Question
from segue.training.topk import KS, topk_accuracy


def question(seeds: list[int], continuation: list[int]) -> Question:
    return Question(np.array(seeds), np.array(continuation))


def test_each_positive_is_ranked_alone() -> None:
    scores = np.arange(200, 0, -1, dtype=np.float32)  # row 0 is best
    embeddings, query = scores[:, None], np.ones((1, 1), np.float32)
    # Seeds 0 and 3 do not compete, nor do other positives: 1 is first; 7 has 2, 4, 5 and 6 before it.
    found = topk_accuracy(
        ExactIndex(embeddings, np.zeros(200, np.float32)), query, [question([0, 3], [1, 7, 150, 199])]
    )
    assert list(found) == [f"top {k}" for k in KS]
    assert [found[f"top {k}"] for k in KS] == [0.25, 0.5, 0.5, 0.5, 0.5]


def test_the_bias_counts_and_queries_are_averaged() -> None:
    embeddings = np.eye(4, dtype=np.float32)
    bias = np.array([0, 0, 0, 5], np.float32)
    asked = [question([0], [3]), question([0], [1])]
    found = topk_accuracy(ExactIndex(embeddings, bias), np.zeros((2, 4), np.float32), asked)
    # Row 3 leads by its bias; row 1 is behind it in the second.
    assert found["top 1"] == pytest.approx(0.5)
    assert found["top 5"] == 1


def test_a_tie_is_no_loss_and_a_small_catalogue_is_enough() -> None:
    embeddings = np.ones((3, 2), np.float32)
    found = topk_accuracy(
        ExactIndex(embeddings, np.zeros(3, np.float32)), np.ones((1, 2), np.float32), [question([0], [1])]
    )
    assert set(found.values()) == {1.0}
