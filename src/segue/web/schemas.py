"""The shapes of the HTTP API. Field texts and examples end up in the OpenAPI file, which `/docs` shows."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from segue.controls import CONTROLS, EXCLUDE, MAX_N, Control, Controls
from segue.features import AUDIO_NAMES
from segue.ids import NAMESPACED_PATTERN, SPOTIFY_PATTERN
from segue.playlists.entries import MAX_ENTRIES

MAX_IDS = 10_000
MAX_EXCLUDED = 20  # lists
SPOTIFY_ID = f"^{SPOTIFY_PATTERN}$"
TRACK_ID = f"^(?:{SPOTIFY_PATTERN}|{NAMESPACED_PATTERN})$"

EXAMPLE_IDS: list[Any] = ["2QjOHCTQ1Jl3zawyYOpxh6", "7ouMYWpwJ422jRcDASZB7P"]
EXAMPLE_TRACK: dict[str, Any] = {
    "track_id": "7ouMYWpwJ422jRcDASZB7P",
    "uri": "spotify:track:7ouMYWpwJ422jRcDASZB7P",
    "url": "https://open.spotify.com/track/7ouMYWpwJ422jRcDASZB7P",
    "name": "Knights of Cydonia",
    "artists": ["Muse"],
    "album": "Black Holes and Revelations",
    "isrc": None,
    "release_date": "2006-06-19",
    "year": 2006,
    "popularity": 65,
    "genre": "rock",
    "features": {"danceability": 0.366, "energy": 0.963, "tempo": 137.114, "valence": 0.211},
}

TrackId = Annotated[
    str,
    Field(
        pattern=TRACK_ID,
        description="Spotify's 22 characters, or an id such as `isrc:GBUM71029604` or `mbid:UUID`.",
    ),
]
FeatureName = Literal[
    "danceability", "energy", "key", "loudness", "mode", "speechiness", "acousticness", "instrumentalness",
    "liveness", "valence", "tempo", "duration_ms", "time_signature",
]  # fmt: skip
Bounds = Annotated[
    dict[FeatureName, Annotated[float, Field(allow_inf_nan=False)]], Field(max_length=len(AUDIO_NAMES))
]
Name = Annotated[str, Field(max_length=200)]


class Strict(BaseModel):
    """What a client sends: a field that we do not know is refused, since it is most likely a slip."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class IntegerRange(Strict):
    """A closed range; null leaves a side open."""

    minimum: int | None = Field(default=None, ge=0, le=2100)
    maximum: int | None = Field(default=None, ge=0, le=2100)


# What each kind of control takes in JSON.
CONTROL_FIELDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "count": (int | None, {"ge": 1, "le": MAX_N}),
    "flag": (bool, {}),
    "names": (list[Name], {"max_length": 1000}),
    "track_ids": (list[TrackId], {"max_length": MAX_IDS}),
    "by_feature": (Bounds, {}),
    "range": (IntegerRange, {}),
    "share": (float, {"ge": 0, "le": 1, "allow_inf_nan": False}),
    "choice": (Literal["smooth", "score"], {}),
}


def _control_field(control: Control) -> tuple[Any, Any]:
    annotation, limits = CONTROL_FIELDS[control.kind]
    default = getattr(Controls(), control.name)
    given = {"names": [], "track_ids": [], "by_feature": {}, "range": IntegerRange()}.get(
        control.kind, default
    )
    return annotation, Field(default=given, description=control.about, **limits)


_fields: dict[str, Any] = {control.name: _control_field(control) for control in CONTROLS}


class ControlsIn(create_model("ControlFields", __base__=Strict, **_fields)):  # type: ignore[misc]
    """What a listener may ask for besides the seeds."""

    def to_controls(self) -> Controls:
        """Return the value that the recommender takes."""
        return Controls(**{control.name: _plain(getattr(self, control.name)) for control in CONTROLS})


def _plain(value: Any) -> Any:
    if isinstance(value, IntegerRange):
        return (value.minimum, value.maximum)
    if isinstance(value, dict):
        return {str(name): number for name, number in value.items()}
    return tuple(value) if isinstance(value, list) else value


class PlaylistIn(Strict):
    """A playlist, as text or as track ids (or both: the text comes first)."""

    playlist: str = Field(
        default="",
        description="Links, URIs or ids, one a line; `Artist - Title` lines; or the text of a CSV, M3U, XSPF "
        f"or JSPF file; at most {MAX_ENTRIES:,} entries. A link to a Spotify playlist or album needs a "
        "sign-in.",
    )
    filename: str = Field(
        default="", max_length=300, description="The file that the text is from; helps to tell formats apart."
    )
    tracks: list[TrackId] = Field(default=[], max_length=MAX_IDS, description="Track ids.")

    @model_validator(mode="after")
    def _need_one(self) -> "PlaylistIn":
        if not self.playlist.strip() and not self.tracks:
            raise ValueError("give `playlist` (text) or `tracks` (ids)")
        return self


class RecommendationsIn(PlaylistIn):
    """A playlist, how many songs to add to it, and how they should be."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"tracks": EXAMPLE_IDS, "n": 20},
                {
                    "playlist": "Nirvana - Smells Like Teen Spirit\nThe Killers - Mr. Brightside",
                    "n": 50,
                    "controls": {
                        "minimum": {"tempo": 100},
                        "target": {"energy": 0.8},
                        "max_per_artist": 2,
                    },
                },
            ]
        }
    )

    n: int = Field(default=50, ge=1, le=MAX_N, description="How many songs to recommend.")
    controls: ControlsIn = ControlsIn()
    exclude: list[PlaylistIn] = Field(
        default=[],
        max_length=MAX_EXCLUDED,
        description=f"{EXCLUDE.about} Neither are other versions of its songs picked.",
    )
    with_seeds: bool = Field(
        default=True, description="Whether the answer repeats the seeds that were found."
    )


class MatchIn(PlaylistIn):
    """A playlist to look up in the catalogue."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"playlist": "Muse - Starlight\nspotify:track:7ouMYWpwJ422jRcDASZB7P"}]
        }
    )


class TrackOut(BaseModel):
    """One track of the catalogue. What is not known is null."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_TRACK]})

    track_id: str
    uri: str | None = Field(description="Null for a track that has no Spotify id, as is `url`.")
    url: str | None
    name: str
    artists: list[str]
    album: str | None
    isrc: str | None
    release_date: str | None = Field(
        description="As precise as the source was: `2006`, `2006-06` or `2006-06-19`."
    )
    year: int | None
    popularity: int | None
    genre: str | None
    features: dict[str, int | float | None] = Field(
        description="All 13 audio features, in Spotify's units; null where one is not known."
    )


class ReasonOut(BaseModel):
    """One true statement of why a track was picked."""

    kind: str = Field(description="artist, listed_together, scene, era, tempo, energy, mood or sound.")
    text: str
    seeds: list[str] = Field(description="Ids of the seeds that it speaks of.")


class PickOut(TrackOut):
    """One recommended track. Scores: higher is better; they compare within one answer only."""

    retrieval_score: float
    ranking_score: float
    song_year: int | None = Field(description="The earliest year that any version of the song has.")
    reasons: list[ReasonOut]


class NearOut(TrackOut):
    """A track that came near, and how near (0 to 1)."""

    confidence: float


class EntryOut(BaseModel):
    """What one line of a playlist became."""

    given: str = Field(description="The line, as far as it names a song.")
    source: str = Field(description="Where it stood.")
    track: TrackOut | None
    songs: list[TrackOut] = Field(
        description="What stands for an artist or an album that was named in place of a song; else empty."
    )
    confidence: float = Field(
        description="1 for an id, .98 for an ISRC, else the likeness of title and artist."
    )
    method: Literal["id", "isrc", "name", "fuzzy", "artist", "album", "decided", "none"]
    is_doubtful: bool = Field(description="Whether a person should look at it.")
    others: list[NearOut] = Field(
        description="The closest others, where a line was not found or is in doubt."
    )


class RecommendationsOut(BaseModel):
    """A new playlist, in the order to play it."""

    tracks: list[PickOut]
    seeds: list[TrackOut] = Field(description="The seeds that were found; empty unless `with_seeds`.")
    unmatched: list[str] = Field(description="What the catalogue does not hold, as it was given.")
    entries: list[EntryOut] = Field(
        description="What each line became; empty unless `with_seeds`. Among events, `match` tells it."
    )
    name: str = Field(description="The name of the playlist given, when it has one.")
    notes: list[str] = Field(description="What the tracks do not show by themselves.")
    offer: str = Field(description="A public set that would help, where hardly any was found; else empty.")
    model: str = Field(description="The model that chose: `full`, `audio` or the name of a bundle.")
    took_ms: float = Field(description="From the full request to the answer, in milliseconds.")


class SetOut(BaseModel):
    """A public set of tracks that needs no account."""

    name: str
    title: str
    about: str
    tracks: int
    size_bytes: int = Field(description="How much is fetched.")
    source: str = Field(description="The page about it.")
    licence: str = Field(description="As its source labels it.")


class SetsOut(BaseModel):
    """What can be added to a catalogue."""

    sets: list[SetOut]


class MatchesOut(BaseModel):
    """How each line of a playlist was found in the catalogue."""

    name: str
    found: int
    missing: int
    skipped: list[str] = Field(description="What was read and is no track: episodes, local files.")
    entries: list[EntryOut]


class TracksOut(BaseModel):
    """Tracks, in the order asked; null for an id that the catalogue does not hold."""

    tracks: list[TrackOut | None]


class SearchOut(BaseModel):
    """What begins with the words looked for, most popular first."""

    tracks: list[TrackOut]


class FeatureOut(BaseModel):
    """One audio feature, and how the catalogue's tracks spread over it."""

    name: str
    unit: str
    about: str
    low: float
    high: float
    integer: bool
    known: int = Field(description="Tracks that have a value.")
    bins: list[int] = Field(description="Tracks in each of 24 equal steps from `view_low` to `view_high`.")
    view_low: float = Field(description="Where nearly all values begin; good for a slider.")
    view_high: float


class GenreOut(BaseModel):
    """One genre and how many tracks carry it."""

    name: str
    tracks: int


class CatalogueOut(BaseModel):
    """The catalogue in service."""

    name: str
    tracks: int
    revision: str = Field(description="New after every change of the catalogue.")
    generation: int = Field(description="Counts the reloads of this server, from 1.")
    model: str
    is_starter: bool = Field(description="Whether this is the small catalogue that comes with segue.")
    features: list[FeatureOut]
    genres: list[GenreOut]
    years: tuple[int | None, int | None]


class ExampleOut(BaseModel):
    """A playlist to try."""

    name: str
    description: str
    tracks: list[str]
    sample: list[TrackOut]


class ExamplesOut(BaseModel):
    """Playlists to try: each is of one taste."""

    examples: list[ExampleOut]


class ExportIn(Strict):
    """Tracks to write as a file."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"tracks": EXAMPLE_IDS, "format": "m3u8", "name": "Evening"}]},
    )

    tracks: list[TrackId] = Field(min_length=1, max_length=MAX_IDS)
    format: Literal["csv", "m3u8", "xspf", "jspf", "json", "uris"]
    name: str = Field(default="segue", max_length=100)


class StateOut(BaseModel):
    """Whether the server is well."""

    status: Literal["ok", "starting", "stopping"]


class ReloadOut(BaseModel):
    """What is in service after a reload."""

    generation: int
    tracks: int


class SessionIn(Strict):
    """A token out of the server's token file, for a browser."""

    token: str = Field(min_length=1, max_length=500, examples=["a-token-of-the-token-file"])


class AccountOut(BaseModel):
    """What this browser is at one service."""

    name: str = Field(description="What people call the service.")
    ready: bool = Field(description="Whether a person can sign in at it here.")
    user: str | None = Field(description="Who is signed in at it in this browser.")


class SessionOut(BaseModel):
    """What this server asks of a browser, and what this browser has."""

    token_needed: bool = Field(
        description="Whether the server asks for a token that this browser has not given."
    )
    spotify_ready: bool = Field(description="Whether the server has the client id of a Spotify app.")
    spotify_user: str | None = Field(description="Who is signed in to Spotify in this browser.")
    accounts: dict[str, AccountOut] = Field(
        description="Each service by its name in paths; the two fields before say it of one."
    )
    notice: str = Field(description="What went wrong with the last sign-in; said once.")


class SignInOut(BaseModel):
    """Where a person signs in."""

    url: str


class SaveIn(Strict):
    """Tracks to save as a playlist in someone's library."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"tracks": EXAMPLE_IDS, "name": "Evening", "public": False}]}
    )

    tracks: list[TrackId] = Field(min_length=1, max_length=MAX_N)
    name: str = Field(min_length=1, max_length=100)
    description: str = Field(default="", max_length=300)
    public: bool = Field(default=False, description="Whether it shows on the person's profile.")


class SavedOut(BaseModel):
    """The playlist as it stands at the service."""

    url: str
    name: str
    added: int = Field(description="Tracks that were added now.")
    present: int = Field(description="Tracks that an earlier try had added.")
    refused: list[str] = Field(description="Ids of tracks that the service does not know.")
