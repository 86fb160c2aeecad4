"""Spotify behind the protocol of services: reading links, and asking about tracks that nobody knows."""

import pytest

from fake_spotify import FakeSpotify, Song
from fake_spotify.fixtures import token_of
from segue.config import Settings
from segue.errors import InvalidLinkError, SignInError
from segue.services.protocol import Notify, Reading, say_nothing
from segue.services.spotify import transport
from segue.services.spotify.service import Spotify, open_spotify
from segue.services.spotify.tokens import FileTokenStore
from segue.text.links import SpotifyLink
from segue.types import Playlist, TrackReference

LINK = SpotifyLink("playlist", "A" * 22)


def spotify(settings: Settings, notify: Notify = say_nothing) -> Spotify:
    return open_spotify(settings, notify)


@pytest.mark.parametrize("kind", ["playlist", "album", "track", "liked"])
def test_links_of_every_kind_are_read(signed_in: Settings, fake_spotify: FakeSpotify, kind: str) -> None:
    songs = [Song.numbered(number) for number in range(3)]
    fake_spotify.world.users["ada"].liked = songs
    made = {
        "playlist": fake_spotify.world.add_playlist("ada", "Mine", songs).playlist_id,
        "album": fake_spotify.world.add_album("Album", songs),
        "track": songs[0].track_id,
        "liked": "",
    }
    told: list[str] = []
    link = SpotifyLink(kind, made[kind])  # type: ignore[arg-type]
    playlist = spotify(signed_in, told.append).read(link)
    assert len(playlist.entries) == (1 if kind == "track" else 3)


def test_a_link_without_a_list_of_songs(signed_in: Settings) -> None:
    with pytest.raises(InvalidLinkError, match="'artist'") as caught:
        spotify(signed_in).read(SpotifyLink("artist", "A" * 22))
    assert "album" in caught.value.hint


@pytest.mark.parametrize("kind", ["playlist", "album", "liked"])
def test_without_a_sign_in_the_ways_that_need_none_are_named(
    spotify_settings: Settings, fake_spotify: FakeSpotify, kind: str
) -> None:
    link = SpotifyLink(kind, "" if kind == "liked" else "A" * 22)  # type: ignore[arg-type]
    with pytest.raises(SignInError, match=f"nobody is signed in to Spotify, so {link.url}") as caught:
        spotify(spotify_settings).read(link)
    for way in ("segue login", "Ctrl+A", "segue recommend -", "Exportify", "FILE.csv"):
        assert way in caught.value.hint
    assert fake_spotify.seen == []


def test_a_sign_in_that_lacks_something_is_made_again_and_nothing_else(
    spotify_settings: Settings, fake_spotify: FakeSpotify
) -> None:
    FileTokenStore(spotify_settings.config_dir).save(token_of(fake_spotify, scopes=("user-library-read",)))
    with pytest.raises(SignInError, match="lacks playlist-read-private") as caught:
        spotify(spotify_settings).read(LINK)
    assert caught.value.hint.startswith("Run `segue login` again")


def reading_of(*ids: str) -> Reading:
    return Reading(Playlist(tuple(TrackReference(track_id=one, source="line 1") for one in ids)))


def test_only_links_that_the_catalogue_does_not_know_are_asked_about(
    signed_in: Settings, fake_spotify: FakeSpotify
) -> None:
    known, unknown = fake_spotify.world.add_songs([Song.numbered(1), Song.numbered(2)])
    told: list[str] = []
    reading = reading_of(known.track_id, unknown.track_id, "0" * 22)
    filled = spotify(signed_in, told.append).complete(reading, [1, 2]).playlist.entries
    assert [entry.title for entry in filled] == ["", "Song 2", ""]
    assert filled[1].source == "line 1"
    assert fake_spotify.lines() == [f"GET /v1/tracks/{unknown.track_id}", f"GET /v1/tracks/{'0' * 22}"]
    assert told == ["Asking Spotify about 2 links that the catalogue does not know"]


def test_of_many_unknown_links_twenty_are_asked_about(signed_in: Settings, fake_spotify: FakeSpotify) -> None:
    songs = fake_spotify.world.add_songs(map(Song.numbered, range(100, 140)))
    spotify(signed_in).complete(reading_of(*(song.track_id for song in songs)), range(40))
    assert len(fake_spotify.seen) == 20


def test_nobody_is_asked_when_nobody_is_signed_in(
    spotify_settings: Settings, fake_spotify: FakeSpotify
) -> None:
    reading = reading_of("0" * 22)
    assert spotify(spotify_settings).complete(reading, [0]) is reading
    assert fake_spotify.seen == []


def test_when_spotify_cannot_be_asked_the_rest_goes_on(
    signed_in: Settings, fake_spotify: FakeSpotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TRIES", 1)
    fake_spotify.stop()
    told: list[str] = []
    reading = reading_of("0" * 22, "1" * 22)
    assert spotify(signed_in, told.append).complete(reading, [0, 1]) is reading
    assert told[-1].startswith("Spotify could not be asked about 2 unknown links: 127.0.0.1")


def test_a_lone_id_can_be_a_playlist(signed_in: Settings, fake_spotify: FakeSpotify) -> None:
    mine = fake_spotify.world.add_playlist("ada", "Mine", [Song.numbered(3)])
    filled = spotify(signed_in).complete(reading_of(mine.playlist_id), [0])
    assert (filled.playlist.name, filled.link) == ("Mine", SpotifyLink("playlist", mine.playlist_id))
