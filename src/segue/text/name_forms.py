"""The ways in which one title or artist is written, as texts that are equal when they mean the same.

`song_keys` says what all versions of a song share and must stay as the models learned it. The forms here are
freer, and only matching uses them: other scripts in Latin letters, "II" as 2, "and" and "the" left out, nick
names by their artist's usual name, and what players and video sites write behind a title taken off.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from segue.text import song_keys
from segue.text.aliases import ALIASES
from segue.text.canonical import SMALL, canon

# -- titles -------------------------------------------------------------------------------------------------

_NOISE = (
    r"official|officiel|oficial|offizielles?|videos?|videoclip|clip|lyrics?|letras?|paroles|audio|"
    r"visuali[sz]er|m/?v|h[dq]|uhd|4k|1080p?|720p|full song|with lyrics|sub(?:titulado|titles|s)?|"
    r"color coded|upgrade|premiere|out now|explicit|clean|free download|reupload|\d+\s?kbps"
)
_NOISE_BRACKET = re.compile(
    rf"\s*[(\[{{【][^)\]}}】]*(?<!\w)(?:{_NOISE})(?!\w)[^)\]}}】]*[)\]}}】]", re.IGNORECASE
)
_NOISE_TAIL = re.compile(
    r"(?:\s*[-–—|:•/]\s*|\s+)(?:(?:the\s+)?(?:official|officiel|oficial)(?:\s+\w+){0,2}?"
    r"\s*(?:video|audio|clip|visuali[sz]er)?|"
    r"(?:music|lyrics?)\s+video|video\s*(?:clip|oficial|officiel)|clip\s+officiel|with\s+lyrics|lyrics|letra|"
    r"audio\s+only|m/v|mv|h[dq]|uhd|4k)\s*$",
    re.IGNORECASE,
)
_BAR = re.compile(r"\s+[|•]\s+.*$")
_YEAR = re.compile(r"\s*[(\[]((?:19[2-9]|20[0-3])\d)[)\]]")
_ADDITION = re.compile(r"\s+[-–—]\s.*$|\s*[(\[].*?[)\]]")
_BRACKET = re.compile(r"[(\[]([^)\]]*)[)\]]")
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{4,})[\"”“»]")
_TEMPO = frozenset(
    [
        "allegro",
        "adagio",
        "andante",
        "presto",
        "largo",
        "lento",
        "vivace",
        "moderato",
        "allegretto",
        "andantino",
        "larghetto",
        "grave",
        "con",
        "brio",
        "ma",
        "non",
        "troppo",
        "molto",
        "assai",
        "e",
        "poco",
        "un",
        "piu",
        "mosso",
        "sostenuto",
        "cantabile",
        "maestoso",
        "scherzo",
        "trio",
        "menuetto",
        "minuet",
        "finale",
        "rondo",
        "aria",
        "live",
        "prelude",
        "i",
        "ii",
        "iii",
        "iv",
        "v",
        "attacca",
        "moto",
        "fuoco",
        "in",
        "the",
        "of",
    ]
)  # what many movements are called
_MOVEMENT = re.compile(r"^\s*(?:(?:no\.?\s*)?\d{1,2}[.,)]|[ivx]{1,5}[.,)])\s*", re.IGNORECASE)
CLASSICAL = re.compile(
    r"\b(?:op|opus|bwv|kv?\.?\s?\d|hwv|rv|woo|symphon\w+|sinfonie|sonat[ae]|concert[oi]s?|suite|nocturnes?|"
    r"pr[eé]ludes?|etudes?|études?|quartet|quintet|trio|in [a-g](?:[- ](?:flat|sharp))? (?:major|minor)|"
    r"requiem|mass|variations|impromptus?|bagatelle|waltz|mazurka|polonaise|rhapsody|overture|act [iv\d]+|"
    r"gymnop[eé]die|adagio|allegro|andante|arabesque|cantata|partita)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TitleForms:
    """A title as it is compared; all texts are canonical.

    Attributes
    ----------
    key
        What all versions share.
    whole
        With all that tells versions apart.
    head
        Without what stands behind a dash or in brackets; the key where nothing does.
    others
        Further names of the same: the name of a movement, a nick name in quotes, the title in another script.
    year
        Of brackets around nothing else.
    is_classical
        Whether it names a work by its form, number or key: then single words of it may stand for it.

    """

    key: str
    whole: str
    head: str
    others: tuple[str, ...] = ()
    year: int | None = None
    is_classical: bool = False

    @property
    def all(self) -> tuple[str, ...]:
        """All forms but the whole, each once, the key first."""
        return tuple(dict.fromkeys((self.key, self.head, *self.others)))


def clean_title(title: str) -> str:
    """Return a title without what video sites and files write behind it; as it is when nothing else is left.

    >>> clean_title("Africa (Official HD Video)"), clean_title("Hurt - Official Video"), clean_title("Video")
    ('Africa', 'Hurt', 'Video')
    """
    text = _NOISE_BRACKET.sub(" ", title) if "(" in title or "[" in title or "【" in title else title
    text = _BAR.sub("", text) if "|" in text or "•" in text else text
    while (shorter := _NOISE_TAIL.sub("", text)) != text and shorter.strip():
        text = shorter
    text = text.strip()
    return text if any(char.isalnum() for char in text) else title


def read_title(title: str) -> TitleForms:
    """Return the forms of a title."""
    year = None
    if ("(" in title or "[" in title) and (found := _YEAR.search(title)) and found.start() > 0:
        year, title = int(found[1]), title[: found.start()] + title[found.end() :]
    key, whole = canon(song_keys.title_key(title)), canon(song_keys.fold(title))
    head, others = _read_more(title, key)
    return TitleForms(key, whole or key, head, others, year, bool(CLASSICAL.search(title)))


def title_names(title: str) -> tuple[str, ...]:
    """Return what `read_title(clean_title(title)).all` does, for titles as catalogues have them: quicker."""
    lower = title.lower()
    if "video" in lower or "official" in lower or "lyric" in lower or "|" in lower:
        title = clean_title(title)
    if ("(" in title or "[" in title) and (found := _YEAR.search(title)) and found.start() > 0:
        title = title[: found.start()] + title[found.end() :]
    key = canon(song_keys.title_key(title))
    head, others = _read_more(title, key)
    return (key,) if head == key and not others else tuple(dict.fromkeys((key, head, *others)))


def _read_more(title: str, key: str) -> tuple[str, tuple[str, ...]]:
    """Return the head and the other names of a title, given its key."""
    if "(" not in title and "[" not in title and " - " not in title and ":" not in title and '"' not in title:
        return key, ()
    bare = _ADDITION.sub("", title)
    head = canon(song_keys.title_key(bare)) if bare.strip() and bare != title else key
    return head, tuple(canon(song_keys.title_key(name)) for name in _other_names(title, bare))


def _other_names(title: str, bare: str) -> Iterable[str]:
    if ":" in title and CLASSICAL.search(title):
        movement = _MOVEMENT.sub("", title.rpartition(":")[2])
        if not set(song_keys.fold(movement).split()) <= _TEMPO:
            yield movement
    for found in _QUOTED.finditer(title):
        yield found[1]
    if not title.isascii() or not bare.isascii():
        for found in _BRACKET.finditer(title):
            if found[1].strip() and found[1].isascii() != bare.isascii():
                yield found[1]


# -- artists ------------------------------------------------------------------------------------------------

_JOINTS = re.compile(
    r"\s+(?:feat|ft|featuring|with|vs|x|and|y|und|et|con)\b\.?\s+|\s*[&+/;]\s*|\s+b/w\s+", re.IGNORECASE
)


@lru_cache(65_536)
def read_artist(name: str) -> str:
    """Return the canonical name of one artist, by the usual name where it has several; "" for no name."""
    key = _read_plain(name)
    return ALIASES.get(key, key)


@lru_cache(65_536)
def _read_plain(name: str) -> str:
    return canon(song_keys.artist_key(name)) if name.strip() else ""


@lru_cache(65_536)
def read_artists(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the canonical names that artists may be meant by: each whole, then the parts of each."""
    parts = [part for name in names for part in _JOINTS.split(name)]
    found: dict[str, None] = {}
    for name in dict.fromkeys((*names, *parts)):
        found[read_artist(name)] = None
        found[_read_plain(name)] = None  # a slip in it is nearer to this than to the usual name
    return tuple(name for name in found if name)


def read_artist_text(text: str) -> tuple[str, ...]:
    """Return the canonical names that a text of artists may stand for, the whole text first."""
    return read_artists((text, *song_keys.split_artists(text))) if text.strip() else ()


@lru_cache(100_000)
def sorted_compact(artist: str) -> str:
    """Return a canonical artist without spaces, its words in the order of the alphabet: "Hikaru Utada"."""
    return "".join(sorted([word for word in artist.split() if word not in SMALL])) or artist.replace(" ", "")
