"""Finding tracks of a catalogue at Spotify, and saving those that have an id of another kind there."""

from collections.abc import Mapping

import pytest

from fake_spotify import FakeSpotify, Fault, Song
from segue.app import save_list
from segue.config import Settings
from segue.errors import InvalidTrackIdError, SignInError, SpotifyUnreachableError, UnfinishedPlaylistError
from segue.services.protocol import NewList, SavedList, say_nothing
from segue.services.spotify import finding, transport
from segue.services.spotify.service import open_spotify
from segue.types import Track

NEW = NewList("Found")
NOWHERE = Track("mbid:5b11f4ce-a62d-471e-81fc-a69a8278c7da", "Nowhere", ("Nobody",))


@pytest.fixture
def songs(fake_spotify: FakeSpotify) -> list[Song]:
    return fake_spotify.world.add_songs(map(Song.numbered, range(12)))


def by_isrc(song: Song) -> Track:
    return Track(f"isrc:{song.isrc}", "Another name", ("Someone",))


def by_name(song: Song, ending: str = "") -> Track:
    return Track(f"file:{song.name}.flac", f"{song.name}{ending}", (song.artist,))


def find(settings: Settings, *tracks: Track) -> Mapping[str, str]:
    return open_spotify(settings).find_tracks(tracks)


def save(settings: Settings, *tracks: Track, told: list[str] | None = None) -> SavedList:
    return save_list(open_spotify(settings, say_nothing if told is None else told.append), tracks, NEW)


def test_its_own_ids_cost_no_request(signed_in: Settings, fake_spotify: FakeSpotify) -> None:
    assert find(signed_in, Track("A" * 22)) == {"A" * 22: "A" * 22}
    assert fake_spotify.seen == []


def test_by_isrc_then_by_name(signed_in: Settings, fake_spotify: FakeSpotify, songs: list[Song]) -> None:
    tracks = [by_isrc(songs[3]), by_name(songs[4], " - 2011 Remaster"), NOWHERE]
    assert find(signed_in, *tracks) == {
        tracks[0].track_id: songs[3].track_id,
        tracks[1].track_id: songs[4].track_id,
    }
    assert fake_spotify.lines() == ["GET /v1/search"] * 3


@pytest.mark.parametrize(
    ("title", "index"), [("Tune", 1), ("Tune - Live", 0), ("Tune (Demo)", 0), ("Tunes", None)]
)
def test_of_several_versions_the_very_one(
    signed_in: Settings, fake_spotify: FakeSpotify, title: str, index: int | None
) -> None:
    names = ("Tune - Live", "Tune", "Tune of Another")
    songs = [Song(str(number) * 22, name, "Band") for number, name in enumerate(names)]
    fake_spotify.world.add_songs(songs)
    wanted = Track("file:tune.flac", title, ("Band",))
    expected = {} if index is None else {wanted.track_id: songs[index].track_id}
    assert find(signed_in, wanted) == expected


def test_quotes_in_a_title_end_nothing(signed_in: Settings, fake_spotify: FakeSpotify) -> None:
    (song,) = fake_spotify.world.add_songs([Song("A" * 22, 'The "Best" artist:x', "Band")])
    assert find(signed_in, by_name(song)) == {by_name(song).track_id: song.track_id}


def test_they_are_saved_in_order_and_what_is_nowhere_is_told(
    signed_in: Settings, fake_spotify: FakeSpotify, songs: list[Song]
) -> None:
    own = Track(songs[0].track_id, songs[0].name, (songs[0].artist,))
    saved = save(signed_in, by_isrc(songs[2]), own, NOWHERE, by_name(songs[1]))
    (made,) = fake_spotify.world.playlists.values()
    assert made.songs == [songs[2], songs[0], songs[1]]
    assert (saved.added, saved.refused) == (3, (NOWHERE,))


def test_two_that_are_one_there_are_added_once(
    signed_in: Settings, fake_spotify: FakeSpotify, songs: list[Song]
) -> None:
    assert save(signed_in, by_isrc(songs[2]), by_name(songs[2])).added == 1


def test_what_spotify_refuses_has_the_id_of_the_catalogue(
    signed_in: Settings, fake_spotify: FakeSpotify, songs: list[Song]
) -> None:
    fake_spotify.world.unknown = {songs[2].track_id}
    assert save(signed_in, by_isrc(songs[2]), by_name(songs[3])).refused == (by_isrc(songs[2]),)


def test_a_broken_off_save_is_finished_though_a_search_finds_another_by_then(
    signed_in: Settings, fake_spotify: FakeSpotify, songs: list[Song]
) -> None:
    tracks = [by_isrc(songs[2]), by_name(songs[3])]
    fake_spotify.faults.add(Fault("POST /v1/playlists", status=403, body=b"{}"))
    with pytest.raises(UnfinishedPlaylistError):
        save(signed_in, *tracks)
    twin = Song("Z" * 22, songs[2].name, songs[2].artist, isrc=songs[2].isrc)
    del fake_spotify.world.songs[songs[2].track_id]
    fake_spotify.world.add_songs([twin])
    save(signed_in, *tracks)
    (made,) = fake_spotify.world.playlists.values()
    assert made.songs == [twin, songs[3]]


def test_nothing_is_made_where_nothing_is_found(signed_in: Settings, fake_spotify: FakeSpotify) -> None:
    with pytest.raises(InvalidTrackIdError, match="expected songs with a Spotify id"):
        save(signed_in, NOWHERE)
    assert fake_spotify.world.playlists == {}


def test_so_many_are_searched_for_and_the_rest_is_told(
    signed_in: Settings, songs: list[Song], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MAX_SEARCHED", 2)
    told: list[str] = []
    saved = save(signed_in, *map(by_isrc, songs[:5]), told=told)
    assert (saved.added, len(saved.refused)) == (2, 3)
    assert told[:2] == [
        "Searching Spotify for 2 songs whose Spotify id the catalogue does not know",
        "3 more are not searched for: it takes a request each",
    ]


def test_an_app_that_may_not_search_saves_the_rest(
    signed_in: Settings, fake_spotify: FakeSpotify, songs: list[Song]
) -> None:
    fake_spotify.faults.add(Fault("GET /v1/search", status=403, body=b"{}"))
    told: list[str] = []
    own = Track(songs[0].track_id, songs[0].name)
    saved = save(signed_in, own, by_isrc(songs[1]), told=told)
    assert (saved.added, saved.refused) == (1, (by_isrc(songs[1]),))
    assert any(text.startswith("Spotify does not search any further") for text in told)


def test_nobody_is_told_of_a_search_before_a_sign_in(spotify_settings: Settings) -> None:
    told: list[str] = []
    with pytest.raises(SignInError, match="nobody is signed in"):
        save(spotify_settings, NOWHERE, told=told)
    assert told == []


def test_without_a_connection_nothing_is_made(
    signed_in: Settings, fake_spotify: FakeSpotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TRIES", 1)
    fake_spotify.stop()
    with pytest.raises(SpotifyUnreachableError):
        save(signed_in, NOWHERE)
