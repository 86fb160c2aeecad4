"""A store of playlists, filled from archives shaped like the Million Playlist Dataset, sound and not."""

import json
import os
import signal
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from made_tracks import make_id, write_table
from segue.catalogue.store import Catalogue
from segue.cli.main import app
from segue.corpus import mpd
from segue.corpus.list_store import StoreReport, import_lists
from segue.corpus.lists import RawList, read_lists
from segue.errors import PlaylistFormatError, StorageError
from segue.types import Track


def make_slice(start: int, lists: int = 3, tracks: int = 4) -> bytes:
    playlists = [
        {
            "pid": pid, "name": f"List {pid} é", "collaborative": "false", "num_tracks": tracks,
            "modified_at": 1493424000, "num_followers": 1,
            "tracks": [
                {
                    "pos": pos, "artist_name": "Earth, Wind & Fire",
                    "track_uri": f"spotify:track:{make_id(pid + pos)}",
                    "artist_uri": "spotify:artist:x", "track_name": f"Song {pid + pos}", "album_uri": "y",
                    "duration_ms": 200_000 + pos, "album_name": "LP",
                }
                for pos in reversed(range(tracks))
            ],
        }
        for pid in range(start, start + lists)
    ]  # fmt: skip
    return json.dumps({"info": {"slice": f"{start}-{start + lists - 1}"}, "playlists": playlists}).encode()


def expect(*starts: int) -> list[RawList]:
    return [
        RawList("mpd", f"mpd:{pid}", f"List {pid} é", tuple(make_id(pid + pos) for pos in range(4)))
        for start in starts
        for pid in range(start, start + 3)
    ]


def name_of(start: int) -> str:
    return f"data/mpd.slice.{start}-{start + 999}.json"


def make_zip(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def sound_zip(folder: Path, *starts: int) -> Path:
    return make_zip(
        folder / "mpd.zip",
        {"README.md": b"read me", **{name_of(start): make_slice(start) for start in starts}},
    )


def test_a_zip_becomes_a_store_in_the_order_of_its_slices(tmp_path: Path) -> None:
    store = tmp_path / "store"
    told: list[tuple[int, int, int]] = []
    source = sound_zip(tmp_path, 10_000, 0, 2_000)
    report = import_lists(source, store, progress=lambda *figures: told.append(figures))
    assert report == StoreReport(9, 0, ())
    assert sorted(read_lists(store), key=lambda each: each.playlist_id) == sorted(
        expect(0, 2_000, 10_000), key=lambda each: each.playlist_id
    )
    assert [lists for lists, _, _ in told] == [3, 6, 9]
    assert told[-1][1] == told[-1][2]
    assert not [path for path in store.iterdir() if path.suffix != ".parquet"]


def test_again_it_changes_nothing(tmp_path: Path) -> None:
    store, source = tmp_path / "store", sound_zip(tmp_path, 0, 1_000)
    import_lists(source, store)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in store.iterdir()}
    assert import_lists(source, store) == StoreReport(0, 2, ())
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in store.iterdir()} == before


def test_a_folder_a_slice_and_a_table(tmp_path: Path) -> None:
    folder, store = tmp_path / "data", tmp_path / "store"
    folder.mkdir()
    (folder / "mpd.slice.0-999.json").write_bytes(make_slice(0))
    assert import_lists(folder, store).lists == 3
    assert import_lists(folder / "mpd.slice.0-999.json", store) == StoreReport(0, 1, ())
    table = write_table(tmp_path / "l.csv", [{"playlist_id": "p", "track_id": "a"}])
    assert import_lists(table, store).lists == 1
    assert import_lists(table, store).known == 1
    assert read_lists(store) == [*expect(0), RawList("", "p", "", ("a",))]


def test_odd_names_and_a_list_without_tracks(tmp_path: Path) -> None:
    data = {"playlists": [{"pid": 1, "name": "a\ud800b\n", "tracks": []}]}
    import_lists(make_zip(tmp_path / "z.zip", {name_of(0): json.dumps(data).encode()}), tmp_path / "s")
    assert read_lists(tmp_path / "s") == [RawList("mpd", "mpd:1", "a?b\n", ())]


@pytest.mark.parametrize(
    "bad",
    [
        b"{", b"[]", b'{"playlists": [{"pid": 1}]}', b'{"playlists": [{"pid": "1", "tracks": []}]}',
        b'{"playlists": [{"pid": 1, "tracks": [{"pos": 0}]}]}', b'{"playlists": [7]}',
        b'{"playlists": [{"pid": 1, "tracks": [{"pos": Infinity, "track_uri": "a"}]}]}',
        b'{"playlists": [{"pid": 1, "tracks": [3]}]}', b"[" * 20_000,
    ],
)  # fmt: skip
def test_a_broken_slice_is_named_and_the_rest_kept(tmp_path: Path, bad: bytes) -> None:
    source = make_zip(tmp_path / "z.zip", {name_of(0): make_slice(0), name_of(1000): bad})
    report = import_lists(source, tmp_path / "s")
    assert report.lists == 3
    assert report.broken[0].startswith("mpd.slice.1000-1999: ")
    assert read_lists(tmp_path / "s") == expect(0)


def test_a_damaged_entry_is_left_out(tmp_path: Path) -> None:
    source = sound_zip(tmp_path, 0, 1_000)
    data = bytearray(source.read_bytes())
    with zipfile.ZipFile(source) as archive:
        offset = archive.getinfo(name_of(1_000)).header_offset
    data[offset + 80 : offset + 120] = bytes(40)
    source.write_bytes(data)
    report = import_lists(source, tmp_path / "s")
    assert (report.lists, len(report.broken)) == (3, 1)


def test_nothing_that_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(PlaylistFormatError, match="none of 1 slices can be read"):
        import_lists(make_zip(tmp_path / "z.zip", {name_of(0): b"{"}), tmp_path / "s")


def test_a_zip_that_was_cut_off(tmp_path: Path) -> None:
    source = sound_zip(tmp_path, 0, 1_000)
    source.write_bytes(source.read_bytes()[:-300])
    with pytest.raises(PlaylistFormatError, match="cut off") as caught:
        import_lists(source, tmp_path / "s")
    assert caught.value.hint == "Download it again."


@pytest.mark.parametrize(("name", "data"), [("a.zip", b""), ("a.zip", b"hello"), ("a.txt", b"x - y")])
def test_what_is_no_zip(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(PlaylistFormatError, match="expected a zip of slices"):
        import_lists(tmp_path / name, tmp_path / "s")


def test_a_zip_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(PlaylistFormatError, match=r"expected files named mpd\.slice"):
        import_lists(make_zip(tmp_path / "z.zip", {"a.json": b"{}"}), tmp_path / "s")
    with pytest.raises(PlaylistFormatError, match="no such file"):
        import_lists(tmp_path / "none.zip", tmp_path / "s")


def test_an_encrypted_zip(tmp_path: Path) -> None:
    source = sound_zip(tmp_path, 0)
    data = bytearray(source.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.rindex(mark) + offset
        struct.pack_into("<H", data, at, struct.unpack_from("<H", data, at)[0] | 1)
    source.write_bytes(data)
    with pytest.raises(PlaylistFormatError, match="is encrypted"):
        import_lists(source, tmp_path / "s")


def test_a_zip_bomb(tmp_path: Path) -> None:
    source = make_zip(tmp_path / "z.zip", {name_of(0): b" " * (20 << 20)})
    with pytest.raises(PlaylistFormatError, match="no more than 60 times"):
        import_lists(source, tmp_path / "s")


def test_a_slice_that_says_it_is_smaller_than_it_is(tmp_path: Path) -> None:
    source = make_zip(tmp_path / "z.zip", {name_of(0): make_slice(0), name_of(1000): b" " * (20 << 20)})
    data = bytearray(source.read_bytes())
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 24, 100)  # the unpacked size, in the directory
    source.write_bytes(data)
    report = import_lists(source, tmp_path / "s")
    assert (report.lists, len(report.broken)) == (3, 1)


@pytest.mark.parametrize(("limit", "value"), [("MAX_SLICES", 1), ("MAX_SLICE", 500)])
def test_more_than_there_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(mpd, limit, value)
    with pytest.raises(PlaylistFormatError, match="this is no set of playlists"):
        import_lists(sound_zip(tmp_path, 0, 1_000), tmp_path / "s")


@pytest.mark.parametrize("prefix", ["../../", "/", "..\\", "C:\\x\\", "a/../../"])
def test_no_path_of_an_archive_is_written(tmp_path: Path, prefix: str) -> None:
    store = tmp_path / "deep" / "deeper" / "store"
    entries = {f"{prefix}mpd.slice.0-999.json": make_slice(0), name_of(1_000): make_slice(1_000)}
    import_lists(make_zip(tmp_path / "z.zip", entries), store)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written <= {
        "z.zip",
        "deep/deeper/store/mpd.slice.0-999.parquet",
        "deep/deeper/store/mpd.slice.1000-1999.parquet",
    }


def test_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("a file")
    with pytest.raises(StorageError, match="cannot write the playlists"):
        import_lists(sound_zip(tmp_path, 0), tmp_path / "s")


def test_a_killed_import_goes_on(tmp_path: Path) -> None:
    source, store = sound_zip(tmp_path, *range(0, 60_000, 1_000)), tmp_path / "store"
    command = (
        f"from segue.corpus.list_store import *; import_lists(Path({str(source)!r}), Path({str(store)!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", command])
    deadline = time.monotonic() + 60
    while len(list(store.glob("*.parquet"))) < 5 and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    done = len(list(store.glob("*.parquet")))
    assert done >= 5
    report = import_lists(source, store)
    assert (report.known, report.lists) == (done, 3 * (60 - done))
    assert len(read_lists(store)) == 180


def test_left_over_drafts_are_cleared_away(tmp_path: Path) -> None:
    store = tmp_path / "store"
    for name, age in ((".draft-old", 9_000), (".draft-new", 0)):
        (store / name).mkdir(parents=True)
        os.utime(store / name, (time.time() - age,) * 2)
    import_lists(sound_zip(tmp_path, 0), store)
    assert not (store / ".draft-old").exists()
    assert (store / ".draft-new").exists()


def test_the_tracks_it_names_are_added(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    command = ["playlists", "import", str(sound_zip(tmp_path, 0, 1_000)), "--into", str(tmp_path / "s")]
    for _ in range(2):  # the second time adds none
        done = CliRunner().invoke(app, [*command, "--add-tracks", "--catalogue", str(path), "--json"])
        assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "schema": 1, "store": str(tmp_path / "s"), "lists": 0, "known": 2, "broken": [],
    }  # fmt: skip
    with Catalogue.open(path) as catalogue:
        assert len(catalogue) == 12
        assert catalogue.find_track(make_id(3)) == Track(
            make_id(3), "Song 3", ("Earth, Wind & Fire",), "LP", features={"duration_ms": 200_003.0}
        )


def test_an_earlier_import_without_tracks_does_not_hide_them(tmp_path: Path) -> None:
    source = sound_zip(tmp_path, 0)
    found: list[Track] = []
    import_lists(source, tmp_path / "s")
    import_lists(source, tmp_path / "s", add_tracks=found.extend)
    assert len(found) == 6


def test_what_is_no_track_is_not_added(tmp_path: Path) -> None:
    tracks = [
        {"track_uri": "spotify:episode:x"},
        {"track_uri": f"spotify:track:{make_id(1)}", "track_name": None, "duration_ms": 10**9},
        {"track_uri": f"spotify:track:{make_id(2)}", "track_name": "x" * 9_000, "duration_ms": "long"},
    ]
    data = json.dumps({"playlists": [{"pid": 1, "tracks": tracks}]}).encode()
    found: list[Track] = []
    import_lists(make_zip(tmp_path / "z.zip", {name_of(0): data}), tmp_path / "s", add_tracks=found.extend)
    assert [(track.track_id, len(track.name)) for track in found] == [(make_id(2), 2_000)]


def test_the_command_says_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUE_DATA_DIR", str(tmp_path / "data"))
    source = make_zip(tmp_path / "z.zip", {name_of(0): make_slice(0), name_of(1000): b"{"})
    done = CliRunner().invoke(app, ["playlists", "import", str(source)])
    assert done.exit_code == 0
    assert "3 lists added" in done.stderr
    assert "mpd.slice.1000-1999" in done.stderr
    assert f"segue train --playlists {tmp_path / 'data' / 'playlists'}" in done.stderr


def test_a_zip_given_to_train_is_told_the_way(tmp_path: Path) -> None:
    with pytest.raises(PlaylistFormatError) as caught:
        read_lists(sound_zip(tmp_path, 0))
    assert "segue playlists import" in caught.value.hint
