"""XSPF, the XML format for playlists (https://xspf.org/spec). Read with defusedxml: no entity is expanded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape  # that of xml.sax brings the whole of HTTP along
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from segue.errors import PlaylistFormatError, PlaylistTooLongError
from segue.ids import is_track_id
from segue.playlists.cleaning import duration_of, join_artists
from segue.playlists.entries import EXPECTED_HINT, MAX_ENTRIES, PART_HINT, Entries, Record
from segue.playlists.paths import read_path
from segue.text.durations import read_duration
from segue.text.isrc import find_isrc
from segue.text.strings import clean, show
from segue.types import Playlist, Track

NAMESPACE = "http://xspf.org/ns/0/"
ISRC_PREFIX = "urn:isrc:"
MAX_TAGS = 25 * MAX_ENTRIES
"""What a file of `MAX_ENTRIES` tracks needs; a tree of more would take gigabytes of memory."""
_NOT_XML = re.compile("[\ufffe\uffff]")  # `clean` removes all else that XML cannot hold


def read_xspf(text: str) -> Playlist:
    """Read an XSPF document, with or without its namespace.

    Raises
    ------
    PlaylistFormatError
        When it is not well formed, declares a document type or entities, or is another kind of XML.
    EmptyPlaylistError
        When it holds no track.

    """
    root = _parse(text)
    if _tag(root) != "playlist":
        raise PlaylistFormatError(
            f"expected XSPF, which begins with <playlist>; this XML begins with {show(f'<{_tag(root)}>')}",
            hint=EXPECTED_HINT,
        )
    entries = Entries("track")
    tracks = [element for child in root if _tag(child) == "trackList" for element in child]
    for number, element in enumerate((one for one in tracks if _tag(one) == "track"), start=1):
        entries.take(_record(element), f"track {number}")
    return entries.playlist(name=_first(root, "title"), description=_first(root, "annotation"))


def write_xspf(tracks: Sequence[Track], *, name: str = "") -> str:
    """Return an XSPF document: link, Spotify URI (or the id) and ISRC as identifiers, names, duration."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<playlist version="1" xmlns="{NAMESPACE}">']
    lines.extend(_element("  ", "title", name))
    lines.append("  <trackList>")
    for track in tracks:
        lines.append("    <track>")
        lines.extend(_elements_of(track))
        lines.append("    </track>")
    lines.extend(("  </trackList>", "</playlist>"))
    return "\n".join(lines) + "\n"


def add_links(record: Record, *, identifiers: Sequence[str], locations: Sequence[str]) -> Record:
    """Return the record of an XSPF or JSPF track with what its links say.

    Where no title is given, the name of the file at the first location may say it.
    """
    of_path = Record()
    if not record.title and locations and "spotify" not in locations[0].lower():
        of_path = read_path(locations[0])
    return replace(
        record,
        links=tuple(text for text in (*identifiers, *locations) if is_track_id(text) or not find_isrc(text)),
        isrc=next((isrc for text in identifiers if (isrc := find_isrc(text))), ""),
        title=record.title or of_path.title,
        artist=record.artist or of_path.artist,
        album=record.album or of_path.album,
    )


def _parse(text: str) -> Element:
    if text.count("<") > MAX_TAGS:
        raise PlaylistTooLongError(f"expected at most {MAX_TAGS:,} XML tags, got more", hint=PART_HINT)
    try:
        root: Element = fromstring(text, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise PlaylistFormatError(
            "the XML declares a document type or entities; no playlist needs them, and they can fill "
            "the memory or read other files, so it is refused",
            hint="Remove the <!DOCTYPE ...> part, or export the playlist anew.",
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        where = getattr(error, "position", None)
        place = f"line {where[0]}, column {where[1] + 1}" if where else "the beginning"
        raise PlaylistFormatError(
            f"the XML is broken at {place}: {str(error).partition(':')[0]}",
            hint="The file may be cut short. Export or download it again.",
        ) from error
    return root


def _record(element: Element) -> Record:
    record = Record(
        title=_first(element, "title"),
        artist=_first(element, "creator"),
        album=_first(element, "album"),
        duration_ms=read_duration(_first(element, "duration"), unit="ms"),
    )
    return add_links(record, identifiers=_all(element, "identifier"), locations=_all(element, "location"))


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _all(element: Element, tag: str) -> list[str]:
    texts = ("".join(child.itertext()) for child in element if _tag(child) == tag)
    return [cleaned for text in texts if (cleaned := clean(text))]


def _first(element: Element, tag: str) -> str:
    return next(iter(_all(element, tag)), "")


def _elements_of(track: Track) -> Iterator[str]:
    indent = " " * 6
    yield from _element(indent, "location", track.url)
    yield from _element(indent, "identifier", track.uri or track.track_id)
    if track.isrc:
        yield from _element(indent, "identifier", ISRC_PREFIX + track.isrc)
    yield from _element(indent, "title", track.name)
    yield from _element(indent, "creator", join_artists(track.artists))
    yield from _element(indent, "album", track.album)
    duration_ms = duration_of(track)
    yield from _element(indent, "duration", "" if duration_ms is None else str(duration_ms))


def _element(indent: str, tag: str, text: str) -> Iterator[str]:
    """Yield one element, or nothing for an empty text."""
    kept = _NOT_XML.sub("", clean(text)).strip()
    if kept:
        # XML readers turn a bare carriage return into a newline; as a reference it stays.
        yield f"{indent}<{tag}>{escape(kept, quote=False).replace(chr(13), '&#13;')}</{tag}>"
