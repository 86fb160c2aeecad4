"""Tracks that a misspelt or incomplete reference may mean, found by its words.

Words that no track has are corrected to the nearest that some track has; then tracks are looked for that have
all words, and failing that, all but one. Rare words say more than common ones, so a long reference is
looked for by its rarest.
"""

import threading
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.match.spelling import Speller
from segue.catalogue.store import Catalogue
from segue.text.likeness import Wanted

MAX_WORDS = 6  # the rarest of a reference
MAX_TRACKS = 40  # for each query

Entries = NDArray[np.int64]  # of the word index, ascending: the most popular first
Group = tuple[str, ...]


class WordIndex:
    """The words of one state of a catalogue, and the entries of those that have been asked for.

    Kept for as long as its catalogue is open; all entries of all words take about 80 bytes a track.
    """

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts
        self._speller: Speller | None = None
        self._entries: dict[str, Entries] = {}
        self._lock = threading.Lock()

    def spell(self, words: Sequence[str]) -> dict[str, Group]:
        """Return for each word itself when some track has it, or else the nearest words, or none."""
        unknown = [word for word in words if word not in self.counts]
        corrected: dict[str, Group] = {}
        if unknown:
            with self._lock:
                self._speller = self._speller or Speller(self.counts)
                corrected = self._speller.correct(unknown)
        return {word: corrected.get(word, (word,)) for word in words}

    def load_entries(self, catalogue: Catalogue, words: Sequence[str]) -> dict[str, Entries]:
        """Return the entries of each word."""
        missing = [word for word in words if word not in self._entries]
        if missing:
            self._entries |= catalogue.find_entries_of_words(missing)
        return {word: self._entries[word] for word in words}


_kept: "WeakKeyDictionary[Catalogue, tuple[str, WordIndex]]" = WeakKeyDictionary()
_kept_lock = threading.Lock()


def get_index(catalogue: Catalogue) -> WordIndex:
    """Return the word index of a catalogue as it is now; it is read once for each state of it."""
    revision = catalogue.revision
    with _kept_lock:
        known = _kept.get(catalogue)
        if known is None or known[0] != revision:
            known = (revision, WordIndex(catalogue.load_words()))
            _kept[catalogue] = known
        return known[1]


def find_rows(catalogue: Catalogue, wanted: Sequence[Wanted]) -> list[list[int]]:
    """Return for each reference the rows of tracks that share most words with it."""
    index = get_index(catalogue)
    several = [each.words for each in wanted]
    spelt = index.spell(list(dict.fromkeys(word for words in several for word in words)))
    lines = [_rarest(index, [group for word in words if (group := spelt[word])]) for words in several]
    groups = dict.fromkeys(group for line in lines for group in line)
    entries = index.load_entries(catalogue, list(dict.fromkeys(word for group in groups for word in group)))
    joined = {group: _join([entries[word] for word in group]) for group in groups}
    return [catalogue.to_rows(_find([joined[group] for group in line])) for line in lines]


def _rarest(index: WordIndex, groups: list[Group]) -> list[Group]:
    counts = index.counts
    return sorted(groups, key=lambda group: sum(counts[word] for word in group))[:MAX_WORDS]


def _join(several: Sequence[Entries]) -> Entries:
    return several[0] if len(several) == 1 else np.unique(np.concatenate(several))


def _find(groups: Sequence[Entries]) -> list[int]:
    """Return the first entries that are in all groups; when few are, also those in all but one.

    `groups` stand with the rarest first. What is in all but one of them is in one of the first two.
    """
    if not groups:
        return []
    if len(groups) == 1:
        return [int(entry) for entry in groups[0][:MAX_TRACKS]]
    entries = np.unique(np.concatenate((groups[0], groups[1])))
    missed = np.full(len(entries), -1)  # the one group that an entry is not in
    for number, group in enumerate(groups):
        lacks = ~_among(entries, group)
        missed[lacks] = np.where(missed[lacks] < 0, number, len(groups))
        if number >= 1:
            sound = missed < len(groups)
            entries, missed = entries[sound], missed[sound]
    found = entries[missed < 0][:MAX_TRACKS].tolist()
    if len(found) < MAX_TRACKS:
        for number in range(len(groups)):
            found += entries[(missed < 0) | (missed == number)][:MAX_TRACKS].tolist()
    return list(dict.fromkeys(found))


def _among(entries: Entries, group: Entries) -> NDArray[np.bool_]:
    if not len(group):
        return np.zeros(len(entries), bool)
    at = np.searchsorted(group, entries)
    return np.equal(group[np.minimum(at, len(group) - 1)], entries)
