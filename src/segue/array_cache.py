"""Arrays kept beside a catalogue, so that opening is cheap the second time. Never stale, never half written.

They lie in `CATALOGUE.segue/REVISION-BUNDLE-FORMAT/`, one NPY file an array, with a manifest of their names,
types and shapes. A folder of another revision, bundle or format is not looked at, so nothing old can be
served; what other revisions and formats left is deleted when a new folder is written. A folder whose arrays
are not just those that are asked for is built again.
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Dimension = int | str

FORMAT = 2  # raise it when an array of the same name, type and shape comes to mean something else
MANIFEST = "arrays.json"
_MAPPED = 8 * 2**20  # larger arrays are mapped, not read


@dataclass(frozen=True, slots=True)
class Spec:
    """One array, or one input or output of a graph.

    Attributes
    ----------
    dtype
        As NumPy names it: "float32".
    shape
        A number, or a letter for what is free. In one layout, the same letter is the same number.

    """

    dtype: str
    shape: tuple[Dimension, ...]

    def __str__(self) -> str:
        return f"{self.dtype} ({', '.join(map(str, self.shape))})"

    @classmethod
    def parse(cls, value: Any) -> Self:
        """Read what `to_json` gave."""
        return cls(str(value["dtype"]), tuple(value["shape"]))

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"dtype": self.dtype, "shape": list(self.shape)}


def folder_for(catalogue: Path) -> Path:
    """Return where the arrays of a catalogue lie."""
    return catalogue.with_name(catalogue.name + ".segue")


def key_for(revision: str, bundle_key: str) -> str:
    """Return the key under which the arrays of one revision of a catalogue and one bundle lie."""
    return f"{revision}-{bundle_key}-{FORMAT}"


def find_kept(folder: Path, key: str, expected: Mapping[str, Spec]) -> dict[str, NDArray[Any]] | None:
    """Return the arrays kept under a key; None when there are none, or they are not those expected.

    Parameters
    ----------
    folder
        As `folder_for` gives it.
    key
        As `key_for` gives it.
    expected
        Name, type and shape of every array; no other may lie there.

    """
    found = _find(folder / key)
    return found[1] if found is not None and found[0] == expected else None


def find_named(folder: Path, key: str, names: Collection[str]) -> dict[str, NDArray[Any]] | None:
    """Return the arrays kept under a key, of any types and shapes; None unless just these are there."""
    found = _find(folder / key)
    return found[1] if found is not None and set(found[0]) == set(names) else None


def keep(folder: Path, key: str, arrays: Mapping[str, NDArray[Any]]) -> bool:
    """Write arrays under a key, all or nothing; return whether they lie there now."""
    expected = _describe(arrays)
    draft: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))
        for name, array in arrays.items():
            np.save(draft / f"{name}.npy", array, allow_pickle=False)
        listed = {name: spec.to_json() for name, spec in expected.items()}
        (draft / MANIFEST).write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
        if (folder / key).exists() and find_kept(folder, key, expected) is None:
            shutil.rmtree(folder / key)
        os.rename(draft, folder / key)  # noqa: PTH104 - fails when another process was first, which is as good
    except OSError:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
        return find_kept(folder, key, expected) is not None
    _forget_others(folder, key)
    return True


def _find(own: Path) -> tuple[dict[str, Spec], dict[str, NDArray[Any]]] | None:
    """Return the manifest of a folder and the arrays that it tells of; None when they do not agree."""
    try:
        listed = _read_manifest(own)
        arrays = {path.stem: _load(path) for path in sorted(own.glob("*.npy"))}
    except (OSError, ValueError, EOFError, TypeError, KeyError, AttributeError):
        return None  # what is damaged is as good as none: it will be built again
    return (listed, arrays) if _describe(arrays) == listed else None


def _read_manifest(own: Path) -> dict[str, Spec]:
    listed = json.loads((own / MANIFEST).read_text(encoding="utf-8"))
    return {name: Spec.parse(value) for name, value in listed.items()}


def _load(path: Path) -> NDArray[Any]:
    mapped = path.stat().st_size > _MAPPED
    # As a plain array: the subclass for mapped files makes every slice dear.
    return np.asarray(np.load(path, allow_pickle=False, mmap_mode="r" if mapped else None))


def _describe(arrays: Mapping[str, NDArray[Any]]) -> dict[str, Spec]:
    return {name: Spec(str(array.dtype), array.shape) for name, array in arrays.items()}


def _forget_others(folder: Path, key: str) -> None:
    """Delete what other revisions and formats left; a process that has it mapped keeps its pages."""
    revision, written = key.split("-", maxsplit=1)[0], key.rsplit("-", maxsplit=1)[-1]
    for other in folder.iterdir():
        current = other.name.startswith(f"{revision}-") and other.name.endswith(f"-{written}")
        if not current and not other.name.startswith(".draft-"):
            with contextlib.suppress(OSError):
                shutil.rmtree(other)
