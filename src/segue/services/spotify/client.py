"""What segue asks of Spotify, in our own values: playlists, albums, tracks, Liked Songs.

A client belongs to one run. It keeps nothing of what it reads.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from pydantic import BaseModel

from segue.errors import InvalidLinkError, SpotifyAccessError, SpotifyAnswerError
from segue.ids import is_spotify_id
from segue.services.protocol import Notify, say_nothing
from segue.services.spotify import endpoints, responses, schemas
from segue.services.spotify.auth import TokenKeeper
from segue.services.spotify.endpoints import Call
from segue.services.spotify.transport import Counter, Sender, Timing
from segue.types import Playlist, TrackReference

Answer = TypeVar("Answer", bound=BaseModel)
AnyPage = TypeVar("AnyPage", schemas.Page, schemas.TrackPage)

_OWN = "37i9dQZ"  # how the ids of lists that Spotify makes itself begin
_COPY = """Copy it into a playlist of your own. In Spotify, open the playlist, press the three dots (...) \
under its title, then "Add to other playlist", then "New playlist". Open the new one, press the three dots, \
"Share", "Copy link to playlist", and run segue with that link (after `segue login`)."""
PASTE = """Paste its tracks. In the desktop app, open it, click one song, press Ctrl+A and Ctrl+C (Cmd on a \
Mac). Run `segue recommend -`, paste, and press Enter and Ctrl+D (Ctrl+Z and Enter on Windows)."""
EXPORT = "Use a file: a CSV from Exportify, for instance, with `segue recommend FILE.csv`."
_ROUND = f"There are ways round it:\n1. {_COPY}\n2. {PASTE}\n3. {EXPORT}"
_ROUND_OWN = f"There are two ways round it:\n1. {_COPY}\n2. {PASTE}"


class SpotifyClient:
    """A thin client of the Web API.

    Parameters
    ----------
    sender
        The chain that signs, repeats and sends.
    keeper
        Tells what the person agreed to, so that a missing permission is named before anything is sent.
    counter
        Counts what is sent.
    notify
        Is told of progress, in short lines.
    timing
        The clock and the pause, for those who look again after a while.

    """

    def __init__(
        self,
        sender: Sender,
        keeper: TokenKeeper,
        *,
        counter: Counter | None = None,
        notify: Notify = say_nothing,
        timing: Timing | None = None,
    ) -> None:
        self._sender = sender
        self._keeper = keeper
        self._counter = counter or Counter()
        self.notify = notify
        self.timing = timing or Timing()

    @property
    def requests(self) -> int:
        """How many requests this run has sent, to both hosts, repeats included."""
        return self._counter.requests

    def require(self, *scopes: str) -> None:
        """Check that the person agreed to these scopes; raises `SignInError` naming what is missing."""
        self._keeper.require(scopes)

    def fetch(self, call: Call[Answer]) -> Answer:
        """Send one call and return its answer.

        Raises
        ------
        SpotifyError
            The one that tells what came instead.

        """
        response = self._sender.send(call.request())
        return responses.read(response.status, response.content, call.answer, doing=call.doing)

    def fetch_user(self) -> schemas.User:
        """Return who is signed in."""
        return self.fetch(endpoints.me())

    def fetch_playlist(self, playlist_id: str) -> Playlist:
        """Return all tracks of a playlist that the person owns or shares.

        Raises
        ------
        InvalidLinkError
            When the id is no id.
        SpotifyAccessError
            When the list may not be read; the hint says how to get at its tracks all the same. A list that
            Spotify makes itself is refused without any request, whether or not someone is signed in.

        """
        if check_id(playlist_id, "playlist").startswith(_OWN):
            raise _unreadable(playlist_id)
        self.require("playlist-read-private", "playlist-read-collaborative")
        playlist, entries = self.fetch_entries(playlist_id)
        return _playlist(entries, name=playlist.name or "", description=playlist.text)

    def fetch_entries(
        self, playlist_id: str, *, whole: bool = False
    ) -> tuple[schemas.PlaylistObject, list[schemas.Entry | None]]:
        """Return a playlist with every entry that can be read; errors as in `fetch_playlist`.

        The first entries come with the playlist itself, so a short list costs one request. Spotify refuses
        the later pages to some developers, even of their own lists; then these first ones are what there is,
        unless `whole` asks for all or an error. A list that ends before its own total is an error, too.

        Raises
        ------
        SpotifyAnswerError
            When `whole` and fewer entries came than the list has.

        """
        check_id(playlist_id, "playlist")
        try:
            playlist = self.fetch(endpoints.playlist(playlist_id))
            first = playlist.page or self.fetch(endpoints.playlist_items(playlist_id, 0))
        except SpotifyAccessError as error:
            raise _unreadable(playlist_id, error.status) from error
        entries = list(first.items)
        try:
            for page in self._iter_pages(lambda at: endpoints.playlist_items(playlist_id, at), first):
                entries += page.items
                self.notify(f"Reading {_quoted(playlist.name)}: {len(entries):,} of {first.total:,}")
        except SpotifyAccessError as error:
            if whole or not entries or error.status != 403:
                raise _unreadable(playlist_id, error.status) from error
            self.notify(f"Spotify gives only the first {len(entries)} of {first.total:,} entries to this app")
        if whole:
            _check_whole(playlist_id, entries, first.total)
        return playlist, entries

    def fetch_my_playlists(self) -> list[schemas.PlaylistSummary]:
        """Return all playlists that the person owns or follows, as far as they can be read."""
        mine: list[schemas.PlaylistSummary] = []
        seen: set[str] = set()
        offset = 0
        while True:
            page = self.fetch(endpoints.my_playlists(offset))
            fresh = [one for one in page.items if one is not None and one.id not in seen]
            mine += fresh
            seen.update(one.id for one in fresh)
            offset += len(page.items)
            if not page.items or (offset >= page.total if page.total is not None else not fresh):
                return mine

    def fetch_link(self, kind: str, spotify_id: str = "") -> Playlist:
        """Return the tracks that a link leads to.

        Parameters
        ----------
        kind
            "playlist", "album", "track" or "liked".
        spotify_id
            The id in the link; empty for Liked Songs.

        Raises
        ------
        InvalidLinkError
            For a link of another kind.
        SpotifyError
            As the method of that kind does.

        """
        if kind == "playlist":
            return self.fetch_playlist(spotify_id)
        if kind == "album":
            return self.fetch_album(spotify_id)
        if kind == "liked":
            return self.fetch_liked()
        if kind == "track":
            return Playlist((self.fetch_track(spotify_id),))
        raise InvalidLinkError(
            f"expected the link of a playlist, an album or a track, got one of kind {kind!r}",
            hint="Spotify gives apps no list of songs for it. Give the link of an album or a playlist.",
        )

    def fetch_liked(self) -> Playlist:
        """Return Liked Songs, newest first."""
        self.require("user-library-read")
        first = self.fetch(endpoints.liked(0))
        entries = list(first.items)
        for page in self._iter_pages(endpoints.liked, first):
            entries += page.items
            self.notify(f"Reading Liked Songs: {len(entries):,} of {first.total:,}")
        return _playlist(entries, name="Liked Songs", description="")

    def fetch_album(self, album_id: str) -> Playlist:
        """Return the tracks of an album; errors as in `fetch_track`."""
        check_id(album_id, "album")
        album = self.fetch(endpoints.album(album_id))
        items = list(album.tracks.items)
        for page in self._iter_pages(lambda at: endpoints.album_tracks(album_id, at), album.tracks):
            items += page.items
        title = album.name or ""
        entries = [schemas.Entry(item=item) for item in items]
        return _playlist(entries, name=title, description="", album=title)

    def fetch_track(self, track_id: str) -> TrackReference:
        """Return what Spotify says of one track.

        Raises
        ------
        InvalidLinkError
            When the id is no id.
        SpotifyAccessError
            When there is no such thing.

        """
        check_id(track_id, "track")
        return self.fetch(endpoints.track(track_id)).reference(source=f"track {track_id}")

    def _iter_pages(self, call: Callable[[int], Call[AnyPage]], first: AnyPage) -> Iterator[AnyPage]:
        """Yield the pages after the first. Offsets are ours: no address out of an answer is used."""
        offset = len(first.items)
        while offset < first.total:
            page = self.fetch(call(offset))
            if not page.items:
                return
            yield page
            offset += len(page.items)


def check_id(text: str, kind: str) -> str:
    """Return the id when it is 22 base-62 characters.

    Raises
    ------
    InvalidLinkError
        When it is not.

    """
    if not is_spotify_id(text):
        raise InvalidLinkError(
            f"expected the id of a {kind}, 22 letters and digits, got {text[:60]!r}",
            hint=f'Copy the link in Spotify: the three dots (...), "Share", "Copy link to {kind}".',
        )
    return text


def _unreadable(playlist_id: str, status: int = 0) -> SpotifyAccessError:
    own = playlist_id.startswith(_OWN)
    if own:
        why = f"it is one that Spotify makes itself ({_OWN}...), and Spotify shows those to no app"
    elif status == 403:
        why = "it is someone else's, and Spotify shows an app only lists that you own or share (403)"
    else:
        why = "there is no such playlist, or it is someone else's and private (404)"
    text = f"the playlist {playlist_id} may not be read: {why}"
    return SpotifyAccessError(text, status=status, hint=_ROUND_OWN if own else _ROUND)


def _playlist(
    entries: Sequence[schemas.Entry | None], *, name: str, description: str, album: str = ""
) -> Playlist:
    """Sort entries into tracks and what is none."""
    references: list[TrackReference] = []
    skipped: list[str] = []
    for number, entry in enumerate(entries, start=1):
        source = f"entry {number}"
        item = entry.content if entry else None
        if entry and entry.unreadable:
            skipped.append(f"{source}: Spotify's answer about it makes no sense")
        elif entry is None or item is None:
            skipped.append(f"{source}: no longer on Spotify")
        elif entry.local:
            skipped.append(f"{source}: a local file ({item.label})")
        elif item.type != "track":
            skipped.append(f"{source}: a podcast {item.type} ({item.label})")
        elif not item.id and not item.name:
            skipped.append(f"{source}: no longer on Spotify")
        else:
            references.append(item.reference(source=source, album=album))
    return Playlist(tuple(references), name=name, description=description, skipped=tuple(skipped))


def _check_whole(playlist_id: str, entries: Sequence[schemas.Entry | None], total: int) -> None:
    read = sum(not (entry and entry.unreadable) for entry in entries)
    if read < total:
        raise SpotifyAnswerError(
            f"reading the playlist {playlist_id}: expected {total} entries, could read {read}",
            hint="It may be changing right now; try again in a minute.",
        )


def _quoted(name: str | None) -> str:
    return f'"{name}"' if name else "the playlist"
