"""A few dozen tracks in three groups that sound different; every list stays within one group."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

HERE = Path(__file__).parent
N, GROUPS = 60, 3
NEEDS = ("keras", "jax2onnx", "lightgbm", "onnx", "scipy")  # the extra "train"
collect_ignore_glob = [] if all(map(find_spec, NEEDS)) else ["test_*.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.train)
            item.add_marker(pytest.mark.filterwarnings("default"))  # the frameworks warn about each other


@pytest.fixture(scope="package", autouse=True)
def _compiled_once(compiled_once: None) -> None:
    """Every test here compiles the same steps."""


@pytest.fixture(scope="session")
def group() -> NDArray[np.int64]:
    """The group (N,) of each track."""
    return np.arange(N) % GROUPS


@pytest.fixture(scope="session")
def audio(group: NDArray[np.int64]) -> NDArray[np.float32]:
    """Raw features (N, 13): numbers that differ by group, and a few that are missing."""
    rng = np.random.default_rng(1)
    values = (rng.random((N, 13)) * 0.1 + group[:, None] * 0.3).astype(np.float32)
    values[:, 2], values[:, 4], values[:, 12] = rng.integers(0, 12, N), rng.integers(0, 2, N), 4
    values[::7, 0] = np.nan
    return values


@pytest.fixture(scope="session")
def lists(group: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Rows of 30 lists of 12 tracks."""
    rng = np.random.default_rng(2)
    return [rng.permutation(np.flatnonzero(group == number % GROUPS))[:12] for number in range(30)]


@pytest.fixture(scope="session")
def catalogue(audio: NDArray[np.float32], group: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """What towers of the full model see."""
    ones = np.ones(N, np.int32)
    return {
        "audio": audio,
        "year": (1970 + 10 * group).astype(np.float32),
        "profile": np.zeros((N, 11), np.float32),
        "artist": (group + 1).astype(np.int32),
        "track": np.arange(N, dtype=np.int32),  # the first is unknown
        "song": ones,
    }
