"""What every test may use."""

import os
from pathlib import Path

import numpy as np
import pytest

from segue.config import Settings

pytest_plugins = ["fake_spotify.fixtures", "serving.fixtures", "serving.gated", "serving.browsers"]


os.environ.setdefault("KERAS_BACKEND", "jax")  # before anything asks whether Keras can be imported


@pytest.fixture
def rng() -> np.random.Generator:
    """The one source of randomness of a test."""
    return np.random.default_rng(20_261_124)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the development data set; the test is skipped where there is none."""
    place = Path(os.environ.get("SEGUE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not (place / "tracks.parquet").exists():
        pytest.skip("no development data set (set SEGUE_SHARED_DATA to its folder)")
    return place


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings whose folders are the test's own; the environment points there too."""
    for name in [name for name in os.environ if name.startswith("SEGUE_") and name != "SEGUE_SHARED_DATA"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SEGUE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SEGUE_CONFIG_DIR", str(tmp_path / "config"))
    return Settings()
