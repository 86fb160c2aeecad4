"""Finding tracks of a catalogue at Spotify: by its own id, else by ISRC, else by artist and title.

What a search finds counts only where the ISRC, or artist and title as `song_key` compares them, are the same:
a song that is not found is told, a wrong one would go unseen into someone's playlist. Of several versions of
a song, the one of the very title is taken.
"""

import re
from collections.abc import Sequence

from segue.errors import SpotifyAccessError, SpotifyAnswerError
from segue.ids import is_spotify_id
from segue.services.spotify import endpoints, schemas
from segue.services.spotify.client import SpotifyClient
from segue.text.song_keys import fold, song_key
from segue.types import Track

MAX_SEARCHED = 100  # tracks that are searched for in one run, up to two requests each
_LONGEST_PART = 100  # characters of a title or a name in a search; Spotify takes 250 of the whole

_ENDING = re.compile(r"\s[-–—]\s|[(\[]")  # where a title goes on to speak of its version or guests


def find_tracks(client: SpotifyClient, tracks: Sequence[Track]) -> dict[str, str]:
    """Return Spotify's id of each track that it has, by `track_id`.

    Where Spotify lets this app not search, or there is too much to search for, the rest stays unknown, and
    the person is told.

    Raises
    ------
    SpotifyError
        When Spotify cannot be asked.

    """
    found = {track.track_id: track.track_id for track in tracks if is_spotify_id(track.track_id)}
    unknown = {track.track_id: track for track in tracks if track.track_id not in found}
    if not unknown:
        return found
    searched = list(unknown.values())[:MAX_SEARCHED]
    client.notify(f"Searching Spotify for {len(searched)} songs whose Spotify id the catalogue does not know")
    if len(unknown) > len(searched):
        client.notify(f"{len(unknown) - len(searched)} more are not searched for: it takes a request each")
    try:
        for track in searched:
            spotify_id = _find(client, track)
            if spotify_id:
                found[track.track_id] = spotify_id
    except (SpotifyAccessError, SpotifyAnswerError) as error:
        client.notify(f"Spotify does not search any further: {error.message}")
    return found


def _find(client: SpotifyClient, track: Track) -> str | None:
    isrc = _isrc_of(track)
    if isrc:
        for item in _search(client, f"isrc:{isrc}"):
            if item.isrc == isrc:
                return item.id
    key = song_key(track.artists, track.name)
    if not key:
        return None
    title = _ENDING.split(track.name)[0].strip() or track.name
    found = _search(client, f"track:{_quoted(title)} artist:{_quoted(track.artists[0])}")
    same = [item for item in found if song_key(item.artist_names, item.name or "") == key]
    same.sort(
        key=lambda item: fold(item.name or "") != fold(track.name)
    )  # the same version, where there is one
    return same[0].id if same else None


def _search(client: SpotifyClient, query: str) -> list[schemas.Item]:
    return [item for item in client.fetch(endpoints.search_tracks(query)).tracks.items if item and item.id]


def _isrc_of(track: Track) -> str:
    scheme, _, value = track.track_id.partition(":")
    return (track.isrc or (value if scheme == "isrc" else "")).upper()


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', " ")[:_LONGEST_PART].strip())
