"""Filters, steering and picking, on a dozen tracks."""

from itertools import pairwise

import numpy as np
import pytest

from made_tables import make_tables
from segue.controls import Controls
from segue.features import AUDIO_NAMES
from segue.recommend.candidates import Candidates
from segue.recommend.filters import allow
from segue.recommend.pair_features import Seeds, pair_features
from segue.recommend.rescore import find_familiarity, steer
from segue.recommend.select import pick
from segue.recommend.track_arrays import Factors, Floats, Tables

ROWS = np.arange(12)


def _seeds(tables: Tables, *rows: int) -> Seeds:
    chosen = np.array(rows)
    return Seeds(chosen, tables.embeddings[chosen].mean(axis=0), chosen)


@pytest.mark.parametrize(
    ("controls", "expected"),
    [
        (Controls(), {0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11}),
        (Controls(new_artists_only=True), {0, 1, 2, 6, 7, 8, 9, 10, 11}),
        (Controls(minimum={"tempo": 105}, maximum={"tempo": 107}), {5, 6, 7}),
        (Controls(years=(None, 1992)), {0, 1, 2}),
        (Controls(popularity=(90, None)), {10, 11}),
    ],
)
def test_filters_let_through_what_they_say(controls: Controls, expected: set[int]) -> None:
    assert set(np.flatnonzero(allow(make_tables(), np.array([4]), controls, [])).tolist()) == expected


def test_versions_of_a_seed_and_excluded_tracks_are_out() -> None:
    version, isrc = np.full(12, -1, np.int32), np.full(12, -1, np.int32)
    version[[4, 7]], isrc[[4, 9]] = 0, 0
    allowed = allow(make_tables(version=version, isrc=isrc), np.array([4]), Controls(), [1])
    assert np.flatnonzero(~allowed).tolist() == [1, 4, 7, 9]


def test_a_track_that_lacks_a_value_fails_a_bound_only() -> None:
    tables = make_tables()
    tables.inputs.year[3] = np.nan
    assert allow(tables, np.array([4]), Controls(), [])[3]
    assert not allow(tables, np.array([4]), Controls(years=(1900, 2100)), [])[3]


def test_tracks_without_a_title_are_asked_for_or_all_that_there_is() -> None:
    named = np.ones(12, bool)
    named[[2, 3]] = False
    tables = make_tables(named=named)
    assert np.flatnonzero(~allow(tables, np.array([4]), Controls(), [])).tolist() == [2, 3, 4]
    assert np.flatnonzero(~allow(tables, np.array([4]), Controls(nameless=True), [])).tolist() == [4]
    nobody = make_tables(named=np.zeros(12, bool))
    assert np.flatnonzero(~allow(nobody, np.array([4]), Controls(), [])).tolist() == [4]


def test_a_model_of_sound_alone_picks_nothing_that_it_cannot_hear() -> None:
    nobody = Factors(np.zeros((1, 1), np.float32), np.zeros(12, np.int32))
    deaf, other = make_tables(songs=nobody), make_tables()
    for tables in (deaf, other):
        tables.inputs.audio[3] = np.nan
        tables.inputs.audio[3, AUDIO_NAMES.index("duration_ms")] = 200_000
    assert not allow(deaf, np.array([4]), Controls(nameless=True), [])[3]
    assert allow(other, np.array([4]), Controls(), [])[3]


def test_picking_holds_both_limits_and_keeps_the_order() -> None:
    version = np.full(12, -1, np.int32)
    version[[0, 3]] = 5
    tables = make_tables(version=version)
    two = Controls(max_per_artist=2)
    assert pick(tables, ROWS, ROWS, n=12, controls=two).tolist() == [0, 1, 4, 5, 6, 7, 9, 10]
    assert pick(tables, ROWS, ROWS[::-1], n=3, controls=two).tolist() == [11, 10, 8]
    free = Controls(max_per_artist=None, one_version=False)
    assert pick(tables, ROWS, ROWS, n=4, controls=free).tolist() == [0, 1, 2, 3]


def test_tracks_without_an_artist_are_not_limited() -> None:
    tables = make_tables(artist=np.full(12, -1, np.int32))
    assert len(pick(tables, ROWS, ROWS, n=12, controls=Controls(max_per_artist=1))) == 12


def _steer(tables: Tables, ranking: Floats, controls: Controls, seeds: tuple[int, ...] = ()) -> Floats:
    rows = np.array(seeds, np.int64)
    return steer(tables, Candidates(ROWS, ranking), ranking, seeds=rows, controls=controls)


def test_without_controls_steering_changes_nothing() -> None:
    ranking = np.linspace(1, 0, 12, dtype=np.float32)
    assert _steer(make_tables(), ranking, Controls()) is ranking


@pytest.mark.parametrize("lists", [True, False])
@pytest.mark.parametrize("popularity", [True, False])
def test_adventure_never_raises_familiarity(lists: bool, popularity: bool, rng: np.random.Generator) -> None:
    """Whatever is known, and in whatever order the ranker has the candidates."""
    changed: dict[str, Floats] = {} if lists else {"song_count": np.zeros(12, np.float32)}
    if not popularity:
        changed["popularity"] = np.full(12, np.nan, np.float32)
    tables, seeds = make_tables(12, **changed), np.array([3])
    saved = 0.0
    for _ in range(50):
        ranking = rng.random(12, np.float32)
        familiarity = find_familiarity(tables, Candidates(ROWS, ranking), seeds)
        sums = []
        for adventure in (0.0, 0.25, 0.5, 0.75, 1.0):
            chosen = _steer(tables, ranking, Controls(adventurousness=adventure), (3,))
            sums.append(float(familiarity[np.argsort(-chosen, kind="stable")[:5]].sum()))
        assert all(after <= before + 1e-4 for before, after in pairwise(sums))
        saved += sums[0] - sums[-1]
    assert saved > 1


def test_unknown_popularity_is_middling() -> None:
    popularity = np.array([10, 0, 90, np.nan] * 3, np.float32)
    tables = make_tables(popularity=popularity, song_count=np.zeros(12, np.float32))
    familiarity = find_familiarity(tables, Candidates(ROWS, np.ones(12, np.float32)), np.array([], np.int64))
    unpopular, unknown, popular, missing = familiarity[:4]
    assert unpopular < unknown == missing < popular


def test_more_adventure_is_less_of_the_seeds_artists() -> None:
    nothing = np.zeros(12, np.float32)
    tables = make_tables(song_count=nothing, popularity=nothing)
    ranking = np.linspace(1, 0, 12, dtype=np.float32)
    for adventure, own in ((0.0, 3), (1.0, 0)):
        chosen = _steer(tables, ranking, Controls(adventurousness=adventure), (1,))
        assert sum(row < 3 for row in np.argsort(-chosen)[:5]) == own


def test_where_nothing_tells_songs_apart_adventure_goes_away_from_the_seeds() -> None:
    nothing = np.zeros(12, np.float32)
    tables = make_tables(song_count=nothing, popularity=nothing, artist=np.full(12, -1, np.int32))
    ranking = np.linspace(1, 0, 12, dtype=np.float32)
    chosen = _steer(tables, ranking, Controls(adventurousness=1), (1,))
    assert chosen.argmax() == 11


def test_a_popularity_of_0_is_not_known() -> None:
    popularity = np.arange(12, dtype=np.float32)
    tables, seeds = make_tables(popularity=popularity), np.array([11])
    assert np.flatnonzero(allow(tables, seeds, Controls(popularity=(None, 2)), [])).tolist() == [1, 2]
    assert np.flatnonzero(allow(tables, seeds, Controls(popularity=(0, 2)), [])).tolist() == [0, 1, 2]


def test_a_target_pulls() -> None:
    chosen = _steer(make_tables(), np.zeros(12, np.float32), Controls(target={"tempo": 107}))
    assert chosen.argmax() == 7


def test_pair_features_have_names_and_no_gaps() -> None:
    tables = make_tables()
    tables.inputs.year[[2, 4]] = np.nan
    seeds = _seeds(tables, 4, 5)
    names, values = pair_features(tables, seeds, ROWS[:4], np.zeros(4, np.float32))
    assert values.shape == (4, len(names))
    assert len(set(names)) == len(names)
    assert np.isfinite(values).all()
    by_name = dict(zip(names, values.T, strict=True))
    assert by_name["seeds_by_artist"].tolist() == [0, 0, 0, 2]  # rows 3, 4, 5 share an artist


def test_an_unknown_artist_looks_like_one_that_no_list_holds() -> None:
    artist = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, -1, 4, 4], np.int32)
    known = make_tables()
    place = known.artists.place.copy()
    place[9:] = 0
    factors = type(known.artists)(known.artists.vectors, place)
    tables = make_tables(
        artist=artist,
        artists=factors,
        artist_count=np.zeros(12, np.float32),
        artist_size=np.ones(12, np.float32),
    )
    names, values = pair_features(tables, _seeds(tables, 0, 1), np.array([9, 10]), np.zeros(2, np.float32))
    about_artists = [place for place, name in enumerate(names) if "artist" in name]
    assert np.array_equal(values[0, about_artists], values[1, about_artists])
