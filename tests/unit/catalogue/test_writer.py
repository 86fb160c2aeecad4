"""One transaction at a time, and each of them whole or not at all."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from made_tracks import make_track, make_tracks
from segue.catalogue import writer
from segue.catalogue.connections import open_writer
from segue.catalogue.row_codec import to_values
from segue.catalogue.store import Catalogue
from segue.catalogue.writer import open_transaction
from segue.errors import CatalogueBusyError, StorageError
from segue.types import Track


def change_and_fail(path: Path, tracks: list[Track]) -> None:
    with open_transaction(path) as change:
        change.upsert([to_values(track) for track in tracks])
        _ = 1 / 0


def test_a_second_writer_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with open_transaction(path) as first:
        first.upsert([to_values(track) for track in make_tracks(10)])
        with pytest.raises(CatalogueBusyError, match="another process is importing"), open_transaction(path):
            pass
    with Catalogue.open(path) as opened:
        assert len(opened) == 10


def test_reading_goes_on_during_a_write(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.create(path) as opened:
        opened.upsert(make_tracks(5))
        with open_transaction(path) as change:
            change.upsert([to_values(make_track(9))])
            assert len(opened) == 5
        assert len(opened) == 6


def test_a_failure_leaves_no_file_behind(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        change_and_fail(tmp_path / "new.sqlite", make_tracks(1))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("big_change", [10, 1_000_000])
def test_a_failure_leaves_the_catalogue_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, big_change: int
) -> None:
    monkeypatch.setattr(writer, "BIG_CHANGE", big_change)
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.create(path) as opened:
        opened.upsert(make_tracks(5))
        before = path.read_bytes()
        with pytest.raises(ZeroDivisionError):
            change_and_fail(path, [make_track(number, name="Changed") for number in range(3_000)])
        assert opened.get_tracks(range(5)) == make_tracks(5)
        assert opened.search("song 3")
    assert path.read_bytes() == before


def test_no_space_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.create(path) as opened:
        opened.upsert(make_tracks(5))
    before = path.read_bytes()

    def open_small(path: Path) -> sqlite3.Connection:
        connection = open_writer(path)
        connection.execute("PRAGMA max_page_count = 60")
        return connection

    monkeypatch.setattr(writer, "open_writer", open_small)
    with pytest.raises(StorageError, match="no space is left") as caught, Catalogue.open(path) as opened:
        opened.upsert(make_tracks(5_000))
    assert "as it was" in caught.value.message
    assert path.read_bytes() == before


def test_an_older_schema_is_brought_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from segue.catalogue import connections, migrations

    path = tmp_path / "catalogue.sqlite"
    with Catalogue.create(path) as opened:
        opened.upsert(make_tracks(3))
    newer = migrations.SCHEMA_VERSION + 1
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", newer)
    monkeypatch.setattr(connections, "SCHEMA_VERSION", newer)
    monkeypatch.setitem(
        migrations.MIGRATIONS,
        newer - 1,
        "ALTER TABLE meta ADD COLUMN note TEXT;\nUPDATE meta SET note = 'semi; colon';",
    )
    with Catalogue.create(path) as opened:
        assert opened.get_tracks(range(3)) == make_tracks(3)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (newer,)
        assert connection.execute("SELECT note FROM meta").fetchone() == ("semi; colon",)
