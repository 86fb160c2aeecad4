"""Puts the parts together: a client for a run, and signing in and out. The app and the page start here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from segue.config import Settings
from segue.errors import SignInError, SpotifySetupError, StorageError
from segue.services.protocol import CONSENT_TIMEOUT_S, Notify, say_nothing
from segue.services.spotify import auth
from segue.services.spotify.callback import CallbackServer
from segue.services.spotify.client import SpotifyClient
from segue.services.spotify.hosts import check_url
from segue.services.spotify.private_files import write_private
from segue.services.spotify.tokens import FileTokenStore, Token, TokenStore
from segue.services.spotify.transport import Counter, HttpSender, RetrySender, Timing
from segue.services.spotify.unfinished import Begun

_PASTES = 3  # how often the address is asked for before giving up
_PASTED_URI = "http://127.0.0.1:8764/callback"  # nothing listens there; the person copies the address


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run stands in: where the sign-in is kept, the clock, and who hears of progress.

    `store` is None for the file in the config folder.
    """

    store: TokenStore | None = None
    timing: Timing = field(default_factory=Timing)
    notify: Notify = say_nothing


@contextmanager
def open_client(settings: Settings, around: Surroundings | None = None) -> Iterator[SpotifyClient]:
    """Give a client for one run; nothing is sent until it is used.

    Raises
    ------
    SettingsError
        When an address of Spotify was set to another host.

    """
    around = around or Surroundings()
    counter = Counter()
    with _accounts(settings, around, counter) as accounts:
        api = HttpSender(
            check_url(settings.spotify_api_url, setting="SEGUE_SPOTIFY_API_URL"), counter=counter
        )
        keeper = auth.TokenKeeper(
            store_of(settings, around), accounts, timing=around.timing, notify=around.notify
        )
        retrying = RetrySender(api, timing=around.timing, notify=around.notify)
        try:
            yield SpotifyClient(
                auth.BearerSender(retrying, keeper),
                keeper,
                counter=counter,
                notify=around.notify,
                timing=around.timing,
            )
        finally:
            api.close()


@contextmanager
def _accounts(settings: Settings, around: Surroundings, counter: Counter) -> Iterator[auth.Accounts]:
    url = check_url(settings.spotify_accounts_url, setting="SEGUE_SPOTIFY_ACCOUNTS_URL")
    http = HttpSender(url, counter=counter)
    try:
        yield auth.Accounts(
            RetrySender(http, timing=around.timing, notify=around.notify), timing=around.timing
        )
    finally:
        http.close()


def store_of(settings: Settings, around: Surroundings | None = None) -> TokenStore:
    """Return where the sign-in of these settings is kept."""
    return (around and around.store) or FileTokenStore(settings.config_dir)


def begun_of(settings: Settings, *, started_at: float = 0.0) -> Begun:
    """Return where these settings remember which playlists were begun; `started_at` as in `Begun`."""
    return Begun(settings.config_dir / "begun-playlists", started_at=started_at)


def sign_in(
    settings: Settings,
    client_id: str,
    *,
    show: Callable[[str], object],
    paste: Callable[[], str] | None = None,
    around: Surroundings | None = None,
) -> Token:
    """Sign in, and keep the sign-in.

    Parameters
    ----------
    settings, around
        Where the sign-in is kept, and the hosts.
    client_id
        Of the person's own app.
    show
        Is given the link to open, before anything else; may open a browser.
    paste
        Asks for the address that the browser ended at. None to have the browser come back here.

    Raises
    ------
    SpotifyError
        When nobody was signed in.

    """
    around = around or Surroundings()
    base = check_url(settings.spotify_accounts_url, setting="SEGUE_SPOTIFY_ACCOUNTS_URL")
    client_id = check_client_id(client_id)
    if paste:
        pending = auth.begin_sign_in(base, client_id, _PASTED_URI)
        show(pending.url)
        return finish_sign_in(settings, pending, _ask_for_address(pending, paste, around), around=around)
    with CallbackServer() as server:
        pending = auth.begin_sign_in(base, client_id, server.redirect_uri)
        server.accept_only(lambda target: auth.belongs_to(pending, target))
        show(pending.url)
        with server.visit(CONSENT_TIMEOUT_S) as target:
            return finish_sign_in(settings, pending, target, around=around)


def _ask_for_address(pending: auth.PendingSignIn, paste: Callable[[], str], around: Surroundings) -> str:
    """Return the address that was pasted; one that was cut off is asked for again."""
    for _ in range(_PASTES - 1):
        url = paste()
        try:
            auth.check_whole(pending, url)
        except SignInError as error:
            around.notify(f"{error.message}. {error.hint}")
        else:
            return url
    url = paste()
    auth.check_whole(pending, url)
    return url


def prepare_sign_in(settings: Settings, client_id: str, redirect_uri: str) -> auth.PendingSignIn:
    """Return a sign-in whose answer comes to an address of the caller's own, for `finish_sign_in`.

    Raises
    ------
    SpotifySetupError
        When the client id is none.

    """
    base = check_url(settings.spotify_accounts_url, setting="SEGUE_SPOTIFY_ACCOUNTS_URL")
    return auth.begin_sign_in(base, check_client_id(client_id), redirect_uri)


def finish_sign_in(
    settings: Settings, pending: auth.PendingSignIn, url: str, *, around: Surroundings
) -> Token:
    """Exchange the address that the browser ended at for a sign-in, and keep it.

    Raises
    ------
    SpotifyError
        When nobody was signed in.

    """
    code = auth.read_callback(pending, url)
    store = store_of(settings, around)
    with _accounts(settings, around, Counter()) as accounts, store.lock():
        token = accounts.exchange(pending, code)
        store.save(token)
    return token


def sign_out(settings: Settings, around: Surroundings | None = None) -> bool:
    """Delete the sign-in and what is kept of finished playlists; return whether anyone was signed in.

    The marks of unfinished ones stay, so that the same command still finishes them and makes no second one.
    """
    store = store_of(settings, around)
    with store.lock():
        there = store.delete()
    begun_of(settings).forget_finished()
    return there


# -- the client id ------------------------------------------------------------------------------------------


def client_id_file(settings: Settings) -> Path:
    """Return the file that remembers the client id. It is no secret, and not from Spotify's API."""
    return settings.config_dir / "spotify-client-id"


def find_client_id(settings: Settings) -> str:
    """Return the client id that was set or remembered; empty when there is none."""
    if settings.spotify_client_id:
        return settings.spotify_client_id
    try:
        return client_id_file(settings).read_text("utf-8").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        path = client_id_file(settings)
        raise StorageError(f"{path} cannot be read", hint=f"Remove {path}.") from error


def remember_client_id(settings: Settings, client_id: str) -> None:
    """Keep the client id for the next time.

    Raises
    ------
    SpotifySetupError
        When it is none.

    """
    write_private(client_id_file(settings), f"{check_client_id(client_id)}\n".encode())


def forget_client_id(settings: Settings) -> bool:
    """Remove the client id; return whether there was one."""
    try:
        client_id_file(settings).unlink()
    except FileNotFoundError:
        return False
    return True


def check_client_id(text: str) -> str:
    """Return the client id when it has the shape of one.

    Raises
    ------
    SpotifySetupError
        When it has not. What was given is not repeated: it may be a secret pasted by mistake.

    """
    bare = text.strip()
    if len(bare) != 32 or set(bare) - set("0123456789abcdef"):
        raise SpotifySetupError(
            f"expected a client id: 32 digits and letters a to f; got {len(bare)} characters of other kinds",
            hint="It is on https://developer.spotify.com/dashboard, under your app's Settings. The client "
            "*secret* is not needed.",
        )
    return bare


def get_token(settings: Settings, around: Surroundings | None = None) -> Token:
    """Return the sign-in that is kept; raises `SignInError` when there is none or it is damaged."""
    token = store_of(settings, around).load()
    if token is None:
        raise SignInError("nobody is signed in to Spotify", nobody=True, hint="Run `segue login` first.")
    return token
