"""Answer the playlists of a challenge set: the model where seeds are known, popularity where none is."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.store import Catalogue
from segue.corpus.lists import distinct
from segue.evaluation.challenge import SUBMISSION_LENGTH, ChallengePlaylist
from segue.evaluation.methods import Method, Rows, count_rows


def popular_rows(catalogue: Catalogue, lists: Sequence[Rows]) -> Rows:
    """Return rows, the most listed first; those on no list follow by popularity."""
    counts = count_rows(lists, len(catalogue)).astype(np.float64)
    popularity = np.nan_to_num(catalogue.load_columns().popularity, nan=0.0)
    order = np.lexsort((-popularity, -counts))
    return order.astype(np.int64)


def answer_challenge(
    playlists: Sequence[ChallengePlaylist],
    method: Method,
    catalogue: Catalogue,
    *,
    popular: Rows,
    progress: Callable[[int, int], None],
) -> list[list[str]]:
    """Return 500 track ids for each playlist, best first.

    Parameters
    ----------
    playlists
        What is to be continued. Seeds that the catalogue does not hold are skipped.
    method
        Answers where at least one seed is known; where it gives fewer than 500, popular tracks follow.
    catalogue
        Where rows mean what `method` means by them.
    popular
        All rows, most popular first.
    progress
        Is told how many playlists are done, out of how many.

    """
    answers = []
    for place, playlist in enumerate(playlists):
        progress(place, len(playlists))
        known = catalogue.find_rows(playlist.track_ids)
        rows = _answer(distinct(known[known >= 0]), method, popular)
        answers.append([track.track_id for track in catalogue.get_tracks(rows.tolist())])
    progress(len(playlists), len(playlists))
    return answers


def _answer(seeds: NDArray[np.int64], method: Method, popular: Rows) -> Rows:
    picks = method.recommend(seeds, SUBMISSION_LENGTH) if len(seeds) else np.empty(0, dtype=np.int64)
    wanted = SUBMISSION_LENGTH + len(seeds) + len(picks)
    filled = distinct(np.concatenate([picks, popular[:wanted]]))
    return filled[~np.isin(filled, seeds)][:SUBMISSION_LENGTH]
