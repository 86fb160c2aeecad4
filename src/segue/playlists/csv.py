"""CSV: Exportify's tables, old and new, and any other with columns that we recognise.

Cells that a spreadsheet would run as a formula (they begin with = + - @, a tab or a carriage return, and go
on) are written with an apostrophe in front, and read without it. So a title like "=HYPERLINK(...)" out of a
strange catalogue harms nobody who opens the file in a spreadsheet, and still comes back as it was. A sign
that stands alone ("+", the album) is no formula and stays bare. Numbers are not touched.
"""

import csv
import io
import re
from collections.abc import Sequence

from segue.errors import EmptyPlaylistError, PlaylistFormatError
from segue.features import AUDIO_NAMES
from segue.playlists.cleaning import duration_of, features_of, listed
from segue.playlists.columns import COLUMNS_HINT, Columns
from segue.playlists.csv_layout import find_layout, find_pair, first_row, is_track_link, read_rows
from segue.playlists.entries import Entries
from segue.playlists.text import read_text
from segue.text.strings import clean
from segue.types import Playlist, Track

_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠].", re.DOTALL)
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠].", re.DOTALL)
_SCORES = tuple(name for name in AUDIO_NAMES if name != "duration_ms")


def read_csv(text: str) -> Playlist:
    """Read a table with or without a header row.

    Without one, a column of links, ids or ISRCs is found by its content, and a table of two columns counts as
    artist and title. A single column is read as plain lines, below its name if it has one.

    Raises
    ------
    PlaylistFormatError
        When no column is recognised, or a quote is never closed; the message names the line.
    InputError
        Of the kind of the first fault, when more rows are broken than are tracks.
    EmptyPlaylistError
        When there are no rows.

    """
    layout = find_layout(text) or find_pair(text)
    if layout is None:
        return _read_unknown(text)
    entries, names = Entries("row"), set[str]()
    for line, cells in read_rows(text, layout):
        bare = [unguard(cell) for cell in cells]
        if any(clean(cell) for cell in bare):
            entries.take(layout.columns.record(bare), f"line {line}")
            names.add(layout.columns.first("playlist", bare))
    if not names:  # every row that is not blank added one
        raise EmptyPlaylistError(
            "expected songs below the header of the table, got no rows",
            hint="Export the playlist again, and look whether it holds any songs.",
        )
    return entries.playlist(name=names.pop() if len(names) == 1 else "")


def write_csv(tracks: Sequence[Track], *, name: str = "") -> str:  # noqa: ARG001 - all writers are called alike
    """Return a table with the columns of Exportify, which other programs import. Lines end in CR LF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(
        [
            "Track URI",
            "Track Name",
            "Artist Name(s)",
            "Album Name",
            "ISRC",
            "Duration (ms)",
            "Release Date",
            "Popularity",
            "Genres",
            *(name.replace("_", " ").title() for name in _SCORES),
        ]
    )
    for track in tracks:
        features = features_of(track)
        texts = (track.uri or track.track_id, track.name, ";".join(track.artists), track.album, track.isrc)
        writer.writerow(
            [
                *(guard(clean(text)) for text in texts),
                duration_of(track),
                guard(clean(track.release_date)),
                track.popularity,
                guard(clean(track.genre)),
                *(features[name] for name in _SCORES),
            ]
        )
    return out.getvalue()


def guard(cell: str) -> str:
    """Return the cell so that no spreadsheet runs it as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Return the cell without the apostrophe of `guard`."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _read_unknown(text: str) -> Playlist:
    line, names = first_row(text)
    if not names:
        raise EmptyPlaylistError("the table is empty", hint=COLUMNS_HINT)
    if len(names) == 1 or all(map(is_track_link, names)):
        return read_text(_below(line, text) if Columns.find(names).places else text)
    raise PlaylistFormatError(
        f"line {line}: none of the {len(names)} columns says which track: {listed(names)}", hint=COLUMNS_HINT
    )


def _below(line: int, text: str) -> str:
    """Return what stands below a line, with blank lines for what is above, so that line numbers stay."""
    lines = text.split("\n")
    return "\n".join([""] * line + lines[line:])
