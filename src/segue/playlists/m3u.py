"""M3U and M3U8: what players write. Extended lines (#EXTINF, #PLAYLIST, #EXTALB, #EXTART) are understood.

An entry is its last line: a Spotify URI or link, or the path of a file; the lines above it describe it.
`#EXTINF:213,Artist - Title` joins two names with a dash that either may hold, so we also write `#EXTART`, by
which the two come apart again exactly.
"""

import re
from collections.abc import Sequence

from segue.errors import PlaylistFormatError
from segue.ids import is_namespaced_id, is_spotify_id
from segue.playlists.cleaning import duration_of, iter_lines, join_artists
from segue.playlists.entries import Entries, Record
from segue.playlists.paths import is_audio_path, read_path
from segue.playlists.text import split_named
from segue.text.durations import read_duration
from segue.text.links import find_link_texts
from segue.text.strings import one_line
from segue.types import Playlist, Track

_EXTINF = re.compile(
    r"""#EXTINF:\s*(-?[0-9]{0,9}(?:\.[0-9]{1,9})?)(?:\s+[\w-]+="[^"]*")*\s*(?:,(.*))?$""", re.I
)
_STREAM_TAG = "#EXT-X-"


def read_m3u(text: str) -> Playlist:
    """Read an M3U or M3U8 file.

    Raises
    ------
    PlaylistFormatError
        When it is the playlist of a stream (HLS), which lists pieces of one recording.
    EmptyPlaylistError
        When it holds no entry.

    """
    entries, name, above = Entries(), "", dict[str, str]()
    for number, line in iter_lines(text):
        tag = line.upper().partition(":")[0]
        if tag.startswith(_STREAM_TAG):
            raise PlaylistFormatError(
                f"line {number}: {tag} marks the playlist of a stream (HLS), not a list of songs",
                hint="Give the M3U file that a music player saves.",
            )
        if tag == "#PLAYLIST":
            name = name or line.partition(":")[2]
        elif line.startswith("#"):
            above[tag] = line
        else:
            entries.take(_record(line, above), f"line {number}")
            above = {}
    return entries.playlist(name=name)


def write_m3u(tracks: Sequence[Track], *, name: str = "") -> str:
    """Return an extended M3U8 file of music files on this machine, else Spotify URIs, else ids.

    It carries id, title, artists, album and length (in whole seconds); line breaks inside a title become
    spaces, since a line is an entry.
    """
    lines = ["#EXTM3U"]
    if one_line(name):
        lines.append(f"#PLAYLIST:{one_line(name)}")
    for track in tracks:
        artist, title, album = join_artists(track.artists), one_line(track.name), one_line(track.album)
        duration_ms = duration_of(track)
        seconds = -1 if duration_ms is None else max(1, round(duration_ms / 1000))
        lines.append(f"#EXTINF:{seconds},{artist} - {title}" if artist else f"#EXTINF:{seconds},{title}")
        lines.append(f"#EXTART:{artist}")
        if album:
            lines.append(f"#EXTALB:{album}")
        is_line = track.path and one_line(track.path) == track.path  # a path may hold any byte
        lines.append(track.path if is_line else track.uri or track.track_id)
    return "\n".join(lines) + "\n"


def _record(location: str, above: dict[str, str]) -> Record:
    found = _EXTINF.match(above.get("#EXTINF", ""))
    seconds, text = (found[1], (found[2] or "").strip()) if found else ("", "")
    artist_line = above.get("#EXTART")
    artist, title = _names(text, None if artist_line is None else _after_colon(artist_line))
    is_link = is_spotify_id(location) or bool(find_link_texts(location))
    is_named = is_namespaced_id(location)
    is_spotify = is_link and (":" not in location or "spotify" in location.partition("?")[0].lower())
    is_path = not is_spotify and (not is_named or is_audio_path(location))
    of_path = read_path(location) if is_path else Record()
    return Record(
        links=(location,) if is_link or is_named else (),
        title=title or of_path.title,
        artist=artist or of_path.artist,
        album=_after_colon(above.get("#EXTALB", "")) or of_path.album,
        duration_ms=read_duration(seconds, unit="s"),
    )


def _names(text: str, artist: str | None) -> tuple[str, str]:
    """Return (artist, title) of the text of #EXTINF, with the artist of #EXTART where there is one."""
    if artist is None:
        return split_named(text) or ("", text)
    if artist and text.startswith(f"{artist} -"):
        return artist, text[len(artist) + 2 :].strip()
    return artist, text


def _after_colon(line: str) -> str:
    return line.partition(":")[2].strip()
