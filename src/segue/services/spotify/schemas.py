"""Spotify's JSON, as far as we read it, and how it becomes our own values.

Everything is optional unless nothing works without it: Spotify leaves fields out, sends null in lists, and
took several fields away in 2026. What is not read here is ignored.
"""

from html import unescape
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from segue.types import TrackReference


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Named(_Wire):
    """An artist, or an album inside a track: all we need of either is its name."""

    name: str | None = None


class ExternalIds(_Wire):
    """Identifiers given by others."""

    isrc: str | None = None


class Item(_Wire):
    """A track, or an episode: what one entry of a list holds. A local file has no id."""

    id: str | None = None
    type: str = "track"
    name: str | None = None
    artists: list[Named] = Field(default_factory=list)
    album: Named | None = None
    duration_ms: int | None = None
    external_ids: ExternalIds | None = None
    is_local: bool = False

    @property
    def label(self) -> str:
        """The item as a person would name it."""
        artist = ", ".join(part.name for part in self.artists if part.name)
        return " - ".join(part for part in (artist, self.name or "") if part) or "without a name"

    def reference(self, *, source: str, album: str = "") -> TrackReference:
        """Return the track as a reference; `album` fills in where the track does not name its own."""
        return TrackReference(
            track_id=self.id or "",
            isrc=((self.external_ids and self.external_ids.isrc) or "").upper(),
            title=self.name or "",
            artist=", ".join(part.name for part in self.artists if part.name),
            album=(self.album and self.album.name) or album,
            duration_ms=self.duration_ms,
            source=source,
        )


class Entry(_Wire):
    """One entry of a playlist or of Liked Songs."""

    is_local: bool = False
    item: Item | None = None
    track: Item | None = None

    @field_validator("item", "track", mode="before")
    @classmethod
    def _only_objects(cls, value: object) -> object:
        """Read `track: true`, which newer answers hold beside `item`, as nothing."""
        return value if isinstance(value, (dict, Item)) else None

    @property
    def content(self) -> Item | None:
        """What the entry holds: `item`, or the older `track`."""
        return self.item or self.track

    @property
    def local(self) -> bool:
        """Whether it is a file on someone's computer, which Spotify has no id for."""
        return self.is_local or (self.content is not None and self.content.is_local)


class Page(_Wire):
    """Some entries of a longer list."""

    items: list[Entry | None]
    total: int


class TrackPage(_Wire):
    """Some tracks of an album."""

    items: list[Item | None]
    total: int


class Links(_Wire):
    """Where a person finds it."""

    spotify: str = ""


class Owner(_Wire):
    """Whose playlist it is."""

    id: str | None = None


class PlaylistObject(_Wire):
    """A playlist. `items` is absent when its entries may not be read by this account."""

    id: str
    name: str | None = None
    description: str | None = None
    owner: Owner = Owner()
    external_urls: Links = Links()
    items: Page | None = None
    tracks: Page | None = None

    @property
    def page(self) -> Page | None:
        """The first entries, under the name of today or the older one."""
        return self.items or self.tracks

    @property
    def url(self) -> str:
        """The link of the playlist."""
        return self.external_urls.spotify or f"https://open.spotify.com/playlist/{self.id}"

    @property
    def text(self) -> str:
        """The description as it was written: Spotify escapes it for HTML."""
        return unescape(self.description or "")


class Total(_Wire):
    """How many entries there are, without them."""

    total: int = 0


class PlaylistSummary(_Wire):
    """A playlist as a list of playlists shows it."""

    id: str
    name: str | None = None
    description: str | None = None
    owner: Owner = Owner()
    external_urls: Links = Links()
    items: Total | None = None
    tracks: Total | None = None

    @property
    def text(self) -> str:
        """The description as it was written; empty where Spotify leaves it out."""
        return "" if self.description == "null" else unescape(self.description or "")

    @property
    def url(self) -> str:
        """The link of the playlist."""
        return self.external_urls.spotify or f"https://open.spotify.com/playlist/{self.id}"

    @property
    def total(self) -> int:
        """How many entries the playlist has."""
        return (self.items or self.tracks or Total()).total


class PlaylistSummaries(_Wire):
    """The newest of one's own and followed playlists; a deleted one is null."""

    items: list[PlaylistSummary | None]


class AlbumObject(_Wire):
    """An album with its first tracks."""

    name: str | None = None
    artists: list[Named] = Field(default_factory=list)
    tracks: TrackPage


class User(_Wire):
    """Who is signed in."""

    id: str
    display_name: str | None = None


class Snapshot(_Wire):
    """What a change of a playlist is answered with."""

    snapshot_id: str = ""


class TokenAnswer(_Wire):
    """What the accounts service gives for a code or a refresh token. `repr` shows no secret."""

    access_token: str = Field(repr=False, min_length=1)
    token_type: Literal["Bearer", "bearer"]
    scope: str = ""
    expires_in: int = Field(default=3600, gt=0)
    refresh_token: str | None = Field(default=None, repr=False)
