"""A server on this machine that is laid out as Hugging Face is: the hub leads on to where the file lies."""

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from made_tracks import make_rows, write_table
from segue.catalogue.get import PublicSet, SetFile

Fault = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Hub:
    """What the server has, and what goes wrong next: each fault answers one request for the file itself."""

    content: bytes
    etag: str = '"first"'
    faults: list[Fault] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)
    leads_to: str = "/cdn/file"
    url: str = ""
    checksum: str = ""

    def as_set(self, **changes: object) -> PublicSet:
        """Return the entry that a registry would have for it."""
        values: dict[str, object] = {
            "name": "made-up", "title": "A made-up set", "about": "songs that nobody sang", "tracks": 40,
            "rows": 40, "licence": "CC0", "source": f"{self.url}/about", "hosts": ("127.0.0.1",),
            "files": (SetFile(f"{self.url}/resolve/file.csv", len(self.content)),),
        }  # fmt: skip
        return PublicSet(**{**values, **changes})  # type: ignore[arg-type]


def make_content(folder: Path, count: int = 40) -> bytes:
    """Return a table of tracks as the set has it."""
    return write_table(folder / "content.csv", make_rows(count)).read_bytes()


@contextmanager
def serving_hub(content: bytes) -> Iterator[Hub]:
    """Serve it on a free port of this machine."""
    hub = Hub(content, checksum=hashlib.sha256(content).hexdigest())

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if self.path.startswith("/resolve/"):
                lead_on(self, hub)
            elif self.path == "/cdn/file":
                hub.ranges.append(self.headers["Range"])
                (hub.faults.pop(0) if hub.faults else send)(self)
            else:
                self.send_error(404)

    def send(handler: BaseHTTPRequestHandler) -> None:
        send_file(handler, hub, len(hub.content))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def lead_on(handler: BaseHTTPRequestHandler, hub: Hub) -> None:
    """Answer as the hub does: where the file lies, and its checksum."""
    handler.send_response(302)
    handler.send_header("Location", hub.leads_to)
    handler.send_header("X-Linked-ETag", f'"{hub.checksum}"')
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def send_file(handler: BaseHTTPRequestHandler, hub: Hub, up_to: int) -> None:
    """Send the file, or the rest that is asked for where it is still the same; breaks off at a byte."""
    asked = re.fullmatch(r"bytes=(\d+)-", handler.headers["Range"] or "")
    same = handler.headers["If-Range"] == hub.etag
    start = int(asked[1]) if asked and same else 0
    handler.send_response(206 if asked and same else 200)
    if asked and same:
        handler.send_header("Content-Range", f"bytes {start}-{len(hub.content) - 1}/{len(hub.content)}")
    handler.send_header("ETag", hub.etag)
    handler.send_header("Content-Length", str(len(hub.content) - start))
    handler.end_headers()
    handler.wfile.write(hub.content[start:up_to])
    handler.close_connection = True


def cut_at(hub: Hub, byte: int) -> Fault:
    """Break off after so many bytes of the file."""
    return lambda handler: send_file(handler, hub, byte)


def answer(status: int, body: bytes = b"", **headers: str) -> Fault:
    """Answer something else."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            if value:
                handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    return send
