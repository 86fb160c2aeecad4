"""The accounts service: the consent page, codes, and tokens that expire and die."""

import base64
import hashlib
import html
import ipaddress
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from fake_spotify.answers import Answer, json_answer
from fake_spotify.world import World

HALF_A_YEAR_S = 182 * 86_400
SCOPES = frozenset(
    {
        "playlist-read-private",
        "playlist-read-collaborative",
        "playlist-modify-private",
        "playlist-modify-public",
        "user-library-read",
        "user-read-private",
        "user-read-email",
    }
)


@dataclass(frozen=True)
class Grant:
    """What a person agreed to."""

    client_id: str
    user_id: str
    scopes: tuple[str, ...]
    redirect_uri: str = ""
    challenge: str = ""
    expires_at: float = 0.0


class Accounts:
    """Codes and tokens. `rotate` gives a new refresh token at each refresh and ends the old one."""

    def __init__(self, world: World, now: Callable[[], float]) -> None:
        self._world = world
        self._now = now
        self._lock = threading.Lock()
        self.codes: dict[str, Grant] = {}
        self.access: dict[str, Grant] = {}
        self.refresh: dict[str, Grant] = {}
        self.refreshes = 0
        self.rotate = False
        self.consenting = "ada"  # who sits before the browser
        self.expires_in = 3600

    # -- the consent page ---------------------------------------------------------------------------------

    def authorize(self, query: Mapping[str, str]) -> Answer:
        """Show the consent page, or say what is wrong with the request."""
        wrong = self._fault(query)
        if wrong:
            return _page(400, "Error", f"<p>{html.escape(wrong)}</p>")
        fields = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in query.items()
        )
        wanted = "".join(f"<li>{html.escape(scope)}</li>" for scope in query["scope"].split())
        form = (
            f'<ul>{wanted}</ul><form action="/authorize/answer" method="get">{fields}'
            '<button name="answer" value="agree">Agree</button> '
            '<button name="answer" value="cancel">Cancel</button></form>'
        )
        return _page(200, "Agree to let segue use your account? (fake Spotify)", form)

    def consent(self, query: Mapping[str, str]) -> Answer:
        """Take the person's answer, and send the browser back to the app."""
        wrong = self._fault(query)
        if wrong:
            return _page(400, "Error", f"<p>{html.escape(wrong)}</p>")
        back = {"state": query["state"]} if "state" in query else {}
        if query.get("answer") == "agree":
            back = {"code": self._new_code(query), **back}
        else:
            back = {"error": "access_denied", **back}
        return Answer(302, {"Location": f"{query['redirect_uri']}?{urlencode(back)}"}, b"")

    def _new_code(self, query: Mapping[str, str]) -> str:
        code = "code-" + secrets.token_urlsafe(24)
        self.codes[code] = Grant(
            client_id=query["client_id"],
            user_id=self.consenting,
            scopes=tuple(query["scope"].split()),
            redirect_uri=query["redirect_uri"],
            challenge=query["code_challenge"],
            expires_at=self._now() + 600,
        )
        return code

    def _fault(self, query: Mapping[str, str]) -> str:
        client_id, redirect = query.get("client_id", ""), query.get("redirect_uri", "")
        if client_id not in self._world.apps:
            return "INVALID_CLIENT: Invalid client"
        if not any(_same_redirect(known, redirect) for known in self._world.apps[client_id]):
            return "INVALID_CLIENT: Invalid redirect URI"
        if query.get("response_type") != "code":
            return "response_type must be code"
        if query.get("code_challenge_method") != "S256":
            return "code_challenge_method must be S256"
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}", query.get("code_challenge", "")):
            return "code_challenge is invalid"
        unknown = set(query.get("scope", "").split()) - SCOPES
        return f"INVALID_SCOPE: {' '.join(sorted(unknown))}" if unknown else ""

    # -- tokens -------------------------------------------------------------------------------------------

    def token(self, form: Mapping[str, str], content_type: str) -> Answer:
        """Give tokens for a code or a refresh token."""
        if content_type != "application/x-www-form-urlencoded":
            return _refuse("invalid_request", "Content-Type must be application/x-www-form-urlencoded")
        if "client_secret" in form:
            return _refuse("invalid_request", "PKCE needs no client_secret")
        if form.get("client_id") not in self._world.apps:
            return _refuse("invalid_client", "Invalid client")
        with self._lock:
            if form.get("grant_type") == "authorization_code":
                return self._from_code(form)
            if form.get("grant_type") == "refresh_token":
                return self._from_refresh(form)
        return _refuse("unsupported_grant_type", "grant_type parameter is missing or unsupported")

    def _from_code(self, form: Mapping[str, str]) -> Answer:
        grant = self.codes.pop(form.get("code", ""), None)
        if grant is None or grant.expires_at < self._now() or grant.client_id != form["client_id"]:
            return _refuse("invalid_grant", "Invalid authorization code")
        if form.get("redirect_uri") != grant.redirect_uri:
            return _refuse("invalid_grant", "Invalid redirect URI")
        verifier = form.get("code_verifier", "")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        if not re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier) or digest != grant.challenge:
            return _refuse("invalid_grant", "code_verifier was incorrect")
        return self._tokens(grant, refresh_token=self.new_refresh_token(grant))

    def _from_refresh(self, form: Mapping[str, str]) -> Answer:
        self.refreshes += 1
        old = form.get("refresh_token", "")
        grant = self.refresh.get(old)
        if grant is None or grant.expires_at < self._now() or grant.client_id != form["client_id"]:
            return _refuse("invalid_grant", "Refresh token revoked")
        if not self.rotate:
            return self._tokens(grant)
        del self.refresh[old]
        new = "refresh-" + secrets.token_urlsafe(48)
        self.refresh[new] = grant
        return self._tokens(grant, refresh_token=new)

    def _tokens(self, grant: Grant, *, refresh_token: str = "") -> Answer:
        body = {
            "access_token": self.new_access_token(grant),
            "token_type": "Bearer",
            "scope": " ".join(grant.scopes),
            "expires_in": self.expires_in,
        }
        return json_answer(200, {**body, "refresh_token": refresh_token} if refresh_token else body)

    def new_access_token(self, grant: Grant) -> str:
        """Give an access token."""
        token = "access-" + secrets.token_urlsafe(48)
        self.access[token] = replace(grant, expires_at=self._now() + self.expires_in)
        return token

    def new_refresh_token(self, grant: Grant) -> str:
        """Give a refresh token, which dies half a year from now."""
        token = "refresh-" + secrets.token_urlsafe(48)
        self.refresh[token] = replace(grant, expires_at=self._now() + HALF_A_YEAR_S)
        return token

    def grant_of(self, header: str) -> Grant | str:
        """Return whose token this is, or what is wrong with it."""
        scheme, _, token = header.partition(" ")
        if not header:
            return "No token provided"
        if scheme.lower() != "bearer" or token not in self.access:
            return "Invalid access token"
        grant = self.access[token]
        return grant if grant.expires_at > self._now() else "The access token expired"


def _same_redirect(known: str, given: str) -> bool:
    """Compare redirect URIs: exactly, but a loopback one registered without a port goes with any port."""
    want, have = urlsplit(known), urlsplit(given)
    try:
        loopback = ipaddress.ip_address(have.hostname or "").is_loopback
    except ValueError:
        return known == given and have.hostname != "localhost"
    if not (loopback and want.port is None):
        return known == given
    return (want.scheme, want.hostname, want.path) == (have.scheme, have.hostname, have.path)


def _refuse(error: str, text: str) -> Answer:
    return json_answer(400, {"error": error, "error_description": text})


def _page(status: int, title: str, body: str) -> Answer:
    page = f'<!doctype html><html lang="en"><title>{title}</title><h1>{title}</h1>{body}</html>'
    return Answer(status, {"Content-Type": "text/html; charset=utf-8"}, page.encode())
