"""Answers that a browser keeps, and asks about before it uses them again."""

import functools
import gzip
import hashlib
import mimetypes
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response

# Kept, but asked about each time: nothing is shown that an older segue or another catalogue left behind.
REVALIDATE = "private, no-cache"
KEPT_ANSWERS = 16


@functools.lru_cache(maxsize=KEPT_ANSWERS)
def _compress(data: bytes) -> bytes:
    return gzip.compress(data, 6, mtime=0)


def _accepts_gzip(headers: Headers) -> bool:
    for part in headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _is_known(headers: Headers, tag: str) -> bool:
    given = [one.strip().removeprefix("W/") for one in headers.get("if-none-match", "").split(",")]
    return tag in given or "*" in given


def to_answer(headers: Headers, data: bytes, key: str, media_type: str) -> Response:
    """Return data under the name of its version, compressed where the client reads that, or 304.

    Parameters
    ----------
    headers
        Of the request.
    data, media_type
        What to send, and what it is.
    key
        Another one for other data; letters, digits and hyphens.

    """
    is_small = _accepts_gzip(headers)
    tag = f'"{key}-gzip"' if is_small else f'"{key}"'  # two encodings are two representations
    more = {"etag": tag, "cache-control": REVALIDATE, "vary": "accept-encoding"}
    if _is_known(headers, tag):
        return Response(status_code=304, headers=more)
    if is_small:
        data, more["content-encoding"] = _compress(data), "gzip"
    return Response(data, media_type=media_type, headers=more)


@functools.lru_cache(maxsize=128)
def _digest(path: Path, _stamp: tuple[int, int]) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=12).hexdigest()


def file_answer(headers: Headers, path: Path) -> Response:
    """Return a file under a name that its content gives it; its time may be the same in two versions."""
    status = path.stat()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    key = _digest(path, (status.st_mtime_ns, status.st_size))
    return to_answer(headers, path.read_bytes(), key, media_type)
