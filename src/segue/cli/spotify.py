"""What `segue recommend` does with Spotify: read what a link leads to, and make a playlist of the picks."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from segue.app import Reading
from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.errors import EmptyPlaylistError, InvalidLinkError, SignInError, SpotifyAccessError, SpotifyError
from segue.playlists.links import SpotifyLink, parse_link
from segue.services.spotify import connect
from segue.services.spotify.client import EXPORT, PASTE, SpotifyClient
from segue.services.spotify.connect import Surroundings, open_client
from segue.services.spotify.saving import (
    DESCRIPTION_LENGTH,
    NAME_LENGTH,
    NewPlaylist,
    SavedPlaylist,
    save_playlist,
)
from segue.text.strings import shorten
from segue.types import Playlist, Track, TrackReference

Say = Callable[[str], None]

_WAYS = f"""There are three ways:
1. Sign in: `segue login`. Then segue reads the playlists that you own or share.
2. {PASTE}
3. {EXPORT}"""
MAX_LOOKUPS = 20  # tracks asked for one by one, a request each


@dataclass(frozen=True, slots=True)
class Saving:
    """How the person wants the playlist; empty texts for what segue would write itself.

    `resume` is the link of a list that an earlier run began; `open_it` opens the new list in the browser.
    """

    name: str = ""
    description: str = ""
    public: bool = False
    resume: str = ""
    open_it: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """What the picks were made from: its name, and its link when it has one."""

    name: str = ""
    link: SpotifyLink | None = None


def say(text: str) -> None:
    """Show progress, beside the output and not in it."""
    typer.echo(text, err=True)


def read_link(settings: Settings, link: SpotifyLink, *, notify: Say = say) -> Playlist:
    """Return the tracks that a link leads to.

    Raises
    ------
    EmptyPlaylistError
        When there are none; the message says what there is instead.
    SignInError
        When nobody is signed in; the hint names the ways that need no sign-in, too.
    InvalidLinkError, SpotifyError
        As `SpotifyClient.fetch_link` does.

    """
    with open_client(settings, Surroundings(notify=notify)) as client:
        try:
            playlist = client.fetch_link(link.kind, link.id)
        except SignInError as error:
            if connect.store_of(settings).load() is not None:
                raise
            raise SignInError(f"{error.message}, so {link.url} cannot be read", hint=_WAYS) from error
    if not playlist.entries:
        name = f'"{playlist.name}"' if playlist.name else f"the {link.kind}"
        instead = f", only {'; '.join(playlist.skipped[:5])}" if playlist.skipped else ""
        more = f" and {len(playlist.skipped) - 5} more" if len(playlist.skipped) > 5 else ""
        raise EmptyPlaylistError(f"{name} holds no songs{instead}{more}", hint="Add some songs to it first.")
    return playlist


def fill_in(settings: Settings, reading: Reading, catalogue: Path, *, notify: Say = say) -> Reading:
    """Ask Spotify about track links that the catalogue does not know by id, so that names can find them.

    Does nothing when nobody is signed in. A lone id that is no track's is tried as a playlist's. What cannot
    be asked stays as it was.
    """
    entries = list(reading.playlist.entries)
    unknown = _unknown_ids(entries, catalogue) if reading.link is None else []
    try:
        if not unknown or connect.store_of(settings).load() is None:
            return reading
        with open_client(settings, Surroundings(notify=notify)) as client:
            return _ask_about(client, reading, unknown, notify)
    except SpotifyError as error:
        notify(f"Spotify could not be asked about {len(unknown)} unknown links: {error.message}")
        return reading


def _unknown_ids(entries: Sequence[TrackReference], catalogue: Path) -> list[int]:
    bare = [
        place for place, entry in enumerate(entries) if entry.track_id and not (entry.title or entry.isrc)
    ]
    if not bare:
        return []
    with Catalogue.open(catalogue) as opened:
        rows = opened.find_rows([entries[place].track_id for place in bare]).tolist()
    return [place for place, row in zip(bare, rows, strict=True) if row < 0]


def _ask_about(client: SpotifyClient, reading: Reading, unknown: Sequence[int], notify: Say) -> Reading:
    entries = list(reading.playlist.entries)
    notify(f"Asking Spotify about {min(len(unknown), MAX_LOOKUPS)} links that the catalogue does not know")
    for place in unknown[:MAX_LOOKUPS]:
        spotify_id = entries[place].track_id
        try:
            entries[place] = replace(client.fetch_track(spotify_id), source=entries[place].source)
        except SpotifyAccessError:
            if len(entries) == 1:
                playlist = client.fetch_playlist(spotify_id)
                return Reading(playlist, SpotifyLink("playlist", spotify_id))
    return Reading(replace(reading.playlist, entries=tuple(entries)))


def wants_saving(*, asked: bool, source: Source, silent: bool, yes: bool) -> bool:
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
    settings: Settings, tracks: Sequence[Track], saving: Saving, source: Source, *, notify: Say = say
) -> SavedPlaylist:
    """Make a playlist of the tracks, tell how it went, and return it.

    Raises
    ------
    InputError
        When the name or description is too long, or `resume` is no link of a playlist.
    SpotifyError
        When it was not made, or not completed.

    """
    new = NewPlaylist(
        saving.name or default_name(source),
        saving.description or default_description(source, len(tracks)),
        public=saving.public,
    )
    resume = _playlist_id(saving.resume) if saving.resume else ""
    with open_client(settings, Surroundings(notify=notify)) as client:
        saved = save_playlist(client, tracks, new, resume=resume, begun=connect.begun_of(settings))
    _tell(saved, notify)
    if saving.open_it and not connect.open_browser(saved.url):
        notify("No browser could be opened; the link is above.")
    return saved


def default_name(source: Source) -> str:
    """Return the name of a new playlist, after what it was made from."""
    tail = ", continued"
    return shorten(source.name, NAME_LENGTH - len(tail)) + tail if source.name.strip() else "Picked by segue"


def default_description(source: Source, count: int) -> str:
    """Return a description that says what the playlist was made from."""
    songs = "1 song" if count == 1 else f"{count} songs"
    link = f" ({source.link.url})" if source.link and source.link.id else ""
    start, end = f"{songs} picked by segue", "a list of songs"
    if not source.name.strip():
        return f"{start}, from {end}{link}."
    room = DESCRIPTION_LENGTH - len(start) - len(link) - len(', from "".')
    return f'{start}, from "{shorten(source.name, room)}"{link}.'


def _playlist_id(text: str) -> str:
    link = parse_link(text)
    if link.kind == "playlist":
        return link.id
    if text.strip() == link.id:  # a bare id could be anything: here it is a playlist's
        return link.id
    raise InvalidLinkError(
        f"--resume: expected the link of a playlist, got one of kind {link.kind!r}",
        hint="Give the link that segue printed when it made the playlist.",
    )


def _tell(saved: SavedPlaylist, notify: Say) -> None:
    for track in saved.refused:
        notify(f"Spotify does not know it any more, so it was left out: {track.artist} - {track.name}")
    there = f" ({saved.present} were there already)" if saved.present else ""
    notify(f'Added {saved.added} songs to "{saved.name}"{there}.')
