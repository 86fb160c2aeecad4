"""One browser's sign-in at Spotify: kept in the memory of the server, never sent to the browser."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from segue.config import Settings
from segue.errors import SignInError, SpotifyError, SpotifySetupError
from segue.playlists.links import SpotifyLink, find_collection
from segue.services.spotify.auth import PendingSignIn, belongs_to
from segue.services.spotify.client import SpotifyClient
from segue.services.spotify.connect import (
    Surroundings,
    find_client_id,
    finish_sign_in,
    open_client,
    prepare_sign_in,
)
from segue.services.spotify.saving import NewPlaylist, SavedPlaylist, save_playlist
from segue.services.spotify.service import Spotify
from segue.services.spotify.tokens import MemoryTokenStore
from segue.services.spotify.unfinished import Begun
from segue.types import Track

WAYS_ROUND = "Or open the playlist in Spotify, select all its songs, copy them, and paste what you copied."


@dataclass(slots=True, repr=False)
class Account:
    """What a server holds of one browser's sign-in. Its `repr` shows no secret, since it has none."""

    store: MemoryTokenStore = field(default_factory=MemoryTokenStore)
    begun: Begun = field(default_factory=Begun)
    pending: PendingSignIn | None = None
    user: str | None = None

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a sign-in, as far as this server knows."""
        return self.store.load() is not None

    @contextmanager
    def client(self, settings: Settings) -> Iterator[SpotifyClient]:
        """Give a client for one request."""
        with open_client(settings, Surroundings(store=self.store)) as client:
            yield client

    def begin(self, settings: Settings, redirect_uri: str) -> str:
        """Prepare a sign-in, and return the link at Spotify for the person.

        Raises
        ------
        SpotifySetupError
            When this server knows no client id of a Spotify app.

        """
        client_id = find_client_id(settings)
        if not client_id:
            raise SpotifySetupError(
                "this server has no client id of a Spotify app",
                hint="Whoever runs it makes one, once: `segue login` shows how.",
            )
        self.pending = prepare_sign_in(settings, client_id, redirect_uri)
        return self.pending.url

    def finish(self, settings: Settings, url: str) -> None:
        """Take the answer that Spotify sent the browser back with.

        Raises
        ------
        SignInError
            When no sign-in was begun here, or the answer is not of it.

        """
        pending = self.pending
        if pending is None:
            raise SignInError("no sign-in was begun in this browser", hint="Press Sign in on the page.")
        if belongs_to(pending, url):  # it counts once; another's is refused, and ours may still come
            self.pending = None
        finish_sign_in(settings, pending, url, around=Surroundings(store=self.store))
        with self.client(settings) as client:
            try:
                user = client.fetch_user()
                self.user = user.display_name or user.id
            except SpotifyError:
                self.user = "Spotify"  # signed in all the same; its name matters little

    def sign_out(self) -> None:
        """Forget the sign-in and everything that came of it."""
        self.store.delete()
        self.begun.clear()
        self.pending = self.user = None

    def require(self) -> None:
        """Check that someone is signed in.

        Raises
        ------
        SignInError
            When nobody is.

        """
        if not self.is_signed_in:
            self.user = None
            raise SignInError(
                "nobody is signed in to Spotify in this browser",
                hint=f"Sign in, and segue can read your own playlists. {WAYS_ROUND}",
            )

    def service(self, settings: Settings) -> Spotify:
        """Return Spotify, read with the sign-in of this browser."""
        return Spotify(
            settings,
            find_collection,
            lambda spotify_id: SpotifyLink("playlist", spotify_id),
            store=self.store,
            ways_round=f"Sign in, and segue can read your own playlists. {WAYS_ROUND}",
        )

    def save(self, settings: Settings, tracks: Sequence[Track], new: NewPlaylist) -> SavedPlaylist:
        """Make a playlist; asked again after a break, finish the one that was begun.

        Raises
        ------
        SpotifyError
            When it could not be made, or not finished.

        """
        self.require()
        with self.client(settings) as client:
            return save_playlist(client, tracks, new, begun=self.begun)
