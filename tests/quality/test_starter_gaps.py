"""The starter's sources lack different fields; a gap must not tell a model which source a track is of."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from segue.catalogue.store import Catalogue
from segue.recommender import Recommender
from segue.types import Track

METRE = "time_signature"  # only one of the two sources has it
LISTS = 12


def share_with_metre(path: Path, model: str, lists: list[list[str]], with_metre: set[str]) -> float:
    """Return the share of picks that are of the source that knows the metre."""
    with Recommender.open(path, model) as recommender:
        picks = [pick.track_id for seeds in lists for pick in recommender.recommend(seeds, n=50).tracks]
    return sum(track_id in with_metre for track_id in picks) / len(picks)


def hide_metre(track: Track) -> Track:
    return replace(track, features={name: value for name, value in track.features.items() if name != METRE})


@pytest.mark.parametrize("model", ["full", "audio"])
def test_picks_do_not_follow_the_gaps(
    model: str, starter: Path, tmp_path: Path, rng: np.random.Generator
) -> None:
    with Catalogue.open(starter) as catalogue:
        tracks = catalogue.get_tracks(range(len(catalogue)))
    hidden = tmp_path / "hidden.sqlite"
    with Catalogue.create(hidden) as made:
        made.upsert(map(hide_metre, tracks))
    with_metre = {track.track_id for track in tracks if METRE in track.features}
    for source in (with_metre, {track.track_id for track in tracks} - with_metre):
        rock = [t.track_id for t in tracks if t.track_id in source and "rock" in t.genre and t.popularity]
        lists = [list(rng.choice(rock, 12, replace=False)) for _ in range(LISTS)]
        shares = [share_with_metre(path, model, lists, with_metre) for path in (starter, hidden)]
        assert abs(shares[0] - shares[1]) <= 0.05, shares
