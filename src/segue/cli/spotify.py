"""What `segue recommend` does with Spotify: read what a link leads to, and make a playlist of the picks."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import typer

from segue.config import Settings
from segue.errors import InvalidLinkError, InvalidTrackIdError
from segue.playlists.links import parse_link
from segue.services.protocol import Reading
from segue.services.spotify.limits import DESCRIPTION_LENGTH, NAME_LENGTH
from segue.text.strings import clean, shorten
from segue.types import Track

if TYPE_CHECKING:
    from segue.services.spotify.saving import SavedPlaylist

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


def wants_saving(*, asked: bool, source: Reading, silent: bool, yes: bool) -> bool:
    """Decide whether to make a playlist at Spotify; asks the person at most once.

    Parameters
    ----------
    asked
        Whether `--save spotify` was given: then it is made.
    source
        A playlist's link makes saving the default, after a question.
    silent
        Whether the output goes to a file or a program, so that nothing may be asked.
    yes
        Whether `--yes` answers the question.

    """
    if asked:
        return True
    if source.link is None or source.link.kind not in ("playlist", "liked", "album"):
        return False
    if yes:
        return True
    if silent or not sys.stdin.isatty():
        if not silent:
            say("Not saved. To make it a playlist at Spotify: add --save spotify (or --yes)")
        return False
    return typer.confirm("Make this a playlist in your Spotify account?", default=True, err=True)


def save(
    settings: Settings, tracks: Sequence[Track], saving: Saving, source: Reading, *, notify: Say = say
) -> "SavedPlaylist":
    """Make a playlist of the tracks, tell how it went, and return it.

    Raises
    ------
    InputError
        When the name or description is too long, or `resume` is no link of a playlist.
    SpotifyError
        When it was not made, or not completed.

    """
    from segue.services.spotify import connect  # brings httpx: not before something is saved
    from segue.services.spotify.connect import Surroundings, open_client
    from segue.services.spotify.saving import NewPlaylist, save_playlist

    new = NewPlaylist(
        saving.name or default_name(source),
        saving.description or default_description(source, len(tracks)),
        public=saving.public,
    )
    resume = _playlist_id(saving.resume) if saving.resume else ""
    begun = connect.begun_of(settings, started_at=saving.started_at)
    with open_client(settings, Surroundings(notify=notify)) as client:
        try:
            saved = save_playlist(client, tracks, new, resume=resume, begun=begun)
        except KeyboardInterrupt as error:
            notify(
                "Stopped. The playlist may be there and not complete: run the same command again, and it "
                "goes on from here; nothing is made or added twice."
            )
            raise typer.Exit(INTERRUPTED) from error
    _tell(saved, notify)
    if saving.open_it and not connect.open_browser(saved.url):
        notify("No browser could be opened; the link is above.")
    return saved


def default_name(source: Reading) -> str:
    """Return the name of a new playlist, after what it was made from."""
    tail = ", continued"
    return (
        shorten(source.playlist.name, NAME_LENGTH - len(tail)) + tail
        if source.playlist.name.strip()
        else "Picked by segue"
    )


def default_description(source: Reading, count: int) -> str:
    """Return a description that says what the playlist was made from."""
    songs = "1 song" if count == 1 else f"{count} songs"
    link = f" ({source.link.url})" if source.link and source.link.id else ""
    start, end = f"{songs} picked by segue", "a list of songs"
    if not source.playlist.name.strip():
        return f"{start}, from {end}{link}."
    room = DESCRIPTION_LENGTH - len(start) - len(link) - len(', from "".')
    return f'{start}, from "{shorten(source.playlist.name, room)}"{link}.'


def _playlist_id(text: str) -> str:
    hint = "Give the link that segue printed when it made the playlist."
    try:
        link = parse_link(text)
    except (InvalidLinkError, InvalidTrackIdError) as error:
        raise InvalidLinkError(
            "--resume: expected the link of a playlist (https://open.spotify.com/playlist/...), "
            f"got {shorten(text, 60)!r}",
            hint=hint,
        ) from error
    if link.kind == "playlist":
        return link.id
    if text.strip() == link.id:  # a bare id could be anything: here it is a playlist's
        return link.id
    raise InvalidLinkError(
        f"--resume: expected the link of a playlist, got one of kind {link.kind!r}",
        hint=hint,
    )


def _tell(saved: "SavedPlaylist", notify: Say) -> None:
    for track in saved.refused:
        notify(f"Spotify does not know it any more, so it was left out: {track.artist} - {track.name}")
    there = f" ({saved.present} were there already)" if saved.present else ""
    notify(f'Added {saved.added} songs to "{saved.name}"{there}.')
