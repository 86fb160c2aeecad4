"""The fixtures of the server: one for all tests that only read, and a maker of others."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from segue.array_cache import folder_for
from segue.catalogue.starter import starter_catalogue, starter_path
from segue.config import Settings
from segue.recommender import Recommender
from segue.web.application import create_application
from segue.web.options import ServeOptions
from serving.running import Running, serving

# While the bundles that come with segue are being trained anew, a developer may point to another one.
MODEL = os.environ.get("SEGUE_TEST_MODEL", "full")

PATIENCE = 120.0  # for machines that are busy with other things
StartServer = Callable[..., Running]


@pytest.fixture(scope="session")
def served_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a server: its own folders, and no Spotify app."""
    folder = tmp_path_factory.mktemp("served")
    return Settings(data_dir=folder / "data", config_dir=folder / "config", spotify_client_id="")


@pytest.fixture(scope="session")
def starter(served_settings: Settings) -> Path:
    """The starter catalogue."""
    return starter_catalogue(served_settings)


@pytest.fixture
def made_starter(starter: Path, settings: Settings) -> Path:
    """The starter catalogue in the data folder of this test, made once a session, with its arrays."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    copied = Path(shutil.copy(starter, starter_path(settings)))
    if folder_for(starter).exists():
        shutil.copytree(folder_for(starter), folder_for(copied), copy_function=os.link)
    return copied


@pytest.fixture(scope="session")
def open_recommender(starter: Path) -> Callable[[], Recommender]:
    """Open the real recommender on the starter catalogue."""
    return lambda: Recommender.open(starter, MODEL)


@pytest.fixture(scope="session")
def server(open_recommender: Callable[[], Recommender], served_settings: Settings) -> Iterator[Running]:
    """A server of the starter catalogue, shared by all tests that only read."""
    with serving(
        create_application(open_recommender, served_settings, ServeOptions(port=0, answer_timeout=PATIENCE))
    ) as running:
        yield running


@pytest.fixture
def client(server: Running) -> Iterator[httpx.Client]:
    """A client of the shared server."""
    with server.client() as client:
        yield client


@pytest.fixture
def start_server(
    open_recommender: Callable[[], Recommender], served_settings: Settings
) -> Iterator[StartServer]:
    """Start a server of one's own; the keywords are `ServeOptions`, `settings` and `open_recommender`."""
    with ExitStack() as stack:

        def start(
            settings: Settings = served_settings,
            opener: Callable[[], Recommender] = open_recommender,
            **options: object,
        ) -> Running:
            # One worker, so that a test knows what waits.
            defaults = {"port": 0, "answer_timeout": PATIENCE, "workers": 1}
            chosen = ServeOptions(**{**defaults, **options})  # type: ignore[arg-type]
            return stack.enter_context(serving(create_application(opener, settings, chosen)))

        yield start


@pytest.fixture(scope="session")
def some_ids(starter: Path) -> list[str]:
    """Fifteen tracks of the starter catalogue, popular ones of one genre."""
    from segue.catalogue.store import Catalogue

    with Catalogue.open(starter) as catalogue:
        return [track.track_id for track in catalogue.find_by_genre("metal", limit=15)]
