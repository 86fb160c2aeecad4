"""Answers, before they are sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """Status, headers, body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def json_answer(status: int, body: object) -> Answer:
    """Return a body as JSON."""
    return Answer(status, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(body).encode())


def error(status: int, message: str) -> Answer:
    """Return an error the way the Web API writes it."""
    return json_answer(status, {"error": {"status": status, "message": message}})
