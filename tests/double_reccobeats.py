"""A server on this machine that answers as ReccoBeats does, and goes wrong when it is told to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from made_tracks import FEATURES

Fault = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Double:
    """What the server knows, what it was asked, and what goes wrong next, a request each."""

    unknown: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


def entry_of(track_id: str) -> dict[str, object]:
    """Return what ReccoBeats says of a track that it knows."""
    left_out = {"duration_ms", "time_signature"}
    given = {name: value for name, value in FEATURES.items() if name not in left_out}
    return {
        "id": "8212bab8-5911-48a0-b177-24923ef2329a",
        "href": f"https://open.spotify.com/track/{track_id}",
        "isrc": None,
        **given,
    }


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    """Answer a request."""
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def answering(status: int, body: bytes = b"{}", **headers: str) -> Fault:
    """Return the fault of another answer."""
    return lambda handler: send(handler, status, body, **headers)


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Break off in the middle of an answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"content": [')
    handler.close_connection = True


@contextmanager
def serving_double() -> Iterator[Double]:
    """Serve it on a free port of this machine."""
    double = Double()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            ids = parse_qs(parts.query).get("ids", [""])[0].split(",")
            double.asked.append(ids)
            double.heads.append({"path": parts.path, **self.headers})
            if double.faults:
                double.faults.pop(0)(self)
                return
            content = [entry_of(each) for each in reversed(ids) if each not in double.unknown]
            send(self, 200, json.dumps({"content": content}).encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
