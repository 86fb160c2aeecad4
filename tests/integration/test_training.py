"""A tiny training run on planted clusters: it must find the answer, be repeatable, and resume."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras")
pytest.importorskip("jax2onnx")
pytest.importorskip("lightgbm")

from segue.catalogue.store import Columns
from segue.errors import TrainingError
from segue.model.encoder import Encoder
from segue.text.song_keys import hash64
from segue.training.fit import TrainingList, TrainingSettings, train
from segue.training.retrieval import Schedule
from segue.training.towers import TowerShape

pytestmark = [
    pytest.mark.train,
    pytest.mark.usefixtures("compiled_once"),
    pytest.mark.filterwarnings("default"),  # the frameworks warn about each other
]

N, GROUPS = 600, 6
SMALL = TrainingSettings(
    schedule=Schedule(steps=120, warmup=20),
    more_steps=20,
    ranker_rounds=20,
    n_candidates=100,
    shape=TowerShape(hidden=32, dimensions=16),
)


def _hashes(
    kind: str, numbers: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array([hash64(f"{kind}{number}") for number in numbers], np.uint64)


@pytest.fixture(scope="module")
def group() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.random.default_rng(0).integers(0, GROUPS, N)


@pytest.fixture(scope="module")
def columns(group: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Columns:
    rng = np.random.default_rng(1)
    audio = (rng.random((N, 13)) * 0.2 + group[:, None] / GROUPS * 0.7).astype(np.float32)
    audio[:, 2], audio[:, 4], audio[:, 12] = rng.integers(0, 12, N), rng.integers(0, 2, N), 4
    audio[:, 10] = 60 + 100 * audio[:, 10]
    artist = group * 10 + rng.integers(0, 10, N)
    return Columns(
        audio=audio,
        year=(1960 + 8 * group).astype(np.float32),
        popularity=np.full(N, np.nan, np.float32),
        track_hash=_hashes("track", np.arange(N)),
        artist_hash=_hashes("artist", artist),
        album_hash=_hashes("album", artist),
        song_hash=_hashes("song", np.arange(N)),
        isrc_hash=np.zeros(N, np.uint64),
    )


@pytest.fixture(scope="module")
def lists(group: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[TrainingList]:
    rng = np.random.default_rng(2)
    return [
        TrainingList(rng.permutation(np.flatnonzero(group == place % GROUPS))[:30], hash64(f"list{place}"))
        for place in range(90)
    ]


def test_planted_groups_are_found_and_a_cut_run_ends_the_same(
    columns: Columns,
    lists: list[TrainingList],
    group: np.ndarray[tuple[int], np.dtype[np.int64]],
    tmp_path: Path,
) -> None:
    class CutError(Exception):
        pass

    def cut(stage: str, figures: object) -> None:
        if stage == "ranker":
            raise CutError

    bundle = train(columns, lists, SMALL, out=tmp_path / "whole", report=lambda *_: None)
    with pytest.raises(CutError):
        train(columns, lists, SMALL, out=tmp_path / "cut", report=cut)
    resumed = train(columns, lists, SMALL, out=tmp_path / "cut", report=lambda *_: None)
    assert resumed.key == bundle.key
    assert not (tmp_path / "cut" / "work").exists()

    from segue.recommend.track_arrays import build_arrays, make_tables

    encoder = Encoder(bundle)
    tables = make_tables(build_arrays(columns, encoder), bundle)
    for wanted in range(GROUPS):
        seeds = np.flatnonzero(group == wanted)[:8]
        query = encoder.embed_queries([tables.inputs.take(seeds)])[0]
        best = np.argsort(-(tables.embeddings @ query))[:40]
        assert (group[best] == wanted).mean() > 0.9
    assert np.array_equal(bundle.array("trained_lists"), np.unique([each.list_hash for each in lists]))


def test_too_few_lists_are_refused(columns: Columns, lists: list[TrainingList], tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="at least 50"):
        train(columns, lists[:10], SMALL, out=tmp_path, report=lambda *_: None)
