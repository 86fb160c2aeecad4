"""`segue login`, `logout`, `status`: the sign-in to Spotify."""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from segue.cli.spotify import say
from segue.config import Settings, load_settings
from segue.errors import SignInError, SpotifyError, SpotifySetupError
from segue.services.spotify import connect
from segue.services.spotify.auth import SCOPES
from segue.services.spotify.schemas import User
from segue.services.spotify.tokens import Token

APPS_PAGE = "https://www.spotify.com/account/apps/"
HOW_TO = f"""\
segue needs the client id of a Spotify app of your own. Once, about two minutes:

  1. Open https://developer.spotify.com/dashboard and log in. (Spotify asks the owner of an app for Premium.)
  2. Press "Create app". Any name and description will do, "my segue" for instance.
  3. Redirect URI: {connect.REDIRECT_URI}   - exactly this, without a port; press "Add".
  4. Tick "Web API", agree to the terms, press "Save".
  5. On the app's page, copy the "Client ID": 32 digits and letters. Leave the client secret alone.
"""
_ASKS = 3  # how often a client id is asked for before giving up


def login(
    client_id: Annotated[
        str,
        typer.Option(
            "--client-id", help="The client id of your Spotify app; remembered.", show_default=False
        ),
    ] = "",
    no_browser: Annotated[
        bool,
        typer.Option("--no-browser", help="Open nothing: show the link, and take the address pasted back."),
    ] = False,
) -> None:
    """Sign in to Spotify, to read your playlists and make new ones."""
    settings = load_settings()
    chosen = connect.check_client_id(client_id or connect.find_client_id(settings) or _ask_client_id())
    typer.echo("Spotify will ask you to agree that segue may:")
    for reason in SCOPES.values():
        typer.echo(f"  - {reason}")
    show = _show_link if no_browser else _open_link
    token = connect.sign_in(
        settings,
        chosen,
        show=show,
        paste=_ask_address if no_browser else None,
        around=connect.Surroundings(notify=say),
    )
    connect.remember_client_id(settings, chosen)
    typer.echo(f"Signed in{_as_whom(settings)}, until {token.dies_on:%d %B %Y}.")
    typer.echo(
        "Next: segue recommend LINK, with the link of a playlist of yours (or: segue recommend liked)."
    )


def logout(
    forget_app: Annotated[
        bool, typer.Option("--forget-app", help="Forget the client id of your app, too.")
    ] = False,
) -> None:
    """Delete the sign-in and everything else that came from Spotify."""
    settings = load_settings()
    there = connect.sign_out(settings)
    typer.echo("Signed out: what segue kept from Spotify is deleted." if there else "Nobody was signed in.")
    unfinished = connect.begun_of(settings).forget_finished()
    if unfinished:
        typer.echo(f"{unfinished} unfinished playlists stay noted: the same command still finishes them.")
    if forget_app:
        connect.forget_client_id(settings)
        typer.echo("The client id of your app is forgotten.")
    elif connect.client_id_file(settings).exists():
        typer.echo("The client id of your app is kept for next time; `segue logout --forget-app` forgets it.")
    typer.echo(f"To take back the permission at Spotify as well: {APPS_PAGE}")


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False,
) -> None:
    """Show who is signed in to Spotify, what was agreed to, and when the sign-in ends."""
    settings = load_settings()
    try:
        token, user, problem = _look_up(settings)
    except SignInError as error:
        if as_json:
            typer.echo(json.dumps(_facts(None, None, error.message), indent=2))
        raise
    if as_json:
        typer.echo(json.dumps(_facts(token, user.display_name if user else None, problem), indent=2))
        return
    typer.echo(f"Signed in{f' as {user.display_name or user.id}' if user else ''}.")
    if problem:
        typer.echo(f"Who it is cannot be asked now: {problem}.")
    typer.echo(f"The sign-in ends on {token.dies_on:%d %B %Y} ({_days_left(token)} days); then: segue login.")
    typer.echo(f"App: client id {token.client_id[:4]}...{token.client_id[-4:]}")
    typer.echo("Agreed to:")
    for scope in token.scopes:
        typer.echo(f"  - {scope}: {SCOPES.get(scope, 'not used by segue')}")
    for scope in SCOPES:
        if scope not in token.scopes:
            typer.echo(f"  - not to {scope}: {SCOPES[scope]}")


def _look_up(settings: Settings) -> tuple[Token, User | None, str]:
    """Return the sign-in, whose it is, and why that cannot be told when it cannot."""
    token = connect.get_token(settings)
    try:
        with connect.open_client(settings, connect.Surroundings(notify=say)) as client:
            return token, client.fetch_user(), ""
    except SignInError:
        raise
    except SpotifyError as error:
        return token, None, error.message


def _facts(token: Token | None, name: str | None, problem: str) -> dict[str, object]:
    """Return the state of the sign-in; without a token that works, nobody counts as signed in."""
    scopes = token.scopes if token else ()
    return {
        "schema": 1,
        "signed_in": token is not None,
        "name": name,
        "problem": problem,
        "scopes": list(scopes),
        "missing_scopes": [scope for scope in SCOPES if scope not in scopes],
        "ends": token.dies_on.isoformat() if token else None,
        "client_id": token.client_id if token else None,
    }


def _days_left(token: Token) -> int:
    return max(0, (token.dies_on - datetime.fromtimestamp(time.time(), UTC)).days)


def _as_whom(settings: Settings) -> str:
    """Return " as NAME", or nothing when Spotify cannot say: the sign-in is made all the same."""
    try:
        with connect.open_client(settings, connect.Surroundings(notify=say)) as client:
            user = client.fetch_user()
    except SpotifyError:
        return ""
    return f" as {user.display_name or user.id}"


def _ask_client_id() -> str:
    """Show how to make an app, and ask for its client id."""
    if not _may_ask():
        raise SpotifySetupError(
            "expected the client id of a Spotify app, got none",
            hint=f"{HOW_TO}\nThen: segue login --client-id ID, or set SEGUE_SPOTIFY_CLIENT_ID.",
        )
    typer.echo(HOW_TO)
    return _ask("Client ID", connect.check_client_id)


def _may_ask() -> bool:
    return sys.stdin.isatty()


def _ask(question: str, check: Callable[[str], str]) -> str:
    for _ in range(_ASKS - 1):
        try:
            return check(typer.prompt(question))
        except SpotifySetupError as error:
            typer.echo(f"{error.message}. {error.hint}")
    return check(typer.prompt(question))


def _open_link(url: str) -> None:
    opened = connect.open_browser(url)
    typer.echo(
        "\nYour browser opens. If it does not, open this link on this computer:"
        if opened
        else "\nNo browser could be opened. If this computer has none (a server, SSH): Ctrl+C, then\n"
        "segue login --no-browser. Otherwise open this link in a browser on this computer:"
    )
    typer.echo(f"\n{url}\n")
    typer.echo(
        f"Waiting for you to agree (up to {connect.CONSENT_TIMEOUT_S / 60:.0f} minutes, Ctrl+C to stop) ..."
    )


def _show_link(url: str) -> None:
    typer.echo(f"\nOpen this link in any browser, on any computer, and agree:\n\n{url}\n")
    typer.echo(
        "The browser then goes to an address that begins with http://127.0.0.1 and shows an error: that is\n"
        "as it should be. Copy the whole address out of the browser's address bar."
    )


def _ask_address() -> str:
    # Not shown as it is pasted: it holds a code.
    return str(typer.prompt("Paste the address here (it stays hidden)", hide_input=sys.stdin.isatty()))
