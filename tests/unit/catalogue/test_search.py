"""Searching as someone types: beginnings of words, most popular first."""

from pathlib import Path

import pytest

from made_tracks import make_id, make_track, make_tracks
from segue.catalogue import writer
from segue.catalogue.store import Catalogue

SONGS = [
    ("Jóga", ("Björk",), 60),
    ("Army of Me", ("Björk",), 70),
    ("Don't Stop Me Now", ("Queen",), 90),
    ("Don’t Stop", ("Fleetwood Mac",), 80),
    ("The Sound of Silence", ("Simon & Garfunkel",), 75),
    ("残響散歌", ("Aimer",), None),
    ("Кукушка", ("Кино",), 40),
    ("Praise You", ("Fatboy Slim",), 60),
]


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    made = Catalogue.create(tmp_path / "catalogue.sqlite")
    made.upsert(
        make_track(number, name=name, artists=artists, popularity=popularity)
        for number, (name, artists, popularity) in enumerate(SONGS)
    )
    return made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bjork", [1, 0]),
        ("BJÖ", [1, 0]),
        ("joga", [0]),
        ("bjork j", [0]),
        ("dont stop", [2, 3]),
        ("don't st", [2, 3]),
        ("stop queen", [2]),
        ("simon and garf", [4]),
        ("simon & garf", [4]),
        ("残響", [5]),
        ("кук", [6]),
        ("КИНО", [6]),
        ("aise", []),
        ("queen bjork", []),
        ("", []),
        ("   !?*\"'", []),
        ('" OR * NEAR( search:', []),
    ],
)
def test_finds(catalogue: Catalogue, text: str, expected: list[int]) -> None:
    assert [track.track_id for track in catalogue.search(text)] == [make_id(number) for number in expected]


def test_unknown_popularity_comes_last(catalogue: Catalogue) -> None:
    catalogue.upsert(
        [make_track(50, name="Same", popularity=None), make_track(51, name="Same", popularity=0)]
    )
    assert [track.track_id for track in catalogue.search("same")] == [make_id(51), make_id(50)]


def test_limits(catalogue: Catalogue) -> None:
    assert len(catalogue.search("d", limit=1)) == 1
    assert catalogue.search("d", limit=0) == []
    assert catalogue.search("x " * 5_000) == []


def test_an_update_moves_the_entry(catalogue: Catalogue) -> None:
    catalogue.upsert([make_track(0, name="Hyperballad", artists=("Björk",), popularity=99)])
    assert [track.name for track in catalogue.search("bjork")] == ["Hyperballad", "Army of Me"]
    assert catalogue.search("joga") == []


def test_a_big_change_builds_the_index_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "BIG_CHANGE", 50)
    with Catalogue.create(tmp_path / "big.sqlite") as made:
        made.upsert(make_tracks(40))
        made.upsert(make_track(number, name=f"Renamed {number}") for number in range(300))
        assert len(made.search("renamed", limit=1000)) == 300
        assert made.search("song") == []
        assert made.search("renamed 7")[0].popularity == 79
        assert len(made.find_by_isrc("GBUM70000007")) == 1


def test_words(catalogue: Catalogue) -> None:
    assert len(catalogue.find_rows_by_words([["dont"], ["queen", "mac"]], limit=10)) == 2
