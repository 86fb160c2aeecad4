"""A bundle laid out for another version is refused, with what was expected, what came and what to do."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segue.array_cache import Spec
from segue.errors import BundleDamagedError, BundleMismatchError
from segue.model.bundle import BUILT_IN, Bundle, find_folder
from segue.model.encoder import Encoder
from segue.model.layout import ARRAYS, Layout, check_names, check_spec

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(find_folder("audio"), tmp_path / "bundle"))


def _change(folder: Path, change: Change) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest["layout"])
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_bundles_say_what_their_files_hold(name: str) -> None:
    bundle = Bundle.open(name)
    parts = {file: bundle.file(file).read_bytes() for file in bundle.manifest["files"]}
    assert Layout.describe(parts, bundle.layout.pair_features) == bundle.layout
    assert Layout.parse(json.loads(json.dumps(bundle.layout.to_json())), "it") == bundle.layout


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda it: it["arrays"]["sound_knots"].update(dtype="float64"), r"float32 \(10, knots\).*float64"),
        (lambda it: it["arrays"]["sound_scores"].update(shape=[64]), r"knots = 65, received float32 \(64\)"),
        (lambda it: it["arrays"].update(strange={"dtype": "int8", "shape": [1]}), "strange.*expected none"),
        (lambda it: it["graphs"]["candidate_tower.onnx"]["audio"].update(shape=["N", 12]), r"N, 13.*N, 12"),
        (lambda it: it["graphs"]["query_tower.onnx"]["mask"].update(dtype="int32"), "mask of query_tower"),
        (lambda it: it["pair_features"].pop(), "takes 21 columns, its manifest names 20"),
    ],
)
def test_another_layout_is_refused(folder: Path, change: Change, message: str) -> None:
    _change(folder, change)
    with pytest.raises(BundleMismatchError, match=message) as caught:
        Bundle.open(folder)
    assert "Train it again" in caught.value.hint


@pytest.mark.parametrize("value", [None, {}, {"pair_features": [], "arrays": [], "graphs": {}}, "text"])
def test_a_manifest_without_a_usable_layout_is_damaged(folder: Path, value: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "layout": value}))
    with pytest.raises(BundleDamagedError, match="layout"):
        Bundle.open(folder)


def test_the_key_covers_the_layout(folder: Path) -> None:
    before = Bundle.open(folder).key
    _change(folder, lambda it: it["pair_features"].reverse())
    assert Bundle.open(folder).key != before


def test_an_array_that_is_not_what_the_manifest_says_is_refused(folder: Path) -> None:
    _change(folder, lambda it: it["arrays"]["trained_lists"].update(shape=[7]))
    with pytest.raises(BundleMismatchError, match=r"trained_lists.*expected uint64 \(7\), received"):
        Bundle.open(folder).array("trained_lists")


def test_a_graph_that_is_not_what_the_manifest_says_is_refused(folder: Path) -> None:
    _change(folder, lambda it: it["graphs"]["candidate_tower.onnx"].pop("bias"))
    with pytest.raises(BundleMismatchError, match="the graph has audio, hidden, embedding, bias"):
        Encoder(Bundle.open(folder))


def test_names_in_another_order_show_the_first_that_differs() -> None:
    check_names("x", ["a", "b"], ["a", "b"])
    with pytest.raises(BundleMismatchError, match="number 2 should be 'b' and is 'c'"):
        check_names("x", ["a", "b", "c"], ["a", "c", "b"])
    with pytest.raises(BundleMismatchError, match="expected 2 columns, received 1; number 2 should be 'b'"):
        check_names("x", ["a", "b"], ["a"])
    with pytest.raises(BundleMismatchError, match="should be none and is 'c'"):
        check_names("x", ["a", "b"], ["a", "b", "c"])


def test_letters_stand_for_one_number_in_one_layout() -> None:
    sizes: dict[str, int] = {}
    check_spec("songs", ARRAYS["factor_songs"], Spec("uint64", (5,)), sizes)
    check_spec("factors", ARRAYS["song_factors"], Spec("int8", (5, 64)), sizes)
    with pytest.raises(BundleMismatchError, match="songs = 5"):
        check_spec("counts", ARRAYS["counts_song"], Spec("float32", (6,)), sizes)


def test_a_layout_read_off_files_names_arrays_without_their_ending(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((2, 3), np.int32))
    found = Layout.describe({"a.npy": (tmp_path / "a.npy").read_bytes(), "b.txt": b""}, ["one"])
    assert found == Layout(("one",), {"a": Spec("int32", (2, 3))}, {})
