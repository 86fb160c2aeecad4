"""How the starter catalogue's table is made of its two sources."""

import csv
import gzip
import importlib.util
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from arro3.core import Array, DataType, RecordBatch
from arro3.io import write_parquet

from segue.catalogue.import_ import import_files
from segue.catalogue.store import Catalogue
from segue.features import AUDIO, AUDIO_NAMES

SCRIPT = Path(__file__).parents[3] / "scripts" / "build_starter.py"
SONG = {
    "track_id": "A" * 22, "track_name": "One", "track_artist": "Tyler, The Creator", "track_popularity": "12",
    "track_album_name": "First", "track_album_release_date": "1999-05", "playlist_name": "somebody's list",
    "playlist_id": "p" * 22, "playlist_genre": "rap", "playlist_subgenre": "hip hop", "tempo": "120.0",
    "instrumentalness": "2.33e-05", "key": "3", "duration_ms": "1000",
}  # fmt: skip


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_starter", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_songs(path: Path, *changes: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(SONG))
        writer.writeheader()
        writer.writerows({**SONG, **change} for change in changes)
    return path


def write_genres(path: Path, rows: Sequence[tuple[str, str, str, int]]) -> Path:
    """Write rows of (track id, artists, genre, popularity), all features of which are known."""
    texts = {
        "track_id": [row[0] for row in rows],
        "artists": [row[1] for row in rows],
        "track_genre": [row[2] for row in rows],
        "album_name": ["Another"] * len(rows),
        "track_name": ["One"] * len(rows),
    }
    numbers = {feature.name: [feature.high] * len(rows) for feature in AUDIO}
    numbers["popularity"] = [float(row[3]) for row in rows]
    columns: dict[str, Any] = {name: Array(values, DataType.string()) for name, values in texts.items()}
    columns |= {name: Array(values, DataType.float64()) for name, values in numbers.items()}
    write_parquet(RecordBatch.from_pydict(columns), path)
    return path


def test_one_row_a_track(script: ModuleType, tmp_path: Path) -> None:
    songs = write_songs(
        tmp_path / "s.csv",
        {},
        {"playlist_genre": "pop", "playlist_subgenre": "dance pop", "playlist_name": "another list"},
        {"track_id": "B" * 22, "track_name": ""},
        {"track_id": "C" * 22, "track_artist": "NA"},
        {"track_id": "D" * 22, "track_popularity": "80"},
    )
    genres = write_genres(
        tmp_path / "g.parquet",
        [("D" * 22, "Tyler, The Creator;Guest", "hip-hop", 3), ("E" * 22, "Somebody", "metal", 5)],
    )
    target = tmp_path / "tracks.csv.gz"
    script.write(script.merge(script.read_songs(songs), script.read_genres(genres)), target)
    text = gzip.decompress(target.read_bytes()).decode()
    assert "list" not in text
    import_files(tmp_path / "c.sqlite", [target])
    with Catalogue.open(tmp_path / "c.sqlite") as catalogue:
        tracks = {track.track_id[0]: track for track in catalogue.get_tracks(range(len(catalogue)))}
    assert sorted(tracks) == ["A", "D", "E"], "those without a name or an artist are left out"
    assert tracks["A"].genre == "dance pop; hip-hop; pop; rap"
    assert tracks["A"].artists == ("Tyler, The Creator",)
    assert tracks["A"].features == {"tempo": 120, "instrumentalness": 2.33e-5, "key": 3, "duration_ms": 1000}
    both = tracks["D"]
    assert both.artists == ("Tyler, The Creator", "Guest")
    assert (both.album, both.release_date, both.popularity) == ("First", "1999-05", 80)
    assert set(both.features) == set(AUDIO_NAMES)
    assert tracks["E"].release_date == ""


def test_the_same_sources_give_the_same_bytes(script: ModuleType, tmp_path: Path) -> None:
    changes = [{}, {"playlist_genre": "pop"}, {"track_id": "B" * 22}]
    made = []
    for number, rows in enumerate((changes, changes[::-1])):
        songs = write_songs(tmp_path / f"{number}.csv", *rows)
        target = tmp_path / f"{number}.csv.gz"
        script.write(script.merge(script.read_songs(songs), []), target)
        made.append(target.read_bytes())
    assert made[0] == made[1]


def test_copies_that_write_numbers_in_another_way_are_the_same(script: ModuleType, tmp_path: Path) -> None:
    one = write_songs(tmp_path / "one.csv", {"track_album_name": "", "tempo": "120.0"})
    other = write_songs(
        tmp_path / "other.csv", {"track_album_name": "NA", "tempo": "120", "instrumentalness": "2.33e-5"}
    )
    assert script.digest(script.read_songs(one)) == script.digest(script.read_songs(other))


def test_other_sources_are_refused(script: ModuleType, tmp_path: Path) -> None:
    songs = script.read_songs(write_songs(tmp_path / "s.csv", {}))
    with pytest.raises(SystemExit, match=r"spotify_songs.csv: expected rows of SHA-256 [0-9a-f]{64}, got 1 "):
        script.check(script.SONGS_CSV, songs)


def test_what_is_shipped_is_made_of_the_source(script: ModuleType, shared_data: Path) -> None:
    source = shared_data.parent / "starter" / "spotify_songs.csv.gz"
    if not source.exists():
        pytest.skip("the source of the starter is not there")
    songs = script.check(script.SONGS_CSV, script.read_songs(source))
    shipped = gzip.decompress((files("segue.catalogue.starter") / "tracks.csv.gz").read_bytes()).decode()
    found = {row["track_id"]: row for row in csv.DictReader(shipped.splitlines())}
    for track in script.merge(songs, []):
        assert found[track["track_id"]]["release_date"] == track["release_date"]
