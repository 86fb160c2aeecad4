"""Lists of links, URIs and bare ids, as a copy out of a player gives them: one a line."""

from segue.playlists.cleaning import iter_lines
from segue.playlists.entries import Entries, Record
from segue.text.links import find_link_texts
from segue.types import Playlist


def read_links(text: str) -> Playlist:
    """Read links; several may share a line.

    Raises
    ------
    InvalidLinkError, InvalidTrackIdError
        When more lines are something else than are links to tracks; the message names the first. The link
        of a playlist, album or artist is refused here: a service knows it as its own, and reads it.
    EmptyPlaylistError
        When there is nothing to read.

    """
    entries = Entries()
    for number, line in iter_lines(text):
        for link in find_link_texts(line) or line.replace(",", " ").split():
            entries.take(Record(links=(link,)), f"line {number}")
    return entries.playlist()
