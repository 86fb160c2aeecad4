"""`segue login`, `logout` and `status`, as they are typed."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from fake_spotify import CLIENT_ID, FakeSpotify
from fake_spotify.browser import Browser
from fake_spotify.fixtures import token_of
from segue.cli import account
from segue.cli import browser as links
from segue.config import Settings
from segue.errors import SignInError, SpotifySetupError
from segue.services.spotify import connect, transport
from segue.services.spotify.tokens import FileTokenStore

app = typer.Typer()
app.command()(account.login)
app.command()(account.logout)
app.command()(account.status)


def run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=given, catch_exceptions=False)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    browser = Browser()
    monkeypatch.setattr(links, "open_browser", browser.open)
    return browser


def test_login_then_status_then_logout(spotify_settings: Settings, browser: Browser) -> None:
    shown = run("login", "--client-id", CLIENT_ID).stdout
    assert "make the new playlist, private" in shown
    assert "code_challenge_method=S256" in shown
    assert "Signed in as Ada, until " in shown
    assert connect.find_client_id(spotify_settings) == CLIENT_ID
    shown = run("status").stdout
    assert "Signed in as Ada." in shown
    assert "0123...cdef" in shown
    assert "playlist-read-private: read your private playlists" in shown
    shown = run("logout").stdout
    assert "is deleted" in shown
    assert "is kept for next time" in shown
    assert "spotify.com/account/apps" in shown
    assert "is forgotten" in run("logout", "--forget-app").stdout
    kept = [path.name for path in spotify_settings.config_dir.iterdir()]
    assert kept == ["spotify-sign-in.lock"]


def test_a_second_login_asks_for_no_client_id(spotify_settings: Settings, browser: Browser) -> None:
    connect.remember_client_id(spotify_settings, CLIENT_ID)
    assert "Signed in as Ada" in run("login").stdout


def test_without_a_terminal_the_missing_client_id_is_explained(settings: Settings) -> None:
    with pytest.raises(SpotifySetupError, match="expected the client id") as caught:
        run("login")
    assert "developer.spotify.com/dashboard" in caught.value.hint
    assert "http://127.0.0.1/callback" in caught.value.hint


def test_a_client_id_is_asked_for_until_it_is_one(
    spotify_settings: Settings, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "_may_ask", lambda: True)
    shown = run("login", given=f"secret-of-another-kind\n{CLIENT_ID}\n").stdout
    assert "about two minutes" in shown
    assert "expected a client id: 32 digits" in shown
    assert "Signed in as Ada" in shown


def test_without_a_browser_the_address_is_pasted(
    spotify_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser()
    show = account._show_link

    def show_and_go(url: str) -> None:
        show(url)
        browser.consent(url)
        monkeypatch.setattr(typer, "prompt", lambda *text, **options: browser.address)

    monkeypatch.setattr(account, "_show_link", show_and_go)
    shown = run("login", "--client-id", CLIENT_ID, "--no-browser").stdout
    assert "Copy the whole address" in shown
    assert "Signed in as Ada" in shown
    assert browser.address not in shown


def test_where_no_browser_can_be_opened_the_way_without_is_named_at_once(
    spotify_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "open_browser", lambda url: False)
    monkeypatch.setattr(connect, "CONSENT_TIMEOUT_S", 0.01)
    result = CliRunner().invoke(app, ["login", "--client-id", CLIENT_ID])
    assert isinstance(result.exception, SignInError)
    assert result.stdout.index("segue login --no-browser") < result.stdout.index("Waiting for you")


def test_status_as_json(signed_in: Settings) -> None:
    facts = json.loads(run("status", "--json").stdout)
    assert (facts["signed_in"], facts["name"], facts["missing_scopes"]) == (True, "Ada", [])
    assert "refresh" not in json.dumps(facts).replace("refresh_", "")


def test_status_names_what_was_not_agreed_to(spotify_settings: Settings, fake_spotify: FakeSpotify) -> None:
    token = token_of(fake_spotify, scopes=("playlist-read-private", "user-read-email"))
    FileTokenStore(spotify_settings.config_dir).save(token)
    shown = run("status").stdout
    assert "not to user-library-read: read Liked Songs" in shown
    assert "user-read-email: not used by segue" in shown


def test_status_when_spotify_is_out_of_reach(
    signed_in: Settings, fake_spotify: FakeSpotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_spotify.stop()
    monkeypatch.setattr(transport, "TRIES", 1)
    shown = run("status").stdout
    assert "cannot be asked now" in shown
    assert "The sign-in ends on" in shown


def test_status_of_nobody(spotify_settings: Settings) -> None:
    with pytest.raises(SignInError, match="nobody"):
        run("status")


def test_status_of_nobody_as_json(spotify_settings: Settings) -> None:
    result = CliRunner().invoke(app, ["status", "--json"])
    assert isinstance(result.exception, SignInError)
    facts = json.loads(result.stdout)
    assert (facts["schema"], facts["signed_in"], facts["ends"], facts["scopes"]) == (1, False, None, [])
    assert facts["problem"] == "nobody is signed in to Spotify"


def test_status_of_a_sign_in_that_has_died_as_json(signed_in: Settings, fake_spotify: FakeSpotify) -> None:
    fake_spotify.ahead_s = 200 * 86_400
    facts = json.loads(CliRunner().invoke(app, ["status", "--json"]).stdout)
    assert (facts["signed_in"], "has ended" in facts["problem"]) == (False, True)


def test_status_of_a_sign_in_that_has_died(signed_in: Settings, fake_spotify: FakeSpotify) -> None:
    fake_spotify.ahead_s = 200 * 86_400
    with pytest.raises(SignInError, match="has ended"):
        run("status")


def test_logout_of_nobody(settings: Settings, tmp_path: Path) -> None:
    assert "Nobody was signed in." in run("logout").stdout


def test_logout_with_a_damaged_sign_in(settings: Settings) -> None:
    settings.config_dir.mkdir()
    FileTokenStore(settings.config_dir).path.write_text("damaged")
    assert "is deleted" in run("logout").stdout
    assert not FileTokenStore(settings.config_dir).path.exists()
