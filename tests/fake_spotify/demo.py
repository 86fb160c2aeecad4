"""A world made of a catalogue's own songs, for whole runs of the command and for recordings."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from fake_spotify.world import Playlist, Song, World, episode, gone, local_file
from segue.catalogue.store import Catalogue
from segue.types import Track


def song_of(track: Track) -> Song:
    """Return a track of a catalogue as Spotify has it."""
    duration_ms = int(track.features.get("duration_ms", 200_000))
    return Song(track.track_id, track.name, track.artist, track.album or "Album", track.isrc, duration_ms)


def add_catalogue(world: World, catalogue: Path) -> None:
    """Make every song of a catalogue known to Spotify."""
    world.add_songs(_songs_of(catalogue))


@lru_cache(maxsize=1)  # the starter has tens of thousands, and many tests make a world of them
def _songs_of(catalogue: Path) -> tuple[Song, ...]:
    with Catalogue.open(catalogue) as opened:
        return tuple(song_of(track) for track in opened.get_tracks(range(len(opened))))


def add_mixed_playlist(world: World, name: str, tracks: Sequence[Track]) -> Playlist:
    """Add a playlist of Ada's: these tracks, with a podcast, a local file and a gap among them."""
    songs = [song_of(track) for track in tracks]
    return world.add_playlist("ada", name, [*songs[:3], episode(1), local_file(1), gone(), *songs[3:]])
