"""The page, its static files, the reference of the API, and a frame for Spotify's player."""

import os
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from segue.web.caching import file_answer
from segue.web.schemas import SPOTIFY_ID
from segue.web.service import ServiceDep

STATIC = FilePath(__file__).parent / "static"
router = APIRouter(include_in_schema=False)

# The one page that may show something of another host: it holds Spotify's player and nothing else, and is
# loaded only when a listener asks to hear a song. The page around it may frame this server alone.
PLAYER_POLICY = (
    "default-src 'none'; frame-src https://open.spotify.com; style-src 'self'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'"
)
_PLAYER = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Player</title><link rel="stylesheet" href="/static/player.css">
<iframe title="Spotify's player" src="https://open.spotify.com/embed/track/{track_id}?theme=0"
 allow="autoplay; clipboard-write; encrypted-media" referrerpolicy="no-referrer"
 sandbox="allow-scripts allow-same-origin allow-popups"></iframe></html>
"""


class _Files(StaticFiles):
    """Static files that a browser asks about each time: a newer segue is never shown with older scripts."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,  # noqa: ARG002 - the signature is Starlette's
        scope: Scope,
        status_code: int = 200,  # noqa: ARG002
    ) -> Response:
        """Return a file, or 304."""
        return file_answer(Headers(scope=scope), FilePath(full_path))


def static_files() -> StaticFiles:
    """Return the application that serves the static files."""
    return _Files(directory=STATIC)


def _file(request: Request, name: str) -> Response:
    return file_answer(request.headers, STATIC / name)


@router.get("/")
async def get_page(request: Request, service: ServiceDep) -> Response:
    """Return the page for listeners.

    `localhost` is sent on to 127.0.0.1: Spotify's sign-in comes back to that one, and a browser keeps the
    cookies of the two apart.
    """
    if request.url.hostname == "localhost" and service.options.host == "127.0.0.1":
        return RedirectResponse(str(request.url.replace(hostname="127.0.0.1")), status_code=307)
    return _file(request, "index.html")


@router.get("/docs")
async def get_docs(request: Request) -> Response:
    """Return the reference of the API, which reads the OpenAPI file."""
    return _file(request, "docs.html")


@router.get("/favicon.svg")
@router.get("/favicon.ico")
async def get_icon(request: Request) -> Response:
    """Return the sign of segue."""
    return _file(request, "favicon.svg")


@router.get("/player/{track_id}")
async def get_player(track_id: Annotated[str, Path(pattern=SPOTIFY_ID)]) -> HTMLResponse:
    """Return a frame with Spotify's player of one track."""
    return HTMLResponse(
        _PLAYER.format(track_id=track_id),
        headers={
            "content-security-policy": PLAYER_POLICY,
            "x-frame-options": "SAMEORIGIN",
            "cache-control": "no-store",
        },
    )
