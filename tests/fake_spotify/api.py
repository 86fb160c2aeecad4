"""The Web API of late 2026 as a Development-Mode app meets it: what is left, and how the rest refuses."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fake_spotify import objects
from fake_spotify.accounts import Accounts, Grant
from fake_spotify.answers import Answer, error, json_answer
from fake_spotify.world import Playlist, Song, World

_FIELD = re.compile(r'(isrc|track|artist):(?:"([^"]*)"|(\S+))')
_GONE_403 = re.compile(r"/(playlists/\w+/tracks|users/\w+/playlists|audio-features.*|audio-analysis/.*)")
_GONE_404 = re.compile(
    r"/(recommendations.*|artists/\w+/(related-artists|top-tracks)|browse/.*|tracks|albums)"
)


@dataclass(frozen=True)
class Asked:
    """One request, parsed."""

    method: str
    path: str  # without /v1
    query: Mapping[str, str]
    body: Any
    authorization: str = ""


class Api:
    """Answers requests for `/v1`."""

    def __init__(self, world: World, accounts: Accounts) -> None:
        self._world = world
        self._accounts = accounts
        self.items_forbidden = False  # some developers get 403 from /items, also of their own lists
        self._routes: tuple[tuple[str, str, tuple[str, ...], Callable[..., Answer]], ...] = (
            ("GET", r"/me", (), self._me),
            ("GET", r"/me/tracks", ("user-library-read",), self._liked),
            ("GET", r"/me/playlists", ("playlist-read-private",), self._my_playlists),
            ("POST", r"/me/playlists", (), self._create),
            ("GET", r"/tracks/(\w+)", (), self._track),
            ("GET", r"/search", (), self._search),
            ("GET", r"/albums/(\w+)", (), self._album),
            ("GET", r"/albums/(\w+)/tracks", (), self._album_tracks),
            ("GET", r"/playlists/(\w+)", (), self._playlist),
            ("GET", r"/playlists/(\w+)/items", (), self._items),
            ("POST", r"/playlists/(\w+)/items", (), self._add),
        )

    def answer(self, asked: Asked) -> Answer:
        """Answer one request."""
        grant = self._accounts.grant_of(asked.authorization)
        if isinstance(grant, str):
            return error(401, grant)
        if not self._world.users[grant.user_id].registered:
            return error(
                403, "Check settings on developer.spotify.com/dashboard, the user may not be registered."
            )
        for method, pattern, scopes, route in self._routes:
            found = re.fullmatch(pattern, asked.path)
            if found and method == asked.method:
                if not set(scopes) <= set(grant.scopes):
                    return error(403, "Insufficient client scope")
                return route(asked, grant, *found.groups())
        if _GONE_403.fullmatch(asked.path):
            return error(403, "Forbidden")
        return (
            error(404, "Not found.") if _GONE_404.fullmatch(asked.path) else error(404, "Service not found")
        )

    # -- reading ------------------------------------------------------------------------------------------

    def _me(self, asked: Asked, grant: Grant) -> Answer:
        return json_answer(200, objects.user_object(self._world.users[grant.user_id]))

    def _liked(self, asked: Asked, grant: Grant) -> Answer:
        return self._page(
            asked, [objects.saved_object(song) for song in self._world.users[grant.user_id].liked]
        )

    def _my_playlists(self, asked: Asked, grant: Grant) -> Answer:
        mine = [one for one in self._world.playlists.values() if one.is_open_to(grant.user_id)]
        return self._page(asked, [objects.playlist_summary(self._world, one) for one in reversed(mine)])

    def _track(self, asked: Asked, grant: Grant, track_id: str) -> Answer:
        song = self._world.songs.get(track_id)
        return json_answer(200, objects.track_object(self._world.shown(song))) if song else _no_such(track_id)

    def _search(self, asked: Asked, grant: Grant) -> Answer:
        """Find by what stands after `isrc:`, `track:` and `artist:`; every word of it must be there."""
        bounds = _bounds(asked)
        wanted = {name: quoted or bare for name, quoted, bare in _FIELD.findall(asked.query.get("q", ""))}
        if isinstance(bounds, Answer) or bounds[0] > 10 or asked.query.get("type") != "track" or not wanted:
            return error(400, "Invalid search")
        found = [song for song in self._world.songs.values() if song.kind == "track" and _fits(song, wanted)]
        shown = [objects.track_object(self._world.shown(song)) for song in found]
        limit, offset = bounds
        page = objects.page_object(asked.path, shown[offset : offset + limit], len(shown), limit, offset)
        return json_answer(200, {"tracks": page})

    def _album(self, asked: Asked, grant: Grant, album_id: str) -> Answer:
        songs = self._world.albums.get(album_id)
        if not songs:
            return _no_such(album_id)
        return json_answer(200, objects.album_object(songs[0].album, album_id, songs))

    def _album_tracks(self, asked: Asked, grant: Grant, album_id: str) -> Answer:
        songs = self._world.albums.get(album_id)
        if not songs:
            return _no_such(album_id)
        return self._page(asked, [objects.simple_track(song, n) for n, song in enumerate(songs, start=1)])

    def _playlist(self, asked: Asked, grant: Grant, playlist_id: str) -> Answer:
        playlist = self._find(playlist_id, grant)
        if isinstance(playlist, Answer):
            return playlist
        with_items = playlist.is_open_to(grant.user_id)
        return json_answer(200, objects.playlist_object(self._world, playlist, with_items=with_items))

    def _items(self, asked: Asked, grant: Grant, playlist_id: str) -> Answer:
        playlist = self._find(playlist_id, grant)
        if isinstance(playlist, Answer):
            return playlist
        if self.items_forbidden or not playlist.is_open_to(grant.user_id):
            return error(403, "Forbidden")
        bounds = _bounds(asked)
        if isinstance(bounds, Answer):
            return bounds
        return json_answer(200, objects.items_page(self._world, playlist, *bounds))

    def _find(self, playlist_id: str, grant: Grant) -> Playlist | Answer:
        playlist = self._world.playlists.get(playlist_id)
        if playlist is None or playlist.kind == "editorial":
            return _no_such(playlist_id)
        hidden = not playlist.public and not playlist.is_open_to(grant.user_id)
        if hidden or (not playlist.public and "playlist-read-private" not in grant.scopes):
            return _no_such(playlist_id)
        return playlist

    def _page(self, asked: Asked, items: list[Any]) -> Answer:
        bounds = _bounds(asked)
        if isinstance(bounds, Answer):
            return bounds
        limit, offset = bounds
        chosen = items[offset : offset + limit]
        return json_answer(200, objects.page_object(asked.path, chosen, len(items), limit, offset))

    # -- writing ------------------------------------------------------------------------------------------

    def _create(self, asked: Asked, grant: Grant) -> Answer:
        body = asked.body if isinstance(asked.body, dict) else {}
        name, description = body.get("name"), body.get("description") or ""
        public = body.get("public", True)
        if not isinstance(name, str) or not name:
            return error(400, "Missing required field: name")
        if not {f"playlist-modify-{'public' if public else 'private'}"} <= set(grant.scopes):
            return error(403, "Insufficient client scope")
        if len(description) > 300 or "\n" in description:
            return error(500, "Internal Server Error")
        playlist = self._world.add_playlist(grant.user_id, name)
        playlist.description, playlist.public = description, public
        return json_answer(201, objects.playlist_object(self._world, playlist, with_items=True))

    def _add(self, asked: Asked, grant: Grant, playlist_id: str) -> Answer:
        playlist = self._find(playlist_id, grant)
        if isinstance(playlist, Answer):
            return playlist
        scope = f"playlist-modify-{'public' if playlist.public else 'private'}"
        if not playlist.is_open_to(grant.user_id) or scope not in grant.scopes:
            return error(403, "Forbidden")
        uris = asked.body.get("uris") if isinstance(asked.body, dict) else None
        if not isinstance(uris, list) or not uris:
            return error(400, "No uris provided")
        if len(uris) > 100:
            return error(400, "You can add a maximum of 100 tracks per request.")
        ids = [uri.removeprefix("spotify:track:") for uri in uris if isinstance(uri, str)]
        if len(ids) < len(uris) or any(not re.fullmatch(r"\w{22}", track_id) for track_id in ids):
            return error(400, "Invalid track uri")
        if self._world.unknown & set(ids) or not set(ids) <= self._world.songs.keys():
            return error(400, "Payload contains a non-existing ID")
        at = asked.body.get("position", len(playlist.songs))
        if not isinstance(at, int) or not 0 <= at <= len(playlist.songs):
            return error(400, "Index out of bounds.")
        playlist.songs[at:at] = [self._world.songs[track_id] for track_id in ids]
        playlist.version += 1
        return json_answer(201, {"snapshot_id": playlist.snapshot_id})


def _bounds(asked: Asked) -> tuple[int, int] | Answer:
    try:
        limit, offset = int(asked.query.get("limit", 20)), int(asked.query.get("offset", 0))
    except ValueError:
        return error(400, "Invalid limit or offset")
    return (limit, offset) if 1 <= limit <= 50 and offset >= 0 else error(400, "Invalid limit")


def _fits(song: Song, wanted: Mapping[str, str]) -> bool:
    held = {"isrc": song.isrc, "track": song.name, "artist": song.artist}
    return all(_words(text) <= _words(held[name]) for name, text in wanted.items())


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _no_such(spotify_id: str) -> Answer:
    return (
        error(404, "Resource not found")
        if re.fullmatch(r"\w{22}", spotify_id)
        else error(400, "Invalid base62 id")
    )
