"""The page, its static files, the reference of the API, and a frame for Spotify's player."""

from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

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


def static_files() -> StaticFiles:
    """Return the application that serves the static files."""
    return StaticFiles(directory=STATIC)


def _file(name: str) -> FileResponse:
    # Revalidated each time, so that a newer segue is never shown with an older one's scripts.
    return FileResponse(STATIC / name, headers={"cache-control": "no-cache"})


@router.api_route("/", methods=["GET", "HEAD"])
async def get_page(request: Request, service: ServiceDep) -> Response:
    """Return the page for listeners.

    `localhost` is sent on to 127.0.0.1: Spotify's sign-in comes back to that one, and a browser keeps the
    cookies of the two apart.
    """
    if request.url.hostname == "localhost" and service.options.host == "127.0.0.1":
        return RedirectResponse(str(request.url.replace(hostname="127.0.0.1")), status_code=307)
    return _file("index.html")


@router.api_route("/docs", methods=["GET", "HEAD"])
async def get_docs() -> FileResponse:
    """Return the reference of the API, which reads the OpenAPI file."""
    return _file("docs.html")


@router.get("/favicon.svg")
@router.get("/favicon.ico")
async def get_icon() -> FileResponse:
    """Return the sign of segue."""
    return _file("favicon.svg")


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
