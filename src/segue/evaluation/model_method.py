"""The recommender as a method that can be measured: rows in, rows out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.store import Catalogue
from segue.controls import Controls
from segue.evaluation.methods import Rows, Scores

# Best first and nothing held back: what is measured is the ranking, not the limits of a shown list.
PLAIN = Controls(max_per_artist=None, one_version=False, nameless=True, order="score")
_BATCH = 16  # lists: the product with the whole catalogue is read once for all of them


class Picked(Protocol):
    """What we need of `segue.recommend.flow.Picks`."""

    @property
    def rows(self) -> Rows:
        """The chosen rows, in order."""
        ...

    @property
    def ranking_scores(self) -> NDArray[np.floating]:
        """The ranking score of each."""
        ...


class Recommends(Protocol):
    """What we need of `segue.recommend.flow.Recommender`."""

    def pick_many(
        self, lists: Sequence[Sequence[str]], n: int = ..., controls: Controls = ...
    ) -> Sequence[Picked]:
        """Return the rows of a new playlist for each list of track ids."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """Picks for one list, best first, and the ranking score of each; (n,)."""

    rows: Rows
    scores: Scores


class ModelMethod:
    """A trained model behind the common protocol of methods.

    Parameters
    ----------
    recommender
        Works on `catalogue`.
    catalogue
        Where rows mean what they mean everywhere else in a measurement.
    name
        The name under which figures are reported.

    """

    def __init__(self, recommender: Recommends, catalogue: Catalogue, *, name: str) -> None:
        self._recommender = recommender
        self._catalogue = catalogue
        self.name = name

    def recommend(self, seeds: Rows, n: int) -> Rows:
        """Return n rows, best first; none when there are no seeds, since the model reads no titles."""
        if not len(seeds):
            return np.empty(0, dtype=np.int64)
        return next(self.iter_answers([seeds], n)).rows

    def iter_answers(self, seeds: Sequence[Rows], n: int, controls: Controls = PLAIN) -> Iterator[Answer]:
        """Give the picks for each list of seeds with their scores; a batch of lists is asked at once."""
        for start in range(0, len(seeds), _BATCH):
            batch = [
                [track.track_id for track in self._catalogue.get_tracks(rows.tolist())]
                for rows in seeds[start : start + _BATCH]
            ]
            for picked in self._recommender.pick_many(batch, n=n, controls=controls):
                yield Answer(picked.rows, picked.ranking_scores.astype(np.float64))


def trained_hashes(held: NDArray[np.uint64] | None, hashes: Sequence[int]) -> NDArray[np.bool_]:
    """Return which of these lists a bundle was trained on, (L,); none when it does not say.

    Parameters
    ----------
    held
        The sorted hashes that the bundle keeps, or None.
    hashes
        `TrackList.list_hash` of each list.

    """
    asked = np.array(hashes, dtype=np.uint64)
    return np.isin(asked, held) if held is not None else np.zeros(len(asked), dtype=np.bool_)
