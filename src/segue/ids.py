"""What identifies a track: Spotify's id where there is one, else an id that names where it is from.

A track id is one of two:

- a Spotify id, 22 characters of base 62: `4uLU6hMCjMI75M1A2tKUQC`;
- a namespaced id, `scheme:value`: `isrc:GBUM71029604`, `mbid:5b11f4ce-a62d-471e-81fc-a69a8278c7da`,
  `file:music/innuendo.flac`. The scheme is 2 to 20 lower-case letters and digits, a letter first. The value
  is 1 to 200 printable characters, with no space at its ends, and does not begin with `//`: a link is no id.
  `isrc:` holds a code as ISO 3901 has it, in capitals and without hyphens, `mbid:` a UUID in lower case.

`find_track_id` and `parse_track_id` read both, and the URIs and links that stand for them, into that form.
"""

import re

from segue.errors import InvalidTrackIdError

TRACK_URI = "spotify:track:"  # begins the form of an id that players and data sets use
SPOTIFY_PATTERN = "[0-9A-Za-z]{22}"
NAMESPACED_PATTERN = r"[a-z][a-z0-9]{1,19}:[^\s](?:.{0,198}[^\s])?"
ISRC_PATTERN = "[A-Z]{2}[A-Z0-9]{3}[0-9]{7}"
UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
ID_HINT = (
    "A track id is Spotify's, of 22 letters and digits, or its URI or link; or one such as "
    "isrc:GBUM71029604, mbid:UUID or file:NAME."
)

SPOTIFY_ID = re.compile(SPOTIFY_PATTERN)
_NAMESPACED = re.compile(NAMESPACED_PATTERN)
_SHAPES = {"isrc": re.compile(ISRC_PATTERN), "mbid": re.compile(UUID_PATTERN)}
_KNOWN_SCHEMES = frozenset({"isrc", "mbid", "file"})
_NO_SCHEMES = frozenset({"spotify", "http", "https", "urn"})  # they have forms of their own
_URI_OR_LINK = re.compile(
    r"(?:spotify:track:|open\.spotify\.com/\S*\btrack/|/v1/(?:tracks|audio-features)/)([^?#/\s]*)"
)
_RECORDING = re.compile(
    rf"(?:https?://)?(?:www\.|beta\.)?musicbrainz\.org/recording/({UUID_PATTERN})\b.*", re.IGNORECASE
)
_LONGEST = 2_100  # characters; no link to a track is longer


def is_spotify_id(text: str) -> bool:
    """Tell whether the text is 22 characters of base 62, the form of every Spotify id."""
    return SPOTIFY_ID.fullmatch(text) is not None


def uri_of(track_id: str) -> str:
    """Return the Spotify URI, which a playlist in a player accepts by paste; "" without a Spotify id."""
    return f"{TRACK_URI}{track_id}" if is_spotify_id(track_id) else ""


def url_of(track_id: str) -> str:
    """Return the public link to the track; "" without a Spotify id."""
    return f"https://open.spotify.com/track/{track_id}" if is_spotify_id(track_id) else ""


def is_namespaced_id(text: str) -> bool:
    """Tell whether the text is `scheme:value` in the one form that the catalogue stores.

    >>> is_namespaced_id("isrc:GBUM71029604"), is_namespaced_id("https://example.org/a")
    (True, False)
    """
    if not _NAMESPACED.fullmatch(text) or not text.isprintable():
        return False
    scheme, _, value = text.partition(":")
    if scheme in _NO_SCHEMES or value.startswith("//"):
        return False
    shape = _SHAPES.get(scheme)
    return shape is None or shape.fullmatch(value) is not None


def is_track_id(text: str) -> bool:
    """Tell whether the text is a track id as it stands: Spotify's or a namespaced one."""
    return is_spotify_id(text) or is_namespaced_id(text)


def is_known_id(text: str) -> bool:
    """Tell whether it is a namespaced id that no text is by chance: of a scheme that we know ourselves.

    "re:stacks" has the form of one, and is a song.
    """
    return is_namespaced_id(text) and text.partition(":")[0] in _KNOWN_SCHEMES


def find_track_id(text: str) -> str | None:
    """Return the track id that a text stands for; None when it stands for none.

    Ids, `spotify:track:` URIs, links to Spotify's tracks and MusicBrainz's
    recordings, and `urn:isrc:` are read.

    >>> find_track_id("https://open.spotify.com/intl-de/track/4uLU6hMCjMI75M1A2tKUQC?si=x")
    '4uLU6hMCjMI75M1A2tKUQC'
    >>> find_track_id("urn:isrc:gb-um7-10-29604")
    'isrc:GBUM71029604'
    """
    if is_spotify_id(text):
        return text
    if len(text) > _LONGEST:
        return None
    text = text.strip()
    if is_track_id(text):
        return text
    if found := _RECORDING.fullmatch(text):
        return f"mbid:{found[1].lower()}"
    if found := _URI_OR_LINK.search(text):
        return found[1] if is_spotify_id(found[1]) else None
    scheme, _, value = text.partition(":")
    return _canonical(scheme.lower(), value.strip())


def parse_track_id(text: str) -> str:
    """Return the track id that a text stands for.

    Raises
    ------
    InvalidTrackIdError
        When it stands for none; the hint says what does.

    """
    found = find_track_id(text)
    if found is None:
        shown = text if len(text) <= 60 else f"{text[:59]}…"
        raise InvalidTrackIdError(f"expected a track id, got {shown!r}", hint=ID_HINT)
    return found


def _canonical(scheme: str, value: str) -> str | None:
    """Return the namespaced id of a code that is written in another of its forms."""
    if scheme == "urn":
        scheme, _, value = value.partition(":")
        scheme = scheme.lower()
    if scheme == "isrc":
        value = re.sub(r"[\s-]", "", value).upper()
    elif scheme == "mbid":
        value = value.lower()
    else:
        return None
    track_id = f"{scheme}:{value}"
    return track_id if is_namespaced_id(track_id) else None
