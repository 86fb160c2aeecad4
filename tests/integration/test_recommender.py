"""The whole flow on the starter catalogue, through the Python interface that others build on."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from made_tracks import make_id, make_tracks
from segue import Controls, Recommender
from segue.catalogue.starter import starter_catalogue
from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.errors import InputError, InvalidControlsError, NothingFitsError, NoUsableSeeds
from segue.text.song_keys import artist_key, song_key
from segue.types import Track

RAW = Controls(max_per_artist=None, one_version=False, order="score")
UNKNOWN = "0" * 22


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("starter")
    return starter_catalogue(Settings(data_dir=folder, config_dir=folder))


@pytest.fixture(scope="module", params=["full", "audio"])
def recommender(request: pytest.FixtureRequest, catalogue: Path) -> Iterator[Recommender]:
    with Recommender.open(catalogue, request.param) as opened:
        yield opened


@pytest.fixture(scope="module")
def seeds(catalogue: Path) -> list[Track]:
    from segue.catalogue.store import Catalogue

    with Catalogue.open(catalogue) as opened:
        return opened.find_by_genre("rock", limit=20)


@pytest.fixture(scope="module")
def ids(seeds: list[Track]) -> list[str]:
    return [track.track_id for track in seeds]


def test_fifty_songs_each_with_a_reason(recommender: Recommender, ids: list[str]) -> None:
    result = recommender.recommend([*ids, UNKNOWN])
    assert len(result.tracks) == 50
    assert result.unmatched == (UNKNOWN,)
    assert all(pick.reasons and pick.name and pick.artist for pick in result.tracks)
    assert all(seed in ids for pick in result.tracks for reason in pick.reasons for seed in reason.seeds)


def test_no_seed_comes_back_in_any_version(
    recommender: Recommender, seeds: list[Track], ids: list[str]
) -> None:
    own = {song_key(track.artists, track.name) for track in seeds}
    for controls in (Controls(), RAW):
        picks = recommender.recommend(ids, 500, controls).tracks
        assert not {pick.track_id for pick in picks} & set(ids)
        assert not {song_key(pick.track.artists, pick.name) for pick in picks} & own


def test_raw_gives_a_thousand_best_first_and_distinct(recommender: Recommender, ids: list[str]) -> None:
    picks = recommender.recommend(ids, n=1000, controls=RAW).tracks
    scores = [pick.ranking_score for pick in picks]
    assert len({pick.track_id for pick in picks}) == 1000
    assert scores == sorted(scores, reverse=True)


def test_many_lists_at_once_give_what_each_gives_alone(recommender: Recommender, ids: list[str]) -> None:
    lists = [ids[:5], ids[5:], ids[3:4]]
    together = recommender.recommend_many(lists, n=20)
    for seeds, result in zip(lists, together, strict=True):
        alone = recommender.recommend(seeds, n=20)
        assert [pick.track_id for pick in alone.tracks] == [pick.track_id for pick in result.tracks]


def test_rows_alone_are_those_of_the_tracks(recommender: Recommender, ids: list[str]) -> None:
    lists = [ids[:5], ids[5:]]
    for picks, result in zip(
        recommender.pick_many(lists, n=20), recommender.recommend_many(lists, n=20), strict=True
    ):
        shown = [pick.track_id for pick in result.tracks]
        assert recommender.catalogue.find_rows(shown).tolist() == picks.rows.tolist()
        assert [pick.ranking_score for pick in result.tracks] == picks.ranking_scores.tolist()


def test_controls_hold(recommender: Recommender, seeds: list[Track], ids: list[str]) -> None:
    controls = Controls(
        max_per_artist=1,
        new_artists_only=True,
        exclude_artists=("Coldplay",),
        minimum={"energy": 0.4},
        maximum={"tempo": 150},
        popularity=(10, 90),
    )
    picks = recommender.recommend(ids, 40, controls).tracks
    counts = Counter(artist_key(pick.track.artists[0]) for pick in picks)
    assert len(picks) == 40
    assert max(counts.values()) == 1
    assert not counts.keys() & {artist_key(track.artists[0]) for track in seeds}
    assert all("Coldplay" not in pick.track.artists for pick in picks)
    assert all(pick.track.features["energy"] >= 0.4 and pick.track.features["tempo"] <= 150 for pick in picks)
    assert all(10 <= (pick.track.popularity or 0) <= 90 for pick in picks)


def test_a_target_draws_the_picks_to_it(recommender: Recommender, ids: list[str]) -> None:
    def mean_energy(controls: Controls) -> float:
        picks = recommender.recommend(ids, 50, controls).tracks
        return float(np.mean([pick.track.features["energy"] for pick in picks]))

    low, high = (mean_energy(Controls(target={"energy": value})) for value in (0.2, 0.95))
    assert low < mean_energy(Controls()) < high


def test_a_song_appears_in_one_version(recommender: Recommender, ids: list[str]) -> None:
    picks = recommender.recommend(ids, 300, Controls(max_per_artist=None)).tracks
    keys = [song_key(pick.track.artists, pick.name) for pick in picks]
    assert len(set(keys)) == len(keys)


def test_narrow_controls_give_fewer_and_none_at_all(recommender: Recommender, ids: list[str]) -> None:
    with pytest.raises(NothingFitsError, match="fits all that was asked for"):
        recommender.recommend(ids, 50, Controls(minimum={"tempo": 250}))
    few = recommender.recommend(ids, 50, Controls(minimum={"tempo": 205}))
    assert 0 < len(few.tracks) <= 50


def test_repeated_seeds_count_once(recommender: Recommender, ids: list[str]) -> None:
    once = recommender.recommend(ids, 10)
    assert recommender.recommend(ids * 3, 10).tracks == once.tracks


def test_unusable_seeds_are_named(recommender: Recommender) -> None:
    with pytest.raises(NoUsableSeeds) as caught:
        recommender.recommend([UNKNOWN, "1" * 22])
    assert caught.value.seeds == (UNKNOWN, "1" * 22)
    with pytest.raises(NoUsableSeeds):
        recommender.recommend([])


def test_uris_are_ids_and_a_bare_text_is_refused(recommender: Recommender, ids: list[str]) -> None:
    uris = [f"spotify:track:{track_id}" for track_id in ids]
    assert recommender.recommend(uris, 5).tracks == recommender.recommend(ids, 5).tracks
    with pytest.raises(InputError, match="list of track ids"):
        recommender.recommend("Metallica - Enter Sandman")


@pytest.mark.parametrize("n", [0, -1, 1001, 10**9])
def test_n_out_of_range_is_refused(recommender: Recommender, ids: list[str], n: int) -> None:
    with pytest.raises(InvalidControlsError, match="1 to 1,000"):
        recommender.recommend(ids, n)


@pytest.mark.parametrize(
    "controls",
    [
        {"adventurousness": 1.5},
        {"max_per_artist": 0},
        {"minimum": {"energy": 0.8}, "maximum": {"energy": 0.2}},
        {"maximum": {"energy": 3}},
        {"minimum": {"energy": float("nan")}},
        {"years": (2000, 1990)},
        {"popularity": (-5, None)},
        {"adventurous": 0.5},
    ],
)
def test_controls_out_of_range_are_refused(
    recommender: Recommender, ids: list[str], controls: dict[str, Any]
) -> None:
    with pytest.raises(InvalidControlsError):
        Controls(**controls)
    with pytest.raises(InvalidControlsError):
        recommender.recommend(ids, controls=controls)


def test_an_unknown_feature_is_refused(recommender: Recommender, ids: list[str]) -> None:
    with pytest.raises(InvalidControlsError, match="did you mean 'loudness'"):
        recommender.recommend(ids, controls=Controls(minimum={"loudnes": -5}))


def test_threads_get_the_same_answers(recommender: Recommender, ids: list[str]) -> None:
    expected = [pick.track_id for pick in recommender.recommend(ids, 30).tracks]
    answers: list[list[str]] = []

    def ask() -> None:
        for _ in range(3):
            answers.append([pick.track_id for pick in recommender.recommend(ids, 30).tracks])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 12


def test_smooth_order_starts_near_the_seeds_and_flows(recommender: Recommender, ids: list[str]) -> None:
    from segue.recommend.order import jump_costs

    smooth = recommender.recommend(ids, 50).tracks
    by_score = recommender.recommend(ids, 50, Controls(order="score")).tracks
    assert {pick.track_id for pick in smooth} == {pick.track_id for pick in by_score}

    def jump(rows: list[int]) -> float:
        costs = jump_costs(np.asarray(recommender.tables.inputs.audio)[rows])
        return float(np.diagonal(costs, 1).mean())

    rows = recommender.catalogue.find_rows([pick.track_id for pick in smooth]).tolist()
    shuffled = np.mean([jump(np.random.default_rng(i).permutation(rows).tolist()) for i in range(20)])
    assert jump(rows) < 0.7 * shuffled


def test_what_is_kept_is_used_and_never_stale(catalogue: Path, ids: list[str], tmp_path: Path) -> None:
    import shutil

    from segue.catalogue.store import Catalogue

    path = Path(shutil.copy(catalogue, tmp_path / "own.sqlite"))
    calls: list[int] = []
    for _ in range(2):
        with Recommender.open(path, "audio", progress=lambda done, _: calls.append(done)) as opened:
            first = opened.recommend(ids, 10)
    assert calls.count(len(opened.tables)) == 1  # embedded once, kept for the second
    with Catalogue.create(path) as changed:
        changed.upsert([Track(UNKNOWN, "New", ("Somebody",), features=dict(first.tracks[0].track.features))])
    with Recommender.open(path, "audio", progress=lambda done, _: calls.append(done)) as opened:
        assert opened.recommend([UNKNOWN], 5).tracks
    kept = [each.name for each in (path.parent / "own.sqlite.segue").iterdir()]
    assert len(kept) == 2, "the arrays of the bundle and the index of names, each of the last state alone"
    assert sum("names" in name for name in kept) == 1


def test_a_track_added_meanwhile_is_unknown_until_opened_again(
    catalogue: Path, ids: list[str], tmp_path: Path
) -> None:
    import shutil

    from segue.catalogue.store import Catalogue

    path = Path(shutil.copy(catalogue, tmp_path / "own.sqlite"))
    with Recommender.open(path, "audio") as opened:
        with Catalogue.create(path) as changed:
            changed.upsert([Track(UNKNOWN, "New", ("Somebody",), features={"energy": 0.5})])
        controls = Controls(exclude_tracks=(UNKNOWN,), exclude_artists=("Somebody",))
        assert opened.recommend([UNKNOWN, *ids], 5, controls).unmatched == (UNKNOWN,)
        with pytest.raises(NoUsableSeeds):
            opened.recommend([UNKNOWN], 5)


def test_a_damaged_kept_file_is_built_again(catalogue: Path, ids: list[str], tmp_path: Path) -> None:
    import shutil

    path = Path(shutil.copy(catalogue, tmp_path / "own.sqlite"))
    with Recommender.open(path, "audio") as opened:
        expected = opened.recommend(ids, 10)
    (kept,) = (tmp_path / "own.sqlite.segue").glob("*/bias.npy")
    kept.write_bytes(b"\x93NUMPY broken")
    with Recommender.open(path, "audio") as opened:
        assert opened.recommend(ids, 10) == expected


def test_of_a_huge_list_no_song_comes_back_though_500_are_listened_to(recommender: Recommender) -> None:
    given = [track.track_id for track in recommender.catalogue.get_tracks(range(3_000))]
    result = recommender.recommend(given, 500)
    assert len(result.seeds) == 500
    assert not {pick.track_id for pick in result.tracks} & set(given)


def test_a_control_on_what_the_catalogue_does_not_know_is_told(tmp_path: Path) -> None:
    path = tmp_path / "undated.sqlite"
    with Catalogue.create(path) as catalogue:
        catalogue.upsert(replace(track, release_date="") for track in make_tracks(40))
    with Recommender.open(path, "audio") as recommender, pytest.raises(NothingFitsError) as caught:
        recommender.recommend([make_id(1)], controls=Controls(years=(1990, 1999)))
    assert "knows no release years" in caught.value.hint
