"""`segue catalogue fill`, as it is typed."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from double_reccobeats import Double, serving_double
from made_tracks import make_id
from segue.catalogue.store import Catalogue
from segue.cli import catalogue_fill
from segue.cli.main import catalogue_app as app
from segue.config import Settings
from segue.errors import InputError, SettingsError
from segue.types import Track


@pytest.fixture
def double(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    with serving_double() as serving:
        monkeypatch.setenv("SEGUE_RECCOBEATS_URL", serving.url)
        yield serving


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "c.sqlite"
    with Catalogue.create(path) as opened:
        opened.upsert(Track(make_id(number), f"Song {number}", popularity=number) for number in range(1, 51))
    return path


def run(*arguments: str | Path, said: str = "") -> Result:
    result = CliRunner().invoke(app, ["fill", *map(str, arguments)], input=said, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def test_it_says_what_is_sent_where_and_needs_a_yes(catalogue: Path, double: Double) -> None:
    with pytest.raises(InputError, match="no terminal to ask at"):
        run("--from", "reccobeats", "--catalogue", catalogue)
    assert double.asked == []


@pytest.mark.parametrize("said", ["y\n", "n\n", "\n"])
def test_the_answer_counts(
    catalogue: Path, double: Double, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setattr(catalogue_fill, "is_terminal", lambda: True)
    result = run("--from", "reccobeats", "--catalogue", catalogue, said=said)
    assert "sends the Spotify ids of 50 tracks" in result.stderr
    assert "and nothing else, to api.reccobeats.com: 2 requests of up to 40" in result.stderr
    assert len(double.asked) == (2 if said == "y\n" else 0)
    assert ("Nothing was sent." in result.stderr) == (said != "y\n")


def test_yes_a_limit_and_again(catalogue: Path, double: Double) -> None:
    double.unknown = {make_id(50)}
    first = run("--from", "ReccoBeats", "--catalogue", catalogue, "--yes", "--limit", "10")
    assert "api.reccobeats.com knew features of 9 of 10 tracks" in first.stderr
    assert double.asked[0][0] == make_id(50)
    rest = json.loads(run("--from", "reccobeats", "--catalogue", catalogue, "--yes", "--json").stdout)
    assert (rest["asked"], rest["filled"]) == (40, 40)
    assert "left to ask about" in run("--from", "reccobeats", "--catalogue", catalogue).stderr
    again = run("--from", "reccobeats", "--catalogue", catalogue, "--yes", "--again")
    assert "0 of 1 tracks" in again.stderr


def test_another_source(catalogue: Path) -> None:
    with pytest.raises(InputError, match="expected reccobeats, got 'spotify'"):
        run("--from", "spotify", "--catalogue", catalogue)


def test_another_host(catalogue: Path, double: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUE_RECCOBEATS_URL", "https://example.org")
    with pytest.raises(SettingsError, match="loopback"):
        run("--from", "reccobeats", "--catalogue", catalogue, "--yes")


def test_the_starter_is_left_as_it_is(made_starter: Path, double: Double) -> None:
    with pytest.raises(InputError, match="got the starter"):
        run("--from", "reccobeats", "--yes")


def test_ctrl_c_says_that_what_has_come_is_stored(catalogue: Path, double: Double) -> None:
    double.faults = [lambda _handler: os.kill(os.getpid(), signal.SIGINT)]
    result = CliRunner().invoke(app, ["fill", "--from", "reccobeats", "-c", str(catalogue), "--yes"])
    assert result.exit_code == 130
    assert "What has come is stored" in result.stderr
