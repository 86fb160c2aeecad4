"""What identifies a track: Spotify's ids, namespaced ones, and the forms that stand for them."""

import pytest

from segue.errors import InvalidTrackIdError
from segue.ids import find_track_id, is_known_id, is_namespaced_id, is_spotify_id, is_track_id, parse_track_id
from segue.types import Track

ID = "4uLU6hMCjMI75M1A2tKUQC"
UUID = "5b11f4ce-a62d-471e-81fc-a69a8278c7da"


def test_spotify_ids_are_ascii() -> None:
    assert is_spotify_id(ID)
    assert not any(map(is_spotify_id, ["٤uLU6hMCjMI75M1A2tKUQC", f"{ID}\n", "", ID[1:]]))


@pytest.mark.parametrize(
    "text", ["isrc:GBUM71029604", f"mbid:{UUID}", "file:a b/Ünï.flac", "radio:4711", "x2:" + "v" * 200]
)
def test_namespaced_ids(text: str) -> None:
    assert is_namespaced_id(text)
    assert is_track_id(text)
    assert find_track_id(text) == parse_track_id(f" {text}\n") == text


@pytest.mark.parametrize(
    "text",
    [
        "", ":", "x:1", "Isrc:GBUM71029604", "isrc:nonsense", "isrc:gbum71029604", "mbid:1", "file:",
        "file: a", "file:a ", "file:a\nb", "file:\x1b[1m", "file:" + "v" * 201, "file:///a.mp3", "https://example.org/a",
        f"spotify:track:{ID}", "spotify:x", "urn:x", "file:a\u2028b", "2x:a", "fi-le:a",
    ],
)  # fmt: skip
def test_what_is_no_namespaced_id(text: str) -> None:
    assert not is_namespaced_id(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"spotify:track:{ID}", ID),
        (f"https://open.spotify.com/intl-de/track/{ID}?si=x", ID),
        (f"https://api.spotify.com/v1/tracks/{ID}", ID),
        ("urn:isrc:gb-um7-10-29604", "isrc:GBUM71029604"),
        ("ISRC: GB UM7 10 29604", "isrc:GBUM71029604"),
        (f"https://musicbrainz.org/recording/{UUID.upper()}", f"mbid:{UUID}"),
        (f"mbid:{UUID.upper()}", f"mbid:{UUID}"),
    ],
)
def test_uris_and_links_stand_for_ids(text: str, expected: str) -> None:
    assert find_track_id(text) == expected


@pytest.mark.parametrize("text", ["short", "spotify:album:" + ID, "https://youtu.be/x", "a" * 10_000])
def test_what_stands_for_none_is_refused_with_a_hint(text: str) -> None:
    assert find_track_id(text) is None
    with pytest.raises(InvalidTrackIdError, match="expected a track id") as caught:
        parse_track_id(text)
    assert "isrc:" in caught.value.hint
    assert len(caught.value.message) < 100


def test_a_song_that_looks_like_an_id_is_of_no_known_scheme() -> None:
    assert is_namespaced_id("re:stacks")
    assert not is_known_id("re:stacks")
    assert is_known_id("isrc:GBUM71029604")


def test_only_a_spotify_id_has_a_uri_and_a_link() -> None:
    assert Track(ID).uri == f"spotify:track:{ID}"
    assert Track(ID).url.endswith(ID)
    assert Track("isrc:GBUM71029604").uri == Track("isrc:GBUM71029604").url == ""
