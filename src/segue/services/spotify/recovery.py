"""Finding the list that a run made before it broke off: one that nothing but this save can have made.

With the id in the mark there is no doubt. Without it, the list must have come since the mark was made, be
the person's own, have our name and description, and be empty or hold our first songs and nothing else.
Spotify may show a new list late, so it is looked for again for a while.
"""

from collections.abc import Iterator, Sequence

from segue.errors import SpotifyAccessError, UnfinishedPlaylistError
from segue.services.spotify import schemas
from segue.services.spotify.client import SpotifyClient
from segue.services.spotify.filling import Target, rows_of
from segue.services.spotify.unfinished import Mark, hash_of
from segue.types import Track

LOOKS_S = (1.0, 2.0, 4.0, 8.0)  # pauses between looks for a list that may show late
LATE_S = 120.0  # a list that was asked for longer ago than this shows, or never will
GONE_S = 600.0  # and this long, a list whose id we know may hide before it counts as deleted


def find_begun(
    client: SpotifyClient, mark: Mark, wanted: Sequence[Track], name: str, description: str
) -> Target | None:
    """Return the list that a run with this mark made; None when it made none.

    Raises
    ------
    UnfinishedPlaylistError
        When more than one list may be it, or one that was made a short while ago does not show.
    SpotifyError
        When Spotify does not tell.

    """
    user = client.fetch_user().id
    if mark.user and mark.user != hash_of(user):
        return None  # someone else was signed in then
    for pause_s in _pauses(client, mark):
        client.timing.sleep(pause_s)
        if mark.playlist_id:
            found = _by_id(client, mark.playlist_id, name)
        else:
            found = _by_look(client, mark, wanted, (name, description, user))
        if found:
            return found
    if mark.playlist_id and 0 <= client.timing.now() - mark.asked_at < GONE_S:
        raise UnfinishedPlaylistError(
            f"Spotify does not show the playlist https://open.spotify.com/playlist/{mark.playlist_id} that "
            "an earlier run made",
            url=f"https://open.spotify.com/playlist/{mark.playlist_id}",
            hint="Run the same command again in ten minutes: if the list is there by then it is finished, "
            "else a new one is made.",
        )
    return None


def _pauses(client: SpotifyClient, mark: Mark) -> Iterator[float]:
    """Yield the pause before each look; a list that was asked for long ago is looked for once."""
    yield 0.0
    if 0 <= client.timing.now() - mark.asked_at < LATE_S:
        yield from LOOKS_S


def _by_id(client: SpotifyClient, playlist_id: str, name: str) -> Target | None:
    try:
        playlist, _ = client.fetch_entries(playlist_id, whole=True)
    except SpotifyAccessError as error:
        if error.status == 404:
            return None
        raise
    return Target(playlist_id, playlist.url, playlist.name or name, playlist.owner.id or "", found=True)


def _by_look(
    client: SpotifyClient, mark: Mark, wanted: Sequence[Track], asked: tuple[str, str, str]
) -> Target | None:
    """Return the one list that came since the mark and can be ours; `asked`: name, description, user id."""
    found = [
        Target(one.id, one.url, asked[0], asked[2], found=True)
        for one in client.fetch_my_playlists()
        if not mark.knew(one.id) and _looks_ours(one, asked) and _is_ours(client, one.id, wanted, asked[2])
    ]
    if len(found) > 1:
        raise UnfinishedPlaylistError(
            f'expected one new playlist "{asked[0]}" that an earlier run began, found {len(found)}: '
            + ", ".join(target.url for target in found),
            hint="Delete those that you do not need, or finish one with --resume LINK.",
        )
    return found[0] if found else None


def _looks_ours(one: schemas.PlaylistSummary, asked: tuple[str, str, str]) -> bool:
    name, description, user = asked
    # Spotify may leave the description out, and says whose it is unless something is wrong.
    return one.name == name and one.text in (description, "") and one.owner.id in (user, None)


def _is_ours(client: SpotifyClient, playlist_id: str, wanted: Sequence[Track], user: str) -> bool:
    playlist, entries = client.fetch_entries(playlist_id, whole=True)
    rows = rows_of(entries, wanted)
    return playlist.owner.id == user and rows[: len(entries)] == list(range(len(entries)))
