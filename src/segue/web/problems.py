"""Errors as RFC 9457 problem details, and in Spotify's own shape under `/v1/`.

`STATUSES` is the complete table: a test walks all error classes and finds each of them here.
"""

import inspect
import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from segue import errors

PROBLEM_TYPE = "application/problem+json"
ASKED_AS = "segue.asked_as"  # in a scope: the method of the request, where it is answered as another
Json = dict[str, Any]


class ServerBusyError(errors.SegueError):
    """More is waiting than this server takes on; try again in `retry_after` seconds."""

    def __init__(self, message: str, *, retry_after: int = 1, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class AnswerTimeoutError(ServerBusyError):
    """The answer took longer than this server gives one."""


class UnknownTrackError(errors.InputError):
    """The catalogue does not hold a track of this id."""


class UnknownArtistError(errors.InputError):
    """The catalogue does not hold an artist of this id."""


class InvalidRequestError(errors.InputError):
    """A field of the request is missing, unknown, or has a value that it cannot have; `errors` lists them."""


class NotJsonError(errors.InputError):
    """The body of the request is not JSON."""


class TokenRefusedError(errors.InputError):
    """The token is none of the server's tokens."""


class OnlyHereError(errors.InputError):
    """Only a server that nobody but its own machine can reach does that."""


STATUSES: dict[type[errors.SegueError], tuple[int, str]] = {
    NotJsonError: (400, "The body is not JSON"),
    InvalidRequestError: (422, "The request has the wrong shape"),
    TokenRefusedError: (401, "Not a token of this server"),
    OnlyHereError: (403, "Only on one's own machine"),
    UnknownTrackError: (404, "Unknown track"),
    UnknownArtistError: (404, "Unknown artist"),
    AnswerTimeoutError: (503, "Took too long"),
    ServerBusyError: (503, "Too busy"),
    errors.PlaylistFormatError: (422, "Not a playlist that can be read"),
    errors.PlaylistTooLongError: (413, "The playlist is too long"),
    errors.EmptyPlaylistError: (422, "The playlist holds no tracks"),
    errors.InvalidTrackIdError: (422, "Not a track id"),
    errors.InvalidLinkError: (422, "Not a link that leads to tracks"),
    errors.InvalidControlsError: (422, "A control that cannot be used"),
    errors.NothingFitsError: (422, "Nothing fits"),
    errors.InvalidFeatureError: (422, "A feature value that cannot be used"),
    errors.NoUsableSeeds: (422, "None of these tracks is in the catalogue"),
    errors.InputError: (422, "Cannot be used as it is"),
    errors.CatalogueNotFoundError: (503, "The catalogue is missing"),
    errors.NotACatalogueError: (503, "The catalogue cannot be read"),
    errors.CatalogueTooNewError: (503, "The catalogue is too new"),
    errors.CatalogueBusyError: (503, "The catalogue is being changed"),
    errors.ImportFormatError: (422, "Not a file that can be imported"),
    errors.DownloadError: (502, "The tracks cannot be fetched"),
    errors.FeatureSourceError: (502, "The features cannot be fetched"),
    errors.CatalogueError: (503, "The catalogue cannot be used"),
    errors.MatchingStoppedError: (503, "Matching was stopped"),
    errors.StorageError: (507, "Cannot be stored"),
    errors.BundleNotFoundError: (503, "The model is missing"),
    errors.BundleDamagedError: (503, "The model is damaged"),
    errors.BundleMismatchError: (503, "The model does not fit"),
    errors.BundleError: (503, "The model cannot be used"),
    errors.TrainingError: (422, "Cannot be trained"),
    errors.SpotifySetupError: (409, "Spotify is not set up"),
    errors.SignInError: (403, "Sign in first"),
    errors.SpotifyAccessError: (403, "Spotify does not show this"),
    errors.SpotifyLimitError: (429, "Spotify asks for a pause"),
    errors.SpotifyUnreachableError: (502, "Spotify does not answer"),
    errors.SpotifyAnswerError: (502, "Spotify answered oddly"),
    errors.UnfinishedPlaylistError: (502, "The playlist is not finished"),
    errors.ServiceError: (502, "Something went wrong with a streaming service"),
    errors.SettingsError: (500, "A setting cannot be used"),
    errors.SegueError: (500, "Something went wrong"),
}
PLAIN_TITLES = {
    400: "Bad request",
    401: "A token is needed",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "The request came too slowly",
    413: "Too large",
    415: "Unsupported kind of content",
    421: "Wrong host",
    422: "Cannot be used as it is",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Not available",
}


class ProblemField(BaseModel):
    """One field of a request that cannot be used."""

    pointer: str = Field(
        description="Where, as a JSON pointer into the body (empty: the whole of it), or `query/NAME`."
    )
    detail: str


class Problem(BaseModel):
    """An error, as RFC 9457 describes one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/docs#no-usable-seeds",
                    "title": "None of these tracks is in the catalogue",
                    "status": 422,
                    "detail": "the catalogue (33,826 tracks) holds none of the 2 songs",
                    "hint": "Import a larger catalogue, or choose other tracks.",
                }
            ]
        }
    )

    type: str = Field(description="A relative URI that names the kind of problem.")
    title: str
    status: int
    detail: str
    hint: str | None = Field(None, description="What to do about it.")
    errors: list[ProblemField] | None = Field(
        None, description="For a request of the wrong shape: each field."
    )
    seeds: list[str] | None = Field(None, description="For no usable seeds: the seeds as given.")
    offer: str | None = Field(
        None, description="For no usable seeds: a public set of tracks that would help."
    )


def status_of(error: errors.SegueError) -> tuple[int, str]:
    """Return the HTTP status and title of one of our errors: of its class, or of the nearest parent."""
    for kind in type(error).__mro__:
        if kind in STATUSES:
            return STATUSES[kind]
    return STATUSES[errors.SegueError]


def kind_of(error: type[BaseException]) -> str:
    """Return the name of a kind of problem: NoUsableSeeds becomes "no-usable-seeds"."""
    name = error.__name__.removesuffix("Error")
    return "".join("-" + char.lower() if char.isupper() else char for char in name).lstrip("-")


def describe_problems() -> list[dict[str, Any]]:
    """Return every kind of problem, with its status and what it means, for the reference."""
    return [
        {
            "kind": kind_of(error),
            "status": status,
            "about": inspect.cleandoc(error.__doc__ or "").split("\n\n")[0],
        }
        for error, (status, _) in STATUSES.items()
    ]


def _clean(value: Any) -> Any:
    """Replace what cannot be sent as UTF-8 (lone surrogates out of a client's JSON)."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_clean(key): _clean(entry) for key, entry in value.items()}
    if isinstance(value, Sequence):
        return [_clean(entry) for entry in value]
    return value


def problem_body(error: errors.SegueError) -> dict[str, Any]:
    """Return the problem details of one of our errors."""
    status, title = status_of(error)
    body: dict[str, Any] = {
        "type": f"/docs#{kind_of(type(error))}",
        "title": title,
        "status": status,
        "detail": error.message,
    }
    if error.hint:
        body["hint"] = error.hint
    if isinstance(error, errors.NoUsableSeeds):
        body["seeds"] = list(error.seeds[:100])
        if error.offer:
            body["offer"] = error.offer
    return body


def problem_response(
    path: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a problem as an answer, in the shape that belongs to this path."""
    status = int(body["status"])
    if path.startswith("/v1/"):
        status = 400 if status == 422 else status  # Spotify knows no 422
        message = ". ".join(str(body[key]).rstrip(".") for key in ("detail", "hint") if body.get(key))
        content: Mapping[str, Any] = {"error": {"status": status, "message": message}}
        media_type = "application/json"
    else:
        content, media_type = body, PROBLEM_TYPE
    text = json.dumps(_clean(content), ensure_ascii=False, allow_nan=False)
    return Response(text, status_code=status, headers=dict(headers or {}), media_type=media_type)


def plain_problem(status: int, detail: str, *, hint: str = "") -> dict[str, Any]:
    """Return the details of a problem that has no error class of its own."""
    body = {
        "type": "about:blank",
        "title": PLAIN_TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
    }
    return body | ({"hint": hint} if hint else {})


def _pointer(location: Sequence[Any]) -> str:
    place, *parts = [str(part) for part in location]
    return "".join(f"/{part}" for part in parts) if place == "body" else f"{place}/{'/'.join(parts)}"


def _expectation(entry: Mapping[str, Any]) -> str:
    """Say what a field should have been, and what it was when that is short enough to show."""
    says = str(entry["msg"]).removeprefix("Value error, ")
    given = entry.get("input")
    if entry["type"] == "missing" or not isinstance(given, str | int | float | None):
        return says
    shown = json.dumps(given, ensure_ascii=False)
    return f"{says}, got {shown if len(shown) <= 60 else shown[:57] + '...'}"


def _not_json(entry: Mapping[str, Any]) -> errors.SegueError:
    why = str(entry.get("ctx", {}).get("error", "")) or "it cannot be read"
    return NotJsonError(f"expected JSON, got something else at character {entry['loc'][-1]}: {why}")


def _invalid(entries: Sequence[Mapping[str, Any]], content_type: str) -> tuple[errors.SegueError, list[Json]]:
    """Return the error of a request of the wrong shape, and what is wrong with each field."""
    fields = [{"pointer": _pointer(entry["loc"]), "detail": _expectation(entry)} for entry in entries[:20]]
    body = any(tuple(entry["loc"]) == ("body",) for entry in entries)
    if body and content_type and "json" not in content_type:
        detail = f"expected a body of application/json, got one of {content_type[:60]}"
        return InvalidRequestError(detail, hint="Send the header `Content-Type: application/json`."), fields
    first = ": ".join(filter(None, fields[0].values())) if fields else "the request has the wrong shape"
    return InvalidRequestError(first, hint="The shape of every request is described at /docs."), fields


def _answer_segue_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.SegueError)  # noqa: S101 - the handler is registered for this class alone
    wait = error.retry_after if isinstance(error, ServerBusyError) else None
    if isinstance(error, errors.SpotifyLimitError):
        wait = error.retry_after_s
    headers = None if wait is None else {"Retry-After": str(wait)}
    return problem_response(request.url.path, problem_body(error), headers=headers)


def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - see above
    entries = error.errors()
    for entry in entries:
        if entry["type"] == "json_invalid":
            return problem_response(request.url.path, problem_body(_not_json(entry)))
    invalid, fields = _invalid(entries, request.headers.get("content-type", ""))
    return problem_response(request.url.path, problem_body(invalid) | {"errors": fields})


def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - see above
    path, detail, hint = request.url.path, str(error.detail), ""
    if error.status_code == 400 and "json" in request.headers.get("content-type", ""):
        unread = NotJsonError("expected JSON in UTF-8, got something that cannot be read as it")
        return problem_response(path, problem_body(unread))
    if detail == "Not Found":  # what the framework says, of paths that nobody serves
        detail, hint = f"nothing is at {path[:100]}", "What there is, is listed at /docs."
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = _allowed(request)
        detail = f"expected {headers['Allow']}, got {request.scope.get(ASKED_AS, request.method)}"
    body = plain_problem(error.status_code, detail, hint=hint)
    return problem_response(path, body, headers=headers)


def _allowed(request: Request) -> str:
    """Return every method that this path takes; the framework names those of the first route alone."""
    methods: set[str] = set()
    for route in getattr(request.app.state, "routes", ()):
        if route.matches(request.scope)[0] is not Match.NONE:
            methods |= route.methods
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set()))) or "GET, HEAD"


def _answer_unexpected(request: Request, _: Exception) -> Response:
    body = plain_problem(500, "an unexpected error; the server's log has its trace")
    return problem_response(request.url.path, body)


def install_handlers(app: FastAPI) -> None:
    """Answer every error of this application with problem details."""
    app.add_exception_handler(errors.SegueError, _answer_segue_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(Exception, _answer_unexpected)
