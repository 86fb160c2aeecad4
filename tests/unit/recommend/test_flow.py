"""What becomes of the seeds before anything is asked of a model."""

import numpy as np
import pytest

from made_tracks import make_id
from segue.errors import InvalidControlsError
from segue.recommend.flow import MAX_SEEDS, _clean, _spread


def test_seeds_count_once_in_their_order_however_they_are_written() -> None:
    one, other = make_id(1), make_id(2)
    given = [other, f"spotify:track:{one}", f"https://open.spotify.com/track/{other}?si=x", one, "own id"]
    assert _clean(given) == (other, one, "own id")


def test_a_text_is_no_list_of_seeds() -> None:
    with pytest.raises(InvalidControlsError, match="expected a list of track ids, got the text") as caught:
        _clean(make_id(1))
    assert "segue.read_playlist" in caught.value.hint


def test_up_to_500_seeds_are_all_heard() -> None:
    rows = np.arange(MAX_SEEDS) * 7
    assert _spread(rows) is rows


def test_of_more_seeds_evenly_spaced_ones_are_heard_from_the_first_to_the_last() -> None:
    assert MAX_SEEDS == 500
    chosen = _spread(np.arange(999) + 10)  # 998 steps in 499 gaps: every second one
    assert chosen.tolist() == list(range(10, 1009, 2))
    assert len(np.unique(_spread(np.arange(501)))) == 500
