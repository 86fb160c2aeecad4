"""The words of a catalogue nearest to a misspelt one: one slip of the finger away, or two in a long word.

Words one slip apart share a text that is left when each loses at most one letter; the hashes of all such
texts are kept sorted, so many words are looked up at once. Two slips leave too many texts: there the letters
that two words use rule out nearly all, and the few that stay are compared.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

CORRECTIONS = 3
SHORTEST = 4  # letters; a shorter word is near too many others
LONG = 8  # letters; from here on, two slips are taken for one word
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no letter's share of a hash is lost

_MOST_KEPT = 200_000  # words whose corrections are remembered

Words = Sequence[str]
Corrected = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Ends:
    """Words in the order of one of their ends and their length; those of one end lie together."""

    order: NDArray[np.int32]
    masks: NDArray[np.uint32]
    lengths: NDArray[np.int64]
    keys: NDArray[np.int64]

    def near(self, end: int, length: int, mask: np.uint32) -> NDArray[np.int32]:
        """Return the words with this end that may be two slips from one of this length and these letters.

        A letter too many or too few changes one of the letters used; any other slip, two at most.
        """
        first = np.searchsorted(self.keys, end << 8 | min(length - 2, 255))
        last = np.searchsorted(self.keys, end << 8 | min(length + 2, 255), side="right")
        changed = np.bitwise_count(self.masks[first:last] ^ mask)
        near: NDArray[np.int32] = self.order[first:last][
            changed + np.abs(self.lengths[first:last] - length) <= 4
        ]
        return near


class Speller:
    """Finds the nearest words of a catalogue for words that it does not hold.

    Parameters
    ----------
    counts
        Every word with the number of tracks that have it.

    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._words = [word for word in counts if len(word) >= SHORTEST - 1]
        self._counts = [counts[word] for word in self._words]
        lengths = np.fromiter(map(len, self._words), np.int64, len(self._words))
        self._first, self._last = _read_ends(self._words)
        masks = _masks(self._words)
        self._by_first = _order(self._first, lengths, masks)
        self._by_last = _order(self._last, lengths, masks)
        keys, owners = _shortened(self._words)
        by_key = np.argsort(keys, kind="stable")
        self._keys, self._owners = keys[by_key], owners[by_key]
        self._near: Corrected = {}
        self._far: Corrected = {}

    def correct(self, words: Words) -> dict[str, tuple[str, ...]]:
        """Return for each word the nearest few that are one slip away; none for a word that has none near."""
        return self._look_up(self._near, words, self._one_slip, SHORTEST)

    def correct_far(self, words: Words) -> dict[str, tuple[str, ...]]:
        """Return for each long word the nearest few that are two slips away at most."""
        return self._look_up(self._far, words, self._two_slips_each, LONG)

    @staticmethod
    def _look_up(
        known: Corrected, words: Words, find: Callable[[Words], Corrected], shortest: int
    ) -> Corrected:
        """Return what was found before, and find the rest; short words have none."""
        distinct = dict.fromkeys(words)
        new = [word for word in distinct if word not in known]
        if len(known) + len(new) > _MOST_KEPT:
            known.clear()
            new = list(distinct)
        known.update(dict.fromkeys(new, ()))
        known.update(find([word for word in new if len(word) >= shortest]))
        return {word: known[word] for word in distinct}

    def _two_slips_each(self, words: Words) -> Corrected:
        return {word: self._two_slips(word) for word in words}

    def _one_slip(self, words: Words) -> dict[str, tuple[str, ...]]:
        if not words or not self._words:
            return {}
        keys, askers = _shortened(words)
        begin = np.searchsorted(self._keys, keys)
        sizes = np.searchsorted(self._keys, keys, side="right") - begin
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        owners = self._owners[np.repeat(begin, sizes) + within]
        pairs = np.unique(np.repeat(askers, sizes).astype(np.int64) * len(self._words) + owners)
        askers, owners = np.divmod(pairs, len(self._words))
        first, last = _read_ends(words)
        keep = (first[askers] == self._first[owners]) | (last[askers] == self._last[owners])
        askers, owners = askers[keep], owners[keep]
        return self._choose(words, askers, owners, 1)

    def _two_slips(self, word: str) -> tuple[str, ...]:
        mask = _masks([word])[0]
        near = [
            ends.near(ord(end), len(word), mask)
            for ends, end in ((self._by_first, word[0]), (self._by_last, word[-1]))
        ]
        owners = np.unique(np.concatenate(near))
        return self._choose([word], np.zeros(len(owners), np.int64), owners, 2).get(word, ())

    def _choose(
        self, words: Words, askers: NDArray[np.int64], owners: NDArray[np.integer], away: int
    ) -> dict[str, tuple[str, ...]]:
        """Return the nearest words out of pairs of a word that was asked for and one that is known."""
        asked, known = [words[at] for at in askers], [self._words[at] for at in owners]
        distances = cpdist(asked, known, scorer=OSA.distance, score_cutoff=away, dtype=np.uint8)
        within = np.flatnonzero(distances <= away)
        near: dict[int, list[tuple[int, int]]] = {}
        for asker, owner, distance in zip(
            askers[within].tolist(), owners[within].tolist(), distances[within].tolist(), strict=True
        ):
            near.setdefault(asker, []).append((distance, owner))
        return {words[asker]: self._rank(words[asker], found) for asker, found in near.items()}

    def _rank(self, word: str, found: Sequence[tuple[int, int]]) -> tuple[str, ...]:
        buckets: dict[tuple[int, bool], list[tuple[int, int]]] = {}
        for distance, owner in sorted(found):
            other = self._words[owner]
            for is_last in (False, True):
                if other[-is_last] == word[-is_last]:
                    buckets.setdefault((len(other), is_last), []).append((distance, owner))
        # A bucket shows its first few, nearest first, whatever their number: what is found for a word must
        # not depend on how it was looked for.
        kept = dict.fromkeys(pair for _, bucket in sorted(buckets.items()) for pair in bucket[:CORRECTIONS])
        best = sorted(kept, key=lambda pair: (pair[0], -self._counts[pair[1]]))
        return tuple(self._words[owner] for _, owner in best[:CORRECTIONS])


def _read_ends(words: Words) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the last letter of each word."""
    count = len(words)
    first = np.fromiter((ord(word[0]) for word in words), np.int64, count)
    return first, np.fromiter((ord(word[-1]) for word in words), np.int64, count)


def _order(ends: NDArray[np.int64], lengths: NDArray[np.int64], masks: NDArray[np.uint32]) -> _Ends:
    keys = ends << 8 | np.minimum(lengths, 255)
    order = np.argsort(keys, kind="stable")
    return _Ends(order.astype(np.int32), masks[order], lengths[order], keys[order])


def _by_length(words: Words) -> dict[int, NDArray[np.int64]]:
    """Return the positions of the words of each length."""
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    return {int(length): np.flatnonzero(lengths == length) for length in np.unique(lengths)}


def _letters(words: Words, at: NDArray[np.int64], length: int) -> NDArray[np.uint32]:
    """Return the letters of words of one length as numbers, (n, length)."""
    texts = np.array([words[position] for position in at], dtype=f"U{length}")
    return texts.view(np.uint32).reshape(len(at), length)  # (n,) texts -> (n, length) letters


def _masks(words: Words) -> NDArray[np.uint32]:
    """Return for each word which letters it uses: a bit for each of 32 kinds of letter."""
    masks = np.zeros(len(words), np.uint32)
    for length, at in _by_length(words).items():
        bits = np.uint32(1) << (_letters(words, at, length) & np.uint32(31))
        masks[at] = np.bitwise_or.reduce(bits, axis=1)
    return masks


def _shortened(words: Words) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Return the hash of each word and of what is left when it loses any one letter, and whose each is."""
    keys: list[NDArray[np.uint64]] = [np.zeros(0, np.uint64)]
    owners: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    for length, at in _by_length(words).items():
        letters = _letters(words, at, length).astype(np.uint64)
        powers = np.cumprod(np.full(length + 1, _FACTOR))
        ahead = np.cumsum(letters * powers[1:], axis=1)
        behind = np.cumsum(letters * powers[:-1], axis=1)
        before = ahead - letters * powers[1:]
        # Letters behind the lost one move up by one: their share of the hash is that of the power before.
        lost = before + behind[:, -1:] - behind
        keys += [ahead[:, -1], lost.ravel()]  # (n, length) -> (n * length,)
        owners += [at, np.repeat(at, length)]
    return np.concatenate(keys), np.concatenate(owners).astype(np.int32)
