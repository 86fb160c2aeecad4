"""Reading: playlists of every kind, albums, tracks, Liked Songs."""

import pytest

from fake_spotify import FakeSpotify, Fault, Song
from fake_spotify.fixtures import token_of
from fake_spotify.world import episode, gone, local_file, spotify_id
from segue.config import Settings
from segue.errors import (
    InvalidLinkError,
    SignInError,
    SpotifyAccessError,
    SpotifyAnswerError,
    SpotifySetupError,
    SpotifyUnreachableError,
)
from segue.services.spotify.client import SpotifyClient
from segue.services.spotify.connect import open_client
from segue.services.spotify.tokens import FileTokenStore


def songs(count: int, start: int = 0) -> list[Song]:
    return [Song.numbered(number) for number in range(start, start + count)]


def test_a_short_playlist_costs_one_request(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    kept = fake_spotify.world.add_playlist("ada", "Road & trip", songs(30))
    kept.description = "Songs for <driving>"
    playlist = spotify_client.fetch_playlist(kept.playlist_id)
    assert spotify_client.requests == 1
    assert playlist.name == "Road & trip"
    assert playlist.description == "Songs for <driving>"
    assert [entry.track_id for entry in playlist.entries] == [song.track_id for song in kept.songs]
    first = playlist.entries[0]
    assert (first.title, first.artist, first.album) == ("Song 0", "Artist 0", "Album 0")
    assert (first.isrc, first.duration_ms, first.source) == ("ZZSEG2600000", 200_000, "entry 1")


def test_500_tracks_are_read_in_nine_requests(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, notes: list[str]
) -> None:
    kept = fake_spotify.world.add_playlist("ada", "Long", songs(500))
    playlist = spotify_client.fetch_playlist(kept.playlist_id)
    assert [entry.track_id for entry in playlist.entries] == [song.track_id for song in kept.songs]
    assert spotify_client.requests == 9
    assert notes[0] == 'Reading "Long": 150 of 500'


def test_10_000_tracks_are_paged_with_progress(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, notes: list[str]
) -> None:
    fake_spotify._contract = None  # judging 200 pages of the same shape takes long and tells nothing more
    kept = fake_spotify.world.add_playlist("ada", "Huge", songs(10_000))
    assert len(spotify_client.fetch_playlist(kept.playlist_id).entries) == 10_000
    assert spotify_client.requests == 1 + 9_900 // 50
    assert notes[-1] == 'Reading "Huge": 10,000 of 10,000'


def test_what_is_no_track_is_left_out_and_named(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify
) -> None:
    mixed = [Song.numbered(1), episode(1), local_file(2), gone(), Song.numbered(2)]
    kept = fake_spotify.world.add_playlist("ada", "Mixed", mixed)
    playlist = spotify_client.fetch_playlist(kept.playlist_id)
    assert [entry.title for entry in playlist.entries] == ["Song 1", "Song 2"]
    assert playlist.skipped == (
        "entry 2: a podcast episode (Episode 1)",
        "entry 3: a local file (My Band - Demo tape 2)",
        "entry 4: no longer on Spotify",
    )


def test_a_relinked_track_comes_with_its_isrc(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify
) -> None:
    twin = Song(spotify_id("twin"), "Song 1", isrc=Song.numbered(1).isrc)
    fake_spotify.world.add_songs([twin])
    kept = fake_spotify.world.add_playlist("ada", "Relinked", [Song.numbered(1)])
    fake_spotify.world.relinked[Song.numbered(1).track_id] = twin.track_id
    (entry,) = spotify_client.fetch_playlist(kept.playlist_id).entries
    assert (entry.track_id, entry.isrc) == (twin.track_id, "ZZSEG2600001")


def test_a_shared_playlist_is_read(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    fake_spotify.world.add_user("bob")
    kept = fake_spotify.world.add_playlist("bob", "Ours", songs(3))
    kept.collaborators.add("ada")
    assert len(spotify_client.fetch_playlist(kept.playlist_id).entries) == 3


def test_an_empty_playlist_is_empty(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    kept = fake_spotify.world.add_playlist("ada", "Empty")
    assert spotify_client.fetch_playlist(kept.playlist_id).entries == ()


def test_the_list_of_someone_else_tells_the_ways_round(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify
) -> None:
    fake_spotify.world.add_user("bob")
    kept = fake_spotify.world.add_playlist("bob", "Bob's", songs(3))
    kept.public = True
    with pytest.raises(SpotifyAccessError, match=r"may not be read.*403") as caught:
        spotify_client.fetch_playlist(kept.playlist_id)
    assert "Add to other playlist" in caught.value.hint
    assert "Ctrl+A" in caught.value.hint
    assert "Exportify" in caught.value.hint


def test_a_hidden_list_tells_the_ways_round(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    fake_spotify.world.add_user("bob")
    kept = fake_spotify.world.add_playlist("bob", "Secret", songs(2))
    with pytest.raises(SpotifyAccessError, match="404") as caught:
        spotify_client.fetch_playlist(kept.playlist_id)
    assert "playlist of your own" in caught.value.hint


@pytest.mark.parametrize("signed", [True, False])
def test_a_list_that_spotify_makes_itself_is_refused_without_a_request(
    spotify_settings: Settings, fake_spotify: FakeSpotify, signed: bool
) -> None:
    if signed:
        FileTokenStore(spotify_settings.config_dir).save(token_of(fake_spotify))
    kept = fake_spotify.world.add_editorial("Top")
    with open_client(spotify_settings) as opened:
        with pytest.raises(SpotifyAccessError, match=r"makes itself.*37i9dQZ.*to no app") as caught:
            opened.fetch_playlist(kept.playlist_id)
        assert opened.requests == 0
    for click in ("three dots", "Add to other playlist", "New playlist", "Copy link to playlist", "Ctrl+A"):
        assert click in caught.value.hint
    assert fake_spotify.seen == []


def test_later_pages_that_are_refused_leave_the_first_hundred(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, notes: list[str]
) -> None:
    fake_spotify.api.items_forbidden = True
    kept = fake_spotify.world.add_playlist("ada", "Long", songs(130))
    assert len(spotify_client.fetch_playlist(kept.playlist_id).entries) == 100
    assert notes == ["Spotify gives only the first 100 of 130 entries to this app"]


def test_liked_songs(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    fake_spotify.world.users["ada"].liked = songs(70)
    playlist = spotify_client.fetch_liked()
    assert (playlist.name, len(playlist.entries), spotify_client.requests) == ("Liked Songs", 70, 2)


def test_an_album(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    tracks = [Song(spotify_id("b", n), f"Part {n}", "Band", "Opus") for n in range(60)]
    playlist = spotify_client.fetch_album(fake_spotify.world.add_album("Opus", tracks))
    assert (playlist.name, len(playlist.entries)) == ("Opus", 60)
    assert playlist.entries[59].album == "Opus"


def test_a_track(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    (song,) = fake_spotify.world.add_songs(songs(1))
    reference = spotify_client.fetch_track(song.track_id)
    assert (reference.title, reference.isrc) == ("Song 0", "ZZSEG2600000")


def test_a_track_that_is_not_there(spotify_client: SpotifyClient) -> None:
    with pytest.raises(SpotifyAccessError, match="reading the track"):
        spotify_client.fetch_track("0" * 22)


@pytest.mark.parametrize("wrong", ["", "short", "../me", "x" * 23, "é" * 22, "0" * 21 + "\n"])
def test_a_wrong_id_is_never_sent(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, wrong: str
) -> None:
    for fetch in (spotify_client.fetch_playlist, spotify_client.fetch_album, spotify_client.fetch_track):
        with pytest.raises(InvalidLinkError, match="22 letters and digits"):
            fetch(wrong)
    assert fake_spotify.seen == []


def test_the_id_of_another_kind(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    (song,) = fake_spotify.world.add_songs(songs(1))
    with pytest.raises(SpotifyAccessError, match="may not be read"):
        spotify_client.fetch_playlist(song.track_id)


def test_a_missing_scope_is_named_before_anything_is_sent(
    spotify_settings: Settings, fake_spotify: FakeSpotify
) -> None:
    FileTokenStore(spotify_settings.config_dir).save(
        token_of(fake_spotify, scopes=("playlist-read-private", "playlist-read-collaborative"))
    )
    with open_client(spotify_settings) as opened, pytest.raises(SignInError, match="lacks user-library-read"):
        opened.fetch_liked()
    assert fake_spotify.seen == []


def test_nobody_signed_in(spotify_settings: Settings) -> None:
    with open_client(spotify_settings) as opened, pytest.raises(SignInError, match="nobody") as caught:
        opened.fetch_liked()
    assert "segue login" in caught.value.hint


def test_a_person_that_the_app_does_not_know(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify
) -> None:
    fake_spotify.world.users["ada"].registered = False
    with pytest.raises(SpotifySetupError) as caught:
        spotify_client.fetch_user()
    assert "User Management" in caught.value.hint


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"items":3}', b'{"error":null}', b"\xff\xfe"])
def test_an_answer_that_is_nonsense(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, body: bytes
) -> None:
    fake_spotify.faults.add(Fault(status=200, body=body))
    with pytest.raises(SpotifyAnswerError, match="expected Page as JSON"):
        spotify_client.fetch_liked()


def test_a_redirect_is_not_followed(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    away = {"Location": "https://example.com/steal"}
    fake_spotify.faults.add(Fault(status=302, headers=away, body=b""))
    with pytest.raises(SpotifyAnswerError, match="302"):
        spotify_client.fetch_user()
    assert len(fake_spotify.seen) == 1


def test_an_answer_cut_short_is_asked_for_again(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify
) -> None:
    fake_spotify.faults.add(Fault(kind="cut"))
    assert spotify_client.fetch_user().id == "ada"
    assert spotify_client.requests == 2


def test_spotify_down_for_good(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    fake_spotify.faults.add(Fault(status=503, times=100))
    with pytest.raises(SpotifyUnreachableError, match="503") as caught:
        spotify_client.fetch_user()
    assert spotify_client.requests == 5
    assert "Spotify's" in caught.value.hint
