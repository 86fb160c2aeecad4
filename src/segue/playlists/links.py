"""Lists of Spotify links, URIs and bare ids, as a copy out of a Spotify client gives them: one a line."""

from segue.playlists.cleaning import iter_lines
from segue.playlists.entries import Entries, Record
from segue.playlists.spotify_link import SpotifyLink, find_collection, find_link_texts, parse_link
from segue.types import Playlist

__all__ = ["SpotifyLink", "find_collection", "parse_link", "read_links"]


def read_links(text: str) -> Playlist:
    """Read links; several may share a line.

    Raises
    ------
    InvalidLinkError, InvalidTrackIdError
        When more lines are something else than are links to tracks; the message names the first. The link
        of a playlist, album or artist is refused here: `find_collection` finds it, the Spotify part reads it.
    EmptyPlaylistError
        When there is nothing to read.

    """
    entries = Entries()
    for number, line in iter_lines(text):
        for link in find_link_texts(line) or line.replace(",", " ").split():
            entries.take(Record(links=(link,)), f"line {number}")
    return entries.playlist()
