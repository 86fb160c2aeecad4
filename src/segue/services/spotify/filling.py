"""Filling one list: adding what is missing where it belongs, and reading the list after every doubt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from segue.errors import SpotifyAccessError, SpotifyAnswerError, SpotifyError, UnfinishedPlaylistError
from segue.services.spotify import endpoints, schemas
from segue.services.spotify.client import SpotifyClient
from segue.services.spotify.responses import may_have_happened
from segue.text.song_keys import song_key
from segue.types import Track

LOOKS_S = (0.0, 2.0, 5.0)  # pauses before each look whether an addition of unknown fate has come to be
LATE_LOOKS_S = (1.0, 2.0, 4.0, 8.0)  # and before each new try where a new list does not show yet (404)
_DOUBTS = 3  # how often adding goes on after an answer of unknown fate
_ALL_REFUSED = 25  # so many in a row and not one taken: then it is not the songs


@dataclass(frozen=True, slots=True)
class Target:
    """The list to fill; `found` says that it was there before this run, `owner` is empty for not known."""

    playlist_id: str
    url: str
    name: str
    owner: str
    found: bool


class Filling:
    """Brings one list to what it should hold.

    `_rows` tells in which row of the list each wanted track is, None: nowhere.
    """

    def __init__(self, client: SpotifyClient, target: Target, wanted: Sequence[Track]) -> None:
        self.name = target.name
        self._client = client
        self._target = target
        self._wanted = wanted
        self._rows: list[int | None] = [None] * len(wanted)
        # Spotify's id is needed here: a track that is known by another has none of its URIs to add.
        self._refused = {index for index, track in enumerate(wanted) if not track.uri}
        self._length = 0  # of the list, foreign entries included

    @property
    def count(self) -> int:
        """How many of the wanted tracks the list holds, as far as is known."""
        return sum(row is not None for row in self._rows)

    @property
    def refused(self) -> tuple[Track, ...]:
        """The tracks that Spotify does not know any more."""
        return tuple(self._wanted[index] for index in sorted(self._refused))

    def look_first(self, *, must_share: bool, public: bool) -> None:
        """Find out what a list that was there before holds; one that was just made holds nothing.

        Where it must share a song with us, one that does not is refused: a person named it by mistake, and it
        would get songs that were meant for another.
        """
        if not self._target.found:
            return
        try:
            playlist = self._look()
        except SpotifyAccessError:
            raise  # says what the person can do about the list
        except SpotifyError as error:
            raise self._unfinished(error) from error
        if must_share and self._length and not self.count:
            raise SpotifyAccessError(
                f"{self._target.url} holds {self._length} entries and none of the songs to add: "
                "not a playlist that this run began",
                hint="Give the link that segue printed, or leave --resume out to make a new playlist.",
            )
        if must_share and public and playlist.public is False:
            self._client.notify(
                "It stays private: --public counts when a playlist is made. Change it in Spotify."
            )

    def run(self) -> None:
        """Add what is missing.

        Raises
        ------
        UnfinishedPlaylistError
            When not everything could be added; the cause says why.

        """
        doubts = late = 0
        while True:
            try:
                self._add_missing()
                if doubts:
                    self._look_for_doubles()
                return
            except SpotifyAccessError as error:
                # A list that was just made may not show everywhere yet. Nothing was added.
                if error.status != 404 or late == len(LATE_LOOKS_S):
                    raise self._unfinished(error) from error
                self._client.timing.sleep(LATE_LOOKS_S[late])
                late += 1
            except SpotifyError as error:
                doubts += 1
                if not may_have_happened(error) or doubts > _DOUBTS:
                    raise self._unfinished(error) from error
                self._resolve(error)

    def _resolve(self, doubt: SpotifyError) -> None:
        """Read whether an addition of unknown fate came to be; look again before that is denied."""
        self._client.notify(f"{doubt.message}; looking what the playlist holds")
        known = self._length
        try:
            for pause_s in LOOKS_S:
                self._client.timing.sleep(pause_s)
                self._look()
                if self._length > known:
                    return
        except SpotifyError as error:
            raise self._unfinished(error) from error
        if self._length < known:  # not to be believed: adding on this ground would double songs
            raise self._unfinished(doubt) from doubt

    def _look(self) -> schemas.PlaylistObject:
        playlist, entries = self._client.fetch_entries(self._target.playlist_id, whole=True)
        self.name = playlist.name or self.name
        self._rows = rows_of(entries, self._wanted)
        self._length = len(entries)
        return playlist

    def _look_for_doubles(self) -> None:
        """After a doubt, check that no addition came to be late, beside its repetition."""
        _, entries = self._client.fetch_entries(self._target.playlist_id, whole=True)
        ours = {track.track_id for track in self._wanted}
        held = [entry.content.id for entry in entries if entry and entry.content and entry.content.id in ours]
        doubled = len(held) - len(set(held))
        if doubled:
            raise UnfinishedPlaylistError(
                f"the playlist {self._target.url} holds {doubled} songs twice: Spotify answered late",
                url=self._target.url,
                hint="Delete this playlist in Spotify, wait a few minutes, and run the same command again.",
            )

    def _add_missing(self) -> None:
        while (gap := self._first_gap()) and gap[0]:
            self._add(*gap)

    def _first_gap(self) -> tuple[list[int], int]:
        """Return the first tracks in a row that are missing, 100 at most, and the row where they belong."""
        gap: list[int] = []
        at = 0
        for index, row in enumerate(self._rows):
            if len(gap) == endpoints.ADD or (gap and row is not None):
                break
            if row is not None:
                at = row + 1
            elif index not in self._refused:
                gap.append(index)
        return gap, at

    def _add(self, gap: Sequence[int], at: int) -> int:
        """Add these tracks; where Spotify does not know one, add the halves. Return how many were added."""
        uris = [self._wanted[index].uri for index in gap]
        try:
            self._client.fetch(endpoints.add_items(self._target.playlist_id, uris, at))
        except SpotifyAnswerError as error:
            if not error.about_track:
                raise
            if len(gap) == 1:
                self._refuse(gap[0], error)
                return 0
            middle = len(gap) // 2
            first = self._add(gap[:middle], at)
            return first + self._add(gap[middle:], at + first)
        self._rows = [row if row is None or row < at else row + len(gap) for row in self._rows]
        for row, index in enumerate(gap, start=at):
            self._rows[index] = row
        self._length += len(gap)
        return len(gap)

    def _refuse(self, index: int, error: SpotifyAnswerError) -> None:
        self._refused.add(index)
        if not self.count and len(self._refused) >= min(_ALL_REFUSED, len(self._wanted)):
            self._refused.clear()
            raise SpotifyAnswerError(
                f"Spotify takes none of the songs ({error.message})", status=error.status, hint=error.hint
            )

    def _unfinished(self, error: SpotifyError) -> SpotifyError:
        if isinstance(error, UnfinishedPlaylistError):
            return error
        url = self._target.url
        return UnfinishedPlaylistError(
            f"the playlist {url} holds {self.count} of {len(self._wanted)} songs: {error.message}",
            url=url,
            hint=f"{error.hint} Then run the same command with `--resume {url}`: it adds what is missing, "
            "and nothing twice.".lstrip(),
        )


def rows_of(entries: Sequence[schemas.Entry | None], wanted: Sequence[Track]) -> list[int | None]:
    """Return in which row of the list each wanted track is, None where it is not.

    Spotify may hand back another id than was added (relinking), so ISRC, then title and artist, count too.
    """
    items = [entry.content if entry else None for entry in entries]
    found: list[int | None] = [None] * len(wanted)
    for of_item, of_track in _KEYS:
        taken, free = set(found), dict[str, list[int]]()
        for row, item in enumerate(items):
            if item and row not in taken:
                free.setdefault(of_item(item), []).append(row)
        for index, track in enumerate(wanted):
            key = of_track(track)
            if found[index] is None and key and free.get(key):
                found[index] = free[key].pop(0)
    return found


_KEYS: tuple[tuple[Callable[[schemas.Item], str], Callable[[Track], str]], ...] = (
    (lambda item: item.id or "", lambda track: track.track_id),
    (lambda item: item.isrc, lambda track: track.isrc.upper()),
    (
        lambda item: song_key(item.artist_names, item.name or ""),
        lambda track: song_key(track.artists, track.name),
    ),
)
