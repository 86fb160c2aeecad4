import json
from typing import Any

import pytest

from made_tracks import make_track
from segue.errors import EmptyPlaylistError, PlaylistFormatError
from segue.playlists.jspf import read_jspf, write_jspf

ID = "4uLU6hMCjMI75M1A2tKUQC"


def document(*tracks: Any) -> str:
    return json.dumps({"playlist": {"title": "T", "annotation": "why", "track": tracks}})


def test_reads_lists_lone_texts_and_early_drafts() -> None:
    playlist = read_jspf(
        document(
            {"identifier": f"spotify:track:{ID}"},
            {"identifier": ["https://musicbrainz.org/recording/1", f"spotify:track:{ID}"]},
            {"location": [{"location": f"https://open.spotify.com/track/{ID}"}]},
            {"identifier": ["urn:isrc:GBUM71029604"], "title": "A", "creator": "B", "duration": 215_000},
            {"title": ["A"], "creator": "B", "album": None, "duration": "long"},
        )
    )

    assert (playlist.name, playlist.description) == ("T", "why")
    assert [(e.track_id, e.isrc, e.artist, e.title, e.duration_ms) for e in playlist.entries] == [
        (ID, "", "", "", None),
        (ID, "", "", "", None),
        (ID, "", "", "", None),
        ("", "GBUM71029604", "B", "A", 215_000),
        ("", "", "B", "A", None),
    ]


def test_reads_the_artists_that_listenbrainz_names_apart() -> None:
    playlist = read_jspf(
        document(
            {
                "identifier": ["https://musicbrainz.org/recording/e97f805a-ab48-4c52-855e-07049142113d"],
                "title": "Under Pressure",
                "creator": "Queen & David Bowie",
                "extension": {
                    "https://musicbrainz.org/doc/jspf#track": {
                        "added_by": "someone",
                        "additional_metadata": {
                            "artists": [
                                {"artist_credit_name": "Queen", "join_phrase": " & "},
                                {"artist_credit_name": "David Bowie", "join_phrase": ""},
                            ]
                        },
                    }
                },
            },
            {"title": "X", "creator": "Y", "extension": {"https://musicbrainz.org/doc/jspf#track": []}},
        )
    )

    assert [entry.artist for entry in playlist.entries] == ["Queen, David Bowie", "Y"]


@pytest.mark.parametrize("text", ["[]", "{}", '{"playlist": []}', '{"playlist": {"title": "x"}}', "1"])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(PlaylistFormatError, match="expected JSPF"):
        read_jspf(text)


def test_tracks_that_are_no_objects_are_refused() -> None:
    with pytest.raises(
        PlaylistFormatError, match=r"none of the 2 tracks can be read as a track; track 1: .* got"
    ):
        read_jspf(document(1, None))


def test_no_tracks_are_an_empty_playlist() -> None:
    with pytest.raises(EmptyPlaylistError):
        read_jspf(document())


def test_writes_only_what_is_known() -> None:
    written = json.loads(write_jspf([make_track(1, album="", isrc="", features={})], name="N"))

    assert written == {
        "playlist": {
            "title": "N",
            "track": [
                {
                    "location": ["https://open.spotify.com/track/0000000000000000000001"],
                    "identifier": ["spotify:track:0000000000000000000001"],
                    "title": "Song 1",
                    "creator": "Artist 1",
                }
            ],
        }
    }
