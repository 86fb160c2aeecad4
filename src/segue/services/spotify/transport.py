"""How a request gets to Spotify: a chain of senders, each with one duty.

`SpotifyClient` hands a request to `auth.BearerSender` (adds the token, refreshes it once), which hands it to
`RetrySender` (waits and repeats, within bounds), which hands it to `HttpSender` (counts, and sends it over
httpx). The accounts service is reached through the last two alone.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit

import httpx

from segue.errors import SettingsError, SpotifyUnreachableError
from segue.net import is_loopback_url
from segue.services.protocol import Notify, say_nothing
from segue.services.spotify import responses

TRIES = 5
LONGEST_PAUSE_S = 60.0
PAUSES_IN_ALL_S = 180.0
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as data. Bodies and headers can hold secrets, so `repr` leaves them out.

    `repeatable` says that sending it twice does no more than sending it once.
    """

    method: Literal["GET", "POST"]
    path: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    body: object = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    repeatable: bool = True

    def with_header(self, name: str, value: str) -> "Request":
        """Return the same request with one header more."""
        return replace(self, headers={**self.headers, name: value})


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. The body of a token answer is a secret, so `repr` leaves it out."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes = field(default=b"", repr=False)


class Sender(Protocol):
    """What takes a request and brings its answer."""

    def send(self, request: Request) -> Response:
        """Send the request.

        Raises
        ------
        SpotifyUnreachableError
            When no answer came.

        """
        ...


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock and the pause, passed in so that tests need not wait."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class Counter:
    """Counts the requests of one run, over both hosts."""

    def __init__(self) -> None:
        self.requests = 0


class HttpSender:
    """Sends to one host and to no other: redirects are not followed."""

    def __init__(self, base_url: str, *, counter: Counter | None = None) -> None:
        self._base_url = base_url
        self._counter = counter or Counter()
        self._opened: httpx.Client | None = None

    def _client(self) -> httpx.Client:
        """Return the connections; made when first needed, since reading the certificates takes a while."""
        if self._opened is None:
            self._opened = httpx.Client(
                base_url=self._base_url,
                timeout=_TIMEOUT,
                follow_redirects=False,
                trust_env=not is_loopback_url(self._base_url),
                headers={"User-Agent": "segue", "Accept": "application/json"},
            )
        return self._opened

    def send(self, request: Request) -> Response:
        """Send the request once.

        Raises
        ------
        SpotifyUnreachableError
            When no answer came; `may_have_arrived` tells whether Spotify may have acted on it.

        """
        self._counter.requests += 1
        client = self._client_here()
        try:
            answer = client.request(
                request.method,
                request.path,
                params=request.params,
                json=request.body,
                data=request.form,
                headers=request.headers,
            )
        except (UnicodeError, httpx.InvalidURL) as error:
            raise SettingsError(
                f"the request to {urlsplit(self._base_url).netloc} cannot be sent ({type(error).__name__})",
                hint="Check HTTPS_PROXY and ALL_PROXY; and sign in again with `segue login`.",
            ) from None  # what cannot be sent can be a token
        except _NEVER_SENT as error:
            raise _no_answer(self._base_url, error, may_have_arrived=False) from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _no_answer(self._base_url, error, may_have_arrived=True) from error
        return Response(answer.status_code, answer.headers, answer.content)

    def _client_here(self) -> httpx.Client:
        try:
            return self._client()
        except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
            raise SettingsError(
                f"no connection can be set up: {error}",
                hint="Check HTTPS_PROXY and ALL_PROXY (http://HOST:PORT; socks5:// needs `pip install "
                "httpx[socks]`), and that the file in SSL_CERT_FILE exists.",
            ) from error

    def close(self) -> None:
        """Close the connections."""
        if self._opened:
            self._opened.close()


def _no_answer(url: str, error: Exception, *, may_have_arrived: bool) -> SpotifyUnreachableError:
    what = "took too long to answer" if isinstance(error, httpx.TimeoutException) else "could not be reached"
    if may_have_arrived and not isinstance(error, httpx.TimeoutException):
        what = "broke off its answer"
    return SpotifyUnreachableError(
        f"{urlsplit(url).netloc} {what} ({type(error).__name__})",
        may_have_arrived=may_have_arrived,
        hint="Check the connection to the internet and try again; `segue doctor` looks closer.",
    )


class RetrySender:
    """Repeats what may be repeated, and waits when Spotify asks for it: a few times, and not for long."""

    def __init__(self, inner: Sender, *, timing: Timing | None = None, notify: Notify = say_nothing) -> None:
        self._inner = inner
        self._timing = timing or Timing()
        self._notify = notify
        self._waited_s = 0.0

    def send(self, request: Request) -> Response:
        """Send until an answer comes that is no passing fault.

        A pause that Spotify asks for (429) is taken for every request, since Spotify did not act on it. A
        fault of Spotify or of the connection is tried again only for a request that may arrive twice.

        Raises
        ------
        SpotifyLimitError
            When the pause is too long, or there were too many.
        SpotifyUnreachableError
            When no answer came, also after the last try.

        """
        for attempt in range(1, TRIES):
            pause_s = self._try(request, attempt)
            if isinstance(pause_s, Response):
                return pause_s
            self._wait(pause_s)
        response = self._inner.send(request)
        if response.status == 429:
            raise responses.limit_error(_retry_after_s(response, self._timing.now()), self._timing.now())
        return response

    def _try(self, request: Request, attempt: int) -> Response | float:
        """Send once; return the answer, or for how many seconds to wait before the next try."""
        backoff_s = 2.0 ** (attempt - 1)
        try:
            response = self._inner.send(request)
        except SpotifyUnreachableError as error:
            if error.may_have_arrived and not request.repeatable:
                raise
            self._notify(f"{error.message}; trying again in {backoff_s:.0f} s")
            return backoff_s
        if response.status == 429:
            return self._pause_asked_for(response, backoff_s)
        if response.status >= 500 and request.repeatable:
            self._notify(
                f"Spotify has a fault of its own ({response.status}); trying again in {backoff_s:.0f} s"
            )
            return backoff_s
        return response

    def _pause_asked_for(self, response: Response, backoff_s: float) -> float:
        asked_s = _retry_after_s(response, self._timing.now())
        pause_s = backoff_s if asked_s is None else float(asked_s)
        too_long = pause_s > LONGEST_PAUSE_S or self._waited_s + pause_s > PAUSES_IN_ALL_S
        if responses.is_quota(response.content) or too_long:
            raise responses.limit_error(
                asked_s, self._timing.now(), quota=responses.is_quota(response.content)
            )
        self._notify(f"Spotify asks for a pause of {pause_s:.0f} s; going on after it")
        return pause_s

    def _wait(self, seconds: float) -> None:
        self._waited_s += seconds
        self._timing.sleep(seconds)


def _retry_after_s(response: Response, now: float) -> int | None:
    """Read `Retry-After`: seconds or an HTTP date; None when it is absent or makes no sense."""
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    try:
        return max(0, round(parsedate_to_datetime(text).timestamp() - now))
    except (ValueError, OverflowError):
        return None
