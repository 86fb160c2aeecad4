"""Files that are no catalogue, or one that we cannot read: each gets an error that says so."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from made_tracks import make_tracks
from segue.catalogue.migrations import APPLICATION_ID, SCHEMA_VERSION
from segue.catalogue.store import Catalogue
from segue.errors import CatalogueNotFoundError, CatalogueTooNewError, NotACatalogueError, StorageError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.create(path) as made:
        made.upsert(make_tracks(20))
    return path


def test_a_newer_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    for act in (Catalogue.open, Catalogue.create):
        with pytest.raises(CatalogueTooNewError, match=f"schema version {SCHEMA_VERSION + 1}") as caught:
            act(path)
        assert "Update segue" in caught.value.hint
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"track_id,name\n", b"\x00" * 5000, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_not_sqlite(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    for act in (Catalogue.open, Catalogue.create):
        with pytest.raises(NotACatalogueError, match="not a catalogue"):
            act(path)
    assert path.read_bytes() == content


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    path.touch()
    with pytest.raises(NotACatalogueError):
        Catalogue.open(path)


def test_sqlite_of_someone_else(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE features (track_uri TEXT)")
    before = path.read_bytes()
    for act in (Catalogue.open, Catalogue.create):
        with pytest.raises(NotACatalogueError, match="not a catalogue of segue") as caught:
            act(path)
        assert "import" in caught.value.hint
    assert path.read_bytes() == before


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CatalogueNotFoundError):
        Catalogue.open(tmp_path)
    with pytest.raises(StorageError):
        Catalogue.create(tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot write"):
        Catalogue.create(tmp_path / "no" / "where.sqlite")


def test_damage_inside(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xaa" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(NotACatalogueError, match="damaged"), Catalogue.open(path) as opened:
        opened.get_tracks(range(20))


def test_the_header_says_what_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_folder_and_an_empty_file_are_called_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogueNotFoundError, match="got the folder") as caught:
        Catalogue.open(tmp_path)
    assert ".sqlite" in caught.value.hint
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(NotACatalogueError, match="got the empty file") as found:
        Catalogue.open(tmp_path / "empty.sqlite")
    assert "segue catalogue import FILE" in found.value.hint
