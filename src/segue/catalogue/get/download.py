"""Fetching one file of a public set: from its hosts alone, resumed where it was cut off, verified at the end.

What has come so far is kept as `NAME.part`, with a note beside it of what the server called it (its ETag); a
later run asks for the rest of just that (`Range`, `If-Range`), and gets it whole where it has changed since.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
from filelock import FileLock, Timeout

from segue.catalogue.get.registry import PublicSet, SetFile
from segue.errors import CatalogueBusyError, DownloadError, StorageError
from segue.files import written_aside
from segue.net import is_loopback_address

TRIES = 5  # in a row without a byte; what brings bytes counts anew
LONGEST_PAUSE_S = 60.0
MAX_REDIRECTS = 5
_TOLERANCE = 0.25  # of the size, where only about right is known
_BLOCK = 1 << 16
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_NOT_THERE = (401, 403, 404, 410)
_BUSY = (408, 429, 500, 502, 503, 504)
_SHA256_DIGITS = 64
_ROOM = 4  # times its size: the file, and the catalogue that it is imported into

Report = Callable[[int, int], None]  # bytes that are there, bytes in total


@dataclass(frozen=True, slots=True)
class Download:
    """How and where to fetch.

    Attributes
    ----------
    folder
        Where the file and its parts are kept.
    report
        Is told how far it is.
    transport
        What sends requests; None for the network.
    pause
        Waits so many seconds.

    """

    folder: Path
    report: Report = lambda _done, _total: None
    transport: httpx.BaseTransport | None = None
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class _Part:
    """What has come so far of a file, and what the server said of it."""

    path: Path
    etag: str = ""
    total: int = 0
    sha256: str = ""

    @property
    def note(self) -> Path:
        return self.path.with_suffix(self.path.suffix + ".json")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def is_whole(self) -> bool:
        return 0 < self.total == self.size

    def load(self) -> "_Part":
        """Return it with what was noted; without a note, nothing that came can be used."""
        try:
            said = json.loads(self.note.read_text("utf-8"))
            return replace(self, etag=str(said["etag"]), total=int(said["total"]), sha256=str(said["sha256"]))
        except (OSError, ValueError, KeyError, TypeError):
            self.drop()
            return self

    def save(self) -> None:
        said = {"etag": self.etag, "total": self.total, "sha256": self.sha256}
        with written_aside(self.note) as draft:
            draft.write_text(json.dumps(said), "utf-8")

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


class _Interrupted(Exception):  # noqa: N818 - only sends the loop round again
    """The server did not answer, was busy, or broke off; another try may bring more."""

    def __init__(self, why: str, *, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.wait_s = wait_s


class _NotThere(Exception):  # noqa: N818 - the next file is tried
    """The server says that there is no such file, or not for everyone."""


def fetch_file(wanted: PublicSet, download: Download) -> Path:
    """Fetch a set into a folder; return the file, which is whole and verified.

    Raises
    ------
    DownloadError
        When no host of the set gives it, or what came is not it. What has come is kept for the next time
        where it can be used.
    StorageError
        When it cannot be kept.
    CatalogueBusyError
        When another process is fetching it.

    """
    missing: list[str] = []
    with (
        _storing(download.folder),
        _alone(wanted, download.folder),
        httpx.Client(transport=download.transport, timeout=_TIMEOUT) as client,
    ):
        for file in wanted.files:
            try:
                return _Fetch(wanted, file, download, client).run()
            except _NotThere as error:
                missing.append(str(error))
    raise DownloadError(
        f"{wanted.name} is not there any more: {'; '.join(missing)}",
        hint=f"Look at {wanted.source}; a file fetched by hand: segue catalogue import FILE",
    )


@contextmanager
def _storing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"cannot keep the download in {folder}: {error.strerror}",
            hint="Make room, or set SEGUE_DATA_DIR to a folder with more; then run the same command: "
            "it goes on where it stopped.",
        ) from error


@contextmanager
def _alone(wanted: PublicSet, folder: Path) -> Iterator[None]:
    """Keep others from writing to the same part."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "lock", timeout=0):
            yield
    except Timeout as error:
        raise CatalogueBusyError(
            f"another process is fetching {wanted.name}", hint="Wait until it is done."
        ) from error


@dataclass(slots=True)
class _Fetch:
    """One file on its way."""

    wanted: PublicSet
    file: SetFile
    download: Download
    client: httpx.Client
    part: _Part = field(init=False)

    def __post_init__(self) -> None:
        name = f"{self.wanted.name}{self.file.suffix}"
        self.part = _Part(self.download.folder / f"{name}.part").load()

    def run(self) -> Path:
        self._check_room()
        tries = 0
        while True:
            before = self.part.size
            try:
                if not self.part.is_whole:
                    self._receive()
                return self._finish()
            except _Interrupted as error:
                tries = 1 if self.part.size > before else tries + 1
                if tries >= TRIES:
                    raise self._error(
                        f"{error}, {TRIES} times in a row", "Check the connection, and run it again later."
                    ) from error
                self.download.pause(
                    min(2.0**tries, LONGEST_PAUSE_S) if error.wait_s is None else error.wait_s
                )

    def _check_room(self) -> None:
        free = shutil.disk_usage(self.download.folder).free
        needed = self.file.size_bytes * _ROOM
        if free < needed:
            raise StorageError(
                f"{self.wanted.name} needs about {needed / 1e6:,.0f} MB, and {self.download.folder} has "
                f"{free / 1e6:,.0f} MB left",
                hint="Make room, or set SEGUE_DATA_DIR to a folder with more.",
            )

    # -- asking ----------------------------------------------------------------------------------------------

    def _receive(self) -> None:
        """Ask for what is missing, and keep what comes."""
        url = self.file.url
        try:
            for _ in range(MAX_REDIRECTS + 1):
                self._check_host(url)
                with self.client.stream("GET", url, headers=self._headers()) as response:
                    if not response.has_redirect_location:
                        self._keep(response)
                        return
                    self._note_checksum(response)
                    url = urljoin(url, response.headers["location"])
        except httpx.HTTPError as error:
            host = urlsplit(url).hostname
            raise _Interrupted(f"{host} did not answer ({error or type(error).__name__})") from error
        except httpx.InvalidURL as error:
            raise self._error(f"{self.file.url} leads to no address that can be used: {error}") from error
        raise self._error(f"{self.file.url} leads on more than {MAX_REDIRECTS} times")

    def _check_host(self, url: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if host not in self.wanted.hosts:
            raise self._error(
                f"{self.file.url} leads to {host or 'no host'}, which is none of the hosts of this set",
                "Nothing was fetched from there. A newer version of segue may know that host.",
            )
        if parts.scheme != "https" and not is_loopback_address(host):
            raise self._error(f"{self.file.url} leads to {host} without encryption (expected https)")

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity", "User-Agent": "segue"}
        if self.part.size and self.part.etag and self.part.size < self.part.total:
            headers |= {"Range": f"bytes={self.part.size}-", "If-Range": self.part.etag}
        return headers

    def _note_checksum(self, response: httpx.Response) -> None:
        """Keep the SHA-256 that the set's own host names for what it leads to, as Hugging Face does."""
        named = response.headers.get("x-linked-etag", "").strip('"').lower()
        if len(named) == _SHA256_DIGITS and all(sign in "0123456789abcdef" for sign in named):
            self.part = replace(self.part, sha256=named)

    # -- what came -------------------------------------------------------------------------------------------

    def _keep(self, response: httpx.Response) -> None:
        self._check_status(response)
        start = self._find_start(response)
        if start == 0:
            self._begin(response)
        with self.part.path.open("r+b" if start else "wb") as file:
            file.seek(start)
            done = start
            for block in response.iter_raw():
                done += len(block)
                if done > self.part.total:
                    file.truncate(0)
                    raise self._error(f"more came than the {self.part.total:,} bytes that were announced")
                file.write(block)
                self.download.report(done, self.part.total)
            file.truncate()
        if done < self.part.total:
            raise _Interrupted(f"the connection broke off at {done:,} of {self.part.total:,} bytes")

    def _check_status(self, response: httpx.Response) -> None:
        status = response.status_code
        if status in _NOT_THERE:
            raise _NotThere(f"{self.file.url} answers {status}")
        if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            self.part.drop()
            raise _Interrupted("the file has changed since")
        if status in _BUSY:
            wait_s = _retry_after_s(response)
            if wait_s is not None and wait_s > LONGEST_PAUSE_S:
                raise self._error(
                    f"{response.url.host} asks to wait {wait_s:,.0f} seconds", "Run it again after that."
                )
            raise _Interrupted(f"{response.url.host} answers {status}", wait_s=wait_s)
        if status not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
            raise self._error(f"expected the file, {response.url.host} answers {status}")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise self._error(f"{response.url.host} sent the file in another form than was asked for")
        if response.headers.get("content-type", "").lower().startswith(("text/html", "application/xhtml")):
            raise self._error(f"expected a data file, {response.url.host} sent a web page")

    def _find_start(self, response: httpx.Response) -> int:
        """Return at which byte of the file the answer starts."""
        if response.status_code == httpx.codes.OK:
            return 0
        expected = f"bytes {self.part.size}-{self.part.total - 1}/{self.part.total}"
        said = response.headers.get("content-range", "")
        if not self.part.size or said != expected:
            self.part.drop()
            raise _Interrupted(f"asked for {expected}, {response.url.host} sent {said or 'no range'}")
        return self.part.size

    def _begin(self, response: httpx.Response) -> None:
        """Check the size that is announced, and note what the server calls the file."""
        try:
            total = int(response.headers.get("content-length", ""))
        except ValueError as error:
            raise self._error(f"{response.url.host} does not say how big the file is") from error
        size = self.file.size_bytes
        if total != size and (self.file.sha256 or abs(total - size) > _TOLERANCE * size):
            about = "" if self.file.sha256 else "about "
            raise self._error(f"expected {about}{size:,} bytes, {response.url.host} announces {total:,}")
        etag = response.headers.get("etag", "")
        self.part.drop()
        self.part = replace(self.part, etag="" if etag.startswith("W/") else etag, total=total)
        self.part.save()

    # -- at the end ------------------------------------------------------------------------------------------

    def _finish(self) -> Path:
        """Verify the file and give it its name."""
        self._check_content()
        path = self.part.path.with_suffix("")
        os.replace(self.part.path, path)  # noqa: PTH105 - whole or not at all
        self.part.drop()
        return path

    def _check_content(self) -> None:
        with self.part.path.open("rb") as file:
            head = file.read(_BLOCK)
        if head.lstrip()[:1] == b"<":
            self.part.drop()
            raise self._error("expected a data file, got a web page or XML")
        expected = self.file.sha256 or self.part.sha256
        if not expected:
            return
        with self.part.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != expected:
            self.part.drop()
            raise self._error(
                f"expected a file of SHA-256 {expected}, got {found}",
                "What came was deleted. It has changed at its source, or was damaged on its way: try again.",
            )

    def _error(self, message: str, hint: str = "") -> DownloadError:
        by_hand = f"By hand: {self.wanted.source}, then segue catalogue import FILE"
        return DownloadError(f"{self.wanted.name}: {message}", hint=hint or by_hand)


def _retry_after_s(response: httpx.Response) -> float | None:
    """Return the seconds that a server asks to wait, given as a number or a date."""
    said = response.headers.get("retry-after", "").strip()
    if said.isdigit():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max((until - datetime.now(UTC)).total_seconds(), 0.0) if until.tzinfo else None
