"""Fetching public sets, from a server of the same layout on this machine."""

import errno
import hashlib
import shutil
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from public_hub import Hub, answer, cut_at, make_content, serving_hub
from segue.catalogue.get import (
    Download,
    SetFile,
    Target,
    add_set,
    download_folder,
    fetch_file,
    get_set,
    load_sets,
)
from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.errors import CatalogueBusyError, DownloadError, ImportFormatError, InputError, StorageError


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with serving_hub(make_content(tmp_path)) as hub:
        yield hub


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def to(tmp_path: Path, pauses: list[float]) -> Download:
    return Download(tmp_path / "downloads", pause=pauses.append)


def test_the_registry_is_sound() -> None:
    for each in load_sets():
        assert get_set(each.name) is each
        assert all(get_set(name) is each for name in each.also)
        assert each.licence
        assert each.tracks <= each.rows
        for file in each.files:
            assert file.url.startswith(tuple(f"https://{host}/" for host in each.hosts))
            assert file.suffix in {".csv", ".parquet"}
            assert 1e6 < file.size_bytes < 1e8
    with pytest.raises(InputError, match="no public set called 'nope'") as caught:
        get_set("nope")
    assert "spotify-tracks" in caught.value.hint


def test_a_file_comes_by_way_of_the_hub(hub: Hub, to: Download, pauses: list[float]) -> None:
    told: list[tuple[int, int]] = []
    path = fetch_file(hub.as_set(), replace(to, report=lambda done, total: told.append((done, total))))
    assert path.read_bytes() == hub.content
    assert told[-1] == (len(hub.content), len(hub.content))
    assert pauses == []
    assert {each.name for each in to.folder.iterdir()} <= {"made-up.csv", "lock"}, "no part is left"


def test_a_cut_connection_goes_on_where_it_stopped(hub: Hub, to: Download, pauses: list[float]) -> None:
    hub.faults = [cut_at(hub, 500), cut_at(hub, 900)]
    assert fetch_file(hub.as_set(), to).read_bytes() == hub.content
    assert hub.ranges == [None, "bytes=500-", "bytes=900-"]
    assert len(pauses) == 2


def test_another_run_goes_on_where_one_stopped(hub: Hub, to: Download) -> None:
    def stop(_seconds: float) -> None:
        raise KeyboardInterrupt

    hub.faults = [cut_at(hub, 500)]
    with pytest.raises(KeyboardInterrupt):
        fetch_file(hub.as_set(), replace(to, pause=stop))
    assert fetch_file(hub.as_set(), to).read_bytes() == hub.content
    assert hub.ranges == [None, "bytes=500-"]


def test_a_file_that_changed_meanwhile_comes_whole(hub: Hub, to: Download) -> None:
    hub.faults = [cut_at(hub, 500)]
    old = hub.content

    def change(_seconds: float) -> None:
        hub.content, hub.etag = old.replace(b"Song", b"Tune"), '"second"'
        hub.checksum = hashlib.sha256(hub.content).hexdigest()

    assert fetch_file(hub.as_set(), replace(to, pause=change)).read_bytes() == hub.content
    assert hub.content != old


@pytest.mark.parametrize("status", [206, 416])
def test_a_rest_that_does_not_fit_is_fetched_anew(hub: Hub, to: Download, status: int) -> None:
    hub.faults = [cut_at(hub, 500), answer(status, b"x" * 9, Content_Range="bytes 3-11/12")]
    assert fetch_file(hub.as_set(), to).read_bytes() == hub.content
    assert hub.ranges == [None, "bytes=500-", None]


def test_a_part_whose_note_is_lost_is_fetched_anew(hub: Hub, to: Download) -> None:
    to.folder.mkdir()
    (to.folder / "made-up.csv.part").write_bytes(b"x" * 700)
    (to.folder / "made-up.csv.part.json").write_text("[]")
    assert fetch_file(hub.as_set(), to).read_bytes() == hub.content
    assert hub.ranges == [None]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_waited_for(hub: Hub, to: Download, pauses: list[float], status: int) -> None:
    hub.faults = [answer(status, Retry_After="7"), answer(500)]
    assert fetch_file(hub.as_set(), to).read_bytes() == hub.content
    assert pauses == [7.0, 4.0]


def test_a_long_wait_is_told(hub: Hub, to: Download, pauses: list[float]) -> None:
    hub.faults = [answer(429, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT")]
    with pytest.raises(DownloadError, match="asks to wait"):
        fetch_file(hub.as_set(), to)
    hub.faults = [answer(503, Retry_After="3600")]
    with pytest.raises(DownloadError, match="asks to wait 3,600 seconds"):
        fetch_file(hub.as_set(), to)
    assert pauses == []


def test_a_server_that_stays_away(hub: Hub, to: Download, pauses: list[float]) -> None:
    hub.faults = [answer(503)] * 9
    with pytest.raises(DownloadError, match="answers 503, 5 times in a row"):
        fetch_file(hub.as_set(), to)
    assert pauses == [2.0, 4.0, 8.0, 16.0]


def test_nobody_answers(hub: Hub, to: Download) -> None:
    nobody = SetFile("http://127.0.0.1:9/file.csv", len(hub.content))
    with pytest.raises(DownloadError, match=r"127.0.0.1 did not answer \(.+\), 5 times in a row"):
        fetch_file(hub.as_set(files=(nobody,)), to)


@pytest.mark.parametrize(
    ("leads_to", "says"),
    [
        ("http://127.0.0.2/file", "leads to 127.0.0.2, which is none of the hosts"),
        ("http://127.0.0.1@evil.test/file", "leads to evil.test"),
        ("//evil.test/file", "leads to evil.test"),
        ("file:///etc/passwd", "leads to no host"),
        ("http://hub.test/file", "without encryption"),
        ("/resolve/again", "more than 5 times"),
    ],
)
def test_it_leads_nowhere_else(hub: Hub, to: Download, leads_to: str, says: str) -> None:
    hub.leads_to = leads_to
    with pytest.raises(DownloadError, match=says):
        fetch_file(hub.as_set(hosts=("127.0.0.1", "hub.test")), to)
    assert hub.ranges == []


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (answer(200, b"<html>", Content_Type="text/html; charset=utf-8"), "sent a web page"),
        (answer(200, b"x" * 10), "expected about [0-9,]+ bytes, 127.0.0.1 announces 10"),
        (answer(200, b"", Content_Length="99999999999"), "announces 99,999,999,999"),
        (answer(200, b"", Content_Length=""), "does not say how big"),
        (answer(200, b"", Content_Encoding="gzip"), "in another form"),
        (answer(204), "expected the file, 127.0.0.1 answers 204"),
    ],
)
def test_what_is_not_the_file(hub: Hub, to: Download, fault: object, says: str) -> None:
    hub.faults = [fault]  # type: ignore[list-item]
    with pytest.raises(DownloadError, match=says):
        fetch_file(hub.as_set(), to)
    assert not (to.folder / "made-up.csv").exists()


def test_a_page_that_says_it_is_a_file(hub: Hub, to: Download) -> None:
    page = b"<!doctype html>".ljust(len(hub.content))
    hub.faults = [answer(200, page, Content_Type="application/octet-stream")]
    with pytest.raises(DownloadError, match="got a web page or XML"):
        fetch_file(hub.as_set(), to)
    assert fetch_file(hub.as_set(), to).read_bytes() == hub.content


@pytest.mark.parametrize("known_by", ["registry", "hub"])
def test_a_wrong_checksum(hub: Hub, to: Download, known_by: str) -> None:
    wrong, size = "0" * 64, len(hub.content)
    file = SetFile(f"{hub.url}/resolve/file.csv", size, sha256=wrong if known_by == "registry" else "")
    if known_by == "hub":
        hub.checksum = wrong
    with pytest.raises(DownloadError, match=f"expected a file of SHA-256 {wrong}, got [0-9a-f]{{64}}"):
        fetch_file(hub.as_set(files=(file,)), to)
    assert not list(to.folder.glob("made-up*"))


def test_the_next_form_is_taken_where_one_is_not_there(hub: Hub, to: Download) -> None:
    gone = SetFile(f"{hub.url}/gone.parquet", len(hub.content))
    wanted = hub.as_set(files=(gone, *hub.as_set().files))
    assert fetch_file(wanted, to).name == "made-up.csv"
    with pytest.raises(DownloadError, match=r"not there any more: .*/gone.parquet answers 404") as caught:
        fetch_file(hub.as_set(files=(gone,)), to)
    assert "/about" in caught.value.hint


def test_no_room_for_it(hub: Hub, to: Download, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(100, 99, 1))
    with pytest.raises(StorageError, match="made-up needs about"):
        fetch_file(hub.as_set(), to)
    assert hub.ranges == []


def test_a_disk_that_fills_up(hub: Hub, to: Download, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageError, match="No space left on device") as caught:
        fetch_file(hub.as_set(), replace(to, report=fill))
    assert "goes on where it stopped" in caught.value.hint
    assert fetch_file(hub.as_set(), to).read_bytes() == hub.content


def test_one_at_a_time(hub: Hub, to: Download) -> None:
    to.folder.mkdir()
    with FileLock(to.folder / "lock"), pytest.raises(CatalogueBusyError, match="fetching made-up"):
        fetch_file(hub.as_set(), to)


def test_a_set_is_added_and_what_was_fetched_is_gone(hub: Hub, settings: Settings) -> None:
    wanted = hub.as_set()
    folder, path = download_folder(settings, wanted), settings.data_dir / "catalogue.sqlite"
    report = add_set(wanted, Target(path), Download(folder))
    assert (report.added, report.total) == (40, 40)
    assert not folder.exists()
    assert add_set(wanted, Target(path), Download(folder)).unchanged == 40


def test_a_first_catalogue_gets_the_starters_songs_too(hub: Hub, settings: Settings) -> None:
    path = settings.data_dir / "catalogue.sqlite"
    report = add_set(
        hub.as_set(), Target(path, with_starter=True), Download(download_folder(settings, hub.as_set()))
    )
    assert report.total == 33_826 + 40
    with Catalogue.open(path) as catalogue:
        assert catalogue.search("mr brightside")[0].artists == ("The Killers",)


def test_a_file_that_is_no_table_of_tracks_is_deleted(hub: Hub, settings: Settings) -> None:
    hub.content = b"a,b\n1,2\n"
    hub.checksum = hashlib.sha256(hub.content).hexdigest()
    wanted = hub.as_set()
    folder = download_folder(settings, wanted)
    with pytest.raises(ImportFormatError):
        add_set(wanted, Target(settings.data_dir / "c.sqlite"), Download(folder))
    assert not (folder / "made-up.csv").exists()


LAYOUT = (
    ",track_id,artists,album_name,track_name,popularity,duration_ms,explicit,danceability,energy,key,loudness,mode,"
    "speechiness,acousticness,instrumentalness,liveness,valence,tempo,time_signature,track_genre\n"
)
ROW = '"Now, Then",One,73,230666,False,0.676,0.461,1,-6.746,0,0.143,0.0322,1.01e-06,0.358,0.715,87.917,4'


def test_the_layout_of_the_first_set_is_read(hub: Hub, settings: Settings) -> None:
    rows = [
        f"0,{'A' * 22},Ingrid Somebody;ZAYN,{ROW},acoustic",
        f"1,{'A' * 22},Ingrid Somebody;ZAYN,{ROW},pop",
        f"2,{'B' * 22},,,,0,0,False,0.501,0.583,7,-9.46,1,0.0605,0.69,0.00396,0.0747,0.734,0.0,0,k-pop",
    ]
    hub.content = (LAYOUT + "\n".join(rows) + "\n").encode()
    hub.checksum = hashlib.sha256(hub.content).hexdigest()
    wanted, path = hub.as_set(), settings.data_dir / "c.sqlite"
    settings.data_dir.mkdir()
    report = add_set(wanted, Target(path), Download(download_folder(settings, wanted)))
    assert (report.rows, report.added, report.refused_rows) == (3, 2, 0)
    with Catalogue.open(path) as catalogue:
        named, unnamed = catalogue.get_tracks([0, 1])
    assert (named.name, named.artists, named.album) == ("One", ("Ingrid Somebody", "ZAYN"), "Now, Then")
    assert (named.genre, named.popularity, len(named.features)) == ("acoustic; pop", 73, 13)
    assert set(named.features) - set(unnamed.features) == {"tempo", "duration_ms", "time_signature"}
