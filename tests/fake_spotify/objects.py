"""The world as Spotify's JSON."""

import html
from typing import Any
from urllib.parse import quote

from fake_spotify.world import Playlist, Song, User, World, spotify_id

Json = dict[str, Any]
API = "https://api.spotify.com/v1"
OPEN = "https://open.spotify.com"
ADDED_AT = "2026-10-01T12:00:00Z"


def user_object(user: User) -> Json:
    """The signed-in person."""
    return {**_thing("user", user.user_id), "display_name": user.display_name, "images": []}


def _thing(kind: str, spotify_id: str) -> Json:
    return {
        "href": f"{API}/{kind}s/{spotify_id}",
        "id": spotify_id,
        "type": kind,
        "uri": f"spotify:{kind}:{spotify_id}",
        "external_urls": {"spotify": f"{OPEN}/{kind}/{spotify_id}"},
    }


def _artist(name: str) -> Json:
    return {**_thing("artist", spotify_id("artist", name)), "name": name}


def _album(name: str, artist: str) -> Json:
    return {
        **_thing("album", spotify_id("album", name)),
        "album_type": "album",
        "total_tracks": 12,
        "available_markets": [],
        "images": [],
        "name": name,
        "release_date": "2019-05-03",
        "release_date_precision": "day",
        "artists": [_artist(artist)],
    }


def simple_track(song: Song, number: int = 1) -> Json:
    """A track inside an album: without album and ISRC."""
    return {
        **_thing("track", song.track_id),
        "name": song.name,
        "artists": [_artist(song.artist)],
        "disc_number": 1,
        "track_number": number,
        "duration_ms": song.duration_ms,
        "explicit": False,
        "is_local": False,
    }


def track_object(song: Song) -> Json:
    """A whole track, as it is since 2026: no popularity, no markets, no linked_from."""
    return {
        **simple_track(song),
        "album": _album(song.album, song.artist),
        "external_ids": {"isrc": song.isrc} if song.isrc else {},
    }


def _local_object(song: Song) -> Json:
    local = track_object(song)
    path = ":".join(quote(part) for part in (song.artist, song.album, song.name))
    return {**local, "id": None, "uri": f"spotify:local:{path}:200", "is_local": True, "external_urls": {}}


def _episode_object(song: Song) -> Json:
    show = {
        **_thing("show", spotify_id("show", song.artist)),
        "available_markets": [],
        "copyrights": [],
        "description": "",
        "html_description": "",
        "explicit": False,
        "images": [],
        "is_externally_hosted": False,
        "languages": ["en"],
        "media_type": "audio",
        "name": song.artist,
        "publisher": song.artist,
        "total_episodes": 9,
    }
    return {
        **_thing("episode", song.track_id),
        "audio_preview_url": None,
        "description": "",
        "html_description": "",
        "duration_ms": song.duration_ms,
        "explicit": False,
        "images": [],
        "is_externally_hosted": False,
        "is_playable": True,
        "languages": ["en"],
        "name": song.name,
        "release_date": "2026-01-01",
        "release_date_precision": "day",
        "show": show,
    }


def item_object(song: Song) -> Json | None:
    """What an entry holds."""
    if song.kind == "gone":
        return None
    if song.kind == "episode":
        return _episode_object(song)
    return _local_object(song) if song.kind == "local" else track_object(song)


def entry_object(world: World, song: Song, owner: str) -> Json:
    """One entry of a playlist; the deprecated `track` is a boolean, as newer answers have it."""
    return {
        "added_at": ADDED_AT,
        "added_by": _thing("user", owner),
        "is_local": song.kind == "local",
        "item": item_object(world.shown(song)),
    }


def saved_object(song: Song) -> Json:
    """One entry of Liked Songs, still under `track`."""
    return {"added_at": ADDED_AT, "track": track_object(song)}


def page_object(path: str, items: list[Any], total: int, limit: int, offset: int) -> Json:
    """A page with its neighbours' addresses."""
    address = f"{API}{path}?offset={{}}&limit={limit}"
    return {
        "href": address.format(offset),
        "limit": limit,
        "offset": offset,
        "total": total,
        "next": address.format(offset + limit) if offset + limit < total else None,
        "previous": address.format(max(0, offset - limit)) if offset else None,
        "items": items,
    }


def items_page(world: World, playlist: Playlist, limit: int, offset: int) -> Json:
    """A page of a playlist's entries."""
    songs = playlist.songs[offset : offset + limit]
    entries = [entry_object(world, song, playlist.owner) for song in songs]
    path = f"/playlists/{playlist.playlist_id}/items"
    return page_object(path, entries, len(playlist.songs), limit, offset)


def playlist_summary(world: World, playlist: Playlist) -> Json:
    """A playlist without its entries. Descriptions come HTML-escaped."""
    owner = world.users.get(playlist.owner)
    return {
        **_thing("playlist", playlist.playlist_id),
        "collaborative": bool(playlist.collaborators),
        "description": html.escape(playlist.description),
        "images": [],
        "name": playlist.name,
        "owner": {**_thing("user", playlist.owner), "display_name": owner and owner.display_name},
        "public": playlist.public,
        "snapshot_id": playlist.snapshot_id,
        "items": {"href": f"{API}/playlists/{playlist.playlist_id}/items", "total": len(playlist.songs)},
    }


def playlist_object(world: World, playlist: Playlist, *, with_items: bool) -> Json:
    """A playlist with its first entries, which only those see who may."""
    whole = playlist_summary(world, playlist)
    del whole["items"]
    whole["followers"] = {"href": None, "total": 0}
    if with_items:
        whole["items"] = items_page(world, playlist, 100, 0)
    return whole


def album_object(name: str, album_id: str, songs: list[Song]) -> Json:
    """An album with its first tracks."""
    tracks = [simple_track(song, number) for number, song in enumerate(songs[:50], start=1)]
    return {
        **_album(name, songs[0].artist),
        **_thing("album", album_id),
        "tracks": page_object(f"/albums/{album_id}/tracks", tracks, len(songs), 50, 0),
        "copyrights": [],
        "external_ids": {},
        "genres": [],
        "label": "",
        "popularity": 0,
    }
