"""The column names of public data sets."""

import pytest

from segue.catalogue.import_.columns import FIELDS, check_mapping, find_field, find_sources
from segue.errors import ImportFormatError

DATA_SETS = {
    "160k": (
        "valence,year,acousticness,artists,danceability,duration_ms,energy,explicit,id,instrumentalness,key,"
        "liveness,loudness,mode,name,popularity,release_date,speechiness,tempo",
        {"artists": 3, "track_id": 8, "name": 14, "year": 1, "release_date": 16, "popularity": 15},
    ),
    "1.2M": (
        "id,name,album,album_id,artists,artist_ids,track_number,disc_number,explicit,danceability,energy,key,"
        "loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,duration_ms,"
        "time_signature,year,release_date",
        {"track_id": 0, "name": 1, "album": 2, "artists": 4, "time_signature": 21},
    ),
    "114k": (
        ",track_id,artists,album_name,track_name,popularity,duration_ms,explicit,danceability,energy,key,loudness,"
        "mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,time_signature,track_genre",
        {"track_id": 1, "artists": 2, "album": 3, "name": 4, "genre": 20},
    ),
    "TidyTuesday": (
        "track_id,track_name,track_artist,track_popularity,track_album_id,track_album_name,"
        "track_album_release_date,playlist_name,playlist_id,playlist_genre,playlist_subgenre,danceability,energy",
        {"track_id": 0, "name": 1, "artists": 2, "popularity": 3, "album": 5, "release_date": 6, "genre": 9},
    ),
    "Exportify": (
        "Track URI,Track Name,Artist URI(s),Artist Name(s),Album URI,Album Name,Album Artist URI(s),"
        "Album Artist Name(s),Album Release Date,Album Image URL,Disc Number,Track Number,"
        "Track Duration (ms),Track Preview URL,Explicit,Popularity,ISRC,Added By,Added At,Artist Genres,"
        "Danceability,Time Signature",
        {"track_id": 0, "name": 1, "artists": 3, "album": 5, "release_date": 8, "duration_ms": 12, "isrc": 16,
         "genre": 19, "danceability": 20, "time_signature": 21},
    ),
    "MPD": (
        "pos,artist_name,track_uri,artist_uri,track_name,album_uri,duration_ms,album_name",
        {"artists": 1, "track_id": 2, "name": 4, "duration_ms": 6, "album": 7},
    ),
    "232k": (
        "genre,artist_name,track_name,track_id,popularity,acousticness,danceability,duration_ms,energy,"
        "instrumentalness,key,liveness,loudness,mode,speechiness,tempo,time_signature,valence",
        {"genre": 0, "artists": 1, "name": 2, "track_id": 3},
    ),
    "prototype": ("track_uri,danceability,duration_ms", {"track_id": 0, "danceability": 1, "duration_ms": 2}),
}  # fmt: skip


@pytest.mark.parametrize("name", DATA_SETS)
def test_known_data_sets(name: str) -> None:
    header, expected = DATA_SETS[name]
    found = find_sources(header.split(","), {})
    assert {field: found[field][0] for field in expected} == expected


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Track Name", "name"), ("trackName", "name"), ("TRACK-NAME", "name"), ("album.name", "album"),
        ("external_ids.isrc", "isrc"), ("duration_s", "duration_s"), ("Duration (ms)", "duration_ms"),
        ("audio_features.tempo", "tempo"), ("explicit", None), ("", None), ("artist_uri", None),
        ("album_id", None), ("playlist_id", None), ("preview_url", None),
    ],
)  # fmt: skip
def test_spelling(column: str, field: str | None) -> None:
    assert find_field(column) == field


def test_a_row_number_never_stands_in_for_an_id() -> None:
    assert find_sources(["id", "track_id", "uri"], {})["track_id"] == [1]
    assert find_sources(["id", "name"], {})["track_id"] == [0]


def test_every_field_is_known_by_its_own_name() -> None:
    for field in FIELDS:
        assert find_field(field) == field


def test_a_mapping_goes_first() -> None:
    mapping = check_mapping({"Song Title": "Name", "junk": "", "BPM value": "tempo"})
    found = find_sources(["name", "songtitle", "junk", "bpm_value"], mapping)
    assert found == {"name": [1, 0], "tempo": [3]}
    assert find_sources(["tempo"], check_mapping({"tempo": ""})) == {}


def test_a_mapping_to_nothing() -> None:
    with pytest.raises(ImportFormatError, match="no field 'nothing'") as caught:
        check_mapping({"a": "nothing"})
    assert "track_id" in caught.value.hint


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Band", "artists"),
        ("Interpret", "artists"),
        ("KÜNSTLER", "artists"),
        ("kunstler", "artists"),
        ("Исполнитель", "artists"),
        ("Titel", "name"),
        ("titulo", "name"),
        ("曲名", "name"),
        ("Álbum", "album"),
        ("group", None),
        ("Nummer", None),
    ],
)
def test_columns_in_other_languages(column: str, field: str | None) -> None:
    assert find_field(column) == field


def test_a_plain_word_goes_behind_the_name_of_a_program() -> None:
    assert find_sources(["Band", "artist_name"], {}) == {"artists": [1, 0]}
