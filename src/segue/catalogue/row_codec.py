"""A track as a row of the catalogue, and back: what is stored, and what is derived from it."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from segue.errors import InvalidFeatureError, InvalidTrackIdError
from segue.features import AUDIO, AUDIO_NAMES, POPULARITY, YEAR
from segue.ids import ID_HINT, is_track_id
from segue.text import song_keys
from segue.text.isrc import find_isrc
from segue.types import Track

TEXT_NAMES = ("name", "artists", "album", "isrc", "release_date", "popularity", "genre")
COLUMN_NAMES = ("track_id", *TEXT_NAMES, *AUDIO_NAMES)
COLUMNS_SQL = ", ".join(COLUMN_NAMES)
# In the order of COLUMN_NAMES. Artists are a JSON list; an unknown text is empty, an unknown number None.
Values = tuple[Any, ...]

# 13 features, year, popularity; hashes of track, first artist, album, song, ISRC.
PACKED = np.dtype([("numbers", "<f4", len(AUDIO_NAMES) + 2), ("hashes", "<u8", 5)])
_FIRST_FEATURE = 1 + len(TEXT_NAMES)
_GENRE = COLUMN_NAMES.index("genre")
_DATE = COLUMN_NAMES.index("release_date")
_POPULARITY = COLUMN_NAMES.index("popularity")

artists_json = lru_cache(65_536)(lambda artists: json.dumps(artists, ensure_ascii=False))


def check_track(track: Track) -> Track:
    """Return the track with its values checked: missing numbers left out, the ISRC in its one shape.

    Raises
    ------
    InvalidTrackIdError, InvalidFeatureError
        When the id or a number is not sound.

    """
    if not is_track_id(track.track_id):
        raise InvalidTrackIdError(
            f"a track id is 22 letters and digits, or such as isrc:GBUM71029604; got {track.track_id!r}",
            hint=ID_HINT,
        )
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


def derive(rows: Sequence[Values]) -> tuple[list[int], list[bytes]]:
    """Return for each row the song hash, signed as SQLite has integers, and the packed numbers."""
    table = np.zeros(len(rows), PACKED)
    numbers, hashes = table["numbers"], table["hashes"]
    numbers[:, : len(AUDIO_NAMES)] = np.array([values[_FIRST_FEATURE:] for values in rows], np.float64)
    numbers[:, -2] = [_year(values[_DATE]) for values in rows]
    numbers[:, -1] = np.array([values[_POPULARITY] for values in rows], np.float64)
    hashed = [_hash_names(values) for values in rows]
    hashes[:] = np.array(hashed, np.uint64)
    data = table.tobytes()
    size = PACKED.itemsize
    songs = [to_signed(song) for _, _, _, song, _ in hashed]
    return songs, [data[start : start + size] for start in range(0, len(data), size)]


def _hash_names(values: Values) -> tuple[int, int, int, int, int]:
    """Return the hashes of track, first artist, album, song and ISRC."""
    track_id, name, stored_artists, album, isrc = values[:5]
    artist = _first_artist_key(stored_artists)
    title = song_keys.title_key(name) if name and artist else ""
    return (
        song_keys.hash64(track_id),
        _hash(artist),
        _hash_album(artist, album) if artist and album else 0,
        song_keys.hash64(f"{artist}\t{title}") if title else 0,
        song_keys.hash64(isrc),
    )


@lru_cache(16_384)
def _year(date: str) -> float:
    year = date[:4]
    return (
        float(year)
        if len(year) == 4 and year.isdecimal() and YEAR.low <= int(year) <= YEAR.high
        else math.nan
    )


_hash = lru_cache(65_536)(song_keys.hash64)


@lru_cache(65_536)
def _hash_album(artist: str, album: str) -> int:
    folded = song_keys.fold(album)
    return song_keys.hash64(f"{artist}\t{folded}") if folded else 0


@lru_cache(65_536)
def _first_artist_key(stored: str) -> str:
    """Return the key of the first name in the stored JSON; empty when there is none."""
    return song_keys.artist_key(read_artists(stored)[0]) if stored else ""


@lru_cache(65_536)
def _folded_artists(stored: str) -> str:
    return song_keys.fold(" ".join(read_artists(stored)))


def search_words(name: str, stored_artists: str) -> str:
    """Return the text that search looks in: title and artists, folded."""
    return f"{song_keys.fold(name)} {_folded_artists(stored_artists)}"


def to_signed(hashed: int) -> int:
    """Return an unsigned 64-bit hash as the signed integer of the same bits."""
    return hashed - (1 << 64) if hashed >= 1 << 63 else hashed
