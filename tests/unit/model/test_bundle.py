"""A bundle that is wrong, damaged or made for something else is refused, with the reason."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from segue.errors import BundleDamagedError, BundleMismatchError, BundleNotFoundError
from segue.model.bundle import BUILT_IN, Bundle, find_folder, save_bundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(find_folder("audio"), tmp_path / "bundle"))


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_bundles_are_sound(name: str) -> None:
    bundle = Bundle.open(name)
    assert bundle.name == name
    assert bundle.array("sound_knots").shape[0] == 10


def test_both_together_stay_under_25_megabytes() -> None:
    total = sum(path.stat().st_size for name in BUILT_IN for path in find_folder(name).iterdir())
    assert total < 25e6


def test_nothing_but_hashes_and_numbers_is_kept() -> None:
    folder = find_folder("full")
    assert {path.suffix for path in folder.iterdir()} == {".json", ".onnx", ".npy"}
    for path in folder.glob("*.npy"):
        assert np.load(path, allow_pickle=False).dtype.kind in "fiu"


def test_a_missing_folder_names_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(BundleNotFoundError) as caught:
        Bundle.open(tmp_path / "nowhere")
    assert "full" in caught.value.hint


def test_a_changed_byte_is_found(folder: Path) -> None:
    path = folder / "ranker.onnx"
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(BundleDamagedError, match=r"ranker\.onnx"):
        Bundle.open(folder)


def test_a_missing_file_is_found(folder: Path) -> None:
    (folder / "query_tower.onnx").unlink()
    with pytest.raises(BundleDamagedError, match="query_tower"):
        Bundle.open(folder)


def test_a_broken_manifest_is_found(folder: Path) -> None:
    (folder / "manifest.json").write_text("{")
    with pytest.raises(BundleDamagedError, match="manifest"):
        Bundle.open(folder)


@pytest.mark.parametrize(("field", "value"), [("format", 99), ("features", [])])
def test_another_format_or_feature_list_is_refused(folder: Path, field: str, value: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, field: value}))
    with pytest.raises(BundleMismatchError):
        Bundle.open(folder)


def test_a_manifest_cannot_name_files_elsewhere(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["../outside.npy"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleDamagedError, match="outside"):
        Bundle.open(folder)


def test_what_is_saved_opens_again(tmp_path: Path) -> None:
    save_bundle(tmp_path / "new", {"name": "new"}, {"a.bin": b"content"})
    bundle = Bundle.open(tmp_path / "new")
    assert bundle.file("a.bin").read_bytes() == b"content"
    assert bundle.key != Bundle.open("audio").key
