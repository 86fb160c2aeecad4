"""Plain lines: "Artist - Title" the way people write and paste it, mixed with links as they come.

What may stand around the two names: numbers ("1. ", "01) ", "#3 "), bullets, a start time in front, a length
at the end, a link anywhere, quotes around the title. Lines that begin with "#" or "//" are comments.
"""

import re
from collections.abc import Sequence

from segue.errors import InputError, PlaylistFormatError
from segue.playlists.collect import EXPECTED_HINT, Entries, Record
from segue.playlists.fields import clean, find_isrc, is_track_id, iter_lines, read_duration, show, squeeze
from segue.playlists.spotify_link import find_link_texts, parse_link, remove_links
from segue.types import Playlist, Track

_BOLD = re.compile(r"(?<![\w*])\*\*([^*]+)\*\*(?![\w*])")
_COMMENT = re.compile(r"//|#(?![0-9]+[.):]?\s)")
_BULLET = re.compile(r"(?:[-*•·‣▪◦●○+>–—]|\[[ xX]?\])\s+")
_START_TIME = re.compile(r"[\[(]?(?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2}[\])]?\s+(?:[-–—|]\s+)?")
_PLAIN_NUMBER = re.compile(
    r"#?[0-9]{1,5}[.):]\s+|[(\[#][0-9]{1,5}[)\]]?\s+|0[0-9]{1,2}\s+(?![-–—])|[0-9]{1,5}\t+"
)
_DASH_NUMBER = re.compile(r"0?[0-9]{1,2}\s+[-–—]\s+(?=.*\S\s+[-–—]\s+\S)")
_LENGTH = re.compile(r"[\s,]{1,3}(?:[-–—|]\s+)?[(\[]?((?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2})[)\]]?$")
_TITLE_FIRST = re.compile(r"""^["“„«]([^"“”„«»]+)["”“»],?(?:\s+by\s+|\s*[-–—]\s*)(\S.*)$""", re.IGNORECASE)
_QUOTED = re.compile(r"""^(?:"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»)$""")
_LONGEST = 2_000  # characters of a line that are looked at; artist and title together are shorter
# In this order: spaced dashes and tabs, a bare long dash, a hyphen with a space on one side.
_SEPARATORS = (
    re.compile(r"\s+[-–—―−]{1,3}\s+|\s*\t\s*|\s+\|\s+"),
    re.compile(r"\s*[–—―]\s*"),
    re.compile(r"\s+-|-\s+"),
)
_LIKE_AN_ID = re.compile(r"(?=\S*[0-9])(?=\S*[A-Za-z])\S{16,30}")


def read_text(text: str) -> Playlist:
    """Read lines of "Artist - Title", links, URIs, ids and ISRCs, in any mixture.

    Raises
    ------
    InputError
        When more lines are something else than are tracks; of the kind of the first fault.
    EmptyPlaylistError
        When there is nothing but blank lines and comments.

    """
    entries = Entries()
    for number, line in iter_lines(text):
        if not _COMMENT.match(line):
            _read_line(line, f"line {number}", entries)
    return entries.playlist()


def write_uris(tracks: Sequence[Track], *, name: str = "") -> str:  # noqa: ARG001 - all writers are called alike
    """Return one `spotify:track:` URI a line: what can be pasted into a playlist in a Spotify client."""
    return "".join(f"{track.uri}\n" for track in tracks)


def split_named(text: str) -> tuple[str, str] | None:
    """Return (artist, title) of "Artist - Title", or None when the text has no such form.

    >>> split_named("David Bowie – Heroes - 2017 Remaster")
    ('David Bowie', 'Heroes - 2017 Remaster')
    >>> split_named('"Heroes" by David Bowie')
    ('David Bowie', 'Heroes')
    """
    text = squeeze(text)
    if found := _TITLE_FIRST.match(text):
        return found[2].strip(), found[1].strip()
    for separator in _SEPARATORS:
        artist, title = [*separator.split(text, maxsplit=1), ""][:2]
        if artist.strip() and title.strip(" -–—|"):
            return _unquote(artist.strip()), _unquote(title.strip())
    return None


def _read_line(line: str, place: str, entries: Entries) -> None:
    links = find_link_texts(line)
    words = line.replace(",", " ").split()
    if not links and all(is_track_id(word) for word in words):
        links = words
    if len(links) > 1:
        for link in links:
            entries.take(Record(links=(link,)), place)
    elif links:
        entries.take(_named(remove_links(line), links[0]), place)
    else:
        _read_names(line, place, entries)


def _named(rest: str, link: str) -> Record:
    """Return the record of a line with one link: the names beside it help when it is no link to a track."""
    if _leads_elsewhere(link):
        return Record(links=(link,))
    body, duration_ms = _undress(rest[:_LONGEST])
    artist, title = split_named(body) or ("", "")
    return Record(links=(link,), artist=artist, title=title, duration_ms=duration_ms)


def _leads_elsewhere(link: str) -> bool:
    try:
        return parse_link(link).kind != "track"
    except InputError:
        return False


def _read_names(line: str, place: str, entries: Entries) -> None:
    body, duration_ms = _undress(line[:_LONGEST])
    if isrc := find_isrc(body):
        entries.take(Record(isrc=isrc), place)
    elif named := split_named(body):
        artist, title = named
        entries.take(Record(artist=artist, title=title, duration_ms=duration_ms), place)
    elif _LIKE_AN_ID.fullmatch(body):
        entries.take(Record(links=(body,)), place)  # which says what is wrong with the id
    else:
        message = f'expected "Artist - Title" or a Spotify track link, got {show(line)}'
        entries.refuse(place, PlaylistFormatError(message, hint=EXPECTED_HINT))


def _undress(line: str) -> tuple[str, int | None]:
    """Take off what people write around artist and title; return the rest and the length, if any."""
    body = _BOLD.sub(r"\1", squeeze(line))
    for dress in (_BULLET, _PLAIN_NUMBER, _START_TIME, _DASH_NUMBER):
        found = dress.match(body)
        bare = body[found.end() :] if found else body
        if dress is not _START_TIME or split_named(bare):  # not the artist of "12:06 - Contact"
            body = bare
    body = _unquote(clean(body).strip("`"))
    length = _LENGTH.search(body)
    if length and split_named(body[: length.start()]):  # not the title of "Jay-Z - 4:44"
        return body[: length.start()], read_duration(length[1])
    return body, None


def _unquote(text: str) -> str:
    found = _QUOTED.match(text)
    return next(part for part in found.groups() if part).strip() if found else text
