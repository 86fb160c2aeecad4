"""The catalogue: what goes in comes out, rows stay, arrays agree with tracks."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from made_tracks import FEATURES, make_id, make_track, make_tracks
from segue.catalogue.store import Catalogue
from segue.errors import (
    CatalogueError,
    CatalogueNotFoundError,
    InvalidFeatureError,
    InvalidTrackIdError,
    SegueError,
)
from segue.features import AUDIO_NAMES
from segue.text import song_keys
from segue.types import Track


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.create(tmp_path / "catalogue.sqlite") as made:
        yield made


def test_what_goes_in_comes_out(catalogue: Catalogue) -> None:
    tracks = make_tracks(50)
    assert catalogue.upsert(tracks) == (50, 0)
    assert len(catalogue) == 50
    assert catalogue.get_tracks(range(50)) == tracks
    assert catalogue.get_tracks([7, 3, 7]) == [tracks[7], tracks[3], tracks[7]]
    assert catalogue.find_track(make_id(4)) == tracks[4]
    assert catalogue.find_track(make_id(99)) is None


def test_a_track_of_which_little_is_known(catalogue: Catalogue) -> None:
    track = Track(make_id(1), features={"tempo": 99.5})
    catalogue.upsert([track])
    assert catalogue.get_tracks([0]) == [track]


def test_rows_are_dense_and_stay(catalogue: Catalogue) -> None:
    catalogue.upsert(make_tracks(10))
    catalogue.upsert([make_track(3, name="New name"), make_track(20)])
    assert catalogue.find_rows([make_id(n) for n in (3, 20, 9, 77)]).tolist() == [3, 10, 9, -1]
    assert catalogue.find_rows([]).shape == (0,)


def test_many_ids_at_once(catalogue: Catalogue) -> None:
    catalogue.upsert(make_tracks(5_000))
    rows = catalogue.find_rows([make_id(n) for n in range(12_000)])
    assert rows[:5_000].tolist() == list(range(5_000))
    assert (rows[5_000:] == -1).all()


def test_an_update_never_forgets(catalogue: Catalogue) -> None:
    full = make_track(1)
    catalogue.upsert([full])
    bare = Track(full.track_id, name="Renamed", features={"tempo": 90.0})
    assert catalogue.upsert([bare]) == (0, 1)
    expected = replace(full, name="Renamed", features={**FEATURES, "tempo": 90.0})
    assert catalogue.get_tracks([0]) == [expected]
    assert catalogue.upsert([bare, full, full]) == (0, 1), "only what changes a track counts"


def test_genres_add_up(catalogue: Catalogue) -> None:
    for genre in ("rock", "metal", "rock", ""):
        catalogue.upsert([make_track(1, genre=genre)])
    assert catalogue.get_tracks([0])[0].genre == "rock; metal"


def test_the_revision_is_new_after_a_change_alone(catalogue: Catalogue) -> None:
    first = catalogue.revision
    catalogue.upsert(make_tracks(1))
    second = catalogue.revision
    catalogue.upsert(make_tracks(1))
    assert first != second
    assert catalogue.revision == second
    catalogue.upsert([make_track(0, popularity=99)])
    assert catalogue.revision != second


def test_arrays_agree_with_tracks(catalogue: Catalogue) -> None:
    tracks = [
        *make_tracks(5),
        Track(make_id(8), name="Bare"),
        make_track(9, release_date="0", artists=("The Beatles", "X"), name="Help! - Remastered 2009"),
    ]
    catalogue.upsert(tracks)
    columns = catalogue.load_columns()
    assert columns.audio.shape == (7, 13)
    assert columns.audio.dtype == np.float32
    assert columns.audio.flags.c_contiguous
    for place, name in enumerate(AUDIO_NAMES):
        np.testing.assert_array_equal(
            columns.audio[:, place],
            np.array([track.features.get(name, np.nan) for track in tracks], np.float32),
        )
    np.testing.assert_array_equal(columns.year, [1960, 1961, 1962, 1963, 1964, np.nan, np.nan])
    np.testing.assert_array_equal(columns.popularity, [0, 1, 2, 3, 4, np.nan, 9])
    assert columns.track_hash.tolist() == [song_keys.hash64(track.track_id) for track in tracks]
    assert columns.artist_hash.tolist() == [
        song_keys.hash64(song_keys.artist_key(track.artists[0])) if track.artists else 0 for track in tracks
    ]
    assert columns.song_hash[5] == 0
    assert columns.song_hash[6] == song_keys.hash64("beatles\thelp")
    assert columns.album_hash[6] == song_keys.hash64("beatles\talbum 0")
    assert columns.isrc_hash[0] == song_keys.hash64("GBUM70000000")
    assert columns.isrc_hash[5] == 0


def test_arrays_of_an_empty_catalogue(catalogue: Catalogue) -> None:
    columns = catalogue.load_columns()
    assert columns.audio.shape == (0, 13)
    assert columns.track_hash.shape == (0,)


def test_arrays_follow_an_update(catalogue: Catalogue) -> None:
    catalogue.upsert(make_tracks(3))
    catalogue.upsert([make_track(1, features={"tempo": 77.0})])
    assert catalogue.load_columns().audio[1, AUDIO_NAMES.index("tempo")] == 77.0


def test_by_isrc(catalogue: Catalogue) -> None:
    catalogue.upsert(
        [
            make_track(1, isrc="gb-um7-10-29604", popularity=5),
            make_track(2, isrc="GBUM71029604", popularity=50),
        ]
    )
    assert [track.track_id for track in catalogue.find_by_isrc("GB-UM7-1029604")] == [make_id(2), make_id(1)]
    assert catalogue.find_by_isrc("") == []
    assert catalogue.find_by_isrc("nonsense") == []


def test_by_song(catalogue: Catalogue) -> None:
    catalogue.upsert(
        [
            make_track(1, name="Help!", artists=("The Beatles",)),
            make_track(2, name="Help", artists=("Beatles",)),
        ]
    )
    key = song_keys.hash64("beatles\thelp")
    assert [track.track_id for track in catalogue.find_by_songs([key, 0, 5])[key]] == [make_id(2), make_id(1)]


@pytest.mark.parametrize("track_id", ["", "short", "x" * 23, "é" * 22, "4uLU6hMCjMI75M1A2tKUQ!"])
def test_a_bad_id_is_refused_and_nothing_changes(catalogue: Catalogue, track_id: str) -> None:
    with pytest.raises(InvalidTrackIdError, match="22 letters and digits"):
        catalogue.upsert([make_track(1), Track(track_id)])
    assert len(catalogue) == 0


@pytest.mark.parametrize(
    "features", [{"tempo": float("inf")}, {"energy": 1.5}, {"loudness": -99}, {"mood": 1}]
)
def test_a_bad_feature_is_refused_and_nothing_changes(
    catalogue: Catalogue, features: dict[str, float]
) -> None:
    with pytest.raises(InvalidFeatureError):
        catalogue.upsert([make_track(1), make_track(2, features=features)])
    assert len(catalogue) == 0


def test_not_a_number_is_missing(catalogue: Catalogue) -> None:
    catalogue.upsert([make_track(1, features={"tempo": float("nan"), "energy": 0.5})])
    assert catalogue.get_tracks([0])[0].features == {"energy": 0.5}


def test_a_row_that_is_not_there(catalogue: Catalogue) -> None:
    catalogue.upsert(make_tracks(2))
    with pytest.raises(CatalogueError, match="has 2 tracks and no row 2"):
        catalogue.get_tracks([0, 2])


def test_opening_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CatalogueNotFoundError, match="nowhere"):
        Catalogue.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_after_closing(catalogue: Catalogue) -> None:
    catalogue.close()
    with pytest.raises(CatalogueError, match="closed"):
        len(catalogue)


@pytest.mark.parametrize(
    "name", ["a b.sqlite", "100%.sqlite", "what?.sqlite", "#1.sqlite", "ü&=;.sqlite", "'\".db"]
)
def test_odd_file_names(tmp_path: Path, name: str) -> None:
    with Catalogue.create(tmp_path / name) as made:
        made.upsert(make_tracks(2))
    with Catalogue.open(tmp_path / name) as opened:
        assert len(opened) == 2
    assert [path.name for path in tmp_path.iterdir()] == [name], "one file, and nothing beside it"


def test_many_threads_read_while_one_writes(catalogue: Catalogue) -> None:
    catalogue.upsert(make_tracks(200))
    faults: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(30):
                assert len(catalogue.get_tracks(range(0, 200, 7))) == 29
                assert catalogue.search("song 1")
                assert len(catalogue.load_columns().year) >= 200
        except (SegueError, AssertionError) as fault:
            faults.append(fault)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for start in range(200, 400, 20):
        catalogue.upsert([make_track(number) for number in range(start, start + 20)])
    for reader in readers:
        reader.join()
    assert not faults
    assert len(catalogue) == 400


def test_threads_that_end_leave_no_connections_open(catalogue: Catalogue) -> None:
    catalogue.upsert(make_tracks(5))
    open_files = Path("/proc/self/fd")
    if not open_files.exists():
        pytest.skip("this system does not tell how many files are open")
    before = len(list(open_files.iterdir()))
    for _ in range(40):
        reader = threading.Thread(target=lambda: catalogue.search("song"))
        reader.start()
        reader.join()
    assert len(list(open_files.iterdir())) <= before + 2


def test_counting_and_walking(catalogue: Catalogue) -> None:
    catalogue.upsert([*make_tracks(3), Track(make_id(7), name="Bare")])
    known = catalogue.count_known()
    assert known["track_id"] == 4
    assert known["tempo"] == known["artists"] == known["popularity"] == 3
    assert [values[0] for values in catalogue.iter_values()] == [make_id(n) for n in (0, 1, 2, 7)]
