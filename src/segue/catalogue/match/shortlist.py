"""Which tracks are worth comparing letter by letter with a reference that no exact name finds.

A track must have enough of the words: two fifths of the letters of the title and of the artist each, or two
thirds of a line that may be both. Words that no track has stand for the nearest that some has. The rarest
words bring the tracks; an array over all words then tells at once how many letters each of them shares.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.match.name_index import NameIndex, Rows
from segue.catalogue.match.spelling import Speller
from segue.text.likeness import Wanted

MOST = 6  # tracks a reference
MAX_ROWS = 3_000  # of the rarest words; beyond, the rarest two must stand together
MAX_MARKED = 40_000  # rows of the other words that are looked at to rule tracks out
FEW = 40  # tracks that are as quickly weighed
MAX_WORDS = 24
RARE = 6  # a word that fewer tracks have may be a slip for one that many have
_TITLE = 1 << 12  # letters of the title count so much, those of the artist one each


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a track must have to be worth comparing.

    Attributes
    ----------
    each, both
        The least share of the letters of title and of artist, and of the two shares together.
    line, own
        The least share of the letters of one line, and of the track's own that stand in it.
    rows
        How many tracks are weighed at most.

    """

    each: float = 0.33
    both: float = 1.3
    line: float = 0.7
    own: float = 0.45
    rows: int = MAX_ROWS


@dataclass(frozen=True, slots=True)
class _Side:
    """Words of which a track must have so many letters."""

    groups: list["_Group"]
    least: float

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


@dataclass(frozen=True, slots=True)
class _Group:
    """A word of a reference: the numbers of the words that it may be, and what its letters count."""

    words: tuple[int, ...]
    letters: int
    count: int  # tracks that have one of them


class Shortlist:
    """Finds tracks by their words. Keeps scratch memory: one thread at a time."""

    def __init__(self, index: NameIndex, get_speller: Callable[[], Speller]) -> None:
        self._index = index
        self._get_speller = get_speller
        self._letters = np.zeros(len(index.words), np.int32)
        self._marks = np.zeros(len(index.popularity), bool)

    def select(
        self, wanted: Sequence[Wanted], *, most: int = MOST, bounds: Bounds | None = None
    ) -> list[list[int]]:
        """Return for each reference the rows of the few tracks that share most with it, best first."""
        bounds = bounds or Bounds()
        texts = [_read_words(each) for each in wanted]
        spelt = self._spell(texts, bounds)
        return [self._select(title, artist, spelt, most, bounds) for title, artist in texts]

    def _spell(
        self, texts: Sequence[tuple[list[str], list[str]]], bounds: Bounds
    ) -> dict[str, tuple[int, ...]]:
        """Return the numbers of the words that each word may be; none for one that is near no other."""
        known, index = self._index.words, self._index
        spelt: dict[str, tuple[int, ...]] = {}
        for word in dict.fromkeys(word for pair in texts for part in pair for word in part):
            number = known.get(word)
            spelt[word] = () if number is None else (number,)
        unsure = [word for word, numbers in spelt.items() if not numbers or index.count(numbers[0]) < RARE]
        if not unsure:
            return spelt
        speller = self._get_speller()
        for word, near in speller.correct(unsure).items():
            spelt[word] += tuple(known[other] for other in near)
        far = dict.fromkeys(
            word
            for title, artist in texts
            if _share([*title, *artist], spelt) >= bounds.each
            for word in (*title, *artist)
            if not spelt[word]
        )
        for word, near in speller.correct_far(list(far)).items():
            spelt[word] = tuple(known[other] for other in near)
        return spelt

    def _select(
        self,
        title: list[str],
        artist: list[str],
        spelt: dict[str, tuple[int, ...]],
        most: int,
        bounds: Bounds,
    ) -> list[int]:
        least = bounds.each if artist else bounds.line
        if not title or _share(title, spelt) < least or (artist and _share(artist, spelt) < least):
            return []
        groups = {word: self._group(word, numbers) for word in (*title, *artist) if (numbers := spelt[word])}
        rows = self._gather_sides(_divide(title, artist, groups, least), bounds.rows)
        if not len(rows):
            return []
        title_letters, artist_letters = sum(map(len, title)), sum(map(len, artist))
        shared_title, shared_artist, own = self._weigh(rows, title, artist, groups)
        of_title = shared_title / title_letters
        of_artist = shared_artist / artist_letters if artist else of_title
        of_own = (shared_title + shared_artist) / np.maximum(own, 1)
        rank = of_title + of_artist + 0.5 * of_own
        good = np.flatnonzero(
            (of_title >= least)
            & (
                (of_artist >= least) & (of_title + of_artist >= bounds.both)
                if artist
                else of_own >= bounds.own
            )
        )
        if len(good) > most:
            # Of equals, the more popular.
            best = np.lexsort((-self._index.popularity[rows[good]], -np.round(rank[good], 3)))[:most]
        else:
            best = np.argsort(-rank[good], kind="stable")
        chosen: list[int] = rows[good[best]].tolist()
        return chosen

    def _group(self, word: str, numbers: tuple[int, ...]) -> _Group:
        return _Group(numbers, len(word), sum(map(self._index.count, numbers)))

    def _gather_sides(self, sides: list["_Side"], most: int) -> Rows:
        """Return every row that may have enough of each side."""
        rarer, *others = sorted(sides, key=lambda side: side.count)
        rows = self._gather(rarer.groups, rarer.least, most)
        for other in others:
            if len(rows) > FEW and other.least > 0:
                marked = [
                    self._index.rows_of(word)
                    for group in _begin(other.groups, other.least)
                    for word in group.words
                ]
                if sum(map(len, marked)) <= MAX_MARKED:
                    rows = self._among(rows, marked)
        return rows

    def _among(self, rows: Rows, several: Sequence[Rows]) -> Rows:
        """Return those of the rows that are among the several."""
        for each in several:
            self._marks[each] = True
        chosen = rows[self._marks[rows]]
        for each in several:
            self._marks[each] = False
        return chosen

    def _gather(self, groups: list[_Group], least: float, most: int) -> Rows:
        """Return every row that may have `least` letters of the groups, by the rarest of them."""
        found: list[Rows] = []
        size = 0
        for group in _begin(groups, least):
            if not found and group.count > most:
                return self._gather_common(sorted(groups, key=lambda group: group.count), most)
            if found and size + group.count > most:
                break
            found.extend(map(self._index.rows_of, group.words))
            size += group.count
        if not found:
            return np.zeros(0, np.int32)
        return found[0] if len(found) == 1 else np.unique(np.concatenate(found))

    def _gather_common(self, groups: list[_Group], most: int) -> Rows:
        """Return rows that have the rarest two of common words, the most popular of them."""
        rows, *others = [
            np.concatenate([self._index.rows_of(word) for word in group.words]) for group in groups[:2]
        ]
        if others:
            rows = np.intersect1d(rows, others[0], assume_unique=False)
        if len(rows) > most:
            rows = rows[np.argpartition(-self._index.popularity[rows], most)[:most]]
        return rows

    def _weigh(
        self, rows: Rows, title: list[str], artist: list[str], groups: dict[str, _Group]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """Return how many letters of title and artist each row shares, and how many it has."""
        letters, index = self._letters, self._index
        touched: list[int] = []
        for words, worth in ((title, _TITLE), (artist, 1)):
            for word in words:
                if word in groups:
                    for number in groups[word].words:
                        letters[number] += worth * len(word)
                        touched.append(number)
        starts = index.row_starts[rows]
        sizes = index.row_starts[rows + 1] - starts
        ends = np.cumsum(sizes)
        at = np.arange(ends[-1]) + np.repeat(starts - ends + sizes, sizes)
        words_of = index.row_words[at]
        first = ends - sizes
        both = np.add.reduceat(letters[words_of], first)
        own = np.add.reduceat(index.word_lengths[words_of], first)
        letters[touched] = 0
        return both >> 12, both & (_TITLE - 1), own


def _begin(groups: Sequence[_Group], least: float) -> list[_Group]:
    """Return the rarest groups, without which no track has `least` letters."""
    left = sum(group.letters for group in groups)
    least = min(least, left)
    found: list[_Group] = []
    for group in sorted(groups, key=lambda group: group.count):
        if left < least:
            break
        found.append(group)
        left -= group.letters
    return found


def _divide(title: list[str], artist: list[str], groups: dict[str, _Group], least: float) -> list[_Side]:
    """Return the sides of which a track must have a part each: title and artist, or the halves of a line."""
    if least <= 0:
        return [_Side(list(groups.values()), 0.0)]
    sides = [
        _Side([groups[word] for word in side if word in groups], least * sum(map(len, side)))
        for side in (title, artist)
        if side
    ]
    if artist:
        return sides
    (line,) = sides
    rare = _begin(line.groups, line.least)
    rest = [group for group in line.groups if group not in rare]
    taken = sum(group.letters for group in rare)
    return [_Side(rare, 0.0), _Side(rest, line.least - taken)] if rest else sides


def _read_words(wanted: Wanted) -> tuple[list[str], list[str]]:
    """Return the words of title and artist, each once in each; without an artist, all are the title's."""
    named = wanted.named
    artist = named.artists[0].split() if named.artists else []
    return list(dict.fromkeys(named.title.key.split()))[:MAX_WORDS], list(dict.fromkeys(artist))[:MAX_WORDS]


def _share(words: Iterable[str], spelt: dict[str, tuple[int, ...]]) -> float:
    """Return how much of the letters stands in words that are known."""
    known = total = 0
    for word in words:
        total += len(word)
        if spelt[word]:
            known += len(word)
    return known / total if total else 0.0
