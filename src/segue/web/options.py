"""What one server is told when it starts: where to listen, whom to let in, how much to take on."""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from pathlib import Path

from segue.errors import SettingsError
from segue.net import is_loopback_host

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
MIN_TOKEN_LENGTH = 16
OPEN_RATE = 20.0
MOST_WORKERS = 4  # more would wait for Python's lock


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """The bearer tokens that a server accepts. Only digests are kept, and none is ever shown."""

    digests: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.digests)

    def __repr__(self) -> str:
        return f"Tokens({len(self.digests)} of them)"

    def accept(self, token: str) -> bool:
        """Tell whether this is one of the tokens; takes the same time for any wrong one."""
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        matches = [
            hmac.compare_digest(digest, known) for known in self.digests
        ]  # all, however early one fits
        return any(matches)

    @classmethod
    def read(cls, path: Path) -> "Tokens":
        """Read a file of tokens, one a line; empty lines and lines that start with "#" are skipped.

        Raises
        ------
        SettingsError
            When the file cannot be read, holds no token, or one that is too short to be safe.

        """
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"the token file {path} cannot be read: {error}",
                hint="Give a text file with one token a line.",
            ) from error
        tokens = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
        if not tokens:
            raise SettingsError(
                f"the token file {path} holds no token",
                hint='Make one: python -c "import secrets; print(secrets.token_urlsafe(32))"',
            )
        short = [token for token in tokens if len(token) < MIN_TOKEN_LENGTH]
        if short:
            raise SettingsError(
                f"the token file {path}: expected at least {MIN_TOKEN_LENGTH} characters a token, "
                f"got one of {len(short[0])}",
                hint='Make one: python -c "import secrets; print(secrets.token_urlsafe(32))"',
            )
        return cls(tuple(hashlib.sha256(token.encode()).digest() for token in tokens))


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How a server behaves. The defaults suit one person on their own machine.

    Parameters
    ----------
    host, port
        Where to listen. Port 0 picks a free one.
    token_file
        A file of bearer tokens; needed when `host` is not loopback.
    allowed_hosts
        Further names that a request's Host header may carry (a reverse proxy's public name).
    cors_origins
        Origins whose pages may call the API; none by default.
    rate_limit
        Requests a second that one client may make, with four seconds' worth in a burst; 0 for no limit; None
        for no limit on loopback, and 20 elsewhere.
    queue_limit
        Recommendations that may wait; what goes beyond is refused at once with 503.
    max_under_way
        Requests of any kind that may be under way; what goes beyond is refused at once with 503.
    max_batch
        Recommendations that are worked out together when they wait together.
    workers
        Threads that work out recommendations, each on one core; as many as there are cores, up to 4.
    max_body
        Bytes that a request may carry: a playlist as large as one is read, and what is around it.
    max_large
        Requests with more than 4 MiB that may be under way; what goes beyond is refused at once with 503.
    body_timeout, answer_timeout, match_timeout
        Seconds to wait for a request's body (more while a large one comes at a good rate), for our own
        answer, and for a playlist to be matched.
    header_timeout
        Seconds in which the headers of a request must have come, counted from the connection or from the end
        of the answer before; a connection without them is closed.
    max_connections
        Connections that are kept open at once; None for what the limit on open files leaves.

    """

    host: str = "127.0.0.1"
    port: int = 8765
    token_file: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    rate_limit: float | None = None
    queue_limit: int = 128
    max_under_way: int = 600
    max_batch: int = 16
    workers: int = field(default_factory=lambda: min(os.cpu_count() or 1, MOST_WORKERS))
    max_body: int = 24 * 1024 * 1024
    max_large: int = 8
    body_timeout: float = 15.0
    answer_timeout: float = 30.0
    match_timeout: float = 120.0
    header_timeout: float = 15.0
    max_connections: int | None = None

    def check(self) -> "ServeOptions":
        """Return these options when they can be served.

        Raises
        ------
        SettingsError
            When a server would be open to others without a token, or a number makes no sense.

        """
        if not is_loopback_host(self.host) and self.token_file is None:
            raise SettingsError(
                f"{self.host} can be reached from other machines, and no token file was given",
                hint="Give --token-file FILE with one token a line, or listen on 127.0.0.1.",
            )
        if not 0 <= self.port <= 65_535:
            raise SettingsError(f"port: expected 0 to 65535, got {self.port}")
        if self.rate_limit is not None and self.rate_limit < 0:
            raise SettingsError(f"rate limit: expected 0 (none) or more a second, got {self.rate_limit:g}")
        for name in ("queue_limit", "max_under_way", "max_batch", "workers", "max_body", "max_large"):
            if getattr(self, name) < 1:
                raise SettingsError(
                    f"{name.replace('_', ' ')}: expected 1 or more, got {getattr(self, name)}"
                )
        return self

    @property
    def rate(self) -> float:
        """Requests a second that one client may make; 0 for no limit."""
        if self.rate_limit is not None:
            return self.rate_limit
        return 0.0 if is_loopback_host(self.host) else OPEN_RATE

    @property
    def host_names(self) -> frozenset[str]:
        """Every name under which a request may ask for this server, in lower case, without a port."""
        return (
            LOOPBACK_NAMES | {self.host.strip("[]").lower()} | {name.lower() for name in self.allowed_hosts}
        )
