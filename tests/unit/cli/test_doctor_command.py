"""`segue doctor`: each check, well and ill."""

import json
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
import typer
from typer.testing import CliRunner

from fake_spotify import FakeSpotify
from fake_spotify.fixtures import Stopwatch, token_of
from segue.checkup import Checkup
from segue.cli.doctor import doctor
from segue.config import Settings
from segue.services.spotify.access import SpotifyAccess
from segue.services.spotify.service import Spotify
from segue.services.spotify.tokens import FileTokenStore
from segue.services.spotify.transport import Timing
from segue.types import Check

pytestmark = pytest.mark.usefixtures("made_starter")

app = typer.Typer()
app.command()(doctor)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def found(settings: Settings, *, ahead_s: float = 0.0) -> dict[str, Check]:
    watch = Stopwatch()
    watch.ahead_s = ahead_s
    spotify = Spotify(SpotifyAccess(settings, timing=Timing(watch.now, watch.sleep)))
    checkup = Checkup(settings, (spotify,))
    return {check.name: check for check in checkup.run()}


def test_all_is_well(signed_in: Settings) -> None:
    states = {name: check.state for name, check in found(signed_in).items()}
    states.pop("model")  # its own tests say when a bundle is whole
    assert states == {
        "python": "ok",
        "settings": "ok",
        "catalogue": "note",
        "disk": "ok",
        "spotify": "ok",
        "clock": "ok",
        "sign-in": "ok",
    }


def test_a_model_that_is_not_there(signed_in: Settings, tmp_path: Path) -> None:
    check = found(replace(signed_in, model=str(tmp_path / "none")))["model"]
    assert check.state == "broken"
    assert "none" in check.found
    assert check.todo


def test_a_catalogue_that_is_not_there(signed_in: Settings, tmp_path: Path) -> None:
    check = found(replace(signed_in, catalogue=tmp_path / "none.sqlite"))["catalogue"]
    assert check.state == "broken"
    assert "SEGUE_CATALOGUE" in check.todo


def test_a_catalogue_that_is_none(signed_in: Settings, tmp_path: Path) -> None:
    (tmp_path / "text.sqlite").write_text("This is no SQLite file. " * 99)
    check = found(replace(signed_in, catalogue=tmp_path / "text.sqlite"))["catalogue"]
    assert check.state == "broken"


@pytest.mark.parametrize(("free", "state"), [(10**6, "broken"), (5 * 10**8, "note"), (10**10, "ok")])
def test_the_disk(signed_in: Settings, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(10**12, 0, free))
    check = found(signed_in)["disk"]
    assert check.state == state
    assert ("SEGUE_DATA_DIR" in check.todo) == (state != "ok")


def test_a_folder_that_cannot_be_written(signed_in: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda place, mode: False)
    assert found(signed_in)["disk"].state == "broken"


@pytest.mark.parametrize(
    ("ahead_s", "state", "text"),
    [
        (0, "ok", "agrees"),
        (250, "ok", "agrees"),
        (3_600, "broken", "60 minutes ahead of"),
        (-7_300, "broken", "2 hours behind"),
    ],
)
def test_the_clock(signed_in: Settings, ahead_s: float, state: str, text: str) -> None:
    check = found(signed_in, ahead_s=ahead_s)["clock"]
    assert (check.state, text in check.found) == (state, True), check
    assert bool(check.todo) == (state == "broken")


def test_spotify_out_of_reach(signed_in: Settings, fake_spotify: FakeSpotify) -> None:
    fake_spotify.stop()
    result = found(signed_in)
    assert result["spotify"].state == "broken"
    assert "HTTPS_PROXY" in result["spotify"].todo
    assert result["clock"].state == "note"
    assert result["sign-in"].state == "ok"  # as far as can be told without Spotify


def test_spotify_out_of_reach_is_a_note_for_those_who_are_not_signed_in(
    spotify_settings: Settings, fake_spotify: FakeSpotify
) -> None:
    fake_spotify.stop()
    result = found(spotify_settings)
    assert [result[name].state for name in ("spotify", "clock", "sign-in")] == ["note"] * 3
    assert result["spotify"].todo.startswith("segue works without it: segue recommend FILE")
    assert CliRunner().invoke(app, []).exit_code == 0


def test_spotify_out_of_reach_ends_with_1_for_those_who_are_signed_in(
    signed_in: Settings, fake_spotify: FakeSpotify
) -> None:
    fake_spotify.stop()
    result = CliRunner().invoke(app, [])
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "Broken: spotify.")


def test_an_address_that_is_not_allowed(signed_in: Settings) -> None:
    check = found(replace(signed_in, spotify_api_url="https://example.com"))["spotify"]
    assert check.state == "broken"
    assert "SEGUE_SPOTIFY_API_URL" in check.found


def test_nobody_signed_in(spotify_settings: Settings) -> None:
    check = found(spotify_settings)["sign-in"]
    assert check.state == "note"
    assert "segue login" in check.todo


def test_a_damaged_sign_in(signed_in: Settings) -> None:
    FileTokenStore(signed_in.config_dir).path.write_text("damaged")
    check = found(signed_in)["sign-in"]
    assert (check.state, "damaged" in check.found) == ("broken", True)


def test_a_sign_in_that_has_died(signed_in: Settings, fake_spotify: FakeSpotify) -> None:
    fake_spotify.accounts.access.clear()
    fake_spotify.accounts.refresh.clear()
    check = found(signed_in)["sign-in"]
    assert (check.state, "has ended" in check.found) == ("broken", True)


def test_a_sign_in_that_dies_soon(signed_in: Settings, fake_spotify: FakeSpotify) -> None:
    token = replace(token_of(fake_spotify), signed_in_at=time.time() - 175 * 86_400)
    FileTokenStore(signed_in.config_dir).save(token)
    assert found(signed_in)["sign-in"].state == "note"


def test_a_sign_in_that_lacks_something(spotify_settings: Settings, fake_spotify: FakeSpotify) -> None:
    token = token_of(fake_spotify, scopes=("playlist-read-private",))
    FileTokenStore(spotify_settings.config_dir).save(token)
    check = found(spotify_settings)["sign-in"]
    assert (check.state, "user-library-read" in check.found) == ("note", True)


def test_the_command_and_its_exit_code(signed_in: Settings, fake_spotify: FakeSpotify) -> None:
    fake_spotify.ahead_s = 3_600
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 1
    assert "60 minutes behind Spotify's" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("Broken: ")
    assert "clock" in result.stdout.splitlines()[-1]


def test_the_command_for_programs(signed_in: Settings) -> None:
    result = CliRunner().invoke(app, ["--json"])
    facts = json.loads(result.stdout)
    assert [check["name"] for check in facts["checks"]] == [
        "python", "settings", "catalogue", "model", "disk", "spotify", "clock", "sign-in",
    ]  # fmt: skip
    assert facts["healthy"] == (result.exit_code == 0)
