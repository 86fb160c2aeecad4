"""Spotify as the flow sees it: links, lists and tracks behind the protocol that every service follows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from segue.config import Settings
from segue.errors import EmptyPlaylistError, SignInError, SpotifyAccessError, SpotifyError
from segue.services.protocol import Link, Notify, Reading, say_nothing
from segue.text.strings import list_some
from segue.types import Playlist

if TYPE_CHECKING:
    from segue.services.spotify.client import SpotifyClient
    from segue.services.spotify.connect import Surroundings
    from segue.services.spotify.tokens import TokenStore

MAX_LOOKUPS = 20  # tracks asked for one by one, a request each


@dataclass(frozen=True, slots=True)
class Spotify:
    """Reads on behalf of who is signed in.

    Parameters
    ----------
    settings
        The hosts, and the folder of the sign-in.
    find_link
        Finds the collection that a text is a link to.
    playlist_link
        Makes the link of a playlist from its id.
    notify
        Hears of progress.
    store
        Where the sign-in is kept; None for the file in the config folder.
    ways_round
        What those can do who are not signed in; empty for what the command line says.

    A client is made, and what it needs is loaded, only when Spotify is asked for something.

    """

    settings: Settings
    find_link: Callable[[str], Link | None]
    playlist_link: Callable[[str], Link]
    notify: Notify = say_nothing
    store: "TokenStore | None" = None
    ways_round: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return "Spotify"

    def recognise(self, text: str) -> Link | None:
        """Return the playlist, album, artist or Liked Songs that a text is a link to."""
        return self.find_link(text)

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
        from segue.services.spotify.connect import open_client

        with open_client(self.settings, self._around()) as client:
            try:
                playlist = client.fetch_link(link.kind, link.id)
            except SignInError as error:
                if self._is_signed_in():
                    raise
                message = f"{error.message}, so {link.url} cannot be read"
                raise SignInError(message, hint=self.ways_round or _ways_round()) from error
        if not playlist.entries:
            name = f'"{playlist.name}"' if playlist.name else f"the {link.kind}"
            instead = f", only {list_some(playlist.skipped, between='; ')}" if playlist.skipped else ""
            raise EmptyPlaylistError(f"{name} holds no songs{instead}", hint="Add some songs to it first.")
        return playlist

    def can_complete(self) -> bool:
        """Tell whether someone is signed in; a sign-in that cannot be read counts: `complete` says why."""
        try:
            return self._is_signed_in()
        except SpotifyError:
            return True

    def complete(self, reading: Reading, unknown: Sequence[int]) -> Reading:
        """Ask Spotify about track links that the catalogue does not know, so that names can find them.

        Does nothing when nobody is signed in. A lone id that is no track's is tried as a playlist's. What
        cannot be asked stays as it was.
        """
        if not unknown:
            return reading
        from segue.services.spotify.connect import open_client

        try:
            if not self._is_signed_in():
                return reading
            with open_client(self.settings, self._around()) as client:
                return self._ask(client, reading, unknown)
        except SpotifyError as error:
            self.notify(f"Spotify could not be asked about {len(unknown)} unknown links: {error.message}")
            return reading

    def _around(self) -> "Surroundings":
        from segue.services.spotify.connect import Surroundings

        return Surroundings(store=self.store, notify=self.notify)

    def _is_signed_in(self) -> bool:
        from segue.services.spotify.connect import store_of

        return store_of(self.settings, self._around()).load() is not None

    def _ask(self, client: "SpotifyClient", reading: Reading, unknown: Sequence[int]) -> Reading:
        entries = list(reading.playlist.entries)
        count = min(len(unknown), MAX_LOOKUPS)
        self.notify(f"Asking Spotify about {count} links that the catalogue does not know")
        for index in unknown[:MAX_LOOKUPS]:
            spotify_id = entries[index].track_id
            try:
                entries[index] = replace(client.fetch_track(spotify_id), source=entries[index].source)
            except SpotifyAccessError:
                if len(entries) == 1:
                    return Reading(client.fetch_playlist(spotify_id), self.playlist_link(spotify_id))
        return Reading(replace(reading.playlist, entries=tuple(entries)), reading.link)


def _ways_round() -> str:
    from segue.services.spotify.client import EXPORT, PASTE

    return (
        "There are three ways:\n"
        "1. Sign in: `segue login`. Then segue reads the playlists that you own or share.\n"
        f"2. {PASTE}\n"
        f"3. {EXPORT}"
    )
