"""Clients that were written for Spotify work with our drop-in by a change of the base address alone."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import spotipy

from segue.web.spotify_compat_query import TUNABLE
from serving import Running
from serving.node import HOW, NODE_MODULES

SCRIPT = """
import { SpotifyApi } from "@spotify/web-api-ts-sdk";
const [base, track] = process.argv.slice(2);
const send = (url, init) => fetch(String(url).replace("https://api.spotify.com/", base), init);
const token = { access_token: "any", token_type: "Bearer", expires_in: 3600, refresh_token: "" };
const api = SpotifyApi.withAccessToken("any", token, { fetch: send });
const picks = await api.recommendations.get({ seed_tracks: [track], limit: 7, min_tempo: 90 });
const genres = await api.recommendations.genreSeeds();
const one = await api.tracks.get(track);
const features = await api.tracks.audioFeatures([track, picks.tracks[0].id]);
const wrong = await api.tracks.get("0".repeat(22)).then(() => "", (error) => error.message);
console.log(JSON.stringify({ picks, genres, one, features, wrong }));
"""


@pytest.fixture
def spotify(server: Running) -> spotipy.Spotify:
    client = spotipy.Spotify(auth="any-token", retries=0, status_retries=0)
    client.prefix = f"{server.url}v1/"
    return client


def test_spotipy(spotify: spotipy.Spotify, some_ids: list[str]) -> None:
    track = spotify.track(some_ids[0])
    assert track["id"] == some_ids[0]
    assert [each["id"] for each in spotify.tracks(some_ids)["tracks"]] == some_ids
    with pytest.warns(DeprecationWarning, match="deprecated by Spotify"):
        genres = spotify.recommendation_genre_seeds()["genres"]
    with pytest.warns(DeprecationWarning, match="deprecated by Spotify"):
        features = spotify.audio_features(some_ids)
    assert [each["id"] for each in features] == some_ids
    with pytest.warns(DeprecationWarning, match="deprecated by Spotify"):
        picks = spotify.recommendations(
            seed_tracks=[f"spotify:track:{some_ids[0]}", some_ids[1]],
            seed_artists=[track["artists"][0]["uri"]],
            seed_genres=genres[:1],
            limit=30,
            country="DE",
            min_tempo=90,
            target_energy=0.8,
        )
    assert len(picks["tracks"]) == 30
    assert {seed["type"] for seed in picks["seeds"]} == {"track", "artist", "genre"}
    assert picks["tracks"][0]["album"]["name"]


def test_spotipy_hears_of_errors(spotify: spotipy.Spotify) -> None:
    with pytest.raises(spotipy.SpotifyException) as caught:
        spotify.track("0" * 22)
    assert caught.value.http_status == 404
    with (
        pytest.warns(DeprecationWarning, match="deprecated by Spotify"),
        pytest.raises(spotipy.SpotifyException, match="1 to 5 seeds"),
    ):
        spotify.recommendations()


def test_spotipy_knows_every_attribute(spotify: spotipy.Spotify, some_ids: list[str]) -> None:
    bounds = {f"max_{name}": feature.high for name, feature in TUNABLE.items()}
    with pytest.warns(DeprecationWarning, match="deprecated by Spotify"):
        assert spotify.recommendations(seed_tracks=some_ids[:1], limit=5, **bounds)["tracks"]


def test_spotipy_of_old(spotify: spotipy.Spotify, some_ids: list[str]) -> None:
    """What spotipy's tests held of these calls while Spotify still answered them."""
    with pytest.warns(DeprecationWarning, match="deprecated by Spotify"):
        with_unknown = spotify.audio_features([some_ids[0], "0" * 22, f"spotify:track:{some_ids[1]}"])
    assert len(with_unknown) == 3
    assert with_unknown[1] is None
    assert all("speechiness" in each for each in with_unknown if each)
    with pytest.warns(DeprecationWarning, match="deprecated by Spotify"):
        (one,) = spotify.audio_features(f"https://open.spotify.com/track/{some_ids[0]}")
    assert one["id"] == some_ids[0]
    artist = spotify.track(some_ids[0])["artists"][0]["id"]
    for seeds in (
        {"seed_artists": [artist]},
        {"seed_tracks": some_ids[:1]},
        {"seed_genres": ["rock"]},
        {"seed_artists": [artist], "min_tempo": 100, "max_loudness": -2.5, "target_valence": 0.4},
    ):
        with pytest.warns(DeprecationWarning, match="deprecated by Spotify"):
            assert len(spotify.recommendations(limit=20, **seeds)["tracks"]) == 20, seeds


def test_spotipy_searches(spotify: spotipy.Spotify) -> None:
    found = spotify.search(q="artist:metallica", type="artist,track", limit=4)
    assert [artist["name"] for artist in found["artists"]["items"]] == ["Metallica"]
    assert len(found["tracks"]["items"]) == 4
    assert spotify.next(found["tracks"])["tracks"]["offset"] == 4
    artist = spotify.artist(found["artists"]["items"][0]["uri"])
    assert artist["name"] == "Metallica"
    with pytest.warns(DeprecationWarning, match="deprecated by Spotify"):
        assert spotify.artist_top_tracks(artist["id"])["tracks"]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.skipif(
    not (NODE_MODULES / "@spotify" / "web-api-ts-sdk").exists(),
    reason=f"@spotify/web-api-ts-sdk is {HOW}",
)
def test_the_sdk_of_spotify_itself(server: Running, some_ids: list[str], tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    script = tmp_path / "script.mjs"
    script.write_text(SCRIPT)
    done = subprocess.run(
        ["node", str(script), server.url, some_ids[0]],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert len(said["picks"]["tracks"]) == 7
    assert "rock" in said["genres"]["genres"]
    assert said["one"]["id"] == some_ids[0]
    assert len(said["features"]) == 2
    assert "holds no track" in said["wrong"]
