"""The tables of the Free Music Archive's data set: two or three rows of headers, then one that names the ids.

`echonest.csv` and `tracks.csv` begin with a blank cell in each row of headers; what identifies a track is a
number of theirs, kept as `fma:NUMBER`, so that the two files complete each other.
"""

import csv
from collections.abc import Iterator, Sequence

MAX_HEADERS = 3
_ID = "track_id"


def read_columns(lines: Iterator[str], first: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the columns of the table, and the lines that were read to find out.

    Parameters
    ----------
    lines
        Those after the first.
    first
        The cells of the first line.

    Returns
    -------
    columns, read
        No columns when it is no such table; the lines read are then rows of it, and else headers.

    """
    headers, read = [list(first)], []
    while headers[-1][:1] == [""] and len(headers) <= MAX_HEADERS and (line := next(lines, "")):
        read.append(line)
        headers.append(next(csv.reader([line]), []))
    *levels, last = headers
    if last[:1] != [_ID] or any(last[1:]) or len(levels) < 2 or len(set(map(len, headers))) != 1:
        return (), read
    # What is said of every column says nothing: all of `echonest.csv` is "echonest".
    telling = [level for level in levels if len(set(level[1:])) > 1]
    return (_ID, *("_".join(parts) for parts in zip(*(level[1:] for level in telling), strict=True))), read


def with_scheme(row: list[str]) -> list[str]:
    """Return a row with its number as a track id."""
    return [f"fma:{row[0]}", *row[1:]] if row and row[0].isdecimal() else row
