"""Titles and artists as keys: what stays the same when case, accents, "feat." and "Remastered 2011" go.

Matching, version detection and the vocabularies of the models all use these keys, so that they agree on what
"the same song" is.
"""

import hashlib
import re
import unicodedata

_FEATURING_PLAIN = re.compile(r"\s+(?:feat|ft|featuring)\b\.?\s.*", re.IGNORECASE)
_VERSION_WORD = (
    r"(?:re-?master(?:ed|izado)?|live|radio|edit|version|mono|stereo|demo|acoustic|unplugged|remix|mix|"
    r"single|album|deluxe|bonus|explicit|clean|original|extended|instrumental|karaoke|session|sessions|"
    r"anniversary|edition|take|outtake|alternate|re-?recorded|recorded|soundtrack|from|en vivo|ao vivo)"
)
_VERSION_BRACKET = re.compile(rf"[(\[][^)\]]*\b{_VERSION_WORD}\b[^)\]]*[)\]]", re.IGNORECASE)
_VERSION_DASH = re.compile(rf"\s+[-–—]\s+.*\b{_VERSION_WORD}\b.*$", re.IGNORECASE)
_VERSION_YEAR = re.compile(r"\s+[-–—]\s+(?:19|20)\d\d\b.*$")
_NOT_WORD = re.compile(r"[\W_]+")
_BAND_TAIL = re.compile(r"^(?:the|el|la|los|die|der)\s|(?:\s(?:&|and|y|und|et)\s)", re.IGNORECASE)


def fold(text: str) -> str:
    """Return the text in lower case, without accents, with every run of other characters as one space."""
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", bare.replace("ß", "ss").replace("ø", "o").replace("đ", "d")).strip()


def title_key(title: str) -> str:
    """Return what all versions of one song share in their titles.

    >>> title_key("Under Pressure (feat. David Bowie) - Remastered 2011")
    'under pressure'
    """
    text = title
    if "(" in text or "[" in text:
        text = _VERSION_BRACKET.sub(" ", text)
        bracket = re.search(r"[(\[]\s*(?:feat|ft|featuring|with)\b\.?\s[^)\]]*[)\]]", text, re.IGNORECASE)
        if bracket:
            text = text[: bracket.start()] + text[bracket.end() :]
    if " - " in text or "–" in text or "—" in text:
        text = _VERSION_YEAR.sub("", _VERSION_DASH.sub("", text))
    text = _FEATURING_PLAIN.sub("", text)
    return fold(text) or fold(title)


def split_artists(text: str) -> tuple[str, ...]:
    """Split a text of artists into names.

    Semicolons always separate. Commas do, unless the last part reads like the tail of one band's name
    ("Tyler, The Creator", "Earth, Wind & Fire").
    """
    if ";" in text:
        return tuple(name for part in text.split(";") if (name := part.strip()))
    parts = [name for part in text.split(",") if (name := part.strip())]
    if len(parts) > 1 and _BAND_TAIL.search(parts[-1]):
        return (text.strip(),)
    return tuple(parts)


def artist_key(artist: str) -> str:
    """Return the key of one artist's name: folded, without a leading "the" and without featured guests.

    >>> artist_key("The Beatles")
    'beatles'
    """
    folded = fold(_FEATURING_PLAIN.sub("", artist))
    return folded.removeprefix("the ") or folded


def song_key(artists: tuple[str, ...], title: str) -> str:
    """Return the key that all versions of one song share; empty when artist or title is missing."""
    if not artists or not title:
        return ""
    artist, name = artist_key(artists[0]), title_key(title)
    return f"{artist}\t{name}" if artist and name else ""


def hash64(text: str) -> int:
    """Return a stable 64-bit hash of a text: the first 8 bytes of BLAKE2b, little-endian; 0 for no text."""
    if not text:
        return 0
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
