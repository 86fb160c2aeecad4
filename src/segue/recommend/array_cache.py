"""Arrays kept beside a catalogue, so that opening is cheap the second time. Never stale, never half written.

They lie in `CATALOGUE.segue/REVISION-BUNDLE/`, one NPY file an array. A folder of another revision or bundle
is not looked at, so nothing old can be served; old revisions are deleted when a new one is written.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DONE = "complete"
_MAPPED = 8 * 2**20  # larger arrays are mapped, not read


def folder_for(catalogue: Path) -> Path:
    """Return where the arrays of a catalogue lie."""
    return catalogue.with_name(catalogue.name + ".segue")


def find_kept(folder: Path, key: str) -> dict[str, NDArray[Any]] | None:
    """Return the arrays kept under a key; None when there are none, or they cannot be read."""
    place = folder / key
    if not (place / _DONE).is_file():
        return None
    try:
        return {
            # As a plain array: the subclass for mapped files makes every slice dear.
            path.stem: np.asarray(
                np.load(path, allow_pickle=False, mmap_mode="r" if path.stat().st_size > _MAPPED else None)
            )
            for path in sorted(place.glob("*.npy"))
        }
    except (OSError, ValueError):
        return None  # a damaged file is as good as none: it will be built again


def keep(folder: Path, key: str, arrays: Mapping[str, NDArray[Any]]) -> bool:
    """Write arrays under a key, all or nothing; return whether the folder could be written."""
    draft: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))
        for name, array in arrays.items():
            np.save(draft / f"{name}.npy", array, allow_pickle=False)
        (draft / _DONE).touch()
        if (folder / key).exists() and not (folder / key / _DONE).is_file():
            shutil.rmtree(folder / key)
        os.rename(draft, folder / key)  # noqa: PTH104 - fails when another process was first, which is as good
    except OSError:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
        return find_kept(folder, key) is not None
    _forget_others(folder, key)
    return True


def _forget_others(folder: Path, key: str) -> None:
    """Delete what other revisions of the catalogue left; a process that has it mapped keeps its pages."""
    revision = key.split("-", maxsplit=1)[0]
    for place in folder.iterdir():
        if not place.name.startswith((revision, ".draft-")):
            with contextlib.suppress(OSError):
                shutil.rmtree(place)
