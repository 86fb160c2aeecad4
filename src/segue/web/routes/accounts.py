"""Signing in to a streaming service in the page, and saving a list there. Tokens stay on the server."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from segue.errors import SegueError
from segue.services.protocol import About, NewList
from segue.types import Track
from segue.web.accounts import Accounts
from segue.web.problems import UnknownTrackError
from segue.web.routes.answers import COMMON, INPUT, Responses, problem
from segue.web.routes.system import session_out, set_cookie
from segue.web.routes.tracks import find_tracks
from segue.web.schemas import SavedOut, SaveIn, SessionOut, SignInOut
from segue.web.service import ServiceDep, SessionDep

callback = APIRouter(include_in_schema=False)


@callback.get("/callback")
async def get_callback(request: Request, service: ServiceDep, session: SessionDep) -> RedirectResponse:
    """Take the answer of a sign-in, and go back to the page, which shows what came of it."""
    accounts = session.accounts if session is not None else service.sessions.open_accounts()
    if session is not None:
        try:
            await service.engine.fetch(accounts.finish, str(request.url))
            session.notice = ""
        except SegueError as error:
            session.notice = f"{error.message} {error.hint}".strip()
    # 303 and no referrer: the address with the code in it is left behind.
    return RedirectResponse(f"/?{accounts.begun or accounts.services[0].about.slug}", status_code=303)


def create_router(about: About) -> APIRouter:
    """Return the endpoints of one service, under its name."""
    name, slug = about.name, about.slug
    broken: Responses = {
        409: problem(f"The server has no {about.key or 'key'} of a {name} app."),
        502: problem(f"{name} does not answer, or oddly."),
        404: problem("None of the tracks is known."),
    }
    router = APIRouter(prefix=f"/api/v1/{slug}", tags=[name], responses=COMMON | INPUT | broken)

    @router.post("/sign-in", summary="Begin to sign in", description=_sign_in_text(name))
    async def post_sign_in(
        request: Request, response: Response, service: ServiceDep, session: SessionDep
    ) -> SignInOut:
        opened = session or service.sessions.create()
        opened.authorised = opened.authorised or not service.tokens
        port = f":{request.url.port}" if request.url.port else ""
        host = "[::1]" if service.options.host.strip("[]") == "::1" else "127.0.0.1"
        url = opened.accounts.begin(slug, f"http://{host}{port}/callback")
        set_cookie(response, opened, request)
        return SignInOut(url=url)

    @router.post(
        "/sign-out",
        summary="Sign out and forget",
        description=f"Delete everything that came from {name} in this session.",
    )
    async def post_sign_out(service: ServiceDep, session: SessionDep) -> SessionOut:
        if session is not None:
            session.accounts.sign_out(slug)
        return session_out(service, session)

    @router.post("/playlists", summary="Save tracks as a new playlist")
    async def post_playlist(body: SaveIn, service: ServiceDep, session: SessionDep) -> SavedOut:
        """Make a playlist in the person's library; asked again after a break, finish what was begun."""
        accounts = session.accounts if session is not None else service.sessions.open_accounts()
        accounts.require(slug)
        found = await service.engine.look_up(find_tracks, service.engine, body.tracks)
        tracks = [track for track in found if track is not None]
        if not tracks:
            raise UnknownTrackError("the catalogue holds none of these tracks")
        return await service.engine.fetch(_save, accounts, slug, tracks, body)

    return router


def _sign_in_text(name: str) -> str:
    return (
        f"Return the link at {name} where a person agrees; {name} then sends the browser back here.\n\n"
        "The address to come back to is 127.0.0.1 or [::1], which needs no https."
    )


def _save(accounts: Accounts, slug: str, tracks: list[Track], body: SaveIn) -> SavedOut:
    saved = accounts.save(slug, tracks, NewList(body.name, body.description, public=body.public))
    return SavedOut(
        url=saved.url,
        name=saved.name,
        added=saved.added,
        present=saved.present,
        refused=[track.track_id for track in saved.refused],
    )
