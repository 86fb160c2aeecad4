"""What Spotify's answers mean: the value that was asked for, or the error that they tell."""

import json
import re
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from segue.errors import (
    SignInError,
    SpotifyAccessError,
    SpotifyAnswerError,
    SpotifyError,
    SpotifyLimitError,
    SpotifySetupError,
    SpotifyUnreachableError,
)

Model = TypeVar("Model", bound=BaseModel)

_SHOWN = 200  # characters of a message of Spotify's that are repeated to a person
_USERS = (
    "Open https://developer.spotify.com/dashboard, your app, Settings, User Management, and add the account."
)
_NO_SPOTIFY = (
    "Something between you and Spotify may answer in its place: a sign-in page of a network, a proxy, a "
    "filter. Open https://open.spotify.com in a browser; if that works, look for a newer segue."
)
# What Spotify says when an id of a track is the fault: "Payload contains a non-existing ID", "Invalid base62
# id", "Invalid track uri: ..."; not "Invalid playlist id" or "Index out of bounds".
_ABOUT_TRACK = re.compile(r"\b(non-?existing|invalid|unknown|malformed)\b.*\b(ids?|uris?|tracks?)\b")
_ABOUT_OTHERS = re.compile(r"\b(playlist|client|user|token|market|limit)\b")
_PREMIUM = "Spotify asks the owner of an app for Premium; see https://developer.spotify.com/dashboard."


def read(status: int, content: bytes, model: type[Model], *, doing: str) -> Model:
    """Return the body of a good answer, checked.

    Parameters
    ----------
    status, content
        The answer.
    model
        What the body should be.
    doing
        What was asked for ("reading the playlist"), for messages.

    Raises
    ------
    SpotifyError
        The one that the status tells; `SpotifyAnswerError` when the body is not what it should be.

    """
    if not 200 <= status < 300:
        raise error_for(status, content, doing=doing)
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole answer"
        # Not `from error`: it repeats what came, which can be a token.
        raise SpotifyAnswerError(
            f"{doing}: expected {model.__name__} as JSON, got something else ({place}: {first['msg']})",
            status=status,
            hint=_NO_SPOTIFY,
        ) from None


def error_for(status: int, content: bytes, *, doing: str) -> SpotifyError:
    """Return the error that a status tells; `doing` is what was asked for."""
    said = message_of(content)
    text = f"{doing}: Spotify answered {status}" + (f" ({said})" if said else "")
    if status == 401:
        return SignInError(text, hint="Sign in again with `segue login`.")
    if status == 403:
        return _refusal(text, said.casefold())
    if status == 404:
        return SpotifyAccessError(
            text, status=404, hint="Check the link: there is nothing there for this account."
        )
    if status >= 500 or status == 408:
        return SpotifyUnreachableError(
            text, may_have_arrived=True, hint="The fault is Spotify's; try again in a few minutes."
        )
    return SpotifyAnswerError(
        text,
        status=status,
        about_track=status == 400 and _is_about_track(said),
        hint="Spotify may have changed its API; look for a newer segue." if said else _NO_SPOTIFY,
    )


def _is_about_track(said: str) -> bool:
    text = said.casefold()
    return bool(_ABOUT_TRACK.search(text)) and not _ABOUT_OTHERS.search(text)


def may_have_happened(error: SpotifyError) -> bool:
    """Tell whether Spotify may have done what was asked all the same: then only a read can decide.

    A refusal (the 400s) says that nothing was done, and so does a connection that was never made. A fault of
    the server, a connection that broke, and an answer that cannot be read leave it open.
    """
    if isinstance(error, SpotifyUnreachableError):
        return error.may_have_arrived
    return isinstance(error, SpotifyAnswerError) and not 400 <= error.status < 500


def _refusal(text: str, said: str) -> SpotifyError:
    if "scope" in said:
        return SignInError(
            text, hint="The sign-in lacks a permission: run `segue login` and agree to all of them."
        )
    if "not be registered" in said or "not registered" in said:
        return SpotifySetupError(text, hint=_USERS)
    if "premium" in said:
        return SpotifySetupError(text, hint=_PREMIUM)
    return SpotifyAccessError(text, status=403, hint="This account may not do that.")


def message_of(content: bytes) -> str:
    """Return what Spotify says of an error, in one short line; empty when it says nothing."""
    body = _body(content)
    error = body.get("error")
    said = error.get("message") if isinstance(error, dict) else body.get("error_description") or error
    return " ".join(said.split())[:_SHOWN] if isinstance(said, str) else ""


def code_of(content: bytes) -> str:
    """Return the error code of the accounts service ("invalid_grant"); empty when there is none."""
    error = _body(content).get("error")
    return error if isinstance(error, str) else ""


def is_quota(content: bytes) -> bool:
    """Tell whether a 429 says that the quota of the day is used up."""
    error = _body(content).get("error")
    return isinstance(error, dict) and error.get("reason") == "QUOTA_EXCEEDED"


def limit_error(retry_after_s: int | None, now: float, *, quota: bool = False) -> SpotifyLimitError:
    """Return the error for a pause that is too long to wait for, with the time when it ends."""
    until = ""
    if retry_after_s is not None:
        when = datetime.fromtimestamp(now + retry_after_s).astimezone()
        until = f" until {when:%Y-%m-%d %H:%M:%S %Z}".rstrip()
    what = "The daily quota of your Spotify app is used up" if quota else "Spotify asks this app to pause"
    return SpotifyLimitError(
        what + until,
        retry_after_s=retry_after_s,
        hint="Run the same command again after that." if until else "Run the same command again later.",
    )


def _body(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
