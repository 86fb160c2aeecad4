"""What the fake Spotify knows: people, songs, playlists."""

import functools
import hashlib
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

CLIENT_ID = "0123456789abcdef0123456789abcdef"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@functools.cache  # a fault at every request of a save asks for the same few names 400,000 times
def spotify_id(*parts: object) -> str:
    """Return a stable id of Spotify's shape: 22 base-62 characters."""
    number = int.from_bytes(hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=16).digest())
    digits = []
    for _ in range(22):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(digits)


@dataclass(frozen=True)
class Song:
    """Something that a list can hold. `kind` "gone" is what became of a track that was taken down."""

    track_id: str
    name: str
    artist: str = "Artist"
    album: str = "Album"
    isrc: str = ""
    duration_ms: int = 200_000
    kind: Literal["track", "episode", "local", "gone"] = "track"

    @classmethod
    def numbered(cls, number: int, *, prefix: str = "Song") -> "Song":
        """Return a made-up song; the same number gives the same one."""
        return cls(
            track_id=spotify_id(prefix, number),
            name=f"{prefix} {number}",
            artist=f"Artist {number % 7}",
            album=f"Album {number % 5}",
            isrc=f"ZZSEG26{number:05d}",
        )


@dataclass
class User:
    """A person with an account."""

    user_id: str
    display_name: str
    liked: list[Song] = field(default_factory=list)
    registered: bool = True  # in the app's User Management


@dataclass
class Playlist:
    """A playlist. `kind` "editorial" is Spotify's own: no app may see it."""

    playlist_id: str
    owner: str
    name: str
    songs: list[Song] = field(default_factory=list)
    description: str = ""
    public: bool = False
    collaborators: set[str] = field(default_factory=set)
    kind: Literal["user", "editorial"] = "user"
    version: int = 0

    @property
    def snapshot_id(self) -> str:
        """The version, as Spotify writes it."""
        return f"{self.version:04d}{self.playlist_id}"

    def is_open_to(self, user_id: str) -> bool:
        """Tell whether this person may read and change its items."""
        return user_id == self.owner or user_id in self.collaborators


class World:
    """Everything there is. Spotify serves what the tests put here."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.songs: dict[str, Song] = {}
        self.albums: dict[str, list[Song]] = {}
        self.playlists: dict[str, Playlist] = {}  # newest last
        self.apps: dict[str, tuple[str, ...]] = {CLIENT_ID: ("http://127.0.0.1/callback",)}
        self.relinked: dict[str, str] = {}  # what was added -> what a reader is shown
        self.unknown: set[str] = set()  # ids that Spotify refuses to add
        self._numbers = itertools.count(1)

    def add_user(self, user_id: str, display_name: str = "") -> User:
        """Make an account."""
        user = User(user_id, display_name or user_id.title())
        self.users[user_id] = user
        return user

    def add_songs(self, songs: Iterable[Song]) -> list[Song]:
        """Make songs known."""
        known = list(songs)
        self.songs.update({song.track_id: song for song in known if song.kind == "track"})
        return known

    def add_playlist(self, owner: str, name: str, songs: Iterable[Song] = ()) -> Playlist:
        """Make a playlist of these songs."""
        playlist = Playlist(spotify_id("playlist", next(self._numbers)), owner, name, self.add_songs(songs))
        self.playlists[playlist.playlist_id] = playlist
        return playlist

    def add_editorial(self, name: str, songs: Iterable[Song] = ()) -> Playlist:
        """Make one of Spotify's own lists."""
        playlist_id = ("37i9dQZF1DX" + spotify_id("editorial", name))[:22]
        playlist = Playlist(
            playlist_id, "spotify", name, self.add_songs(songs), public=True, kind="editorial"
        )
        self.playlists[playlist_id] = playlist
        return playlist

    def add_album(self, name: str, songs: Iterable[Song]) -> str:
        """Make an album; return its id."""
        album_id = spotify_id("album", name)
        self.albums[album_id] = self.add_songs(songs)
        return album_id

    def shown(self, song: Song) -> Song:
        """Return what a reader in this market is shown in place of a song."""
        other = self.relinked.get(song.track_id)
        return self.songs[other] if other else song


def episode(number: int) -> Song:
    """Return a podcast episode."""
    return Song(spotify_id("episode", number), f"Episode {number}", artist="A Podcast", kind="episode")


def local_file(number: int) -> Song:
    """Return a file on someone's computer."""
    return Song("", f"Demo tape {number}", artist="My Band", kind="local")


def gone() -> Song:
    """Return what is left of a track that was taken down."""
    return Song("", "", kind="gone")
