"""Reasons are true: each names what the numbers show, and nothing that is missing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from made_tables import make_tables
from segue.features import AUDIO_NAMES
from segue.model.preprocessing import Vocabulary
from segue.recommend.explain import Explainer
from segue.recommend.pair_features import Seeds
from segue.recommend.track_arrays import Factors, Tables
from segue.types import Reason, Track

TRACKS = [
    Track(f"{i:022d}", f"Song {i}", (f"Artist {i // 3}",), album=f"Album {i}", release_date=str(1990 + i))
    for i in range(12)
]


def _reasons(tables: Tables, seed: int, row: int, tracks: Sequence[Track] = TRACKS) -> dict[str, Reason]:
    seeds = Seeds(np.array([seed]), tables.embeddings[seed], np.array([seed]))
    (found,) = Explainer(tables, seeds, dict(enumerate(tracks))).explain(np.array([row]))
    return {reason.kind: reason for reason in found}


def test_the_artist_is_named_when_shared() -> None:
    reasons = _reasons(make_tables(), 4, 5)
    assert reasons["artist"].text == "Artist 1 is on your list (Song 4)"
    assert reasons["artist"].seeds == (TRACKS[4].track_id,)
    assert "artist" not in _reasons(make_tables(), 4, 6)


def test_listed_together_needs_a_known_pair() -> None:
    pair = np.array([5 ^ 9], np.uint64)  # the song keys of rows 4 and 8
    tables = make_tables(listed_pairs=Vocabulary(pair))
    assert "Song 4" in _reasons(tables, 4, 8)["listed_together"].text
    assert "listed_together" not in _reasons(tables, 4, 7)


def test_era_and_tempo_need_to_be_near() -> None:
    near = _reasons(make_tables(), 4, 5)
    assert near["era"].text.startswith("from 1995")
    assert near["tempo"].text.startswith("at 105 BPM")
    assert "tempo" not in _reasons(make_tables(), 4, 6)  # 106 against 104: a listener would hear it
    far = _reasons(make_tables(), 0, 11)
    assert "era" not in far
    assert "tempo" not in far


def test_words_for_a_level_come_from_the_level() -> None:
    tables = make_tables()
    tables.inputs.audio[:, AUDIO_NAMES.index("energy")] = 0.9
    assert _reasons(tables, 0, 1)["energy"].text.startswith("energetic")
    tables.inputs.audio[:, AUDIO_NAMES.index("energy")] = 0.1
    assert _reasons(tables, 0, 1)["energy"].text.startswith("calm")


def test_missing_numbers_are_never_named_and_there_is_always_a_reason() -> None:
    tables = make_tables()
    tables.inputs.audio[:] = np.nan
    bare = [Track(f"{i:022d}", f"Song {i}", (f"Artist {i}",)) for i in range(12)]
    seeds = Seeds(np.array([0]), tables.embeddings[0], np.array([0]))
    (found,) = Explainer(tables, seeds, dict(enumerate(bare))).explain(np.array([11]))
    assert [reason.kind for reason in found] == ["sound"]
    assert "Song 0" in found[0].text


def test_a_remaster_or_a_compilation_is_of_no_era() -> None:
    assert "era" in _reasons(make_tables(), 4, 5)
    for name, album in (("Song 5 - Remastered 2011", "Album"), ("Song 5", "Greatest Hits"), ("Song 5", "")):
        tracks = [*TRACKS]
        tracks[5] = replace(tracks[5], name=name, album=album)
        assert "era" not in _reasons(make_tables(), 4, 5, tracks)
        assert "era" not in _reasons(make_tables(), 5, 4, tracks)


def test_the_era_of_a_remaster_is_that_of_the_first_release() -> None:
    version = np.full(12, -1, np.int32)
    version[[1, 11]] = 0  # of 1991 and 2001
    tracks = [*TRACKS]
    tracks[11] = replace(tracks[11], album="Album 1 (Remastered)")
    tables = make_tables(version=version)
    assert _reasons(tables, 2, 11, tracks)["era"].text == "from 1991, the time of Song 2 (Artist 0)"
    assert "era" not in _reasons(tables, 10, 11, tracks)
    tracks[1] = replace(tracks[1], album="Collected")
    assert "era" not in _reasons(tables, 2, 11, tracks)


def _make_apart() -> Tables:
    """Tables of tracks that share no tempo, no level far from the middle, and no artist."""
    tables = make_tables(artist=np.full(12, -1, np.int32))
    tables.inputs.audio[:] = np.nan
    for name in ("energy", "valence", "danceability"):
        tables.inputs.audio[:, AUDIO_NAMES.index(name)] = np.linspace(0.3, 1, 12)
    return tables


def test_what_sounds_alike_is_named_where_nothing_else_is_shared() -> None:
    tables = _make_apart()
    reasons = _reasons(tables, 0, 11)
    assert reasons["sound"].text == "nearest to Song 0 (Artist 0)"
    audio = tables.inputs.audio
    audio[11] = audio[2]
    audio[2, :] += 0.05
    assert _reasons(tables, 2, 11)["sound"].text == (
        "about as energetic, bright and danceable as Song 2 (Artist 0)"
    )
    audio[2, :] += 0.1
    assert _reasons(tables, 2, 11)["sound"].text.startswith("roughly as energetic")
    audio[[2, 11], AUDIO_NAMES.index("tempo")] = 170, 174
    assert _reasons(tables, 2, 11)["sound"].text == "about as fast as Song 2 (Artist 0)"


def test_artists_of_the_same_playlists_are_named_where_the_sound_is_not_alike() -> None:
    vectors = np.eye(3, dtype=np.float32)
    vectors[0] = 0
    place = np.zeros(12, np.int32)
    place[[0, 11]] = 1
    tables = _make_apart()
    alike = make_tables(artist=tables.artist, inputs=tables.inputs, artists=Factors(vectors, place))
    assert _reasons(alike, 0, 11)["scene"].text == "Artist 3 is in the same kind of playlists as Artist 0"
    assert "scene" not in _reasons(tables, 0, 10)


def test_what_is_alike_in_nothing_else_is_sung() -> None:
    tables = _make_apart()
    tables.inputs.audio[[0, 11], AUDIO_NAMES.index("instrumentalness")] = 0.0, 0.25
    assert _reasons(tables, 0, 11)["sound"].text == "sung, like Song 0 (Artist 0)"
