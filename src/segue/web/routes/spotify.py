"""Signing in to Spotify in the page, and saving a list there. Tokens stay on the server, for each browser."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from segue.errors import SegueError
from segue.services.spotify.saving import NewPlaylist
from segue.types import Track
from segue.web.accounts import Account
from segue.web.problems import UnknownTrackError
from segue.web.routes.answers import COMMON, INPUT, Responses, problem
from segue.web.routes.system import session_out, set_cookie
from segue.web.routes.tracks import find_tracks
from segue.web.schemas import SavedOut, SaveIn, SessionOut, SignInOut
from segue.web.service import Service, ServiceDep, SessionDep

BROKEN: Responses = {
    409: problem("The server has no client id of a Spotify app."),
    502: problem("Spotify does not answer, or oddly."),
    404: problem("None of the tracks is known."),
}
router = APIRouter(prefix="/api/v1/spotify", tags=["Spotify"], responses=COMMON | INPUT | BROKEN)
callback = APIRouter(include_in_schema=False)


@router.post("/sign-in", summary="Begin to sign in")
async def post_sign_in(
    request: Request, response: Response, service: ServiceDep, session: SessionDep
) -> SignInOut:
    """Return the link at Spotify where a person agrees; Spotify then sends the browser back here.

    Spotify takes only 127.0.0.1 and [::1] as an address to come back to without https.
    """
    opened = session or service.sessions.create()
    opened.authorised = opened.authorised or not service.tokens
    port = f":{request.url.port}" if request.url.port else ""
    host = "[::1]" if service.options.host.strip("[]") == "::1" else "127.0.0.1"
    url = opened.account.begin(service.settings, f"http://{host}{port}/callback")
    set_cookie(response, opened, request)
    return SignInOut(url=url)


@callback.get("/callback")
async def get_callback(request: Request, service: ServiceDep, session: SessionDep) -> RedirectResponse:
    """Take the answer of Spotify's sign-in, and go back to the page, which shows what came of it."""
    if session is not None:
        try:
            await service.engine.fetch(session.account.finish, service.settings, str(request.url))
            session.notice = ""
        except SegueError as error:
            session.notice = f"{error.message} {error.hint}".strip()
    # 303 and no referrer: the address with the code in it is left behind.
    return RedirectResponse("/?spotify", status_code=303)


@router.post("/sign-out", summary="Sign out and forget")
async def post_sign_out(service: ServiceDep, session: SessionDep) -> SessionOut:
    """Delete everything that came from Spotify in this session."""
    if session is not None:
        session.account.sign_out()
    return session_out(service, session)


def _save(service: Service, account: Account, tracks: list[Track], body: SaveIn) -> SavedOut:
    new = NewPlaylist(body.name, body.description, public=body.public)
    saved = account.save(service.settings, tracks, new)
    return SavedOut(
        url=saved.url,
        name=saved.name,
        added=saved.added,
        present=saved.present,
        refused=[track.track_id for track in saved.refused],
    )


@router.post("/playlists", summary="Save tracks as a new playlist")
async def post_playlist(body: SaveIn, service: ServiceDep, session: SessionDep) -> SavedOut:
    """Make a playlist in the person's library; asked again after a break, finish the one that was begun."""
    account = session.account if session is not None else Account()
    account.require()
    found = await service.engine.look_up(find_tracks, service.engine, body.tracks)
    tracks = [track for track in found if track is not None]
    if not tracks:
        raise UnknownTrackError("the catalogue holds none of these tracks")
    return await service.engine.fetch(_save, service, account, tracks, body)
