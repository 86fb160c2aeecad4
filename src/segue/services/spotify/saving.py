"""Making a playlist so that a run that broke off can be finished: nothing twice, nothing lost.

Spotify has no way to make a list and fill it in one step, and an answer can be lost. So: making is never
sent twice; a run leaves a mark before it makes a list and takes it away when the list is complete; a run that
finds its mark looks for the list among the person's newest; and adding starts from what the list holds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from segue.errors import (
    InputError,
    InvalidTrackIdError,
    SpotifyAccessError,
    SpotifyAnswerError,
    SpotifyError,
    SpotifyUnreachableError,
    UnfinishedPlaylistError,
)
from segue.services.spotify import endpoints, schemas
from segue.services.spotify.client import SpotifyClient, check_id
from segue.services.spotify.unfinished import Begun, mark_of
from segue.text.song_keys import song_key
from segue.types import Track

NAME_LENGTH = 100
DESCRIPTION_LENGTH = 300  # one more, or a line break, and Spotify answers 500
_TRIES = 3  # how often adding starts again from what the list holds


@dataclass(frozen=True, slots=True)
class NewPlaylist:
    """What the playlist should be.

    Raises
    ------
    InputError
        When the name is empty or too long, or the description too long.

    """

    name: str
    description: str = ""
    public: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", " ".join(self.name.split()))
        object.__setattr__(self, "description", " ".join(self.description.split()))
        if not 1 <= len(self.name) <= NAME_LENGTH:
            raise InputError(f"name: expected 1 to {NAME_LENGTH} characters, got {len(self.name)}")
        if len(self.description) > DESCRIPTION_LENGTH:
            raise InputError(
                f"description: expected at most {DESCRIPTION_LENGTH} characters, got {len(self.description)}"
            )


@dataclass(frozen=True, slots=True)
class SavedPlaylist:
    """The playlist as it stands.

    `added` tracks were added by this run, `present` were there before; `refused` are those that Spotify does
    not know any more.
    """

    url: str
    name: str
    added: int
    present: int
    refused: tuple[Track, ...] = ()


@dataclass(frozen=True, slots=True)
class _Target:
    playlist_id: str
    url: str
    name: str
    found: bool  # it was there before this run


def save_playlist(
    client: SpotifyClient,
    tracks: Sequence[Track],
    new: NewPlaylist,
    *,
    resume: str = "",
    begun: Begun | None = None,
) -> SavedPlaylist:
    """Make a playlist of these tracks, in this order, or finish one that an earlier run began.

    Parameters
    ----------
    client
        Signed in.
    tracks
        What it should hold; a track that comes again is left out.
    new
        Its name, description, and whether it shows on the person's profile.
    resume
        The id of the list to finish; empty to finish the one that the same request began, or make one.
    begun
        The marks of earlier runs.

    Raises
    ------
    UnfinishedPlaylistError
        When the list exists, or may exist, and is not complete; the hint says how to finish it.
    InvalidTrackIdError
        When no track has a Spotify id.
    SpotifyError
        When nothing was made.

    """
    client.require("playlist-modify-public" if new.public else "playlist-modify-private")
    wanted = list({track.track_id: track for track in tracks}.values())
    if wanted and not any(track.uri for track in wanted):
        raise InvalidTrackIdError(
            f"expected songs with a Spotify id to save to Spotify, got {len(wanted)} without one, "
            f"such as {wanted[0].track_id}",
            hint="Save the list as a file instead, or use a catalogue that holds Spotify's ids.",
        )
    begun = begun or Begun()
    mark = mark_of(new.name, new.description, wanted)
    if resume:
        target = _named_target(resume, new.name)
    else:
        found = _find_begun(client, wanted, new) if begun.holds(mark) else None
        begun.add(mark)
        target = found or _create(client, wanted, new)
    if target.found:
        client.notify(f"Finishing the playlist {target.url}")
    else:
        client.notify(f"Made the playlist {target.url}; adding {len(wanted)} songs")
    saved = _Filling(client, target, wanted).run(named=bool(resume))
    begun.remove(mark)
    return saved


def _named_target(playlist_id: str, name: str) -> _Target:
    url = f"https://open.spotify.com/playlist/{check_id(playlist_id, 'playlist')}"
    return _Target(playlist_id, url, name, found=True)


def _create(client: SpotifyClient, wanted: Sequence[Track], new: NewPlaylist) -> _Target:
    try:
        made = client.fetch(endpoints.create_playlist(new.name, new.description, public=new.public))
    except SpotifyUnreachableError as error:
        if not error.may_have_arrived:
            raise
        found = _look_again(client, wanted, new)
        if found:
            return found
        raise UnfinishedPlaylistError(
            f'Spotify did not say whether it made the playlist "{new.name}": {error.message}',
            hint="Run the same command again: if the empty playlist is there by then, it is filled, and no "
            "second one is made.",
        ) from error
    return _Target(made.id, made.url, new.name, found=False)


def _look_again(client: SpotifyClient, wanted: Sequence[Track], new: NewPlaylist) -> _Target | None:
    try:
        return _find_begun(client, wanted, new)
    except SpotifyError:
        return None  # the first error says more


def _find_begun(client: SpotifyClient, wanted: Sequence[Track], new: NewPlaylist) -> _Target | None:
    """Return the list that an earlier run of the same request made; None when it made none.

    It is among the person's newest, has our name and description, and holds little else than our tracks.
    """
    for summary in client.fetch(endpoints.my_playlists()).items:
        if summary is None or summary.name != new.name:
            continue
        # Spotify may leave the description out.
        if summary.text in (new.description, "") and _is_ours(client, summary, wanted):
            return _Target(summary.id, summary.url, new.name, found=True)
    return None


def _is_ours(client: SpotifyClient, summary: schemas.PlaylistSummary, wanted: Sequence[Track]) -> bool:
    if summary.owner.id != client.fetch_user().id:
        return False
    if summary.total == 0:
        return True
    _, entries = client.fetch_entries(summary.id, whole=True)
    ours = sum(place is not None for place in _places(entries, wanted))
    return 2 * ours > len(entries)


class _Filling:
    """Brings one list to what it should hold. `_places` tells where each wanted track is, None: nowhere."""

    def __init__(self, client: SpotifyClient, target: _Target, wanted: Sequence[Track]) -> None:
        self._client = client
        self._target = target
        self._wanted = wanted
        self._places: list[int | None] = [None] * len(wanted)
        # Spotify's id is needed here: a track that is known by another has none of its URIs to add.
        self._refused = {index for index, track in enumerate(wanted) if not track.uri}
        self._name = target.name

    def run(self, *, named: bool) -> SavedPlaylist:
        """Fill the list; `named` says that the person named it, so that it may be the wrong one."""
        if self._target.found:
            self._look(must_share=named)
        present = self._count()
        try:
            self._fill()
        except SpotifyError as error:
            raise self._unfinished(error) from error
        refused = tuple(self._wanted[index] for index in sorted(self._refused))
        return SavedPlaylist(self._target.url, self._name, self._count() - present, present, refused)

    def _count(self) -> int:
        return sum(place is not None for place in self._places)

    def _look(self, *, must_share: bool = False) -> None:
        """Find out what the list holds.

        Where it must share a song with us, one that does not is refused: a person named it by mistake, and it
        would get songs that were meant for another.
        """
        playlist, entries = self._client.fetch_entries(self._target.playlist_id, whole=True)
        self._name = playlist.name or self._name
        self._places = _places(entries, self._wanted)
        if must_share and entries and not self._count():
            raise SpotifyAccessError(
                f"{self._target.url} holds {len(entries)} entries and none of the songs to add: "
                "not a playlist that this run began",
                hint="Give the link that segue printed, or leave --resume out to make a new playlist.",
            )

    def _fill(self) -> None:
        """Add what is missing; after a lost answer, look what the list holds and go on from there."""
        for attempt in range(1, _TRIES + 1):
            try:
                self._add_missing()
            except SpotifyUnreachableError as error:
                if attempt == _TRIES or not error.may_have_arrived:
                    raise
                self._client.notify(f"{error.message}; looking what the playlist holds")
                self._look()
            else:
                return

    def _add_missing(self) -> None:
        while (gap := self._first_gap()) and gap[0]:
            self._add(*gap)

    def _first_gap(self) -> tuple[list[int], int]:
        """Return the first tracks in a row that are missing, 100 at most, and the place where they belong."""
        gap: list[int] = []
        at = 0
        for index, place in enumerate(self._places):
            if len(gap) == endpoints.ADD or (gap and place is not None):
                break
            if place is not None:
                at = place + 1
            elif index not in self._refused:
                gap.append(index)
        return gap, at

    def _add(self, gap: Sequence[int], at: int) -> int:
        """Add these tracks; where Spotify refuses the lot, add its halves. Return how many were added."""
        uris = [self._wanted[index].uri for index in gap]
        try:
            self._client.fetch(endpoints.add_items(self._target.playlist_id, uris, at))
        except SpotifyAnswerError:
            if len(gap) == 1:
                self._refused.add(gap[0])
                return 0
            middle = len(gap) // 2
            first = self._add(gap[:middle], at)
            return first + self._add(gap[middle:], at + first)
        self._places = [place if place is None or place < at else place + len(gap) for place in self._places]
        for place, index in enumerate(gap, start=at):
            self._places[index] = place
        return len(gap)

    def _unfinished(self, error: SpotifyError) -> UnfinishedPlaylistError:
        url = self._target.url
        return UnfinishedPlaylistError(
            f"the playlist {url} holds {self._count()} of {len(self._wanted)} songs: {error.message}",
            url=url,
            hint=f"{error.hint} Then run the same command with `--resume {url}`: it adds what is missing, "
            "and nothing twice.".lstrip(),
        )


def _places(entries: Sequence[schemas.Entry | None], wanted: Sequence[Track]) -> list[int | None]:
    """Return where in the list each wanted track is, None where it is not.

    Spotify may hand back another id than was added (relinking), so ISRC, then title and artist, count too.
    """
    items = [entry.content if entry else None for entry in entries]
    found: list[int | None] = [None] * len(wanted)
    for of_item, of_track in _KEYS:
        taken, free = set(found), dict[str, list[int]]()
        for place, item in enumerate(items):
            if item and place not in taken:
                free.setdefault(of_item(item), []).append(place)
        for index, track in enumerate(wanted):
            key = of_track(track)
            if found[index] is None and key and free.get(key):
                found[index] = free[key].pop(0)
    return found


def _isrc_of(item: schemas.Item) -> str:
    return ((item.external_ids and item.external_ids.isrc) or "").upper()


def _song_of(item: schemas.Item) -> str:
    return song_key(tuple(artist.name for artist in item.artists if artist.name), item.name or "")


_KEYS: tuple[tuple[Callable[[schemas.Item], str], Callable[[Track], str]], ...] = (
    (lambda item: item.id or "", lambda track: track.track_id),
    (_isrc_of, lambda track: track.isrc.upper()),
    (_song_of, lambda track: song_key(track.artists, track.name)),
)
