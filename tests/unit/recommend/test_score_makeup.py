"""What a score is made of, on a ranker whose formula is known."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from made_tables import make_tables
from segue.recommend.candidates import Candidates
from segue.recommend.pair_features import Seeds, feature_groups, pair_features, pair_names
from segue.recommend.score_makeup import make_up
from segue.recommend.track_arrays import Floats
from segue.recommender import Recommender


class Planted:
    """Twice the year's column, plus the bias times the number of seeds by the artist."""

    def rank(self, pairs: Floats, names: Sequence[str]) -> Floats:
        year, bias, artist = (pairs[:, names.index(name)] for name in ("year_z", "bias", "seeds_by_artist"))
        return np.asarray(2 * year + bias * artist, np.float32)


def test_a_group_gives_what_it_differs_from_the_mean_by() -> None:
    names = pair_names(knows_lists=True)
    pairs = np.zeros((3, len(names)), np.float32)
    pairs[:, names.index("year_z")] = (0, 3, 6)  # the mean is 3
    pairs[:, names.index("bias")] = (1, 2, 3)  # the mean is 2
    pairs[:, names.index("seeds_by_artist")] = (0, 3, 3)  # the mean is 2
    rows = np.array([40, 50, 60])
    found = (("towers", np.array([60, 40])), ("scene", np.array([60, 50])))
    candidates = Candidates(rows, np.zeros(3, np.float32), found)
    last, first = make_up(Planted(), candidates, pairs, chosen=np.array([2, 0]), knows_lists=True)
    assert last.sources == ("towers", "scene")
    assert first.sources == ("towers",)
    parts = {part.group: part.contribution for part in last.parts}
    assert list(parts) == list(feature_groups(knows_lists=True))
    assert parts["years"] == 2 * (6 - 3)
    assert parts["embeddings"] == (3 - 2) * 3
    assert parts["shared artists and albums"] == 3 * (3 - 2)
    assert parts["sound"] == parts["number of seeds"] == 0
    parts = {part.group: part.contribution for part in first.parts}
    assert (parts["years"], parts["embeddings"], parts["shared artists and albums"]) == (-6, 0, -2)


def test_groups_hold_every_column_once_in_the_order_of_the_pair_features() -> None:
    tables = make_tables()
    seeds = Seeds(np.array([4]), tables.embeddings[4])
    names, values = pair_features(tables, seeds, np.array([1, 2]), np.zeros(2, np.float32))
    grouped = [name for own in feature_groups(knows_lists=True).values() for name in own]
    assert list(names) == grouped
    assert len(set(grouped)) == values.shape[1] == 49
    assert len(pair_names(knows_lists=False)) == 21


@pytest.mark.parametrize("model", ["full", "audio"])
def test_the_flow_tells_it_on_request_and_answers_the_same(model: str, starter: Path) -> None:
    with Recommender.open(starter, model) as recommender:
        ids = [track.track_id for track in recommender.catalogue.find_by_genre("rock", limit=5)]
        plain = recommender.recommend(ids, 10)
        told = recommender.recommend(ids, 10, explain_scores=True)
    assert [pick.track_id for pick in plain.tracks] == [pick.track_id for pick in told.tracks]
    assert all(pick.makeup is None for pick in plain.tracks)
    for pick in told.tracks:
        assert pick.makeup is not None
        assert pick.makeup.sources
        assert [part.group for part in pick.makeup.parts] == list(feature_groups(knows_lists=model == "full"))
        assert any(part.contribution for part in pick.makeup.parts)
