"""Reading a big file in a second process: the same tracks, the same errors, and no process left behind."""

import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from made_tracks import make_rows, make_track, write_table
from segue.catalogue.import_ import import_files, second_process
from segue.catalogue.import_.files import open_source
from segue.catalogue.import_.parsed import iter_parsed
from segue.catalogue.import_.second_process import iter_parsed_quickly
from segue.catalogue.store import Catalogue
from segue.errors import ImportFormatError


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[bytes]"]:
    """Take every file for a big one, and collect the processes."""
    monkeypatch.setattr(second_process, "BIG_FILE", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    processes: list[subprocess.Popen[bytes]] = []
    start = second_process._start

    def noted(*arguments: object) -> object:
        process = start(*arguments)  # type: ignore[arg-type]
        assert process is not None
        processes.append(process)
        return process

    monkeypatch.setattr(second_process, "_start", noted)
    return processes


def write_rows(path: Path, count: int = 12_000) -> Path:
    rows = make_rows(count)
    rows[7]["energy"] = 7
    return write_table(path, rows)


def test_it_says_what_one_process_says(tmp_path: Path, started: list["subprocess.Popen[bytes]"]) -> None:
    path = write_rows(tmp_path / "räksmörgås 'x'.csv")
    with closing(open_source(path)) as source:
        quickly = list(iter_parsed_quickly(source, {}))
    with closing(open_source(path)) as source:
        assert quickly == list(iter_parsed(source, {}))
    assert all(process.returncode is not None for process in started)


def test_an_import_is_the_same(tmp_path: Path, started: list["subprocess.Popen[bytes]"]) -> None:
    path, refused = write_rows(tmp_path / "tracks.csv"), tmp_path / "refused.csv"
    report = import_files(tmp_path / "c.sqlite", [path], refused_file=refused)
    assert (report.rows, report.added, report.refused_rows) == (12_000, 11_999, 1)
    assert "energy: expected 0 to 1" in refused.read_text()
    assert len(started) == 1
    blank = {"album": "", "isrc": "", "release_date": "", "popularity": None, "genre": ""}
    with Catalogue.open(tmp_path / "c.sqlite") as catalogue:
        assert catalogue.get_tracks([11_998]) == [make_track(11_999, **blank)]
        assert [track.name for track in catalogue.search("song 11998")] == ["Song 11998"]


def test_errors_come_through(tmp_path: Path, started: list["subprocess.Popen[bytes]"]) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("colour,size\nred,3\n")
    with pytest.raises(ImportFormatError, match="no column holds track ids") as caught:
        import_files(tmp_path / "c.sqlite", [path])
    assert "--map" in caught.value.hint
    assert not (tmp_path / "c.sqlite").exists()


def test_a_reader_that_is_killed(tmp_path: Path, started: list["subprocess.Popen[bytes]"]) -> None:
    with closing(open_source(write_rows(tmp_path / "tracks.csv", 60_000))) as source:
        batches = iter_parsed_quickly(source, {})
        next(batches)
        started[0].kill()
        with pytest.raises(ImportFormatError, match="was ended before the file was"):
            list(batches)


def test_no_process_stays_when_the_import_is_given_up(
    tmp_path: Path, started: list["subprocess.Popen[bytes]"]
) -> None:
    with closing(open_source(write_rows(tmp_path / "tracks.csv", 60_000))) as source:
        batches = iter_parsed_quickly(source, {})
        next(batches)
        batches.close()
    assert started[0].poll() is not None


def test_no_module_of_the_current_folder_is_run(
    tmp_path: Path, started: list["subprocess.Popen[bytes]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert import_files(tmp_path / "c.sqlite", [write_rows(tmp_path / "tracks.csv", 10)]).added == 9


def test_where_no_process_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_process, "BIG_FILE", 0)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("subprocess.Popen", refuse)
    assert import_files(tmp_path / "c.sqlite", [write_rows(tmp_path / "tracks.csv", 10)]).added == 9
