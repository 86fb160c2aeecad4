"""ReccoBeats: audio features by Spotify id, up to 40 at once, without an account.

`GET /v1/audio-features?ids=A,B` answers `{"content": [{"href": "https://open.spotify.com/track/A", ...}]}`
without those that it does not know. It asks for pauses by 429 and `Retry-After`, and publishes no limits
(https://reccobeats.com/docs).
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from segue.config import RECCOBEATS_URL
from segue.errors import FeatureSourceError, InvalidFeatureError, SettingsError
from segue.features import get_feature
from segue.ids import find_track_id
from segue.net import is_loopback_url
from segue.text.strings import show

NAME = "reccobeats"
HOST = urlsplit(RECCOBEATS_URL).netloc
BATCH = 40
GIVES = (
    *("danceability", "energy", "key", "loudness", "mode", "speechiness", "acousticness"),
    *("instrumentalness", "liveness", "valence", "tempo"),
)
TRIES = 5
LONGEST_PAUSE_S = 600.0
_MAX_BYTES = 1 << 20  # of an answer; 40 tracks take about 16 kB
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_OK, _TOO_MANY, _FAULT = 200, 429, 500
_LATER = "What has come is stored. Later, the same command goes on."


class _PassingError(Exception):
    """Another try may bring the answer, after so many seconds where the server said."""

    def __init__(self, why: str, *, pause_s: float | None = None) -> None:
        super().__init__(why)
        self.pause_s = pause_s


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock and the pause, passed in so that tests need not wait."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class ReccoBeats:
    """Asks ReccoBeats, and no other host: redirects are not followed.

    Parameters
    ----------
    url
        ReccoBeats, or a loopback address for tests.
    timing
        How to wait.
    say
        Is told of pauses.

    """

    def __init__(
        self,
        url: str = RECCOBEATS_URL,
        *,
        timing: Timing | None = None,
        say: Callable[[str], object] = lambda _text: None,
    ) -> None:
        if url != RECCOBEATS_URL and not is_loopback_url(url):
            raise SettingsError(
                f"SEGUE_RECCOBEATS_URL: expected {RECCOBEATS_URL} or a loopback address, got {show(url)}",
                hint="Unset it; it is for tests.",
            )
        self._timing = timing or Timing()
        self._say = say
        self._client = httpx.Client(
            base_url=url,
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=not is_loopback_url(url),
            headers={"User-Agent": "segue", "Accept": "application/json"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def fetch_features(self, track_ids: Sequence[str]) -> dict[str, dict[str, float]]:
        """Return the features of those tracks that ReccoBeats knows, by their Spotify ids; at most 40.

        Raises
        ------
        FeatureSourceError
            When it does not answer, also after a few tries, asks for a long pause, or says something else.

        """
        for attempt in range(1, TRIES + 1):
            try:
                return parse_features(self._ask(track_ids), track_ids)
            except _PassingError as error:
                if attempt == TRIES:
                    raise FeatureSourceError(
                        f"{HOST} {error}, {TRIES} times in a row", hint=_LATER
                    ) from error
                self._wait(error, attempt)
        raise AssertionError  # the last try returns or raises

    def _wait(self, error: _PassingError, attempt: int) -> None:
        pause_s = 2.0**attempt if error.pause_s is None else error.pause_s
        if pause_s > LONGEST_PAUSE_S:
            raise FeatureSourceError(
                f"{HOST} asks for a pause of {pause_s / 60:.0f} minutes", hint=_LATER
            ) from error
        self._say(f"{HOST} {error}; going on in {pause_s:.0f} s")
        self._timing.sleep(pause_s)

    def _ask(self, track_ids: Sequence[str]) -> bytes:
        try:
            with self._client.stream(
                "GET", "/v1/audio-features", params={"ids": ",".join(track_ids)}
            ) as answer:
                self._check_status(answer)
                return _read(answer)
        except httpx.TimeoutException as error:
            raise _PassingError("took too long to answer") from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _PassingError(f"could not be reached, or broke off ({type(error).__name__})") from error

    def _check_status(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status == _OK:
            return
        if status == _TOO_MANY:
            raise _PassingError("asks for a pause", pause_s=self._retry_after_s(answer))
        if status >= _FAULT:
            raise _PassingError(f"has a fault of its own ({status})")
        raise FeatureSourceError(
            f"{HOST} answered with {status} where features were expected",
            hint="Its interface may have changed: update segue. What has come is stored.",
        )

    def _retry_after_s(self, answer: httpx.Response) -> float | None:
        text = answer.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - self._timing.now())
        except (ValueError, OverflowError):
            return None


def parse_features(content: bytes, asked: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return the features of an answer by Spotify id; of tracks that were not asked for, nothing.

    A value that is out of its range is left out.
    """
    try:
        entries = json.loads(content)["content"]
        by_id = {find_track_id(str(entry["href"])): entry for entry in entries}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _PassingError("answered with something that is no list of features") from error
    return {track_id: _parse(by_id[track_id]) for track_id in asked if track_id in by_id}


def _parse(entry: Mapping[str, Any]) -> dict[str, float]:
    known = {}
    for name in GIVES:
        try:
            value = get_feature(name).parse(entry.get(name))
        except InvalidFeatureError:
            continue
        if value == value:  # noqa: PLR0124 - NaN: not known
            known[name] = value
    return known


def _read(answer: httpx.Response) -> bytes:
    content = bytearray()
    for block in answer.iter_bytes():
        content += block
        if len(content) > _MAX_BYTES:
            raise _PassingError("answered with more than a list of features takes")
    return bytes(content)
