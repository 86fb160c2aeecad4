import json

import pytest

from made_tracks import FEATURES, make_track
from segue.errors import EmptyPlaylistError, InvalidTrackIdError, PlaylistFormatError
from segue.features import AUDIO_NAMES
from segue.playlists.json import read_json, track_to_json, write_json
from segue.types import Track

ID = "4uLU6hMCjMI75M1A2tKUQC"


@pytest.mark.parametrize(
    "text",
    [
        f'["{ID}"]',
        f'["https://open.spotify.com/track/{ID}?si=1"]',
        f'{{"tracks": ["spotify:track:{ID}"]}}',
        f'{{"seeds": ["{ID}"], "n": 50}}',
        f'[{{"track_id": "{ID}"}}]',
        f'{{"items": [{{"added_at": "x", "track": {{"type": "track", "uri": "spotify:track:{ID}"}}}}]}}',
        f'{{"tracks": {{"items": [{{"track": false, "item": {{"id": "{ID}", "name": "X"}}}}]}}}}',
        f'{{"tracks": [{{"artist": "A", "album": "B", "track": "T", "uri": "spotify:track:{ID}"}}]}}',
        f'{{"playlists": [{{"name": "P", "items": [{{"track": {{"trackUri": "spotify:track:{ID}"}}}}]}}]}}',
    ],
)
def test_reads_what_is_near_a_list_of_tracks(text: str) -> None:
    assert [entry.track_id for entry in read_json(text).entries] == [ID]


def test_reads_names_in_every_usual_form() -> None:
    text = json.dumps(
        {
            "name": "My list",
            "tracks": [
                {"name": "T", "artists": ["A", "B"], "album": "L", "duration_ms": 1000},
                {
                    "name": "T",
                    "artists": [{"name": "A"}, {"name": "B"}],
                    "album": {"name": "L"},
                    "duration_ms": 1000,
                    "external_ids": {"isrc": "GBUM71029604"},
                },
                {"trackName": "T", "artistName": "A, B", "albumName": "L", "duration": 1},
            ],
        }
    )

    playlist = read_json(text)

    assert playlist.name == "My list"
    assert [(e.title, e.artist, e.album, e.duration_ms) for e in playlist.entries] == [
        ("T", "A, B", "L", 1000)
    ] * 3
    assert [e.isrc for e in playlist.entries] == ["", "GBUM71029604", ""]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"tracks": [', "broken at line 1, column 13"),
        ('{\n"a": nul}', "broken at line 2, column 6"),
        ("[" * 100_000, "too deeply nested"),
        ("[" + "9" * 5_000 + "]", "too long to read"),
        ('{"a": 1, "b": 2}', 'holds no list of tracks; its keys are "a", "b"'),
        ("{}", "it is an empty object"),
        ("3", 'it is only "3"'),
        ("[1, null]", 'none of the 2 tracks can be read as a track; track 1: expected an object, .* got "1"'),
        ('{"playlists": [{"name": "A"}, {"name": "B"}]}', 'holds 2 playlists: "A", "B"'),
        ('[{"foo": 1}]', "track 1: expected a track id, an ISRC, or a title and an artist"),
    ],
)
def test_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(PlaylistFormatError, match=message) as caught:
        read_json(text)

    assert caught.value.hint


def test_a_wrong_id_is_named() -> None:
    with pytest.raises(InvalidTrackIdError, match=r'track 1: .* got 3: "abc"'):
        read_json('["abc"]')


def test_an_empty_list_is_empty() -> None:
    with pytest.raises(EmptyPlaylistError):
        read_json('{"tracks": []}')


def test_writes_everything_that_is_known() -> None:
    track = make_track(1, album="", popularity=None, features={**FEATURES, "tempo": float("nan")})

    written = json.loads(write_json([track], name="N"))

    assert (written["format"], written["version"], written["name"]) == ("segue-playlist", 1, "N")
    assert written["schema"] == 1
    assert written["tracks"] == [track_to_json(track)]
    assert written["tracks"][0]["album"] is None
    assert written["tracks"][0]["popularity"] is None
    assert written["tracks"][0]["features"]["tempo"] is None
    assert written["tracks"][0]["features"]["loudness"] == -7.25


def test_all_that_is_not_known_is_null() -> None:
    told = track_to_json(Track("file:a", "T"))

    names = ("uri", "url", "album", "isrc", "release_date", "year", "popularity", "genre")
    assert {name: told[name] for name in names} == dict.fromkeys(names)
    assert told["features"] == dict.fromkeys(AUDIO_NAMES)


def test_an_export_of_an_older_version_is_read() -> None:
    track: dict[str, object] = {
        "track_id": ID,
        "uri": "",
        "url": "",
        "name": "T",
        "artists": ["A"],
        "album": None,
        "features": {},
    }
    text = json.dumps({"format": "segue-playlist", "version": 1, "name": "N", "tracks": [track]})

    (entry,) = read_json(text).entries

    assert (entry.track_id, entry.title, entry.artist) == (ID, "T", "A")


def test_a_track_without_a_spotify_id_is_read_again() -> None:
    (entry,) = read_json(write_json([Track("isrc:GBUM71029604", "T", ("A",), release_date="1999")])).entries

    assert (entry.track_id, entry.title, entry.artist) == ("isrc:GBUM71029604", "T", "A")
