"""Spotify behind the protocol that every service follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from segue.config import Settings
from segue.errors import (
    EmptyPlaylistError,
    InvalidLinkError,
    InvalidTrackIdError,
    SignInError,
    SpotifyAccessError,
    SpotifyError,
)
from segue.services.protocol import About, Link, NewList, Notify, Reading, SavedList, say_nothing
from segue.services.spotify.about import ABOUT, WAYS_ROUND_HERE
from segue.services.spotify.access import Memory, SpotifyAccess
from segue.text.links import SpotifyLink, find_collection, parse_link
from segue.text.strings import list_some, shorten
from segue.types import Check, Playlist, Track

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from segue.services.spotify.client import SpotifyClient

MAX_LOOKUPS = 20  # tracks asked for one by one, a request each


def open_spotify(settings: Settings, notify: Notify = say_nothing, *, in_memory: bool = False) -> "Spotify":
    """Return Spotify, as `OpenService` says."""
    if not in_memory:
        return Spotify(SpotifyAccess(settings, notify))
    from segue.services.spotify.tokens import MemoryTokenStore
    from segue.services.spotify.unfinished import Begun

    return Spotify(SpotifyAccess(settings, notify, Memory(MemoryTokenStore(), Begun())))


@dataclass(frozen=True, slots=True)
class Spotify:
    """Reads, finds and saves on behalf of who is signed in.

    A client is made, and what it needs is loaded, only when Spotify is asked for something.
    """

    access: SpotifyAccess

    @property
    def about(self) -> About:
        """Its name, limits, and what it asks people to agree to."""
        return ABOUT

    def recognise(self, text: str) -> Link | None:
        """Return the playlist, album, artist or Liked Songs that a text is a link to."""
        return find_collection(text)

    def read(self, link: Link) -> Playlist:
        """Return the songs that a link leads to.

        Raises
        ------
        EmptyPlaylistError
            When there are none; the message says what there is instead.
        SignInError
            When nobody is signed in; the hint names the ways that need no sign-in, too.
        InvalidLinkError, SpotifyError
            As `SpotifyClient.fetch_link` does.

        """
        with self._client() as client:
            try:
                playlist = client.fetch_link(link.kind, link.id)
            except SignInError as error:
                if self.access.is_signed_in():
                    raise
                message = f"{error.message}, so {link.url} cannot be read"
                raise SignInError(
                    message, hint=WAYS_ROUND_HERE if self.access.memory else _ways_round()
                ) from error
        if not playlist.entries:
            name = f'"{playlist.name}"' if playlist.name else f"the {link.kind}"
            instead = f", only {list_some(playlist.skipped, between='; ')}" if playlist.skipped else ""
            raise EmptyPlaylistError(f"{name} holds no songs{instead}", hint="Add some songs to it first.")
        return playlist

    def can_complete(self) -> bool:
        """Tell whether someone is signed in; a sign-in that cannot be read counts: `complete` says why."""
        try:
            return self.access.is_signed_in()
        except SpotifyError:
            return True

    def complete(self, reading: Reading, unknown: Sequence[int]) -> Reading:
        """Ask Spotify about track links that the catalogue does not know, so that names can find them.

        Does nothing when nobody is signed in. A lone id that is no track's is tried as a playlist's. What
        cannot be asked stays as it was.
        """
        if not unknown:
            return reading
        try:
            if not self.access.is_signed_in():
                return reading
            with self._client() as client:
                return self._ask(client, reading, unknown)
        except SpotifyError as error:
            self.access.notify(
                f"Spotify could not be asked about {len(unknown)} unknown links: {error.message}"
            )
            return reading

    def find_tracks(self, tracks: Sequence[Track]) -> Mapping[str, str]:
        """Find tracks at Spotify; those that have its id already cost no request, see `finding`."""
        from segue.services.spotify.finding import find_tracks

        self.access.require()
        with self._client() as client:
            return find_tracks(client, tracks)

    def save(self, tracks: Sequence[Track], found: Mapping[str, str], new: NewList) -> SavedList:
        """Make a playlist, or finish one; see `save_playlist`.

        Raises
        ------
        InvalidLinkError
            When the list to finish is no playlist.
        InputError
            When the name or description is too long.

        """
        from segue.services.spotify.saving import NewPlaylist, save_playlist

        playlist = NewPlaylist(new.name, new.description, public=new.public)
        resume = _playlist_id(new.resume) if new.resume else ""
        begun = self.access.begun(new.asked_at)
        with self._client() as client:
            return save_playlist(client, tracks, playlist, found=found, resume=resume, begun=begun)

    def checks(self) -> Mapping[str, Callable[[], Check]]:
        """Return the checks of Spotify's hosts, of the clock by theirs, and of the sign-in."""
        from segue.services.spotify.checkup import SpotifyCheckup

        return SpotifyCheckup(self.access).checks()

    def _client(self) -> "AbstractContextManager[SpotifyClient]":
        from segue.services.spotify.connect import open_client

        return open_client(self.access.settings, self.access.around())

    def _ask(self, client: "SpotifyClient", reading: Reading, unknown: Sequence[int]) -> Reading:
        entries = list(reading.playlist.entries)
        count = min(len(unknown), MAX_LOOKUPS)
        self.access.notify(f"Asking Spotify about {count} links that the catalogue does not know")
        for index in unknown[:MAX_LOOKUPS]:
            spotify_id = entries[index].track_id
            try:
                entries[index] = replace(client.fetch_track(spotify_id), source=entries[index].source)
            except SpotifyAccessError:
                if len(entries) == 1:
                    return Reading(client.fetch_playlist(spotify_id), SpotifyLink("playlist", spotify_id))
        return Reading(replace(reading.playlist, entries=tuple(entries)), reading.link)


def _ways_round() -> str:
    from segue.services.spotify.client import EXPORT, PASTE

    return (
        "There are three ways:\n"
        "1. Sign in: `segue login`. Then segue reads the playlists that you own or share.\n"
        f"2. {PASTE}\n"
        f"3. {EXPORT}"
    )


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
