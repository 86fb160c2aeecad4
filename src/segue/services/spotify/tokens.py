"""Where a sign-in is kept: a file that only its owner can read, or the memory of a server.

The file is replaced whole, never changed in place, and a lock of the operating system lets one process at a
time renew the sign-in. Tokens are never part of a `repr`, a message or a log line.
"""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from pydantic import TypeAdapter, ValidationError

from segue.errors import SignInError, StorageError
from segue.services.spotify.private_files import lock_file, make_private, write_private

_LIFE_MONTHS = 6  # a refresh token dies this long after the sign-in, whatever happens
_LAST = 32_503_680_000.0  # the year 3000; a later time is no time
_EARLY_S = 60  # an access token counts as expired this long before it is
_AGAIN = "Sign in again with `segue login`."


@dataclass(frozen=True, slots=True)
class Token:
    """One sign-in.

    `expires_at` and `signed_in_at` are seconds since 1970 by the clock of this machine; `scopes` is what the
    person agreed to.
    """

    client_id: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: float
    signed_in_at: float
    scopes: tuple[str, ...] = ()

    def is_fresh(self, now: float) -> bool:
        """Tell whether the access token should still work, as far as this machine's clock knows."""
        return now < self.expires_at - _EARLY_S

    @property
    def dies_on(self) -> datetime:
        """When the sign-in ends for good: six months after it was made."""
        start = datetime.fromtimestamp(self.signed_in_at, UTC)
        month = start.month - 1 + _LIFE_MONTHS
        year, month = start.year + month // 12, month % 12 + 1
        for day in range(start.day, 27, -1):
            with suppress(ValueError):
                return start.replace(year=year, month=month, day=day)
        return start.replace(year=year, month=month)


class TokenStore(Protocol):
    """A place for one sign-in.

    `is_shared` tells whether others may hold a newer one than is kept here, so that a refusal does not prove
    that it has ended.
    """

    is_shared: bool

    def load(self) -> Token | None:
        """Return the sign-in; None when there is none.

        Raises
        ------
        SignInError
            When what is kept cannot be used.

        """
        ...

    def save(self, token: Token) -> None:
        """Keep this sign-in in place of any other."""
        ...

    def delete(self) -> bool:
        """Forget the sign-in; return whether there was one."""
        ...

    def lock(self) -> AbstractContextManager[None]:
        """Keep everyone else who renews this sign-in waiting."""
        ...


class MemoryTokenStore:
    """A sign-in that lives as long as its holder: one session of a server, for instance."""

    is_shared = False

    def __init__(self) -> None:
        self._token: Token | None = None
        self._lock = threading.Lock()

    def load(self) -> Token | None:
        """Return the sign-in; None when there is none."""
        return self._token

    def save(self, token: Token) -> None:
        """Keep this sign-in in place of any other."""
        self._token = token

    def delete(self) -> bool:
        """Forget the sign-in; return whether there was one."""
        there, self._token = self._token is not None, None
        return there

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep every other thread that renews this sign-in waiting."""
        with self._lock:
            yield


_FILE = TypeAdapter(Token)


class FileTokenStore:
    """A sign-in in a file of one's own: mode 0600, in a folder of mode 0700."""

    is_shared = True

    def __init__(self, folder: Path) -> None:
        self.path = folder / "spotify-sign-in.json"

    def load(self) -> Token | None:
        """Read the sign-in; None when there is none.

        A file that others could read is closed to them.

        Raises
        ------
        SignInError
            When the file is damaged, a link, or belongs to someone else.

        """
        try:
            content = self._read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SignInError(f"{self.path} cannot be read: {error.strerror}", hint=_AGAIN) from error
        try:
            token = _FILE.validate_json(content)
        except ValidationError:
            token = None  # not `from error`: it repeats the content of the file
        if token is None or not 0 < token.signed_in_at < _LAST or not 0 < token.expires_at < _LAST:
            raise SignInError(f"{self.path} is damaged: expected a sign-in of segue", hint=_AGAIN)
        return token

    def _read(self) -> bytes:
        descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            if os.name == "posix":
                self._keep_private(descriptor)
            return file.read()

    def _keep_private(self, descriptor: int) -> None:
        status = os.fstat(descriptor)
        if status.st_uid != os.getuid():
            raise SignInError(
                f"{self.path} belongs to another user (uid {status.st_uid}): not used",
                hint="Remove it, or point SEGUE_CONFIG_DIR to a folder of your own, then run `segue login`.",
            )
        if status.st_mode & 0o077:
            os.fchmod(descriptor, 0o600)

    def save(self, token: Token) -> None:
        """Replace the file in one step.

        Raises
        ------
        StorageError
            When it cannot be written.

        """
        write_private(self.path, json.dumps(asdict(token)).encode())

    def delete(self) -> bool:
        """Remove the file; return whether there was one."""
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StorageError(f"{self.path} cannot be removed: {error.strerror}") from error
        return True

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep every other process and thread that renews this sign-in waiting.

        Raises
        ------
        LockHeldError
            When the lock cannot be had within half a minute.
        StorageError
            When there can be no lock.

        """
        make_private(self.path.parent)
        with lock_file(self.path.with_suffix(".lock")):
            yield
