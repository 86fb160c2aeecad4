"""Work in progress on disk, so that an interrupted training run goes on where it stood."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from segue.training.retrieval import FitState


class Checkpoints:
    """Files in a work folder. Those of a run with other settings are not used.

    Parameters
    ----------
    folder
        Where they lie.
    settings
        All that the result hangs on.

    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:12]
        self._folder = folder
        self._own = folder / digest

    def save(self, stage: str, state: FitState) -> None:
        """Save where a fit stands, replacing what was saved of that stage."""
        arrays = {f"variable_{i}": np.asarray(each) for i, each in enumerate(state.variables)}
        arrays |= {f"slot_{i}": np.asarray(each) for i, each in enumerate(state.slots)}
        self._own.mkdir(parents=True, exist_ok=True)
        draft = self._own / "draft.npz"
        np.savez(draft, step=state.step, loss=state.loss, **arrays)  # type: ignore[arg-type]
        draft.replace(self._path(stage))

    def load(self, stage: str, variables: list[Any]) -> FitState | None:
        """Return where a fit stood and set the variables to it; None when it has not begun."""
        if not self._path(stage).is_file():
            return None
        with np.load(self._path(stage), allow_pickle=False) as saved:
            kinds = {
                kind: [
                    saved[f"{kind}_{i}"] for i in range(sum(name.startswith(kind) for name in saved.files))
                ]
                for kind in ("variable", "slot")
            }
            state = FitState(int(saved["step"]), float(saved["loss"]), kinds["variable"], kinds["slot"])
        for variable, value in zip(variables, state.variables, strict=True):
            variable.assign(value)
        return state

    def save_bytes(self, name: str, content: bytes) -> None:
        """Save a finished piece."""
        self._own.mkdir(parents=True, exist_ok=True)
        (self._own / name).write_bytes(content)

    def load_bytes(self, name: str) -> bytes | None:
        """Return a finished piece; None when there is none."""
        path = self._own / name
        return path.read_bytes() if path.is_file() else None

    def clear(self) -> None:
        """Delete all work in progress."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, stage: str) -> Path:
        return self._own / f"{stage.replace(', ', '-').replace(' ', '-')}.npz"
