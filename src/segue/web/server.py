"""Running the application: listen, reload on SIGHUP, finish what is under way on SIGTERM."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

import uvicorn
from threadpoolctl import threadpool_limits

from segue.errors import SegueError, SettingsError
from segue.web.application import Application
from segue.web.connections import BACKLOG, Connection, Door, Seldom, count_allowed
from segue.web.options import ServeOptions

log = logging.getLogger("segue.web")
DRAIN_SECONDS = 30
# A worker asks for Python's lock after every call of NumPy; a busy event loop must not keep it long.
SWITCH_SECONDS = 0.0005


def listen(options: ServeOptions) -> socket.socket:
    """Return a listening socket.

    Raises
    ------
    SettingsError
        When the address cannot be had.

    """
    host = options.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, options.port))
    except OSError as error:
        sock.close()
        raise SettingsError(
            f"cannot listen on {options.host} port {options.port}: {error.strerror or error}",
            hint="Another server may be running there; choose another with --port (0 picks a free one).",
        ) from error
    sock.set_inheritable(True)
    return sock


def address(sock: socket.socket) -> str:
    """Return the address to open in a browser."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class Server(uvicorn.Server):
    """Uvicorn's server, which also reloads on SIGHUP and tells when it is up."""

    def __init__(self, application: Application, on_start: Callable[[], None]) -> None:
        options = application.service.options
        door = Door(count_allowed(options), options.header_timeout)
        config = uvicorn.Config(
            application,
            http=partial(Connection, door),  # type: ignore[arg-type]
            backlog=BACKLOG,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_keep_alive=20,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            h11_max_incomplete_event_size=64 * 1024,
        )
        super().__init__(config)
        for name in ("uvicorn.error", "asyncio"):
            logging.getLogger(name).addFilter(Seldom())
        self._application = application
        self._on_start = on_start
        self._reloads: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then listen for SIGHUP."""
        await super().startup(sockets)
        if not self.started:
            return
        if hasattr(signal, "SIGHUP"):
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._reload_soon)
        self._on_start()

    def _reload_soon(self) -> None:
        task = asyncio.create_task(self._reload())
        self._reloads.add(task)
        task.add_done_callback(self._reloads.discard)

    async def _reload(self) -> None:
        try:
            await asyncio.to_thread(self._application.service.reload)
        except SegueError as error:
            log.error("not reloaded, the old catalogue and model stay: %s %s", error.message, error.hint)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Finish what is under way; asked a second time, stop at once."""
        if not self.should_exit:
            log.info("stopping: finishing what is under way")
        super().handle_exit(sig, frame)


def run(application: Application, sock: socket.socket, *, on_start: Callable[[], None]) -> None:
    """Serve until a signal says to stop.

    Raises
    ------
    SegueError
        When the catalogue or the model cannot be opened.

    """
    application.service.engine.start()  # before anything listens, so that what is wrong is said plainly
    server = Server(application, on_start)
    sys.setswitchinterval(SWITCH_SECONDS)
    # One core a worker: products on every core at once would wait for each other.
    with threadpool_limits(1, "blas"):
        server.run(sockets=[sock])
