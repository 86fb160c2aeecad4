"""Any playlist file, whatever it is: its content decides, its name only where the content leaves it open."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath, PureWindowsPath

from segue.errors import PlaylistFormatError, PlaylistTooLongError
from segue.playlists.cleaning import iter_lines
from segue.playlists.csv import read_csv
from segue.playlists.csv_layout import find_layout, is_table
from segue.playlists.decode import MAX_BYTES, decode
from segue.playlists.formats import FORMATS, format_of, get_format, write_playlist
from segue.playlists.json import from_json, parse_json, read_json
from segue.playlists.jspf import from_jspf, is_jspf, read_jspf
from segue.playlists.m3u import read_m3u
from segue.playlists.paths import is_audio_path
from segue.playlists.text import read_text, split_named
from segue.playlists.xspf import read_xspf
from segue.text.strings import clean
from segue.types import Playlist

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "decode",
    "find_format",
    "format_of",
    "get_format",
    "read_playlist",
    "write_playlist",
]

READERS: dict[str, Callable[[str], Playlist]] = {
    "csv": read_csv,
    "m3u": read_m3u,
    "xspf": read_xspf,
    "jspf": read_jspf,
    "json": read_json,
    "text": read_text,
}
_BY_ENDING = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".m3u": "m3u",
    ".m3u8": "m3u",
    ".xspf": "xspf",
    ".jspf": "jspf",
    ".json": "json",
}
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|div|script)\b", re.I | re.DOTALL)
_JSON_START = re.compile(r"\{|\[\s*(?:[\[\{\"\]0-9]|null|$)")


def read_playlist(data: bytes, *, filename: str = "") -> Playlist:
    """Read a playlist in any format and encoding that we know.

    Parameters
    ----------
    data
        The whole file; at most `MAX_BYTES`.
    filename
        Its name, if it has one: helps where the content is ambiguous, and names a list that has no name of
        its own.

    Raises
    ------
    EmptyPlaylistError
        When it holds no tracks.
    PlaylistTooLongError
        When it holds more than `MAX_ENTRIES` entries; the message says how much was given.
    PlaylistFormatError
        When it is no playlist, or a broken one; the message says where.
    InvalidLinkError, InvalidTrackIdError
        When it is a list of links or ids of which most are wrong.

    """
    text = decode(data).removeprefix("\ufeff")
    try:
        playlist = _read(text, filename)
    except PlaylistTooLongError as error:
        lines = text.count("\n") + (not text.endswith("\n"))
        sent = f"{lines:,} lines, {len(data):,} bytes"
        raise PlaylistTooLongError(f"{error.message} ({sent})", hint=error.hint) from error
    return playlist if playlist.name else replace(playlist, name=_stem(filename))


def _read(text: str, filename: str) -> Playlist:
    if _JSON_START.match(text.lstrip()[:2_000]):
        value = parse_json(text)  # once: what it holds tells the two formats apart
        return from_jspf(value) if is_jspf(value) else from_json(value)
    return READERS[find_format(text, filename=filename)](text)


def find_format(text: str, *, filename: str = "") -> str:
    """Return the format of a text: "csv", "m3u", "xspf", "jspf", "json" or "text".

    Raises
    ------
    PlaylistFormatError
        When it is a web page.

    """
    start = text.lstrip("\ufeff \t\r\n")[:2_000]
    by_name = _BY_ENDING.get(PurePath(filename).suffix.lower(), "")
    if _HTML.match(start):
        raise PlaylistFormatError(
            "expected a playlist, got a web page (HTML)",
            hint="A saved page of Spotify does not hold the songs. Select them in Spotify, copy, and paste.",
        )
    return _find_by_markup(start, text) or _find_by_lines(start, text, by_name)


def _find_by_markup(start: str, text: str) -> str:
    """Return the format whose first signs the text bears, or ""."""
    if start.startswith("<") and not start.lower().startswith(("<http", "<spotify:")):
        return "xspf"
    if _JSON_START.match(start):
        return "jspf" if is_jspf(parse_json(text)) else "json"
    if start.upper().startswith("#EXTM3U") or re.search(r"^#EXTINF:", text, re.MULTILINE):
        return "m3u"
    return ""


def _find_by_lines(start: str, text: str, by_name: str) -> str:
    if find_layout(text):
        return "csv"
    if by_name:
        return by_name
    if _is_list_of_files(start):
        return "m3u"
    return "csv" if is_table(text) and not _has_named_lines(start) else "text"


def _has_named_lines(start: str) -> bool:
    return any(split_named(line) for _, line in iter_lines(start))


def _is_list_of_files(start: str) -> bool:
    lines = [line for line in start.splitlines()[:20] if line.strip() and not line.startswith("#")]
    return bool(lines) and all(is_audio_path(line.strip()) for line in lines[:-1] or lines)


def _stem(filename: str) -> str:
    name = PureWindowsPath(filename).name if "\\" in filename else PurePath(filename).name
    return clean(PurePath(name).stem) if name not in ("", "-") else ""
