"""JSPF, the JSON form of XSPF (https://xspf.org/jspf), with the flavour of ListenBrainz.

Where the XML repeats an element, the JSON may hold a list, or a lone text; both are read. ListenBrainz names
each artist of a track apart, in an extension; that is better than the one text of `creator`.
"""

import json
from collections.abc import Sequence
from typing import Any

from segue.errors import PlaylistFormatError
from segue.playlists.cleaning import duration_of, join_artists
from segue.playlists.entries import EXPECTED_HINT, Entries, Record
from segue.playlists.json import parse_json
from segue.playlists.xspf import ISRC_PREFIX, add_links
from segue.text.durations import read_duration
from segue.text.strings import clean, show
from segue.types import Playlist, Track

_EXTENSION = "https://musicbrainz.org/doc/jspf#track"


def read_jspf(text: str) -> Playlist:
    """Read a JSPF document.

    Raises
    ------
    PlaylistFormatError
        When it is no JSON, or no JSPF.
    EmptyPlaylistError
        When it holds no track.

    """
    return from_jspf(parse_json(text))


def from_jspf(value: Any) -> Playlist:
    """Read JSPF that has been parsed; raises as `read_jspf` does."""
    if not is_jspf(value):
        raise PlaylistFormatError(
            'expected JSPF, which begins with {"playlist": {"track": [...]}}; this JSON is something else',
            hint=EXPECTED_HINT,
        )
    playlist, entries = value["playlist"], Entries("track")
    for number, item in enumerate(_list(playlist.get("track")), start=1):
        if isinstance(item, dict):
            entries.take(_record(item), f"track {number}")
        else:
            got = show(json.dumps(item)[:200])
            error = PlaylistFormatError(f"expected an object, got {got}", hint=EXPECTED_HINT)
            entries.refuse(f"track {number}", error)
    return entries.playlist(name=_text(playlist.get("title")), description=_text(playlist.get("annotation")))


def write_jspf(tracks: Sequence[Track], *, name: str = "") -> str:
    """Return a JSPF document with the same fields as our XSPF."""
    playlist = {"title": clean(name), "track": [_track(track) for track in tracks]}
    return json.dumps({"playlist": playlist}, ensure_ascii=False, indent=2) + "\n"


def is_jspf(value: Any) -> bool:
    """Tell whether a JSON value has the outer form of JSPF."""
    return (
        isinstance(value, dict) and isinstance(value.get("playlist"), dict) and "track" in value["playlist"]
    )


def _track(track: Track) -> dict[str, Any]:
    isrc = [ISRC_PREFIX + track.isrc] if track.isrc else []
    fields = {
        "location": [track.url] if track.url else [],
        "identifier": [track.uri or track.track_id, *isrc],
        "title": clean(track.name),
        "creator": join_artists(track.artists),
        "album": clean(track.album),
        "duration": duration_of(track),
    }
    return {key: value for key, value in fields.items() if value}


def _record(item: dict[str, Any]) -> Record:
    record = Record(
        title=_text(item.get("title")),
        artist=_artists(item) or _text(item.get("creator")),
        album=_text(item.get("album")),
        duration_ms=read_duration(item.get("duration"), unit="ms"),
    )
    return add_links(
        record, identifiers=_texts(item.get("identifier")), locations=_texts(item.get("location"))
    )


def _artists(item: dict[str, Any]) -> str:
    """Return the artists that ListenBrainz names one by one, or ""."""
    value: Any = item.get("extension")
    for key in (_EXTENSION, "additional_metadata"):
        value = value.get(key) if isinstance(value, dict) else None
        value = value[0] if isinstance(value, list) and value else value
    credits_ = _list(value.get("artists")) if isinstance(value, dict) else []
    return join_artists(_text(one.get("artist_credit_name")) for one in credits_ if isinstance(one, dict))


def _texts(value: Any) -> list[str]:
    """Return the texts of a field: a text, a list of texts, or (early drafts) a list of one-key objects."""
    flat = (next(iter(one.values())) if isinstance(one, dict) and one else one for one in _list(value))
    return [text for one in flat if (text := _text(one))]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    return clean(value) if isinstance(value, str) else ""
