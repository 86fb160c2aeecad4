# ruff: noqa: E501 - lines as the files have them
"""The data sets that people download by hand: their column names and spellings, with values of our own."""

import json
from pathlib import Path

import pytest

from made_tracks import make_id
from segue.catalogue.import_ import ImportReport, import_files
from segue.catalogue.store import Catalogue
from segue.types import Track

A, B, C = make_id(1), make_id(2), make_id(3)
SOUND = {
    "danceability": 0.5, "energy": 0.7, "key": 1.0, "loudness": -7.25, "mode": 0.0, "speechiness": 0.05,
    "acousticness": 0.1, "instrumentalness": 0.25, "liveness": 0.2, "valence": 0.6, "tempo": 121.5,
}  # fmt: skip
CELLS = "0.5,0.7,1,-7.25,0,0.05,0.1,0.25,0.2,0.6,121.5"  # of SOUND, in the order that most of them have
ALL = {**SOUND, "duration_ms": 215_000.0, "time_signature": 4.0}
FEATURES = (
    "danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo"
)

LAYOUTS: dict[str, tuple[str, list[Track]]] = {
    "1.2M tracks_features.csv": (
        f"id,name,album,album_id,artists,artist_ids,track_number,disc_number,explicit,{FEATURES},duration_ms,"
        "time_signature,year,release_date\n"
        f"""{A},Testify,"The Battle, Pt. 1",{B},"['Rage', ""Guns N' Roses""]","['{C}', '{B}']",1,1,False,{CELLS},"""
        "215000,4.0,1999,1999-11-02\n"
        f"{B},Café,Blå,{B},['Sigur Rós'],['{C}'],2,1,False,{CELLS},215000,4.0,0,0000\n",
        [
            Track(A, "Testify", ("Rage", "Guns N' Roses"), "The Battle, Pt. 1", release_date="1999-11-02",
                  features=ALL),
            Track(B, "Café", ("Sigur Rós",), "Blå", features=ALL),
        ],
    ),
    "1M spotify_data.csv": (
        f",artist_name,track_name,track_id,popularity,year,genre,{FEATURES},duration_ms,time_signature\n"
        f"0,Jason Mraz,I Won't Give Up,{A},68,2012,acoustic,{CELLS},215000,4\n",
        [Track(A, "I Won't Give Up", ("Jason Mraz",), release_date="2012", popularity=68, genre="acoustic",
               features=ALL)],
    ),
    "600k tracks.csv": (
        "id,name,popularity,duration_ms,explicit,artists,id_artists,release_date,"
        f"{FEATURES},time_signature\n"
        f"{A},Carve,6,215000,0,['Uli'],['{C}'],1922-02-22,{CELLS},4\n"
        f"{B},,0,215000,0,[''],['{C}'],1922,{CELLS},0\n",
        [
            Track(A, "Carve", ("Uli",), release_date="1922-02-22", popularity=6, features=ALL),
            Track(B, release_date="1922", popularity=0, features={**SOUND, "duration_ms": 215_000.0}),
        ],
    ),
    "232k SpotifyFeatures.csv": (
        "\ufeffgenre,artist_name,track_name,track_id,popularity,acousticness,danceability,duration_ms,energy,"
        "instrumentalness,key,liveness,loudness,mode,speechiness,tempo,time_signature,valence\n"
        f"Movie,Henri Salvador,\"C'est beau, la vie\",{A},0,0.1,0.5,215000,0.7,0.25,C#,0.2,-7.25,Minor,0.05,121.5,4/4,0.6\n"
        f"R&B,Henri Salvador,\"C'est beau, la vie\",{A},0,0.1,0.5,215000,0.7,0.25,C#,0.2,-7.25,Minor,0.05,121.5,4/4,0.6\n"
        f"Children’s Music,X,Y,{B},3,0.1,0.5,215000,0.7,0.25,B,0.2,-7.25,Major,0.05,121.5,0/4,0.6\n",
        [
            Track(A, "C'est beau, la vie", ("Henri Salvador",), popularity=0, genre="Movie; R&B", features=ALL),
            Track(B, "Y", ("X",), popularity=3, genre="Children’s Music",
                  features={**SOUND, "key": 11.0, "mode": 1.0, "duration_ms": 215_000.0}),
        ],
    ),
    "160k data.csv": (
        "acousticness,artists,danceability,duration_ms,energy,explicit,id,instrumentalness,key,liveness,loudness,"
        "mode,name,popularity,release_date,speechiness,tempo,valence,year\n"
        f"""0.1,"['Mamie Smith', 'B, C']",0.5,215000,0.7,0,{A},0.25,1,0.2,-7.25,0,Keep A Song,12,1920-01,0.05,121.5,0.6,1920\n""",
        [Track(A, "Keep A Song", ("Mamie Smith", "B, C"), release_date="1920-01", popularity=12,
               features={**SOUND, "duration_ms": 215_000.0})],
    ),
    "114k dataset.csv": (
        ",track_id,artists,album_name,track_name,popularity,duration_ms,explicit,"
        f"{FEATURES},time_signature,track_genre\n"
        f"0,{A},Gen Hoshino;Ingrid M,Comedy,Comedy,73,215000,False,{CELLS},4,acoustic\n"
        f"1,{B},,,,0,0,False,{CELLS},4,k-pop\n"
        f"2,{A},Gen Hoshino;Ingrid M,Comedy,Comedy,73,215000,False,{CELLS},4,j-pop\n",
        [
            Track(A, "Comedy", ("Gen Hoshino", "Ingrid M"), "Comedy", popularity=73, genre="acoustic; j-pop",
                  features=ALL),
            Track(B, popularity=0, genre="k-pop", features={**SOUND, "time_signature": 4.0}),
        ],
    ),
    "42k genres_v2.csv": (
        f"{FEATURES},type,id,uri,track_href,analysis_url,duration_ms,time_signature,genre,song_name,"
        "Unnamed: 0,title\n"
        f"{CELLS},audio_features,{A},spotify:track:{A},https://api.spotify.com/v1/tracks/{A},"
        f"https://api.spotify.com/v1/audio-analysis/{A},215000,4,Dark Trap,Mercury: Retrograde,,\n"
        f"{CELLS},audio_features,{B},spotify:track:{B},https://api.spotify.com/v1/tracks/{B},"
        f"https://api.spotify.com/v1/audio-analysis/{B},215000,4,dnb,,99.0,Hard Mix 2\n",
        [
            Track(A, "Mercury: Retrograde", genre="Dark Trap", features=ALL),
            Track(B, "Hard Mix 2", genre="dnb", features=ALL),
        ],
    ),
    "Exportify": (
        "\ufeffTrack URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,Explicit,"
        "Added By,Added At,Genres,Record Label,Danceability,Energy,Key,Loudness,Mode,Speechiness,Acousticness,"
        "Instrumentalness,Liveness,Valence,Tempo,Time Signature\n"
        f'spotify:track:{A},"One, Two",LP,"Tyler, The Creator;B",2019-05-17,215000,80,true,me,2020-01-01T00:00:00Z,'
        f'"hip hop,rap",Columbia,{CELLS},4\n'
        f"spotify:track:{B},Bare,LP,B,2019,215000,80,false,me,2020-01-01T00:00:00Z,,,,,,,,,,,,,,\n",
        [
            Track(A, "One, Two", ("Tyler, The Creator", "B"), "LP", release_date="2019-05-17", popularity=80,
                  genre="hip hop; rap", features=ALL),
            Track(B, "Bare", ("B",), "LP", release_date="2019", popularity=80,
                  features={"duration_ms": 215_000.0}),
        ],
    ),
    "Exportify of before": (
        "Track URI,Track Name,Artist URI(s),Artist Name(s),Album URI,Album Name,Album Artist URI(s),"
        "Album Artist Name(s),Album Release Date,Album Image URL,Disc Number,Track Number,Track Duration (ms),"
        "Track Preview URL,Explicit,Popularity,ISRC,Added By,Added At,Artist Genres,Danceability,Energy,Key,Loudness,"
        "Mode,Speechiness,Acousticness,Instrumentalness,Liveness,Valence,Tempo,Time Signature,Album Genres,Label,"
        "Copyrights\n"
        f'"spotify:track:{A}","Sång","spotify:artist:{B}","A, B","spotify:album:{C}","LP","spotify:artist:{B}",'
        f'"Various","2001-02-03","https://x","1","1","215000","","false","40","GBUM71029604","","2020-01-01T00:00:00Z",'
        f'"pop",{CELLS},4,"","L","C"\n',
        [Track(A, "Sång", ("A", "B"), "LP", "GBUM71029604", "2001-02-03", 40, "pop", ALL)],
    ),
    "AcousticBrainz rhythm.csv": (
        "mbid,submission_offset,bpm,danceability,onset_rate\n"
        "5b11f4ce-a62d-471e-81fc-a69a8278c7da,0,121.5,1.31,3.2\n",
        [Track("mbid:5b11f4ce-a62d-471e-81fc-a69a8278c7da", features={"tempo": 121.5})],
    ),
    "AcousticBrainz tonal.csv": (
        "mbid,submission_offset,key_key,key_scale,tuning_frequency\n"
        "5b11f4ce-a62d-471e-81fc-a69a8278c7da,0,A#,minor,440.1\n",
        [Track("mbid:5b11f4ce-a62d-471e-81fc-a69a8278c7da", features={"key": 10.0, "mode": 0.0})],
    ),
}  # fmt: skip
ECHONEST = (
    ",echonest,echonest,echonest,echonest,echonest,echonest,echonest\n"
    ",audio_features,audio_features,metadata,metadata,metadata,ranks,temporal_features\n"
    ",acousticness,tempo,album_date,album_name,artist_name,song_hotttnesss_rank,000\n"
    "track_id,,,,,,,\n"
    '2,0.4166752327,165.922,2009-01-06,"A Way, Of Life",AWOL,7,0.1\n'
    "139,0.10,120.0,,,,,\n"
)
FMA_TRACKS = (
    ",album,album,album,album,artist,artist,set,track,track,track,track,track\n"
    ",date_released,id,title,tracks,id,name,split,duration,genre_top,genres,number,title\n"
    "track_id,,,,,,,,,,,,\n"
    "2,2009-01-05 00:00:00,1,AWOL - A Way Of Life,7,1,AWOL,training,168,Hip-Hop,[21],3,Food\n"
    '3,,1,"Two\nlines",7,1,AWOL,training,237,,[],4,Electric Ave\n'
)


def load(path: Path) -> list[Track]:
    with Catalogue.open(path) as catalogue:
        return catalogue.get_tracks(range(len(catalogue)))


def import_text(folder: Path, text: str, encoding: str = "utf-8") -> tuple[ImportReport, list[Track]]:
    source = folder / "download.csv"
    source.write_bytes(text.encode(encoding))
    report = import_files(folder / "catalogue.sqlite", [source])
    return report, load(folder / "catalogue.sqlite")


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_read_with_one_command(tmp_path: Path, name: str) -> None:
    text, expected = LAYOUTS[name]
    report, tracks = import_text(tmp_path, text)
    assert report.refused_rows == 0
    assert tracks == expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_in_another_encoding(tmp_path: Path, name: str, encoding: str) -> None:
    text, expected = LAYOUTS[name]
    _, tracks = import_text(tmp_path, text.removeprefix("\ufeff"), encoding)
    assert tracks == expected


def test_a_layout_in_windows_1252(tmp_path: Path) -> None:
    text, expected = LAYOUTS["1.2M tracks_features.csv"]
    assert import_text(tmp_path, text, "cp1252")[1] == expected


def test_the_free_music_archive(tmp_path: Path) -> None:
    report, tracks = import_text(tmp_path, ECHONEST)
    assert tracks == [
        Track("fma:2", "", ("AWOL",), "A Way, Of Life", release_date="2009-01-06",
              features={"acousticness": 0.4166752327, "tempo": 165.922}),
        Track("fma:139", features={"acousticness": 0.1, "tempo": 120.0}),
    ]  # fmt: skip
    assert report.columns["download.csv"]["audio_features_tempo"] == "tempo"


def test_the_tables_of_the_free_music_archive_complete_each_other(tmp_path: Path) -> None:
    files = [tmp_path / "tracks.csv", tmp_path / "echonest.csv"]
    for file, text in zip(files, (FMA_TRACKS, ECHONEST), strict=True):
        file.write_text(text)
    report = import_files(tmp_path / "c.sqlite", files)
    assert (report.added, report.updated, report.refused_rows) == (3, 1, 0)
    first, second, _ = load(tmp_path / "c.sqlite")
    assert (first.track_id, first.name, first.artists, first.genre) == ("fma:2", "Food", ("AWOL",), "Hip-Hop")
    assert first.features == {"duration_ms": 168_000.0, "acousticness": 0.4166752327, "tempo": 165.922}
    assert (second.name, second.album, second.release_date) == ("Electric Ave", "Two lines", "")


def test_a_refused_row_below_three_headers_has_its_line(tmp_path: Path) -> None:
    source, refused = tmp_path / "echonest.csv", tmp_path / "refused.ndjson"
    source.write_text(ECHONEST.replace("139,0.10", "139,7"))
    import_files(tmp_path / "c.sqlite", [source], refused_file=refused)
    assert json.loads(refused.read_text())["place"] == 6


MBID = "5b11f4ce-a62d-471e-81fc-a69a8278c7da"
DOCUMENT = {
    "lowlevel": {"average_loudness": 0.9, "mfcc": {"mean": [1.5, 2.5]}},
    "rhythm": {"bpm": 121.5, "danceability": 1.31, "beats_position": [0.5, 1.0]},
    "tonal": {"key_key": "A#", "key_scale": "minor", "chords_key": "F", "key_strength": 0.7},
    "metadata": {
        "audio_properties": {"length": 215.0, "replay_gain": -9.5},
        "tags": {
            "title": ["Innuendo"], "artist": ["Queen"], "album": ["Innuendo"], "date": ["1991-02-04"],
            "genre": ["Rock", "Pop"], "musicbrainz_recordingid": [MBID], "file_name": "x.flac",
        },
    },
}  # fmt: skip
INNUENDO = Track(
    f"mbid:{MBID}", "Innuendo", ("Queen",), "Innuendo", release_date="1991-02-04", genre="Rock; Pop",
    features={"key": 10.0, "mode": 0.0, "tempo": 121.5, "duration_ms": 215_000.0},
)  # fmt: skip


def test_acousticbrainz_documents_as_lines(tmp_path: Path) -> None:
    source = tmp_path / "dump.json"
    source.write_text(json.dumps(DOCUMENT) + "\n")
    import_files(tmp_path / "c.sqlite", [source])
    assert load(tmp_path / "c.sqlite") == [INNUENDO]


def test_acousticbrainz_documents_in_folders(tmp_path: Path) -> None:
    folder = tmp_path / "lowlevel" / "5b" / "1"
    folder.mkdir(parents=True)
    (folder / f"{MBID}-0.json").write_text(json.dumps(DOCUMENT, indent=2))
    tags = {"musicbrainz_trackid": [MBID.replace("5b", "6b")], "title": ["Old"], "artist": []}
    bare = {"metadata": {"tags": tags}, "rhythm": {}, "tonal": {"key_key": None}}
    (folder / "6.json").write_text(json.dumps(bare))
    report = import_files(tmp_path / "c.sqlite", [tmp_path / "lowlevel"])
    assert (report.rows, report.refused_rows) == (2, 0)
    assert load(tmp_path / "c.sqlite") == [INNUENDO, Track(f"mbid:{MBID.replace('5b', '6b')}", "Old")]
