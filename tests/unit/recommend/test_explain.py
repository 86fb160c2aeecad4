"""Reasons are true: each names what the numbers show, and nothing that is missing."""

import numpy as np

from made_tables import make_tables
from segue.features import AUDIO_NAMES
from segue.model.preprocessing import Vocabulary
from segue.recommend.explain import Explainer
from segue.recommend.pair_features import Seeds
from segue.recommend.track_arrays import Tables
from segue.types import Reason, Track

TRACKS = [
    Track(f"{i:022d}", f"Song {i}", (f"Artist {i // 3}",), release_date=str(1990 + i)) for i in range(12)
]


def _reasons(tables: Tables, seed: int, row: int) -> dict[str, Reason]:
    seeds = Seeds(np.array([seed]), tables.embeddings[seed], np.array([seed]))
    (found,) = Explainer(tables, seeds, [TRACKS[seed]]).explain(np.array([row]), [TRACKS[row]])
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
    (found,) = Explainer(tables, seeds, bare[:1]).explain(np.array([11]), bare[11:])
    assert [reason.kind for reason in found] == ["sound"]
    assert "Song 0" in found[0].text
