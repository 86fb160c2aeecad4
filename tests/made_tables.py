"""Small tables for tests of the flow: a dozen tracks whose every number is known."""

from typing import Any

import numpy as np

from segue.features import AUDIO_NAMES
from segue.model.preprocessing import TrackInputs, Vocabulary
from segue.recommend.track_arrays import SOUND, Factors, Tables, count_groups


def make_tables(n: int = 12, **changed: Any) -> Tables:
    """Return tables of n tracks.

    Track i lies at angle i * 0.1 of the plane, is by artist i // 3, on an album of its own, in no version
    group, of year 1990 + i, and stands in i training lists. `changed` replaces whole arrays.
    """
    angle = np.arange(n) * 0.1
    audio = np.full((n, len(AUDIO_NAMES)), 0.5, np.float32)
    audio[:, AUDIO_NAMES.index("tempo")] = 100 + np.arange(n)
    audio[:, AUDIO_NAMES.index("energy")] = np.linspace(0.1, 0.9, n)
    audio[:, AUDIO_NAMES.index("key")] = 0
    nothing = np.zeros(n, np.int32)
    artist = (np.arange(n) // 3).astype(np.int32)
    vectors = np.concatenate([np.zeros((1, n), np.float32), np.eye(n, dtype=np.float32)])
    arrays: dict[str, Any] = {
        "inputs": TrackInputs(
            audio,
            (1990 + np.arange(n)).astype(np.float32),
            np.zeros((n, 11), np.float32),
            nothing,
            nothing,
            nothing,
        ),
        "embeddings": np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32),
        "bias": np.zeros(n, np.float32),
        "temperature": 10.0,
        "sound": np.tile(np.linspace(-1, 1, n, dtype=np.float32)[:, None], (1, len(SOUND))),
        "popularity": np.linspace(0, 100, n, dtype=np.float32),
        "named": np.ones(n, bool),
        "artist": artist,
        "album": np.arange(n, dtype=np.int32),
        "version": np.full(n, -1, np.int32),
        "isrc": np.full(n, -1, np.int32),
        "artist_size": count_groups(artist),
        "track_count": np.log1p(np.arange(n)).astype(np.float32),
        "song_count": np.log1p(np.arange(n)).astype(np.float32),
        "artist_count": np.ones(n, np.float32),
        "song_key": np.arange(1, n + 1, dtype=np.uint64),
        "listed_pairs": Vocabulary(np.empty(0, np.uint64)),
        "songs": Factors(vectors, np.arange(1, n + 1, dtype=np.int32)),
        "artists": Factors(vectors, artist + 1),
    }
    return Tables(**{**arrays, **changed})
