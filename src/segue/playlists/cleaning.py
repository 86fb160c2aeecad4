"""The small texts of a playlist: its lines, the artists of an entry, what is known of a track, counts."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence

from segue.features import AUDIO
from segue.text.strings import clean, one_line, show
from segue.types import Track

_AUDIO = tuple((feature.name, feature.integer) for feature in AUDIO)
_LINE_END = re.compile(r"\r\n|\r|\n")


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


def duration_of(track: Track) -> int | None:
    """Return the length of a track in milliseconds, or None when the catalogue does not know it."""
    value = track.features.get("duration_ms", math.nan)
    return round(value) if math.isfinite(value) and value >= 1 else None


def features_of(track: Track) -> dict[str, int | float | None]:
    """Return all features in the usual order, as the shortest numbers that say them; None: not known."""
    given = track.features
    return {
        name: _shortest(given[name], is_whole=is_whole) if name in given else None
        for name, is_whole in _AUDIO
    }


def _shortest(value: float, *, is_whole: bool) -> int | float | None:
    if not math.isfinite(value):
        return None
    return round(value) if is_whole else round(value, 6)


def count(number: int, noun: str, plural: str = "") -> str:
    """Return "1 line", "2 lines", "3,000 lines"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Sequence[str], *, longest: int = 8) -> str:
    """Return names for a message, in quotes, the first `longest` of them."""
    more = f" and {len(names) - longest} more" if len(names) > longest else ""
    return ", ".join(show(name, longest=30) for name in names[:longest]) + more
