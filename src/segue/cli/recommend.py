"""`segue recommend`: a playlist in, a playlist out."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from segue.app import Asked, Reading, read_input, recommend_playlist
from segue.catalogue.in_use import find_catalogue
from segue.cli import spotify
from segue.config import Settings, load_settings
from segue.errors import InputError, InvalidControlsError, StorageError
from segue.features import AUDIO_NAMES
from segue.playlists.json import track_to_json
from segue.playlists.read import FORMATS, format_of, write_playlist
from segue.recommend.flow import MAX_SEEDS
from segue.types import Controls, Match, Recommendation, Result

_SHOWN_UNMATCHED = 10
_PLAIN_WIDTH = 150


def recommend(  # noqa: PLR0913, PLR0917 - the options of a command
    playlist: Annotated[
        list[str],
        typer.Argument(
            metavar="PLAYLIST...",
            help="A file (links, CSV, M3U, XSPF, JSPF, lines 'Artist - Title'), - for standard input, "
            "a Spotify link, several track links, or 'liked'.",
        ),
    ],
    n: Annotated[int, typer.Option("-n", "--n", help="How many songs, 1 to 1,000.")] = 50,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE|-", help="Write the new playlist here.")
    ] = "",
    fmt: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help=f"{', '.join(FORMATS)}; else by the file name.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print scores and reasons as JSON.")] = False,
    catalogue: Annotated[
        Path | None, typer.Option("--catalogue", "-c", metavar="PATH", help="Default: the one in use.")
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="full, audio (looks at nobody's name), or a bundle's folder.")
    ] = "",
    per_artist: Annotated[int, typer.Option(help="At most so many an artist; 0: no limit.", min=0)] = 3,
    new_artists: Annotated[bool, typer.Option("--new-artists", help="Only artists not listed.")] = False,
    exclude_artist: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Never this artist; repeat for more.")
    ] = None,
    exclude_track: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Never this track; repeat for more.")
    ] = None,
    minimum: Annotated[
        list[str] | None, typer.Option("--min", metavar="FEATURE=VALUE", help="energy=0.5, tempo=100, ...")
    ] = None,
    maximum: Annotated[
        list[str] | None, typer.Option("--max", metavar="FEATURE=VALUE", help="As --min, from above.")
    ] = None,
    target: Annotated[
        list[str] | None, typer.Option("--target", metavar="FEATURE=VALUE", help="Draw picks towards it.")
    ] = None,
    popularity: Annotated[
        str, typer.Option(metavar="LOW-HIGH", help="0 to 100, one side may be left out: -40")
    ] = "",
    years: Annotated[str, typer.Option(metavar="FIRST-LAST", help="Of release: 1990-1999, 2015-")] = "",
    adventurousness: Annotated[float, typer.Option(help="0, the safest, to 1, the furthest.")] = 0.0,
    order: Annotated[
        Literal["smooth", "score"], typer.Option(help="A flow of tempo, key and energy, or best first.")
    ] = "smooth",
    all_versions: Annotated[
        bool, typer.Option("--all-versions", help="Let versions of one song stand side by side.")
    ] = False,
    save: Annotated[str, typer.Option(metavar="spotify", help="Make a playlist in your account.")] = "",
    name: Annotated[str, typer.Option(help="Name of the new playlist.")] = "",
    description: Annotated[str, typer.Option(help="Its description at Spotify.")] = "",
    public: Annotated[bool, typer.Option("--public/--private", help="At Spotify.")] = False,
    resume: Annotated[str, typer.Option(metavar="LINK", help="Complete a list that was begun.")] = "",
    open_it: Annotated[bool, typer.Option("--open", help="Open the new list in the browser.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Save without asking.")] = False,
) -> None:  # fmt: skip
    """Turn a playlist you like into a new one."""
    settings = load_settings()
    if save not in ("", "spotify"):
        raise InputError(
            f"--save: expected spotify, got {save!r}", hint="For a file: -o FILE. For Spotify: --save spotify"
        )
    chosen_format = _check_output(output, fmt, as_json=as_json)
    controls = Controls(
        max_per_artist=per_artist or None,
        one_version=not all_versions,
        new_artists_only=new_artists,
        exclude_artists=tuple(exclude_artist or ()),
        exclude_tracks=tuple(exclude_track or ()),
        minimum=_parse_values("--min", minimum),
        maximum=_parse_values("--max", maximum),
        target=_parse_values("--target", target),
        popularity=_parse_range("--popularity", popularity),
        years=_parse_range("--years", years),
        adventurousness=adventurousness,
        order=order,
    )
    asked = Asked(n, controls, catalogue.expanduser() if catalogue else None, model or settings.model)
    reading = read_input(playlist, _read_standard_input, lambda link: spotify.read_link(settings, link))
    reading = spotify.fill_in(settings, reading, asked.catalogue or find_catalogue(settings))
    with _Waiting() as waiting:
        answer = recommend_playlist(reading.playlist, asked, settings, progress=waiting.show)
    result = answer.result
    title = name or spotify.default_name(spotify.Source(reading.playlist.name, reading.link))
    shown = _Shown(answer.matches, result, title)
    silent = as_json or output == "-"
    _tell_unmatched(shown, reading)
    for note in answer.notes:
        spotify.say(note)
    if as_json:
        typer.echo(json.dumps(_to_json(shown), indent=2, ensure_ascii=False))
    elif output == "-":
        sys.stdout.write(write_playlist([each.track for each in result.tracks], chosen_format, name=title))
    else:
        _print_table(shown)
    if output and output != "-":
        _write(output, write_playlist([each.track for each in result.tracks], chosen_format, name=title))
    _save_to_spotify(
        settings,
        shown,
        spotify.Source(reading.playlist.name, reading.link),
        spotify.Saving(name, description, public, resume, open_it),
        asked=bool(save or resume),
        silent=silent or bool(output),
        yes=yes,
    )


def _read_standard_input() -> bytes:
    if sys.stdin.isatty():
        spotify.say("Paste links or lines 'Artist - Title', then press Enter and Ctrl+D.")
    return sys.stdin.buffer.read()


@dataclass(frozen=True, slots=True)
class _Shown:
    matches: Sequence[Match]
    result: Result
    title: str


class _Waiting:
    """A bar on standard error while the catalogue is prepared, the first time."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f} songs"))
        console = Console(stderr=True)
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("Reading the playlist", total=None)

    def __enter__(self) -> "_Waiting":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, done: int, total: int) -> None:
        """Show how far the catalogue is."""
        self._bar.update(self._task, description="Preparing the catalogue, once", completed=done, total=total)


def _check_output(output: str, fmt: str, *, as_json: bool) -> str:
    """Return the format to write, and refuse what cannot be meant before any work is done."""
    if as_json and output == "-":
        raise InputError("--json and -o - both want standard output", hint="Choose one of them.")
    if fmt and not output:
        raise InputError(f"--format {fmt} needs a file to write", hint="Add -o FILE, or -o - for the screen.")
    folder = Path(output).expanduser().parent
    if output not in ("", "-") and not folder.is_dir():
        raise StorageError(
            f"there is no folder {folder} to write to", hint="Make it, or choose another place."
        )
    if fmt:
        if fmt not in FORMATS:
            raise InputError(f"--format: expected one of {', '.join(FORMATS)}, got {fmt!r}")
        return fmt
    if output in ("", "-"):
        return "uris"
    return format_of(output)


def _parse_values(option: str, pairs: Sequence[str] | None) -> dict[str, float]:
    values = {}
    for pair in pairs or ():
        name, _, text = pair.partition("=")
        if name not in AUDIO_NAMES:
            rest = "Popularity and release years have options of their own: --popularity, --years."
            raise InvalidControlsError(
                f"{option}: unknown feature {name!r}", hint=f"One of: {', '.join(AUDIO_NAMES)}. {rest}"
            )
        try:
            values[name] = float(text)
        except ValueError as error:
            raise InvalidControlsError(
                f"{option}: expected FEATURE=NUMBER, got {pair!r}", hint=f"For example: {option} energy=0.6"
            ) from error
    return values


def _parse_range(option: str, text: str) -> tuple[int | None, int | None]:
    low, dash, high = text.partition("-")
    try:
        ends = (int(low) if low else None, int(high) if high else None)
    except ValueError as error:
        low, high = ("1990", "1999") if option == "--years" else ("20", "80")
        raise InvalidControlsError(
            f"{option}: expected LOW-HIGH, got {text!r}",
            hint=f"For example: {option} {low}-{high}, or {low}- or -{high} with one end open.",
        ) from error
    return ends if dash else (ends[0], ends[0])


def _print_table(shown: _Shown) -> None:
    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(width=_PLAIN_WIDTH)
    table = Table(title=f"{shown.title}: {len(shown.result.tracks)} songs", title_justify="left")
    table.add_column("#", justify="right", style="dim")
    table.add_column("Title", ratio=3, overflow="fold")
    table.add_column("Artist", ratio=2, overflow="fold")
    table.add_column("Why", ratio=4, overflow="fold")
    table.add_column("Link", style="dim", no_wrap=True)
    for place, pick in enumerate(shown.result.tracks, 1):
        why = _why(pick, room=console.width // 2)
        link = Text("open", style=f"link {pick.track.url}") if console.is_terminal else Text(pick.track.uri)
        table.add_row(str(place), Text(pick.name), Text(pick.artist), Text(why), link)
    console.print(table)
    if console.is_terminal:
        console.print("Links to paste into a playlist: the same command with -o -", style="dim")


def _why(pick: Recommendation, *, room: int) -> str:
    """Return the first reason, and the second where there is room for it."""
    both = "; ".join(str(reason) for reason in pick.reasons[:2])
    return both if len(both) <= room else str(pick.reasons[0])


def _tell_unmatched(shown: _Shown, reading: Reading) -> None:
    """Say on standard error what was not found, and what came closest."""
    console = Console(stderr=True, highlight=False)
    found = [match for match in shown.matches if match.track]
    missing = [match for match in shown.matches if match.track is None]
    console.print(Text(f"Found {len(found)} of {len(shown.matches)} songs in the catalogue."), soft_wrap=True)
    if len(found) > MAX_SEEDS:
        text = f"{MAX_SEEDS} of them, evenly spaced, are listened to; none of all comes back."
        console.print(Text(text), soft_wrap=True)
    for match in missing[:_SHOWN_UNMATCHED]:
        closest = "; ".join(f"{track.artist} - {track.name} ({sure:.0%})" for track, sure in match.closest)
        tail = f"; closest: {closest}" if closest else ""
        console.print(Text(f"  not found: {match.reference}{tail}"), soft_wrap=True)
    if len(missing) > _SHOWN_UNMATCHED:
        console.print(Text(f"  ... and {len(missing) - _SHOWN_UNMATCHED} more"))
    for text in reading.playlist.skipped[:_SHOWN_UNMATCHED]:
        console.print(Text(f"  skipped: {text}"), soft_wrap=True)


def _to_json(shown: _Shown) -> dict[str, object]:
    return {
        "name": shown.title,
        "tracks": [
            {
                **track_to_json(pick.track),
                "retrieval_score": round(pick.retrieval_score, 4),
                "ranking_score": round(pick.ranking_score, 4),
                "reasons": [
                    {"kind": reason.kind, "text": reason.text, "seeds": list(reason.seeds)}
                    for reason in pick.reasons
                ],
            }
            for pick in shown.result.tracks
        ],
        "unmatched": [
            {
                "reference": str(match.reference),
                "closest": [
                    {
                        "track_id": track.track_id,
                        "name": track.name,
                        "artist": track.artist,
                        "confidence": sure,
                    }
                    for track, sure in match.closest
                ],
            }
            for match in shown.matches
            if match.track is None
        ],
    }


def _write(output: str, text: str) -> None:
    path = Path(output).expanduser()
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}", hint="Choose another place.") from error
    typer.echo(f"Saved to {path}", err=True)


def _save_to_spotify(
    settings: Settings,
    shown: _Shown,
    source: spotify.Source,
    saving: spotify.Saving,
    *,
    asked: bool,
    silent: bool,
    yes: bool,
) -> None:
    if spotify.wants_saving(asked=asked, source=source, silent=silent, yes=yes):
        tracks = [pick.track for pick in shown.result.tracks]
        typer.echo(spotify.save(settings, tracks, saving, source).url, err=silent)
