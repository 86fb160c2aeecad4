"""One Spotify link, in any of its shapes: what playlists hold, and what the service leads to.

Nothing here is ever fetched: a link is read by its text alone.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import SplitResult, parse_qs, unquote, unquote_plus, urlsplit

from segue.errors import InvalidLinkError, InvalidTrackIdError
from segue.ids import is_spotify_id
from segue.text.durations import read_duration
from segue.text.strings import clean, show
from segue.types import TrackReference

LinkKind = Literal["track", "album", "playlist", "artist", "episode", "show", "audiobook", "chapter", "liked"]

KINDS: tuple[LinkKind, ...] = get_args(LinkKind)
COLLECTIONS: frozenset[LinkKind] = frozenset({"playlist", "album", "artist", "liked"})
SPOKEN: frozenset[LinkKind] = frozenset({"episode", "show", "audiobook", "chapter"})
NOUNS: dict[LinkKind, str] = {
    "track": "a track",
    "album": "an album",
    "playlist": "a playlist",
    "artist": "an artist",
    "episode": "a podcast episode",
    "show": "a podcast",
    "audiobook": "an audiobook",
    "chapter": "a chapter of an audiobook",
    "liked": "Liked Songs",
}
COPY_HINT = "In Spotify: right-click the song (on a phone: ⋯) > Share > Copy song link, and paste that."
COLLECTION_HINT = (
    "Give such a link alone, so that it can be read with your Spotify sign-in. Without one: open it in "
    "Spotify, select all its songs, copy, and paste what you copied."
)

_HOSTS = frozenset({"open.spotify.com", "play.spotify.com", "embed.spotify.com", "api.spotify.com"})
_SHORT_HOSTS = frozenset({"spotify.link", "spoti.fi", "spotify.app.link", "link.tospotify.com", "sptfy.com"})
_BARE_HOSTS = ("spotify.com", "spotify.link", "spoti.fi")
_OTHER_SERVICES = {
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "apple.com": "Apple Music",
    "deezer.com": "Deezer",
    "deezer.page.link": "Deezer",
    "tidal.com": "TIDAL",
    "soundcloud.com": "SoundCloud",
    "amazon.com": "Amazon Music",
    "bandcamp.com": "Bandcamp",
    "qobuz.com": "Qobuz",
    "last.fm": "Last.fm",
}
# A link ends where a text around it may go on: at space, quotes, brackets of markup, or the next link.
_LINK = re.compile(
    r"""(?:https?://|(?<![\w.:=/])(?:spotify:(?=\w)|www\.|(?:open|play)\.spotify\.com/|spotify\.link/|spoti\.fi/))
        (?:(?!https?://)[^\s<>"'|,;`)\]]){1,2000}""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST = 2_100  # no link is longer; whatever is, need not be looked at
_OF_SPOTIFY = "37i9dQZ"  # every id of Spotify's own playlists begins so; no known track id does
_LIKED_WORDS = frozenset({"liked", "liked songs", "liked-songs"})


@dataclass(frozen=True, slots=True)
class SpotifyLink:
    """What a link leads to. `id` is a Spotify id, or "" for Liked Songs."""

    kind: LinkKind
    id: str = ""

    @property
    def uri(self) -> str:
        """The `spotify:` form."""
        return f"spotify:{self.kind}:{self.id}" if self.id else "spotify:collection:tracks"

    @property
    def url(self) -> str:
        """The public web address."""
        page = f"{self.kind}/{self.id}" if self.id else "collection/tracks"
        return f"https://open.spotify.com/{page}"


def parse_link(text: str) -> SpotifyLink:
    """Read one link, URI or bare id.

    A bare id counts as a track's, since playlists of bare ids are common.

    Raises
    ------
    InvalidLinkError
        When the text is no Spotify link, a short link, or leads to a page without tracks.
    InvalidTrackIdError
        When it stands for a track and the id is no Spotify id.

    """
    link = clean(text[:_LONGEST]).strip("<>\"'`").rstrip(".,;!)")
    if link.lower().startswith("spotify:"):
        return _parse_uri(link)
    if "." in link and "/" in link:
        return _parse_url(link)
    if is_spotify_id(link):
        return SpotifyLink("playlist" if link.startswith(_OF_SPOTIFY) else "track", link)
    if re.fullmatch(r"[\w-]+", link):
        raise _wrong_id("track", link)
    raise InvalidLinkError(f"expected a Spotify link, URI or track id, got {show(text)}", hint=COPY_HINT)


def find_collection(text: str) -> SpotifyLink | None:
    """Return the one playlist, album, artist or Liked Songs link that makes up the whole input, else None.

    Such an input holds no tracks itself: what it leads to is read by the service.
    """
    if len(text) > _LONGEST:
        return None
    line = clean(text)
    if line.casefold() in _LIKED_WORDS:
        return SpotifyLink("liked")
    try:
        link = parse_link(line) if line and not re.search(r"\s", line) else None
    except (InvalidLinkError, InvalidTrackIdError):
        return None
    return link if link and link.kind in COLLECTIONS else None


def begins_like_a_link(text: str) -> bool:
    """Tell whether a text begins with a host of Spotify's links, copied without the https:// before it."""
    return text.partition("/")[0].endswith(_BARE_HOSTS)


def find_link_texts(line: str) -> list[str]:
    """Return everything in the line that has the shape of a link or URI, right or wrong, in order."""
    return _LINK.findall(line)


def remove_links(line: str) -> str:
    """Return what is left of the line without its links and without the markup that was around them."""
    return clean(re.sub(r"[<\[(]\s*[>\])]", " ", _LINK.sub(" ", line))).strip("[]() \t|,;")


def find_local(text: str) -> TrackReference | None:
    """Return what a link to a local file says of itself (artist, album, title, seconds), else None.

    Spotify copies a local file as `spotify:local:Artist:Album:Title:215` or the same as a web address.
    """
    found = re.match(
        r"(?:spotify:local:|https?://open\.spotify\.com/local/)(\S*)", text.strip(), re.IGNORECASE
    )
    if not found:
        return None
    parts = [clean(unquote_plus(part)) for part in re.split(r"[:/]", found[1])]
    artist, album, title, seconds = (*parts, "", "", "", "")[:4]
    if not title:
        return None
    return TrackReference(
        artist=artist, album=album, title=title, duration_ms=read_duration(seconds, unit="s")
    )


def _parse_uri(link: str) -> SpotifyLink:
    parts = [unquote(part) for part in re.split(r"[?#]", link)[0].split(":")][1:]
    if "collection" in parts:
        return SpotifyLink("liked")
    if len(parts) >= 3 and parts[0] == "user":  # spotify:user:NAME:playlist:ID, the form until 2018
        parts = parts[2:]
    return _link_of(parts, link)


def _parse_url(link: str) -> SpotifyLink:
    try:
        url = urlsplit(link if "://" in link else f"https://{link}")
        host = (url.hostname or "").removeprefix("www.")
    except ValueError as error:
        raise InvalidLinkError(f"expected a Spotify link, got {show(link)}", hint=COPY_HINT) from error
    if host in _SHORT_HOSTS:
        raise InvalidLinkError(
            f"{show(link)} is a short link, which does not say what it leads to",
            hint="Open it in a browser and paste the address it becomes (https://open.spotify.com/...).",
        )
    if host not in _HOSTS:
        raise _foreign(link, host)
    return _find_inner_uri(url) or _link_of(_path_parts(url), link)


def _find_inner_uri(url: SplitResult) -> SpotifyLink | None:
    """Return the track of `album/...?highlight=spotify:track:ID`, or the target of `embed.../?uri=`."""
    query = parse_qs(url.query, max_num_fields=50) if url.query.count("&") < 50 else {}
    for name in ("uri", "highlight"):
        for value in query.get(name, []):
            if value.lower().startswith("spotify:"):
                return _parse_uri(value)
    return None


def _path_parts(url: SplitResult) -> list[str]:
    parts = [part for part in unquote(url.path).split("/") if part]
    while parts and (re.fullmatch(r"intl-[A-Za-z-]+|embed(-podcast)?|v1", parts[0])):
        parts = parts[1:]
    if len(parts) >= 3 and parts[0] == "user":
        parts = parts[2:]
    if parts and parts[0].removesuffix("s") in KINDS:  # the web API writes /v1/tracks/ID
        parts[0] = parts[0].removesuffix("s")
    return parts


def _link_of(parts: list[str], link: str) -> SpotifyLink:
    """Turn ["track", "4uLU..."] into a link."""
    name = parts[0].lower() if parts else ""
    if name == "collection":
        return SpotifyLink("liked")
    kind = next((kind for kind in KINDS if kind == name and kind != "liked"), None)
    if kind is None:
        what = "someone's profile" if name == "user" else "a page of Spotify that holds no tracks"
        raise InvalidLinkError(f"{show(link)} leads to {what}", hint=COPY_HINT)
    spotify_id = parts[1] if len(parts) > 1 else ""
    if not is_spotify_id(spotify_id):
        raise _wrong_id(kind, spotify_id)
    return SpotifyLink(kind, spotify_id)


def _wrong_id(kind: LinkKind, spotify_id: str) -> InvalidLinkError | InvalidTrackIdError:
    noun = NOUNS[kind].partition(" ")[2]
    expected = f"expected a {noun} id of 22 letters (a-z, A-Z) and digits".replace("a a", "an a")
    if not spotify_id:
        got = "none"
    elif len(spotify_id) == 22:
        odd = next(char for char in spotify_id if not is_spotify_id(char * 22))
        got = f"{show(odd)} in {show(spotify_id)}"
    else:
        got = f"{len(spotify_id):,}: {show(spotify_id)}"
    if kind == "track":
        return InvalidTrackIdError(f"{expected}, got {got}", hint=COPY_HINT)
    return InvalidLinkError(f"{expected}, got {got}", hint=f"In Spotify: ⋯ > Share > Copy link to {noun}.")


def _foreign(link: str, host: str) -> InvalidLinkError:
    service = next(
        (name for end, name in _OTHER_SERVICES.items() if host == end or host.endswith(f".{end}")), ""
    )
    if not service:
        return InvalidLinkError(f"expected a link of open.spotify.com, got {show(link)}", hint=COPY_HINT)
    return InvalidLinkError(
        f"{show(link)} is a link of {service}; of links only those of Spotify are read",
        hint='Write the song as "Artist - Title" instead, or export the list as CSV.',
    )
