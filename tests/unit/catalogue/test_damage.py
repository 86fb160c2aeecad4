"""Damage inside a catalogue: found by reading all of it, not by opening it."""

from pathlib import Path

import pytest

from made_tracks import make_rows, write_table
from segue.catalogue.connections import find_damage
from segue.catalogue.import_ import import_files
from segue.catalogue.store import Catalogue
from segue.checkup import Checkup
from segue.config import Settings


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "made.sqlite"
    import_files(path, [write_table(tmp_path / "made.csv", make_rows(8_000))])
    return path


def _put_zeros(path: Path) -> None:
    """Fill the middle third with zeros, as a disk does that lost a stretch."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(bytes(size // 3))


@pytest.mark.parametrize("full", [False, True])
def test_a_whole_catalogue_has_no_damage(catalogue: Path, full: bool) -> None:
    assert find_damage(catalogue, full=full) == ""


@pytest.mark.parametrize("full", [False, True])
def test_zeros_in_the_middle_are_found_although_it_opens(
    catalogue: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    _put_zeros(catalogue)
    with Catalogue.open(catalogue) as opened:
        assert opened.path == catalogue
    assert find_damage(catalogue, full=full)
    monkeypatch.setenv("SEGUE_CATALOGUE", str(catalogue))
    check = Checkup(Settings(), full=full).catalogue()
    assert (check.state, "damaged" in check.found) == ("broken", True)
    assert "segue catalogue import" in check.todo
