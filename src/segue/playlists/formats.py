"""The formats that we write: name, file endings, media type, writer. One table for all who offer them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import Protocol

from segue.errors import PlaylistFormatError
from segue.playlists.csv import write_csv
from segue.playlists.json import write_json
from segue.playlists.jspf import write_jspf
from segue.playlists.m3u import write_m3u
from segue.playlists.text import write_uris
from segue.playlists.xspf import write_xspf
from segue.text.strings import show
from segue.types import Track


class Writer(Protocol):
    """What writes one format."""

    def __call__(self, tracks: Sequence[Track], *, name: str = "") -> str:
        """Return the whole file as text; write it as UTF-8, and let nothing translate its line ends."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `endings` begin with a dot, the usual one first."""

    name: str
    endings: tuple[str, ...]
    media_type: str
    about: str
    write: Writer


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        one.name: one
        for one in (
            Format("csv", (".csv",), "text/csv", "a table with Exportify's columns", write_csv),
            Format("m3u8", (".m3u8", ".m3u"), "audio/x-mpegurl", "for music players", write_m3u),
            Format("xspf", (".xspf",), "application/xspf+xml", "XML for music players", write_xspf),
            Format("jspf", (".jspf",), "application/jspf+json", "XSPF as JSON, for ListenBrainz", write_jspf),
            Format("json", (".json",), "application/json", "everything known, for programs", write_json),
            Format("uris", (".txt", ".uris"), "text/plain", "lines to paste into Spotify", write_uris),
        )
    }
)


def get_format(name: str) -> Format:
    """Return the format of this name.

    Raises
    ------
    PlaylistFormatError
        When there is none; the hint lists those that there are.

    """
    found = FORMATS.get(name.lower())
    if found is None:
        raise PlaylistFormatError(f"unknown format {show(name)}", hint=f"One of: {', '.join(FORMATS)}.")
    return found


def format_of(filename: str) -> str:
    """Return the name of the format that a file of this name is written in.

    Raises
    ------
    PlaylistFormatError
        When its ending is none of ours; the hint lists them.

    """
    ending = PurePath(filename).suffix.lower()
    for one in FORMATS.values():
        if ending in one.endings:
            return one.name
    endings = ", ".join(ending for one in FORMATS.values() for ending in one.endings)
    raise PlaylistFormatError(
        f"the ending of {show(filename)} names no format that can be written",
        hint=f"End it in one of: {endings}",
    )


def write_playlist(tracks: Sequence[Track], fmt: str, *, name: str = "") -> str:
    """Return the tracks in a format, as text to be stored as UTF-8 without translating line ends.

    Parameters
    ----------
    tracks
        In the order of the playlist.
    fmt
        A key of `FORMATS`.
    name
        The name of the playlist, for the formats that carry one (M3U8, XSPF, JSPF, JSON).

    Raises
    ------
    PlaylistFormatError
        When there is no such format.

    """
    return get_format(fmt).write(tracks, name=name)
