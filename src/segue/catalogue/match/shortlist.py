"""Which candidates of many references are worth reading whole: those that may score enough to be shown.

The score of a candidate takes a while in Python, and of a line that the catalogue does not hold, hardly any
candidate comes near. Here an upper bound of every score is worked out at once from titles and artists alone:
all that only lowers a score (other numbers, another length) is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cpdist

from segue.catalogue.store import Catalogue
from segue.text import likeness, song_keys
from segue.text.likeness import Wanted

MAX_NAMES = 100_000  # tracks; they take about a kilobyte each
_artist_key = lru_cache(65_536)(song_keys.artist_key)
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Names:
    """What is compared of one track."""

    name: str
    all_artists: tuple[str, ...]
    titles: tuple[tuple[str, float], ...]  # with what a likeness to each is worth
    artists: tuple[str, ...]


@dataclass(slots=True)
class _Pairs:
    """Pairs of texts to compare, and which score each pair counts for."""

    one: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    worth: list[float] = field(default_factory=list)
    score: list[int] = field(default_factory=list)

    def add(self, score: int, one: str, other: str, worth: float = 1.0) -> None:
        self.one.append(one)
        self.other.append(other)
        self.worth.append(worth)
        self.score.append(score)

    def best(self, count: int, alike: Scores) -> Scores:
        """Return for each of `count` scores the highest of its pairs, 0 without any."""
        found = np.zeros(count)
        np.maximum.at(found, np.array(self.score, np.int64), alike * np.array(self.worth))
        return found

    def best_alike(self, count: int) -> Scores:
        """Return the highest likeness of each score's pairs, as `likeness` has it."""
        if not self.one:
            return np.zeros(count)
        slips = cpdist(self.one, self.other, scorer=OSA.distance, dtype=np.int32)
        longest = np.maximum(_lengths(self.one), _lengths(self.other))
        alike = 1 - slips / np.maximum(longest, 1)
        alike[(slips == 1) & (longest >= 5)] = np.maximum(
            alike[(slips == 1) & (longest >= 5)], likeness.ONE_SLIP
        )
        alike[(_lengths(self.one) == 0) | (_lengths(self.other) == 0)] = 0
        return self.best(count, alike)

    def best_ratio(self, count: int) -> Scores:
        """Return the highest ratio of each score's pairs, 0 to 1."""
        if not self.one:
            return np.zeros(count)
        return self.best(count, cpdist(self.one, self.other, scorer=ratio, dtype=np.float64) / 100)


class Shortlist:
    """Rules out candidates. Keeps the names of the tracks that it has seen: use one for one playlist."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._names: dict[int, _Names] = {}
        self._lines: dict[_Names, tuple[str, ...]] = {}

    def select(
        self, wanted: Sequence[Wanted], rows: Sequence[Sequence[int]], least: float
    ) -> list[list[int]]:
        """Return for each reference those of its rows whose score may reach `least`, in their order."""
        self._read(row for several in rows for row in several)
        bounds = self._bound(wanted, rows)
        selected, start = [], 0
        for several in rows:
            own = bounds[start : start + len(several)]
            start += len(several)
            selected.append([row for row, bound in zip(several, own, strict=True) if bound >= least])
        return selected

    def _read(self, rows: Iterable[int]) -> None:
        if len(self._names) > MAX_NAMES:
            self._names.clear()
            self._lines.clear()
        missing = [row for row in rows if row not in self._names]
        for row, (name, artists) in self.catalogue.find_names(missing).items():
            self._names[row] = _read_names(name, artists)

    def _get_lines(self, names: _Names) -> tuple[str, ...]:
        if names not in self._lines:
            self._lines[names] = _read_lines(names)
        return self._lines[names]

    def _bound(self, wanted: Sequence[Wanted], rows: Sequence[Sequence[int]]) -> Scores:
        """Return an upper bound of the score of every pair of a reference and a row, all in one array."""
        titles, artists, lines = _Pairs(), _Pairs(), _Pairs()
        is_lone: list[bool] = []
        sides = 0  # a pair has two scores: as it stands, and with title and artist swapped
        for each, several in zip(wanted, rows, strict=True):
            own = [_read_wanted(each)]
            if each.artists and each.title:
                own.append(_read_wanted(likeness.swap(each)))
            sorted_lines = () if each.artists else _sort_words(likeness.lone_lines(each))
            for names in map(self._names.__getitem__, several):
                is_lone.append(not each.artists)
                for side, (want_titles, want_artists) in enumerate(own):
                    _compare_titles(titles, sides + side, want_titles, names.titles)
                    for want in want_artists:
                        for have in names.artists:
                            artists.add(sides + side, want, have)
                for want in sorted_lines:
                    for have in self._get_lines(names):
                        lines.add(sides, want, have)
                sides += 2
        title, artist = titles.best_alike(sides), artists.best_alike(sides)
        both = likeness.FUZZY * (0.7 * np.minimum(title, artist) + 0.3 * np.maximum(title, artist))
        # (2 * pairs,) -> (pairs, 2); the swapped side may only be counted too high, by what a swap costs
        named = both.reshape(-1, 2).max(axis=1)
        lone = np.maximum(likeness.FUZZY * lines.best_ratio(sides), title).reshape(-1, 2).max(axis=1)
        bounds: Scores = np.where(np.array(is_lone, bool), lone, named) + 1e-9
        return bounds


def _compare_titles(
    pairs: _Pairs,
    score: int,
    wants: Sequence[tuple[str, float]],
    haves: Sequence[tuple[str, float]],
) -> None:
    for want, want_worth in wants:
        for have, have_worth in haves:
            pairs.add(score, want, have, min(want_worth, have_worth))


def _read_names(name: str, artists: tuple[str, ...]) -> _Names:
    title, whole_title = song_keys.title_key(name), song_keys.fold(name)
    return _Names(
        name, artists, _titles(name, title, whole_title), tuple(dict.fromkeys(map(_artist_key, artists)))
    )


def _read_lines(names: _Names) -> tuple[str, ...]:
    """Return the lines that may name a track, the words of each in the order of the alphabet."""
    title, whole_title = song_keys.title_key(names.name), song_keys.fold(names.name)
    return _sort_words(likeness.find_lines(names.all_artists, title, whole_title))


def _read_wanted(wanted: Wanted) -> tuple[tuple[tuple[str, float], ...], tuple[str, ...]]:
    return _titles(wanted.reference.title, wanted.title, wanted.whole_title), wanted.artists


def _titles(text: str, title: str, whole_title: str) -> tuple[tuple[str, float], ...]:
    """Return the ways that a title is compared, with what a likeness to each is worth."""
    ways = {title: 1.0, whole_title: 1.0}
    ways.setdefault(title.removeprefix("the "), likeness.WITHOUT_THE)
    head = likeness.without_addition(text)
    if head != text:
        ways.setdefault(song_keys.title_key(head), likeness.ADDITION)
    return tuple(ways.items())


def _sort_words(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(sorted(line.split())) for line in lines))


def _lengths(texts: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(len, texts), np.int64, len(texts))
