"""What a ranking score is made of: for each group of columns, what the score would lose without it."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from segue.index.protocol import Rows
from segue.recommend.candidates import Candidates
from segue.recommend.pair_features import feature_groups
from segue.recommend.track_arrays import Floats
from segue.types import ScoreMakeup, ScorePart


class Ranker(Protocol):
    """What orders candidates."""

    def rank(self, pairs: Floats, names: Sequence[str]) -> Floats:
        """Return a score (C,), higher is better, for each of C pairs (C, F) with columns so named."""
        ...


def make_up(
    ranker: Ranker, candidates: Candidates, pairs: Floats, *, chosen: Rows, knows_lists: bool
) -> tuple[ScoreMakeup, ...]:
    """Return how each of n picks came to its score.

    A group's columns are replaced by their mean over all candidates, for one pick and one group at a time;
    the difference in ranking score is the group's contribution. A column that is the same for all
    candidates contributes nothing.

    Parameters
    ----------
    ranker
        Gave the ranking scores.
    candidates
        What the sources found.
    pairs
        (C, F) their pair features.
    chosen
        (n,) positions among the candidates.
    knows_lists
        As `Tables.knows_lists`; says which columns there are.

    """
    groups = feature_groups(knows_lists=knows_lists)
    names = [name for own in groups.values() for name in own]
    mean = pairs.mean(axis=0, dtype=np.float64).astype(np.float32)  # (F,)
    changed = np.repeat(
        pairs[chosen][None], len(groups) + 1, axis=0
    )  # (G + 1, n, F); the first stays as it is
    start = 0
    for number, own in enumerate(groups.values(), 1):
        columns = slice(start, start + len(own))
        changed[number, :, columns] = mean[columns]
        start = columns.stop
    scores = ranker.rank(changed.reshape(-1, len(names)), names)  # (G + 1, n, F) -> ((G + 1) * n, F)
    scores = scores.reshape(len(groups) + 1, -1)  # ((G + 1) * n,) -> (G + 1, n)
    added = (scores[0] - scores[1:]).T.tolist()  # (n, G)
    return tuple(
        ScoreMakeup(
            candidates.sources_of(row),
            tuple(ScorePart(group, value) for group, value in zip(groups, values, strict=True)),
        )
        for row, values in zip(candidates.rows[chosen].tolist(), added, strict=True)
    )
