"""The fake Spotify and a client that others wrote: it must find there what it finds at Spotify."""

import pytest

from fake_spotify import FakeSpotify, Song


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_spotipy_reads_and_makes_playlists(fake_spotify: FakeSpotify) -> None:
    spotipy = pytest.importorskip("spotipy")
    songs = fake_spotify.world.add_songs(map(Song.numbered, range(70)))
    mine = fake_spotify.world.add_playlist("ada", "Mine", songs)
    client = spotipy.Spotify(auth=fake_spotify.sign_in()["access_token"], retries=0)
    client.prefix = f"{fake_spotify.url}/v1/"
    try:
        page = client.playlist_items(mine.playlist_id, limit=50, additional_types=("track",))
        assert [entry["item"]["id"] for entry in page["items"]] == [song.track_id for song in songs[:50]]
        made = client.current_user_playlist_create("New", public=False, description="Words")
    finally:
        client._session.close()
    # spotipy adds tracks as a bare list, which the OpenAPI file does not know: no part of this test.
    assert fake_spotify.world.playlists[made["id"]].description == "Words"
