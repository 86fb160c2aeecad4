"""Entries that name no song but an artist, several, or an album: their best-known songs, as seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.match.name_index import NameIndex, get_index, hash_artist
from segue.catalogue.store import Catalogue
from segue.text import song_keys
from segue.text.canonical import canon, compact
from segue.text.name_forms import clean_title, read_artist, read_artists, read_title
from segue.text.strings import squeeze
from segue.types import Track, TrackReference

MOST_SONGS = 10  # of an artist or an album
FEWEST_SONGS = 2  # an artist of whom less is there is not told from a song of that name
_MAX_ROWS = 2_000  # of one artist that are looked at


@dataclass(frozen=True, slots=True)
class NamedSeeds:
    """What an entry that names no song stands for.

    Attributes
    ----------
    kind
        Whether an artist or an album was named.
    name
        The artist, or "artist - album", as the catalogue has it.
    tracks
        The best-known songs, one track each, the best known first; of an album, all that are there.

    """

    kind: Literal["artist", "album"]
    name: str
    tracks: tuple[Track, ...]


def find_named_seeds(
    catalogue: Catalogue,
    entry: TrackReference,
    *,
    most: int = MOST_SONGS,
    list_counts: NDArray[np.floating] | None = None,
) -> tuple[NamedSeeds, ...]:
    """Return what an entry stands for that is not a song: nothing, artists in their order, or an album.

    "Nirvana" is an artist, "Nirvana, Pearl Jam and Soundgarden" are three, "Nirvana - Nevermind" is an album.
    Whether the entry is a song rather than that is for the caller to find out first, by matching it.

    Parameters
    ----------
    catalogue
        Where to look.
    entry
        A text alone as the title or the artist; or an artist, and an album as the title.
    most
        Songs of each artist.
    list_counts
        (N,) in how many playlists each row of the catalogue stands, where that is known.

    """
    ranking = _Ranking(catalogue, get_index(catalogue), list_counts)
    if entry.artist.strip() and entry.title.strip():
        album = ranking.find_album(entry.artist, entry.title) or ranking.find_album(entry.title, entry.artist)
        return (album,) if album else ()
    text = clean_title(squeeze(entry.artist or entry.title)).strip()
    whole = ranking.find_artist(text, most)
    if whole is not None:
        return (whole,)
    names = song_keys.split_artists(text)
    several = [ranking.find_artist(name, most) for name in _split(names)]
    if len(several) < 2 or any(each is None for each in several):
        return ()
    return tuple(each for each in several if each is not None)


def _split(names: Sequence[str]) -> tuple[str, ...]:
    """Split "A, B and C" at its last joint, too."""
    *first, last = names or ("",)
    for joint in (" and ", " & ", " + "):
        if joint in last:
            one, _, other = last.partition(joint)
            return (*first, one, other)
    return tuple(names)


@dataclass(frozen=True, slots=True)
class _Ranking:
    catalogue: Catalogue
    index: NameIndex
    list_counts: NDArray[np.floating] | None

    def find_artist(self, text: str, most: int) -> NamedSeeds | None:
        """Return an artist's best-known songs; None for one who is not known by more than a song."""
        key = read_artist(text)
        if not key:
            return None
        songs = self._songs(self._tracks_of(key))
        if len(songs) < FEWEST_SONGS:
            return None
        name = next((name for name in songs[0].artists if key in read_artists((name,))), songs[0].artists[0])
        return NamedSeeds("artist", name, tuple(songs[:most]))

    def find_album(self, artist: str, album: str) -> NamedSeeds | None:
        """Return the songs of an artist's album; None when none is there."""
        wanted = compact(canon(song_keys.title_key(album)))
        tracks = {
            row: track
            for row, track in self._tracks_of(read_artist(artist)).items()
            if track.album and wanted and compact(canon(song_keys.title_key(track.album))) == wanted
        }
        songs = self._songs(tracks)
        if len(songs) < FEWEST_SONGS:
            return None
        return NamedSeeds("album", f"{songs[0].artist} - {songs[0].album}", tuple(songs))

    def _tracks_of(self, key: str) -> dict[int, Track]:
        (rows,) = self.index.by_artist.find([hash_artist(key)]) if key else (np.zeros(0, np.int32),)
        ranked = rows[np.argsort(-self.index.popularity[rows], kind="stable")][:_MAX_ROWS].tolist()
        return {
            row: track
            for row, track in zip(ranked, self.catalogue.get_tracks(ranked), strict=True)
            if track.name and track.artists
        }

    def _songs(self, tracks: dict[int, Track]) -> list[Track]:
        """Return one track of each song, the best known first.

        A song is as well known as its best-known version. Unknown popularity counts as the middle of the
        artist's others, not as none; of equals, the one of more versions comes first.
        """
        versions: dict[str, list[int]] = {}
        for row, track in tracks.items():
            versions.setdefault(compact(read_title(track.name).key), []).append(row)
        known = {row: self._known_by(row) for row in tracks}
        values = [value for value in known.values() if value is not None]
        middle = float(np.median(values)) if values else 0.0

        def rank(rows: list[int]) -> tuple[float, int]:
            counted = [value for row in rows if (value := known[row]) is not None]
            return -max(counted, default=middle), -len(rows)

        ordered = sorted(versions.values(), key=rank)
        return [tracks[min(rows, key=lambda row: -(known[row] or 0))] for rows in ordered]

    def _known_by(self, row: int) -> float | None:
        if self.list_counts is not None and self.list_counts[row] > 0:
            return 100.0 + float(self.list_counts[row])  # what people put into lists says more than a number
        popularity = int(self.index.popularity[row])
        return float(popularity) if popularity > 0 else None  # 0 stands for "not known" in many data sets
