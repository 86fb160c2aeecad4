"""Spotify's JSON, as far as we read it, and how it becomes our own values.

Everything is optional unless nothing works without it: Spotify leaves fields out, sends null in lists, and
took several fields away in 2026. What is not read here is ignored; a null is as good as absent; and an entry
that makes no sense costs itself, not the list.
"""

from html import unescape
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from segue.types import TrackReference


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: content for name, content in value.items() if content is not None}
        return value


Part = TypeVar("Part", bound=_Wire)


def _each(model: type[Part], value: Any, *, instead: Part | None = None) -> Any:
    """Read the entries of a list one by one; one that cannot be read becomes `instead`."""
    return [_one(model, entry, instead) for entry in value] if isinstance(value, list) else value


def _one(model: type[Part], entry: Any, instead: Part | None) -> Part | None:
    try:
        return None if entry is None else model.model_validate(entry)
    except ValidationError:
        return instead


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

    @field_validator("artists", mode="before")
    @classmethod
    def _readable_artists(cls, value: Any) -> Any:
        artists = _each(Named, value)
        return [one for one in artists if one is not None] if isinstance(artists, list) else artists

    @property
    def isrc(self) -> str:
        """The ISRC in capitals; empty where it is not told."""
        return ((self.external_ids and self.external_ids.isrc) or "").upper()

    @property
    def artist_names(self) -> tuple[str, ...]:
        """The names of the artists that have one."""
        return tuple(part.name for part in self.artists if part.name)

    @property
    def label(self) -> str:
        """The item as a person would name it."""
        artist = ", ".join(self.artist_names)
        return " - ".join(part for part in (artist, self.name or "") if part) or "without a name"

    def reference(self, *, source: str, album: str = "") -> TrackReference:
        """Return the track as a reference; `album` fills in where the track does not name its own."""
        return TrackReference(
            track_id=self.id or "",
            isrc=self.isrc,
            title=self.name or "",
            artist=", ".join(self.artist_names),
            album=(self.album and self.album.name) or album,
            duration_ms=self.duration_ms,
            source=source,
        )


class Entry(_Wire):
    """One entry of a playlist or of Liked Songs; `unreadable` stands in for one that made no sense."""

    unreadable: bool = False
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

    @field_validator("items", mode="before")
    @classmethod
    def _readable_entries(cls, value: Any) -> Any:
        return _each(Entry, value, instead=Entry.model_construct(unreadable=True))


class TrackPage(_Wire):
    """Some tracks of an album."""

    items: list[Item | None]
    total: int

    @field_validator("items", mode="before")
    @classmethod
    def _readable_tracks(cls, value: Any) -> Any:
        return _each(Item, value)


class Found(_Wire):
    """What a search finds."""

    tracks: TrackPage


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
    public: bool | None = None
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


class MadePlaylist(PlaylistObject):
    """A playlist that was just made: without its id nothing can be done with it."""

    id: str = Field(pattern="^[0-9A-Za-z]{22}$")


class PlaylistSummary(_Wire):
    """A playlist as a list of playlists shows it."""

    id: str
    name: str | None = None
    description: str | None = None
    owner: Owner = Owner()
    external_urls: Links = Links()

    @property
    def text(self) -> str:
        """The description as it was written; empty where Spotify leaves it out."""
        return "" if self.description == "null" else unescape(self.description or "")

    @property
    def url(self) -> str:
        """The link of the playlist."""
        return self.external_urls.spotify or f"https://open.spotify.com/playlist/{self.id}"


class PlaylistSummaries(_Wire):
    """A page of one's own and followed playlists; a deleted one is null. `total` is None for unknown."""

    items: list[PlaylistSummary | None]
    total: int | None = None

    @field_validator("items", mode="before")
    @classmethod
    def _readable_playlists(cls, value: Any) -> Any:
        return _each(PlaylistSummary, value)


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

    snapshot_id: str = Field(min_length=1)


class TokenAnswer(_Wire):
    """What the accounts service gives for a code or a refresh token. `repr` shows no secret."""

    access_token: str = Field(repr=False, min_length=1)
    token_type: Literal["Bearer", "bearer"]
    scope: str = ""
    expires_in: int = Field(default=3600, gt=0)
    refresh_token: str | None = Field(default=None, repr=False)
