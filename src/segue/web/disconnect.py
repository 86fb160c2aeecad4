"""Waiting for an answer while watching whether anybody still wants it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request

T = TypeVar("T")
CLIENT_CLOSED_REQUEST = 499  # not of an RFC; what servers log for it. Nobody is there to read it.


async def _hang_up(request: Request) -> None:
    """Return when the client has closed the connection; the request's body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def unless_hung_up(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return the result of `work`, or cancel it when the client goes away first.

    Raises
    ------
    HTTPException
        With status 499, when the client has gone.

    """
    task, watch = asyncio.ensure_future(work), asyncio.ensure_future(_hang_up(request))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise HTTPException(CLIENT_CLOSED_REQUEST, "the client has hung up")
        return task.result()
    finally:
        for pending in (task, watch):
            pending.cancel()
