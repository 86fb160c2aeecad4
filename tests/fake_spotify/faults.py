"""What can go wrong, to be switched on: for the next requests that match, an answer of another kind."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass
class Fault:
    """One fault.

    `where` is the beginning of "METHOD /path"; it strikes `times` times, after `skip` requests that match.
    `kind`: "answer" gives `status`, `headers` and `body` in place of the right answer; "before" drops the
    connection without acting; "after" acts, then drops it; "slow" waits `delay_s` first; "cut" sends half of
    the right answer.
    """

    where: str = ""
    kind: Literal["answer", "before", "after", "slow", "cut"] = "answer"
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b'{"error":{"status":500,"message":"Internal Server Error"}}'
    delay_s: float = 0.0
    times: int = 1
    skip: int = 0


def rate_limited(seconds: int | str, *, where: str = "", times: int = 1) -> Fault:
    """Return the fault of a short pause that Spotify asks for."""
    body = b'{"error":{"status":429,"message":"API rate limit exceeded"}}'
    return Fault(where, status=429, headers={"Retry-After": str(seconds)}, body=body, times=times)


def quota_exceeded(seconds: int = 43_200) -> Fault:
    """Return the fault of a used-up daily quota."""
    body = b'{"error":{"status":429,"message":"Quota exceeded","reason":"QUOTA_EXCEEDED"}}'
    return Fault(status=429, headers={"Retry-After": str(seconds)}, body=body, times=1_000)


class Faults:
    """The faults that are switched on."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Switch a fault on."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Switch all faults off."""
        self._faults.clear()

    def strike(self, line: str) -> Fault | None:
        """Return the fault for this request, counting it; None for a right answer."""
        with self._lock:
            for fault in self._faults:
                if not line.startswith(fault.where) or fault.times == 0:
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault
        return None


def _answer(status: int, body: bytes) -> Callable[[int, int], Fault]:
    return lambda skip, times: Fault("", status=status, body=body, skip=skip, times=times)


def _json(status: int, message: str = "No") -> Callable[[int, int], Fault]:
    return _answer(status, b'{"error":{"status":%d,"message":"%s"}}' % (status, message.encode()))


def _limited(seconds: int) -> Callable[[int, int], Fault]:
    def fault(skip: int, times: int) -> Fault:
        made = rate_limited(seconds, times=times)
        made.skip = skip
        return made

    return fault


FAULTS: dict[str, Callable[[int, int], Fault]] = {
    **{f"status {status}": _json(status) for status in (400, 401, 403, 404, 408, 409, 413, 418)},
    **{f"status {status}": _json(status) for status in (500, 502, 503, 504)},
    "429 short": _limited(5),
    "429 long": _limited(7_200),
    "redirect": _answer(302, b""),
    "portal": _answer(200, b"<!doctype html><title>Welcome to the hotel</title>"),
    "refused by a proxy": _answer(400, b"<html>Bad request</html>"),
    "empty 200": _answer(200, b""),
    "empty 204": _answer(204, b""),
    "half of the JSON": _answer(201, b'{"snapshot_id": "00'),
    "JSON of another shape": _answer(200, b'{"ok": true}'),
    "a list": _answer(201, b"[]"),
    "null": _answer(200, b"null"),
    "cut before": lambda skip, times: Fault("", kind="before", skip=skip, times=times),
    "cut after": lambda skip, times: Fault("", kind="after", skip=skip, times=times),
}
"""Faults of every kind, by name: each is made for (requests let through first, how often it strikes)."""
