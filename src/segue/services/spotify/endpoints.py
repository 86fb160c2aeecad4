"""The endpoints that segue uses, each as a description: what to send, and what comes back.

Nothing here sends anything. Facts: Spotify's OpenAPI file, version 2026.5.31.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel

from segue.services.spotify import schemas
from segue.services.spotify.transport import Request

Answer = TypeVar("Answer", bound=BaseModel)

PAGE = 50  # the most entries that one request may ask for
FOUND = 10  # the most tracks that one search may ask for
ADD = 100  # the most tracks that one request may add


@dataclass(frozen=True, slots=True)
class Call(Generic[Answer]):
    """One request to the Web API. `doing` names it in messages; `repeatable` as in `Request`."""

    path: str
    answer: type[Answer]
    doing: str
    method: Literal["GET", "POST"] = "GET"
    params: Mapping[str, str | int] = field(default_factory=dict)
    body: object = None
    repeatable: bool = True

    def request(self) -> Request:
        """Return the request to send."""
        return Request(self.method, f"/v1{self.path}", self.params, self.body, repeatable=self.repeatable)


def me() -> Call[schemas.User]:
    """Who is signed in."""
    return Call("/me", schemas.User, "asking who is signed in")


def track(track_id: str) -> Call[schemas.Item]:
    """One track."""
    return Call(f"/tracks/{track_id}", schemas.Item, f"reading the track {track_id}")


def search_tracks(query: str) -> Call[schemas.Found]:
    """The first tracks (10 at most) that a search finds."""
    params: dict[str, str | int] = {"q": query, "type": "track", "limit": FOUND}
    return Call("/search", schemas.Found, "searching for a song", params=params)


def album(album_id: str) -> Call[schemas.AlbumObject]:
    """An album with its first tracks (50 at most)."""
    return Call(f"/albums/{album_id}", schemas.AlbumObject, f"reading the album {album_id}")


def album_tracks(album_id: str, offset: int) -> Call[schemas.TrackPage]:
    """More tracks of an album."""
    params = {"limit": PAGE, "offset": offset}
    return Call(
        f"/albums/{album_id}/tracks", schemas.TrackPage, f"reading the album {album_id}", params=params
    )


def liked(offset: int) -> Call[schemas.Page]:
    """A page of Liked Songs."""
    return Call("/me/tracks", schemas.Page, "reading Liked Songs", params={"limit": PAGE, "offset": offset})


def playlist(playlist_id: str) -> Call[schemas.PlaylistObject]:
    """A playlist; with its first entries (100 at most) where this account may read them."""
    return Call(f"/playlists/{playlist_id}", schemas.PlaylistObject, f"reading the playlist {playlist_id}")


def playlist_items(playlist_id: str, offset: int) -> Call[schemas.Page]:
    """A page of a playlist's entries."""
    return Call(
        f"/playlists/{playlist_id}/items",
        schemas.Page,
        f"reading the playlist {playlist_id}",
        params={"limit": PAGE, "offset": offset},
    )


def my_playlists(offset: int) -> Call[schemas.PlaylistSummaries]:
    """A page of one's own and followed playlists."""
    return Call(
        "/me/playlists",
        schemas.PlaylistSummaries,
        "looking through your playlists",
        params={"limit": PAGE, "offset": offset},
    )


def create_playlist(name: str, description: str, *, public: bool) -> Call[schemas.MadePlaylist]:
    """Make an empty playlist. Never sent twice: each arrival makes another one."""
    return Call(
        "/me/playlists",
        schemas.MadePlaylist,
        "making the playlist",
        method="POST",
        body={"name": name, "description": description, "public": public, "collaborative": False},
        repeatable=False,
    )


def add_items(playlist_id: str, uris: Sequence[str], position: int) -> Call[schemas.Snapshot]:
    """Add at most 100 tracks at a position. Never sent twice: each arrival adds them again."""
    return Call(
        f"/playlists/{playlist_id}/items",
        schemas.Snapshot,
        f"adding to the playlist {playlist_id}",
        method="POST",
        body={"uris": list(uris), "position": position},
        repeatable=False,
    )
