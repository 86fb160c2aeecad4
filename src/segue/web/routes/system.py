"""Health, metrics, reload, a browser's session, and files to save."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from segue.net import is_loopback_host
from segue.playlists.formats import FORMATS, get_format
from segue.web.problems import ASKED_AS, ServerBusyError, TokenRefusedError, UnknownTrackError
from segue.web.routes.answers import COMMON, INPUT, problem
from segue.web.routes.tracks import find_tracks
from segue.web.schemas import AccountOut, ExportIn, ReloadOut, SessionIn, SessionOut, StateOut
from segue.web.service import Service, ServiceDep, SessionDep
from segue.web.sessions import SESSION_COOKIE, Session

router = APIRouter(prefix="/api", tags=["Server"], responses=COMMON)
TEXT = {"type": "string"}
# What is written as JSON is an object to whoever reads it as that.
FILE_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "json": {
        "type": "object",
        "required": ["format", "version", "name", "tracks"],
        "properties": {
            "format": {"const": "segue-playlist"},
            "version": {"type": "integer"},
            "name": {"type": "string"},
            "tracks": {
                "type": "array",
                "items": {"type": "object", "required": ["track_id", "name", "artists"]},
            },
        },
    },
    "jspf": {
        "type": "object",
        "required": ["playlist"],
        "properties": {
            "playlist": {"type": "object", "required": ["track"], "properties": {"track": {"type": "array"}}}
        },
    },
}


@router.get("/health", summary="Is the process alive?")
async def get_health() -> StateOut:
    """Answer as long as the process runs."""
    return StateOut(status="ok")


@router.get("/ready", summary="Are requests answered?")
async def get_ready(service: ServiceDep) -> StateOut:
    """Answer 200 when recommendations are being made, else 503."""
    if not service.engine.is_ready:
        raise ServerBusyError("the server is starting or stopping")
    return StateOut(status="ok")


@router.get("/metrics", summary="Metrics for Prometheus", response_class=PlainTextResponse)
async def get_metrics(service: ServiceDep) -> PlainTextResponse:
    """Return counts and durations in Prometheus' text format."""
    return PlainTextResponse(service.metrics.render(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.post("/reload", summary="Put the current catalogue and model in service", responses={403: INPUT[403]})
async def post_reload(service: ServiceDep) -> ReloadOut:
    """Open the catalogue and model anew. What is under way finishes on the old ones; no request fails."""
    generation = await run_in_threadpool(service.reload)
    with service.engine.held() as held:
        return ReloadOut(generation=generation, tracks=held.size)


def set_cookie(response: Response, session: Session, request: Request) -> None:
    """Give a browser the key of its session, out of reach of scripts."""
    response.set_cookie(
        SESSION_COOKIE,
        session.key,
        httponly=True,
        samesite="lax",  # strict would lose it on the way back from a sign-in
        secure=request.url.scheme == "https",
        path="/",
    )


def session_out(service: Service, session: Session | None) -> SessionOut:
    """Return what the server asks of this browser, and what it knows of it."""
    accounts = session.accounts if session else service.sessions.open_accounts()
    here = is_loopback_host(service.options.host)
    states = {
        each.about.slug: AccountOut(
            name=each.about.name,
            ready=here and each.access.is_ready,
            user=accounts.find_user(each.about.slug),
        )
        for each in accounts.services
    }
    spotify = states.get("spotify")
    return SessionOut(
        token_needed=bool(service.tokens) and not (session is not None and session.authorised),
        spotify_ready=spotify is not None and spotify.ready,
        spotify_user=spotify.user if spotify else None,
        accounts=states,
        notice=session.notice if session else "",
    )


@router.get("/v1/session", summary="What this browser may do")
async def get_session(request: Request, service: ServiceDep, session: SessionDep) -> SessionOut:
    """Return whether a token is needed, and who is signed in at which service."""
    answer = session_out(service, session)
    if session and ASKED_AS not in request.scope:  # a HEAD shows it to nobody
        session.notice = ""  # said once
    return answer


@router.post("/v1/session", summary="Give a browser the right to ask", responses=INPUT)
async def post_session(
    body: SessionIn, request: Request, response: Response, service: ServiceDep, session: SessionDep
) -> SessionOut:
    """Exchange a token of the server's token file for a cookie, so that the page can ask."""
    if service.tokens and not service.tokens.accept(body.token):
        raise TokenRefusedError("this is none of the server's tokens")
    opened = session or service.sessions.create()
    opened.authorised = True
    set_cookie(response, opened, request)
    return session_out(service, opened)


@router.post(
    "/v1/export",
    summary="Write tracks as a playlist file",
    response_class=Response,
    responses=INPUT | {404: problem("The catalogue holds none of the tracks.")} | {
        200: {
            "description": "The file.",
            "content": {
                one.media_type: {"schema": FILE_SCHEMAS.get(one.name, TEXT)} for one in FORMATS.values()
            },
        }
    },
)  # fmt: skip
async def post_export(body: ExportIn, service: ServiceDep) -> Response:
    """Return a file with these tracks, in this order."""
    found = await service.engine.look_up(find_tracks, service.engine, body.tracks)
    tracks = [track for track in found if track is not None]
    if not tracks:
        raise UnknownTrackError("the catalogue holds none of these tracks")
    fmt = get_format(body.format)
    text = fmt.write(tracks, name=body.name)
    safe = "".join(
        char if char.isascii() and (char.isalnum() or char in "-_ ") else "_" for char in body.name
    )
    name = safe.strip()[:60] or "playlist"
    headers = {"content-disposition": f'attachment; filename="{name}{fmt.endings[0]}"'}
    return Response(text, media_type=f"{fmt.media_type}; charset=utf-8", headers=headers)
