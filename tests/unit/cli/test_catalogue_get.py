"""`segue catalogue get`, as it is typed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from public_hub import Hub, answer, make_content, serving_hub
from segue.catalogue.get import registry
from segue.catalogue.in_use import find_in_use
from segue.cli import catalogue_get
from segue.cli.main import catalogue_app as app
from segue.config import Settings
from segue.errors import DownloadError, InputError

pytestmark = pytest.mark.usefixtures("settings")


def run(*arguments: str, answer: str = "") -> Result:
    result = CliRunner().invoke(app, ["get", *arguments], input=answer, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving_hub(make_content(tmp_path)) as hub:
        monkeypatch.setattr(registry, "load_sets", lambda: (hub.as_set(),))
        yield hub


def test_the_sets_are_listed() -> None:
    listed = run()
    assert "spotify-tracks: Spotify Tracks Dataset, 89,741 tracks" in listed.stdout
    assert "14 MB from https://huggingface.co/datasets/maharshipandya/spotify-tracks-dataset" in listed.stdout
    assert "licence: BSD, as it is labelled there" in listed.stdout
    (told,) = json.loads(run("--json").stdout)["sets"]
    assert (told["name"], told["tracks"], told["licence"]) == ("spotify-tracks", 89_741, "BSD")


def test_without_a_terminal_it_needs_a_yes(hub: Hub, settings: Settings) -> None:
    with pytest.raises(InputError, match="no terminal to ask at") as caught:
        run("made-up")
    assert "--yes" in caught.value.hint
    assert hub.ranges == []
    assert not (settings.data_dir / "catalogue.sqlite").exists()


@pytest.mark.parametrize("said", ["n\n", "\n"])
def test_a_no_fetches_nothing(hub: Hub, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setattr(catalogue_get, "_is_terminal", lambda: True)
    result = run("made-up", answer=said)
    assert "licence: CC0" in result.stderr
    assert "Nothing was fetched." in result.stderr
    assert hub.ranges == []


def test_a_yes_fetches_it_beside_the_starters_songs(
    hub: Hub, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_get, "_is_terminal", lambda: True)
    result = run("made-up", answer="y\n")
    own = settings.data_dir / "catalogue.sqlite"
    assert f"{own} now has 33,866 tracks, 33,866 of them new, and is in use." in result.stderr
    assert find_in_use(settings).path == own
    assert not (settings.data_dir / "downloads" / "made-up").exists()
    again = json.loads(run("made-up", "--yes", "--json").stdout)
    assert (again["added"], again["total"]) == (0, 33_866)


def test_into_a_catalogue_of_ones_choice(hub: Hub, tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "other.sqlite"
    assert f"{path} now has 40 tracks" in run("made-up", "--yes", "--into", str(path)).stderr
    assert find_in_use(settings).chosen_by == "default"


def test_a_failure_leaves_no_catalogue(hub: Hub, settings: Settings) -> None:
    hub.faults = [answer(204)]
    with pytest.raises(DownloadError):
        run("made-up", "--yes")
    assert not (settings.data_dir / "catalogue.sqlite").exists()


def test_ctrl_c_says_how_to_go_on(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(catalogue_get, "add_set", stop)
    result = CliRunner().invoke(app, ["get", "made-up", "--yes"])
    assert result.exit_code != 0
    assert "What has come is kept. To go on: segue catalogue get made-up" in result.stderr
