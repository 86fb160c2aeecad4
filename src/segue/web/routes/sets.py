"""Public sets of tracks: which there are, and adding one to the catalogue in service."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import StreamingResponse

from segue.catalogue.get import Download, PublicSet, add_to_own, download_folder, get_set, load_sets
from segue.catalogue.in_use import find_in_use, find_write_target
from segue.errors import SegueError
from segue.net import is_loopback_host
from segue.web.problems import OnlyHereError, problem_body
from segue.web.routes.answers import COMMON, INPUT
from segue.web.routes.events import TICK_S, describe_events, event, stream
from segue.web.schemas import SetOut, SetsOut
from segue.web.service import Service, ServiceDep

router = APIRouter(prefix="/api/v1", tags=["Catalogue"], responses=COMMON)

SetName = Annotated[str, Path(description="The name of a set.", examples=["spotify-tracks"])]
EVENTS = describe_events(
    ("stage", "result", "problem"),
    "Server-sent events: `stage` (fetch, import) with `done` and `total`, then `result` "
    "with the number of `tracks`, or `problem`.",
)


@router.get("/sets", summary="Public sets of tracks that can be added")
async def get_sets() -> SetsOut:
    """Return the sets that need no account, with their size, source and licence as it is labelled there."""
    return SetsOut(
        sets=[
            SetOut(
                name=each.name,
                title=each.title,
                about=each.about,
                tracks=each.tracks,
                size_bytes=each.files[0].size_bytes,
                source=each.source,
                licence=each.licence,
            )
            for each in load_sets()
        ]
    )


@router.post(
    "/sets/{name}",
    summary="Add a public set to the catalogue",
    response_class=StreamingResponse,
    responses=INPUT | EVENTS,
)
async def post_set(name: SetName, service: ServiceDep) -> StreamingResponse:
    """Fetch a set, import it into the catalogue in use, and put that in service; progress as events.

    Only on a server that listens on loopback, and that serves the catalogue in use. It goes on when nobody
    listens any more; what broke off goes on where it stopped when it is asked for again.
    """
    wanted = get_set(name)
    _check_is_own(service)
    return stream(_events(wanted, service))


def _check_is_own(service: Service) -> None:
    if not is_loopback_host(service.options.host):
        raise OnlyHereError(
            f"this server listens on {service.options.host}, and only one on loopback fetches tracks",
            hint="Whoever runs it can: `segue catalogue get`.",
        )
    with service.engine.held() as generation:
        served = generation.recommender.catalogue.path
    if served not in (find_in_use(service.settings).path, find_write_target(service.settings)):
        raise OnlyHereError(
            "this server was started with a catalogue of its own choice, which is not added to from here",
            hint=f"Stop it, then: segue catalogue get NAME --into {served}",
        )


class _Going:
    """How far it is: told by the thread that works, read by the one that answers."""

    def __init__(self) -> None:
        self.stage, self.done, self.total = "fetch", 0, 0

    def fetched(self, done: int, total: int) -> None:
        self.stage, self.done, self.total = "fetch", done, total

    def imported(self, _rows: int, done: int, total: int) -> None:
        self.stage, self.done, self.total = "import", done, total

    def to_dict(self) -> dict[str, Any]:
        return {"stage": self.stage, "done": self.done, "total": self.total}


async def _events(wanted: PublicSet, service: Service) -> AsyncIterator[str]:
    going = _Going()
    download = Download(download_folder(service.settings, wanted), going.fetched)

    def work() -> int:
        add_to_own(service.settings, wanted, download, progress=going.imported)
        service.reload()
        with service.engine.held() as generation:
            return generation.size

    task = asyncio.ensure_future(asyncio.to_thread(work))
    told: dict[str, Any] = {}
    try:
        while not task.done():
            if going.to_dict() != told:
                told = going.to_dict()
                yield event("stage", json.dumps(told))
            await asyncio.wait({task}, timeout=TICK_S)
        yield event("result", json.dumps({"tracks": task.result()}))
    except SegueError as error:
        yield event("problem", json.dumps(problem_body(error)))
