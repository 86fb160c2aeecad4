"""Brute force against a plain sort."""

import numpy as np

from segue.index.exact import ExactIndex, find_best


def test_scores_are_products_plus_bias_for_one_and_for_many(rng: np.random.Generator) -> None:
    embeddings, bias = rng.random((50, 8), np.float32), rng.random(50, np.float32)
    index = ExactIndex(embeddings, bias)
    queries = rng.random((3, 8), np.float32)
    rows = np.arange(50)
    assert len(index) == 50
    for query, scan in zip(queries, index.scan(queries), strict=True):
        np.testing.assert_allclose(scan.score_rows(rows), embeddings @ query + bias, rtol=1e-5)
        np.testing.assert_allclose(index.score_rows(query, rows), scan.score_rows(rows), rtol=1e-5)


def test_the_best_are_those_of_a_full_sort(rng: np.random.Generator) -> None:
    scores = rng.integers(0, 20, 200).astype(np.float32)
    for n in (1, 7, 200, 500):
        best = find_best(scores, n)
        assert np.array_equal(scores[best], np.sort(scores)[::-1][:n])


def test_what_is_ruled_out_never_comes_back() -> None:
    scores = np.array([1, -np.inf, 3, -np.inf], np.float32)
    assert find_best(scores, 4).tolist() == [2, 0]


def test_the_short_cut_through_long_arrays_loses_nothing(rng: np.random.Generator) -> None:
    for number in range(20):
        scores = rng.normal(size=20_000).astype(np.float32)
        scores[rng.random(20_000) < number / 20] = -np.inf
        if number % 2:
            scores = np.sort(scores)  # the sample is then as misleading as it can be
        for n in (1, 500, 5_000, 30_000):
            expected = np.sort(scores[scores > -np.inf])[::-1][:n]
            assert np.array_equal(scores[find_best(scores, n)], expected)
