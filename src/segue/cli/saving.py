"""What `segue recommend` does to save: whether to, how the list is called, and what came of it."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import typer

from segue.app import find_service, save_list
from segue.cli import browser
from segue.services.protocol import About, MusicService, NewList, Reading, SavedList
from segue.text.strings import clean, shorten
from segue.types import Track

INTERRUPTED = 130  # as a shell counts it: 128 and the number of the signal
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Saving:
    """How the person wants the playlist; empty texts for what segue would write itself.

    `resume` is the link of a list that an earlier run began; `open_it` opens the new list in the browser.
    `started_at` is when the command began: picking takes a while, in which another run of it may end.
    """

    name: str = ""
    description: str = ""
    public: bool = False
    resume: str = ""
    open_it: bool = False
    started_at: float = field(default_factory=time.time)


def say(text: str) -> None:
    """Show progress, beside the output and not in it."""
    typer.echo(clean(text), err=True)


def choose_service(
    services: Sequence[MusicService], saving: Saving, source: Reading, name: str
) -> MusicService:
    """Return where to save: at the service of this name, else where the list to finish or the source lies.

    Raises
    ------
    InputError
        When no service has this name.

    """
    if name:
        return find_service(services, name)
    return find_service(services, link=saving.resume or (source.link.url if source.link else ""))


def wants_saving(service: MusicService, *, asked: bool, source: Reading, silent: bool, yes: bool) -> bool:
    """Decide whether to make a playlist at a service; asks the person at most once.

    Parameters
    ----------
    service
        Where it would be made.
    asked
        Whether `--save` was given: then it is made.
    source
        A playlist's link makes saving the default, after a question.
    silent
        Whether the output goes to a file or a program, so that nothing may be asked.
    yes
        Whether `--yes` answers the question.

    """
    if asked:
        return True
    if source.link is None or source.link.kind == "track":
        return False
    if yes:
        return True
    about = service.about
    if silent or not sys.stdin.isatty():
        if not silent:
            say(f"Not saved. To make it a playlist at {about.name}: add --save {about.slug} (or --yes)")
        return False
    return typer.confirm(f"Make this a playlist in your {about.name} account?", default=True, err=True)


def save(
    service: MusicService, tracks: Sequence[Track], saving: Saving, source: Reading, *, notify: Say = say
) -> SavedList:
    """Make a playlist of the tracks, tell how it went, and return it.

    Raises
    ------
    InputError
        When the name or description is too long, or `resume` is no link of a playlist.
    ServiceError
        When it was not made, or not completed.

    """
    new = NewList(
        saving.name or default_name(source, service.about),
        saving.description or default_description(source, len(tracks), service.about),
        saving.public,
        saving.resume,
        saving.started_at,
    )
    try:
        saved = save_list(service, tracks, new)
    except KeyboardInterrupt as error:
        notify(
            "Stopped. The playlist may be there and not complete: run the same command again, and it "
            "goes on from here; nothing is made or added twice."
        )
        raise typer.Exit(INTERRUPTED) from error
    _tell(saved, service.about, notify)
    if saving.open_it and not browser.open_browser(saved.url):
        notify("No browser could be opened; the link is above.")
    return saved


def default_name(source: Reading, about: About) -> str:
    """Return the name of a new playlist, after what it was made from."""
    tail = ", continued"
    return (
        shorten(source.playlist.name, about.name_length - len(tail)) + tail
        if source.playlist.name.strip()
        else "Picked by segue"
    )


def default_description(source: Reading, count: int, about: About) -> str:
    """Return a description that says what the playlist was made from."""
    songs = "1 song" if count == 1 else f"{count} songs"
    link = f" ({source.link.url})" if source.link and source.link.id else ""
    start, end = f"{songs} picked by segue", "a list of songs"
    if not source.playlist.name.strip():
        return f"{start}, from {end}{link}."
    room = about.description_length - len(start) - len(link) - len(', from "".')
    return f'{start}, from "{shorten(source.playlist.name, room)}"{link}.'


def _tell(saved: SavedList, about: About, notify: Say) -> None:
    for track in saved.refused:
        notify(f"{about.name} does not know it any more, so it was left out: {track.artist} - {track.name}")
    there = f" ({saved.present} were there already)" if saved.present else ""
    notify(f'Added {saved.added} songs to "{saved.name}"{there}.')
