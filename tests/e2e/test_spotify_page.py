"""The page and Spotify: sign in, read a playlist of one's own, save the new one. Against the fake Spotify."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from fake_spotify import CLIENT_ID, FakeSpotify, Song
from fake_spotify.browser import Browser
from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.types import Track
from serving import Running
from serving.fixtures import StartServer
from serving.visitor import Visitor, settle

pytestmark = pytest.mark.browser


def song_of(track: Track) -> Song:
    """A track of the catalogue as Spotify has it."""
    return Song(track.track_id, track.name, artist=track.artist, album=track.album or "Album")


@pytest.fixture
def running(
    start_server: StartServer, spotify_settings: Settings, fake_spotify: FakeSpotify, starter: Path
) -> Running:
    """A server whose owner has a Spotify app; Spotify knows every song of the catalogue."""
    with Catalogue.open(starter) as catalogue:
        fake_spotify.world.add_songs(song_of(track) for track in catalogue.get_tracks(range(len(catalogue))))
    settings = replace(spotify_settings, spotify_client_id=CLIENT_ID)
    return start_server(settings=settings)


def agree(page: Page, answer: str = "Agree") -> None:
    page.get_by_role("button", name=answer).click()


def test_sign_in_and_save(visitor: Visitor, running: Running, fake_spotify: FakeSpotify) -> None:
    page = visitor.page
    page.goto(running.url)
    page.locator(".example").first.click()
    expect(page.locator(".song")).to_have_count(50)
    page.locator("[data-act=dislike]").first.click()
    settle(page)
    shown = page.eval_on_selector_all(".song", "songs => songs.map(song => song.dataset.id)")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("menuitem", name="Sign in to save to Spotify").click()
    agree(page)
    expect(page.locator(".song")).to_have_count(50)
    expect(page.locator("#spotify-chip")).to_contain_text("Ada")
    assert "code" not in page.url
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("menuitem", name="Save to Spotify").click()
    page.get_by_role("textbox", name="Name").fill("A night out")
    page.get_by_role("button", name="Make the playlist").click()
    expect(page.get_by_role("dialog")).to_contain_text("It is in your library")
    visitor.keep_picture("saved")
    made = list(fake_spotify.world.playlists.values())[-1]
    assert made.name == "A night out"
    assert not made.public
    assert [song.track_id for song in made.songs] == shown
    link = page.get_by_role("link", name="Open in Spotify").last.get_attribute("href") or ""
    assert made.playlist_id in link


def test_a_playlist_link_asks_for_the_sign_in_and_goes_on(
    visitor: Visitor, running: Running, fake_spotify: FakeSpotify, starter: Path
) -> None:
    with Catalogue.open(starter) as catalogue:
        songs = [song_of(track) for track in catalogue.find_by_genre("country", limit=12)]
    mine = fake_spotify.world.add_playlist("ada", "Barn dance", songs)
    page = visitor.page
    page.goto(running.url)
    page.fill("#paste", f"https://open.spotify.com/playlist/{mine.playlist_id}?si=abc")
    page.click("#go")
    expect(page.get_by_role("alert")).to_contain_text("Sign in first")
    page.get_by_role("button", name="Sign in with Spotify").click()
    agree(page)
    expect(page.locator("h1")).to_have_text("After Barn dance")
    expect(page.locator(".seeds-toggle")).to_contain_text("from 12 songs")


def test_saying_no(visitor: Visitor, running: Running) -> None:
    page = visitor.page
    page.goto(running.url)
    page.get_by_role("button", name="Sign in").click()
    agree(page, "Cancel")
    expect(page.locator(".toast")).to_contain_text("you did not agree")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_tokens_stay_on_the_server_and_go_with_the_sign_out(
    visitor: Visitor, running: Running, fake_spotify: FakeSpotify
) -> None:
    page = visitor.page
    bodies: list[str] = []
    page.on(
        "response",
        lambda answer: bodies.append(answer.text()) if "/api/v1/spotify" in answer.url else None,
    )
    page.goto(running.url)
    page.get_by_role("button", name="Sign in").click()
    agree(page)
    expect(page.locator("#spotify-chip")).to_contain_text("Ada")
    secrets = [*fake_spotify.accounts.access, *fake_spotify.accounts.refresh]
    assert secrets
    stored = page.evaluate(
        "JSON.stringify([localStorage, sessionStorage, document.cookie, document.body.innerHTML])"
    )
    cookies = page.context.cookies()
    assert [cookie["name"] for cookie in cookies if cookie.get("httpOnly")] == ["segue_session"]
    for secret in secrets:
        assert secret not in stored
        assert all(secret not in body for body in bodies)
        assert all(secret not in cookie["value"] for cookie in cookies)
    page.locator("#spotify-chip button").click()
    page.get_by_role("menuitem", name="Sign out of Spotify").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    with running.client() as client:
        client.cookies.set("segue_session", cookies[0]["value"])
        refused = client.post("/api/v1/spotify/playlists", json={"tracks": ["0" * 22], "name": "x"})
    assert refused.status_code == 403


def test_an_answer_of_another_sign_in_is_not_taken(running: Running, fake_spotify: FakeSpotify) -> None:
    with running.client() as client:
        url = client.post("/api/v1/spotify/sign-in").json()["url"]
        assert "state=" in url
        answer = client.get("/callback", params={"code": "stolen", "state": "not-ours"})
        assert answer.status_code == 303
        session = client.get("/api/v1/session").json()
        assert session["spotify_user"] is None
        assert "does not belong to this sign-in" in session["notice"]
        assert client.get("/api/v1/session").json()["notice"] == "", "said once"
        assert client.get("/callback", params={"code": "x", "state": "y"}).status_code == 303
    with running.client() as stranger:
        assert stranger.get("/callback", params={"code": "x", "state": "y"}).status_code == 303
        assert stranger.get("/api/v1/session").json()["spotify_user"] is None


@pytest.mark.parametrize(
    ("query", "why"),
    [({"code": "x"}, "has no `state`"), ({"code": "x", "state": "y"}, "another"), ({}, "has neither")],
)
def test_a_stray_answer_is_named_and_leaves_the_sign_in_to_its_own(
    running: Running, query: dict[str, str], why: str
) -> None:
    with running.client() as client:
        url = client.post("/api/v1/spotify/sign-in").json()["url"]
        client.get("/callback", params=query)
        notice = client.get("/api/v1/session").json()["notice"]
        assert why in notice
        assert "cut off" not in notice
        browser = Browser()
        browser.consent(url)
        client.get(f"/callback?{urlsplit(browser.address).query}")
        assert client.get("/api/v1/session").json()["spotify_user"] == "Ada"
