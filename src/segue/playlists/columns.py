"""Names of columns and keys, as many programs write them, and the record that a row of them makes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from segue.playlists.cleaning import join_artists, read_duration
from segue.playlists.entries import Record
from segue.text.column_names import ALBUMS, ARTISTS, TITLES
from segue.text.song_keys import fold, split_artists


def column_key(name: str) -> str:
    """Return the form in which names of columns are compared."""
    return fold(name).replace(" ", "")


# Folded and without spaces: "Artist Name(s)", "artist_names" and "artistNames" are one. Best first.
_ALIASES: dict[str, tuple[str, ...]] = {
    "link": (
        "trackuri",
        "spotifyuri",
        "spotifytrackuri",
        "uri",
        "spotifyid",
        "spotifytrackid",
        "trackid",
        "trackurl",
        "spotifyurl",
        "spotifytrackurl",
        "spotifylink",
        "tracklink",
        "trackhref",
        "spotify",
        "link",
        "url",
        "id",
    ),
    "title": (
        "trackname",
        "tracktitle",
        "songname",
        "songtitle",
        "title",
        "name",
        "song",
        "track",
        "mastermetadatatrackname",
    ),
    "artist": (
        "artistnames",
        "artistname",
        "artists",
        "artist",
        "trackartists",
        "trackartist",
        "trackartistnames",
        "performer",
        "creator",
        "mastermetadataalbumartistname",
        "albumartistnames",
        "albumartistname",
        "albumartist",
    ),
    "album": ("albumname", "albumtitle", "album", "release", "mastermetadataalbumalbumname"),
    "isrc": ("isrc", "isrcs", "isrccode", "trackisrc", "isrcnumber"),
    "playlist": ("playlistname", "playlist", "playlisttitle"),
    "ms": ("trackdurationms", "durationms", "lengthms", "durationmilliseconds"),
    "s": ("durations", "durationsec", "durationsecs", "durationseconds", "totaltime", "lengthseconds"),
    "duration": ("duration", "trackduration", "length", "time"),
}
for _field, _words in (("title", TITLES), ("artist", ARTISTS), ("album", ALBUMS)):
    _ALIASES[_field] += tuple(column_key(word) for word in _words)
COLUMNS_HINT = (
    "Name the columns in the first line: one of Track URI, Track ID, URL or ISRC; or both Track Name and "
    "Artist Name."
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table say what; positions, best first."""

    places: Mapping[str, tuple[int, ...]]

    @classmethod
    def find(cls, names: Iterable[str]) -> "Columns":
        """Recognise a header row; columns that say nothing to us are left out."""
        keys = dict[str, int]()
        for place, name in enumerate(names):
            keys.setdefault(column_key(name), place)
        places = {
            field: tuple(keys[alias] for alias in aliases if alias in keys)
            for field, aliases in _ALIASES.items()
        }
        return cls({field: found for field, found in places.items() if found})

    @property
    def is_enough(self) -> bool:
        """Whether a track can be found by them: an id, an ISRC, or title and artist."""
        named = "title" in self.places and "artist" in self.places
        return named or "link" in self.places or "isrc" in self.places

    def record(self, cells: list[str]) -> Record:
        """Return what a row says; a row may be shorter than the header."""
        return Record(
            links=self._all("link", cells),
            isrc=self.first("isrc", cells),
            title=self.first("title", cells),
            artist=_artist(self.first("artist", cells)),
            album=self.first("album", cells),
            duration_ms=self._duration_ms(cells),
        )

    def first(self, field: str, cells: list[str]) -> str:
        """Return the first cell of this field that is not blank, else ""."""
        return next(iter(self._all(field, cells)), "")

    def _all(self, field: str, cells: list[str]) -> tuple[str, ...]:
        places = self.places.get(field, ())
        return tuple(cell for place in places if place < len(cells) and (cell := cells[place].strip()))

    def _duration_ms(self, cells: list[str]) -> int | None:
        for field, unit in (("ms", "ms"), ("s", "s"), ("duration", "")):
            if text := self.first(field, cells):
                return read_duration(text, unit=unit)
        return None


def _artist(text: str) -> str:
    r"""Return the artists of a cell: "A;B" (Exportify now), "A, B", or "Tyler\, The Creator, B" (then)."""
    if "\\," in text:
        marked = text.replace("\\,", "\x00")
        return join_artists(part.replace("\x00", ",") for part in marked.split(","))
    return join_artists(split_artists(text)) if ";" in text else text
