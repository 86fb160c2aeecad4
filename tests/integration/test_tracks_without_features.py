"""Tracks without features or without a title, among others: nothing breaks, and who may be picked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from segue import Controls, Recommender
from segue.catalogue.export import export_catalogue
from segue.catalogue.import_ import import_files
from segue.catalogue.starter import starter_catalogue
from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.corpus.gaps import filled_catalogue
from segue.errors import NothingFitsError
from segue.explore import map as atlas
from segue.explore.profile import Facts
from segue.types import Track


def without_sound(track: Track) -> Track:
    """As a list names it: title, artist, album and length."""
    length = {name: value for name, value in track.features.items() if name == "duration_ms"}
    return replace(track, features=length, popularity=None, genre="", release_date="")


def change(number: int, track: Track) -> Track:
    """Of three tracks, one has no features, and one of six no title."""
    if number % 3 == 0:
        return without_sound(track)
    return replace(track, name="") if number % 6 == 1 else track


@pytest.fixture(scope="module")
def tracks(tmp_path_factory: pytest.TempPathFactory) -> list[Track]:
    folder = tmp_path_factory.mktemp("starter")
    with Catalogue.open(starter_catalogue(Settings(data_dir=folder, config_dir=folder))) as starter:
        return starter.get_tracks(range(len(starter)))


@pytest.fixture(scope="module")
def mixed(tracks: list[Track], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mixed") / "mixed.sqlite"
    with Catalogue.create(path) as catalogue:
        catalogue.upsert([change(number, track) for number, track in enumerate(tracks)])
    return path


@pytest.fixture(scope="module", params=["full", "audio"])
def recommender(request: pytest.FixtureRequest, mixed: Path) -> Iterator[Recommender]:
    with Recommender.open(mixed, request.param) as opened:
        yield opened


def sounds(track: Track) -> bool:
    return set(track.features) > {"duration_ms"}


def seeds_of(tracks: list[Track], *, sounding: bool) -> list[str]:
    found = [change(number, track) for number, track in enumerate(tracks) if track.genre == "rock"]
    return [track.track_id for track in found if sounds(track) is sounding][:20]


@pytest.mark.parametrize("sounding", [True, False])
def test_who_is_picked(recommender: Recommender, tracks: list[Track], sounding: bool) -> None:
    result = recommender.recommend(seeds_of(tracks, sounding=sounding), n=200, controls={"order": "score"})
    picked = [pick.track for pick in result.tracks]
    assert len(picked) == 200
    assert all(pick.name and pick.reasons for pick in result.tracks)
    without = sum(not sounds(track) for track in picked)
    if recommender.model_name == "full":
        assert without > 20
    else:
        assert without == 0


def test_smooth_order_targets_and_explained_scores(recommender: Recommender, tracks: list[Track]) -> None:
    controls = Controls(target={"energy": 0.9}, adventurousness=0.5)
    seeds = seeds_of(tracks, sounding=False)[:3]
    result = recommender.recommend(seeds, n=30, controls=controls, explain_scores=True)
    assert len(result.tracks) == 30
    assert all(np.isfinite(pick.ranking_score) for pick in result.tracks)
    assert result.to_dict()


def test_a_bound_leaves_out_what_lacks_the_feature(recommender: Recommender, tracks: list[Track]) -> None:
    result = recommender.recommend(
        seeds_of(tracks, sounding=True), controls=Controls(minimum={"energy": 0.1})
    )
    assert all(sounds(pick.track) for pick in result.tracks)


def test_tracks_without_a_title_are_picked_when_asked_for(
    recommender: Recommender, tracks: list[Track]
) -> None:
    seeds = seeds_of(tracks, sounding=True)
    asked = recommender.recommend(seeds, n=500, controls=Controls(nameless=True))
    assert any(not pick.name for pick in asked.tracks)
    assert all(pick.name for pick in recommender.recommend(seeds, n=500).tracks)


def test_the_map_and_the_facts_of_a_catalogue(mixed: Path) -> None:
    from segue.recommend.flow import Recommender as Flow

    with Flow.open_files(mixed, "full") as flow:
        audio = flow.tables.inputs.audio
        drawn = atlas.draw(flow.tables.embeddings, energy=audio[:, 1], valence=audio[:, 9])
        assert drawn.points.shape == (len(flow.tables), 2)
        facts = Facts(flow)
        assert facts.column("energy").shape == (len(flow.tables),)


def test_what_is_exported_comes_back(mixed: Path, tmp_path: Path) -> None:
    with Catalogue.open(mixed) as catalogue:
        export_catalogue(catalogue, tmp_path / "all.parquet")
        report = import_files(tmp_path / "again.sqlite", [tmp_path / "all.parquet"])
        assert (report.added, report.refused_rows) == (len(catalogue), 0)
        with Catalogue.open(tmp_path / "again.sqlite") as again:
            assert list(again.iter_values()) == list(catalogue.iter_values())


def test_the_copy_that_is_measured_on_has_no_gaps(mixed: Path, tmp_path: Path) -> None:
    with Catalogue.open(mixed) as catalogue, Catalogue.open(filled_catalogue(catalogue, tmp_path)) as copy:
        assert len(copy) == len(catalogue)
        assert not np.isnan(copy.load_columns().audio).any()


def test_a_catalogue_of_names_alone(tracks: list[Track], tmp_path: Path) -> None:
    path = tmp_path / "names.sqlite"
    with Catalogue.create(path) as catalogue:
        catalogue.upsert([replace(track, features={}) for track in tracks[:900]])
        copy = filled_catalogue(catalogue, tmp_path)
    with Catalogue.open(copy) as filled:
        assert len(filled) == 900
    seeds = [track.track_id for track in tracks[:10]]
    with Recommender.open(path, "full") as full:
        assert len(full.recommend(seeds).tracks) == 50
    with Recommender.open(path, "audio") as audio, pytest.raises(NothingFitsError) as caught:
        audio.recommend(seeds)
    assert "use the model `full`" in caught.value.hint


def test_a_catalogue_of_features_alone(tracks: list[Track], tmp_path: Path) -> None:
    path = tmp_path / "features.sqlite"
    with Catalogue.create(path) as catalogue:
        catalogue.upsert([Track(track.track_id, features=track.features) for track in tracks[:900]])
    with Recommender.open(path, "audio") as audio:
        assert len(audio.recommend([track.track_id for track in tracks[:10]]).tracks) == 50
