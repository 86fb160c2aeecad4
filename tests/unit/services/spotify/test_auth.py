"""PKCE, state, codes, and the care of tokens."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from fake_spotify import CLIENT_ID, FakeSpotify, Fault
from fake_spotify.faults import rate_limited
from fake_spotify.fixtures import Stopwatch, token_of
from segue.config import Settings
from segue.errors import (
    SignInError,
    SpotifyAnswerError,
    SpotifySetupError,
    SpotifyUnreachableError,
    StorageError,
)
from segue.services.spotify.about import SCOPES
from segue.services.spotify.auth import begin_sign_in, challenge_of, check_whole, read_callback
from segue.services.spotify.client import SpotifyClient
from segue.services.spotify.connect import Surroundings, open_client
from segue.services.spotify.tokens import FileTokenStore, MemoryTokenStore, Token
from segue.services.spotify.transport import Timing

HERE = "http://127.0.0.1:5555/callback"


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_the_challenge_of_rfc_7636() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_link_asks_for_what_is_needed_and_shows_no_verifier() -> None:
    pending = begin_sign_in("https://accounts.spotify.com", CLIENT_ID, HERE)
    query = query_of(pending.url)
    assert pending.url.startswith("https://accounts.spotify.com/authorize?")
    assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
    assert (query["client_id"], query["redirect_uri"]) == (CLIENT_ID, HERE)
    assert query["scope"].split() == list(SCOPES)
    assert query["code_challenge"] == challenge_of(pending.verifier)
    assert 43 <= len(pending.verifier) <= 128
    assert pending.verifier not in pending.url
    assert pending.verifier not in repr(pending)


def test_every_sign_in_has_its_own_state_and_verifier() -> None:
    first, second = (begin_sign_in("https://accounts.spotify.com", CLIENT_ID, HERE) for _ in range(2))
    assert first.state != second.state
    assert first.verifier != second.verifier


def test_the_code_is_read_from_the_whole_address_or_its_path() -> None:
    pending = begin_sign_in("https://accounts.spotify.com", CLIENT_ID, HERE)
    assert read_callback(pending, f" {HERE}?code=abc&state={pending.state}\n") == "abc"
    assert read_callback(pending, f"/callback?state={pending.state}&code=abc") == "abc"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("code=s3cret&state=other", "does not belong to this sign-in"),
        ("code=s3cret", "it has no `state`"),
        ("code=s3cret&state=", "it has no `state`"),
        ("code=s3cret&state={state}&state={state}", "does not belong to this sign-in"),
        ("code=s3cret&code=s3cret&state={state}", "expected the answer of Spotify"),
        ("state={state}", "expected the answer of Spotify"),
        ("", "expected the answer of Spotify"),
        ("error=access_denied&state={state}", "you did not agree"),
        ("error=<b>server_error&state={state}", r"refused the sign-in \(bserver_error\)"),
        ("error=access_denied&state=other", "does not belong to this sign-in"),
    ],
)
def test_an_address_that_is_not_the_answer(query: str, message: str) -> None:
    pending = begin_sign_in("https://accounts.spotify.com", CLIENT_ID, HERE)
    with pytest.raises(SignInError, match=message) as caught:
        read_callback(pending, f"{HERE}?{query.format(state=pending.state)}")
    assert "s3cret" not in f"{caught.value} {caught.value.hint}"
    assert pending.state not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("length", [0, 1, 10, 31])
def test_an_address_that_was_cut_off_is_called_that(length: int) -> None:
    pending = begin_sign_in("https://accounts.spotify.com", CLIENT_ID, HERE)
    with pytest.raises(SignInError, match="is cut off") as caught:
        check_whole(pending, f"{HERE}?code=s3cret&state={pending.state[:length]}")
    assert "someone sent you" not in caught.value.hint
    assert "select all" in caught.value.hint


def test_an_address_with_the_state_of_another_is_never_called_cut_off() -> None:
    pending = begin_sign_in("https://accounts.spotify.com", CLIENT_ID, HERE)
    for states in ("state=other", f"state={pending.state}", f"state={pending.state}x"):
        check_whole(pending, f"{HERE}?code=s3cret&{states}")
    with pytest.raises(SignInError, match="does not belong"):
        read_callback(pending, f"{HERE}?code=s3cret&state=other")


@pytest.mark.parametrize("tail", ["", "?state=x", "?code=", "/#code=x"])
def test_an_address_without_a_code_is_not_whole(tail: str) -> None:
    pending = begin_sign_in("https://accounts.spotify.com", CLIENT_ID, HERE)
    with pytest.raises(SignInError, match="with `code=` in it"):
        check_whole(pending, HERE + tail)


# -- refreshing ---------------------------------------------------------------------------------------------


def expire(settings: Settings) -> FileTokenStore:
    store = FileTokenStore(settings.config_dir)
    token = store.load()
    assert token
    store.save(replace(token, expires_at=1.0))
    return store


def test_an_expired_token_is_renewed_and_the_refresh_token_kept(
    spotify_client: SpotifyClient, signed_in: Settings, fake_spotify: FakeSpotify
) -> None:
    store = expire(signed_in)
    before = store.load()
    assert spotify_client.fetch_user().id == "ada"
    after = store.load()
    assert before
    assert after
    assert after.refresh_token == before.refresh_token
    assert after.access_token != before.access_token
    assert after.signed_in_at == before.signed_in_at
    assert fake_spotify.lines() == ["POST /api/token", "GET /v1/me"]


def test_a_new_refresh_token_replaces_the_old_one(
    spotify_client: SpotifyClient, signed_in: Settings, fake_spotify: FakeSpotify
) -> None:
    fake_spotify.accounts.rotate = True
    for _ in range(2):
        store = expire(signed_in)
        spotify_client.fetch_user()
    kept = store.load()
    assert kept
    assert list(fake_spotify.accounts.refresh) == [kept.refresh_token]


def test_a_token_that_spotify_no_longer_takes_is_renewed_once(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify
) -> None:
    fake_spotify.accounts.access.clear()
    assert spotify_client.fetch_user().id == "ada"
    assert fake_spotify.lines() == ["GET /v1/me", "POST /api/token", "GET /v1/me"]


def test_a_401_that_stays_ends_the_run(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    body = b'{"error":{"status":401,"message":"Bad token"}}'
    fake_spotify.faults.add(Fault("GET /v1/me", status=401, body=body, times=100))
    with pytest.raises(SignInError, match="Bad token"):
        spotify_client.fetch_user()
    assert fake_spotify.lines() == ["GET /v1/me", "POST /api/token", "GET /v1/me"]


def test_a_sign_in_that_has_died_stays_until_another_takes_its_place(
    spotify_client: SpotifyClient, signed_in: Settings, fake_spotify: FakeSpotify
) -> None:
    store = FileTokenStore(signed_in.config_dir)
    before = store.load()
    fake_spotify.ahead_s = 200 * 86_400
    with pytest.raises(SignInError, match="has ended") as caught:
        spotify_client.fetch_user()
    assert "segue login" in caught.value.hint
    assert store.load() == before
    assert fake_spotify.accounts.refreshes == 1
    fake_spotify.ahead_s = 0
    store.save(token_of(fake_spotify))
    assert spotify_client.fetch_user().id == "ada"


def test_a_sign_in_that_has_died_in_memory_is_forgotten(
    spotify_settings: Settings, fake_spotify: FakeSpotify
) -> None:
    store = MemoryTokenStore()
    store.save(token_of(fake_spotify))
    fake_spotify.accounts.access.clear()
    fake_spotify.accounts.refresh.clear()
    with (
        open_client(spotify_settings, Surroundings(store=store)) as client,
        pytest.raises(SignInError, match="has ended"),
    ):
        client.fetch_user()
    assert store.load() is None


def test_a_run_with_the_old_refresh_token_takes_nothing_from_the_one_with_the_new(
    spotify_client: SpotifyClient, signed_in: Settings, fake_spotify: FakeSpotify
) -> None:
    fake_spotify.accounts.rotate = True
    expire(signed_in)
    with full_disk():
        assert spotify_client.fetch_user().id == "ada"
    with open_client(signed_in) as other, pytest.raises(SignInError, match="has ended"):
        other.fetch_user()
    assert spotify_client.fetch_user().id == "ada"
    fake_spotify.accounts.access.clear()
    assert spotify_client.fetch_user().id == "ada"
    with open_client(signed_in) as other:  # what the first run renewed is kept now
        assert other.fetch_user().id == "ada"


def test_a_sign_in_made_while_the_old_one_was_refused_is_used(
    signed_in: Settings, fake_spotify: FakeSpotify
) -> None:
    class SignedInMeanwhile(FileTokenStore):
        """Another process signs in, without our lock, between our first look and the refusal."""

        looks = 0

        def load(self) -> Token | None:
            self.looks += 1
            if self.looks == 4:  # the run, the renewal's two, and then the one after the refusal
                self.save(token_of(fake_spotify))
            return super().load()

    store = SignedInMeanwhile(signed_in.config_dir)
    expire(signed_in)
    fake_spotify.accounts.refresh.clear()
    with open_client(signed_in, Surroundings(store=store)) as client:
        assert client.fetch_user().id == "ada"
    assert fake_spotify.accounts.refreshes == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("POST /api/token", status=503, times=100), SpotifyUnreachableError),
        (Fault("POST /api/token", kind="before", times=100), SpotifyUnreachableError),
        (
            Fault("POST /api/token", status=400, body=b'{"error":"invalid_client"}', times=9),
            SpotifySetupError,
        ),
        (Fault("POST /api/token", status=400, body=b'{"error":"odd"}', times=9), SpotifyAnswerError),
        (
            Fault("POST /api/token", status=200, body=b'{"access_token":"s3cret"}', times=9),
            SpotifyAnswerError,
        ),
    ],
)
def test_a_renewal_that_fails_otherwise_keeps_the_sign_in(
    spotify_client: SpotifyClient,
    signed_in: Settings,
    fake_spotify: FakeSpotify,
    fault: Fault,
    error: type[Exception],
) -> None:
    store = expire(signed_in)
    fake_spotify.faults.add(replace(fault))
    with pytest.raises(error) as caught:
        spotify_client.fetch_user()
    assert store.load() is not None
    assert "s3cret" not in str(caught.value)


def test_a_renewal_whose_answer_was_lost_is_asked_for_again(
    spotify_client: SpotifyClient, signed_in: Settings, fake_spotify: FakeSpotify
) -> None:
    expire(signed_in)
    fake_spotify.faults.add(Fault("POST /api/token", kind="after"))
    fake_spotify.faults.add(rate_limited(3, where="POST /api/token"))
    assert spotify_client.fetch_user().id == "ada"


def test_threads_that_need_a_new_token_at_once_ask_for_one(
    signed_in: Settings, fake_spotify: FakeSpotify
) -> None:
    fake_spotify.accounts.rotate = True
    expire(signed_in)
    start = threading.Barrier(6)
    names: list[str] = []

    def work() -> None:
        with open_client(signed_in) as client:
            start.wait()
            names.append(client.fetch_user().id)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == ["ada"] * 6
    assert fake_spotify.accounts.refreshes == 1


@pytest.mark.parametrize("ahead_s", [-3_600, 3_600, -7_200])
def test_a_clock_that_is_off(signed_in: Settings, fake_spotify: FakeSpotify, ahead_s: float) -> None:
    """The sign-in was made while the clock was right; now it is an hour off, and the token has expired."""
    watch = Stopwatch()
    watch.ahead_s = ahead_s
    fake_spotify.ahead_s = 3_700
    with open_client(signed_in, Surroundings(timing=Timing(watch.now, watch.sleep))) as client:
        assert client.fetch_user().id == "ada"
        assert client.fetch_user().id == "ada"
    assert fake_spotify.accounts.refreshes <= 1 + (ahead_s > 0)


def test_a_sign_in_made_with_another_app_goes_on_with_that_app(
    spotify_settings: Settings, fake_spotify: FakeSpotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    FileTokenStore(spotify_settings.config_dir).save(replace(token_of(fake_spotify), expires_at=1.0))
    monkeypatch.setenv("SEGUE_SPOTIFY_CLIENT_ID", "f" * 32)
    with open_client(Settings()) as client:
        assert client.fetch_user().id == "ada"


# -- a sign-in that cannot be kept --------------------------------------------------------------------------


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can grow: what a write meets on a full disk."""
    resource = pytest.importorskip("resource")  # Windows has none
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


def test_a_renewed_sign_in_that_cannot_be_kept_is_gone_on_with(
    spotify_client: SpotifyClient, signed_in: Settings, fake_spotify: FakeSpotify, notes: list[str]
) -> None:
    fake_spotify.accounts.rotate = True
    store = expire(signed_in)
    before = store.load()
    with full_disk():
        assert [spotify_client.fetch_user().id for _ in range(3)] == ["ada"] * 3
        assert fake_spotify.accounts.refreshes == 1
        fake_spotify.accounts.access.clear()  # and once more, with the refresh token that is in memory
        assert spotify_client.fetch_user().id == "ada"
    assert store.load() == before
    assert len(notes) == 2
    assert "could not be kept" in notes[0]
    assert "Make room" in notes[0]
    assert "segue login" in notes[0]
    for secret in [*fake_spotify.accounts.access, *fake_spotify.accounts.refresh]:
        assert secret not in " ".join(notes)


def test_it_is_kept_as_soon_as_there_is_room(
    spotify_client: SpotifyClient, signed_in: Settings, fake_spotify: FakeSpotify
) -> None:
    fake_spotify.accounts.rotate = True
    store = expire(signed_in)
    with full_disk():
        spotify_client.fetch_user()
    fake_spotify.accounts.access.clear()
    spotify_client.fetch_user()
    kept = store.load()
    assert kept
    assert list(fake_spotify.accounts.refresh) == [kept.refresh_token]


def test_a_new_sign_in_goes_before_the_one_in_memory(
    spotify_client: SpotifyClient, signed_in: Settings, fake_spotify: FakeSpotify
) -> None:
    store = expire(signed_in)
    with full_disk():
        spotify_client.fetch_user()
    fake_spotify.world.add_user("bob")
    store.save(token_of(fake_spotify, "bob"))
    assert spotify_client.fetch_user().id == "bob"


@pytest.mark.parametrize("is_full", [True, False])
def test_where_no_lock_can_be_made_a_renewal_goes_on_with_a_note(
    spotify_client: SpotifyClient, signed_in: Settings, notes: list[str], is_full: bool
) -> None:
    store = expire(signed_in)
    before = store.load()
    store.path.with_suffix(".lock").unlink(missing_ok=True)
    store.path.with_suffix(".lock").mkdir()
    with full_disk() if is_full else nullcontext():
        assert spotify_client.fetch_user().id == "ada"
    assert "without a lock" in notes[0]
    assert (store.load() == before) is is_full
    assert len(notes) == 1 + is_full


def test_a_lock_that_another_holds_is_never_passed_over(
    spotify_client: SpotifyClient, signed_in: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segue.services.spotify.private_files._LONGEST_S", 0.1)
    store = expire(signed_in)
    with store.lock(), pytest.raises(StorageError, match="held by another segue"):
        spotify_client.fetch_user()
