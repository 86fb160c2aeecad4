"""The fixtures of the fake Spotify."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_spotify.contract import Contract
from fake_spotify.server import FakeSpotify
from fake_spotify.world import CLIENT_ID
from segue.config import Settings
from segue.services.spotify.client import SpotifyClient
from segue.services.spotify.connect import Surroundings, open_client
from segue.services.spotify.tokens import FileTokenStore, Token
from segue.services.spotify.transport import Timing


@pytest.fixture(scope="session")
def spotify_contract() -> Contract | None:
    """Spotify's OpenAPI file; None where the development data is absent."""
    place = Path(os.environ.get("SEGUE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
    path = place / "spotify-openapi.yml"
    return Contract(path) if path.exists() else None


@pytest.fixture
def fake_spotify(spotify_contract: Contract | None) -> Iterator[FakeSpotify]:
    """A fake Spotify that judges every request and answer; the test fails where one is not allowed."""
    with FakeSpotify(contract=spotify_contract) as fake:
        yield fake
    assert not fake.violations


@pytest.fixture
def spotify_settings(
    settings: Settings, fake_spotify: FakeSpotify, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Settings that point to the fake Spotify; nobody is signed in."""
    monkeypatch.setenv("SEGUE_SPOTIFY_API_URL", fake_spotify.url)
    monkeypatch.setenv("SEGUE_SPOTIFY_ACCOUNTS_URL", fake_spotify.url)
    return Settings()


@pytest.fixture
def signed_in(spotify_settings: Settings, fake_spotify: FakeSpotify) -> Settings:
    """Settings that point to the fake Spotify, where Ada is signed in."""
    FileTokenStore(spotify_settings.config_dir).save(token_of(fake_spotify))
    return spotify_settings


def token_of(fake: FakeSpotify, user_id: str = "ada", *, scopes: tuple[str, ...] = ()) -> Token:
    """Return a sign-in of this person."""
    given = fake.sign_in(user_id, scopes=scopes)
    return Token(
        client_id=CLIENT_ID,
        access_token=given["access_token"],
        refresh_token=given["refresh_token"],
        expires_at=time.time() + given["expires_in"],
        signed_in_at=time.time(),
        scopes=tuple(given["scope"].split()),
    )


class Stopwatch:
    """A clock that only runs while someone sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.ahead_s = 0.0

    def now(self) -> float:
        """The time of this machine, plus what was slept."""
        return time.time() + sum(self.slept) + self.ahead_s

    def sleep(self, seconds: float) -> None:
        """Take note, and return at once."""
        self.slept.append(seconds)


@pytest.fixture
def stopwatch() -> Stopwatch:
    """A clock that only runs while someone sleeps."""
    return Stopwatch()


@pytest.fixture
def notes() -> list[str]:
    """What the client told of its progress."""
    return []


@pytest.fixture
def spotify_client(signed_in: Settings, stopwatch: Stopwatch, notes: list[str]) -> Iterator[SpotifyClient]:
    """A client by which Ada is signed in, and which never really waits."""
    timing = Timing(now=stopwatch.now, sleep=stopwatch.sleep)
    with open_client(signed_in, Surroundings(timing=timing, notify=notes.append)) as opened:
        yield opened
