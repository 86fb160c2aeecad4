"""Runs the application in a thread, as `segue serve` runs it in a process."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
import uvicorn

from segue.web.application import Application
from segue.web.server import address, listen


@dataclass(frozen=True)
class Running:
    """A server that answers at `url` (which ends with a slash)."""

    application: Application
    url: str

    def client(self, **more: object) -> httpx.Client:
        """Return a client whose paths begin at this server."""
        return httpx.Client(base_url=self.url, timeout=120, **more)  # type: ignore[arg-type]


class _Quiet(uvicorn.Server):
    """Leaves the signals of the test process alone, and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextmanager
def serving(application: Application) -> Iterator[Running]:
    """Serve until the block ends, then finish what is under way."""
    application.service.engine.start()
    sock = listen(application.service.options)
    config = uvicorn.Config(
        application, log_level="warning", access_log=False, timeout_graceful_shutdown=10, lifespan="on"
    )
    server = _Quiet(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        assert server.up.wait(20)
        yield Running(application, address(sock))
    finally:
        server.should_exit = True
        thread.join(20)
        sock.close()
    assert not thread.is_alive()


def wait_until(done: Callable[[], bool]) -> None:
    for _ in range(3_000):
        if done():
            return
        threading.Event().wait(0.01)
    pytest.fail("did not happen within 30 seconds")
