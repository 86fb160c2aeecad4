"""How alike a reference and a track are: the keys that both are compared by, and the confidence."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_sort_ratio

from segue.text import song_keys
from segue.types import Track, TrackReference

MAX_LENGTH = 300  # characters of a title or artist that are looked at
ID, ISRC = 1.0, 0.98
SAME_NAME, SAME_SONG = 0.97, 0.95  # the whole title agrees; only what all versions share does
SWAPPED = 0.03  # taken off when title and artist stood in each other's place
OTHER_LENGTH = 0.04  # taken off when the lengths differ by more than LENGTH_S
LENGTH_S = 20
LONG_TITLE = 0.86  # a title of three words or more without an artist, when one artist alone has it here
SHORT_TITLE = 0.8  # a shorter one: many artists have one like it, though not all are in the catalogue
MANY_ARTISTS = 0.7  # a title that several artists have
FUZZY = 0.95  # what a likeness just below that of equal names is worth
ONE_SLIP = 0.9  # the least likeness of two words that one slip of the finger parts
ADDITION = 0.92  # the likeness of titles that differ by something behind a dash or in brackets
WITHOUT_THE = 0.97
_OTHER_NUMBER = 0.8  # "Part 1" is not "Part 2", however alike the rest is

_JOINTS = re.compile(
    r"\s+(?:feat|ft|featuring|with|vs|x|and|y|und|et|con)\b\.?\s+|\s*[&+/;]\s*", re.IGNORECASE
)
_ADDITION = re.compile(r"\s+[-–—]\s.*$|\s*[(\[].*?[)\]]")
_NUMBERS = re.compile(r"\d+|\b[ivx]+\b")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reference as it is compared: folded titles and the keys of all artists that it may mean."""

    reference: TrackReference
    title: str
    whole_title: str
    artists: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The distinct words of artist and title."""
        artist = song_keys.fold(self.reference.artist[:MAX_LENGTH])
        return tuple(dict.fromkeys(f"{artist} {self.title}".split()))


def read_wanted(reference: TrackReference) -> Wanted:
    """Return the keys of a reference."""
    title, artist = reference.title[:MAX_LENGTH], reference.artist[:MAX_LENGTH]
    return Wanted(
        reference,
        song_keys.title_key(title) if title.strip() else "",
        song_keys.fold(title),
        find_artist_keys(artist),
    )


@lru_cache(16_384)
def find_artist_keys(text: str) -> tuple[str, ...]:
    """Return the keys that a text of artists may stand for: the whole, each name, and each part of a name."""
    if not text.strip():
        return ()
    split = song_keys.split_artists(text)
    parts = [part for name in split for part in _JOINTS.split(name)]
    found = (song_keys.artist_key(name) for name in (text, *split, *parts) if name.strip())
    return tuple(dict.fromkeys(key for key in found if key))


def swap(wanted: Wanted) -> Wanted:
    """Return the reference with title and artist in each other's place."""
    old = wanted.reference
    return read_wanted(TrackReference(title=old.artist, artist=old.title, duration_ms=old.duration_ms))


def preference(wanted: Wanted, track: Track) -> tuple[float, ...]:
    """Return a key that sorts the versions of one song: the one that is meant comes first."""
    same_title = OSA.normalized_similarity(wanted.whole_title, song_keys.fold(track.name))
    album = wanted.reference.album
    same_album = _alike(song_keys.title_key(album), song_keys.title_key(track.album)) if album else 0.0
    away_s = length_difference(wanted, track)
    near = 0.0 if away_s is None else -min(away_s, 60.0) / 60
    return (-round(same_title + same_album + near, 2), -(track.popularity or 0))


def length_difference(wanted: Wanted, track: Track) -> float | None:
    """Return by how many seconds the lengths differ; None when one is not known."""
    theirs, ours = wanted.reference.duration_ms, track.features.get("duration_ms")
    return None if theirs is None or ours is None else abs(theirs - ours) / 1000


def score_name(wanted: Wanted, track: Track) -> float:
    """Return the confidence in a track whose artist and title keys are those of the reference."""
    score = SAME_NAME if wanted.whole_title == song_keys.fold(track.name) else SAME_SONG
    return score - _length_penalty(wanted, track)


def score_fuzzy(wanted: Wanted, track: Track) -> float:
    """Return the confidence in any track, below that of equal song_keys."""
    title = song_keys.title_key(track.name)
    if not wanted.artists:
        return _score_title_alone(wanted, track, title)
    titles = max(
        _alike(wanted.title, title),
        WITHOUT_THE * _alike(wanted.title.removeprefix("the "), title.removeprefix("the ")),
        _alike(wanted.whole_title, song_keys.fold(track.name)),
        _alike_but_for_addition(wanted.reference.title, track.name),
    )
    ours = [song_keys.artist_key(artist) for artist in track.artists]
    artists = max((_alike(want, have) for want in wanted.artists for have in ours), default=0.0)
    if _NUMBERS.findall(wanted.title) != _NUMBERS.findall(title):
        titles = min(titles, _OTHER_NUMBER)
    score = FUZZY * (0.7 * min(titles, artists) + 0.3 * max(titles, artists))
    return max(score - _length_penalty(wanted, track), 0.0)


def _score_title_alone(wanted: Wanted, track: Track, title: str) -> float:
    if wanted.title == title:
        return MANY_ARTISTS
    lines = find_lines(track.artists, title, song_keys.fold(track.name))
    wants = lone_lines(wanted)
    likest = max((token_sort_ratio(want, line) / 100 for want in wants for line in lines), default=0.0)
    if _NUMBERS.findall(wanted.title) != _NUMBERS.findall(f"{song_keys.fold(track.artist)} {title}"):
        likest = min(likest, _OTHER_NUMBER)
    return max(FUZZY * likest, MANY_ARTISTS * _alike(wanted.title, title))


def lone_lines(wanted: Wanted) -> list[str]:
    """Return a title that stands without an artist as the one line that may name both."""
    return [want.replace(" by ", " ") for want in (wanted.title, wanted.whole_title)]


def find_lines(artists: tuple[str, ...], title: str, whole_title: str) -> list[str]:
    """Return the lines that may name a track, given its folded titles: artist, then title."""
    several = [", ".join(artists), *artists[:3]] if artists else []
    named = dict.fromkeys([*map(song_keys.artist_key, several), *map(song_keys.fold, several)])
    return [f"{artist} {name}" for artist in named for name in (title, whole_title)]


def _alike(one: str, other: str) -> float:
    """Return 1 less the share of letters to change: by insertion, deletion, exchange or two swapped.

    One slip of the finger in a word of at least five letters weighs no more than one in ten.
    """
    if not one or not other:
        return 0.0
    slips = OSA.distance(one, other)
    longest = max(len(one), len(other))
    return max(1 - slips / longest, ONE_SLIP if slips == 1 and longest >= 5 else 0.0)


def without_addition(title: str) -> str:
    """Return a title without what stands behind a dash or in brackets."""
    return _ADDITION.sub("", title)


def _alike_but_for_addition(one: str, other: str) -> float:
    """Compare titles of which just one has something behind a dash or in brackets."""
    heads = [without_addition(text) for text in (one, other)]
    if (heads[0] == one) == (heads[1] == other):
        return 0.0
    return ADDITION * _alike(song_keys.title_key(heads[0]), song_keys.title_key(heads[1]))


def _length_penalty(wanted: Wanted, track: Track) -> float:
    away_s = length_difference(wanted, track)
    return OTHER_LENGTH if away_s is not None and away_s > LENGTH_S else 0.0
