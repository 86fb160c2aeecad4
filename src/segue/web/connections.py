"""Connections that say nothing: so many at once, for so long, and little about them in logs.

Uvicorn closes a connection that is idle after an answer, but waits for ever for the headers of a first
request, and takes as many connections as come, until no file can be opened any more.
"""

import asyncio
import logging
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from segue.web.options import ServeOptions

BACKLOG = 128  # connections that are accepted before any of them is looked at
KEPT_FILES = 128  # open files that are left to catalogues, models and answers
FEWEST, MOST = 16, 10_000
SHED = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n"
    b"content-type: text/plain\r\ncontent-length: 30\r\n\r\ntoo many connections are open\r\n"
)


def count_allowed(options: ServeOptions, open_files: int | None = None) -> int:
    """Return how many connections a server keeps: as asked, but fewer than files may be open."""
    files = open_files_limit() if open_files is None else open_files
    room = max(FEWEST, min(MOST, files - KEPT_FILES - 2 * BACKLOG))
    return room if options.max_connections is None else min(options.max_connections, room)


def open_files_limit() -> int:
    """Return how many files this process may have open."""
    if sys.platform == "win32":
        return MOST
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else soft


@dataclass(slots=True)
class Door:
    """Who is inside: how many may be, and those that have not said yet what they want, oldest first."""

    most: int
    header_timeout: float
    silent: "OrderedDict[Connection, None]" = field(default_factory=OrderedDict)

    def make_room(self, inside: int) -> bool:
        """Tell whether one more may come in; the one that has been silent longest goes for it."""
        if inside <= self.most:
            return True
        if not self.silent:
            return False
        oldest, _ = self.silent.popitem(last=False)
        oldest.transport.abort()
        return True


class Connection(H11Protocol):
    """Uvicorn's connection, which must send its headers in time, and which may find the door shut."""

    def __init__(self, door: Door, **more: Any) -> None:
        super().__init__(**more)
        self._door = door
        self._refused = False
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for headers, or say that there is no room."""
        super().connection_made(transport)
        if self._door.make_room(len(self.connections)):
            self._wait()
            return
        self._refused = True
        self.connections.discard(self)
        transport.write(SHED)
        transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget this connection."""
        self._hear()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what comes; the time for headers runs from their first byte, however slowly they drip."""
        if self._refused:
            return
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """Go on with what has come meanwhile."""
        super().on_response_complete()
        if self.conn.trailing_data[0]:
            self._look()

    def _look(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self._wait()
        else:
            self._hear()

    def _wait(self) -> None:
        if self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(self._door.header_timeout, self._give_up)
            self._door.silent[self] = None

    def _hear(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._door.silent.pop(self, None)

    def _give_up(self) -> None:
        self._hear()
        self.transport.abort()


class Seldom(logging.Filter):
    """Lets a message through a few times in a while, and says how many it has kept back."""

    def __init__(
        self, most: int = 5, seconds: float = 10.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._most, self._seconds, self._clock = most, seconds, clock
        self._seen: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record may be written."""
        key, now = str(record.msg)[:60], self._clock()
        since, count = self._seen.get(key, (now, 0))
        if now - since >= self._seconds:
            if count > self._most:
                record.msg = f"{record.msg} ({count - self._most:,} more like it were not logged)"
            since, count = now, 0
        if len(self._seen) > 1_000:
            self._seen.clear()
        self._seen[key] = (since, count + 1)
        return count < self._most
