"""Tracks and audio features as Spotify's Web API shapes them (its OpenAPI file, version 2026.5.31)."""

from typing import Any

from segue.explore.profile import artist_hash
from segue.features import AUDIO_NAMES, WHOLE_NAMES
from segue.text.song_keys import fold, hash64
from segue.types import Track
from segue.web.spotify_ids import derive_id
from segue.web.spotify_search import Artist

Json = dict[str, Any]
_UNDETECTED = {"key": -1, "tempo": 0, "time_signature": 0}  # how Spotify writes what it has not detected


def _links(kind: str, own_id: str, base: str) -> Json:
    """Return what leads to an object. Only a track's id is Spotify's own, so only it is linked to there."""
    url = {"spotify": f"https://open.spotify.com/{kind}/{own_id}"} if kind == "track" else {}
    return {
        "external_urls": url,
        "href": f"{base}/v1/{kind}s/{own_id}",
        "id": own_id,
        "type": kind,
        "uri": f"spotify:{kind}:{own_id}",
    }


def artist_object(name: str, base: str) -> Json:
    """Return a SimplifiedArtistObject; the id is ours, and is accepted as a seed."""
    return {"name": name, **_links("artist", derive_id("artist", artist_hash(name)), base)}


def full_artist_object(artist: Artist, base: str) -> Json:
    """Return an ArtistObject of what the catalogue knows; nobody follows an artist here."""
    return {
        **artist_object(artist.name, base),
        "followers": {"href": None, "total": 0},
        "genres": artist.genres,
        "images": [],
        "popularity": artist.popularity,
    }


def _precision(release_date: str) -> str:
    return {4: "year", 7: "month"}.get(len(release_date), "day")


def album_object(track: Track, base: str) -> Json:
    """Return a SimplifiedAlbumObject of what the catalogue knows; it holds no covers and no markets."""
    name = track.album or track.name
    artists = [artist_object(artist, base) for artist in track.artists]
    key = f"{track.artists[0] if track.artists else ''}\t{fold(name)}"
    date = track.release_date or "0000"
    return {
        "album_type": "album" if track.album else "single",
        "total_tracks": 1,
        "available_markets": [],
        "images": [],
        "name": name,
        "release_date": date,
        "release_date_precision": _precision(date),
        "artists": artists,
        **_links("album", derive_id("album", hash64(key)), base),
    }


def track_object(track: Track, base: str) -> Json:
    """Return a TrackObject. `base` is this server's address, for the links back to it."""
    return {
        "album": album_object(track, base),
        "artists": [artist_object(artist, base) for artist in track.artists],
        "available_markets": [],
        "disc_number": 1,
        "duration_ms": int(track.features.get("duration_ms", 0)),
        "explicit": False,
        "external_ids": {"isrc": track.isrc} if track.isrc else {},
        "is_local": False,
        "is_playable": True,
        "name": track.name,
        "popularity": track.popularity or 0,
        "preview_url": None,
        "track_number": 1,
        **_links("track", track.track_id, base),
    }


def features_object(track: Track, base: str) -> Json | None:
    """Return an AudioFeaturesObject; None unless all features are known: typed clients need all."""
    if not set(AUDIO_NAMES) <= {*track.features, *_UNDETECTED}:
        return None
    known = {
        name: int(value) if name in WHOLE_NAMES else round(float(value), 6)
        for name, value in track.features.items()
    }
    return {
        **_UNDETECTED,
        **known,
        "analysis_url": f"{base}/v1/audio-analysis/{track.track_id}",
        "id": track.track_id,
        "track_href": f"{base}/v1/tracks/{track.track_id}",
        "type": "audio_features",
        "uri": track.uri,
    }
