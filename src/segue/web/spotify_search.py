"""Searching the catalogue as Spotify's search is asked: words, and filters such as `artist:` and `year:`."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segue.catalogue.store import Catalogue
from segue.errors import InputError
from segue.explore.profile import artist_hash
from segue.ids import is_spotify_id
from segue.text.isrc import find_isrc
from segue.text.song_keys import fold
from segue.types import Track
from segue.web.engine import Generation
from segue.web.spotify_ids import find_hash

MOST = 1_000  # tracks that are looked at; Spotify leads no further either
TOP_TRACKS = 10
FILTERS = ("track", "artist", "album", "genre", "year", "isrc")
_FILTER = re.compile(rf'\b({"|".join(FILTERS)}):\s*("[^"]*"|\S+)', re.I)  # a bare value is one word
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for: words anywhere in title or artist, and what some fields must hold."""

    words: str
    filters: Mapping[str, str]

    @classmethod
    def read(cls, text: str) -> "Search":
        """Read a search query.

        Raises
        ------
        InputError
            When it is empty, or a year is none.

        """
        filters = {name.lower(): value.strip('" ') for name, value in _FILTER.findall(text)}
        search = cls(_FILTER.sub(" ", text).strip(), filters)
        if not search.words and not any(filters.values()):
            raise InputError("expected something to search for, got an empty query")
        if "year" in filters and not _YEARS.fullmatch(filters["year"]):
            raise InputError(f"year: expected 1999 or 1990-1999, got {filters['year'][:40]!r}")
        return search

    def find(self, catalogue: Catalogue) -> list[Track]:
        """Return the tracks that it means and that Spotify knows, most popular first."""
        return [track for track in self._candidates(catalogue) if is_spotify_id(track.track_id)
                and self._fits(track)]  # fmt: skip

    def _candidates(self, catalogue: Catalogue) -> Sequence[Track]:
        if "isrc" in self.filters:
            code = find_isrc(self.filters["isrc"])
            return catalogue.find_by_isrc(code) if code else []
        given = [self.words, self.filters.get("track", ""), self.filters.get("artist", "")]
        words = " ".join(filter(None, given))
        if words or "genre" not in self.filters:
            return catalogue.search(words, limit=MOST)
        return catalogue.find_by_genre(self.filters["genre"], limit=MOST)

    def _fits(self, track: Track) -> bool:
        filters = self.filters
        fields = {"track": track.name, "artist": track.artist, "album": track.album}
        if any(not holds(text, filters[name]) for name, text in fields.items() if name in filters):
            return False
        if "genre" in filters and fold(filters["genre"]) != fold(track.genre):
            return False
        years = _YEARS.fullmatch(filters.get("year", ""))
        if years is None:
            return True
        return track.year is not None and int(years[1]) <= track.year <= int(years[2] or years[1])

    def find_artists(self, tracks: Sequence[Track]) -> list[str]:
        """Return who first-named artists of these tracks are that the words name, each once, in order."""
        words = " ".join(filter(None, (self.words, self.filters.get("artist", ""))))
        named = (track.artists[0] for track in tracks if track.artists)
        return list({artist_hash(name): name for name in reversed([*named]) if holds(name, words)}.values())[
            ::-1
        ]


def holds(text: str, words: str) -> bool:
    """Tell whether each of some words begins a word of a text."""
    there = fold(text).split()
    return all(any(each.startswith(word) for each in there) for word in fold(words).split())


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist of a catalogue, who is first-named on `tracks`; the most popular come first."""

    name: str
    tracks: tuple[Track, ...]

    @property
    def genres(self) -> list[str]:
        """The genres of the tracks, the most frequent first."""
        return [
            genre for genre, _ in Counter(track.genre for track in self.tracks if track.genre).most_common()
        ]

    @property
    def popularity(self) -> int:
        """That of the most popular track; 0 when none is known."""
        return max((track.popularity or 0 for track in self.tracks), default=0)


def find_artist(generation: Generation, artist_id: str) -> Artist | None:
    """Return the artist of one of our ids; None when it is none of ours, or nobody's in this catalogue."""
    return describe_artist(generation, find_hash("artist", artist_id) or 0)


def describe_artist(generation: Generation, hashed: int) -> Artist | None:
    """Return the artist whose name has this hash, with the ten most popular tracks that Spotify knows."""
    if not hashed:
        return None
    rows = generation.facts.rows_of_artist(hashed)[: 2 * TOP_TRACKS]
    tracks = generation.recommender.catalogue.get_tracks([int(row) for row in rows])
    if not tracks or not tracks[0].artists:
        return None
    known = [track for track in tracks if is_spotify_id(track.track_id)]
    return Artist(tracks[0].artists[0], tuple(known[:TOP_TRACKS]))
