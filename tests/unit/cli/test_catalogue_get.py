"""`segue catalogue get`, as it is typed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from public_hub import Hub, answer, make_content, serving_hub
from segue.catalogue.get import registry
from segue.catalogue.in_use import find_in_use
from segue.cli import catalogue_get, recommend
from segue.cli.main import app as whole_app
from segue.cli.main import catalogue_app as app
from segue.config import Settings
from segue.errors import DownloadError, InputError, NoUsableSeeds

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

    monkeypatch.setattr(catalogue_get, "add_to_own", stop)
    result = CliRunner().invoke(app, ["get", "made-up", "--yes"])
    assert result.exit_code != 0
    assert "What has come is kept. To go on: segue catalogue get made-up" in result.stderr


KNOWN = "The Killers - Mr. Brightside\nArctic Monkeys - Do I Wanna Know?\n"
OF_THE_HUB = "Artist 1 - Song 1\nArtist 2 - Song 2\nArtist 3 - Song 3\n"


def recommend_for(folder: Path, text: str, said: str = "", **environ: str) -> Result:
    path = folder / "list.txt"
    path.write_text(text)
    arguments = ["recommend", str(path), "-n", "5", "--model", "audio"]
    return CliRunner().invoke(whole_app, arguments, input=said, env=environ)


@pytest.fixture
def offering(hub: Hub, monkeypatch: pytest.MonkeyPatch, made_starter: Path) -> Hub:
    """The hub's set is one to offer: it has more tracks than the starter."""
    offered = (hub.as_set(tracks=90_000),)
    monkeypatch.setattr(registry, "load_sets", lambda: offered)
    monkeypatch.setattr("segue.catalogue.get.load_sets", lambda: offered)
    return hub


def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (catalogue_get, recommend):
        monkeypatch.setattr(module, "_is_terminal", lambda: True)


@pytest.mark.usefixtures("offering")
def test_a_set_is_named_where_little_is_found(tmp_path: Path) -> None:
    result = recommend_for(tmp_path, KNOWN + OF_THE_HUB)
    assert result.exit_code == 0, result.output
    assert "Only 2 of 5 songs are in the catalogue. 90,000 tracks more" in result.stderr
    assert "`segue catalogue get made-up`" in result.stderr
    assert "segue catalogue get" not in recommend_for(tmp_path, KNOWN).stderr
    nothing = recommend_for(tmp_path, OF_THE_HUB)
    assert isinstance(nothing.exception, NoUsableSeeds)
    assert "90,000 tracks more" in nothing.exception.hint


@pytest.mark.parametrize(("text", "found"), [(OF_THE_HUB, "3 of 3"), (KNOWN + OF_THE_HUB, "5 of 5")])
def test_on_a_terminal_a_yes_goes_on_with_it(
    offering: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, found: str
) -> None:
    at_a_terminal(monkeypatch)
    result = recommend_for(tmp_path, text, "y\nn\n")
    assert result.exit_code == 0, result.output
    assert "licence: CC0" in result.stderr
    assert f"Found {found} songs in the catalogue." in result.stderr
    assert offering.ranges == [None]


def test_on_a_terminal_a_no_changes_nothing(
    offering: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_a_terminal(monkeypatch)
    result = recommend_for(tmp_path, KNOWN + OF_THE_HUB, "n\nn\n")
    assert result.exit_code == 0, result.output
    assert "2 of your 5 songs are in the catalogue." in result.stderr
    assert "Found 2 of 5 songs" in result.stderr
    assert isinstance(recommend_for(tmp_path, OF_THE_HUB, "n\n").exception, NoUsableSeeds)
    assert offering.ranges == []
