"""A result: as values for JSON, as a file that is whole or not there, as a table."""

import json
import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from segue.errors import PlaylistFormatError, StorageError
from segue.playlists.read import read_playlist
from segue.result import Result, write_aside
from segue.types import Match, Reason, Recommendation, Track, TrackReference

SEED, PICK = "A" * 22, "B" * 22


@pytest.fixture
def result() -> Result:
    track = Track(PICK, "Song <b>", ("Band & Co",), features={"energy": 0.5, "key": 3.0})
    pick = Recommendation(track, 1.25, 2.5, (Reason("era", "from 1999", (SEED,)),))
    missing = Match(TrackReference(title="Gone", artist="Nobody"), None, 0.0, "none", ((track, 0.5),))
    return Result((pick,), ("Nobody - Gone",), (Track(SEED),), (missing,), ("Only 1 of 2 songs.",), "Evening")


@contextmanager
def little_room() -> Iterator[None]:
    """No file may grow beyond 100 bytes, as on a full disk; not even the log of pytest."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_as_values_for_json(result: Result) -> None:
    values = json.loads(json.dumps(result.to_dict()))
    assert values["schema"] == 1
    assert (values["name"], values["notes"]) == ("Evening", ["Only 1 of 2 songs."])
    (pick,) = values["tracks"]
    assert (pick["track_id"], pick["ranking_score"]) == (PICK, 2.5)
    assert pick["reasons"] == [{"kind": "era", "text": "from 1999", "seeds": [SEED]}]
    (missing,) = values["unmatched"]
    assert missing["reference"] == "Nobody - Gone"
    assert missing["closest"][0]["track_id"] == PICK


def test_as_a_table_with_nothing_unescaped(result: Result) -> None:
    html = result._repr_html_()
    assert "<td>Song &lt;b&gt;</td><td>Band &amp; Co</td><td>from 1999</td>" in html


@pytest.mark.parametrize("ending", ["csv", "m3u8", "xspf", "jspf", "json"])
def test_as_a_file(result: Result, tmp_path: Path, ending: str) -> None:
    path = result.save(tmp_path / f"new.{ending}")
    (entry,) = read_playlist(path.read_bytes(), filename=path.name).entries
    assert entry.track_id == PICK


def test_an_ending_that_names_no_format(result: Result, tmp_path: Path) -> None:
    with pytest.raises(PlaylistFormatError):
        result.save(tmp_path / "new.docx")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "list.txt"
    target.write_text("old")
    with little_room(), pytest.raises(StorageError, match="cannot write"):
        write_aside(target, "new " * 1000)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["list.txt"]


def test_a_full_device_is_an_error() -> None:
    with pytest.raises(StorageError, match="No space left"):
        write_aside(Path("/dev/full"), "text")


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_aside(pipe, "text")
    reader.join(10)
    assert read == ["text"]
    assert pipe.is_fifo()
