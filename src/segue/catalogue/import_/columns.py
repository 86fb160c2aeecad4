"""What public data sets call the fields of a track. The only copy of that knowledge, but for `headings`.

Names are compared without case, spaces, underscores and other signs, so "Track Name" is "track_name". Nested
JSON is read as joined names: `{"album": {"name": ...}}` is "album_name".
"""

import re
from collections.abc import Mapping, Sequence

from segue.errors import ImportFormatError
from segue.features import AUDIO_NAMES
from segue.text.column_names import ALBUMS, ARTISTS, TITLES
from segue.text.song_keys import fold

# Ours -> theirs, best first. "track_id" stands for an id, a URI or a link alike.
_ALIASES: dict[str, tuple[str, ...]] = {
    "track_id": (
        "track_id", "spotify_track_id", "spotify_id", "track_uri", "spotify_track_uri", "spotify_uri", "uri",
        "track_url", "spotify_track_url", "spotify_url", "spotify_link", "track_link", "url", "track_href",
        "song_id", "song_uri", "external_urls_spotify", "id", "audio_features_id",
    ),
    "name": ("name", "track_name", "title", "track_title", "song_name", "song_title", "song", "track"),
    "artists": (
        "artists", "artist", "artist_name", "artist_names", "track_artist", "track_artists", "artist_name_s",
        "artists_name", "artists_names", "performer", "artist_s_name", "artists_song",
    ),
    "album": ("album", "album_name", "track_album_name", "album_title", "release_name"),
    "isrc": ("isrc", "track_isrc", "external_ids_isrc", "isrc_code"),
    "release_date": (
        "release_date", "album_release_date", "track_album_release_date", "track_release_date", "released",
        "date_released",
    ),
    "year": ("year", "release_year", "released_year", "album_release_year", "year_released", "album_year"),
    "popularity": ("popularity", "track_popularity", "song_popularity"),
    "genre": (
        "genre", "track_genre", "genres", "playlist_genre", "artist_genres", "top_genre", "main_genre",
    ),
    "duration_ms": (
        "duration_ms", "track_duration_ms", "song_duration_ms", "length_ms", "audio_features_duration_ms",
    ),
    "duration_s": ("duration_s", "duration_sec", "duration_seconds", "length_s", "length_sec"),
    "duration_min": ("duration_min", "duration_mins", "duration_minutes", "length_min"),
    "duration": ("duration", "track_duration", "length"),
}  # fmt: skip
_OTHER_FEATURE_NAMES = {"loudness": ("loudness_db",), "tempo": ("tempo_bpm", "bpm")}
_ALIASES |= {
    feature: (
        feature,
        f"audio_features_{feature}",
        f"track_{feature}",
        *_OTHER_FEATURE_NAMES.get(feature, ()),
    )
    for feature in AUDIO_NAMES
    if feature != "duration_ms"
}
for _field, _words in (("name", TITLES), ("artists", ARTISTS), ("album", ALBUMS)):
    _ALIASES[_field] += tuple(spelling for word in _words for spelling in (word, fold(word)))
FIELDS: tuple[str, ...] = tuple(_ALIASES)


def squeeze(name: str) -> str:
    """Return a column name without case and signs.

    >>> squeeze("Track Duration (ms)")
    'trackdurationms'
    """
    return re.sub(r"[\W_]+", "", name).lower()


_BY_SQUEEZED = {
    squeeze(alias): (field, priority)
    for field, aliases in reversed(_ALIASES.items())
    for priority, alias in enumerate(aliases)
}


def find_field(column: str) -> str | None:
    """Return our name of their column, or None when it is none that we know."""
    known = _BY_SQUEEZED.get(squeeze(column))
    return known[0] if known else None


def check_mapping(mapping: Mapping[str, str]) -> dict[str, str]:
    """Return a mapping theirs -> ours in our spelling; an empty "ours" means: leave the column out.

    Raises
    ------
    ImportFormatError
        When one of ours is no field of a track.

    """
    checked = {}
    for theirs, ours in mapping.items():
        field = find_field(ours) if ours.strip() else ""
        if field is None:
            raise ImportFormatError(
                f"--map {theirs}={ours}: a track has no field {ours!r}", hint=f"One of: {', '.join(FIELDS)}."
            )
        checked[squeeze(theirs)] = field
    return checked


def find_sources(columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, list[int]]:
    """Return for each of our fields the places of the columns that may fill it, best first.

    Parameters
    ----------
    columns
        Their names in the file.
    mapping
        From `check_mapping`; it goes before what we know ourselves.

    """
    found: dict[str, list[tuple[int, int]]] = {}
    for place, column in enumerate(columns):
        squeezed = squeeze(column)
        if squeezed in mapping:
            field, priority = mapping[squeezed], -1
        elif squeezed in _BY_SQUEEZED:
            field, priority = _BY_SQUEEZED[squeezed]
        else:
            continue
        if field:
            found.setdefault(field, []).append((priority, place))
    sources = {field: [place for _, place in sorted(places)] for field, places in found.items()}
    # A row's own number is often called "id": beside a better column it says nothing, so it never fills in.
    if "track_id" in sources:
        del sources["track_id"][1:]
    return sources
