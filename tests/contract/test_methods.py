"""One suite for everything that can be measured, on a catalogue whose answer is known.

Four clusters of 40 tracks: each has its own sound and its own artists, and every list stays within one
cluster. The right continuation of seeds from a cluster is the rest of that cluster.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from segue.catalogue.store import Columns
from segue.errors import InputError
from segue.evaluation.baselines import BASELINE_NAMES, make_baseline
from segue.evaluation.methods import Baseline, best_rows
from segue.features import AUDIO, AUDIO_NAMES

CLUSTERS, SIZE = 4, 40
KNOWS_NOTHING = {"random", "popularity", "prototype"}
FINDS_CLUSTER = [name for name in BASELINE_NAMES if name not in KNOWS_NOTHING]


def planted_columns() -> Columns:
    rng = np.random.default_rng(5)
    n = CLUSTERS * SIZE
    cluster = np.arange(n) // SIZE
    low, high = (np.array([getattr(feature, side) for feature in AUDIO]) for side in ("low", "high"))
    centres = rng.uniform(0.2, 0.8, (CLUSTERS, len(AUDIO)))
    audio = low + (high - low) * np.clip(centres[cluster] + rng.normal(0, 0.02, (n, len(AUDIO))), 0, 1)
    audio[:, AUDIO_NAMES.index("key")] = cluster * 3
    hashes = np.arange(1, n + 1, dtype=np.uint64)
    return Columns(
        audio=audio.astype(np.float32),
        year=np.full(n, 2000, dtype=np.float32),
        popularity=np.full(n, 50, dtype=np.float32),
        track_hash=hashes,
        artist_hash=(np.arange(n, dtype=np.uint64) // 10) + 1,  # ten tracks an artist, four artists a cluster
        album_hash=hashes,
        song_hash=hashes,
        isrc_hash=np.zeros(n, dtype=np.uint64),
    )


def planted_lists() -> list[NDArray[np.int64]]:
    rng = np.random.default_rng(6)
    return [np.arange(SIZE)[rng.permutation(SIZE)[:20]] + SIZE * (place % CLUSTERS) for place in range(80)]


@pytest.fixture(scope="module")
def fitted() -> dict[str, Baseline]:
    pytest.importorskip("implicit")
    methods = {}
    for name in BASELINE_NAMES:
        methods[name] = make_baseline(name, planted_columns())
        methods[name].fit(planted_lists())
    return methods


@pytest.mark.parametrize("name", BASELINE_NAMES)
class TestEveryMethod:
    SEEDS = np.array([45, 52, 63, 71], dtype=np.int64)  # of the second cluster, one by each of its artists

    def test_gives_n_distinct_rows_and_no_seed(self, name: str, fitted: dict[str, Baseline]) -> None:
        picks = fitted[name].recommend(self.SEEDS, 30)
        assert picks.dtype == np.int64
        assert len(picks) == len(set(picks.tolist())) == 30
        assert not set(picks.tolist()) & set(self.SEEDS.tolist())
        assert picks.min() >= 0
        assert picks.max() < CLUSTERS * SIZE

    def test_same_question_same_answer(self, name: str, fitted: dict[str, Baseline]) -> None:
        first, again = (fitted[name].recommend(self.SEEDS, 20) for _ in range(2))
        np.testing.assert_array_equal(first, again)

    def test_asked_for_more_than_there_is(self, name: str, fitted: dict[str, Baseline]) -> None:
        picks = fitted[name].recommend(self.SEEDS, 10_000)
        assert len(picks) == CLUSTERS * SIZE - len(self.SEEDS)

    def test_one_seed_is_enough(self, name: str, fitted: dict[str, Baseline]) -> None:
        assert len(fitted[name].recommend(self.SEEDS[:1], 5)) == 5

    def test_no_seeds_at_all(self, name: str, fitted: dict[str, Baseline]) -> None:
        picks = fitted[name].recommend(np.empty(0, dtype=np.int64), 5)
        assert len(picks) in {0, 5}

    def test_learns_from_no_lists(self, name: str) -> None:
        method = make_baseline(name, planted_columns())
        method.fit([])
        # A factorisation of nothing has no factors; all others still answer.
        assert len(method.recommend(self.SEEDS, 5)) == (0 if name == "als" else 5)

    def test_names_itself(self, name: str, fitted: dict[str, Baseline]) -> None:
        assert fitted[name].name == name


@pytest.mark.parametrize("name", FINDS_CLUSTER)
def test_finds_the_rest_of_the_cluster(name: str, fitted: dict[str, Baseline]) -> None:
    picks = fitted[name].recommend(TestEveryMethod.SEEDS, 36)
    in_cluster = (picks >= SIZE) & (picks < 2 * SIZE)
    assert in_cluster.mean() > (0.85 if name == "als" else 0.95)  # far more factors than clusters


# Not the prototype: its random projection can be lucky on clusters this plain.
@pytest.mark.parametrize("name", ["popularity", "random"])
def test_what_looks_at_no_seed_does_not(name: str, fitted: dict[str, Baseline]) -> None:
    picks = fitted[name].recommend(TestEveryMethod.SEEDS, 36)
    assert ((picks >= SIZE) & (picks < 2 * SIZE)).mean() < 0.6


def test_unknown_baseline() -> None:
    with pytest.raises(InputError, match="unknown baseline 'best'"):
        make_baseline("best", planted_columns())


def test_best_rows_orders_by_score_then_row() -> None:
    scores = np.array([1.0, 3.0, -np.inf, 3.0, 2.0])
    assert best_rows(scores, 3, np.array([4])).tolist() == [1, 3, 0]
    assert best_rows(scores, 1, np.array([], dtype=np.int64)).tolist() == [1]
    assert best_rows(scores, 9, np.array([1])).tolist() == [3, 4, 0]
