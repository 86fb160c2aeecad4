"""The small texts of a playlist: how one is cleaned, shown, and read as an id, an ISRC or a length.

Readers clean every field with `clean`, so that no title brings control characters (terminal escapes, NUL,
halves of surrogate pairs) into a table, a log or a file. Newlines and tabs inside a title stay.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence

from segue.features import AUDIO
from segue.types import Track

_TRACK_ID = re.compile(r"[0-9A-Za-z]{22}")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_ISRC_BEFORE = re.compile(
    r"^(?:urn:)?isrc[:=\s]\s*|^https?://(?:www\.)?musicbrainz\.org/isrc/", re.IGNORECASE
)
_CLOCK = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-9]{2})(?:\.[0-9]{1,3})?")
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")
_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
LONGEST_MS = 86_400_000  # a day, the bound of `duration_ms` in the catalogue too


def is_track_id(text: str) -> bool:
    """Tell whether the text is 22 base-62 characters, the form of every Spotify id."""
    return _TRACK_ID.fullmatch(text) is not None


def clean(text: str) -> str:
    """Return the text without control characters (newline and tab stay) and without space around it."""
    return _CONTROLS.sub("", text).strip("\ufeff").strip()


def one_line(text: str) -> str:
    """Return the cleaned text on one line, for formats in which a line is an entry."""
    return re.sub(r"[\t\r\n]+", " ", clean(text)).strip()


def squeeze(text: str) -> str:
    """Return the text with each run of white space as one tab, if it holds one, or else as one space.

    Patterns that look for white space before something need this first: over a long run, each of its
    characters is a new start, and a crafted line would take minutes.
    """
    return re.sub(r"\s{2,}", lambda run: "\t" if "\t" in run[0] else " ", text)


def show(text: str, *, longest: int = 60) -> str:
    """Return the text in quotes, on one line and cut to `longest` characters, for a message."""
    line = one_line(text[: 4 * longest])
    line = f"{line[: longest - 1]}…" if len(line) > longest else line
    return f"'{line}'" if '"' in line else f'"{line}"'


def iter_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield number (from 1) and cleaned text of every line that is not blank.

    Unlike `str.splitlines` this ends a line only where a text editor does, not at U+2028 inside a title.
    """
    for number, line in enumerate(_LINE_END.split(text), start=1):
        if cleaned := clean(line):
            yield number, cleaned


def join_artists(names: Iterable[str]) -> str:
    """Return artists as one text: "A, B", or "A; B" where a name holds a comma ("Tyler, The Creator")."""
    kept = [cleaned for name in names if (cleaned := one_line(name))]
    separator = "; " if len(kept) > 1 and any("," in name for name in kept) else ", "
    return separator.join(kept)


def find_isrc(text: str) -> str:
    """Return the ISRC in its plain form ("GBUM71029604"), or "" when the text is none.

    Hyphens and the prefixes `isrc:`, `urn:isrc:` and `https://musicbrainz.org/isrc/` are understood.
    """
    bare = _ISRC_BEFORE.sub("", text.strip()).replace("-", "").strip().upper()
    return bare if _ISRC.fullmatch(bare) else ""


def read_duration(value: object, *, unit: str = "") -> int | None:
    """Return a length in milliseconds, or None when the value says none.

    Parameters
    ----------
    value
        A number, or a text like "225", "3:45" or "1:02:03".
    unit
        "ms" or "s" for bare numbers; "" takes a number from 10,000 up as milliseconds, else as seconds.

    """
    text = str(value).strip() if isinstance(value, int | float | str) else ""
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        milliseconds = 1000.0 * (3600 * hours + 60 * minutes + seconds)
    elif _NUMBER.fullmatch(text):
        number = float(text)
        milliseconds = number if unit == "ms" or (not unit and number >= 10_000) else 1000 * number
    else:
        return None
    rounded = math.floor(milliseconds + 0.5)
    return rounded if 1 <= rounded <= LONGEST_MS else None


def duration_of(track: Track) -> int | None:
    """Return the length of a track in milliseconds, or None when the catalogue does not know it."""
    value = track.features.get("duration_ms", math.nan)
    return round(value) if math.isfinite(value) and value >= 1 else None


def features_of(track: Track) -> dict[str, int | float]:
    """Return the audio features that are known, as the shortest numbers that say them, in the usual order."""
    known = ((feature, track.features.get(feature.name, math.nan)) for feature in AUDIO)
    return {
        feature.name: round(value) if feature.integer else round(value, 6)
        for feature, value in known
        if math.isfinite(value)
    }


def count(number: int, noun: str, plural: str = "") -> str:
    """Return "1 line", "2 lines", "3,000 lines"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Sequence[str], *, longest: int = 8) -> str:
    """Return names for a message, in quotes, the first `longest` of them."""
    more = f" and {len(names) - longest} more" if len(names) > longest else ""
    return ", ".join(show(name, longest=30) for name in names[:longest]) + more
