"""Making a playlist so that a run that broke off can be finished: nothing twice, nothing lost.

Spotify has no way to make a list and fill it in one step, and an answer can be lost. So: a save holds its
mark from the first request to the last, and a second run of the same save waits; the mark notes which lists
there were, so that a list made since can be told from an old one; making is never sent twice in a run; and
what a write did, when its answer is lost, is decided by reading alone.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from segue.errors import InputError, InvalidTrackIdError, SpotifyError, StorageError, UnfinishedPlaylistError
from segue.services.protocol import SavedList
from segue.services.spotify import endpoints, recovery
from segue.services.spotify.about import DESCRIPTION_LENGTH, NAME_LENGTH
from segue.services.spotify.client import SpotifyClient, check_id
from segue.services.spotify.filling import Filling, Target
from segue.services.spotify.responses import may_have_happened
from segue.services.spotify.unfinished import Begun, Held, Mark, finished, hash_of, mark_of, owner_here
from segue.types import Track


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


def save_playlist(
    client: SpotifyClient,
    tracks: Sequence[Track],
    new: NewPlaylist,
    *,
    found: Mapping[str, str] | None = None,
    resume: str = "",
    begun: Begun | None = None,
) -> SavedList:
    """Make a playlist of these tracks, in this order, or finish one that an earlier run began.

    Parameters
    ----------
    client
        Signed in.
    tracks
        What it should hold; a track that comes again is left out.
    new
        Its name, description, and whether it shows on the person's profile.
    found
        Spotify's id of tracks that the catalogue knows by another, by `track_id`. The mark of a save does not
        depend on it: a later search may answer otherwise.
    resume
        The id of the list to finish; empty to finish the one that the same request began, or make one.
    begun
        The marks of earlier runs.

    Raises
    ------
    InvalidTrackIdError
        When no track has a Spotify id, nor was found.
    UnfinishedPlaylistError
        When the list exists, or may exist, and is not complete, or another run is making it; the hint says
        how to finish it.
    SpotifyError
        When nothing was made.
    StorageError
        When what was begun cannot be noted; nothing was made then.

    """
    started_at = (begun and begun.started_at) or client.timing.now()
    client.require(
        "playlist-read-private", "playlist-modify-public" if new.public else "playlist-modify-private"
    )
    asked = tuple({track.track_id: track for track in tracks}.values())
    if not asked:
        raise InputError("expected songs to make a playlist of, got none", hint="Loosen a limit or two.")
    given = _by_spotify_id(asked, found or {})
    wanted = tuple(replace(track, track_id=spotify_id) for spotify_id, track in given.items())
    if not any(track.uri for track in wanted):
        raise InvalidTrackIdError(
            f"expected songs with a Spotify id to save to Spotify, got {len(wanted)} without one, "
            f"such as {wanted[0].track_id}",
            hint="Save the list as a file instead, or use a catalogue that holds Spotify's ids.",
        )
    resume = check_id(resume, "playlist") if resume else ""
    marks = begun or Begun()
    with marks.hold(mark_of(new.name, new.description, asked), client.timing, client.notify) as held:
        saved = _Save(client, wanted, new, held).run(resume, started_at)
    return replace(saved, refused=tuple(given[track.track_id] for track in saved.refused))


def _by_spotify_id(tracks: Sequence[Track], found: Mapping[str, str]) -> dict[str, Track]:
    """Return the tracks by the id to save; two that Spotify has as one are one, the first of them."""
    given: dict[str, Track] = {}
    for track in tracks:
        given.setdefault(found.get(track.track_id, track.track_id), track)
    return given


class _Save:
    """One save, while its mark is held."""

    def __init__(self, client: SpotifyClient, wanted: Sequence[Track], new: NewPlaylist, held: Held) -> None:
        self._client = client
        self._wanted = wanted
        self._new = new
        self._held = held

    def run(self, resume: str, started_at: float) -> SavedList:
        """Find or make the list, and fill it; see `save_playlist`."""
        mark = self._held.mark
        if (
            mark
            and mark.finished_at > started_at
            and mark.public == self._new.public
            and resume
            in (
                "",
                mark.playlist_id,
            )
        ):
            return self._made_by_another(mark)
        if mark and mark.finished_at:
            mark = None
        if resume:
            return self._fill(_named_target(resume, self._new.name), mark, named=True)
        target = self._begun_target(mark) if mark else None
        if target is None:
            target, mark = self._make(mark)
        return self._fill(target, mark, named=False)

    def _made_by_another(self, mark: Mark) -> SavedList:
        url = url_of(mark.playlist_id)
        self._client.notify(f"Another run of the same command has just made the playlist {url}")
        return SavedList(url, self._new.name, 0, mark.held)

    def _begun_target(self, mark: Mark) -> Target | None:
        """Return the list that an earlier run began; None when it made none."""
        if mark.public != self._new.public:
            is_public = "a public" if mark.public else "a private"
            option = "--public" if mark.public else "--private"
            raise UnfinishedPlaylistError(
                f'an earlier run began "{self._new.name}" as {is_public} playlist and did not finish it',
                url=url_of(mark.playlist_id) if mark.playlist_id else "",
                hint=f"Finish it first, with {option}; then change in Spotify who can see it.",
            )
        return recovery.find_begun(self._client, mark, self._wanted, self._new.name, self._new.description)

    def _make(self, old: Mark | None) -> tuple[Target, Mark | None]:
        """Make the list; the mark is on disk before the request is sent."""
        client, new = self._client, self._new
        mine = client.fetch_my_playlists()
        if old and any(one.name == new.name and not old.knew(one.id) for one in mine):
            target = self._begun_target(old)  # it shows now, and did not a moment ago
            if target:
                return target, old
        before = tuple(sorted(hash_of(one.id) for one in mine))
        mark = Mark(owner_here(), new.public, asked_at=client.timing.now(), before=before)
        self._held.note(mark)
        try:
            made = client.fetch(endpoints.create_playlist(new.name, new.description, public=new.public))
        except SpotifyError as error:
            if not may_have_happened(error):
                with suppress(StorageError):  # the mark of a list that was never made does no harm
                    self._held.forget()
                raise
            target = self._look_again(mark)
            if target is None:
                raise _perhaps_made(new.name, error) from error
        else:
            target = Target(made.id, made.url, new.name, made.owner.id or "", found=False)
        if not target.found:
            client.notify(f"Made the playlist {target.url}; adding {len(self._wanted)} songs")
        return target, self._note_id(mark, target)

    def _note_id(self, mark: Mark, target: Target) -> Mark:
        mark = replace(
            mark, playlist_id=target.playlist_id, user=hash_of(target.owner) if target.owner else ""
        )
        try:
            self._held.note(mark)
        except StorageError as error:  # the mark without the id still finds the list
            self._client.notify(f"{error.message}; keep this link: {target.url}")
        return mark

    def _look_again(self, mark: Mark) -> Target | None:
        new = self._new
        try:
            return recovery.find_begun(self._client, mark, self._wanted, new.name, new.description)
        except SpotifyError:
            return None  # the first error says more

    def _fill(self, target: Target, mark: Mark | None, *, named: bool) -> SavedList:
        client = self._client
        if target.found:
            client.notify(f"Finishing the playlist {target.url}")
        filling = Filling(client, target, self._wanted)
        filling.look_first(must_share=named, public=self._new.public)
        if mark is None or mark.playlist_id != target.playlist_id:
            mark = Mark(owner_here(), self._new.public, client.timing.now(), playlist_id=target.playlist_id)
            self._held.note(mark)
        present = filling.count
        filling.run()
        self._end(finished(mark, held=filling.count, at=client.timing.now()))
        return SavedList(target.url, filling.name, filling.count - present, present, filling.refused)

    def _end(self, done: Mark) -> None:
        try:
            self._held.note(done)
        except StorageError:  # a full disk still lets go of a file
            try:
                self._held.forget()
            except StorageError as error:
                self._client.notify(f"The playlist is complete, but {error.message}")


def url_of(playlist_id: str) -> str:
    """Return the link of a playlist."""
    return f"https://open.spotify.com/playlist/{playlist_id}"


def _named_target(playlist_id: str, name: str) -> Target:
    return Target(playlist_id, url_of(playlist_id), name, "", found=True)


def _perhaps_made(name: str, error: SpotifyError) -> UnfinishedPlaylistError:
    return UnfinishedPlaylistError(
        f'Spotify did not say whether it made the playlist "{name}": {error.message}',
        hint="Run the same command again in a minute: if the empty playlist is there by then, it is filled, "
        "and no second one is made.",
    )
