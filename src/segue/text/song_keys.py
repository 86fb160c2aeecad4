"""Titles and artists as keys: what stays the same when case, accents, "feat." and "Remastered 2011" go.

Matching, version detection and the vocabularies of the models all use these keys, so that they agree on what
"the same song" is.
"""

import hashlib
import re
import unicodedata

# -- folding ------------------------------------------------------------------------------------------------

_NOT_WORD = re.compile(r"[\W_]+")
_APOSTROPHES = str.maketrans("", "", "’‘`´ʼ′")
_DOTTED = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)")  # "R.E.M." is "REM"
_DOLLAR = re.compile(r"(?<=[a-z])\$|\$(?=[a-z])")  # "Ke$ha", "A$AP"
_BANG = re.compile(r"(?<=[a-z])!(?=[a-z])")  # "P!nk"
_PLUS = re.compile(r"(?<=\s)\+(?=\s)")  # "Florence + The Machine"
# Letters that Unicode does not take apart into a base and an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ŧ": "t"}
)
_VOICING = "\u3099\u309a"  # the marks that tell Japanese "ga" from "ka" are no accents


def fold(text: str) -> str:
    """Return the text in lower case, without accents and apostrophes; "&" is "and", other signs are spaces.

    >>> fold("Florence + The Machine: Don’t Go (Björk & Ke$ha of R.E.M.)")
    'florence and the machine dont go bjork and kesha of rem'
    """
    text = text.lower() if text.isascii() else _without_accents(text)
    if "'" in text:
        text = text.replace("'", "")
    if "&" in text:
        text = text.replace("&", " and ")
    if "." in text:
        text = _DOTTED.sub("", text)
    if "$" in text:
        text = _DOLLAR.sub("s", text)
    if "!" in text:
        text = _BANG.sub("i", text)
    if "+" in text:
        text = _PLUS.sub("and", text)
    return _NOT_WORD.sub(" ", text).strip()


def _without_accents(text: str) -> str:
    # Twice: a letter of a fancy script is a capital after the first, and some letters come apart only then.
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    decomposed = unicodedata.normalize("NFKD", plain)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char) or char in _VOICING)
    return unicodedata.normalize("NFC", bare).translate(_LETTERS).translate(_APOSTROPHES)


# -- titles -------------------------------------------------------------------------------------------------

_FEATURING = re.compile(r"\s+(?:feat|ft|featuring)\b\.?\s.*", re.IGNORECASE)
_GUEST_BRACKET = re.compile(
    r"[(\[]\s*(?:feat|ft|featuring|with|prod|produced by)\b\.?\s[^)\]]*[)\]]", re.IGNORECASE
)
_VERSION_WORD = (
    r"(?:re-?master(?:ed|izado)?|live|radio|edit|version|mono|stereo|demo|acoustic|unplugged|remix|mix|"
    r"single|album|deluxe|bonus|explicit|clean|original|extended|instrumental|karaoke|session|sessions|"
    r"anniversary|edition|take|outtake|alternate|re-?recorded|recorded|soundtrack|from|en vivo|ao vivo)"
)
_VERSION_BRACKET = re.compile(rf"[(\[][^)\]]*\b{_VERSION_WORD}\b[^)\]]*[)\]]", re.IGNORECASE)
# From the first part after a dash that speaks of a version, to the end; but after "Original Broadway Cast:"
# comes the name of the song.
_VERSION_TAIL = re.compile(
    rf"\s+[-–—]\s+(?!.*\bcast\b[^:]*:)(?:(?!\s[-–—]\s).)*\b(?:{_VERSION_WORD}|(?:19|20)\d\d)\b.*$",
    re.IGNORECASE,
)
_PART = re.compile(r"\bpt\b")


def title_key(title: str) -> str:
    """Return what all versions of one song share in their titles.

    >>> title_key("Under Pressure (feat. David Bowie) - Remastered 2011")
    'under pressure'
    """
    text = title
    if "(" in text or "[" in text:
        text = _GUEST_BRACKET.sub(" ", _VERSION_BRACKET.sub(" ", text))
    if " - " in text or "–" in text or "—" in text:
        text = _VERSION_TAIL.sub("", text)
    lower = text.lower()
    if "feat" in lower or "ft" in lower:
        text = _FEATURING.sub("", text)
    folded = fold(text) or fold(title) or " ".join(title.casefold().split())
    return _PART.sub("part", folded) if "pt" in folded else folded


# -- artists ------------------------------------------------------------------------------------------------

# Names with a comma of their own. Whatever else has commas is a list: guessing from "& ..." or "The ..." at
# the end takes "Drake, The Weeknd" for one name far more often than it is right.
_COMMA_NAMES = re.compile(
    r"tyler, the creator|earth, wind (?:&|and) fire|blood, sweat (?:&|and) tears|"
    r"emerson, lake (?:&|and) (?:palmer|powell)|crosby, stills,? (?:&|and) nash|"
    r"crosby, stills,? nash,? (?:&|and) young|peter, paul (?:&|and) mary|medeski,? martin (?:&|and) wood|"
    r"ecstasy, passion (?:&|and) pain|dino, desi (?:&|and) billy|ray, goodman (?:&|and) brown|"
    r"kitty, daisy (?:&|and) lewis|mcguinn, clark (?:&|and) hillman|ashton, gardner (?:&|and) dyke|"
    r"lambert, hendricks (?:&|and) (?:ross|bavan)|beck, bogert (?:&|and) appice|up, bustle (?:&|and) out|"
    r"dave dee, dozy, beaky, mick (?:&|and) tich|hamilton, joe frank (?:&|and) reynolds|"
    r"the good, the bad (?:&|and) the queen|10,000 maniacs|now, now(?: every children)?|suddenly, tammy!|"
    r"oh, the joy\.?|sarah, the illstrumentalist|i, the mighty|love, peace (?:&|and) trance",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*,(?!\s*(?:jr|sr)\b)\s*", re.IGNORECASE)
_KEPT = "\x1f"  # stands for a comma that belongs to a name


def split_artists(text: str) -> tuple[str, ...]:
    """Split a text of artists into names.

    Semicolons always separate. Commas do too, but for "Jr." and the names that are known to have one.

    >>> split_artists("Tyler, The Creator, Harry Connick, Jr., The Weeknd")
    ('Tyler, The Creator', 'Harry Connick, Jr.', 'The Weeknd')
    """
    if ";" in text:
        return tuple(name for part in text.split(";") if (name := part.strip()))
    if "," not in text:
        return (name,) if (name := text.strip()) else ()
    marked = _COMMA_NAMES.sub(lambda found: found[0].replace(",", _KEPT), text)
    return tuple(name for part in _COMMA.split(marked) if (name := part.replace(_KEPT, ",").strip()))


def artist_key(artist: str) -> str:
    """Return the key of one artist's name: folded, without a leading "the", "and", and featured guests.

    >>> artist_key("The Beatles"), artist_key("Hall & Oates feat. Someone")
    ('beatles', 'hall oates')
    """
    folded = fold(_FEATURING.sub("", artist)) or " ".join(artist.casefold().split())
    return folded.removeprefix("the ").replace(" and ", " ") or folded


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
    return int.from_bytes(
        hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest(), "little"
    )
