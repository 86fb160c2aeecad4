"""Tracks that a misspelt or incomplete reference may mean, found by its words.

Words that no track has are corrected to the nearest that some track has; then tracks are looked for that have
all words, and failing that, all but one. Rare words say more than common ones, so a long reference is
looked for by its rarest.
"""

from collections.abc import Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from segue.catalogue.store import Catalogue
from segue.text.likeness import Wanted

MAX_WORDS = 6  # the rarest of a reference
MAX_TRACKS = 40  # for each query
_CORRECTIONS = 3
_LAST = "-"  # marks a last letter among the ends
_SHORTEST = 4  # letters; a shorter word is near too many others


class Finder:
    """Looks for tracks by words that may be misspelt. Reads the catalogue's words once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._counts = catalogue.load_words()
        # Words by length and by one of their ends: few typing errors change both ends of a word.
        self._by_end: dict[tuple[int, str], list[str]] = {}
        for word in self._counts:
            if len(word) >= _SHORTEST - 1:
                self._by_end.setdefault((len(word), word[0]), []).append(word)
                self._by_end.setdefault((len(word), _LAST + word[-1]), []).append(word)
        self._corrected: dict[str, tuple[str, ...]] = {}

    def find_rows(self, wanted: Wanted) -> list[int]:
        """Return the rows of tracks that share most words with the reference."""
        groups = [group for word in wanted.words if (group := self._spell(word))]
        groups.sort(key=lambda group: sum(self._counts[word] for word in group))
        groups = groups[:MAX_WORDS]
        if not groups:
            return []
        rows = self._query(groups)
        if len(rows) < MAX_TRACKS and len(groups) > 1:
            for left_out in range(len(groups)):
                rows.extend(self._query([*groups[:left_out], *groups[left_out + 1 :]]))
        return list(dict.fromkeys(rows))

    def _query(self, groups: Sequence[tuple[str, ...]]) -> list[int]:
        return self._catalogue.find_rows_by_words(groups, limit=MAX_TRACKS)

    def _spell(self, word: str) -> tuple[str, ...]:
        """Return the word when some track has it, or else the nearest words; none when there is none near."""
        if word in self._counts:
            return (word,)
        if word not in self._corrected:
            self._corrected[word] = self._correct(word)
        return self._corrected[word]

    def _correct(self, word: str) -> tuple[str, ...]:
        if len(word) < _SHORTEST:
            return ()
        away = 1 if len(word) < 8 else 2
        near: dict[str, tuple[float, int]] = {}
        for length in range(len(word) - away, len(word) + away + 1):
            for end in (word[0], _LAST + word[-1]):
                found = extract(
                    word,
                    self._by_end.get((length, end), []),
                    scorer=OSA.distance,
                    score_cutoff=away,
                    limit=_CORRECTIONS,
                )
                near.update((other, (distance, -self._counts[other])) for other, distance, _ in found)
        return tuple(sorted(near, key=near.__getitem__)[:_CORRECTIONS])
