"""From what a client sends to seeds: read, match, and say of each line what came of it."""

from dataclasses import dataclass

from segue.playlists.read import read_playlist
from segue.types import Match, Playlist, TrackReference
from segue.web.schemas import PlaylistIn
from segue.web.serialise import found_tracks


@dataclass(frozen=True, slots=True)
class Seeds:
    """The seeds of a request: their ids, and how each line was found when there was text to read."""

    track_ids: tuple[str, ...]
    playlist: Playlist
    matches: tuple[Match, ...]

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The lines that led to no track, as they were written."""
        return tuple(str(match.reference) for match in self.matches if match.track is None)


def read_text(body: PlaylistIn) -> Playlist:
    """Return the playlist in a request: its text first, then its ids.

    Raises
    ------
    PlaylistFormatError, EmptyPlaylistError, InvalidLinkError
        When the text cannot be read.

    """
    read = Playlist(())
    if body.playlist.strip():
        read = read_playlist(body.playlist.encode(), filename=body.filename)
    ids = tuple(TrackReference(track_id=track_id) for track_id in body.tracks)
    return Playlist(
        entries=read.entries + ids, name=read.name, description=read.description, skipped=read.skipped
    )


def to_seeds(playlist: Playlist, matches: tuple[Match, ...]) -> Seeds:
    """Return the seeds; where nothing was found, the ids as given, so that the error can name them."""
    found = tuple(track.track_id for track in found_tracks(matches))
    given = tuple(match.reference.track_id or str(match.reference) for match in matches)
    return Seeds(found or given, playlist, matches)
