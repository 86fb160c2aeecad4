"""What the doctor looks at, each check on its own."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from made_tracks import make_tracks
from segue.app import open_services
from segue.catalogue.store import Catalogue
from segue.checkup import Checkup
from segue.config import Settings

MISSPELT = "SEGUE_" + "MODLE"
STRANGE = "SEGUE_" + "ZZZZZZZZ"


def test_the_interpreter(settings: Settings) -> None:
    check = Checkup(settings).python()
    assert (check.state, check.todo) == ("ok", "")
    assert check.found.startswith("Python 3.")


def test_an_old_interpreter(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segue.checkup._OLDEST_PYTHON", (99, 0))
    check = Checkup(settings).python()
    assert check.state == "broken"
    assert "Python 3.11" in check.todo


def test_variables_that_are_settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SEGUE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SEGUE_MODEL", "audio")
    assert Checkup(settings).variables().state == "ok"


def test_variables_that_are_none(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MISSPELT, "audio")
    monkeypatch.setenv(STRANGE, "1")
    check = Checkup(settings).variables()
    assert check.state == "note"
    assert MISSPELT in check.found
    assert STRANGE in check.found
    assert f"SEGUE_MODEL in place of {MISSPELT}" in check.todo


def test_a_catalogue_of_ones_own(settings: Settings, tmp_path: Path) -> None:
    with Catalogue.create(tmp_path / "own.sqlite") as catalogue:
        catalogue.upsert(make_tracks(3))
    check = Checkup(replace(settings, catalogue=tmp_path / "own.sqlite"), full=True).catalogue()
    assert (check.state, check.found) == ("ok", f"3 tracks in {tmp_path / 'own.sqlite'}")


def test_an_empty_catalogue(settings: Settings, tmp_path: Path) -> None:
    Catalogue.create(tmp_path / "own.sqlite").close()
    check = Checkup(replace(settings, catalogue=tmp_path / "own.sqlite")).catalogue()
    assert (check.state, check.todo) == ("broken", "Fill it: segue catalogue import FILE")


def test_an_error_is_the_check_that_it_broke(settings: Settings, tmp_path: Path) -> None:
    broken = replace(settings, catalogue=tmp_path / "none.sqlite", spotify_api_url="https://example.com")
    checkup = Checkup(broken, open_services(broken))
    found = {check.name: check for check in checkup.run()}
    assert [found[name].state for name in ("catalogue", "spotify")] == ["broken", "broken"]
    assert all(found[name].todo for name in ("catalogue", "spotify"))
    assert list(found)[-1] == "sign-in"
