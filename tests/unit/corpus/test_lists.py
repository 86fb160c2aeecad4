"""Reading playlists to measure on: tables and slices of the Million Playlist Dataset."""

import json
from pathlib import Path

import duckdb
import numpy as np
import pytest

from made_tracks import make_id, write_table
from segue.corpus.lists import MAX_TRACKS, RawList, TrackList, distinct, read_lists, resolve
from segue.errors import PlaylistFormatError

ROWS = [
    {"source": "a", "playlist_id": "p", "playlist_name": "P", "position": 2, "track_id": "t2"},
    {"source": "a", "playlist_id": "p", "playlist_name": "P", "position": 10, "track_id": "t10"},
    {"source": "a", "playlist_id": "p", "playlist_name": "P", "position": 1, "track_id": "spotify:track:t1"},
    {"source": "b", "playlist_id": "p", "playlist_name": "", "position": 0, "track_id": "t0"},
]
EXPECTED = [RawList("a", "p", "P", ("t1", "t2", "t10")), RawList("b", "p", "", ("t0",))]


class Numbered:
    """A catalogue in which track `n` has row n, up to a size."""

    def __init__(self, size: int) -> None:
        self.rows = {make_id(number): number for number in range(size)}

    def find_rows(self, track_ids: object) -> np.typing.NDArray[np.int64]:
        assert isinstance(track_ids, list)
        return np.array([self.rows.get(track_id, -1) for track_id in track_ids], dtype=np.int64)


def test_csv_is_grouped_by_source_and_id_in_order_of_position(tmp_path: Path) -> None:
    assert read_lists(write_table(tmp_path / "lists.csv", ROWS)) == EXPECTED


def test_parquet_reads_the_same(tmp_path: Path) -> None:
    table, parquet = write_table(tmp_path / "lists.csv", ROWS), tmp_path / "lists.parquet"
    duckdb.sql(f"copy (from '{table}') to '{parquet}'")
    assert read_lists(parquet) == EXPECTED


def test_two_columns_are_enough_and_file_order_counts(tmp_path: Path) -> None:
    rows = [{"playlist_id": "p", "track_id": name} for name in ("z", "a", "m")]
    assert read_lists(write_table(tmp_path / "lists.csv", rows)) == [RawList("", "p", "", ("z", "a", "m"))]


def test_unknown_positions_go_last_and_missing_cells_are_left_out(tmp_path: Path) -> None:
    table = tmp_path / "lists.csv"
    table.write_text(
        "playlist_id;position;track_id\n\np;;z\np;2;b\np;?;y\np;1.0;a\n;3;x\np;3;\n", encoding="utf-8-sig"
    )
    assert read_lists(table) == [RawList("", "p", "", ("a", "b", "z", "y"))]


def mpd_slice(path: Path, pids: range) -> Path:
    tracks = [{"pos": 1, "track_uri": "spotify:track:b"}, {"pos": 0, "track_uri": "spotify:track:a"}]
    playlists = [{"pid": pid, "name": f"List {pid}", "tracks": tracks} for pid in pids]
    path.write_text(json.dumps({"info": {}, "playlists": playlists}), encoding="utf-8")
    return path


def test_a_folder_of_slices(tmp_path: Path) -> None:
    mpd_slice(tmp_path / "mpd.slice.0-1.json", range(2))
    mpd_slice(tmp_path / "mpd.slice.2-2.json", range(2, 3))
    found = read_lists(tmp_path)
    assert [raw.playlist_id for raw in found] == ["mpd:0", "mpd:1", "mpd:2"]
    assert found[0] == RawList("mpd", "mpd:0", "List 0", ("a", "b"))
    assert read_lists(tmp_path / "mpd.slice.2-2.json") == found[2:]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("lists.csv", "playlist,track\np,t\n", "expected the columns playlist_id and track_id"),
        ("lists.csv", "playlist_id,track_id\np\n", "line 2: expected 2 cells, got 1"),
        ("lists.csv", "", "expected the columns playlist_id and track_id"),
        ("lists.parquet", "no parquet", "cannot be read as a table"),
        ("lists.json", "{", "expected JSON with a list `playlists`"),
        ("lists.json", '{"playlists": [{"pid": 1}]}', "to have `pid` and `tracks`"),
        ("lists.json", '{"playlists": [{"pid": 1, "tracks": [{"pos": 0}]}]}', "expected tracks with"),
        ("lists.txt", "t1", "expected .parquet"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PlaylistFormatError, match=message):
        read_lists(path)


def test_no_such_file_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(PlaylistFormatError, match="no such file"):
        read_lists(tmp_path / "none.csv")
    with pytest.raises(PlaylistFormatError, match="found none"):
        read_lists(tmp_path)


def test_resolve_keeps_known_distinct_tracks_in_order() -> None:
    ids = [make_id(number) for number in (5, 99, 3, 5, 4, 3)]
    lists = [RawList("a", "p", "", tuple(ids)), RawList("a", "short", "", (make_id(1),))]
    (only,) = resolve(lists, Numbered(10), min_tracks=3)
    assert only.rows.tolist() == [5, 3, 4]
    assert only.playlist_id == "p"


def test_resolve_cuts_long_lists_and_takes_none() -> None:
    ids = tuple(make_id(number) for number in range(1200))
    (only,) = resolve([RawList("a", "p", "", ids)], Numbered(2000))
    assert only.rows.tolist() == list(range(MAX_TRACKS))
    assert resolve([], Numbered(1)) == []


def test_groups() -> None:
    rows = np.arange(3)
    assert TrackList("mpd_x", "p", "", rows).group == "mpd"
    assert TrackList("tidytuesday", "p", "", rows).group == "other"


def test_distinct_keeps_first_places() -> None:
    assert distinct(np.array([3, 1, 3, 2, 1])).tolist() == [3, 1, 2]
