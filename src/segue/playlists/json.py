"""JSON: what segue writes, and what is near it: lists of ids, links or tracks, Spotify's own export.

A track is an object with keys that mean the same as the columns of a CSV file (`columns.py`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from segue.errors import PlaylistFormatError
from segue.playlists.cleaning import count, features_of, join_artists, listed
from segue.playlists.columns import Columns
from segue.playlists.entries import EXPECTED_HINT, Entries, Record
from segue.text.strings import clean, show
from segue.types import Playlist, Track

FORMAT = "segue-playlist"
VERSION = 1  # of the file, which readers of older exports look at
SCHEMA = 1  # of every object that commands print, and of a track in all of them
_LIST_KEYS = ("tracks", "items", "entries", "songs", "seeds")


def read_json(text: str) -> Playlist:
    """Read our own JSON, a list of ids or links, or any object with a list of tracks.

    Raises
    ------
    PlaylistFormatError
        When it is no JSON, holds several playlists, or no list of tracks.
    InputError
        Of the kind of the first fault, when more entries are broken than are tracks.
    EmptyPlaylistError
        When the list is empty.

    """
    return from_json(parse_json(text))


def from_json(value: Any) -> Playlist:
    """Read JSON that has been parsed; raises as `read_json` does."""
    value = _only_playlist(value)
    tracks = _find_tracks(value)
    if tracks is None:
        raise PlaylistFormatError(
            f"the JSON holds no list of tracks; {_describe(value)}",
            hint='Expected {"tracks": [...]}, a list of track ids or links, or JSPF.',
        )
    entries = Entries("track")
    for number, item in enumerate(tracks, start=1):
        place = f"track {number}"
        record = _record(item)
        if record is None:
            got = show(json.dumps(item, ensure_ascii=True)[:200])
            message = f"expected an object, or a text with an id or link, got {got}"
            entries.refuse(place, PlaylistFormatError(message, hint=EXPECTED_HINT))
        else:
            entries.take(record, place)
    named = value if isinstance(value, dict) else {}
    return entries.playlist(name=_text(named.get("name")), description=_text(named.get("description")))


def write_json(tracks: Sequence[Track], *, name: str = "") -> str:
    """Return `{"format", "version", "schema", "name", "tracks"}`; each track as `track_to_json` gives it."""
    value = {
        "format": FORMAT,
        "version": VERSION,
        "schema": SCHEMA,
        "name": clean(name),
        "tracks": [track_to_json(track) for track in tracks],
    }
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def track_to_json(track: Track) -> dict[str, Any]:
    """Return a track as plain values, the same for commands, files and the HTTP API.

    Every key is always there, those of the 13 features too, and null means not known; `uri` and `url` are
    null for a track without a Spotify id.
    """
    return {
        "track_id": track.track_id,
        "uri": track.uri or None,
        "url": track.url or None,
        "name": clean(track.name),
        "artists": [clean(artist) for artist in track.artists],
        "album": clean(track.album) or None,
        "isrc": clean(track.isrc) or None,
        "release_date": clean(track.release_date) or None,
        "year": track.year,
        "popularity": track.popularity,
        "genre": clean(track.genre) or None,
        "features": features_of(track),
    }


def parse_json(text: str) -> Any:
    """Return the value of a JSON text.

    Raises
    ------
    PlaylistFormatError
        When it is not well formed (line and column are named), too deeply nested, or holds a number that is
        too long.

    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise PlaylistFormatError(
            f"the JSON is broken at line {error.lineno}, column {error.colno}: {error.msg}",
            hint="The file may be cut short. Export or download it again.",
        ) from error
    except (RecursionError, ValueError) as error:
        raise PlaylistFormatError(
            "the JSON is too deeply nested, or holds a number too long to read", hint=EXPECTED_HINT
        ) from error


def _only_playlist(value: Any) -> Any:
    """Return the one playlist of Spotify's data export (`{"playlists": [...]}`), or the value itself."""
    playlists = value.get("playlists") if isinstance(value, dict) else None
    if not isinstance(playlists, list) or not playlists:
        return value
    if len(playlists) > 1:
        names = [_text(one.get("name")) for one in playlists if isinstance(one, dict)]
        raise PlaylistFormatError(
            f"the file holds {count(len(playlists), 'playlist')}: {listed([name for name in names if name])}",
            hint="Give one: keep a single entry of its list of playlists.",
        )
    return playlists[0]


def _find_tracks(value: Any) -> list[Any] | None:
    """Return the list of tracks in a value: the list itself, or under one of the usual keys."""
    for _ in range(3):  # {"playlist": {"tracks": {"items": [...]}}} is as deep as it gets
        if isinstance(value, list):
            return value
        if not isinstance(value, dict):
            return None
        value = next((value[key] for key in _LIST_KEYS if isinstance(value.get(key), list | dict)), None)
    return value if isinstance(value, list) else None


def _record(item: Any) -> Record | None:
    if isinstance(item, str):
        return Record(links=(item,))
    if not isinstance(item, dict):
        return None
    inner = next((item[key] for key in ("track", "item") if isinstance(item.get(key), dict)), item)
    fields = dict(_iter_fields(inner))
    return Columns.find(fields).record(list(fields.values()))


def _iter_fields(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield key and text of every field that is, or holds in a usual way, a text or number."""
    for key, value in item.items():
        if key == "external_ids" and isinstance(value, dict):
            yield "isrc", _text(value.get("isrc"))
        elif key == "features" and isinstance(value, dict):
            yield "duration_ms", _text(value.get("duration_ms"))
        elif isinstance(value, list):
            yield key, join_artists(_text(one) for one in value)
        else:
            yield key, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean(str(value))


def _describe(value: Any) -> str:
    if isinstance(value, dict):
        return f"its keys are {listed(list(value))}" if value else "it is an empty object"
    return f"it is only {show(json.dumps(value)[:200])}"
