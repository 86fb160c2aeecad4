"""Spotify and several processes: one killed at any of its requests, and several that renew at once."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fake_spotify import FakeSpotify, Song
from fake_spotify.forks import Forks
from segue.config import Settings
from segue.services.spotify.tokens import FileTokenStore

WORK = """
from segue.config import load_settings
from segue.services.spotify.saving import NewPlaylist, save_playlist
from segue.services.spotify.connect import Surroundings, begun_of, open_client
from segue.services.spotify import recovery
from segue.types import Track

recovery.LOOKS_S = (0.0, 0.05)


def work(job):
    settings = load_settings()
    with open_client(settings, Surroundings(notify=say)) as client:
        if job == "who":
            return say(client.fetch_user().id)
        picks = [Track(track_id) for track_id in job["picks"]]
        seeds = client.fetch_playlist(job["source"])
        new = NewPlaylist("After it", "Made from it")
        saved = save_playlist(client, picks, new, resume=job["resume"], begun=begun_of(settings))
        say(f"{len(seeds.entries)} {saved.url} {client.requests}")
"""
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture
def forks(job: dict[str, object]) -> Iterator[Forks]:
    opened = Forks(WORK)
    yield opened
    opened.close()


@pytest.fixture
def job(signed_in: Settings, fake_spotify: FakeSpotify) -> dict[str, object]:
    """A list of 120 songs to start from, and 150 picks: every kind of request at least once."""
    expire(signed_in)
    source = fake_spotify.world.add_playlist("ada", "It", map(Song.numbered, range(120)))
    picks = fake_spotify.world.add_songs(map(Song.numbered, range(500, 650)))
    return {"source": source.playlist_id, "picks": [song.track_id for song in picks], "resume": ""}


def expire(settings: Settings) -> None:
    store = FileTokenStore(settings.config_dir)
    token = store.load()
    assert token
    store.save(replace(token, expires_at=1.0))


LINES = [  # of an undisturbed run; the test below holds it to this
    "POST /api/token",
    "GET /v1/playlists/SOURCE",
    "GET /v1/playlists/SOURCE/items",
    "GET /v1/me/playlists",
    "POST /v1/me/playlists",
    "POST /v1/playlists/NEW/items",
    "POST /v1/playlists/NEW/items",
]


def test_an_undisturbed_run(job: dict[str, object], forks: Forks, fake_spotify: FakeSpotify) -> None:
    code, said = forks.run(job)
    source, new = list(fake_spotify.world.playlists)
    assert [line.replace(source, "SOURCE").replace(new, "NEW") for line in fake_spotify.lines()] == LINES
    assert (code, said[-1]) == (0, f"120 https://open.spotify.com/playlist/{new} {len(LINES)}")


@pytest.mark.parametrize("again", ["the same command", "with the link"])
def test_killed_at_every_request_then_run_again(
    job: dict[str, object], forks: Forks, fake_spotify: FakeSpotify, signed_in: Settings, again: str
) -> None:
    """Killed before and after Spotify acts on each request: no second list, no song twice or lost."""
    for moment in ("before", "after"):
        for number in range(6 if again == "with the link" else 1, len(LINES) + 1):
            forget(fake_spotify, signed_in)
            kill_at(fake_spotify, forks, number, moment)
            code, said = forks.run(job)
            assert code == -signal.SIGKILL, said
            assert len(fake_spotify.seen) == number
            link = next((word for line in said for word in line.split() if "/playlist/" in word), "")
            resume = link.rpartition("/")[2].rstrip(";") if again == "with the link" else ""
            code, said = forks.run({**job, "resume": resume})
            assert code == 0, said
            source, *made = fake_spotify.world.playlists.values()
            assert len(made) == 1, (number, moment)
            assert [song.track_id for song in made[0].songs] == job["picks"], (number, moment)
            assert len(source.songs) == 120


def forget(fake: FakeSpotify, settings: Settings) -> None:
    """Go back to where nothing was made and the token has expired."""
    for playlist_id in list(fake.world.playlists)[1:]:
        del fake.world.playlists[playlist_id]
    fake.seen.clear()
    expire(settings)


def kill_at(fake: FakeSpotify, forks: Forks, number: int, moment: str) -> None:
    def watch(count: int, when: str) -> None:
        if (count, when) == (number, moment):
            fake.watch = lambda count, when: None
            forks.kill()

    fake.watch = watch


def test_processes_that_need_a_new_token_at_once_ask_for_one(
    forks: Forks, fake_spotify: FakeSpotify, signed_in: Settings
) -> None:
    fake_spotify.accounts.rotate = True
    assert forks.run(*["who"] * 6) == (0, ["ada"] * 6)
    assert fake_spotify.accounts.refreshes == 1
    kept = FileTokenStore(signed_in.config_dir).load()
    assert kept
    assert list(fake_spotify.accounts.refresh) == [kept.refresh_token]


def test_nothing_that_spotify_said_is_left_on_disk(
    job: dict[str, object], forks: Forks, fake_spotify: FakeSpotify, tmp_path: Path
) -> None:
    forks.run(job)
    kept = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    marks = {name for name in kept if name not in ("spotify-sign-in.json", "spotify-sign-in.lock")}
    assert sorted(Path(name).suffix for name in marks) == [".json", ".lock"]
    for song in fake_spotify.world.songs.values():
        assert not any(song.track_id.encode() in content for content in kept.values())
