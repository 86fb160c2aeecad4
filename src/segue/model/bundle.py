"""One trained model on disk: a folder with a manifest, ONNX graphs and arrays.

Every file is named in the manifest with its SHA-256, and every array, graph input and column of the ranker
with its name, type and shape (see `layout`). A bundle that is damaged, incomplete or laid out for another
version is refused before any of it is used. Arrays are NPY without pickle.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from segue import features
from segue.array_cache import Spec
from segue.errors import BundleDamagedError, BundleMismatchError, BundleNotFoundError, StorageError
from segue.model.layout import RETRAIN_HINT, Layout, check_spec

FORMAT = 2  # 2: the manifest holds a layout
MANIFEST = "manifest.json"
BUILT_IN = ("full", "audio")


def feature_spec() -> list[dict[str, Any]]:
    """Return what a bundle must have been trained for: names, units and ranges of the features."""
    return [
        {"name": feature.name, "unit": feature.unit, "low": feature.low, "high": feature.high}
        for feature in features.AUDIO
    ]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose manifest has been read and whose checksums hold.

    Attributes
    ----------
    folder
        Where it lies.
    manifest
        What `manifest.json` says: `name`, `inputs`, `training`, `metrics`, `files` and more.
    layout
        The names, types and shapes of its arrays and graphs, and the names of the ranker's columns.
    key
        A short text that differs between any two bundles whose files or layouts differ.

    """

    folder: Path
    manifest: Mapping[str, Any]
    layout: Layout
    key: str

    @property
    def name(self) -> str:
        """The name that the bundle was trained under."""
        return str(self.manifest["name"])

    @classmethod
    def open(cls, model: str | Path) -> Self:
        """Open a built-in bundle by name, or any by its folder.

        Raises
        ------
        BundleNotFoundError
            When there is no such folder or built-in name.
        BundleDamagedError
            When the manifest cannot be read, or a file is missing or differs from its checksum.
        BundleMismatchError
            When it was made for another format, feature specification or layout.

        """
        folder = find_folder(model)
        manifest = _read_manifest(folder)
        _check_format(folder, manifest)
        for name, expected in manifest["files"].items():
            _check_file(folder, name, expected)
        layout = Layout.parse(manifest.get("layout"), folder)
        layout.check(folder)
        whole = json.dumps([manifest["files"], layout.to_json()], sort_keys=True)
        return cls(folder, manifest, layout, hashlib.sha256(whole.encode()).hexdigest()[:16])

    def file(self, name: str) -> Path:
        """Return the path of a file that the manifest names."""
        if name not in self.manifest["files"]:
            raise BundleDamagedError(f"the bundle {self.folder} has no {name}", hint="Train it again.")
        return self.folder / name

    def has(self, name: str) -> bool:
        """Tell whether the manifest names this file."""
        return name in self.manifest["files"]

    def array(self, name: str) -> NDArray[Any]:
        """Load one NPY array.

        Raises
        ------
        BundleDamagedError
            When the manifest names no such file, or it is not a plain array.
        BundleMismatchError
            When it is of another type or shape than the manifest says.

        """
        try:
            values = np.asarray(np.load(self.file(f"{name}.npy"), allow_pickle=False))
        except ValueError as error:
            raise BundleDamagedError(f"{self.folder / name}.npy is not a plain array: {error}") from error
        found = Spec(str(values.dtype), values.shape)
        check_spec(f"array {name} of {self.folder}", self.layout.arrays.get(name), found, {})
        return values


def find_folder(model: str | Path) -> Path:
    """Return the folder of a built-in bundle (by name) or of one on disk (by path)."""
    if str(model) in BUILT_IN:
        folder = Path(str(files("segue.model"))) / "bundles" / str(model)
    else:
        folder = Path(model)
    if not (folder / MANIFEST).is_file():
        raise BundleNotFoundError(
            f"no model bundle at {folder}: expected a folder with a {MANIFEST}",
            hint=f"Built in are {' and '.join(BUILT_IN)}; `segue train` makes your own.",
        )
    return folder


def save_bundle(
    folder: Path,
    manifest: Mapping[str, Any],
    parts: Mapping[str, bytes],
    *,
    pair_features: Sequence[str] = (),
) -> None:
    """Write a bundle: its files first, the manifest with their checksums last.

    Parameters
    ----------
    folder
        Made when it does not exist; files of the same names are replaced.
    manifest
        Everything but `format`, `features`, `layout` and `files`, which are added here.
    parts
        File name to content.
    pair_features
        The names of the ranker's columns in their order; none for a bundle without a ranker.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)  # half a bundle must not look like a whole one
        for name, content in parts.items():
            (folder / name).write_bytes(content)
        whole = {
            "format": FORMAT,
            **manifest,
            "features": feature_spec(),
            "layout": Layout.describe(parts, pair_features).to_json(),
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())},
        }
        (folder / MANIFEST).write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"the bundle cannot be written to {folder}: {error}") from error


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
            raise TypeError("expected an object with `files`")
    except (OSError, ValueError, TypeError) as error:
        raise BundleDamagedError(f"{folder / MANIFEST} cannot be read: {error}") from error
    return manifest


def _check_format(folder: Path, manifest: Mapping[str, Any]) -> None:
    found = manifest.get("format")
    if found != FORMAT:
        raise BundleMismatchError(
            f"the bundle {folder} has format {found!r}, this segue reads format {FORMAT}",
            hint=RETRAIN_HINT,
        )
    if manifest.get("features") != feature_spec():
        raise BundleMismatchError(
            f"the bundle {folder} was trained for other audio features than this segue has",
            hint="Train it again with this version.",
        )


def _check_file(folder: Path, name: str, expected: object) -> None:
    path = folder / name
    if path.parent != folder:
        raise BundleDamagedError(f"the manifest of {folder} names a file outside it: {name!r}")
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise BundleDamagedError(f"the bundle {folder} lacks {name}", hint="Copy it again.") from error
    if found != expected:
        raise BundleDamagedError(
            f"{path} is damaged: its SHA-256 is {found[:12]}..., the manifest says {str(expected)[:12]}...",
            hint="Copy or train the bundle again.",
        )
