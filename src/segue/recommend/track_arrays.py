"""A catalogue as one bundle sees it: all arrays that answering a query needs, by row."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.array_cache import Spec
from segue.catalogue.store import Columns
from segue.features import AUDIO_NAMES
from segue.model.bundle import Bundle
from segue.model.encoder import Encoder
from segue.model.layout import GRAPHS
from segue.model.preprocessing import TrackInputs, Vocabulary, scale_year

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

# The numeric features, in the order of `Tables.sound`; key, mode and metre are no quantities.
SOUND = (
    "danceability", "energy", "loudness", "speechiness", "acousticness",
    "instrumentalness", "liveness", "valence", "tempo", "duration_ms",
)  # fmt: skip
SOUND_COLUMNS = [AUDIO_NAMES.index(name) for name in SOUND]
_NO_YEAR = 1900  # what streaming services write for a date that they do not know


@dataclass(frozen=True, slots=True)
class Factors:
    """What playlists taught about songs or artists: one vector each, of unit length.

    Attributes
    ----------
    vectors
        (V + 1, K) float32; row 0 is all zero and stands for "not known".
    place
        (N,) int32: where in `vectors` the track of each catalogue row stands.

    """

    vectors: Floats
    place: Ints


@dataclass(frozen=True)
class Tables:
    """Arrays by catalogue row, N long. All but the factors' vectors are kept beside the catalogue.

    Attributes
    ----------
    inputs
        What the candidate tower took.
    embeddings, bias
        (N, D) and (N,): what it gave. The retrieval score is `temperature` times the cosine with the query,
        plus the bias.
    sound
        (N, 10) float32: the numeric audio features as normal scores, 0 where missing.
    popularity
        (N,) float32, as the catalogue has it, NaN where missing. Only filters and steering look at it.
    named
        (N,) whether the track has a title. Only filters look at it.
    artist, album, version, isrc
        (N,) int32: tracks with the same number share it; -1 where it is not known. Tracks of one `version`
        number are versions of one song.
    artist_size
        (N,) float32: how many tracks the catalogue has by the artist.
    track_count, song_count, artist_count
        (N,) float32: log(1 + number of training lists with the track, any version of it, the artist).
    song_key
        (N,) uint64: what all versions of a song share, as a hash.
    listed_pairs
        The exclusive-or of the song keys of each pair that playlists often hold together.
    songs, artists
        Factors; those of a bundle that looks at audio alone know nobody.

    """

    inputs: TrackInputs
    embeddings: Floats
    bias: Floats
    temperature: float
    sound: Floats
    popularity: Floats
    named: NDArray[np.bool_]
    artist: Ints
    album: Ints
    version: Ints
    isrc: Ints
    artist_size: Floats
    track_count: Floats
    song_count: Floats
    artist_count: Floats
    song_key: NDArray[np.uint64]
    listed_pairs: Vocabulary
    songs: Factors
    artists: Factors

    def __len__(self) -> int:
        return len(self.bias)

    @property
    def knows_lists(self) -> bool:
        """Whether the model learned what playlists hold; one of audio alone looks at no name and no list."""
        return len(self.songs.vectors) > 1

    @cached_property
    def by_artist(self) -> "Groups":
        """The rows of each artist."""
        return Groups(self.artist)

    @cached_property
    def with_artist(self) -> NDArray[np.int64]:
        """The rows whose artist the factors know."""
        return np.flatnonzero(self.artists.place)

    @cached_property
    def heard(self) -> NDArray[np.bool_]:
        """(N,) whether anything is known of how the track sounds; its length says nothing."""
        columns = [index for index in SOUND_COLUMNS if AUDIO_NAMES[index] != "duration_ms"]
        return np.asarray(np.isfinite(self.inputs.audio[:, columns]).any(axis=1), np.bool_)

    @cached_property
    def known_popularity(self) -> Floats:
        """(N,) the popularity, NaN where it is missing or 0, which is what sources write for not known."""
        return np.where(self.popularity > 0, self.popularity, np.float32(np.nan))

    @cached_property
    def by_version(self) -> "Groups":
        """The rows of each song."""
        return Groups(self.version)

    @cached_property
    def first_release(self) -> NDArray[np.int64]:
        """(N,) the row of the earliest dated version of the same song; its own row where none has a date."""
        first = np.arange(len(self))
        dated = np.flatnonzero((self.version >= 0) & np.isfinite(self._dates))
        version, dates = self.version[dated], self._dates[dated]
        earliest = np.full(self.version.max(initial=-1) + 1, np.inf, np.float32)
        np.minimum.at(earliest, version, dates)
        rows = dated[dates == earliest[version]][::-1]  # of equal years the lowest row is written last
        of_version = np.full(len(earliest), -1)
        of_version[self.version[rows]] = rows
        found = of_version[self.version] if len(of_version) else first
        return np.where((self.version >= 0) & (found >= 0), found, first)

    @cached_property
    def song_year(self) -> Floats:
        """(N,) the earliest year that any version of the song has, NaN where none has one.

        The model takes each track's own, `inputs.year`, as it did in training; people see this one.
        """
        return self._dates[self.first_release]

    @cached_property
    def _dates(self) -> Floats:
        return np.where(self.inputs.year == _NO_YEAR, np.float32(np.nan), self.inputs.year)

    @cached_property
    def by_isrc(self) -> "Groups":
        """The rows of each recording."""
        return Groups(self.isrc)


class Groups:
    """The rows of each group number, found without a search."""

    def __init__(self, numbers: Ints) -> None:
        self._rows = np.argsort(numbers, kind="stable")
        self._starts = np.searchsorted(numbers[self._rows], np.arange(numbers.max(initial=-1) + 2))

    def rows(self, numbers: NDArray[np.integer]) -> NDArray[np.int64]:
        """Return the rows of all these groups together; -1 stands for no group."""
        parts = [self._rows[self._starts[g] : self._starts[g + 1]] for g in np.unique(numbers) if g >= 0]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)


def build_arrays(
    columns: Columns, encoder: Encoder, *, progress: Callable[[int, int], None] | None = None
) -> dict[str, NDArray[Any]]:
    """Compute every array of `Tables` that depends on both catalogue and bundle, by name."""
    bundle = encoder.bundle
    sound = find_sound(columns.audio, bundle.array("sound_knots"), bundle.array("sound_scores"))
    inputs = find_inputs(columns, sound, bundle)
    embeddings, bias = encoder.embed_tracks(inputs, progress=progress)
    artist, album = number_groups(columns.artist_hash), number_groups(columns.album_hash)
    version = number_groups(columns.song_hash)
    song_key = np.where(columns.song_hash != 0, columns.song_hash, columns.track_hash)
    song_place = find_place(bundle, "factor_songs", song_key)
    artist_place = find_place(bundle, "factor_artists", columns.artist_hash)
    return {
        **{f"inputs_{each.name}": getattr(inputs, each.name) for each in fields(TrackInputs)},
        "embeddings": embeddings,
        "bias": bias,
        "sound": sound,
        "popularity": columns.popularity,
        "named": np.ones(len(artist), np.bool_) if columns.named is None else columns.named,
        "artist": artist,
        "album": album,
        "version": version,
        "isrc": number_groups(columns.isrc_hash),
        "artist_size": count_groups(artist),
        "track_count": find_counts(
            bundle, "counts_track", find_place(bundle, "counted_tracks", columns.track_hash)
        ),
        "song_count": find_counts(bundle, "counts_song", song_place),
        "artist_count": find_counts(bundle, "counts_artist", artist_place),
        "song_key": song_key,
        "song_place": song_place,
        "artist_place": artist_place,
    }


def expected_arrays(n: int, dimensions: int) -> dict[str, Spec]:
    """Return what `build_arrays` gives for n tracks and embeddings of this length: name to type and shape."""
    inputs = GRAPHS["candidate_tower.onnx"]
    floats, ints = Spec("float32", (n,)), Spec("int32", (n,))
    return {
        **{
            f"inputs_{each.name}": Spec(inputs[each.name].dtype, (n, *inputs[each.name].shape[1:]))
            for each in fields(TrackInputs)
        },
        "embeddings": Spec("float32", (n, dimensions)),
        "sound": Spec("float32", (n, len(SOUND))),
        "song_key": Spec("uint64", (n,)),
        "named": Spec("bool", (n,)),
        **dict.fromkeys(
            ("bias", "popularity", "artist_size", "track_count", "song_count", "artist_count"), floats
        ),
        **dict.fromkeys(("artist", "album", "version", "isrc", "song_place", "artist_place"), ints),
    }


def make_tables(arrays: dict[str, NDArray[Any]], bundle: Bundle) -> Tables:
    """Put the arrays of `build_arrays` together with what the bundle alone holds."""
    rest = dict(arrays)
    inputs = TrackInputs(**{each.name: rest.pop(f"inputs_{each.name}") for each in fields(TrackInputs)})
    songs = Factors(load_vectors(bundle, "song_factors"), rest.pop("song_place"))
    artists = Factors(load_vectors(bundle, "artist_factors"), rest.pop("artist_place"))
    temperature = float(bundle.manifest["temperature"])
    return Tables(
        inputs=inputs,
        temperature=temperature,
        listed_pairs=find_vocabulary(bundle, "listed_pairs"),
        songs=songs,
        artists=artists,
        **rest,
    )


def find_inputs(columns: Columns, sound: Floats, bundle: Bundle) -> TrackInputs:
    """Look up what the candidate tower takes."""
    return TrackInputs(
        columns.audio,
        columns.year,
        find_profile(sound, columns.year, number_groups(columns.artist_hash)),
        find_place(bundle, "tower_artists", columns.artist_hash),
        find_place(bundle, "tower_tracks", columns.track_hash),
        find_place(bundle, "tower_songs", columns.song_hash),
    )


def find_profile(sound: Floats, year: Floats, artist: Ints) -> Floats:
    """Return for each track (N, 11) what its artist's tracks sound like in the mean, and their mean year."""
    own = np.column_stack([sound, scale_year(year)])
    known = artist >= 0
    sums = np.zeros((artist.max(initial=-1) + 1, own.shape[1]))
    np.add.at(sums, artist[known], own[known])
    profile = own.copy()
    profile[known] = sums[artist[known]] / count_groups(artist)[known, None]
    return profile


def find_place(bundle: Bundle, vocabulary: str, hashes: NDArray[np.uint64]) -> Ints:
    """Return the places of hashes in a vocabulary of the bundle; 0 for all when it has none."""
    return find_vocabulary(bundle, vocabulary).find(hashes)


def find_vocabulary(bundle: Bundle, name: str) -> Vocabulary:
    """Return a vocabulary of the bundle; an empty one when it has none of this name."""
    return Vocabulary(bundle.array(name) if bundle.has(f"{name}.npy") else np.empty(0, np.uint64))


def find_counts(bundle: Bundle, name: str, place: Ints) -> Floats:
    """Return log(1 + count) by place; 0 for the unknown."""
    if not bundle.has(f"{name}.npy"):
        return np.zeros(len(place), np.float32)
    counts: Floats = np.concatenate([[0.0], np.log1p(bundle.array(name).astype(np.float32))])
    return counts[place].astype(np.float32)


def load_vectors(bundle: Bundle, name: str) -> Floats:
    """Load factors (int8 on disk) as unit vectors, with the zero vector of the unknown in front."""
    if not bundle.has(f"{name}.npy"):
        return np.zeros((1, 1), np.float32)
    stored = bundle.array(name).astype(np.float32)
    stored /= np.maximum(np.linalg.norm(stored, axis=1, keepdims=True), 1e-6)
    return np.concatenate([np.zeros((1, stored.shape[1]), np.float32), stored])


def find_sound(audio: Floats, knots: Floats, scores: Floats) -> Floats:
    """Map the numeric features to normal scores by the quantiles that training saw; missing becomes 0.

    `knots` is (10, K), rising; `scores` (K,) are the normal scores of the K quantiles.
    """
    parts = [np.interp(audio[:, c], knots[i], scores) for i, c in enumerate(SOUND_COLUMNS)]
    sound = np.stack(parts, axis=1).astype(np.float32)
    return np.nan_to_num(sound, copy=False)


def number_groups(hashes: NDArray[np.uint64]) -> Ints:
    """Give equal hashes equal numbers from 0, and the hash 0 (missing) the number -1."""
    distinct, numbers = np.unique(hashes, return_inverse=True)
    first = 1 if len(distinct) and distinct[0] == 0 else 0
    return (numbers - first).astype(np.int32)


def count_groups(numbers: Ints) -> Floats:
    """Return for each row how many rows have its number; 1 for those without."""
    sizes = np.bincount(numbers[numbers >= 0], minlength=1)
    return np.where(numbers >= 0, sizes[np.maximum(numbers, 0)], 1).astype(np.float32)
