"""Variety, popularity, repeats and flow, on lists small enough to work out by hand."""

import numpy as np
import pytest

from segue.catalogue.store import Columns
from segue.evaluation.measures.audio_space import embed_audio
from segue.evaluation.measures.list_quality import (
    count_repeats,
    describe_all,
    describe_lists,
    gini,
    key_position,
    surround,
)
from segue.features import AUDIO_NAMES


def columns_of(n: int, **given: list[float]) -> Columns:
    audio = np.full((n, len(AUDIO_NAMES)), 0.5, dtype=np.float32)
    for name, values in given.items():
        if name in AUDIO_NAMES:
            audio[:, AUDIO_NAMES.index(name)] = values
    hashes = np.arange(1, n + 1, dtype=np.uint64)
    songs = np.array(given.get("song", hashes), dtype=np.uint64)
    isrcs = np.array(given.get("isrc", [0] * n), dtype=np.uint64)
    years = np.full(n, 2000, dtype=np.float32)
    return Columns(audio, years, years, hashes, hashes // 2, hashes, songs, isrcs)


class TestRepeats:
    def test_versions_by_song_and_by_isrc_count_once_each(self) -> None:
        columns = columns_of(5, song=[1, 1, 2, 3, 1], isrc=[7, 7, 8, 8, 0])
        # Row 1 repeats 0 (both), row 3 repeats 2 by ISRC, row 4 repeats 0 by song.
        assert count_repeats(columns, np.arange(5)) == 3

    def test_what_is_not_known_repeats_nothing(self) -> None:
        assert count_repeats(columns_of(3, song=[0, 0, 0]), np.arange(3)) == 0


class TestKeys:
    def test_circle_of_fifths(self) -> None:
        # C, G, D are neighbours; A minor stands where C major does.
        columns = columns_of(4, key=[0, 7, 2, 9], mode=[1, 1, 1, 0])
        assert key_position(columns.audio).tolist() == [0, 1, 2, 0]

    def test_unknown_key(self) -> None:
        assert np.isnan(key_position(columns_of(1, key=[np.nan]).audio)).all()


def described(columns: Columns, picks: list[int], seeds: list[int]) -> dict[str, float]:
    popularity = np.array([10, 20, 30, np.nan, 50], dtype=np.float32)
    counts = np.array([0, 1, 3, 7, 0])
    around = surround(columns, popularity, counts)
    values = describe_lists(around, [np.array(picks)], [np.array(seeds)])
    return {name: float(each[0]) for name, each in values.items() if len(each)}


class TestLists:
    COLUMNS = columns_of(5, energy=[0.0, 0.1, 0.2, 0.3, 0.9], tempo=[100, 120, 110, 130, 90])

    def test_popularity_and_its_lift(self) -> None:
        found = described(self.COLUMNS, picks=[2, 3, 4], seeds=[0, 1])
        assert found["popularity"] == 40  # of 30 and 50; one is not known
        assert found["popularity_lift"] == pytest.approx(40 / 15)
        assert found["list_popularity"] == pytest.approx((2 + 3 + 0) / 3)  # log2 of 4, 8, 1
        assert found["list_popularity_lift"] == pytest.approx((5 / 3) / 0.5)

    def test_jumps_against_all_pairs(self) -> None:
        found = described(self.COLUMNS, picks=[0, 1, 2], seeds=[3])
        # Energy: neighbours 0.1, 0.1; all pairs 0.1, 0.1, 0.2. Tempo: 20, 10 of 20, 10, 10.
        assert found["jump_energy_ratio"] == pytest.approx(0.1 / (0.4 / 3), rel=1e-5)
        assert found["jump_tempo_ratio"] == pytest.approx(15 / (40 / 3), rel=1e-5)
        # All keys are the same, so there is no jump to compare.
        assert "jump_key_ratio" not in found
        assert found["jump_ratio"] == pytest.approx(
            (found["jump_energy_ratio"] + found["jump_tempo_ratio"]) / 2
        )

    def test_a_smooth_order_jumps_less(self) -> None:
        smooth = described(self.COLUMNS, picks=[0, 1, 2, 3, 4], seeds=[0])
        rough = described(self.COLUMNS, picks=[0, 4, 1, 3, 2], seeds=[0])
        assert smooth["jump_energy_ratio"] < 0.7 < rough["jump_energy_ratio"]

    def test_variety(self) -> None:
        same = described(columns_of(5), picks=[0, 1, 2], seeds=[3])
        assert same["intra_list_distance"] == pytest.approx(
            described(columns_of(5), picks=[1, 2], seeds=[3])["intra_list_distance"]
        )
        assert described(self.COLUMNS, picks=[0, 4], seeds=[3])["intra_list_distance"] > 0.5

    def test_first_song(self) -> None:
        near = described(self.COLUMNS, picks=[1, 4], seeds=[0])
        far = described(self.COLUMNS, picks=[4, 1], seeds=[0])
        assert near["first_distance_ratio"] < 1 < far["first_distance_ratio"]

    def test_artists(self) -> None:
        # Artists are 0 (not known), 1, 1, 2, 2.
        assert described(self.COLUMNS, picks=[0, 1, 2, 3], seeds=[4])["distinct_artists"] == 2


class TestAllLists:
    def test_coverage(self) -> None:
        found = describe_all([np.array([0, 1]), np.array([1, 2])], 10)
        assert found["coverage"] == 0.3
        assert found["coverage_of_possible"] == 0.75

    @pytest.mark.parametrize(
        ("counts", "expected"), [([1, 1, 1, 1], 0.0), ([0, 0, 0, 4], 0.75), ([0, 0], 0.0), ([1, 3], 0.25)]
    )
    def test_gini(self, counts: list[float], expected: float) -> None:
        assert gini(np.array(counts, dtype=np.float64)) == pytest.approx(expected)


class TestAudioSpace:
    def test_units_do_not_matter(self, rng: np.random.Generator) -> None:
        audio = rng.random((50, len(AUDIO_NAMES))).astype(np.float32)
        scaled = audio.copy()
        scaled[:, AUDIO_NAMES.index("duration_ms")] *= 300_000
        np.testing.assert_allclose(embed_audio(audio), embed_audio(scaled), atol=1e-5)

    def test_fifths_are_near_and_gaps_are_the_centre(self) -> None:
        space = embed_audio(columns_of(4, key=[0, 7, 6, np.nan]).audio)
        c_g, c_fis = np.linalg.norm(space[0] - space[1]), np.linalg.norm(space[0] - space[2])
        assert c_g < c_fis
        assert space[3, -2:].tolist() == [0, 0]
        assert np.isfinite(space).all()
