"""The columns of a list of songs, found by their names, and the record that a row of them makes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from segue.ids import find_track_id
from segue.playlists.cleaning import join_artists
from segue.playlists.entries import Record
from segue.text.column_names import LIST_COLUMNS, column_key
from segue.text.durations import UNITS, read_duration
from segue.text.song_keys import split_artists

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
            for field, aliases in LIST_COLUMNS.items()
        }
        return cls({field: found for field, found in places.items() if found})

    @property
    def is_enough(self) -> bool:
        """Whether a track can be found by them: an id, an ISRC, or title and artist."""
        named = "name" in self.places and "artists" in self.places
        return named or not self.places.keys().isdisjoint(("track_id", "mbid", "isrc"))

    def record(self, cells: list[str]) -> Record:
        """Return what a row says; a row may be shorter than the header."""
        return Record(
            links=self._links(cells),
            isrc=self.first("isrc", cells),
            title=self.first("name", cells),
            artist=_artist(self.first("artists", cells)),
            album=self.first("album", cells),
            duration_ms=self._duration_ms(cells),
        )

    def first(self, field: str, cells: list[str]) -> str:
        """Return the first cell of this field that is not blank, else ""."""
        return next(iter(self._all(field, cells)), "")

    def _all(self, field: str, cells: list[str]) -> tuple[str, ...]:
        places = self.places.get(field, ())
        return tuple(cell for place in places if place < len(cells) and (cell := cells[place].strip()))

    def _links(self, cells: list[str]) -> tuple[str, ...]:
        named = (find_track_id(f"mbid:{cell}") for cell in self._all("mbid", cells))
        return (*self._all("track_id", cells), *(track_id for track_id in named if track_id))

    def _duration_ms(self, cells: list[str]) -> int | None:
        for field, unit in UNITS.items():
            if text := self.first(field, cells):
                return read_duration(text, unit=unit)
        return None


def _artist(text: str) -> str:
    r"""Return the artists of a cell: "A;B" (Exportify now), "A, B", or "Tyler\, The Creator, B" (then)."""
    if "\\," in text:
        marked = text.replace("\\,", "\x00")
        return join_artists(part.replace("\x00", ",") for part in marked.split(","))
    return join_artists(split_artists(text)) if ";" in text else text
