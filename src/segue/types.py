"""The values that travel through segue. All are frozen; none does any work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from segue.ids import uri_of, url_of


@dataclass(frozen=True, slots=True)
class Track:
    """One entry of a catalogue.

    `track_id` has one of the forms of `segue.ids`.
    `features` holds the audio features that are known, by name, in the units of `segue.features`; a missing
    one is absent. `release_date` is as precise as the source was: "1999", "1999-05" or "1999-05-03".
    `path` is where its music file lies on this machine, and is only told to whoever sits at it.
    """

    track_id: str
    name: str = ""
    artists: tuple[str, ...] = ()
    album: str = ""
    isrc: str = ""
    release_date: str = ""
    popularity: int | None = None
    genre: str = ""
    features: Mapping[str, float] = field(default_factory=dict)
    path: str = ""

    @property
    def artist(self) -> str:
        """The artists as one text, the way a player shows them."""
        return ", ".join(self.artists)

    @property
    def year(self) -> int | None:
        """The year of release, when it is known."""
        return int(self.release_date[:4]) if self.release_date[:4].isdigit() else None

    @property
    def uri(self) -> str:
        """What a playlist in a player accepts by paste; "" where the id has none, see `ids.uri_of`."""
        return uri_of(self.track_id)

    @property
    def url(self) -> str:
        """The public link to the track; "" where the id has none, see `ids.url_of`."""
        return url_of(self.track_id)


@dataclass(frozen=True, slots=True)
class TrackReference:
    """What one line of a playlist says of a track; any field may be empty.

    `source` is the place in the input ("line 12"), for messages.
    """

    track_id: str = ""
    isrc: str = ""
    title: str = ""
    artist: str = ""
    album: str = ""
    duration_ms: int | None = None
    source: str = ""

    def __str__(self) -> str:
        named = " - ".join(part for part in (self.artist, self.title) if part)
        return named or self.track_id or self.isrc or self.source


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist as it was read: references, not yet tracks of a catalogue."""

    entries: tuple[TrackReference, ...]
    name: str = ""
    description: str = ""
    skipped: tuple[
        str, ...
    ] = ()  # what was read and is no track: a comment too odd, an episode, a local file


DOUBTFUL = 0.92  # a match below this confidence may be another song


@dataclass(frozen=True, slots=True)
class Match:
    """How one reference was found in the catalogue.

    `confidence` is in 0..1: 1 for an id, .98 for an ISRC, and below that the likeness of title and artist.
    `track` is None when nothing was near enough; `closest` then holds what came nearest, best first.
    Where an artist, several, or an album were named and no song, `songs` stand for them, and `named` tells
    their names; `track` is None then, too.
    """

    reference: TrackReference
    track: Track | None
    confidence: float
    method: Literal["id", "isrc", "name", "fuzzy", "artist", "album", "decided", "none"]
    closest: tuple[tuple[Track, float], ...] = ()
    songs: tuple[Track, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The track that was found, or the songs that stand for an artist or an album; none when unfound."""
        return self.songs if self.track is None else (self.track,)

    @property
    def is_doubtful(self) -> bool:
        """Whether a track was taken that a person should look at: spelling, artist or version differ."""
        return self.track is not None and self.confidence < DOUBTFUL


@dataclass(frozen=True, slots=True)
class Reason:
    """One true statement of why a pick was chosen.

    `kind` is one of "artist", "listed_together", "scene" (artists of the same kind of playlists), "era",
    "tempo", "energy", "mood", "sound". `seeds` are the track ids of the seeds that it speaks of.
    """

    kind: str
    text: str
    seeds: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one group of the ranker's columns adds to the ranking score of a pick.

    `contribution` is the ranking score less what it would be if the group's columns were, for this pick, what
    they are in the mean over all candidates. Parts do not add up to the score: groups work together.
    """

    group: str
    contribution: float


@dataclass(frozen=True, slots=True)
class ScoreMakeup:
    """How a pick came to its place: the sources that found it, and what each group of columns adds."""

    sources: tuple[str, ...]
    parts: tuple[ScorePart, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One pick. Scores: higher is better; they compare within one result only.

    `makeup` is there when it was asked for (`explain_scores`). `song_year` is the earliest year of release
    that any version of the song has; the track itself may be a later edition.
    """

    track: Track
    retrieval_score: float
    ranking_score: float
    reasons: tuple[Reason, ...] = ()
    makeup: ScoreMakeup | None = None
    song_year: int | None = None

    @property
    def track_id(self) -> str:
        """The id of the track."""
        return self.track.track_id

    @property
    def name(self) -> str:
        """The title of the track."""
        return self.track.name

    @property
    def artist(self) -> str:
        """The artists of the track as one text."""
        return self.track.artist


@dataclass(frozen=True, slots=True)
class Result:
    """A new playlist: the picks in order, and the seeds that the catalogue does not hold."""

    tracks: tuple[Recommendation, ...]
    unmatched: tuple[str, ...] = ()
    seeds: tuple[Track, ...] = ()


State = Literal["ok", "note", "broken"]


@dataclass(frozen=True, slots=True)
class Check:
    """What one check of `segue doctor` found. `todo` is empty when there is nothing to do."""

    name: str
    state: State
    found: str
    todo: str = ""
