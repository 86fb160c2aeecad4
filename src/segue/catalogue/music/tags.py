"""What the tags of a music file say (extra `files`: mutagen).

Each kind of file has its own names for the same things; they are looked up in lower case, best first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from segue.features import YEAR
from segue.ids import UUID_PATTERN
from segue.text.isrc import find_isrc
from segue.text.song_keys import split_artists
from segue.text.strings import one_line

_APPLE = "----:com.apple.itunes:"
# ID3 frames, MP4 atoms, then the words of Vorbis comments, APE and Windows Media.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("tit2", "\xa9nam", "title"),
    "artists": ("txxx:artists", f"{_APPLE}artists", "artists", "tpe1", "\xa9art", "artist", "author"),
    "album": ("talb", "\xa9alb", "album", "wm/albumtitle"),
    # The first release, where it is told: a reissue's date is not the song's.
    "date": (
        *("tdor", "tory", "txxx:originalyear", f"{_APPLE}originaldate", "originaldate", "originalyear"),
        *("wm/originalreleasetime", "wm/originalreleaseyear", "tdrc", "tyer", "\xa9day", "date", "year"),
        "wm/year",
    ),
    "isrc": ("tsrc", f"{_APPLE}isrc", "isrc", "wm/isrc"),
    "mbid": (
        *("ufid:http://musicbrainz.org", f"{_APPLE}musicbrainz track id", "musicbrainz_trackid"),
        *("txxx:musicbrainz track id", "musicbrainz/track id"),
    ),
    "genre": ("tcon", "\xa9gen", "genre", "wm/genre"),
}
_DATE = re.compile(r"([0-9]{4})(?:-[0-9]{2}(?:-[0-9]{2})?)?(?![0-9])")
_UUID = re.compile(UUID_PATTERN)
_LONGEST = 2_000  # characters of a text
_MOST = 20  # artists or genres of a track


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tags say; empty where they say nothing. `seconds` is the length, 0 where it is not known."""

    title: str = ""
    artists: tuple[str, ...] = ()
    album: str = ""
    release_date: str = ""
    isrc: str = ""
    mbid: str = ""
    genre: str = ""
    seconds: float = 0.0


class TagsError(Exception):
    """The file is no music that mutagen knows, or its tags are broken."""


def read_tags(path: str) -> Tags:
    """Read the tags of a file.

    Raises
    ------
    TagsError
        When it is no music file that mutagen knows.

    """
    import mutagen  # the extra `files`

    try:
        opened = mutagen.File(path)
        if opened is None:
            raise TagsError("not a music file")
        seconds = float(getattr(opened.info, "length", 0.0) or 0.0)
        texts = texts_of(opened.tags or {})
    except TagsError:
        raise
    except Exception as error:  # a broken file makes mutagen fail in any way
        raise TagsError(one_line(str(error)) or type(error).__name__) from error
    return to_tags(texts, seconds)


def texts_of(tags: Any) -> dict[str, list[str]]:
    """Return each wanted field with its texts, of the best name that is there."""
    pairs = list(tags.items() if hasattr(tags, "items") else tags)
    by_name = {str(name).lower(): value for name, value in pairs}
    texts = {}
    for field, names in _NAMES.items():
        found = (list(_iter_texts(by_name[name])) for name in names if name in by_name)
        texts[field] = next((some for some in found if some), [])
    return texts


def _iter_texts(value: Any) -> Iterator[str]:
    """Yield the texts of a tag: a text, bytes, a frame of ID3, an attribute of others, or a list of those."""
    if isinstance(value, (str, bytes, bytearray)):
        text = value if isinstance(value, str) else bytes(value[: 4 * _LONGEST]).decode("utf-8", "replace")
        yield from (kept for part in text.split("\0") if (kept := one_line(part[:_LONGEST])))
        return
    for name in ("genres", "text", "data", "value"):  # in this order: a genre's text may be a number
        if hasattr(value, name):
            yield from _iter_texts(getattr(value, name))
            return
    if isinstance(value, Iterable):
        for each in value:
            yield from _iter_texts(each)
    elif kept := one_line(str(value)):
        yield kept  # a date of ID3


def to_tags(texts: Mapping[str, list[str]], seconds: float = 0.0) -> Tags:
    """Return the texts of `texts_of` in our forms; what has none of them is left out."""
    first = {field: found[0] if found else "" for field, found in texts.items()}
    artists = texts["artists"]
    mbid = _UUID.fullmatch(first["mbid"].lower())
    return Tags(
        title=first["title"],
        artists=tuple(artists[:_MOST]) if len(artists) > 1 else split_artists(first["artists"])[:_MOST],
        album=first["album"],
        release_date=_date(first["date"]),
        isrc=find_isrc(first["isrc"]),
        mbid=mbid[0] if mbid else "",
        genre="; ".join(_genres(texts["genre"])),
        seconds=seconds,
    )


def _date(text: str) -> str:
    found = _DATE.match(text)
    return found[0] if found and YEAR.low <= int(found[1]) <= YEAR.high else ""


def _genres(texts: Iterable[str]) -> list[str]:
    """Return genres as the data sets write them: in lower case, each once."""
    parts = (part.strip().lower() for text in texts for part in re.split(r"[;,]", text))
    return list(dict.fromkeys(part for part in parts if part))[:_MOST]
