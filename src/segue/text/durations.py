"""Lengths of songs as texts and numbers: one rule for lists and catalogues.

- "3:45" and "1:02:03" are minutes and seconds, and hours before them.
- A number is in the unit that the name of its column says.
- Where none is said, a number from 10,000 up is milliseconds and one below is seconds: 10,000 s are 2.8
  hours, longer than a song, and 10,000 ms are 10 s, shorter than one.
"""

import math
import re
from typing import Literal

from segue.features import get_feature

Unit = Literal["ms", "s", "min", ""]

UNITS: dict[str, Unit] = {"duration_ms": "ms", "duration_s": "s", "duration_min": "min", "duration": ""}
"""The unit of a bare number, by the field of `text.column_names`; "" where the name says none."""
MS_FROM = 10_000  # a bare number from here on is in milliseconds
LONGEST_MS = round(get_feature("duration_ms").high)  # a day
_MS: dict[str, float] = {"ms": 1, "s": 1_000, "min": 60_000}
_CLOCK = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9])(?:\.[0-9]{1,9})?")
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")


def read_duration(value: object, *, unit: Unit = "") -> int | None:
    """Return a length in milliseconds, 1 to `LONGEST_MS`; None when the value says none.

    Parameters
    ----------
    value
        A number, or a text like "225", "3:45" or "1:02:03".
    unit
        Of bare numbers; "" decides by their size.

    >>> read_duration("15000"), read_duration(225), read_duration("3.5", unit="min"), read_duration("3:45")
    (15000, 225000, 210000, 225000)

    """
    text = str(value).strip() if isinstance(value, int | float | str) else ""
    milliseconds = read_clock(text)
    if milliseconds is None and _NUMBER.fullmatch(text):
        milliseconds = to_ms(float(text), unit)
    return milliseconds if milliseconds is not None and 1 <= milliseconds <= LONGEST_MS else None


def read_clock(text: str) -> int | None:
    """Return the milliseconds of "3:45" or "1:02:03", without fractions; None for any other text."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return 1_000 * (3_600 * hours + 60 * minutes + seconds)


def to_ms(number: float, unit: Unit) -> int:
    """Return a finite length in milliseconds, rounded, whatever its size."""
    factor = _MS[unit] if unit else 1 if number >= MS_FROM else 1_000
    return math.floor(number * factor + 0.5)
