"""What every request passes before it is looked at: plain ASGI layers, one concern each.

Plain ASGI rather than Starlette's `BaseHTTPMiddleware`, because that one hides from an endpoint that its
client has hung up.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segue.playlists.entries import PART_HINT
from segue.web.metrics import Metrics
from segue.web.options import ServeOptions, Tokens
from segue.web.problems import ASKED_AS, plain_problem, problem_response
from segue.web.sessions import SESSION_COOKIE, Sessions

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_PATHS = frozenset(
    {"/", "/docs", "/favicon.svg", "/callback", "/api/health", "/api/ready", "/api/openapi.json"}
)
OPEN_PREFIXES = ("/static/", "/player/")
METERED_PREFIXES = ("/api/v1/", "/v1/", "/spotify/")
MAX_CLIENTS = 10_000
LARGE = 4 * 1024 * 1024  # bytes of a body, of which only a few may be under way
GOOD_RATE = 256 * 1024  # bytes a second; a body that comes faster may take its time

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
SECURITY_HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, detail: str, **more: str) -> None:
    """Answer with a problem. `more` may hold a `hint`, and headers with underscores for hyphens."""
    hint = more.pop("hint", "")
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    response = problem_response(scope["path"], plain_problem(status, detail, hint=hint), headers=headers)
    await response(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Observed:
    """Outermost: measures every request, and puts the security headers on every answer."""

    app: ASGIApp
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), "499"

        async def observed_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(("/api/", "/v1/")):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            await self.app(scope, receive, observed_send)
        finally:
            # The route's pattern, not the path: a label has to come from a closed set.
            route = getattr(scope.get("route"), "path", "other")
            self.metrics.count("segue_http_requests_total", route=route, status=status)
            self.metrics.observe("segue_http_request_seconds", time.perf_counter() - began, route=route)


@dataclass(frozen=True, slots=True)
class Headless:
    """Answers HEAD as GET would be answered, without the body (RFC 9110, 9.3.2).

    Left out is the one address at which a GET changes something: the way back from a sign-in.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"] == "/callback":
            await self.app(scope, receive, send)
            return
        asked = {**scope, "method": "GET", ASKED_AS: "HEAD"}

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(asked, receive, send_head)
        finally:
            if "route" in asked:
                scope["route"] = asked["route"]  # what the metrics count by


@dataclass(slots=True)
class Crowded:
    """Refuses what comes while too many requests are under way, or while the queue is full.

    The queue refuses recommendations too, but by then their body has been read and checked, which costs more
    than all the rest of a refusal: a flood would keep the workers from their work.
    """

    app: ASGIApp
    metrics: Metrics
    options: ServeOptions
    queue_is_full: Callable[[], bool]
    under_way: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http" or scope["path"] == "/api/health":
            await self.app(scope, receive, send)
            return
        detail = self._why_not(scope["path"])
        if detail:
            self.metrics.count("segue_shed_total")
            await _refuse(scope, receive, send, 503, detail, hint="Try again in a second.", retry_after="1")
            return
        self.under_way += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.under_way -= 1

    def _why_not(self, path: str) -> str:
        if self.under_way >= self.options.max_under_way:
            return f"{self.under_way:,} requests are under way"
        if path.endswith(("/recommendations", "/recommendations/events")) and self.queue_is_full():
            return f"{self.options.queue_limit:,} requests are waiting, and the queue holds no more"
        return ""


@dataclass(frozen=True, slots=True)
class KnownHost:
    """Refuses a Host header that is not ours.

    A page of another site can point its own name at 127.0.0.1 (DNS rebinding) and so read from a server that
    trusts whoever reaches it; such a request still carries the other site's name.
    """

    app: ASGIApp
    options: ServeOptions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "http":
            host = Headers(scope=scope).get("host", "")
            try:
                name = (urlsplit(f"//{host}").hostname or "").lower()
            except ValueError:
                name = ""
            if name not in self.options.host_names:
                await _refuse(
                    scope, receive, send, 421, "the Host header does not name this server",
                    hint="Use the address that the server printed, or start it with --allow-host NAME.",
                )  # fmt: skip
                return
        await self.app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class SameOrigin:
    """Refuses a request that changes state when another site's page sent it (CSRF).

    A browser says where a request comes from (`Sec-Fetch-Site`, or `Origin` on older ones) and no page can
    forge either; a client that is not a browser sends neither, and has no cookies of a person to abuse.
    """

    app: ASGIApp
    options: ServeOptions

    def _is_foreign(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin and origin in self.options.cors_origins:
            return False
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site not in {"same-origin", "none"}
        return origin is not None and urlsplit(origin).netloc != headers.get("host")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        changes = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        if changes and self._is_foreign(Headers(scope=scope)):
            await _refuse(
                    scope, receive, send, 403, "a page of another site sent this request",
                    hint="Pages of other sites need --cors-origin ORIGIN.",
                )  # fmt: skip
            return
        await self.app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Authorised:
    """Asks for a bearer token, or a session that one has opened, when the server has tokens."""

    app: ASGIApp
    tokens: Callable[[], Tokens]
    sessions: Sessions

    def _may_pass(self, headers: Headers) -> bool:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.tokens().accept(token.strip()):
            return True
        session = self.sessions.find(cookie_parser(headers.get("cookie", "")).get(SESSION_COOKIE, ""))
        return session is not None and session.authorised

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "http" and self.tokens():
            path = scope["path"]
            is_open = path in OPEN_PATHS or path.startswith(OPEN_PREFIXES) or path == "/api/v1/session"
            if not is_open and not self._may_pass(Headers(scope=scope)):
                await _refuse(
                    scope, receive, send, 401, "this server asks for a token",
                    hint='Send "Authorization: Bearer TOKEN" with a token out of the server\'s token file.',
                    www_authenticate='Bearer realm="segue"',
                )  # fmt: skip
                return
        await self.app(scope, receive, send)


@dataclass(slots=True)
class _Bucket:
    level: float
    seen: float


@dataclass(slots=True)
class Metered:
    """Limits how many requests a second one client may make: a token bucket for each address."""

    app: ASGIApp
    rate: float
    clock: Callable[[], float] = time.monotonic
    buckets: OrderedDict[str, _Bucket] = field(default_factory=OrderedDict)

    def wait_for(self, client: str) -> float:
        """Take one request from the client's bucket; return the seconds to wait when it is empty, else 0."""
        now, burst = self.clock(), max(1.0, 4 * self.rate)
        bucket = self.buckets.setdefault(client, _Bucket(burst, now))
        self.buckets.move_to_end(client)
        if len(self.buckets) > MAX_CLIENTS:
            self.buckets.popitem(last=False)
        bucket.level = min(burst, bucket.level + (now - bucket.seen) * self.rate)
        bucket.seen = now
        if bucket.level < 1:
            return (1 - bucket.level) / self.rate
        bucket.level -= 1
        return 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "http" and self.rate and scope["path"].startswith(METERED_PREFIXES):
            wait = self.wait_for((scope.get("client") or ("?",))[0])
            if wait:
                await _refuse(
                    scope, receive, send, 429, f"more than {self.rate:g} requests a second",
                    retry_after=str(max(1, round(wait + 0.5))),
                )  # fmt: skip
                return
        await self.app(scope, receive, send)


@dataclass(slots=True)
class Bounded:
    """Limits the size of a request's body, the time that its client takes to send it, and the memory of all.

    A long playlist may be large; that many of them come at once would be another matter.
    """

    app: ASGIApp
    options: ServeOptions
    large: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > self.options.max_body:
            detail = self._too_large(f"got {int(declared):,}")
            await _refuse(scope, receive, send, 413, detail, hint=PART_HINT)
            return
        got, complete, is_large = 0, False, False
        deadline = time.monotonic() + self.options.body_timeout

        async def bounded_receive() -> Message:
            nonlocal got, complete, is_large
            if complete:
                return await receive()
            wait_s = max(0.001, deadline + got / GOOD_RATE - time.monotonic())
            try:
                message = await asyncio.wait_for(receive(), wait_s)
            except TimeoutError as error:
                raise HTTPException(
                    408, f"the body did not arrive within {self.options.body_timeout:g} seconds"
                ) from error
            got += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if got > self.options.max_body:
                raise HTTPException(413, self._too_large("got more"))
            if got > LARGE and not is_large:
                self._admit()
                is_large = True
            return message

        try:
            await self.app(scope, bounded_receive, send)
        finally:
            self.large -= is_large

    def _admit(self) -> None:
        if self.large >= self.options.max_large:
            detail = f"{self.large} requests of more than {LARGE:,} bytes are under way, and no more may be"
            raise HTTPException(503, detail, headers={"Retry-After": "5"})
        self.large += 1

    def _too_large(self, got: str) -> str:
        return f"expected at most {self.options.max_body:,} bytes in a request, {got}"


def guard(
    app: ASGIApp,
    options: ServeOptions,
    *,
    metrics: Metrics,
    sessions: Sessions,
    tokens: Callable[[], Tokens],
    queue_is_full: Callable[[], bool],
) -> ASGIApp:
    """Put every layer around an application, outermost first in effect."""
    layers: Mapping[str, Callable[[ASGIApp], ASGIApp]] = {
        "body": lambda inner: Bounded(inner, options),
        "rate": lambda inner: Metered(inner, options.rate),
        "token": lambda inner: Authorised(inner, tokens, sessions),
        "origin": lambda inner: SameOrigin(inner, options),
        "host": lambda inner: KnownHost(inner, options),
        "crowd": lambda inner: Crowded(inner, metrics, options, queue_is_full),
        "head": Headless,
        "observed": lambda inner: Observed(inner, metrics),
    }
    for wrap in layers.values():
        app = wrap(app)
    return app
