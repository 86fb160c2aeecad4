"""tekore, the strictest client of Spotify in Python, reads every answer of the drop-in into its models.

A field that is missing fails there, and one that it does not know is a warning, which is an error here.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import tekore

from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.features import AUDIO_NAMES
from segue.recommender import Recommender
from segue.types import Track
from segue.web.application import create_application
from segue.web.options import ServeOptions
from segue.web.spotify_compat_query import TUNABLE
from serving import Running, serving
from serving.fixtures import MODEL


class ToServer(tekore.SyncSender):  # type: ignore[misc]  # it has no types for mypy
    """Sends to a server of ours what is meant for Spotify's: tekore has no setting for the address."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def send(self, request: tekore.Request) -> tekore.Response:
        request.url = request.url.replace("https://api.spotify.com/", self.url)
        return super().send(request)


def open_client(server: Running) -> Iterator[tekore.Spotify]:
    sender = ToServer(server.url)
    yield tekore.Spotify("any-token", sender=sender)
    sender.close()


@pytest.fixture
def spotify(server: Running) -> Iterator[tekore.Spotify]:
    yield from open_client(server)


def test_recommendations(spotify: tekore.Spotify, some_ids: list[str]) -> None:
    artist = spotify.track(some_ids[0]).artists[0].id
    genres = spotify.recommendation_genre_seeds()
    picks = spotify.recommendations(
        artist_ids=[artist], track_ids=some_ids[:2], genres=genres[:1], limit=100, market="DE", min_tempo=90
    )
    assert len(picks.tracks) == 100
    assert [seed.type for seed in picks.seeds] == ["artist", "track", "track", "genre"]
    assert picks.seeds[-1].href is None, "as Spotify says of a genre"
    assert all(seed.initialPoolSize >= seed.afterFilteringSize > 0 for seed in picks.seeds)


def test_every_attribute(spotify: tekore.Spotify, some_ids: list[str]) -> None:
    for name, feature in TUNABLE.items():
        for prefix, value in (("min", feature.low), ("max", feature.high), ("target", feature.high)):
            bound = {f"{prefix}_{name}": int(value) if feature.integer else value}
            assert spotify.recommendations(track_ids=some_ids[:1], limit=1, **bound).tracks


def test_tracks_and_features(spotify: tekore.Spotify, some_ids: list[str]) -> None:
    assert spotify.track(some_ids[0]).id == some_ids[0]
    assert [track.id for track in spotify.tracks(some_ids)] == some_ids
    assert spotify.track_audio_features(some_ids[0]).id == some_ids[0]
    assert [each.id for each in spotify.tracks_audio_features(some_ids)] == some_ids
    with pytest.raises(tekore.NotFound):
        spotify.track("0" * 22)
    with pytest.raises(tekore.BadRequest):
        spotify.recommendations(track_ids=some_ids[:1], limit=1, min_energy=0.9, max_energy=0.1)


def test_search_and_artists(spotify: tekore.Spotify) -> None:
    artists, tracks = spotify.search("metallica", types=("artist", "track"), limit=3)
    assert [artist.name for artist in artists.items] == ["Metallica"]
    assert len(tracks.items) == 3
    (following,) = spotify.search("metallica", limit=3, offset=3)
    assert following.offset == 3
    assert not {track.id for track in following.items} & {track.id for track in tracks.items}
    assert spotify.artist(artists.items[0].id) == artists.items[0]
    top = spotify.artist_top_tracks(artists.items[0].id, "DE")
    assert {track.artists[0].id for track in top} == {artists.items[0].id}
    with pytest.raises(tekore.NotFound):
        spotify.artist("0" * 22)


@pytest.fixture
def gaps(tmp_path: Path, served_settings: Settings) -> Iterator[tekore.Spotify]:
    """A client of a server whose tracks lack nearly everything that a track can lack."""
    path = tmp_path / "gaps.sqlite"
    whole = dict.fromkeys(AUDIO_NAMES, 1.0) | {
        "tempo": 120.0,
        "duration_ms": 200_000.0,
        "time_signature": 4.0,
    }
    bare = Track("A" * 22, "Bare", ("Nobody",))
    with Catalogue.create(path) as catalogue:
        catalogue.upsert(
            [
                bare,
                replace(bare, track_id="B" * 22, features=whole),
                replace(bare, track_id="C" * 22, features={"energy": 0.5}, release_date="1999-05"),
                replace(bare, track_id="D" * 22, artists=(), features=whole, popularity=3),
            ]
        )
    options = ServeOptions(port=0, workers=1)
    application = create_application(lambda: Recommender.open(path, MODEL), served_settings, options)
    with serving(application) as server:
        yield from open_client(server)


def test_a_catalogue_with_gaps(gaps: tekore.Spotify) -> None:
    ids = [letter * 22 for letter in "ABCD"]
    assert [track.id for track in gaps.tracks(ids)] == ids
    features = gaps.tracks_audio_features([*ids, "0" * 22])
    assert [each and each.id for each in features] == [None, ids[1], None, ids[3], None]
    with pytest.raises(tekore.NotFound):
        gaps.track_audio_features(ids[0])
    picks = gaps.recommendations(track_ids=[ids[1]], limit=3)
    assert {track.id for track in picks.tracks} <= set(ids)
    assert picks.tracks
    assert gaps.recommendation_genre_seeds() == []
    (artists,) = gaps.search("nobody", types=("artist",))
    assert gaps.artist(artists.items[0].id).genres == []
