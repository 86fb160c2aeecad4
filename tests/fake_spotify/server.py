"""The fake Spotify as an HTTP server on a free loopback port."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from fake_spotify.accounts import SCOPES, Accounts, Grant
from fake_spotify.answers import Answer, error
from fake_spotify.api import Api, Asked
from fake_spotify.contract import Contract
from fake_spotify.faults import Fault, Faults
from fake_spotify.world import CLIENT_ID, World


@dataclass(frozen=True)
class Seen:
    """One request as it arrived, and the status that it got (0: the connection was dropped)."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int

    @property
    def line(self) -> str:
        """The method and path."""
        return f"{self.method} {self.path}"


class FakeSpotify:
    """Spotify, on loopback.

    Attributes
    ----------
    url
        What both SEGUE_SPOTIFY_API_URL and SEGUE_SPOTIFY_ACCOUNTS_URL are set to.
    seen
        Every request, in order.
    violations
        What a request or an answer has that the OpenAPI file does not allow; empty in a good test.
    watch
        Is called with the number of each request (from 1) and "before" or "after" it was acted on.
    window_limit
        Requests to the API in 30 seconds before 429; None for no limit.
    """

    def __init__(self, world: World | None = None, *, contract: Contract | None = None) -> None:
        self.world = world or World()
        self.world.users or self.world.add_user("ada", "Ada")
        self.ahead_s = 0.0  # how far this clock runs ahead of the machine's
        self.accounts = Accounts(self.world, self.now)
        self.api = Api(self.world, self.accounts)
        self.faults = Faults()
        self.seen: list[Seen] = []
        self.violations: list[str] = []
        self.watch: Callable[[int, str], None] = lambda number, moment: None
        self.window_limit: int | None = None
        self._recent: deque[float] = deque()
        self._contract = contract
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        """The address of both hosts."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def now(self) -> float:
        """What time Spotify thinks it is."""
        return time.time() + self.ahead_s

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Go away; a second time does nothing."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def sign_in(self, user_id: str = "ada", *, scopes: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return the tokens of a person who agreed, as a token answer holds them."""
        grant = Grant(CLIENT_ID, user_id, scopes or tuple(sorted(SCOPES)))
        return {
            "access_token": self.accounts.new_access_token(grant),
            "refresh_token": self.accounts.new_refresh_token(grant),
            "scope": " ".join(grant.scopes),
            "expires_in": self.accounts.expires_in,
        }

    def lines(self) -> list[str]:
        """Return the method and path of every request so far."""
        return [seen.line for seen in self.seen]

    # -- answering ----------------------------------------------------------------------------------------

    def answer(self, method: str, target: str, headers: Any, raw: bytes) -> tuple[Answer, Fault | None]:
        """Answer one request, and say which fault strikes it."""
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        body, is_form = _body_of(headers.get("Content-Type", ""), raw)
        with self._lock:
            number = len(self.seen) + 1
            self.seen.append(Seen(method, parts.path, query, body, 0))
        self.watch(number, "before")
        fault = self.faults.strike(f"{method} {parts.path}")
        if fault and fault.kind in ("answer", "before"):
            answer = Answer(fault.status, {"Content-Type": "application/json", **fault.headers}, fault.body)
        elif is_form or not parts.path.startswith("/v1/"):
            answer = self._for_accounts(method, parts.path, query if method == "GET" else body, headers)
        else:
            asked = Asked(method, parts.path[3:], query, body, headers.get("Authorization", ""))
            answer = self._for_api(asked)
        self.watch(number, "after")
        self.seen[number - 1] = Seen(method, parts.path, query, body, answer.status)
        return answer, fault

    def _for_accounts(self, method: str, path: str, given: dict[str, str], headers: Any) -> Answer:
        if (method, path) == ("GET", "/authorize"):
            return self.accounts.authorize(given)
        if (method, path) == ("GET", "/authorize/answer"):
            return self.accounts.consent(given)
        if (method, path) == ("POST", "/api/token"):
            return self.accounts.token(given, headers.get("Content-Type", ""))
        return Answer(404, {"Content-Type": "text/plain"}, b"Not found")

    def _for_api(self, asked: Asked) -> Answer:
        wrong = self._contract.check_request(asked) if self._contract else []
        self.violations += wrong
        if wrong:
            return error(400, "; ".join(wrong))
        wait_s = self._over_limit()
        if wait_s:
            limited = error(429, "API rate limit exceeded")
            return Answer(429, {**limited.headers, "Retry-After": str(wait_s)}, limited.body)
        with self._lock:
            answer = self.api.answer(asked)
        if self._contract:
            self.violations += self._contract.check_answer(asked, answer)
        return answer

    def _over_limit(self) -> int:
        if self.window_limit is None:
            return 0
        now = self.now()
        with self._lock:
            while self._recent and self._recent[0] < now - 30:
                self._recent.popleft()
            if len(self._recent) >= self.window_limit:
                return int(self._recent[0] + 30 - now) + 1
            self._recent.append(now)
        return 0


def _body_of(content_type: str, raw: bytes) -> tuple[Any, bool]:
    if content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(raw.decode(), keep_blank_values=True)), True
    if not raw:
        return None, False
    try:
        return json.loads(raw), False
    except ValueError:
        return raw.decode("latin-1"), False


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that hung up: tests make them do so."""


def _handler_of(fake: FakeSpotify) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._do("GET")

        def do_POST(self) -> None:
            self._do("POST")

        def _do(self, method: str) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer, fault = fake.answer(method, self.path, self.headers, raw)
            if fault and fault.kind in ("before", "after"):
                self.close_connection = True
                self.connection.close()
                return
            if fault and fault.kind == "slow":
                time.sleep(fault.delay_s)
            self._send(answer, cut=bool(fault and fault.kind == "cut"))

        def _send(self, answer: Answer, *, cut: bool) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: len(answer.body) // 2] if cut else answer.body)
            self.close_connection = self.close_connection or cut

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(fake.now() if timestamp is None else timestamp)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            """Log nothing."""

    return Handler
