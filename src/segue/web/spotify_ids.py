"""Ids of artists and albums in Spotify's shape: 22 characters of base 62, which a client accepts.

A catalogue knows an artist by name. The id is that name's 64-bit hash and 64 bits that follow from it: so it
leads back to the artist without a table, and an id of Spotify's own is told apart from ours.
"""

import string

from segue.ids import is_spotify_id
from segue.text.song_keys import hash64

ALPHABET = string.digits + string.ascii_lowercase + string.ascii_uppercase
LENGTH = 22
_VALUES = {char: value for value, char in enumerate(ALPHABET)}


def to_base62(number: int) -> str:
    """Return a 128-bit number as 22 characters."""
    chars = []
    for _ in range(LENGTH):
        number, digit = divmod(number, 62)
        chars.append(ALPHABET[digit])
    return "".join(reversed(chars))


def from_base62(text: str) -> int:
    """Return the number that 22 characters stand for.

    Raises
    ------
    ValueError
        When it is no Spotify id.

    """
    if not is_spotify_id(text):
        raise ValueError(f"expected {LENGTH} characters of base 62, got {text!r}")
    number = 0
    for char in text:
        number = number * 62 + _VALUES[char]
    return number


def derive_id(kind: str, hashed: int) -> str:
    """Return the id of an artist or album whose name has this hash."""
    return to_base62(hashed << 64 | hash64(f"segue {kind} {hashed}"))


def find_hash(kind: str, text: str) -> int | None:
    """Return the hash that one of our ids holds; None when it is not one of ours."""
    hashed = from_base62(text) >> 64
    return hashed if hashed < 1 << 64 and derive_id(kind, hashed) == text else None
