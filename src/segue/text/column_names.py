"""What the columns of a table are called, by programs, by public data sets, and by people of other languages.

The one table of that knowledge: lists of songs and catalogues are both read by it, each by its own view.
Names are compared by `column_key`, so "Artist Name(s)", "artist_names" and "artistNames" are one. Nested JSON
is read as joined names: `{"album": {"name": ...}}` is "album_name".

Left out are words that as often head another column: "nummer", "pista", "group".
"""

from collections.abc import Mapping

from segue.features import AUDIO_NAMES
from segue.text.song_keys import fold


def column_key(name: str) -> str:
    """Return the form in which names of columns are compared: without case, accents, spaces and signs.

    >>> column_key("Track Duration (ms)"), column_key("trackDurationMs")
    ('trackdurationms', 'trackdurationms')
    """
    return fold(name).replace(" ", "")


_TITLES: tuple[str, ...] = (
    "tune", "Titel", "Songtitel", "Liedtitel", "Lied",  # German, Dutch, Swedish, Danish
    "Titre", "Chanson", "Morceau",
    "Título", "Canción", "Nombre de la canción", "Música", "Faixa", "Canção", "Nome da música",
    "Titolo", "Brano", "Canzone", "Traccia",
    "Tittel", "Låttitel", "Sang", "Kappale",
    "Tytuł", "Utwór", "Název", "Skladba", "Cím", "Titlu", "Piesă",
    "Şarkı", "Şarkı adı", "Τίτλος", "Τραγούδι",
    "Название", "Песня", "Трек", "Композиция", "Назва", "Пісня",
    "曲名", "タイトル", "楽曲", "歌名", "歌曲", "曲目", "标题", "標題", "제목", "곡명", "노래",
)  # fmt: skip
_ARTISTS: tuple[str, ...] = (
    "band", "bands", "singer", "singers", "musician", "performers", "main artist", "primary artist",
    "Interpret", "Interpreten", "Künstler", "Kuenstler", "Künstlername",
    "Artiest", "Artiesten", "Uitvoerder",
    "Artiste", "Artistes", "Interprète", "Interprètes",
    "Artista", "Artistas", "Intérprete", "Intérpretes", "Banda", "Cantante", "Cantor",
    "Artisti", "Interpreti",
    "Artister", "Kunstner", "Kunstnere", "Esittäjä",
    "Wykonawca", "Artysta", "Umělec", "Előadó",
    "Sanatçı", "Καλλιτέχνης",
    "Исполнитель", "Артист", "Виконавець",
    "アーティスト", "アーティスト名", "歌手", "艺术家", "艺人", "演唱者", "藝人", "아티스트", "가수",
)  # fmt: skip
_ALBUMS: tuple[str, ...] = (
    "Albumtitel", "Álbum", "Albumi", "Albüm", "Άλμπουμ", "Альбом",
    "アルバム", "アルバム名", "专辑", "專輯", "앨범",
)  # fmt: skip

# By the name of the field in `Track`, best first. "track_id" stands for an id, a URI or a link alike.
_NAMES: dict[str, tuple[str, ...]] = {
    "track_id": (
        "track_id", "spotify_track_id", "spotify_id", "track_uri", "spotify_track_uri", "spotify_uri", "uri",
        "track_url", "spotify_track_url", "spotify_url", "spotify_link", "track_link", "url", "track_href",
        "song_id", "song_uri", "external_urls_spotify", "id", "audio_features_id", "spotify", "link",
    ),
    "mbid": (
        "mbid", "recording_mbid", "musicbrainz_id", "musicbrainz_track_id", "musicbrainz_recording_id",
        "track_mbid", "mb_track_id", "mb_recording_id",
    ),
    "name": (
        "name", "track_name", "title", "track_title", "song_name", "song_title", "song", "track",
        "master_metadata_track_name", *_TITLES,
    ),
    "artists": (
        "artists", "artist", "artist_name", "artist_names", "track_artist", "track_artists", "artist_name_s",
        "artists_name", "artists_names", "performer", "artist_s_name", "artists_song", "track_artist_names",
        "creator", "master_metadata_album_artist_name", "metadata_artist_name", *_ARTISTS,
    ),
    "album": (
        "album", "album_name", "track_album_name", "album_title", "release_name",
        "master_metadata_album_album_name", "metadata_album_name", *_ALBUMS,
    ),
    "isrc": ("isrc", "isrcs", "track_isrc", "external_ids_isrc", "isrc_code", "isrc_number"),
    "release_date": (
        "release_date", "album_release_date", "track_album_release_date", "track_release_date", "released",
        "date_released", "album_date_released", "metadata_album_date",
    ),
    "year": ("year", "release_year", "released_year", "album_release_year", "year_released", "album_year"),
    "popularity": ("popularity", "track_popularity", "song_popularity"),
    "genre": (
        "genre", "track_genre", "genres", "playlist_genre", "artist_genres", "top_genre", "main_genre",
        "track_genre_top",
    ),
    "duration_ms": (
        "duration_ms", "track_duration_ms", "song_duration_ms", "length_ms", "audio_features_duration_ms",
        "duration_milliseconds",
    ),
    "duration_s": (
        "duration_s", "durations", "duration_sec", "duration_secs", "duration_seconds", "length_s",
        "length_sec", "length_seconds",
    ),
    "duration_min": ("duration_min", "duration_mins", "duration_minutes", "length_min"),
    "duration": ("duration", "track_duration", "length"),
}  # fmt: skip
_OTHER_FEATURE_NAMES = {
    "loudness": ("loudness_db",),
    "tempo": ("tempo_bpm", "bpm"),
    "key": ("key_key",),
    "mode": ("key_scale",),
}
_NAMES |= {
    feature: (
        feature,
        f"audio_features_{feature}",
        f"track_{feature}",
        *_OTHER_FEATURE_NAMES.get(feature, ()),
    )
    for feature in AUDIO_NAMES
    if feature != "duration_ms"
}
# What heads these columns in a list of songs, and something else in a data set: an hour of the day ("time"),
# a date ("release"), the artist of a compilation.
_NAMES_IN_LISTS: dict[str, tuple[str, ...]] = {
    "artists": ("album_artist_names", "album_artist_name", "album_artist"),
    "album": ("release",),
    "playlist": ("playlist_name", "playlist", "playlist_title"),
    "duration": ("time",),
    "duration_s": ("total_time",),
}


def _keys(names: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {field: tuple(dict.fromkeys(map(column_key, several))) for field, several in names.items()}


CATALOGUE_COLUMNS: dict[str, tuple[str, ...]] = _keys(_NAMES)
"""By field, the keys of the names of its column in a data set, best first."""
LIST_COLUMNS: Mapping[str, tuple[str, ...]] = {
    field: (*CATALOGUE_COLUMNS.get(field, ()), *_keys(_NAMES_IN_LISTS).get(field, ()))
    for field in (
        "track_id", "mbid", "name", "artists", "album", "isrc", "playlist",
        "duration_ms", "duration_s", "duration_min", "duration",
    )
}  # fmt: skip
"""The same for a list of songs, of the fields that help to find a track."""
