"""Lines without a dash between two names: songs ("Queen Bohemian Rhapsody", "Creep"), headings, or prose.

A line alone says little, so the list as a whole decides: among songs with a dash, a few lines without one
are headings; where lines are long, it is prose; where some are nothing but a length, it is the text of a web
page, in which title, artist and album are lines of their own.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

MAX_WORDS = 12  # 98 % of artists and titles together have no more
MAX_LENGTH = 100  # characters; 99 %
_MAX_MEDIAN_WORDS = 8  # songs have 4 to 6; lines of prose have 9 and more
_MARKUP = re.compile(r"[<>{}=\\|]|://|\w\(|\S:\S*:|[a-z]\.[a-z]{2}|^/")  # pages, settings, programs, paths
_SENTENCE = re.compile(r"(?:\S+\s+){3}.*(?<!\S)[^\W\dA-Z]\w{3,}[.]$", re.DOTALL)
_BY = re.compile(r"\S\s+by\s+\S", re.IGNORECASE)
_LENGTH_ALONE = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}")


def may_be_song(line: str) -> bool:
    """Tell whether a line may be the names of one song by its own looks: short, with letters, no sentence.

    >>> may_be_song("Queen Bohemian Rhapsody"), may_be_song("Dear diary, today was long.")
    (True, False)
    """
    return (
        len(line) <= MAX_LENGTH
        and len(line.split()) <= MAX_WORDS
        and any(char.isalpha() for char in line)
        and line[-1] not in ",;:。、，"
        and not _MARKUP.search(line)
        and not _SENTENCE.match(line)
    )


@dataclass(frozen=True, slots=True)
class Loose:
    """What the lines without a dash of one list are taken for.

    `are_songs` is whether all that may be songs are; otherwise only those that say "Title by Artist".
    """

    are_songs: bool
    are_prose: bool

    @classmethod
    def among(cls, lines: Sequence[str], *, is_loose: Callable[[str], bool]) -> Self:
        """Judge the lines of a list as a whole; `is_loose` tells those without link, code and dash."""
        loose = [line for line in lines if is_loose(line)]
        prose = _is_prose(loose)
        unclear = [line for line in loose if not _BY.search(line)]
        # More than every third line: fewer are headings and remarks between the songs.
        return cls(not prose and 3 * len(unclear) > len(lines), prose)

    def takes(self, line: str) -> bool:
        """Tell whether a line without a dash is taken for a song."""
        return may_be_song(line) and (self.are_songs or (not self.are_prose and bool(_BY.search(line))))


def _is_prose(loose: Sequence[str]) -> bool:
    possible = sum(map(may_be_song, loose))
    words = sorted(len(line.split()) for line in loose)
    lengths = sum(1 for line in loose if _LENGTH_ALONE.fullmatch(line))
    return (
        3 * possible < 2 * len(loose)
        or (len(loose) > 3 and words[len(words) // 2] > _MAX_MEDIAN_WORDS)
        or lengths > 1
    )
