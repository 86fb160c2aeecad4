"""Texts of strangers made fit to keep and to show: cleaned, on one line, shortened.

No title may bring control characters (terminal escapes, NUL, halves of surrogate pairs) into a table, a
log or a file. Newlines and tabs inside a title stay.
"""

import re
from collections.abc import Sequence

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """Return the text without control characters (newline and tab stay) and without space around it."""
    if text.isprintable():  # nearly all are, and this is known at once
        return text.strip()
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


def list_some(names: Sequence[str], *, most: int = 5, between: str = ", ") -> str:
    """Return the first few of many names as one text that says how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return between.join(names[:most]) + more


def shorten(text: str, length: int) -> str:
    """Return the text on one line, cut with an ellipsis where it is longer than `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
