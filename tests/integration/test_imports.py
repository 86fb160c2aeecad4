"""Imports in the world as it is: killed, side by side, with a full disk, where nothing may be written."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from made_tracks import make_rows, make_tracks, write_table
from segue.catalogue.import_ import import_files
from segue.catalogue.store import Catalogue
from segue.errors import CatalogueBusyError, StorageError

SLOW_IMPORT = """
    import sys, time
    from pathlib import Path
    from segue.catalogue import connections, writer
    from segue.catalogue.import_ import import_files

    def open_writer(path):
        connection = connections.open_writer(path)
        connection.execute("PRAGMA cache_size = 20")  # pages reach the file long before the end
        return connection

    writer.open_writer = open_writer
    def show(rows, done, total):
        if rows >= int(sys.argv[3]):
            print("half way", flush=True)
            time.sleep(60)
    import_files(Path(sys.argv[1]), [Path(sys.argv[2])], progress=show)
"""


def start_import(target: Path, source: Path, *, stop_at: int) -> subprocess.Popen[str]:
    """Start an import in a process of its own; return when it has read so many rows and waits."""
    script = textwrap.dedent(SLOW_IMPORT)
    process = subprocess.Popen(
        [sys.executable, "-c", script, target, source, str(stop_at)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "half way\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_table(tmp_path / "tracks.csv", make_rows(12_000))


def test_a_killed_import_leaves_the_catalogue_as_it_was(tmp_path: Path, source: Path) -> None:
    target = tmp_path / "catalogue.sqlite"
    with Catalogue.create(target) as catalogue:
        catalogue.upsert(make_tracks(50))
        revision = catalogue.revision
    process = start_import(target, source, stop_at=10_000)
    journal = target.with_name(target.name + "-journal")
    assert journal.stat().st_size > 0, "the import was killed while it wrote to the file itself"
    kill(process)
    with Catalogue.open(target) as catalogue:
        assert catalogue.revision == revision
        assert catalogue.get_tracks(range(len(catalogue))) == make_tracks(50)
        assert len(catalogue.search("song 7")) == 1
    assert not journal.exists()
    report = import_files(target, [source])
    assert (report.added, report.total) == (11_950, 12_000)


def test_a_killed_first_import_can_be_run_again(tmp_path: Path, source: Path) -> None:
    target = tmp_path / "catalogue.sqlite"
    kill(start_import(target, source, stop_at=10_000))
    assert import_files(target, [source]).total == 12_000


def test_two_imports_at_once(tmp_path: Path, source: Path) -> None:
    target = tmp_path / "catalogue.sqlite"
    Catalogue.create(target).close()
    process = start_import(target, source, stop_at=5_000)
    try:
        started = time.monotonic()
        with pytest.raises(CatalogueBusyError, match="another process is importing"):
            import_files(target, [source])
        assert time.monotonic() - started < 5
    finally:
        kill(process)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1.5 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1536k", "tmpfs", place], check=False, capture_output=True
    )
    if made.returncode != 0:
        pytest.skip("this machine does not let us mount a file system")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk(small_disk: Path, source: Path) -> None:
    target = small_disk / "catalogue.sqlite"
    with Catalogue.create(target) as catalogue:
        catalogue.upsert(make_tracks(50))
    before = target.read_bytes()
    with pytest.raises(StorageError, match="no space is left"):
        import_files(target, [source])
    with Catalogue.open(target) as catalogue:
        assert catalogue.get_tracks(range(50)) == make_tracks(50)
    assert target.read_bytes() == before
    assert [path.name for path in small_disk.iterdir()] == [target.name]


def test_a_full_disk_at_the_first_import(small_disk: Path, source: Path) -> None:
    with pytest.raises(StorageError, match="no space is left"):
        import_files(small_disk / "catalogue.sqlite", [source])
    assert list(small_disk.iterdir()) == []


def test_a_full_disk_for_the_refused_rows(small_disk: Path, tmp_path: Path) -> None:
    rows = [{**row, "tempo": "inf"} for row in make_rows(20_000)]
    with pytest.raises(StorageError, match="refused"):
        import_files(
            tmp_path / "c.sqlite",
            [write_table(tmp_path / "t.csv", rows)],
            refused_file=small_disk / "refused.csv",
        )
    assert not (tmp_path / "c.sqlite").exists()


READ_ONLY = """
    import os, sys
    from pathlib import Path
    from segue.catalogue.import_ import import_files
    from segue.catalogue.store import Catalogue
    from segue.errors import StorageError

    if os.geteuid() == 0:
        os.setuid(65534)
    target, source = Path(sys.argv[1]), Path(sys.argv[2])
    with Catalogue.open(target) as catalogue:
        assert len(catalogue) == 50 and catalogue.search("song 7")
        assert catalogue.load_columns().audio.shape == (50, 13)
        for act in (
            lambda: catalogue.upsert(catalogue.get_tracks([0])),
            lambda: import_files(target, [source]),
            lambda: Catalogue.create(target.with_name("new.sqlite")),
        ):
            try:
                act()
            except StorageError as error:
                assert "read-only" in error.message, error.message
            else:
                raise AssertionError("wrote to a read-only folder")
    print("as it should be")
"""


def test_a_read_only_folder(tmp_path_factory: pytest.TempPathFactory, source: Path) -> None:
    place = Path("/tmp") if os.geteuid() == 0 else tmp_path_factory.mktemp("any")  # others may enter it
    folder = place / f"segue-read-only-{os.getpid()}"
    folder.mkdir(mode=0o755)
    try:
        target, table = folder / "catalogue.sqlite", folder / "tracks.csv"
        with Catalogue.create(target) as catalogue:
            catalogue.upsert(make_tracks(50))
        shutil.copy(source, table)
        for path in (target, table):
            path.chmod(0o444)
        folder.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(READ_ONLY), target, table],
            capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip
        if "Permission denied" in done.stderr and "site-packages" in done.stderr:
            pytest.skip("the other user may not read the installed packages")
        assert done.stdout == "as it should be\n", done.stderr
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.shared_data
def test_nothing_of_the_development_data_is_refused(shared_data: Path, tmp_path: Path) -> None:
    tenth = tmp_path / "tenth.parquet"
    some = f"SELECT * FROM read_parquet('{shared_data / 'tracks.parquet'}') WHERE hash(track_id) % 10 = 0"
    duckdb.execute(f"COPY ({some}) TO '{tenth}' (FORMAT parquet)")
    report = import_files(tmp_path / "catalogue.sqlite", [tenth])
    assert report.rows > 30_000
    assert (report.added, report.refused_rows) == (report.rows, 0)
