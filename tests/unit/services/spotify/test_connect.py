"""Signing in and out, from end to end, with a browser that is a few lines of code."""

import logging
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from fake_spotify import CLIENT_ID, FakeSpotify, Fault
from fake_spotify.browser import Browser
from segue.config import Settings
from segue.errors import SettingsError, SignInError, SpotifySetupError, SpotifyUnreachableError, StorageError
from segue.services.spotify import connect
from segue.services.spotify.about import SCOPES
from segue.services.spotify.tokens import FileTokenStore


def test_signing_in_with_the_browser(spotify_settings: Settings, fake_spotify: FakeSpotify) -> None:
    browser = Browser()
    token = connect.sign_in(spotify_settings, CLIENT_ID, show=browser.open)
    assert FileTokenStore(spotify_settings.config_dir).load() == token
    assert set(token.scopes) == set(SCOPES)
    with connect.open_client(spotify_settings) as client:
        assert client.fetch_user().display_name == "Ada"


def test_signing_in_by_pasting(spotify_settings: Settings) -> None:
    browser = Browser()
    token = connect.sign_in(
        spotify_settings, f" {CLIENT_ID}\n", show=browser.consent, paste=lambda: browser.address
    )
    assert token.client_id == CLIENT_ID


def test_stray_requests_do_not_end_a_sign_in(spotify_settings: Settings) -> None:
    browser = Browser()
    strays: list[int] = []

    def show(url: str) -> None:
        back = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        for tail in (
            "",
            "?code=x",
            "?code=x&state=y",
            "?error=access_denied",
            "?error=access_denied&state=y",
        ):
            strays.append(httpx.get(back + tail, trust_env=False, timeout=5).status_code)
        browser.open(url)

    token = connect.sign_in(spotify_settings, CLIENT_ID, show=show)
    assert strays == [400] * 5
    assert FileTokenStore(spotify_settings.config_dir).load() == token


def test_a_paste_that_was_cut_off_is_asked_for_again(spotify_settings: Settings) -> None:
    browser = Browser()
    cuts = iter([40, -5, None])
    told: list[str] = []
    connect.sign_in(
        spotify_settings,
        CLIENT_ID,
        show=browser.consent,
        paste=lambda: browser.address[: next(cuts)],
        around=connect.Surroundings(notify=told.append),
    )
    assert len(told) == 2
    assert all("whole address" in line and "someone sent you" not in line for line in told)


def test_the_third_paste_that_was_cut_off_ends_it(spotify_settings: Settings) -> None:
    browser = Browser()
    with pytest.raises(SignInError, match="cut off"):
        connect.sign_in(spotify_settings, CLIENT_ID, show=browser.consent, paste=lambda: browser.address[:-5])


def test_an_address_of_another_sign_in_is_not_asked_for_again(spotify_settings: Settings) -> None:
    asked: list[int] = []

    def paste() -> str:
        asked.append(1)
        return "http://127.0.0.1:8764/callback?code=x&state=another-sign-in"

    with pytest.raises(SignInError, match="does not belong"):
        connect.sign_in(spotify_settings, CLIENT_ID, show=Browser().consent, paste=paste)
    assert len(asked) == 1


def test_saying_no(spotify_settings: Settings) -> None:
    browser = Browser("cancel")
    with pytest.raises(SignInError, match="did not agree"):
        connect.sign_in(spotify_settings, CLIENT_ID, show=browser.open)
    assert FileTokenStore(spotify_settings.config_dir).load() is None


def test_an_app_that_spotify_does_not_know(
    spotify_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "CONSENT_TIMEOUT_S", 0.1)
    browser = Browser()
    with pytest.raises(SignInError, match="did not come back") as caught:
        connect.sign_in(spotify_settings, "f" * 32, show=browser.go)
    assert "INVALID_CLIENT" in caught.value.hint
    assert "INVALID_CLIENT" in browser.page


def test_a_code_that_was_used_before(spotify_settings: Settings, fake_spotify: FakeSpotify) -> None:
    browser = Browser()

    def paste() -> str:
        fake_spotify.accounts.codes.clear()
        return browser.address

    with pytest.raises(SignInError, match="Invalid authorization code"):
        connect.sign_in(spotify_settings, CLIENT_ID, show=browser.consent, paste=paste)


def test_a_lost_answer_to_the_code_is_not_asked_for_twice(
    spotify_settings: Settings, fake_spotify: FakeSpotify
) -> None:
    fake_spotify.faults.add(Fault("POST /api/token", kind="after"))
    browser = Browser()
    with pytest.raises(SpotifyUnreachableError, match="broke off"):
        connect.sign_in(spotify_settings, CLIENT_ID, show=browser.consent, paste=lambda: browser.address)
    assert fake_spotify.lines().count("POST /api/token") == 1


def test_signing_in_replaces_a_damaged_sign_in(spotify_settings: Settings) -> None:
    store = FileTokenStore(spotify_settings.config_dir)
    spotify_settings.config_dir.mkdir()
    store.path.write_text("damaged")
    browser = Browser()
    connect.sign_in(spotify_settings, CLIENT_ID, show=browser.open)
    assert store.load()


def test_signing_out_leaves_nothing_but_the_lock(signed_in: Settings) -> None:
    assert connect.sign_out(signed_in) is True
    assert connect.sign_out(signed_in) is False
    assert [path.name for path in signed_in.config_dir.iterdir()] == ["spotify-sign-in.lock"]
    with pytest.raises(SignInError, match="nobody"):
        connect.get_token(signed_in)


def test_no_secret_in_any_log(
    spotify_settings: Settings, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = Browser()

    def paste() -> str:
        caplog.set_level(logging.DEBUG)  # from here on: the browser of this test logs the address itself
        return browser.address

    token = connect.sign_in(spotify_settings, CLIENT_ID, show=browser.consent, paste=paste)
    with connect.open_client(spotify_settings) as client:
        client.fetch_user()
        shown = repr(vars(client)) + repr(client) + repr(token)
    code = browser.address.split("code=")[1].split("&")[0]
    told = capfd.readouterr()
    assert "GET" in caplog.text
    for secret in (token.access_token, token.refresh_token, code):
        assert secret not in shown + told.out + told.err + caplog.text


@pytest.mark.parametrize("name", ["SEGUE_SPOTIFY_API_URL", "SEGUE_SPOTIFY_ACCOUNTS_URL"])
def test_no_other_host_is_accepted(signed_in: Settings, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "https://example.com")
    with pytest.raises(SettingsError, match=name), connect.open_client(Settings()):
        pass


# -- the client id ------------------------------------------------------------------------------------------


def test_the_client_id_is_remembered_and_forgotten(settings: Settings) -> None:
    assert connect.find_client_id(settings) == ""
    connect.remember_client_id(settings, f"{CLIENT_ID} ")
    assert connect.find_client_id(settings) == CLIENT_ID
    assert connect.forget_client_id(settings) is True
    assert connect.forget_client_id(settings) is False
    assert connect.find_client_id(settings) == ""


def test_the_setting_goes_before_what_is_remembered(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect.remember_client_id(settings, CLIENT_ID)
    monkeypatch.setenv("SEGUE_SPOTIFY_CLIENT_ID", "f" * 32)
    assert connect.find_client_id(Settings()) == "f" * 32


@pytest.mark.parametrize("wrong", ["", "abc", "g" * 32, "F" * 32, "0" * 33, "https://developer.spotify.com"])
def test_what_is_no_client_id(settings: Settings, wrong: str) -> None:
    with pytest.raises(SpotifySetupError, match="expected a client id") as caught:
        connect.remember_client_id(settings, wrong)
    assert not wrong or wrong not in str(caught.value)


def test_a_remembered_client_id_that_cannot_be_read(settings: Settings) -> None:
    connect.client_id_file(settings).mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be read"):
        connect.find_client_id(settings)


def test_nothing_of_it_is_written_elsewhere(spotify_settings: Settings, tmp_path: Path) -> None:
    browser = Browser()
    connect.sign_in(spotify_settings, CLIENT_ID, show=browser.open)
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert files == ["config/spotify-sign-in.json", "config/spotify-sign-in.lock"]
