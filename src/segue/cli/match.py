"""`segue match`: what each line of a playlist became, and a person's word on what is in doubt."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from segue.app import Ports, find_source, look_up, open_services
from segue.catalogue.decisions import Decisions, line_key
from segue.catalogue.in_use import find_catalogue
from segue.cli import saving
from segue.config import load_settings
from segue.errors import InputError
from segue.playlists.json import SCHEMA
from segue.recommender import Recommender
from segue.result import entry_to_json
from segue.text.strings import clean
from segue.types import Match, Track

_FOUND, _DOUBTFUL, _MISSING = "  ", "? ", "- "


def match(
    playlist: Annotated[
        list[str] | None,
        typer.Argument(metavar="LIST...", help="A file, - for standard input, a link, or lines."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every line, its track and the closest others as JSON.")
    ] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Forget all that was decided before.")] = False,
    catalogue: Annotated[
        Path | None, typer.Option("--catalogue", "-c", metavar="PATH", help="Default: the one in use.")
    ] = None,
) -> None:
    """Show what each line of a playlist became; at a terminal, decide on those in doubt.

    What is decided is remembered, and holds for every later match: here, in recommend, on the page, in the
    API.
    """
    settings = load_settings()
    decisions = Decisions(settings.decisions_file)
    if forget:
        saving.say(f"Forgot {decisions.forget():,} decisions.")
    if not playlist:
        if forget:
            return
        raise InputError("expected a playlist, got nothing", hint="For example: segue match my-list.csv")
    source = find_source(playlist, sys.stdin.buffer.read)
    path = catalogue.expanduser() if catalogue else find_catalogue(settings)
    with Recommender.open(path, settings.model) as recommender:
        _, matches = look_up(source, Ports(recommender, open_services(settings, saving.say)))
    if as_json:
        value = {"schema": SCHEMA, "entries": [entry_to_json(each) for each in matches]}
        typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
        return
    if _is_terminal():
        matches = _decide_all(matches, decisions)
    _print_list(matches)


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _is_open(match: Match) -> bool:
    """Tell whether a line is for a person to decide."""
    return match.is_doubtful or (not match.tracks and match.method != "decided")


def _decide_all(matches: Sequence[Match], decisions: Decisions) -> tuple[Match, ...]:
    """Ask about each line in doubt, once for all that say the same; each answer is kept at once."""
    answers: dict[str, Match] = {}
    waiting = {line_key(each.reference): each for each in reversed(matches) if _is_open(each)}
    if not waiting:
        return tuple(matches)
    saving.say("A number chooses, Enter accepts what was found or leaves the line as it is, s skips, q ends.")
    try:
        for number, (line, each) in enumerate(reversed(waiting.items()), 1):
            answer = _ask(each, f"{number}/{len(waiting)}", decisions)
            if answer is None:
                break
            answers[line] = answer
    except KeyboardInterrupt:
        _ask_line("\n", "What you decided so far is kept.")
        raise
    return tuple(
        replace(answers[line_key(each.reference)], reference=each.reference)
        if _is_open(each) and line_key(each.reference) in answers
        else each
        for each in matches
    )


def _ask(match: Match, count: str, decisions: Decisions) -> Match | None:
    """Ask about one line until the answer can be understood; None when the person has had enough."""
    choices = _choices(match)
    _ask_line(f"\n{count}  ", str(match.reference))
    for number, (track, confidence) in enumerate(choices, 1):
        taken = "  <- found" if track == match.track else ""
        _ask_line(f"  {number}  ", f"{_tell(track)}  {confidence:.0%}{taken}")
    if not choices:
        _ask_line("  ", "nothing like it is in the catalogue")
    while True:
        typer.echo("> ", err=True, nl=False)
        line = sys.stdin.readline()
        answer = line.strip().casefold()
        if not line or answer == "q":
            return None
        if answer == "s":
            decisions.keep(match.reference, "")
            return Match(match.reference, None, 0.0, "decided")
        if not answer and match.track is None:
            return match
        chosen = match.track if not answer else _choose(answer, choices)
        if chosen is not None:
            decisions.keep(match.reference, chosen.track_id)
            return Match(match.reference, chosen, 1.0, "decided")
        numbers = f"1 to {len(choices)}, " if choices else ""
        saving.say(f"expected {numbers}Enter, s or q; got {line.strip()!r}")


def _ask_line(start: str, text: str) -> None:
    """Show a line of a question; what comes from a list or a catalogue is cleaned of control characters."""
    typer.echo(start + clean(text), err=True)


def _choices(match: Match) -> list[tuple[Track, float]]:
    """Return what there is to choose from, what was found first."""
    found = [(match.track, match.confidence)] if match.track else []
    return found + [pair for pair in match.closest if pair[0] != match.track]


def _choose(answer: str, choices: Sequence[tuple[Track, float]]) -> Track | None:
    number = int(answer) if answer.isascii() and answer.isdigit() else 0
    return choices[number - 1][0] if 1 <= number <= len(choices) else None


def _tell(track: Track) -> str:
    more = ", ".join(part for part in (track.album, str(track.year or "")) if part)
    return f"{track.artist} - {track.name}" + (f" ({more})" if more else "")


def _print_list(matches: Sequence[Match]) -> None:
    for each in matches:
        given = each.reference
        if each.track is not None:
            mark = _DOUBTFUL if each.is_doubtful else _FOUND
            typer.echo(mark + clean(f"{given} -> {_tell(each.track)}  {each.confidence:.0%}"))
        elif each.songs:
            typer.echo(_FOUND + clean(f"{given} -> {len(each.songs)} songs: {', '.join(each.named)}"))
        elif each.method == "decided":
            typer.echo(_MISSING + clean(f"{given}: left out, as you decided"))
        else:
            near = "; ".join(f"{_tell(track)} {sure:.0%}" for track, sure in each.closest)
            typer.echo(_MISSING + clean(f"{given}: not found" + (f"; closest: {near}" if near else "")))
    found = sum(bool(each.tracks) for each in matches)
    doubtful = sum(each.is_doubtful for each in matches)
    saving.say(f"Found {found} of {len(matches)}; {doubtful} in doubt (?).")
