"""Plain lines: "Artist - Title" the way people write and paste it, mixed with links as they come.

What may stand around the two names: numbers ("1. ", "01) ", "#3 "), bullets, a start time in front, a length
at the end, a link anywhere, quotes around the title. Lines that begin with "#" or "//" are comments.

Short lines that no dash divides ("Queen Bohemian Rhapsody", "Creep by Radiohead", a title alone) become one
text, which the matching compares with artist and title together; `loose` tells them from prose and headings.
"""

import re
from collections.abc import Sequence

from segue.errors import InputError, PlaylistFormatError
from segue.ids import is_known_id, is_namespaced_id, is_spotify_id
from segue.playlists.cleaning import count, iter_lines
from segue.playlists.dashless import Loose
from segue.playlists.entries import EXPECTED_HINT, Entries, Record
from segue.playlists.paths import is_audio_path, read_path
from segue.text.durations import read_duration
from segue.text.isrc import find_isrc
from segue.text.links import find_link_texts, parse_link, remove_links
from segue.text.strings import clean, show, squeeze
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
    """Read lines of "Artist - Title", links, URIs, ids, ISRCs, and of names without a dash, in any mixture.

    Raises
    ------
    InputError
        When more lines are something else than are tracks; of the kind of the first fault.
    EmptyPlaylistError
        When there is nothing but blank lines and comments.

    """
    lines = [(number, line) for number, line in iter_lines(text) if not _COMMENT.match(line)]
    loose = Loose.among([line for _, line in lines], is_loose=_is_loose)
    entries = Entries()
    for number, line in lines:
        _read_line(line, f"line {number}", entries, loose)
    return entries.playlist()


def write_uris(tracks: Sequence[Track], *, name: str = "") -> str:  # noqa: ARG001 - all writers are called alike
    """Return one `spotify:track:` URI a line: what can be pasted into a playlist in a Spotify client.

    Tracks without a Spotify id are left out; a last line, a comment, says how many.
    """
    links = [track.uri for track in tracks if track.uri]
    left_out = len(tracks) - len(links)
    said = [f"# {count(left_out, 'song')} without a Spotify id left out"] if left_out else []
    return "".join(f"{line}\n" for line in (*links, *said))


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


def _read_line(line: str, place: str, entries: Entries, loose: Loose) -> None:
    links = _find_links(line)
    if len(links) > 1:
        for link in links:
            entries.take(Record(links=(link,)), place)
    elif links:
        entries.take(_named(remove_links(line), links[0]), place)
    else:
        _read_names(line, place, entries, loose)


def _find_links(line: str) -> list[str]:
    """Return the links of a line, or its words when all of them are ids."""
    if is_known_id(line):
        return [line]
    words = line.replace(",", " ").split()
    return find_link_texts(line) or (words if all(is_spotify_id(word) for word in words) else [])


def _is_loose(line: str) -> bool:
    """Tell whether a line holds neither a link nor a code nor a dash between two names."""
    if _find_links(line) or is_audio_path(line):
        return False
    body, _ = _undress(line[:_LONGEST])
    return not (find_isrc(body) or split_named(body) or _LIKE_AN_ID.fullmatch(body))


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


def _read_names(line: str, place: str, entries: Entries, loose: Loose) -> None:
    if is_audio_path(line):
        entries.take(read_path(line[:_LONGEST]), place)
        return
    body, duration_ms = _undress(line[:_LONGEST])
    if isrc := find_isrc(body):
        entries.take(Record(isrc=isrc), place)
    elif named := split_named(body):
        artist, title = named
        entries.take(Record(artist=artist, title=title, duration_ms=duration_ms), place)
    elif _LIKE_AN_ID.fullmatch(body):
        entries.take(Record(links=(body,)), place)  # which says what is wrong with the id
    elif len(line) <= _LONGEST and loose.takes(body):
        title, duration_ms = _undress_loose(body)
        links = (body,) if is_namespaced_id(body) else ()  # or a song like "re:stacks": both are tried
        entries.take(Record(links=links, title=title, duration_ms=duration_ms), place)
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


def _undress_loose(body: str) -> tuple[str, int | None]:
    """Take start time and length off names without a dash, as long as two words are left."""
    started = _START_TIME.match(body)
    if started and " " in body[started.end() :]:
        body = body[started.end() :]
    length = _LENGTH.search(body)
    if length and " " in body[: length.start()]:  # not the title of "Jay-Z 4:44"
        return body[: length.start()], read_duration(length[1])
    return body, None


def _unquote(text: str) -> str:
    found = _QUOTED.match(text)
    return next(part for part in found.groups() if part).strip() if found else text
