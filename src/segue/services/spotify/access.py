"""The sign-in at Spotify as the protocol has it: a file on this machine, or one browser's, in memory."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segue.config import Settings
from segue.errors import ServiceError, SignInError, SpotifySetupError
from segue.services.protocol import Notify, SignedIn, SignedOut, say_nothing
from segue.services.spotify.about import HOW_TO, WAYS_ROUND_HERE

if TYPE_CHECKING:
    from segue.services.spotify.auth import PendingSignIn
    from segue.services.spotify.connect import Surroundings
    from segue.services.spotify.tokens import MemoryTokenStore, Token
    from segue.services.spotify.transport import Timing
    from segue.services.spotify.unfinished import Begun


@dataclass(slots=True, repr=False)
class Memory:
    """What a server holds of one browser. Its `repr` shows no secret, since it has none."""

    store: "MemoryTokenStore"
    begun: "Begun"
    pending: "PendingSignIn | None" = None


@dataclass(frozen=True, slots=True)
class SpotifyAccess:
    """The sign-in.

    Parameters
    ----------
    settings
        The hosts, and the folder of the sign-in.
    notify
        Hears of progress.
    memory
        Of one browser at a server; None for the file in the config folder.
    timing
        The clock and the pause; None for those of this machine.

    What talks to Spotify is loaded only when Spotify is asked for something.

    """

    settings: Settings
    notify: Notify = say_nothing
    memory: Memory | None = None
    timing: "Timing | None" = None

    def around(self) -> "Surroundings":
        """Return what a run stands in."""
        from segue.services.spotify.connect import Surroundings
        from segue.services.spotify.transport import Timing

        store = self.memory.store if self.memory else None
        return Surroundings(store, self.timing or Timing(), self.notify)

    def begun(self, asked_at: float) -> "Begun":
        """Return where it is noted which playlists were begun; `asked_at` as in `NewList`."""
        from segue.services.spotify.connect import begun_of

        return self.memory.begun if self.memory else begun_of(self.settings, started_at=asked_at)

    def is_signed_in(self) -> bool:
        """Tell whether there is a sign-in; raises `SignInError` when it is damaged."""
        from segue.services.spotify.connect import store_of

        return store_of(self.settings, self.around()).load() is not None

    # -- as the protocol has it -----------------------------------------------------------------------------

    @property
    def is_ready(self) -> bool:
        """Whether a client id was set or is remembered."""
        from segue.services.spotify.connect import find_client_id

        return bool(find_client_id(self.settings))

    def check_key(self, text: str) -> str:
        """Return the client id; for an empty text the one that was set or is remembered.

        Raises
        ------
        SpotifySetupError
            When it has not the shape of one, or there is none; the hint says how to get one.

        """
        from segue.services.spotify.connect import check_client_id, find_client_id

        text = text or find_client_id(self.settings)
        if not text:
            raise SpotifySetupError(
                "expected the client id of a Spotify app, got none",
                hint=f"{HOW_TO}\nThen: segue login --client-id ID, or set SEGUE_SPOTIFY_CLIENT_ID.",
            )
        return check_client_id(text)

    def sign_in(
        self, key: str, *, show: Callable[[str], object], paste: Callable[[], str] | None
    ) -> SignedIn:
        """Sign in, and keep the sign-in and the client id; see `connect.sign_in`."""
        from segue.services.spotify import connect

        token = connect.sign_in(self.settings, key, show=show, paste=paste, around=self.around())
        connect.remember_client_id(self.settings, key)
        return self._describe(token)

    def begin(self, address: str) -> str:
        """Prepare a sign-in, and return the link at Spotify for the person.

        Raises
        ------
        SpotifySetupError
            When this server knows no client id of a Spotify app.

        """
        from segue.services.spotify.connect import find_client_id, prepare_sign_in

        client_id = find_client_id(self.settings)
        if not client_id:
            raise SpotifySetupError(
                "this server has no client id of a Spotify app",
                hint="Whoever runs it makes one, once: `segue login` shows how.",
            )
        memory = self._in_browser()
        memory.pending = prepare_sign_in(self.settings, client_id, address)
        return memory.pending.url

    def finish(self, address: str) -> SignedIn:
        """Take the answer that Spotify sent the browser back with.

        Raises
        ------
        SignInError
            When no sign-in was begun here, or the answer is not of it.

        """
        from segue.services.spotify.auth import belongs_to
        from segue.services.spotify.connect import finish_sign_in

        memory = self._in_browser()
        pending = memory.pending
        if pending is None:
            raise SignInError("no sign-in was begun in this browser", hint="Press Sign in on the page.")
        if belongs_to(pending, address):  # it counts once; another's is refused, and ours may still come
            memory.pending = None
        return self._describe(finish_sign_in(self.settings, pending, address, around=self.around()))

    def require(self) -> None:
        """Check that someone is signed in.

        Raises
        ------
        SignInError
            When nobody is.

        """
        from segue.services.spotify.connect import get_token

        if self.memory and not self.is_signed_in():
            raise SignInError(
                "nobody is signed in to Spotify in this browser", nobody=True, hint=WAYS_ROUND_HERE
            )
        get_token(self.settings, self.around())

    def look_up(self) -> SignedIn:
        """Return who is signed in.

        Raises
        ------
        SignInError
            When nobody is, or the sign-in does not work any more.

        """
        from segue.services.spotify.connect import get_token

        return self._describe(get_token(self.settings, self.around()), strict=True)

    def sign_out(self) -> SignedOut:
        """Forget the sign-in and, in a browser, everything that came of it; see `connect.sign_out`."""
        from segue.services.spotify import connect

        if self.memory:
            self.memory.begun.clear()
            self.memory.pending = None
            return SignedOut(self.memory.store.delete())
        there = connect.sign_out(self.settings, self.around())
        unfinished = connect.begun_of(self.settings).forget_finished()
        return SignedOut(there, unfinished, connect.client_id_file(self.settings).exists())

    def forget_key(self) -> bool:
        """Forget the client id of one's app."""
        from segue.services.spotify.connect import forget_client_id

        return forget_client_id(self.settings)

    def _in_browser(self) -> Memory:
        if self.memory is None:
            raise SignInError("this sign-in is made at a terminal", hint="Run `segue login`.")
        return self.memory

    def _describe(self, token: "Token", *, strict: bool = False) -> SignedIn:
        """Ask whose sign-in it is; `strict` raises where it does not work, else it counts as made."""
        from segue.services.spotify.connect import open_client

        user, problem = None, ""
        try:
            with open_client(self.settings, self.around()) as client:
                found = client.fetch_user()
                user = found.display_name or found.id
        except ServiceError as error:
            if strict and isinstance(error, SignInError):
                raise
            problem = error.message
        return SignedIn(user, problem, token.dies_on, token.scopes, token.client_id)
