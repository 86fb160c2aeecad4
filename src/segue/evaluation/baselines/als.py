"""Implicit-feedback matrix factorisation, from the library `implicit` (the extra `evaluate`)."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from segue.catalogue.store import Columns
from segue.errors import InputError
from segue.evaluation.methods import Rows, best_rows, count_rows

_FACTORS, _ROUNDS, _REGULARIZATION, _ALPHA = 128, 12, 3.0, 20.0


class Als:
    """Alternating least squares (Hu, Koren, Volinsky 2008) over lists and tracks.

    A new list gets its factors in closed form from its seeds. Tracks in no training list score nothing.
    """

    name = "als"

    def __init__(self, columns: Columns) -> None:
        self._n_rows = len(columns.year)

    def fit(self, lists: Sequence[Rows]) -> None:
        """Factorise the matrix of lists and tracks.

        Raises
        ------
        InputError
            When `implicit` is not installed.

        """
        try:
            from implicit.cpu.als import AlternatingLeastSquares
            from threadpoolctl import threadpool_limits
        except ImportError as error:
            raise InputError(
                "the baseline 'als' needs the library implicit",
                hint="pip install '.[evaluate]', or leave this baseline out.",
            ) from error
        self._counts = count_rows(lists, self._n_rows)
        self._columns = np.flatnonzero(self._counts)  # only tracks on some list have factors
        self._place = np.full(self._n_rows, -1, dtype=np.int64)
        self._place[self._columns] = np.arange(len(self._columns))
        with threadpool_limits(1, "blas"):  # implicit has threads of its own, and minds those of others
            self._model: Any = AlternatingLeastSquares(
                factors=_FACTORS,
                iterations=_ROUNDS,
                regularization=_REGULARIZATION,
                alpha=_ALPHA,
                random_state=7,
            )
            if len(self._columns):
                self._model.fit(self._matrix(lists), show_progress=False)

    def recommend(self, seeds: Rows, n: int) -> Rows:
        """Return the n rows with the highest product of factors; popular ones when no seed has factors."""
        scores = np.full(self._n_rows, -np.inf)
        known = seeds[self._counts[seeds] > 0]
        if len(known):
            factors = self._model.recalculate_user(0, self._matrix([known]))
            scores[self._columns] = np.asarray(self._model.item_factors @ np.ravel(factors))
        else:
            scores[self._columns] = self._counts[self._columns]
        return best_rows(scores, n, seeds)

    def _matrix(self, lists: Sequence[Rows]) -> Any:
        from scipy.sparse import csr_matrix

        ends = np.concatenate([[0], np.cumsum([len(rows) for rows in lists])])
        places = self._place[np.concatenate(lists)] if lists else np.empty(0, dtype=np.int64)
        shape = (len(lists), len(self._columns))
        return csr_matrix((np.ones(len(places), dtype=np.float32), places, ends), shape=shape)
