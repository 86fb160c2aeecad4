"""Recommendations, and how a playlist matches the catalogue."""

import json
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, UploadFile
from starlette.responses import Response, StreamingResponse

from segue.errors import SegueError
from segue.playlists.links import find_collection
from segue.playlists.read import read_playlist
from segue.types import Playlist, Result
from segue.web.accounts import Account
from segue.web.disconnect import unless_hung_up
from segue.web.engine import Query
from segue.web.problems import problem_body
from segue.web.routes.answers import COMMON, INPUT, Responses
from segue.web.schemas import MatchesOut, MatchIn, PlaylistIn, RecommendationsIn, RecommendationsOut
from segue.web.seeds import Seeds, read_text, to_seeds
from segue.web.serialise import matches_out, pick_out, track_out
from segue.web.service import Service, ServiceDep, SessionDep
from segue.web.sessions import Session

router = APIRouter(prefix="/api/v1", tags=["Recommend"], responses=COMMON | INPUT)

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


async def fetch_playlist(service: Service, session: Session | None, body: PlaylistIn) -> Playlist:
    """Return the playlist of a request; a link into Spotify is followed on behalf of who is signed in."""
    link = find_collection(body.playlist) if not body.tracks else None
    if link is None:
        return await service.engine.look_up(read_text, body)
    account = session.account if session is not None else Account()
    return await service.engine.look_up(account.fetch, service.settings, link)


async def find_seeds(service: Service, session: Session | None, body: PlaylistIn) -> Seeds:
    """Return the seeds of a request. Ids alone go straight to the recommender, which knows what it holds."""
    if not body.playlist.strip():
        return Seeds(tuple(body.tracks), Playlist(()), ())
    playlist = await fetch_playlist(service, session, body)
    matches = await service.engine.match(playlist)
    return to_seeds(playlist, matches)


def to_answer(
    service: Service, body: RecommendationsIn, seeds: Seeds, result: Result, *, began: float
) -> RecommendationsOut:
    """Return a result in the shape of the API."""
    with service.engine.held() as generation:
        model = generation.recommender.model_name
    return RecommendationsOut.model_construct(
        tracks=[pick_out(pick) for pick in result.tracks],
        seeds=[track_out(track) for track in result.seeds] if body.with_seeds else [],
        unmatched=[*seeds.unmatched, *result.unmatched],
        name=seeds.playlist.name,
        model=model,
        took_ms=round(1000 * (time.perf_counter() - began), 2),
    )


async def _recommend(
    service: Service, session: Session | None, body: RecommendationsIn
) -> RecommendationsOut:
    began = time.perf_counter()
    seeds = await find_seeds(service, session, body)
    result = await service.engine.recommend(Query(seeds.track_ids, body.n, body.controls.to_controls()))
    return to_answer(service, body, seeds, result, began=began)


@router.post("/recommendations", summary="Recommend songs for a playlist", response_model=RecommendationsOut)
async def post_recommendations(
    body: RecommendationsIn, request: Request, service: ServiceDep, session: SessionDep
) -> Response:
    """Return a new playlist in the spirit of the one given, with a reason and scores for each pick."""
    answer = await unless_hung_up(request, _recommend(service, session, body))
    return Response(answer.model_dump_json(), media_type="application/json")


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"


def _stage(name: str, **more: Any) -> str:
    return _event("stage", json.dumps({"stage": name, **more}))


async def _events(
    request: Request, service: Service, session: Session | None, body: RecommendationsIn
) -> AsyncIterator[str]:
    """Yield what happens, stage by stage: read, match, choose."""
    began = time.perf_counter()
    try:
        yield _stage("read")
        playlist = await unless_hung_up(request, fetch_playlist(service, session, body))
        yield _stage("match", entries=len(playlist.entries))
        matching = service.engine.match(playlist)
        matches = await unless_hung_up(request, matching)
        yield _event("match", matches_out(playlist, matches).model_dump_json())
        seeds = to_seeds(playlist, matches)
        with service.engine.held() as generation:
            among = generation.size
        yield _stage("choose", seeds=len(seeds.track_ids), among=among, waiting=service.engine.waiting)
        query = Query(seeds.track_ids, body.n, body.controls.to_controls())
        result = await unless_hung_up(request, service.engine.recommend(query))
        yield _event("result", to_answer(service, body, seeds, result, began=began).model_dump_json())
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
        _events(request, service, session, body),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _match(service: Service, playlist: Playlist) -> MatchesOut:
    matches = await service.engine.match(playlist)
    return matches_out(playlist, matches)


@router.post("/match", summary="Look a playlist up in the catalogue", response_model=MatchesOut)
async def post_match(body: MatchIn, request: Request, service: ServiceDep, session: SessionDep) -> Response:
    """Return how each line of a playlist was found, and what came nearest where nothing was."""
    playlist = await fetch_playlist(service, session, body)
    answer = await unless_hung_up(request, _match(service, playlist))
    return Response(answer.model_dump_json(), media_type="application/json")


@router.post("/match/file", summary="Look a playlist file up in the catalogue", response_model=MatchesOut)
async def post_match_file(
    request: Request,
    service: ServiceDep,
    file: Annotated[UploadFile, File(description="CSV, M3U, XSPF, JSPF or text.")],
) -> Response:
    """Return the same for an uploaded file, in whatever encoding it is written."""
    data = await file.read()
    playlist = await service.engine.look_up(_read_file, data, file.filename or "")
    answer = await unless_hung_up(request, _match(service, playlist))
    return Response(answer.model_dump_json(), media_type="application/json")


def _read_file(data: bytes, filename: str) -> Playlist:
    return read_playlist(data, filename=filename)
