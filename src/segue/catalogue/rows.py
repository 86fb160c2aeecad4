"""A track as a row of the catalogue, and back: what is stored, and what is derived from it."""

import json
import math
import re
import struct
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from segue import names
from segue.catalogue.isrc import find_isrc
from segue.errors import InvalidFeatureError, InvalidTrackIdError
from segue.features import AUDIO, AUDIO_NAMES, POPULARITY, YEAR
from segue.types import Track

TEXT_NAMES = ("name", "artists", "album", "isrc", "release_date", "popularity", "genre")
COLUMN_NAMES = ("track_id", *TEXT_NAMES, *AUDIO_NAMES)
COLUMNS_SQL = ", ".join(COLUMN_NAMES)
# In the order of COLUMN_NAMES. Artists are a JSON list; an unknown text is empty, an unknown number None.
Values = tuple[Any, ...]

PACKED = struct.Struct("<15f5Q")  # 13 features, year, popularity; hashes of track, artist, album, song, ISRC
_FIRST_FEATURE = 1 + len(TEXT_NAMES)
_GENRE = COLUMN_NAMES.index("genre")
_NAN = math.nan
TRACK_ID = re.compile(r"[0-9A-Za-z]{22}")

artist_key = lru_cache(65_536)(names.artist_key)
artist_hash = lru_cache(65_536)(lambda artist: names.hash64(artist_key(artist)))
artists_json = lru_cache(65_536)(lambda artists: json.dumps(artists, ensure_ascii=False))


def check_track(track: Track) -> Track:
    """Return the track with its values checked: missing numbers left out, the ISRC in its one shape.

    Raises
    ------
    InvalidTrackIdError, InvalidFeatureError
        When the id or a number is not sound.

    """
    if not TRACK_ID.fullmatch(track.track_id):
        raise InvalidTrackIdError(f"a track id is 22 letters and digits, got {track.track_id!r}")
    if unknown := set(track.features) - set(AUDIO_NAMES):
        raise InvalidFeatureError(f"{track.track_id}: unknown features {sorted(unknown)}")
    parsed = {feature.name: feature.parse(track.features.get(feature.name)) for feature in AUDIO}
    popularity = POPULARITY.parse(track.popularity)
    return replace(
        track,
        features={name: value for name, value in parsed.items() if not math.isnan(value)},
        popularity=None if math.isnan(popularity) else int(popularity),
        isrc=find_isrc(track.isrc),
    )


def to_values(track: Track) -> Values:
    """Return the stored columns of a track."""
    known = track.features
    return (
        track.track_id,
        track.name,
        artists_json(track.artists) if track.artists else "",
        track.album,
        track.isrc,
        track.release_date,
        track.popularity,
        track.genre,
        *[known.get(name) for name in AUDIO_NAMES],
    )


def to_track(values: Sequence[object]) -> Track:
    """Return the track of stored columns."""
    track_id, name, artists, album, isrc, release_date, popularity, genre = values[:_FIRST_FEATURE]
    found = zip(AUDIO_NAMES, values[_FIRST_FEATURE:], strict=True)
    return Track(
        track_id=str(track_id),
        name=str(name),
        artists=read_artists(str(artists)),
        album=str(album),
        isrc=str(isrc),
        release_date=str(release_date),
        popularity=popularity if isinstance(popularity, int) else None,
        genre=str(genre),
        features={key: value for key, value in found if isinstance(value, float)},
    )


def read_artists(stored: str) -> tuple[str, ...]:
    """Return the names in the stored JSON; none for an empty text."""
    return tuple(json.loads(stored)) if stored else ()


def merge(old: Values, new: Values) -> Values:
    """Return the row after an update: what is newly known wins, and a known value never becomes missing.

    Genres add up, since common data sets repeat a track once for each of its genres.
    """
    merged = [after if after not in (None, "") else before for before, after in zip(old, new, strict=True)]
    merged[_GENRE] = _add_genres(str(old[_GENRE]), str(new[_GENRE]))
    return tuple(merged)


def _add_genres(old: str, new: str) -> str:
    if not old or not new or old == new:
        return new or old
    known = old.split("; ")
    return "; ".join(known + [genre for genre in new.split("; ") if genre not in known])


def derive(values: Values) -> tuple[int, bytes]:
    """Return the song hash as a signed integer, which SQLite can hold, and the packed numbers of a row."""
    track_id, name, stored_artists, album, isrc, date, popularity = values[: _FIRST_FEATURE - 1]
    first = first_artist(str(stored_artists))
    artist = artist_key(first) if first else ""
    title = names.title_key(str(name)) if name else ""
    song = names.hash64(f"{artist}\t{title}") if artist and title else 0
    folded_album = fold(str(album)) if album else ""
    album_hash = names.hash64(f"{artist}\t{folded_album}") if artist and folded_album else 0
    year = str(date)[:4]
    dated = len(year) == 4 and year.isdecimal() and YEAR.low <= int(year) <= YEAR.high
    packed = PACKED.pack(
        *[_NAN if value is None else value for value in values[_FIRST_FEATURE:]],
        float(year) if dated else _NAN,
        _NAN if popularity is None else popularity,
        names.hash64(str(track_id)),
        artist_hash(first) if first else 0,
        album_hash,
        song,
        names.hash64(str(isrc)),
    )
    return to_signed(song), packed


@lru_cache(65_536)
def first_artist(stored: str) -> str:
    """Return the first name of the stored JSON; empty when there is none."""
    return read_artists(stored)[0] if stored else ""


fold = lru_cache(65_536)(names.fold)


@lru_cache(65_536)
def _folded_artists(stored: str) -> str:
    return names.fold(" ".join(read_artists(stored)))


def search_words(name: str, stored_artists: str) -> str:
    """Return the text that search looks in: title and artists, folded."""
    return f"{names.fold(name)} {_folded_artists(stored_artists)}"


def to_signed(hashed: int) -> int:
    """Return an unsigned 64-bit hash as the signed integer of the same bits."""
    return hashed - (1 << 64) if hashed >= 1 << 63 else hashed
