"""Reading one row: which cell fills which field, and why a row is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segue.catalogue.import_.columns import find_sources
from segue.catalogue.import_.parsers import (
    PARSERS,
    Parse,
    RefusedCell,
    parse_column,
    parse_mbid,
    parse_track_id,
    parse_track_id_or_none,
)
from segue.catalogue.row_codec import COLUMN_NAMES, Values
from segue.text.column_names import column_key

_FIELD_OF = {
    "year": "release_date",
    "duration_s": "duration_ms",
    "duration_min": "duration_ms",
    "duration": "duration_ms",
}
_TEXTS = {"track_id", "name", "artists", "album", "isrc", "release_date", "genre"}
_BLANK = tuple("" if name in _TEXTS else None for name in COLUMN_NAMES)
_ID = COLUMN_NAMES.index("track_id")
_NAME = COLUMN_NAMES.index("name")
_ISRC = COLUMN_NAMES.index("isrc")
_FIRST_FEATURE = COLUMN_NAMES.index("danceability")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row is refused: short reasons for counting, and details with the values."""

    reasons: tuple[str, ...]
    details: tuple[str, ...]


_NOTHING_KNOWN = Refusal(("nothing known but the id",), ("neither a title nor an audio feature",))


class _UnevenRows(Exception):  # noqa: N818 - only sends the batch the slow way
    """Rows have more or fewer cells than the header."""


class RowReader:
    """Turns rows of one set of columns into stored values.

    Parameters
    ----------
    columns
        Their names.
    mapping
        From `columns.check_mapping`.

    """

    def __init__(self, columns: Sequence[str], mapping: Mapping[str, str]) -> None:
        self.columns = tuple(columns)
        self.sources = find_sources(columns, mapping)
        self.used = {columns[places[0]]: field for field, places in self.sources.items()}
        sought = {place for places in self.sources.values() for place in places}
        self.unread = tuple(
            column
            for place, column in enumerate(columns)
            if place not in sought and column and column_key(column) not in mapping
        )
        self._width = len(columns)
        # Where another column may identify a row, a track id that is missing or wrong does not refuse it.
        self._mbid = self.sources.get("mbid", ())
        has_other_ids = bool(self._mbid or self.sources.get("isrc"))
        self._seeks_ids = has_other_ids or not self.sources.get("track_id")
        self._steps: list[tuple[int, int, Parse]] = []
        for field, parse in PARSERS.items():  # in this order: a date goes before a year, ms before seconds
            lenient = field == "track_id" and has_other_ids
            read = parse_track_id_or_none if lenient else parse
            target = COLUMN_NAMES.index(_FIELD_OF.get(field, field))
            self._steps.extend((target, place, read) for place in self.sources.get(field, ()))
        targets = [target for target, _, _ in self._steps]
        self._first = [step for n, step in enumerate(self._steps) if step[0] not in targets[:n]]
        self._more = [step for n, step in enumerate(self._steps) if step[0] in targets[:n]]

    def read_all(self, rows: Sequence[Sequence[object]]) -> list[Values | Refusal]:
        """Return for each row what `read` does: column by column, in half the time, when all is well."""
        try:
            return self._read_columns(rows)
        except (RefusedCell, _UnevenRows):
            return [self.read(cells) for cells in rows]

    def _read_columns(self, rows: Sequence[Sequence[object]]) -> list[Values | Refusal]:
        if not rows or {len(cells) for cells in rows} != {self._width}:
            raise _UnevenRows
        cells = list(zip(*rows, strict=True))
        read: list[list[object]] = [[blank] * len(rows) for blank in _BLANK]
        for target, place, parse in self._first:
            read[target] = parse_column(parse, cells[place])
        for target, place, parse in self._more:
            read[target] = [
                parse(cell) if value in (None, "") else value
                for value, cell in zip(read[target], cells[place], strict=True)
            ]
        if self._seeks_ids:
            read[_ID] = [
                track_id or self._find_other_id(isrc, row)
                for track_id, isrc, row in zip(read[_ID], read[_ISRC], rows, strict=True)
            ]
        return [
            values if values[_NAME] or _says_something(values) else _NOTHING_KNOWN
            for values in zip(*read, strict=True)
        ]

    def read(self, cells: Sequence[object]) -> Values | Refusal:
        """Return the stored values of a row, or why there are none."""
        if len(cells) != self._width:
            return _refuse_width(len(cells), self._width)
        values: list[object] = list(_BLANK)
        try:
            for target, place, parse in self._first:
                values[target] = parse(cells[place])
            for target, place, parse in self._more:
                if values[target] in (None, ""):
                    values[target] = parse(cells[place])
            values[_ID] = values[_ID] or self._find_other_id(values[_ISRC], cells)
        except RefusedCell:
            return self._explain(cells)
        return tuple(values) if _says_something(values) else _NOTHING_KNOWN

    def _find_other_id(self, isrc: object, cells: Sequence[object]) -> str:
        """Return the id of a row whose own column has none: its ISRC, else its MusicBrainz id.

        Raises
        ------
        RefusedCell
            When it has neither; the reason speaks of the column of track ids, if there is one.

        """
        if isrc:
            return f"isrc:{isrc}"
        for place in self._mbid:
            if found := parse_mbid(cells[place]):
                return found
        return parse_track_id(next((cells[place] for place in self.sources.get("track_id", ())), None))

    def _explain(self, cells: Sequence[object]) -> Refusal:
        """Collect every fault of a row, not only the first."""
        faults: dict[str, str] = {}
        found: dict[int, object] = {}
        for target, place, parse in self._steps:
            try:
                found[target] = found.get(target) or parse(cells[place])
            except RefusedCell as fault:
                faults.setdefault(fault.reason, fault.detail)
        if self._seeks_ids and not found.get(_ID):
            try:
                self._find_other_id(found.get(_ISRC), cells)
            except RefusedCell as fault:
                faults.setdefault(fault.reason, fault.detail)
        return Refusal(tuple(faults), tuple(faults.values()))


def _says_something(values: Sequence[object]) -> bool:
    return bool(values[_NAME]) or any(value is not None for value in values[_FIRST_FEATURE:])


def _refuse_width(got: int, expected: int) -> Refusal:
    return Refusal(
        ("cells: more or fewer than the header",),
        (f"expected {expected} cells, got {got}: a quote or a separator too many or too few?",),
    )
