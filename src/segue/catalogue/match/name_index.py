"""The names of a whole catalogue as arrays: which tracks have a title, an artist, both, or a word.

Built once for each state of a catalogue (about 15 µs a track) and kept beside it, mapped rather than read.
"""

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from segue.array_cache import find_named, folder_for, keep, key_for
from segue.catalogue.match.spelling import Speller
from segue.catalogue.store import Catalogue
from segue.text.canonical import compact
from segue.text.name_forms import read_artists, sorted_compact, title_names
from segue.text.song_keys import hash64

VERSION = "names3"  # raise it when a form, an alias or an array comes to mean something else
_FACTOR = 0x9E3779B97F4A7C15
_ALL = (1 << 64) - 1

Rows = NDArray[np.int32]
Hashes = NDArray[np.uint64]


def hash_title(form: str) -> int:
    """Return the hash of a canonical title."""
    return hash64(compact(form))


def hash_artist(form: str) -> int:
    """Return the hash of a canonical artist; the order of the words does not matter."""
    return hash64(sorted_compact(form))


def hash_song(artist: int, title: int) -> int:
    """Return the hash of the two together."""
    return (artist * _FACTOR ^ title) & _ALL


@dataclass(frozen=True, slots=True)
class Postings:
    """Which rows have a key: `keys` ascend and repeat, `rows` stand beside them."""

    keys: Hashes
    rows: Rows

    def find(self, wanted: Sequence[int]) -> list[Rows]:
        """Return the rows of each key, as views."""
        asked = np.array(wanted, np.uint64)
        first = np.searchsorted(self.keys, asked).tolist()
        last = np.searchsorted(self.keys, asked, side="right").tolist()
        return [self.rows[start:end] for start, end in zip(first, last, strict=True)]


@dataclass(frozen=True, slots=True)
class NameIndex:
    """The names of one state of a catalogue; N tracks, V words.

    Attributes
    ----------
    by_title, by_artist, by_song
        The rows of each hashed form.
    words
        Every word of titles and artists with its number.
    word_rows, word_starts
        The rows that have word w are `word_rows[word_starts[w]:word_starts[w + 1]]`, ascending.
    row_words, row_starts
        The words of each row, laid out alike.
    word_lengths
        (V,) letters of each word.
    popularity
        (N,) int16, -1 where it is not known.

    """

    by_title: Postings
    by_artist: Postings
    by_song: Postings
    words: dict[str, int]
    word_rows: Rows
    word_starts: NDArray[np.int64]
    row_words: NDArray[np.int32]
    row_starts: NDArray[np.int64]
    word_lengths: NDArray[np.int32]
    popularity: NDArray[np.int16]

    def count(self, word: int) -> int:
        """Return how many tracks have a word."""
        return int(self.word_starts[word + 1] - self.word_starts[word])

    def rows_of(self, word: int) -> Rows:
        """Return the rows that have a word."""
        return self.word_rows[self.word_starts[word] : self.word_starts[word + 1]]


@dataclass(slots=True)
class _Pairs:
    """Keys and rows while they are gathered."""

    keys: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def add(self, keys: Iterable[int], row: int) -> None:
        before = len(self.keys)
        self.keys.extend(keys)
        self.rows.extend([row] * (len(self.keys) - before))

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        keys, rows = np.array(self.keys, np.uint64), np.array(self.rows, np.int32)
        order = np.argsort(keys, kind="stable")
        return {f"{name}_keys": keys[order], f"{name}_rows": rows[order]}


class _Builder:
    """Reads the names of all tracks, one after the other."""

    def __init__(self) -> None:
        self._titles, self._artists, self._songs = _Pairs(), _Pairs(), _Pairs()
        self._words: dict[str, int] = {}
        self._row_words: list[int] = []
        self._lengths: list[int] = []
        self._hash_artists: dict[tuple[str, ...], tuple[tuple[int, ...], str]] = {}

    def add(self, row: int, name: str, artists: tuple[str, ...]) -> None:
        """Take the names of the next row."""
        text = ""
        titles: tuple[int, ...] = ()
        if name:
            names = title_names(name)
            titles = tuple({hash_title(each) for each in names if each})
            text = " ".join(names)
        known = self._hash_artists.get(artists)
        if known is None:
            read = read_artists(artists)
            known = tuple({hash_artist(form) for form in read}), " ".join(read)
            self._hash_artists[artists] = known
        hashed, artist_text = known
        self._titles.add(titles, row)
        self._artists.add(hashed, row)
        self._songs.add((hash_song(artist, title) for artist in hashed for title in titles), row)
        words = self._words
        distinct = {words.setdefault(word, len(words)) for word in f"{text} {artist_text}".split()}
        self._row_words.extend(distinct)
        self._lengths.append(len(distinct))

    def arrays(self, popularity: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
        """Return all arrays by name."""
        row_words = np.array(self._row_words, np.int32)
        lengths = np.array(self._lengths, np.int64)
        order = np.argsort(row_words, kind="stable")
        rows = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        counts = np.bincount(row_words, minlength=len(self._words))
        text = "\n".join(self._words).encode(errors="surrogatepass")
        return {
            **self._titles.arrays("title"),
            **self._artists.arrays("artist"),
            **self._songs.arrays("song"),
            "words": np.frombuffer(text, np.uint8),
            "word_rows": rows[order],
            "word_starts": _starts(counts),
            "row_words": row_words,
            "row_starts": _starts(lengths),
            "popularity": np.nan_to_num(popularity, nan=-1).astype(np.int16),
        }


_NAMES = (
    "title_keys", "title_rows", "artist_keys", "artist_rows", "song_keys", "song_rows", "words", "word_rows",
    "word_starts", "row_words", "row_starts", "popularity",
)  # fmt: skip
_kept: "WeakKeyDictionary[Catalogue, tuple[str, NameIndex]]" = WeakKeyDictionary()
_kept_lock = threading.Lock()


def get_index(catalogue: Catalogue) -> NameIndex:
    """Return the names of a catalogue as it is now; they are read once for each state of it."""
    revision = catalogue.revision
    with _kept_lock:
        known = _kept.get(catalogue)
        if known is None or known[0] != revision:
            known = (revision, _load(catalogue, revision))
            _kept[catalogue] = known
        return known[1]


_spellers: "WeakKeyDictionary[Catalogue, tuple[NameIndex, Speller]]" = WeakKeyDictionary()


def get_speller(catalogue: Catalogue) -> Speller:
    """Return what corrects misspelt words of a catalogue as it is now; made once, when first needed."""
    index = get_index(catalogue)
    with _kept_lock:
        known = _spellers.get(catalogue)
        if known is None or known[0] is not index:
            counts = np.diff(index.word_starts).tolist()
            known = (index, Speller(dict(zip(index.words, counts, strict=True))))
            _spellers[catalogue] = known
        return known[1]


def _load(catalogue: Catalogue, revision: str) -> NameIndex:
    """Take what is kept for this revision, or read all names and keep what comes of them where possible."""
    folder, key = folder_for(catalogue.path), key_for(revision, VERSION)
    arrays = find_named(folder, key, _NAMES)
    if arrays is None or len(arrays["row_starts"]) != len(catalogue) + 1:
        builder = _Builder()
        for row, name, artists in catalogue.iter_names():
            builder.add(row, name, artists)
        arrays = builder.arrays(catalogue.load_columns().popularity)
        if catalogue.revision == revision:  # else something was written meanwhile, and they mix two states
            with suppress(OSError):
                keep(folder, key, arrays)
            arrays = find_named(folder, key, _NAMES) or arrays
    return _make(arrays)


def _make(arrays: dict[str, NDArray[Any]]) -> NameIndex:
    text = arrays["words"].tobytes().decode(errors="surrogatepass")
    words = {word: number for number, word in enumerate(text.split("\n"))} if text else {}
    title, artist, song = (
        Postings(arrays[f"{name}_keys"], arrays[f"{name}_rows"]) for name in ("title", "artist", "song")
    )
    return NameIndex(
        title,
        artist,
        song,
        words,
        arrays["word_rows"],
        arrays["word_starts"],
        arrays["row_words"],
        arrays["row_starts"],
        np.fromiter(map(len, words), np.int32, len(words)),
        arrays["popularity"],
    )


def _starts(counts: NDArray[np.integer]) -> NDArray[np.int64]:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))
