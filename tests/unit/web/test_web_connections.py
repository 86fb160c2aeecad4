"""Connections that say nothing, counted and timed: a real server process, real sockets, few open files."""

import asyncio
import logging
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from segue.web.connections import Connection, Door, Seldom, count_allowed
from segue.web.options import ServeOptions
from serving.fixtures import MODEL

RUN = (
    "import resource, typer; resource.setrlimit(resource.RLIMIT_NOFILE, (480, 480)); "
    "from segue.cli.serve import serve; app = typer.Typer(); app.command()(serve); app()"
)


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
def test_half_open_connections_do_not_stop_a_server(starter: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    arguments = [sys.executable, "-c", RUN, "--port", "0", "--model", MODEL, "--catalogue", str(starter)]
    with log.open("w") as errors:
        running = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=errors, text=True)
    opened: list[socket.socket] = []
    try:
        assert running.stdout is not None
        found = re.search(r"http://127.0.0.1:(\d+)/", running.stdout.readline())
        assert found
        for _ in range(600):
            each = socket.create_connection(("127.0.0.1", int(found[1])), timeout=10)
            each.sendall(b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            opened.append(each)
        asked = time.monotonic()
        assert httpx.get(f"{found[0]}api/health", timeout=10).status_code == 200
        assert time.monotonic() - asked < 5
        assert running.poll() is None
        assert log.stat().st_size < 10_000
    finally:
        for each in opened:
            each.close()
        running.kill()
        running.communicate()


def test_a_limit_stays_below_that_of_open_files() -> None:
    assert count_allowed(ServeOptions(), 1024) == 640
    assert count_allowed(ServeOptions(), 100) == 16
    assert count_allowed(ServeOptions(max_connections=50), 1024) == 50
    assert count_allowed(ServeOptions(max_connections=5_000), 1024) == 640


def test_a_log_cannot_be_flooded() -> None:
    now = 0.0
    seldom = Seldom(most=2, seconds=10, clock=lambda: now)

    def write(text: str) -> logging.LogRecord | None:
        record = logging.LogRecord("asyncio", logging.ERROR, "", 0, text, None, None)
        return record if seldom.filter(record) else None

    assert [write("out of files") is not None for _ in range(100)] == [True, True] + [False] * 98
    assert write("something else")
    now = 11.0
    again = write("out of files")
    assert again is not None
    assert "98 more like it" in again.getMessage()


@pytest.mark.parametrize("drips", [False, True])
def test_headers_that_do_not_come_in_time_end_a_connection(drips: bool) -> None:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        pytest.fail("no request came")

    async def ask() -> float:
        door = Door(most=10, header_timeout=0.3)
        config = uvicorn.Config(answer, http=partial(Connection, door), lifespan="off")  # type: ignore[arg-type]
        config.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Connection(door, config=config, server_state=state, app_state={}), "127.0.0.1", 0
        )
        began = time.monotonic()
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"GET / HTTP/1.1\r\nX-Slow: ")
        with suppress(ConnectionError):
            while drips and time.monotonic() < began + 5:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.05)
                if reader.at_eof():
                    break
            await asyncio.wait_for(reader.read(), 5)
        writer.close()
        server.close()
        assert not door.silent
        assert not state.connections
        return time.monotonic() - began

    assert 0.2 < asyncio.run(ask()) < 3
