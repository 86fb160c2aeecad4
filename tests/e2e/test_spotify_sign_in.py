"""A person at the terminal and in the browser: sign in, recommend from a link, get a new playlist's link."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from fake_spotify import CLIENT_ID, FakeSpotify
from fake_spotify.demo import add_catalogue, add_mixed_playlist
from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.services.spotify.tokens import FileTokenStore
from serving.fixtures import MODEL

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def start(*words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "segue", *words],
        env={
            **os.environ,
            "BROWSER": "true",
            "PYTHONUNBUFFERED": "1",
            "SEGUE_MODEL": MODEL,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def login(spotify_settings: Settings) -> Iterator["subprocess.Popen[str]"]:
    """`segue login`, waiting for the browser."""
    child = start("login", "--client-id", CLIENT_ID)
    yield child
    child.kill()
    child.communicate()


def link_in(child: "subprocess.Popen[str]") -> str:
    assert child.stdout
    for line in child.stdout:
        found = re.match(r"http://127\.0\.0\.1:\d+/authorize\S+", line)
        if found:
            return found[0]
    raise AssertionError("no link was shown")


def test_agreeing(login: "subprocess.Popen[str]", page: Page, spotify_settings: Settings) -> None:
    page.goto(link_in(login))
    assert "fake Spotify" in page.title()
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("heading", name="You are signed in").wait_for()
    out, _ = login.communicate(timeout=30)
    assert login.returncode == 0
    assert "Signed in as Ada" in out
    assert FileTokenStore(spotify_settings.config_dir).load()
    assert "code=" in page.url  # what the browser saw ...
    code = page.url.split("code=")[1].split("&")[0]
    assert code not in out  # ... was never printed


def test_saying_no(login: "subprocess.Popen[str]", page: Page, spotify_settings: Settings) -> None:
    page.goto(link_in(login))
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("heading", name="Not signed in").wait_for()
    assert "press Agree" in page.content()
    out, _ = login.communicate(timeout=30)
    assert login.returncode != 0
    assert "you did not agree" in out
    assert FileTokenStore(spotify_settings.config_dir).load() is None


def test_an_address_made_up_by_someone_else(
    login: "subprocess.Popen[str]", page: Page, spotify_settings: Settings
) -> None:
    link = link_in(login)
    port = re.search(r"127\.0\.0\.1%3A(\d+)", link)
    assert port
    page.goto(f"http://127.0.0.1:{port[1]}/callback?code=theirs&state=theirs")
    page.get_by_role("heading", name="Not the answer of this sign-in").wait_for()
    assert login.poll() is None  # it goes on waiting for the right one
    login.send_signal(2)
    login.communicate(timeout=10)
    assert login.returncode != 0
    assert FileTokenStore(spotify_settings.config_dir).load() is None


def test_stopping_with_ctrl_c(login: "subprocess.Popen[str]", fake_spotify: FakeSpotify) -> None:
    link_in(login)
    time.sleep(0.3)
    login.send_signal(2)
    login.communicate(timeout=10)
    assert login.returncode != 0
    assert fake_spotify.seen == []


def test_from_nothing_to_a_playlist(
    page: Page, spotify_settings: Settings, fake_spotify: FakeSpotify, starter: Path
) -> None:
    """The whole way: no sign-in, the consent in the browser, a link, a question, a new playlist's link."""
    add_catalogue(fake_spotify.world, starter)
    with Catalogue.open(starter) as catalogue:
        source = add_mixed_playlist(fake_spotify.world, "Metal", catalogue.find_by_genre("metal", limit=20))
    login = start("login", "--client-id", CLIENT_ID)
    page.goto(link_in(login))
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("heading", name="You are signed in").wait_for()
    login.communicate(timeout=60)
    recommend = start("recommend", f"https://open.spotify.com/playlist/{source.playlist_id}?si=1", "--yes")
    out, _ = recommend.communicate(timeout=120)
    assert recommend.returncode == 0, out
    made = list(fake_spotify.world.playlists.values())[-1]
    assert out.rstrip().endswith(f"https://open.spotify.com/playlist/{made.playlist_id}")
    assert made.name == "Metal, continued"
    places = [out.find(f"spotify:track:{song.track_id}") for song in made.songs]
    assert len(places) == 50
    assert -1 not in places
    assert places == sorted(places)  # in the order in which they were shown
