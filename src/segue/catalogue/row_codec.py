"""A track as a row of the catalogue, and back: what is stored, and what is derived from it."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

import numpy as np

from segue.errors import InvalidFeatureError, InvalidTrackIdError
from segue.features import AUDIO, AUDIO_NAMES, POPULARITY, YEAR
from segue.ids import ID_HINT, is_track_id
from segue.text.isrc import find_isrc
from segue.text.song_keys import artist_key, fold, hash64, title_key
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


@dataclass(frozen=True, slots=True)
class Derived:
    """What a catalogue stores of rows besides their values, each in the order of the rows.

    Attributes
    ----------
    songs
        The song hash, signed as SQLite has integers.
    packed
        The packed numbers.
    words
        The text that search looks in.

    """

    songs: Sequence[int]
    packed: Sequence[bytes]
    words: Sequence[str]

    def of(self, indices: Sequence[int]) -> Self:
        """Return the same of some of the rows."""
        if len(indices) == len(self.songs):
            return self
        return type(self)(
            [self.songs[index] for index in indices],
            [self.packed[index] for index in indices],
            [self.words[index] for index in indices],
        )


def derive(rows: Sequence[Values]) -> Derived:
    """Return what is derived from rows."""
    if not rows:
        return Derived([], [], [])
    ids, names, artists, albums, isrcs, dates, popularities, _, *features = zip(*rows, strict=True)
    table = np.zeros(len(rows), PACKED)
    numbers, hashes = table["numbers"], table["hashes"]
    for place, column in enumerate((*features, list(map(_year, dates)), popularities)):
        numbers[:, place] = np.array(column, np.float64)
    keys = list(map(_first_artist_key, artists))
    songs = [
        f"{key}\t{title}" if key and name and (title := title_key(name)) else ""
        for key, name in zip(keys, names, strict=True)
    ]
    album_hashes = [
        _hash_album(key, album) if key and album else 0 for key, album in zip(keys, albums, strict=True)
    ]
    song_hashes = list(map(hash64, songs))
    columns = (map(hash64, ids), map(_hash, keys), album_hashes, song_hashes, map(hash64, isrcs))
    for place, hashed in enumerate(columns):
        hashes[:, place] = np.fromiter(hashed, np.uint64, len(rows))
    data, size = table.tobytes(), PACKED.itemsize
    return Derived(
        songs=list(map(to_signed, song_hashes)),
        packed=[data[start : start + size] for start in range(0, len(data), size)],
        words=list(map(search_words, names, artists)),
    )


@lru_cache(16_384)
def _year(date: str) -> float:
    year = date[:4]
    return (
        float(year)
        if len(year) == 4 and year.isdecimal() and YEAR.low <= int(year) <= YEAR.high
        else math.nan
    )


_hash = lru_cache(65_536)(hash64)


@lru_cache(65_536)
def _hash_album(artist: str, album: str) -> int:
    folded = fold(album)
    return hash64(f"{artist}\t{folded}") if folded else 0


@lru_cache(65_536)
def _first_artist_key(stored: str) -> str:
    """Return the key of the first name in the stored JSON; empty when there is none."""
    return artist_key(read_artists(stored)[0]) if stored else ""


@lru_cache(65_536)
def _folded_artists(stored: str) -> str:
    return fold(" ".join(read_artists(stored)))


def search_words(name: str, stored_artists: str) -> str:
    """Return the text that search looks in: title and artists, folded."""
    return f"{fold(name)} {_folded_artists(stored_artists)}"


def to_signed(hashed: int) -> int:
    """Return an unsigned 64-bit hash as the signed integer of the same bits."""
    return hashed - (1 << 64) if hashed >= 1 << 63 else hashed
