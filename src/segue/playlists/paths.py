"""File names of music: what "01 Artist - Title.mp3" and "Artist/Album/07 Title.flac" say of a track."""

import re
from urllib.parse import unquote

from segue.playlists.entries import Record
from segue.text.strings import squeeze

_AUDIO_ENDING = re.compile(
    r"\.(?:mp3|m4a|m4p|mp4|aac|flac|alac|ogg|oga|opus|wav|wave|wma|aiff?|ape|wv|mpc|mka|webm|dsf|mid)$",
    re.IGNORECASE,
)
_DASH = re.compile(r"\s+[-–—]\s+")
_NUMBER_PART = re.compile(r"[0-9]{1,3}(?:[-.][0-9]{1,3})?")
_NUMBER_BEFORE = re.compile(r"(?:0[0-9]{1,2}|[0-9]{1,2}-[0-9]{2}|[0-9]{1,3}[.)])\s*[-_.]?\s*(?=\S)")
_ROOTS = frozenset(
    {"music", "my music", "musik", "musique", "musica", "música", "muziek", "muzyka", "музыка", "音楽"}
    | {"mp3", "mp3s", "itunes music", "downloads"}
)
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_NO_NAME = re.compile(r"\.{1,2}|~|(?:cd|disc|disk|disque)[ _-]?[0-9]{1,2}", re.IGNORECASE)
_FOLDER_YEAR = re.compile(r"^(?:[(\[](?:19|20)[0-9]{2}[)\]]|(?:19|20)[0-9]{2}\s+-)\s+(?=\S)")
_DRIVE = re.compile(r"[A-Za-z]:")
_FOLDER_NUMBER = re.compile(r"[0-9]{2,3}[\s.)_-]+(?=\S)")


def is_audio_path(line: str) -> bool:
    """Tell whether a line ends like the path of a sound file."""
    return _AUDIO_ENDING.search(line) is not None


def read_path(path: str) -> Record:
    """Return what a path says: artist and title from the file name, else from the folders above it.

    "Queen - Bohemian Rhapsody.mp3", "01 Queen - Bohemian Rhapsody.mp3", "Queen - Album - 11 - Title.flac" and
    "Queen/A Night at the Opera/11 Bohemian Rhapsody.flac" are understood, and so is an artist's folder in
    one of all music ("Music/Queen/Bohemian Rhapsody.mp3"); anything else is only a title.
    """
    folders, stem = _split(path)
    numbered = stem[:2].isdecimal()
    parts = [part.strip() for part in _DASH.split(stem)]
    if len(parts) > 1 and _NUMBER_PART.fullmatch(parts[0]):
        parts = parts[1:]
    else:
        parts[0] = _NUMBER_BEFORE.sub("", parts[0], count=1) if _NUMBER_BEFORE.match(parts[0]) else parts[0]
    if len(parts) == 1:
        return _by_folders(parts[0], folders, numbered=numbered)
    if len(parts) >= 4 and _NUMBER_PART.fullmatch(parts[2]):
        return Record(artist=parts[0], album=parts[1], title=" - ".join(parts[3:]))
    if len(parts) == 3 and _NUMBER_PART.fullmatch(parts[1]):
        return Record(artist=parts[0], title=parts[2])
    return Record(artist=parts[0], title=" - ".join(parts[1:]))


def _split(path: str) -> tuple[list[str], str]:
    """Return the names of the folders and the file's name without its ending."""
    if address := re.match(r"[a-z]{1,10}://[^/]*/?", path, re.IGNORECASE):
        path = unquote(path[address.end() :])
    elif _ESCAPED.search(path) and " " not in path:
        path = unquote(path)
    path = squeeze(path)
    parts = [part for part in re.split(r"[\\/]" if "\\" in path else "/", path) if part]
    stem = _AUDIO_ENDING.sub("", parts[-1]) if parts else ""
    if " " not in stem:
        stem = stem.replace("_", " ")
    folders = [_FOLDER_YEAR.sub("", part) for part in parts[:-1] if not _NO_NAME.fullmatch(part)]
    return folders, stem.strip()


def _by_folders(title: str, folders: list[str], *, numbered: bool) -> Record:
    if len(folders) < 2:
        # A number in front is that of an album's track; an only folder is then more often the artist's.
        known = len(folders) == 1 and numbered and folders[0].casefold() not in _ROOTS
        return Record(title=title, artist=folders[0] if known else "")
    if _FOLDER_NUMBER.match(title):
        title = _FOLDER_NUMBER.sub("", title, count=1)
    if folders[-2].casefold() in _ROOTS or _DRIVE.fullmatch(folders[-2]):
        # Players that sort by artist alone: Music/Queen/Bohemian Rhapsody.mp3. No artist is called "Music".
        return Record(title=title, artist=folders[-1])
    return Record(title=title, artist=folders[-2], album=folders[-1])
