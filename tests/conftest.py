"""What every test may use."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from segue.config import Settings

pytest_plugins = ["fake_spotify.fixtures", "serving.fixtures", "serving.gated", "serving.browsers"]

# What `scripts/test --quick` leaves out: whole folders, and single tests that take seconds.
SLOW_FOLDERS = ("e2e", "integration", "quality", "unit/training")
SLOW_TESTS = {
    "test_10_000_tracks_are_paged_with_progress",
    "test_64_at_once_are_all_answered",
    "test_as_many_entries_as_are_promised",
    "test_events_tell_how_far_a_long_match_is",
    "test_it_is_made_anew_when_it_is_not_right",
    "test_map",
    "test_more_entries_than_are_read_are_refused_with_both_numbers",
    "test_more_entries_than_the_limit_are_refused",
    "test_no_500_and_nothing_outside_the_schema",
    "test_only_so_many_wait_for_spotify",
    "test_calibration_is_fitted_on_songs_known_on_both_scales",
    "test_ten_thousand_lines",
    "test_two_processes_at_once",
    "test_what_is_done_is_kept_when_it_is_stopped",
}
HERE = Path(__file__).parent

calm = hypothesis_settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # a machine may be busy
hypothesis_settings.register_profile("calm", calm)
hypothesis_settings.register_profile("quick", calm, max_examples=10)  # of daily work; elsewhere 100 a test
hypothesis_settings.load_profile("calm")
os.environ.setdefault("KERAS_BACKEND", "jax")  # before anything asks whether Keras can be imported


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import slow folders where slow tests are left out: they load the training frameworks."""
    left_out = "not slow" in config.option.markexpr and collection_path in {
        HERE / name for name in SLOW_FOLDERS
    }
    return True if left_out else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, and put it first: two processes end together when what comes last is short."""
    items.sort(key=lambda item: not _is_in_slow_folder(item))
    for item in items:
        if _is_in_slow_folder(item) or getattr(item, "originalname", item.name) in SLOW_TESTS:
            item.add_marker(pytest.mark.slow)
        if "browser" in getattr(item, "fixturenames", ()) and item.path.is_relative_to(HERE / "e2e"):
            item.add_marker(pytest.mark.browser)


def _is_in_slow_folder(item: pytest.Item) -> bool:
    return any(item.path.is_relative_to(HERE / folder) for folder in SLOW_FOLDERS)


@pytest.fixture
def rng() -> np.random.Generator:
    """The one source of randomness of a test."""
    return np.random.default_rng(20_261_124)


@pytest.fixture(scope="session")
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what JAX compiles for the session, and compile plainly: compiling is what takes time."""
    import jax
    from jax.experimental.compilation_cache import compilation_cache

    jax.config.update("jax_compilation_cache_dir", str(tmp_path_factory.mktemp("jax")))  # type: ignore[no-untyped-call]
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)  # type: ignore[no-untyped-call]
    jax.config.update("jax_disable_most_optimizations", True)  # type: ignore[no-untyped-call]
    compilation_cache.reset_cache()  # something may have been compiled before


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
