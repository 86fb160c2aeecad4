"""The small server that the browser comes back to after the consent. Loopback only, one answer, then gone."""

import html
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from segue.errors import SegueError, SignInError

PATH = "/callback"
_HERE = "This address is for one sign-in of segue on this computer."
_STRAY = (
    "segue still waits: agree on the page that it opened, or open the link that the terminal shows. "
    "If someone sent you the link that led here, do nothing."
)
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem;
color-scheme:light dark}}</style><h1>{title}</h1><p>{text}</p></html>
"""


@dataclass(frozen=True, slots=True)
class Page:
    """What the browser shows."""

    status: int
    title: str
    text: str


_DONE = Page(200, "You are signed in", "You can close this page and go back to the terminal.")
_BROKEN = Page(500, "Not signed in", "segue stopped before it was done; see the terminal.")


class CallbackServer:
    """Waits for the browser on a free port of 127.0.0.1, and answers it once."""

    def __init__(self) -> None:
        self._accepts: Callable[[str], bool] = bool
        self._once = threading.Lock()
        self._came, self._decided, self._shown = threading.Event(), threading.Event(), threading.Event()
        self._target = ""
        self._page = _BROKEN
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def redirect_uri(self) -> str:
        """Where the browser is to be sent."""
        return f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def accept_only(self, accepts: Callable[[str], bool]) -> None:
        """Take only such paths with queries for the answer; others are answered, and waiting goes on."""
        self._accepts = accepts

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @contextmanager
    def visit(self, timeout_s: float) -> Iterator[str]:
        """Wait for the browser; give the path and query that it asked for.

        The browser is shown how the body of the `with` ended: well, or with which error.

        Raises
        ------
        SignInError
            When the browser does not come in time.

        """
        self._wait(timeout_s)
        try:
            yield self._target
            self._page = _DONE
        except SegueError as error:
            self._page = Page(400, "Not signed in", f"{error.message}. {error.hint}")
            raise
        finally:
            self._decided.set()
            self._shown.wait(5)

    def _wait(self, timeout_s: float) -> None:
        end = time.monotonic() + timeout_s
        while not self._came.wait(0.2):  # in small steps, so that Ctrl+C works everywhere
            if time.monotonic() > end:
                raise SignInError(
                    f"the browser did not come back within {timeout_s:.0f} s",
                    hint="If it shows INVALID_CLIENT or a wrong redirect URI, check the app's settings on "
                    "https://developer.spotify.com/dashboard; else run `segue login` again.",
                )

    def answer(self, host: str, target: str) -> Page:
        """Return the page for one request of the browser; the first that is for us waits for its outcome.

        The host is compared so that no other name, made to lead here, is answered.
        """
        if host != f"127.0.0.1:{self._server.server_port}":
            return Page(400, "Not here", _HERE)
        if urlsplit(target).path != PATH:
            return Page(404, "Nothing here", _HERE)
        if not self._accepts(target):
            return Page(400, "Not the answer of this sign-in", _STRAY)
        if not self._once.acquire(blocking=False):
            return Page(410, "Already used", "This sign-in was answered before. You can close this page.")
        self._target = target
        self._came.set()
        self._decided.wait()
        return self._page

    def shown(self) -> None:
        """Take note that a page is on its way to the browser."""
        if self._decided.is_set():
            self._shown.set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # a browser keeps spare connections open; they must not keep us

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that hung up: a traceback would be all the person sees."""


def _handler_of(server: CallbackServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            page = server.answer(self.headers.get("Host", ""), self.path)
            body = _PAGE.format(title=html.escape(page.title), text=html.escape(page.text)).encode()
            self.send_response(page.status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()
            server.shown()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            """Log nothing: the address holds the code."""

    return Handler
