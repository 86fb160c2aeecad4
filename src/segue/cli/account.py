"""`segue login`, `logout`, `status`: the sign-in to a streaming service."""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from segue.app import find_service, open_services
from segue.cli import browser
from segue.cli.saving import say
from segue.config import load_settings
from segue.errors import ServiceError, SignInError
from segue.services.protocol import CONSENT_TIMEOUT_S, About, MusicService, SignedIn

ServiceName = Annotated[
    str, typer.Option("--service", metavar="NAME", help="Which service, such as spotify; default: the first.")
]
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
    service: ServiceName = "",
) -> None:
    """Sign in to Spotify, to read your playlists and make new ones."""
    chosen = _open(service)
    about, access = chosen.about, chosen.access
    key = _find_key(chosen, client_id) if about.key else ""
    if about.permissions:
        typer.echo(f"{about.name} will ask you to agree that segue may:")
    for reason in about.permissions.values():
        typer.echo(f"  - {reason}")
    made = access.sign_in(
        key, show=_show_link if no_browser else _open_link, paste=_ask_address if no_browser else None
    )
    whom = f" as {made.user}" if made.user else ""
    until = f", until {made.ends:%d %B %Y}" if made.ends else ""
    typer.echo(f"Signed in{whom}{until}.")
    typer.echo(
        "Next: segue recommend LINK, with the link of a playlist of yours (or: segue recommend liked)."
    )


def logout(
    forget_app: Annotated[
        bool, typer.Option("--forget-app", help="Forget the client id of your app, too.")
    ] = False,
    service: ServiceName = "",
) -> None:
    """Delete the sign-in and everything else that came from Spotify."""
    chosen = _open(service)
    about = chosen.about
    left = chosen.access.sign_out()
    typer.echo(
        f"Signed out: what segue kept from {about.name} is deleted."
        if left.was_signed_in
        else "Nobody was signed in."
    )
    if left.unfinished:
        typer.echo(
            f"{left.unfinished} unfinished playlists stay noted: the same command still finishes them."
        )
    if about.key and forget_app:
        chosen.access.forget_key()
        typer.echo(f"The {about.key} of your app is forgotten.")
    elif left.key_kept:
        typer.echo(
            f"The {about.key} of your app is kept for next time; `segue logout --forget-app` forgets it."
        )
    if about.permissions_page:
        typer.echo(f"To take back the permission at {about.name} as well: {about.permissions_page}")


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False,
    service: ServiceName = "",
) -> None:
    """Show who is signed in to Spotify, what was agreed to, and when the sign-in ends."""
    chosen = _open(service)
    try:
        found = chosen.access.look_up()
    except SignInError as error:
        if as_json:
            typer.echo(json.dumps(_facts(chosen.about, None, error.message), indent=2))
        raise
    if as_json:
        typer.echo(json.dumps(_facts(chosen.about, found, found.problem), indent=2))
    else:
        _show_status(chosen.about, found)


def _show_status(about: About, found: SignedIn) -> None:
    typer.echo(f"Signed in{f' as {found.user}' if found.user else ''}.")
    if found.problem:
        typer.echo(f"Who it is cannot be asked now: {found.problem}.")
    if found.ends:
        days = max(0, (found.ends - datetime.fromtimestamp(time.time(), UTC)).days)
        typer.echo(f"The sign-in ends on {found.ends:%d %B %Y} ({days} days); then: segue login.")
    if found.key:
        typer.echo(f"App: {about.key} {found.key[:4]}...{found.key[-4:]}")
    if about.permissions:
        typer.echo("Agreed to:")
    for name in found.permissions:
        typer.echo(f"  - {name}: {about.permissions.get(name, 'not used by segue')}")
    for name, reason in about.permissions.items():
        if name not in found.permissions:
            typer.echo(f"  - not to {name}: {reason}")


def _open(name: str) -> MusicService:
    return find_service(open_services(load_settings(), say), name)


def _facts(about: About, found: SignedIn | None, problem: str) -> dict[str, object]:
    """Return the state of the sign-in; without one that works, nobody counts as signed in."""
    permissions = found.permissions if found else ()
    return {
        "schema": 1,
        "signed_in": found is not None,
        "name": found.user if found else None,
        "problem": problem,
        "scopes": list(permissions),
        "missing_scopes": [name for name in about.permissions if name not in permissions],
        "ends": found.ends.isoformat() if found and found.ends else None,
        "client_id": found.key or None if found else None,
    }


def _find_key(service: MusicService, given: str) -> str:
    """Return what a person brings: what was given or is remembered, else show how to get one, and ask."""
    access, about = service.access, service.about
    if given or access.is_ready or not _may_ask():
        return access.check_key(given)
    typer.echo(about.get_key)
    return _ask(f"{about.key[:1].upper()}{about.key[1:]}", access.check_key)


def _may_ask() -> bool:
    return sys.stdin.isatty()


def _ask(question: str, check: Callable[[str], str]) -> str:
    for _ in range(_ASKS - 1):
        try:
            return check(typer.prompt(question))
        except ServiceError as error:
            typer.echo(f"{error.message}. {error.hint}")
    return check(typer.prompt(question))


def _open_link(url: str) -> None:
    opened = browser.open_browser(url)
    typer.echo(
        "\nYour browser opens. If it does not, open this link on this computer:"
        if opened
        else "\nNo browser could be opened. If this computer has none (a server, SSH): Ctrl+C, then\n"
        "segue login --no-browser. Otherwise open this link in a browser on this computer:"
    )
    typer.echo(f"\n{url}\n")
    typer.echo(f"Waiting for you to agree (up to {CONSENT_TIMEOUT_S / 60:.0f} minutes, Ctrl+C to stop) ...")


def _show_link(url: str) -> None:
    typer.echo(f"\nOpen this link in any browser, on any computer, and agree:\n\n{url}\n")
    typer.echo(
        "The browser then goes to an address that begins with http://127.0.0.1 and shows an error: that is\n"
        "as it should be. Copy the whole address out of the browser's address bar."
    )


def _ask_address() -> str:
    # Not shown as it is pasted: it holds a code.
    return str(typer.prompt("Paste the address here (it stays hidden)", hide_input=sys.stdin.isatty()))
