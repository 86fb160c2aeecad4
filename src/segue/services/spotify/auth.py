"""Signing in: the Authorization Code flow with PKCE, and the care of the token that comes of it.

There is no client secret. Whoever runs segue brings the client id of an app of their own.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from segue.errors import SignInError, SpotifyAnswerError, SpotifyError, SpotifySetupError, StorageError
from segue.services.protocol import Notify, say_nothing
from segue.services.spotify import responses, schemas
from segue.services.spotify.about import SCOPES
from segue.services.spotify.private_files import LockHeldError
from segue.services.spotify.tokens import Token, TokenStore
from segue.services.spotify.transport import Request, Response, Sender, Timing

_AGAIN = "Sign in again with `segue login`."


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """A sign-in that waits for the person's consent.

    `url` is what they open. It holds `state` and the challenge, both of use to no one without the verifier.
    """

    client_id: str
    redirect_uri: str
    url: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def begin_sign_in(accounts_url: str, client_id: str, redirect_uri: str) -> PendingSignIn:
    """Prepare a sign-in: fresh state and verifier, and the link for the person."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(64)
    query = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "state": state,
        "scope": " ".join(SCOPES),
        "code_challenge_method": "S256",
        "code_challenge": challenge_of(verifier),
    }
    url = f"{accounts_url}/authorize?{urlencode(query)}"
    return PendingSignIn(client_id, redirect_uri, url, state, verifier)


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def belongs_to(pending: PendingSignIn, url: str) -> bool:
    """Tell whether this address answers this sign-in, be it with a yes or a no."""
    given = parse_qs(urlsplit(url).query)
    states = given.get("state", [""])
    return (
        bool(given.keys() & {"code", "error"})
        and len(states) == 1
        and secrets.compare_digest(states[0].encode(), pending.state.encode())
    )


def check_whole(pending: PendingSignIn, url: str) -> None:
    """Check that a pasted address was copied to its end; nothing speaks against another try.

    Raises
    ------
    SignInError
        When it was not.

    """
    query = parse_qs(urlsplit(url.strip()).query)
    if not query.keys() & {"code", "error"}:
        raise SignInError(
            "expected the whole address that the browser ended at, with `code=` in it",
            hint=f"It begins with {pending.redirect_uri}? and shows in the address bar once you agree.",
        )
    given, *more = query.get("state", [""])  # it comes last, so that a cut takes it away, whole or in part
    begins = secrets.compare_digest(given.encode(), pending.state[: len(given)].encode())
    if begins and len(given) < len(pending.state) and not more:
        raise SignInError(
            "expected the whole address that the browser ended at; this one is cut off",
            hint="Click into the address bar, select all, then copy.",
        )


def read_callback(pending: PendingSignIn, url: str) -> str:
    """Return the code of the address that Spotify sent the browser to.

    Raises
    ------
    SignInError
        When it is no such address, its `state` is not ours, or the person said no. Messages leave the
        address out: it can hold a code.

    """
    query = parse_qs(urlsplit(url.strip()).query)
    given = {name: values[0] for name, values in query.items() if len(values) == 1}
    if not given.keys() & {"code", "error"}:
        raise SignInError(
            "expected the answer of Spotify's sign-in, with one `code` or one `error`; it has neither",
            hint="Sign in again, and press Agree on Spotify's page.",
        )
    if not secrets.compare_digest(given.get("state", "").encode(), pending.state.encode()):
        why = "its `state` is another" if "state" in query else "it has no `state`"
        raise SignInError(
            f"the answer does not belong to this sign-in ({why}): not used",
            hint="Use the link of this very run; if someone sent you a link, do not open it.",
        )
    if "code" not in given:
        raise SignInError(_refused(given["error"]), hint="Run `segue login` again and press Agree.")
    return given["code"]


def _refused(error: str) -> str:
    if error == "access_denied":
        return "you did not agree, so nothing was signed in"
    shown = "".join(char for char in error if char.isascii() and (char.isalnum() or char in "_-"))[:40]
    return f"Spotify refused the sign-in ({shown})"


class Accounts:
    """The accounts service: gives tokens for a code or for a refresh token."""

    def __init__(self, sender: Sender, *, timing: Timing | None = None) -> None:
        self._sender = sender
        self._timing = timing or Timing()

    def exchange(self, pending: PendingSignIn, code: str) -> Token:
        """Return the sign-in for a code.

        Raises
        ------
        SpotifyError
            When Spotify gives none.

        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": pending.redirect_uri,
            "client_id": pending.client_id,
            "code_verifier": pending.verifier,
        }
        answer = self._ask(form, repeatable=False)
        if not answer.refresh_token:
            raise SignInError("Spotify gave no refresh token", hint=_AGAIN)
        now = self._timing.now()
        scopes = tuple(answer.scope.split()) or tuple(SCOPES)  # no scope in the answer: all that was asked
        return Token(
            client_id=pending.client_id,
            access_token=answer.access_token,
            refresh_token=answer.refresh_token,
            expires_at=now + answer.expires_in,
            signed_in_at=now,
            scopes=scopes,
        )

    def refresh(self, token: Token) -> Token:
        """Return the sign-in with a new access token; the refresh token is kept when no new one comes.

        Raises
        ------
        SignInError
            When the sign-in has ended (`invalid_grant`).
        SpotifyError
            When Spotify cannot be asked.

        """
        form = {
            "grant_type": "refresh_token",
            "refresh_token": token.refresh_token,
            "client_id": token.client_id,
        }
        answer = self._ask(form, repeatable=True)
        return Token(
            client_id=token.client_id,
            access_token=answer.access_token,
            refresh_token=answer.refresh_token or token.refresh_token,
            expires_at=self._timing.now() + answer.expires_in,
            signed_in_at=token.signed_in_at,
            scopes=tuple(answer.scope.split()) or token.scopes,
        )

    def _ask(self, form: dict[str, str], *, repeatable: bool) -> schemas.TokenAnswer:
        response = self._sender.send(Request("POST", "/api/token", form=form, repeatable=repeatable))
        if response.status in (400, 401):
            raise _token_error(response)
        return responses.read(response.status, response.content, schemas.TokenAnswer, doing="signing in")


def _token_error(response: Response) -> SpotifyError:
    code, said = responses.code_of(response.content), responses.message_of(response.content)
    text = f"Spotify refused the sign-in: {said or code or 'no reason given'}"
    if code in ("invalid_client", "unauthorized_client"):
        return SpotifySetupError(text, hint="Check the client id: `segue login --client-id ID`.")
    if code == "invalid_grant":
        return SignInError(text, hint=_AGAIN)
    return SpotifyAnswerError(text, hint="Spotify may have changed its sign-in; look for a newer segue.")


@dataclass(frozen=True, slots=True)
class _Unkept:
    """A renewed sign-in that could not be stored, and what the store still held in its place."""

    token: Token
    stored: Token | None


class TokenKeeper:
    """Gives the access token, and renews it when it must be: once, however many ask at the same time."""

    def __init__(
        self,
        store: TokenStore,
        accounts: Accounts,
        *,
        timing: Timing | None = None,
        notify: Notify = say_nothing,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._timing = timing or Timing()
        self._notify = notify
        self._unkept: _Unkept | None = None

    def token(self) -> Token:
        """Return a sign-in that should work.

        Raises
        ------
        SignInError
            When nobody is signed in, or the sign-in has ended.

        """
        token = self._get()
        return token if token.is_fresh(self._timing.now()) else self.renew(token)

    def renew(self, stale: Token) -> Token:
        """Return a sign-in with another access token than the stale one.

        Only the first of several processes asks Spotify; the others find its answer when they get the lock.

        Raises
        ------
        SignInError
            When the sign-in has ended. A file stays until a new sign-in takes its place: another run may
            hold what came after it, and still go on.

        """
        with ExitStack() as held:
            try:
                held.enter_context(self._store.lock())
            except LockHeldError:
                raise
            except StorageError as error:  # where nothing can be written, no other run renews it either
                self._notify(f"The sign-in to Spotify is renewed without a lock: {error.message}.")
            return self._renew(stale)

    def _renew(self, stale: Token) -> Token:
        stored, current = self._store.load(), self._get()
        if current.access_token != stale.access_token:
            return current
        try:
            renewed = self._accounts.refresh(current)
        except SignInError as error:
            if self._store.load() != stored:  # someone signed in or renewed it meanwhile, and ours was old
                return self._get()
            if not self._store.is_shared:
                self._store.delete()
            raise SignInError(f"the sign-in has ended ({error.message})", hint=_AGAIN) from error
        self._keep(renewed)
        return renewed

    def _keep(self, renewed: Token) -> None:
        """Store it; where that fails, go on with it in memory, since what it replaces may work no more."""
        try:
            self._store.save(renewed)
        except StorageError as error:
            self._unkept = _Unkept(renewed, self._store.load())
            self._notify(
                f"The renewed sign-in to Spotify could not be kept ({error.message}). This run goes on with "
                "it. Make room, or make that folder yours to write; if the next run says that the sign-in "
                "has ended, run `segue login`."
            )
        else:
            self._unkept = None

    def require(self, scopes: Sequence[str]) -> None:
        """Check that the person agreed to these scopes.

        Raises
        ------
        SignInError
            When they did not; the message names what is missing.

        """
        missing = [scope for scope in scopes if scope not in self._get().scopes]
        if missing:
            raise SignInError(
                f"the sign-in lacks {' and '.join(missing)}",
                hint="Run `segue login` again and agree to all that it asks for.",
            )

    def _get(self) -> Token:
        token = self._store.load()
        if self._unkept and token == self._unkept.stored:  # no other run has renewed it meanwhile
            return self._unkept.token
        if token is None:
            raise SignInError("nobody is signed in to Spotify", nobody=True, hint="Run `segue login` first.")
        return token


class BearerSender:
    """Adds the token to each request, and renews it once when Spotify no longer takes it."""

    def __init__(self, inner: Sender, keeper: TokenKeeper) -> None:
        self._inner = inner
        self._keeper = keeper

    def send(self, request: Request) -> Response:
        """Send with a token; a 401 says that Spotify did not act, so the request may go out again."""
        token = self._keeper.token()
        response = self._inner.send(_signed(request, token))
        if response.status != 401:
            return response
        return self._inner.send(_signed(request, self._keeper.renew(token)))


def _signed(request: Request, token: Token) -> Request:
    return request.with_header("Authorization", f"Bearer {token.access_token}")
