"""A slow Spotify holds up nobody but those who asked it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest

from fake_spotify import CLIENT_ID, FakeSpotify
from fake_spotify.faults import Fault
from fake_spotify.fixtures import token_of
from segue.config import Settings
from segue.services.spotify.service import Spotify
from segue.web.engine import MAX_REMOTE
from segue.web.sessions import SESSION_COOKIE
from serving import Running, wait_until
from serving.fixtures import StartServer

SLOW_S = 3.0


@pytest.fixture
def running(start_server: StartServer, spotify_settings: Settings) -> Running:
    """A server whose owner has a Spotify app."""
    return start_server(settings=replace(spotify_settings, spotify_client_id=CLIENT_ID))


@pytest.fixture
def signed_in_client(running: Running, fake_spotify: FakeSpotify) -> Iterator[httpx.Client]:
    """A browser in which Ada is signed in."""
    session = running.application.service.sessions.create()
    (spotify,) = session.accounts.services
    assert isinstance(spotify, Spotify)
    assert spotify.access.memory is not None
    spotify.access.memory.store.save(token_of(fake_spotify))
    limits = httpx.Limits(max_connections=100)
    with running.client(limits=limits, cookies={SESSION_COOKIE: session.key}) as client:
        yield client


def test_searches_and_recommendations_go_on_while_spotify_is_slow(
    running: Running, signed_in_client: httpx.Client, fake_spotify: FakeSpotify, some_ids: list[str]
) -> None:
    fake_spotify.faults.add(Fault(kind="slow", delay_s=SLOW_S, times=1_000))
    link = "https://open.spotify.com/playlist/4uLU6hMCjMI75M1A2tKUQC"
    unknown = {"tracks": [some_ids[0], "0" * 22], "n": 3}
    with running.client() as client, ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(signed_in_client.post, path, json=body)
            for path, body in (
                ("/api/v1/recommendations", {"playlist": link}),
                ("/api/v1/match", {"playlist": link}),
                ("/api/v1/recommendations", unknown),
                ("/api/v1/spotify/playlists", {"tracks": some_ids[:2], "name": "Slow"}),
            )
        ]
        wait_until(lambda: len(fake_spotify.seen) >= 4)
        began = time.perf_counter()
        assert client.get("/api/v1/search?q=metal").status_code == 200
        assert client.post("/api/v1/recommendations", json=unknown).status_code == 200, "nobody is signed in"
        took_s = time.perf_counter() - began
        assert not any(each.done() for each in asked), "Spotify has answered nobody yet"
        assert took_s < SLOW_S
        assert asked[2].result(60).status_code == 200


def test_only_so_many_wait_for_spotify(signed_in_client: httpx.Client, fake_spotify: FakeSpotify) -> None:
    fake_spotify.faults.add(Fault(kind="slow", delay_s=1.0, times=1_000))
    body = {"playlist": "https://open.spotify.com/playlist/4uLU6hMCjMI75M1A2tKUQC"}
    with ThreadPoolExecutor(MAX_REMOTE + 3) as pool:
        asked = [
            pool.submit(signed_in_client.post, "/api/v1/match", json=body) for _ in range(MAX_REMOTE + 3)
        ]
        answers = [each.result(90) for each in asked]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert 1 <= len(refused) <= 3
    assert "wait for a service on the network" in refused[0].json()["detail"]
    assert refused[0].headers["retry-after"] == "5"
