"""Server-sent events: how a long answer tells of itself while it is made."""

from collections.abc import AsyncIterator, Sequence

from starlette.responses import StreamingResponse

from segue.web.routes.answers import Responses

TICK_S = 0.25  # between two words on how far something is


def event(name: str, data: str) -> str:
    """Return one event; `data` is JSON in one line."""
    return f"event: {name}\ndata: {data}\n\n"


def stream(events: AsyncIterator[str]) -> StreamingResponse:
    """Send events as they come, past every cache and buffer."""
    return StreamingResponse(
        events,
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


def describe_events(names: Sequence[str], about: str, data: str = "") -> Responses:
    """Describe such an answer for the OpenAPI file: the names of its events, and what their data is."""
    schema = {
        "type": "object",
        **({"description": data} if data else {}),
        "required": ["event", "data"],
        "properties": {
            "event": {"enum": list(names)},
            "data": {"type": "string", "contentMediaType": "application/json"},
        },
    }
    return {200: {"description": about, "content": {"text/event-stream": {"schema": schema}}}}
