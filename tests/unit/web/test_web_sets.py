"""Adding a public set of tracks from the page."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from public_hub import Hub, answer, make_content, serving_hub
from segue.catalogue.get import registry
from segue.catalogue.in_use import find_in_use
from segue.catalogue.starter import starter_path
from segue.config import Settings
from segue.recommender import Recommender
from serving import Running
from serving.fixtures import StartServer


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving_hub(make_content(tmp_path)) as hub:
        monkeypatch.setattr(registry, "load_sets", lambda: (hub.as_set(),))
        yield hub


@pytest.fixture
def running(start_server: StartServer, settings: Settings, starter_in_use: None) -> Running:
    """A server that serves the catalogue in use, which is the starter."""
    return start_server(settings=settings, opener=lambda: Recommender.open(find_in_use(settings).path))


@pytest.fixture
def starter_in_use(settings: Settings, starter: Path) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    shutil.copy(starter, starter_path(settings))


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_the_sets_are_listed(client: httpx.Client) -> None:
    (told,) = client.get("/api/v1/sets").json()["sets"]
    assert (told["name"], told["tracks"], told["licence"]) == ("spotify-tracks", 89_741, "BSD")
    assert told["size_bytes"] > 10_000_000


def test_a_set_is_added_and_put_in_service(running: Running, hub: Hub, settings: Settings) -> None:
    with running.client() as client:
        before = client.get("/api/v1/catalogue").json()["tracks"]
        told = events(client.post("/api/v1/sets/made-up").text)
        assert told[0][1]["stage"] == "fetch"
        assert told[-1] == ("result", {"tracks": before + 40})
        assert client.get("/api/v1/catalogue").json()["tracks"] == before + 40
    assert find_in_use(settings).path == settings.data_dir / "catalogue.sqlite"


def test_what_goes_wrong_is_said_and_nothing_changes(running: Running, hub: Hub, settings: Settings) -> None:
    hub.faults += [answer(404)] * 9
    with running.client() as client:
        name, problem = events(client.post("/api/v1/sets/made-up").text)[-1]
        assert (name, problem["type"]) == ("problem", "/docs#download")
        assert client.post("/api/v1/sets/none-such").status_code == 422
    assert find_in_use(settings).path == starter_path(settings)


def test_a_catalogue_that_was_named_is_not_added_to(
    start_server: StartServer, starter: Path, settings: Settings, starter_in_use: None, hub: Hub
) -> None:
    with start_server(settings=settings, opener=lambda: Recommender.open(starter)).client() as client:
        refused = client.post("/api/v1/sets/made-up")
    assert refused.status_code == 403
    assert "--into" in refused.json()["hint"]
    assert hub.ranges == []


def test_a_list_that_is_hardly_there_brings_an_offer(client: httpx.Client) -> None:
    nothing = client.post("/api/v1/recommendations", json={"playlist": "Nobody At All - Nothing Known"})
    assert nothing.json()["offer"] == "spotify-tracks"
    lines = "\n".join(["Metallica - Enter Sandman", *(f"Nobody {i} - Nothing {i}" for i in range(5))])
    hardly = client.post("/api/v1/recommendations", json={"playlist": lines, "n": 3}).json()
    assert hardly["offer"] == "spotify-tracks"
    assert any("segue catalogue get" in note for note in hardly["notes"])
