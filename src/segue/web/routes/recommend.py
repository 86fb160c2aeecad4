"""Recommendations, and how a playlist matches the catalogue."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, UploadFile
from starlette.responses import Response, StreamingResponse

from segue.app import Answer, Asked, Ports, Source, Step, iter_steps, match, read_source
from segue.errors import SegueError
from segue.types import Match, Playlist
from segue.web.disconnect import unless_hung_up
from segue.web.engine import Engine, Generation
from segue.web.problems import problem_body
from segue.web.routes.answers import COMMON, INPUT, Responses
from segue.web.schemas import MatchesOut, MatchIn, PlaylistIn, RecommendationsIn, RecommendationsOut
from segue.web.serialise import matches_out, pick_out, track_out
from segue.web.service import Service, ServiceDep, SessionDep
from segue.web.sessions import Session

router = APIRouter(prefix="/api/v1", tags=["Recommend"], responses=COMMON | INPUT)

SMALL = 200  # entries of a playlist that is matched among the look-ups; it takes some hundredths of a second
EVENT = {
    "type": "object",
    "description": "One event. `data` is JSON: of `match` a MatchesOut, of `result` a RecommendationsOut, of "
    "`problem` a Problem.",
    "required": ["event", "data"],
    "properties": {
        "event": {"enum": ["stage", "match", "result", "problem"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
EVENTS: Responses = {
    200: {
        "description": "Server-sent events: `stage` as each begins, `match`, then `result` or `problem`.",
        "content": {"text/event-stream": {"schema": EVENT}},
    }
}


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


async def _take(engine: Engine, step: Step) -> Any:
    """Take a step of the flow where it belongs: in the queue, among large playlists, or among look-ups."""
    if step.query is not None:
        return await engine.recommend(step.query)
    if step.name == "match" and step.reading is not None:
        return await find_matches(engine, step.reading.playlist)
    return await engine.look_up(step.work)


async def find_matches(engine: Engine, playlist: Playlist) -> tuple[Match, ...]:
    """Match a playlist; a large one apart from the rest, so that nothing small waits for it."""
    if len(playlist.entries) > SMALL:
        return await engine.match(playlist)
    with engine.held() as generation:
        return await engine.look_up(match, playlist, generation.recommender)


async def iter_answer(asking: Asking) -> AsyncIterator[Step | Answer]:
    """Yield each step of the flow before it is taken, and the answer at the end.

    Reading and matching run on the threads for look-ups; recommending waits in the queue, so that requests
    which wait together are worked out together. A client that goes away ends it all.
    """
    service, engine = asking.service, asking.service.engine
    asked = Asked(asking.body.n, asking.body.controls.to_controls())
    with engine.held() as generation:
        ports = ports_of(service, asking.session, generation)
        steps = iter_steps(source_of(asking.body), asked, ports)
        try:
            step = next(steps)
            while True:
                yield step
                step = steps.send(await unless_hung_up(asking.request, _take(engine, step)))
        except StopIteration as end:
            answer: Answer = end.value
        yield answer


def to_answer(asking: Asking, answer: Answer, *, began: float) -> RecommendationsOut:
    """Return an answer in the shape of the API."""
    with asking.service.engine.held() as generation:
        model = generation.recommender.model_name
    result = answer.result
    return RecommendationsOut.model_construct(
        tracks=[pick_out(pick) for pick in result.tracks],
        seeds=[track_out(track) for track in result.seeds] if asking.body.with_seeds else [],
        unmatched=list(answer.unmatched),
        name=answer.reading.playlist.name,
        notes=list(answer.notes),
        model=model,
        took_ms=round(1000 * (time.perf_counter() - began), 2),
    )


@router.post("/recommendations", summary="Recommend songs for a playlist", response_model=RecommendationsOut)
async def post_recommendations(
    body: RecommendationsIn, request: Request, service: ServiceDep, session: SessionDep
) -> Response:
    """Return a new playlist in the spirit of the one given, with a reason and scores for each pick."""
    began = time.perf_counter()
    asking = Asking(request, service, session, body)
    async for step in iter_answer(asking):
        if isinstance(step, Answer):
            answer = to_answer(asking, step, began=began)
    return Response(answer.model_dump_json(), media_type="application/json")


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"


def _stage(name: str, **more: Any) -> str:
    return _event("stage", json.dumps({"stage": name, **more}))


async def _events(asking: Asking) -> AsyncIterator[str]:
    """Yield what happens, stage by stage: read, match, choose."""
    began = time.perf_counter()
    try:
        async for step in iter_answer(asking):
            if isinstance(step, Answer):
                yield _event("result", to_answer(asking, step, began=began).model_dump_json())
            elif step.query is not None and step.reading is not None:
                yield _event("match", matches_out(step.reading.playlist, step.matches).model_dump_json())
                engine = asking.service.engine
                yield _stage("choose", seeds=len(step.query.seeds), among=engine.size, waiting=engine.waiting)
            elif step.name == "match" and step.reading is not None:
                yield _stage("match", entries=len(step.reading.playlist.entries))
            elif step.name == "read":
                yield _stage("read")
    except SegueError as error:
        yield _event("problem", json.dumps(problem_body(error)))


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
    return StreamingResponse(
        _events(Asking(request, service, session, body)),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _match(service: Service, session: Session | None, source: Source) -> MatchesOut:
    with service.engine.held() as generation:
        ports = ports_of(service, session, generation)
        reading = await service.engine.look_up(read_source, source, ports)
        matches = await find_matches(service.engine, reading.playlist)
    return matches_out(reading.playlist, matches)


@router.post("/match", summary="Look a playlist up in the catalogue", response_model=MatchesOut)
async def post_match(body: MatchIn, request: Request, service: ServiceDep, session: SessionDep) -> Response:
    """Return how each line of a playlist was found, and what came nearest where nothing was."""
    answer = await unless_hung_up(request, _match(service, session, source_of(body)))
    return Response(answer.model_dump_json(), media_type="application/json")


@router.post("/match/file", summary="Look a playlist file up in the catalogue", response_model=MatchesOut)
async def post_match_file(
    request: Request,
    service: ServiceDep,
    session: SessionDep,
    file: Annotated[UploadFile, File(description="CSV, M3U, XSPF, JSPF or text.")],
) -> Response:
    """Return the same for an uploaded file, in whatever encoding it is written."""
    source = Source(await file.read(), file.filename or "")
    answer = await unless_hung_up(request, _match(service, session, source))
    return Response(answer.model_dump_json(), media_type="application/json")
