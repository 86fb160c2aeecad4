"""The application: endpoints, pages and guards put together."""

import contextlib
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from segue.app import open_services
from segue.config import Settings
from segue.recommend.flow import Recommender
from segue.web import pages
from segue.web.engine import Engine
from segue.web.metrics import Metrics
from segue.web.middleware import guard
from segue.web.options import ServeOptions, Tokens
from segue.web.problems import Problem, describe_problems, install_handlers
from segue.web.routes import accounts, recommend, sets, spotify_compat, spotify_search, system, tracks
from segue.web.routes import map as map_routes
from segue.web.service import Service
from segue.web.sessions import Sessions

ABOUT = """Playlist in, playlist out: songs that belong with the ones you give, from a catalogue of your own.

Errors are problem details (RFC 9457) with a `hint` that says what to do. The paths under `/v1/` are a \
drop-in for endpoints that Spotify spotify_compat and answer in its shapes."""


class Application:
    """A server's ASGI application, with the parts that a test or a signal handler needs to reach."""

    def __init__(self, api: FastAPI, guarded: ASGIApp, service: Service) -> None:
        self.api = api
        self.service = service
        self._guarded = guarded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or take part in starting and stopping."""
        await self._guarded(scope, receive, send)


def create_application(
    open_recommender: Callable[[], Recommender], settings: Settings, options: ServeOptions
) -> Application:
    """Return the application of one server.

    Parameters
    ----------
    open_recommender
        Opens the catalogue and model that are current; called at the start and on every reload.
    settings, options
        Where things are, and how to behave.

    Raises
    ------
    SettingsError
        When the options cannot be served.

    """
    options.check()
    metrics = Metrics()
    service = Service(
        engine=Engine(open_recommender, options, metrics),
        settings=settings,
        options=options,
        sessions=Sessions(partial(open_services, settings, in_memory=True)),
        metrics=metrics,
        tokens=Tokens.read(options.token_file) if options.token_file else Tokens(),
    )
    api = _create_api(service)
    guarded = guard(
        _with_cors(api, options),
        options,
        metrics=metrics,
        queue_is_full=lambda: service.engine.is_full,
        sessions=service.sessions,
        tokens=lambda: service.tokens,
    )
    return Application(api, guarded, service)


def _with_cors(app: ASGIApp, options: ServeOptions) -> ASGIApp:
    if not options.cors_origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=options.cors_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type"],
    )


def _create_api(service: Service) -> FastAPI:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.engine.start()
        try:
            yield
        finally:
            service.engine.stop()

    api = FastAPI(
        title="segue",
        version="1",
        description=ABOUT,
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,  # FastAPI's page loads scripts from another host; ours does not
        redoc_url=None,
        redirect_slashes=False,
    )
    api.state.service = service
    install_handlers(api)
    of_services = [accounts.create_router(each.about) for each in open_services(service.settings)]
    routers = (
        recommend.router, tracks.router, map_routes.router, sets.router, *of_services, system.router,
        spotify_compat.router, spotify_search.router, accounts.callback, pages.router,
    )  # fmt: skip
    for router in routers:
        api.include_router(router)
    api.state.routes = [route for router in routers for route in router.routes]
    api.mount("/static", pages.static_files())
    _describe_problems(api)
    return api


def _describe_problems(api: FastAPI) -> None:
    """Put the schema of problems, which the answers refer to, into the OpenAPI file."""
    write = api.openapi

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            schema = write()
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            parts = problem.pop("$defs", {})
            schema.setdefault("components", {}).setdefault("schemas", {}).update(
                {"Problem": problem, **parts}
            )
            schema["x-problems"] = describe_problems()
            api.openapi_schema = schema
        return api.openapi_schema

    api.openapi = openapi  # type: ignore[method-assign]
