"""The graphs of a built-in bundle: unit length, the same in any batch, and no other columns than its own."""

import numpy as np
import pytest

from segue.errors import BundleDamagedError, BundleMismatchError
from segue.model.bundle import Bundle
from segue.model.encoder import Encoder
from segue.model.preprocessing import TrackInputs


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(Bundle.open("audio"), threads=1)


def _tracks(n: int) -> TrackInputs:
    rng = np.random.default_rng(3)
    audio = rng.random((n, 13)).astype(np.float32)
    audio[:, 10] *= 200
    none = np.zeros(n, np.int32)
    return TrackInputs(audio, np.full(n, np.nan, np.float32), np.zeros((n, 11), np.float32), none, none, none)


def test_embeddings_have_unit_length_and_progress_is_told(encoder: Encoder) -> None:
    told: list[tuple[int, int]] = []
    embeddings, bias = encoder.embed_tracks(
        _tracks(9), progress=lambda done, total: told.append((done, total))
    )
    assert embeddings.shape == (9, encoder.dimensions)
    assert bias.shape == (9,)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, rtol=1e-4)
    assert told == [(9, 9)]


def test_a_query_is_the_same_beside_others_and_in_any_order_of_its_seeds(encoder: Encoder) -> None:
    tracks = _tracks(9)
    alone = encoder.embed_queries([tracks.take(np.arange(3))])
    beside = encoder.embed_queries([tracks.take(np.arange(9)), tracks.take(np.array([2, 0, 1]))])
    np.testing.assert_allclose(beside[1], alone[0], atol=1e-5)
    assert not np.allclose(beside[0], alone[0], atol=1e-3)
    assert encoder.embed_queries([]).shape == (0, encoder.dimensions)


def test_the_ranker_takes_its_own_columns_in_their_order_only(encoder: Encoder) -> None:
    names = encoder.bundle.layout.pair_features
    pairs = np.random.default_rng(0).random((4, len(names))).astype(np.float32)
    assert encoder.rank(pairs, names).shape == (4,)
    assert encoder.rank(pairs, list(names)).dtype == np.float32
    with pytest.raises(BundleMismatchError, match="number 1 should be 'retrieval' and is 'n_seeds'"):
        encoder.rank(pairs[:, ::-1], names[::-1])
    with pytest.raises(BundleMismatchError, match="expected 21 columns, received 20"):
        encoder.check_pair_features(names[:-1])


def test_a_bundle_without_a_ranker_says_so(encoder: Encoder) -> None:
    manifest = {**encoder.bundle.manifest, "files": dict(encoder.bundle.manifest["files"])}
    del manifest["files"]["ranker.onnx"]
    layout = encoder.bundle.layout
    draft = Encoder(Bundle(encoder.bundle.folder, manifest, layout, "draft"), threads=1)
    with pytest.raises(BundleDamagedError, match=r"no ranker\.onnx"):
        draft.rank(np.zeros((1, 21), np.float32), layout.pair_features)
