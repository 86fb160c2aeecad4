"""A folded text with its words in the one way that they are compared in: Latin letters, numbers as digits."""

from functools import lru_cache

from anyascii import anyascii

from segue.text import song_keys

_WORDS = {
    "zero": "0", "one": "1", "two": "2", "to": "2", "too": "2", "three": "3", "four": "4", "for": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
    "you": "u", "your": "ur", "youre": "ur", "of": "o", "pt": "part", "vol": "volume", "vs": "versus",
    "till": "til", "cuz": "cause", "coz": "cause", "thru": "through", "tonite": "tonight",
    "em": "them", "no": "no", "nr": "no", "num": "no", "number": "no",
    "nite": "night", "luv": "love",
}  # fmt: skip
_ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "x": "10", "xi": "11", "xii": "12",
}  # fmt: skip
_COUNTED = frozenset(
    {"part", "volume", "no", "act", "chapter", "book", "op", "symphony", "movement", "phase"}
)
_AMBIGUOUS = frozenset({"i", "v", "x"})  # words or names of their own, unless something counted stands before
SMALL = frozenset({"and", "n", "the", "a", "an"})


class _Canonical(dict[str, str]):
    """Words with their canonical form, worked out when first asked for."""

    def __missing__(self, word: str) -> str:
        found = word[:-1] if len(word) > 4 and word.endswith("ing") else word  # "Runnin'"
        if len(self) < _MOST_WORDS:
            self[word] = found
        return found


_MOST_WORDS = 500_000
_CANONICAL = _Canonical(_WORDS)


def canon(folded: str) -> str:
    """Return a folded text in Latin letters, its words in the one way that they are compared in.

    >>> canon("another brick in the wall part ii"), canon("кино")
    ('another brick in the wall part 2', 'kino')
    """
    if not folded.isascii():
        folded = song_keys.fold(anyascii(folded)) or folded
    words = [_CANONICAL[word] for word in folded.split()]
    if not _ROMAN.keys().isdisjoint(words):
        _count(words)
    return " ".join(words)


def _count(words: list[str]) -> None:
    """Put digits for Roman numerals, where they are some."""
    for at in range(1, len(words)):
        if words[at] in _ROMAN and (
            words[at - 1] in _COUNTED or (at == len(words) - 1 and words[at] not in _AMBIGUOUS)
        ):
            words[at] = _ROMAN[words[at]]


@lru_cache(100_000)
def compact(canonical: str) -> str:
    """Return a canonical text without spaces and small words: "Tik Tok" is "TikTok"."""
    return "".join([word for word in canonical.split() if word not in SMALL]) or canonical.replace(" ", "")
