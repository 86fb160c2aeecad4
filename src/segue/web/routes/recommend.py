"""Recommendations, and how a playlist matches the catalogue."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, File, Request, UploadFile
from pydantic_core import to_json
from starlette.responses import Response, StreamingResponse

from segue.app import Answer, Asked, Ports, Source, Step, iter_matching, iter_steps
from segue.errors import SegueError
from segue.playlists.json import track_to_json
from segue.result import entry_to_json
from segue.types import Match, Playlist
from segue.web.disconnect import unless_hung_up
from segue.web.engine import Engine, Generation
from segue.web.problems import problem_body
from segue.web.routes.answers import COMMON, INPUT
from segue.web.routes.events import TICK_S, describe_events, event, stream
from segue.web.schemas import MatchesOut, MatchIn, PlaylistIn, RecommendationsIn, RecommendationsOut
from segue.web.serialise import matches_to_json, pick_to_json
from segue.web.service import Service, ServiceDep, SessionDep
from segue.web.sessions import Session

router = APIRouter(prefix="/api/v1", tags=["Recommend"], responses=COMMON | INPUT)

SMALL = 200  # entries of a playlist that is matched among the look-ups; it takes some hundredths of a second
SMALL_TEXT = 200_000  # bytes of a playlist that is read there
T = TypeVar("T")
Flow = Generator[Step, Any, T]
EVENTS = describe_events(
    ("stage", "match", "result", "problem"),
    "Server-sent events: `stage` as each begins, and with `done` as a match goes on; "
    "`match`, then `result` or `problem`.",
    "One event. `data` is JSON: of `match` a MatchesOut, of `result` a RecommendationsOut, of "
    "`problem` a Problem.",
)


def source_of(body: PlaylistIn) -> Source:
    """Return what a request gives to be continued."""
    text = body.playlist if body.playlist.strip() else ""
    return Source(text.encode(), body.filename, tuple(body.tracks))


def ports_of(service: Service, session: Session | None, generation: Generation) -> Ports:
    """Return what the flow of a request works with; links are followed for who is signed in there."""
    accounts = session.accounts if session is not None else service.sessions.open_accounts()
    return Ports(generation.recommender, accounts.services)


@dataclass(frozen=True, slots=True)
class Asking:
    """One request for a playlist, and who sent it."""

    request: Request
    service: Service
    session: Session | None
    body: RecommendationsIn


@dataclass(slots=True)
class Progress:
    """How many of the distinct entries of a playlist are matched; told on one thread, shown by another."""

    done: int = 0
    total: int = 0

    def tell(self, done: int, total: int) -> None:
        """Take note."""
        self.done, self.total = done, total


class _End:
    """What came of a flow: `StopIteration` itself cannot pass from one thread to another."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _is_large(step: Step, size: int) -> bool:
    """Tell whether a step reads or matches a playlist that others should not wait for."""
    if step.name == "own":
        return len(step.matches) > SMALL
    if step.name == "match" and step.reading is not None:
        return len(step.reading.playlist.entries) > SMALL
    return step.name == "read" and size > SMALL_TEXT


def _send(steps: Flow[Any], value: Any) -> Step | _End:
    try:
        return steps.send(value)
    except StopIteration as end:
        return _End(end.value)


def _take_small(steps: Flow[Any], step: Step, size: int) -> list[Step | _End]:
    """Take a step and those after it that are as quick, all on this thread: each change of thread costs.

    Returns the steps that came after; the last one is not taken yet.
    """
    after: list[Step | _End] = []
    coming: Step | _End = step
    while isinstance(coming, Step):
        if coming.query is not None or coming.is_remote or _is_large(coming, size):
            break
        coming = _send(steps, coming.work())
        after.append(coming)
    return after


@dataclass(frozen=True, slots=True)
class Taking:
    """Takes the steps of a flow where each belongs, as long as the client is there."""

    request: Request
    engine: Engine
    size: int
    progress: Progress

    async def _take(self, steps: Flow[Any], step: Step) -> list[Step | _End]:
        """Take a step, and return those after it, of which the last is not taken yet."""
        if step.query is not None:
            return [_send(steps, await self.engine.recommend(step.query))]
        if step.is_remote:
            return [_send(steps, await self.engine.fetch(step.work))]
        if not _is_large(step, self.size):
            return await self.engine.look_up(_take_small, steps, step, self.size)
        if step.name == "match" and step.reading is not None:
            playlist = step.reading.playlist
            return [_send(steps, await self.engine.match(playlist, progress=self.progress.tell))]
        return [_send(steps, await self.engine.handle_large(step.work))]

    async def run(self, steps: Flow[T]) -> AsyncIterator[Step | Progress | T]:
        """Yield each step, how far a large match is, and what came of it all."""
        coming: list[Step | _End] = [next(steps)]
        shown = 0
        while True:
            for each in coming:
                yield each.value if isinstance(each, _End) else each
            last = coming[-1]
            if isinstance(last, _End):
                return
            task = asyncio.ensure_future(unless_hung_up(self.request, self._take(steps, last)))
            try:
                while not (await asyncio.wait({task}, timeout=TICK_S))[0]:
                    if self.progress.done != shown:
                        shown = self.progress.done
                        yield self.progress
            finally:
                task.cancel()
            coming = task.result()


async def iter_answer(asking: Asking) -> AsyncIterator[Step | Progress | Answer]:
    """Yield each step of the flow, how far a large match is, and the answer at the end.

    A client that goes away ends it all.
    """
    engine, source = asking.service.engine, source_of(asking.body)
    exclude = tuple(map(source_of, asking.body.exclude))
    asked = Asked(asking.body.n, asking.body.controls.to_controls(), exclude=exclude)
    with engine.held() as generation:
        ports = ports_of(asking.service, asking.session, generation)
        size = max(len(each.data) for each in (source, *exclude))
        taking = Taking(asking.request, engine, size, Progress())
        async for each in taking.run(iter_steps(source, asked, ports)):
            yield each


def write_answer(asking: Asking, answer: Answer, matches: Sequence[Match], *, began: float) -> str:
    """Return an answer as JSON, in the shape of `RecommendationsOut`, with the entries that are given."""
    with asking.service.engine.held() as generation:
        model = generation.recommender.model_name
    result = answer.result
    value = {
        "tracks": [pick_to_json(pick) for pick in result.tracks],
        "seeds": [track_to_json(track) for track in result.seeds] if asking.body.with_seeds else [],
        "unmatched": answer.unmatched,
        "entries": [entry_to_json(match) for match in matches],
        "name": answer.reading.playlist.name,
        "notes": answer.notes,
        "offer": answer.offer,
        "model": model,
        "took_ms": round(1000 * (time.perf_counter() - began), 2),
    }
    return to_json(value).decode()


@router.post("/recommendations", summary="Recommend songs for a playlist", response_model=RecommendationsOut)
async def post_recommendations(
    body: RecommendationsIn, request: Request, service: ServiceDep, session: SessionDep
) -> Response:
    """Return a new playlist in the spirit of the one given, with a reason and scores for each pick."""
    began = time.perf_counter()
    asking = Asking(request, service, session, body)
    async for step in iter_answer(asking):
        if isinstance(step, Answer):
            entries = step.matches if body.with_seeds else ()
            write = partial(write_answer, asking, step, entries, began=began)
            text = write() if len(entries) <= SMALL else await asyncio.to_thread(write)
    return Response(text, media_type="application/json")


def _stage(name: str, **more: Any) -> str:
    return event("stage", json.dumps({"stage": name, **more}))


async def _events(asking: Asking) -> AsyncIterator[str]:
    """Yield what happens, stage by stage: read, match, choose."""
    began = time.perf_counter()
    try:
        async for step in iter_answer(asking):
            if isinstance(step, Answer):
                # The event `match` told before what each line became.
                yield event("result", write_answer(asking, step, (), began=began))
            elif isinstance(step, Progress):
                yield _stage("match", entries=step.total, done=step.done)
            elif step.query is not None and step.reading is not None:
                yield event("match", await _write_matches(step.reading.playlist, step.matches))
                engine = asking.service.engine
                yield _stage("choose", seeds=len(step.query.seeds), among=engine.size, waiting=engine.waiting)
            elif step.name == "match" and step.reading is not None:
                yield _stage("match", entries=len(step.reading.playlist.entries))
            elif step.name == "read":
                yield _stage("read")
    except SegueError as error:
        yield event("problem", json.dumps(problem_body(error)))


@router.post(
    "/recommendations/events",
    summary="Recommend songs, and tell how it goes",
    response_class=StreamingResponse,
    responses=EVENTS,
)
async def post_recommendation_events(
    body: RecommendationsIn, request: Request, service: ServiceDep, session: SessionDep
) -> StreamingResponse:
    """Return the same as the endpoint without `/events`, as server-sent events with progress by stage."""
    return stream(_events(Asking(request, service, session, body)))


async def _write_matches(playlist: Playlist, matches: Sequence[Match]) -> str:
    """Return a MatchesOut as JSON; a large one is written on a thread, since it takes seconds."""
    if len(matches) <= SMALL:
        return to_json(matches_to_json(playlist, matches)).decode()
    return await asyncio.to_thread(lambda: to_json(matches_to_json(playlist, matches)).decode())


async def _match(request: Request, service: Service, session: Session | None, source: Source) -> Response:
    with service.engine.held() as generation:
        steps = iter_matching(source, ports_of(service, session, generation))
        taking = Taking(request, service.engine, len(source.data), Progress())
        async for each in taking.run(steps):
            if isinstance(each, tuple):
                reading, matches = each
    text = await _write_matches(reading.playlist, matches)
    return Response(text, media_type="application/json")


@router.post("/match", summary="Look a playlist up in the catalogue", response_model=MatchesOut)
async def post_match(body: MatchIn, request: Request, service: ServiceDep, session: SessionDep) -> Response:
    """Return how each line of a playlist was found, and what came nearest where nothing was."""
    return await _match(request, service, session, source_of(body))


@router.post("/match/file", summary="Look a playlist file up in the catalogue", response_model=MatchesOut)
async def post_match_file(
    request: Request,
    service: ServiceDep,
    session: SessionDep,
    file: Annotated[UploadFile, File(description="CSV, M3U, XSPF, JSPF or text.")],
) -> Response:
    """Return the same for an uploaded file, in whatever encoding it is written."""
    source = Source(await file.read(), file.filename or "")
    return await _match(request, service, session, source)
