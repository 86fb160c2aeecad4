"""`segue recommend`: a playlist in, a playlist out."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from segue.app import Answer, Asked, Ports, Source, continue_playlist, find_source, open_services
from segue.catalogue.in_use import find_catalogue
from segue.cli import saving
from segue.cli.control_options import with_control_options
from segue.config import Settings, load_settings
from segue.controls import EXCLUDE, Controls
from segue.errors import InputError, NoUsableSeeds, StorageError
from segue.playlists.read import FORMATS, format_of, write_playlist
from segue.recommender import Recommender
from segue.result import Result, write_aside
from segue.services.protocol import MusicService
from segue.text.strings import clean
from segue.types import Recommendation

_SHOWN_UNMATCHED = 10
_PLAIN_WIDTH = 150


@with_control_options
def recommend(  # noqa: PLR0913, PLR0917 - the options of a command
    playlist: Annotated[
        list[str],
        typer.Argument(
            metavar="PLAYLIST...",
            help="A file (links, CSV, M3U, XSPF, JSPF, lines 'Artist - Title'), - for standard input, "
            "the link of a playlist, several track links, or 'liked'.",
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
    exclude: Annotated[
        list[str] | None, typer.Option(EXCLUDE.option, metavar=EXCLUDE.metavar, help=EXCLUDE.about)
    ] = None,
    save: Annotated[
        str, typer.Option(metavar="SERVICE", help="Make a playlist in your account there: spotify.")
    ] = "",
    name: Annotated[str, typer.Option(help="Name of the new playlist.")] = "",
    description: Annotated[str, typer.Option(help="Its description there.")] = "",
    public: Annotated[bool, typer.Option("--public/--private", help="Who sees it there.")] = False,
    resume: Annotated[str, typer.Option(metavar="LINK", help="Complete a list that was begun.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Let -o replace the file that was read.")] = False,
    open_it: Annotated[bool, typer.Option("--open", help="Open the new list in the browser.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Save without asking.")] = False,
    *,
    controls: Controls,
) -> None:  # fmt: skip
    """Turn a playlist you like into a new one."""
    settings = load_settings()
    wanted = _check_output(_Output(output, fmt, as_json))
    _keep_input(playlist, wanted, force=force)
    new = saving.Saving(name, description, public, resume, open_it)
    services = open_services(settings, saving.say)
    if save:
        _check_saving(services, save)
    source, not_these = _find_sources(playlist, exclude or ())

    def run() -> Answer:
        with _Waiting("Preparing the catalogue, once") as waiting:
            waiting.begin("Reading the playlist")
            path = catalogue.expanduser() if catalogue else find_catalogue(settings)
            recommender = Recommender.open(path, model or settings.model, progress=waiting.show)
        with recommender, _Waiting("Finding the songs in the catalogue") as waiting:
            return continue_playlist(
                source, Asked(n, controls, exclude=not_these), Ports(recommender, services, waiting.show)
            )

    may_ask = catalogue is None and not wanted.is_silent and not yes and _is_terminal()
    answer = _run_with_more(run, settings) if may_ask else run()
    service = saving.choose_service(services, new, answer.reading, save)
    shown = _Shown(answer, name or saving.default_name(answer.reading, service.about))
    _tell(shown)
    _show(shown, wanted)
    if saving.wants_saving(
        service, asked=bool(save or resume), source=answer.reading, silent=wanted.is_silent, yes=yes
    ):
        tracks = [pick.track for pick in answer.result.tracks]
        saved = saving.save(service, tracks, new, answer.reading)
        typer.echo(saved.url, err=as_json or output == "-")  # what goes to a program stays as it is


def _find_sources(playlist: Sequence[str], exclude: Sequence[str]) -> tuple[Source, tuple[Source, ...]]:
    """Return what the new playlist is made from, and the lists of which nothing may be in it."""
    if [*playlist, *exclude].count("-") > 1:
        raise InputError(
            f"standard input (-) was given {[*playlist, *exclude].count('-')} times, and can be read once",
            hint="Give one of them as a file.",
        )
    excluded = tuple(find_source([each], _read_standard_input) for each in exclude)
    return find_source(playlist, _read_standard_input), excluded


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _run_with_more(run: Callable[[], Answer], settings: Settings) -> Answer:
    """Run; where the catalogue hardly holds the list, offer a bigger one and run once more with it."""
    try:
        answer = run()
        missing = sum(not match.tracks for match in answer.matches)
        why = f"{len(answer.matches) - missing} of your {len(answer.matches)} songs are in the catalogue."
        name = answer.offer
    except NoUsableSeeds as error:
        if not error.offer or not _offer(settings, error.offer, f"{error.message}."):
            raise
        return run()
    return run() if name and _offer(settings, name, why) else answer


def _offer(settings: Settings, name: str, why: str) -> bool:
    from segue.cli import catalogue_get  # rarely needed, and it brings the HTTP client along

    return catalogue_get.offer(settings, name, why)


def _read_standard_input() -> bytes:
    if sys.stdin.isatty():
        saving.say("Paste links or lines 'Artist - Title', then press Enter and Ctrl+D.")
    return sys.stdin.buffer.read()


@dataclass(frozen=True, slots=True)
class _Shown:
    """The answer, and the name of the new playlist."""

    answer: Answer
    title: str

    def to_dict(self) -> dict[str, object]:
        """Return all of it for programs."""
        return Result.of(self.answer).to_dict() | {"name": self.title}


@dataclass(frozen=True, slots=True)
class _Output:
    """Where the new playlist goes: a file, "-" for standard output, or "" for a table; or all as JSON."""

    target: str
    fmt: str
    as_json: bool

    @property
    def is_silent(self) -> bool:
        """Whether the output is for a program or a file, so that nothing may be asked."""
        return self.as_json or bool(self.target)


class _Waiting:
    """A bar on standard error while something takes long; nothing where that is no terminal."""

    def __init__(self, words: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f} songs"))
        console = Console(stderr=True)
        self._words = words
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task: TaskID | None = None

    def __enter__(self) -> "_Waiting":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begin(self, words: str) -> TaskID:
        """Show the bar, before it is known how far there is to go."""
        self._bar.start()
        self._task = self._bar.add_task(words, total=None)
        return self._task

    def show(self, done: int, total: int) -> None:
        """Show how far it is; what is done at the first word of it needs no bar."""
        if self._task is None and done >= total:
            return
        task = self.begin(self._words) if self._task is None else self._task
        self._bar.update(task, description=self._words, completed=done, total=total)


def _check_output(output: _Output) -> _Output:
    """Find the format to write, and refuse what cannot be meant before any work is done."""
    target, fmt = output.target, output.fmt
    if output.as_json and target == "-":
        raise InputError("--json and -o - both want standard output", hint="Choose one of them.")
    if fmt and not target:
        raise InputError(f"--format {fmt} needs a file to write", hint="Add -o FILE, or -o - for the screen.")
    folder = Path(target).expanduser().parent
    if target not in ("", "-") and not folder.is_dir():
        raise StorageError(
            f"there is no folder {folder} to write to", hint="Make it, or choose another place."
        )
    if fmt and fmt not in FORMATS:
        raise InputError(f"--format: expected one of {', '.join(FORMATS)}, got {fmt!r}")
    return replace(output, fmt=fmt or ("uris" if target in ("", "-") else format_of(target)))


def _keep_input(values: Sequence[str], output: _Output, *, force: bool) -> None:
    """Refuse to write the new playlist over the one that it is made from."""
    target = Path(output.target).expanduser()
    if force or len(values) != 1 or output.target in ("", "-") or not target.is_file():
        return
    given = Path(values[0]).expanduser()
    try:
        same = target.samefile(given)
    except (OSError, ValueError):
        return  # what was given is no file
    if same:
        raise InputError(
            f"-o {output.target} would replace the playlist that you gave",
            hint="Choose another name, or add --force to replace it.",
        )


def _check_saving(services: Sequence[MusicService], save: str) -> None:
    names = [service.about.slug for service in services]
    if save.casefold() not in names:
        first = services[0].about
        raise InputError(
            f"--save: expected {' or '.join(names)}, got {save!r}",
            hint=f"For a file: -o FILE. For {first.name}: --save {first.slug}",
        )


def _show(shown: _Shown, output: _Output) -> None:
    tracks = [pick.track for pick in shown.answer.result.tracks]
    if output.as_json:
        typer.echo(json.dumps(shown.to_dict(), indent=2, ensure_ascii=False))
    elif output.target == "-":
        sys.stdout.write(write_playlist(tracks, output.fmt, name=shown.title))
    else:
        _print_table(shown)
    if output.target not in ("", "-"):
        _write(output.target, write_playlist(tracks, output.fmt, name=shown.title))


def _print_table(shown: _Shown) -> None:
    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(width=_PLAIN_WIDTH)
    table = Table(
        title=f"{clean(shown.title)}: {len(shown.answer.result.tracks)} songs", title_justify="left"
    )
    table.add_column("#", justify="right", style="dim")
    table.add_column("Title", ratio=3, overflow="fold")
    table.add_column("Artist", ratio=2, overflow="fold")
    table.add_column("Why", ratio=4, overflow="fold")
    table.add_column("Link", style="dim", no_wrap=True)
    for place, pick in enumerate(shown.answer.result.tracks, 1):
        why = _why(pick, room=console.width // 2)
        track = pick.track
        opens = console.is_terminal and track.url
        link = Text("open", style=f"link {track.url}") if opens else Text(track.uri or track.track_id)
        table.add_row(str(place), Text(clean(pick.name)), Text(clean(pick.artist)), Text(clean(why)), link)
    console.print(table)
    if console.is_terminal:
        console.print("Links to paste into a playlist: the same command with -o -", style="dim")


def _why(pick: Recommendation, *, room: int) -> str:
    """Return the first reason, and the second where there is room for it."""
    both = "; ".join(str(reason) for reason in pick.reasons[:2])
    return both if len(both) <= room else str(pick.reasons[0])


def _tell(shown: _Shown) -> None:
    """Say on standard error what was not found, what came closest, and what else there is to say."""
    console = Console(stderr=True, highlight=False)
    matches, playlist = shown.answer.matches, shown.answer.reading.playlist
    missing = [match for match in matches if not match.tracks]
    console.print(
        Text(f"Found {len(matches) - len(missing)} of {len(matches)} songs in the catalogue."), soft_wrap=True
    )
    for match in [match for match in matches if match.is_doubtful][:_SHOWN_UNMATCHED]:
        became = f"{match.track.artist} - {match.track.name}" if match.track else ""
        console.print(
            Text(clean(f"  in doubt: {match.reference} -> {became} ({match.confidence:.0%})")), soft_wrap=True
        )
    for match in missing[:_SHOWN_UNMATCHED]:
        if match.method == "decided":
            console.print(Text(clean(f"  left out, as you decided: {match.reference}")), soft_wrap=True)
            continue
        closest = "; ".join(f"{track.artist} - {track.name} ({sure:.0%})" for track, sure in match.closest)
        tail = f"; closest: {closest}" if closest else ""
        console.print(Text(clean(f"  not found: {match.reference}{tail}")), soft_wrap=True)
    if len(missing) > _SHOWN_UNMATCHED:
        console.print(Text(f"  ... and {len(missing) - _SHOWN_UNMATCHED} more"))
    for text in playlist.skipped[:_SHOWN_UNMATCHED]:
        console.print(Text(f"  skipped: {clean(text)}"), soft_wrap=True)
    for note in shown.answer.notes:
        saving.say(note)


def _write(output: str, text: str) -> None:
    path = Path(output).expanduser()
    write_aside(path, text)
    typer.echo(f"Saved to {path}", err=True)
