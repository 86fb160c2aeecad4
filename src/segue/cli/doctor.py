"""`segue doctor`: what works here, what does not, and what to do about it."""

import json
import textwrap
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segue.app import open_services
from segue.checkup import Checkup
from segue.config import load_settings
from segue.types import Check, State

_MARKS: dict[State, tuple[str, str]] = {
    "ok": ("ok", "green"),
    "note": ("--", "yellow"),
    "broken": ("!!", "red"),
}
_NAME_WIDTH = 10
_INDENT = 4 + _NAME_WIDTH + 1


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Check the catalogue's indexes against its tables too; slower.")
    ] = False,
) -> None:
    """Check everything that segue needs, and say what to do; ends with 1 when something is broken."""
    settings = load_settings()
    checkup = Checkup(settings, open_services(settings), full=full)
    checks = list(checkup.run()) if as_json else [_show(check) for check in checkup.run()]
    broken = [check.name for check in checks if check.state == "broken"]
    if as_json:
        facts = {"schema": 1, "healthy": not broken, "checks": [asdict(check) for check in checks]}
        typer.echo(json.dumps(facts, indent=2))
    else:
        typer.echo(f"\nBroken: {', '.join(broken)}." if broken else "\nAll that is needed works.")
    if broken:
        raise typer.Exit(1)


def _show(check: Check) -> Check:
    console = Console(highlight=False)
    mark, colour = _MARKS[check.state]
    line = Text.assemble((f"{mark:<4}", colour), f"{check.name:<{_NAME_WIDTH}} ", check.found)
    console.print(line, soft_wrap=True)
    if check.todo:
        lines = textwrap.wrap(
            check.todo, max(40, console.width - _INDENT), break_long_words=False, break_on_hyphens=False
        )
        for part in lines:
            console.print(Text(" " * _INDENT + part, style="dim"), soft_wrap=True)
    return check
