"""Which tracks are songs that a person has: other versions and spellings, and what an unfound line may be."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.match.matcher import Matcher
from segue.catalogue.match.name_index import get_index, hash_artist, hash_song, hash_title
from segue.catalogue.store import Catalogue
from segue.text.likeness import Named, read_named, read_wanted
from segue.types import TrackReference

LIKELY = 0.7  # from this confidence on, a track may be what a line means that was not found
MAX_LIKELY = 5  # songs for each such line
MAX_LINES = 500  # lines that are looked at for what they are likely to be; of more, only the exact names


def find_own_rows(
    catalogue: Catalogue, seeds: Sequence[int], unmatched: Sequence[TrackReference] = ()
) -> NDArray[np.int64]:
    """Return the rows of all tracks that are, or are likely to be, a song that a person gave; ascending.

    Another version ("Despacito - Remix"), another spelling ("C.R.E.A.M. (Cash Rules Everything Around Me)"),
    another name of the artist ("Snoop Doggy Dogg") or of the work (a movement under its own name) is the same
    song; a song of the same name by someone else is not.

    Parameters
    ----------
    catalogue
        Where to look.
    seeds
        Rows of the songs that were found.
    unmatched
        The entries that were not. What comes near enough to one counts as likely to be it.

    """
    names = catalogue.find_names(seeds)
    likely = _find_likely(catalogue, unmatched[:MAX_LINES])
    near = catalogue.find_names(likely)
    given = [read_named(name, artists) for name, artists in (*names.values(), *near.values())]
    given += [named for entry in unmatched for named, _ in read_wanted(entry).readings]
    hashes = dict.fromkeys(hashed for named in given for hashed in _hashes(named))
    found = get_index(catalogue).by_song.find(list(hashes))
    own = [np.asarray(rows, np.int64) for rows in found]
    return np.unique(np.concatenate([np.array([*seeds, *likely], np.int64), *own]))


def _hashes(named: Named) -> Iterable[int]:
    titles = [hash_title(form) for form in named.title.all if form]
    for artist in named.artists:
        hashed = hash_artist(artist)
        for title in titles:
            yield hash_song(hashed, title)


def _find_likely(catalogue: Catalogue, unmatched: Sequence[TrackReference]) -> list[int]:
    """Return the rows of tracks that lines which were not found are likely to mean."""
    if not unmatched:
        return []
    matcher = Matcher(catalogue)
    ids = [
        track.track_id
        for entry in unmatched
        for track, confidence in matcher.closest(entry, MAX_LIKELY)
        if confidence >= LIKELY
    ]
    rows: list[int] = catalogue.find_rows(ids).tolist()
    return [row for row in rows if row >= 0]
