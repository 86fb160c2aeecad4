"""Tables as text: which delimiter, which columns, and the rows, with the line that each begins in."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from segue.errors import PlaylistFormatError
from segue.ids import is_known_id, is_spotify_id
from segue.playlists.columns import Columns
from segue.text.isrc import find_isrc
from segue.text.links import find_link_texts
from segue.text.strings import show

DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*$", re.IGNORECASE)
_SAMPLE_LINES = 20
_SAMPLE_LENGTH = 50_000  # of each of these lines; a header is never longer


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written: its delimiter, its columns, and the number of lines before its first row."""

    delimiter: str
    columns: Columns
    lines_before: int


def find_layout(text: str) -> Layout | None:
    """Return how the table is written when its columns say so beyond doubt, else None.

    That is: by the names in its first row, or by a column in which every cell is a link, an id or an ISRC.
    """
    lines, before, separator = _head(text)
    if not lines:
        return None
    delimiters = (separator,) if separator else DELIMITERS
    found = [
        Layout(delimiter, columns, before + 1)
        for delimiter in delimiters
        if (columns := Columns.find(_cells(lines[0], delimiter))).is_enough
    ]
    if found:
        return max(found, key=lambda layout: len(layout.columns.places))
    for delimiter in delimiters:
        table = [_cells(line, delimiter) for line in lines]
        by_content = _columns_by_content(table)
        if by_content:
            return Layout(delimiter, by_content, before)
    return None


def find_pair(text: str) -> Layout | None:
    """Return the layout of a table of exactly two columns, artist and title, whose first row names none."""
    lines, before, separator = _head(text)
    for delimiter in (separator,) if separator else DELIMITERS:
        rows = [_cells(line, delimiter) for line in lines]
        if rows and "name" in Columns.find(rows[0]).places:
            return None  # titles, and something that is no artist by its name
        if rows and all(len(cells) == 2 and not any(map(is_track_link, cells)) for cells in rows):
            return Layout(delimiter, Columns({"artists": (0,), "name": (1,)}), before)
    return None


def is_table(text: str) -> bool:
    """Tell whether the text is a table by its cells alone: as many in every line, and at least three."""
    lines, _, _ = _head(text)
    widths = ({len(_cells(line, delimiter)) for line in lines} for delimiter in DELIMITERS)
    return len(lines) > 1 and any(len(found) == 1 and max(found) > 2 for found in widths)


def first_row(text: str) -> tuple[int, list[str]]:
    """Return the number of the first line that is not blank, and its cells as split at their most.

    (0, []) when there is none.
    """
    lines, before, _ = _head(text)
    if not lines:
        return 0, []
    return before + 1, max((_cells(lines[0], delimiter) for delimiter in DELIMITERS), key=len)


def read_rows(text: str, layout: Layout) -> list[tuple[int, list[str]]]:
    """Return number of the first line, and cells, of each row below the header.

    Raises
    ------
    PlaylistFormatError
        When a quote is never closed; the message names the line in which its row begins.

    """
    try:
        return list(_parse(text, layout))
    except PlaylistFormatError:
        if layout.delimiter != "\t":
            raise
        return list(_parse(text, layout, quoted=False))  # many programs never quote in tables with tabs


def _parse(text: str, layout: Layout, *, quoted: bool = True) -> Iterator[tuple[int, list[str]]]:
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    for _ in range(layout.lines_before):
        next(lines, None)
    rows = csv.reader(
        lines,
        delimiter=layout.delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        skipinitialspace=True,
        strict=True,
    )
    while True:
        first_line = layout.lines_before + rows.line_num + 1
        try:
            cells = next(rows, None)
        except csv.Error as error:
            raise PlaylistFormatError(
                f"line {first_line}: a quote is never closed, or a quoted cell holds a bare quote: "
                f"{show(_line_at(text, first_line))}",
                hint='Close the quote in that line, or write a quote inside a quoted cell twice ("").',
            ) from error
        if cells is None:
            return
        yield first_line, cells


def _line_at(text: str, number: int) -> str:
    lines = io.StringIO(text, newline="")
    for _ in range(number - 1):
        next(lines, None)
    return next(lines, "")


def _head(text: str) -> tuple[list[str], int, str]:
    """Return the first lines from the header on, how many lines stand before it, and what "sep=;" says."""
    separator, before, lines = "", 0, list[str]()
    for line in io.StringIO(text.removeprefix("\ufeff"), newline=""):
        bare = line[:_SAMPLE_LENGTH].strip("\r\n")
        if not lines and (found := _SEPARATOR_LINE.match(bare)):
            separator = found[1]
        elif bare.strip() and (lines or not bare.startswith("# ")):
            lines.append(bare)
        if not lines:
            before += 1
        if len(lines) == _SAMPLE_LINES:
            break
    return lines, before, separator


def _cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line, however its quotes are; only for finding out the layout."""
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []


def _columns_by_content(table: list[list[str]]) -> Columns | None:
    width = len(table[0])
    columns = [[row[place].strip() if place < len(row) else "" for row in table] for place in range(width)]
    links = tuple(place for place in range(width) if all(is_track_link(cell) for cell in columns[place]))
    isrcs = tuple(place for place in range(width) if all(find_isrc(cell) for cell in columns[place]))
    if width < 2 or len(links) > 1 or not (links or isrcs):
        return None  # several links in a line are several tracks, which is for the reader of plain lines
    return Columns({"track_id": links, "isrc": isrcs})


def is_track_link(cell: str) -> bool:
    """Tell whether a cell holds one link or id and nothing else."""
    return is_spotify_id(cell) or is_known_id(cell) or [cell] == find_link_texts(cell)
