"""Single columns, worked out by hand, and a moved column that is refused before anything is answered."""

from pathlib import Path

import numpy as np
import pytest

from made_tables import make_tables
from segue.errors import BundleMismatchError
from segue.recommend import pair_features as layout
from segue.recommend.pair_features import Seeds, pair_features
from segue.recommender import Recommender


def test_columns_by_hand() -> None:
    tables = make_tables()
    seeds = Seeds(np.array([4, 6]), tables.embeddings[5])
    names, values = pair_features(tables, seeds, np.array([5, 0]), np.array([2, 9], np.float32))
    by_name = dict(zip(names, values.T.tolist(), strict=True))
    assert by_name["retrieval"] == [2, 9]
    assert by_name["retrieval_rank"] == pytest.approx([np.log(2), 0])
    assert by_name["retrieval_gap"] == [-7, 0]
    assert by_name["tower_nearest"] == pytest.approx([np.cos(0.1), np.cos(0.4)], rel=1e-5)
    assert by_name["tower_mean"] == pytest.approx([np.cos(0.1), (np.cos(0.4) + np.cos(0.6)) / 2], rel=1e-5)
    assert by_name["seeds_by_artist"] == [1, 0]
    assert by_name["share_by_artist"] == [0.5, 0]
    assert by_name["artist_covered"] == pytest.approx([1 / 3, 0])
    assert by_name["year_nearest"] == [1, 4]
    assert by_name["year_share"] == [1, 0]
    assert by_name["n_seeds"] == pytest.approx([np.log(2)] * 2)


def test_all_given_seeds_are_ruled_out_and_only_the_used_are_described() -> None:
    query = np.zeros(2, np.float32)
    assert Seeds(np.array([1]), query).all_rows.tolist() == [1]
    assert Seeds(np.array([1]), query, np.array([1, 2])).all_rows.tolist() == [1, 2]


def test_moved_columns_are_refused_when_the_model_is_opened(
    made_starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned = dict(reversed(layout._ALWAYS.items()))
    monkeypatch.setattr(layout, "_ALWAYS", turned)
    with pytest.raises(BundleMismatchError, match="should be 'retrieval' and is 'sound_nearest'"):
        Recommender.open(made_starter, "audio")
