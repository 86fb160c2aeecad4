"""What a server remembers of one browser: that it gave a token, and who it is where. In memory alone."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from segue.services.protocol import MusicService
from segue.web.accounts import Accounts

SESSION_COOKIE = "segue_session"
MAX_SESSIONS = 1_000
LIFETIME = 12 * 3600.0


@dataclass(slots=True, repr=False)
class Session:
    """One browser. Its key and what a service gave never leave the server, nor appear in a `repr`."""

    key: str
    last_seen: float
    accounts: Accounts
    authorised: bool = False
    notice: str = ""

    def __repr__(self) -> str:
        return f"Session(authorised={self.authorised})"


class Sessions:
    """All sessions of one server; the ones longest unused make room.

    Parameters
    ----------
    open_services
        Returns services in which nobody is signed in yet, for one browser.
    clock
        Tells seconds.

    """

    def __init__(
        self,
        open_services: Callable[[], tuple[MusicService, ...]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_services = open_services
        self._clock = clock
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def find(self, key: str) -> Session | None:
        """Return the session of this key, unless there is none or it has died of age."""
        session = self._sessions.get(key) if key else None
        if session is None:
            return None
        if self._clock() - session.last_seen > LIFETIME:
            del self._sessions[key]
            return None
        session.last_seen = self._clock()
        self._sessions.move_to_end(key)
        return session

    def create(self) -> Session:
        """Open a new session."""
        session = Session(secrets.token_urlsafe(32), self._clock(), self.open_accounts())
        self._sessions[session.key] = session
        while len(self._sessions) > MAX_SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def open_accounts(self) -> Accounts:
        """Return the accounts of a browser that is signed in nowhere."""
        return Accounts(self._open_services())

    def end(self, key: str) -> None:
        """Forget a session and everything in it."""
        self._sessions.pop(key, None)

    def __len__(self) -> int:
        return len(self._sessions)
