"""One suite for every index, on vectors whose answer is known.

To add an index, add it to `INDEXES`. The plane is cut into 40 directions; the nearest to direction i are its
neighbours, in order of their distance along the circle.
"""

from collections.abc import Callable

import numpy as np
import pytest

from segue.index.exact import ExactIndex
from segue.index.protocol import Floats, Index, Scan

INDEXES: dict[str, Callable[[Floats, Floats], Index]] = {"exact": ExactIndex}
N = 40
ANGLES = np.arange(N) * 2 * np.pi / N
CIRCLE = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)]).astype(np.float32)
EVERY_ROW = np.arange(N)


@pytest.fixture(params=INDEXES)
def build(request: pytest.FixtureRequest) -> Callable[[Floats, Floats], Index]:
    return INDEXES[request.param]


@pytest.fixture
def index(build: Callable[[Floats, Floats], Index]) -> Index:
    return build(CIRCLE, np.zeros(N, np.float32))


def _towards(turn: float) -> Floats:
    """A query a little after direction `turn`, so that no two rows are equally near."""
    angle = (turn + 0.1) * 2 * np.pi / N
    return np.array([np.cos(angle), np.sin(angle)], np.float32)


def test_the_planted_nearest_come_back_best_first(index: Index) -> None:
    rows, scores = index.search(_towards(7), 5)
    assert rows.tolist() == [7, 8, 6, 9, 5]
    assert rows.dtype == np.int64
    assert scores.dtype == np.float32
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)
    np.testing.assert_allclose(scores, CIRCLE[rows] @ _towards(7), rtol=1e-5)


def test_the_bias_counts(build: Callable[[Floats, Floats], Index]) -> None:
    bias = np.zeros(N, np.float32)
    bias[27] = 5  # the opposite direction of 7: only its bias brings it to the front
    assert build(CIRCLE, bias).search(_towards(7), 3)[0].tolist() == [27, 7, 8]


def test_what_is_not_allowed_never_comes_back(index: Index) -> None:
    allowed = np.ones(N, bool)
    allowed[[7, 6]] = False
    assert index.search(_towards(7), 3, allowed)[0].tolist() == [8, 9, 5]
    only = EVERY_ROW == 30
    assert index.search(_towards(7), 3, only)[0].tolist() == [30]
    rows, scores = index.search(_towards(7), 3, np.zeros(N, bool))
    assert len(rows) == len(scores) == 0


def test_more_than_there_is_gives_all(index: Index) -> None:
    rows, _ = index.search(_towards(0), 10 * N)
    assert sorted(rows.tolist()) == EVERY_ROW.tolist()


def test_many_queries_get_what_each_gets_alone(index: Index) -> None:
    queries = np.stack([_towards(turn) for turn in (3, 11, 29)])
    masks = [None, EVERY_ROW != 11, EVERY_ROW % 2 == 0]
    together = index.search_many(queries, 4, masks)
    assert [rows.tolist() for rows, _ in together] == [
        index.search(query, 4, mask)[0].tolist() for query, mask in zip(queries, masks, strict=True)
    ]
    assert index.search_many(queries, 1)[2][0].tolist() == [29]
    with pytest.raises(ValueError, match="zip"):
        index.search_many(queries, 4, masks[:2])


def test_rows_of_others_get_the_scores_that_a_search_gives(index: Index) -> None:
    (scan,) = index.scan(_towards(5)[None])
    rows, scores = scan.search(N)
    assert np.array_equal(scan.score_rows(rows), scores)
    assert np.array_equal(scan.score_rows(rows[::-3]), scores[::-3])
    np.testing.assert_allclose(index.score_rows(_towards(5), rows), scores, rtol=1e-5)


def test_nothing_that_a_caller_does_changes_a_later_answer(index: Index) -> None:
    def ask(scan: Scan) -> list[float]:
        return [float(score) for score in scan.search(N)[1]]

    (scan,) = index.scan(_towards(5)[None])
    before = ask(scan)
    allowed = EVERY_ROW != 5
    scan.search(3, allowed)
    for handed in (scan.search(N)[1], scan.score_rows(EVERY_ROW)):
        handed[:] = -1
    assert ask(scan) == before
    assert np.array_equal(allowed, EVERY_ROW != 5)
