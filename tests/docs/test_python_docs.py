"""The examples in the docstrings of the Python API run, and the page of controls is what the table says."""

import doctest
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from segue import controls, recommender
from segue.config import Settings
from segue.text import song_keys

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("module", [controls, recommender, song_keys], ids=lambda module: module.__name__)
def test_examples_run(module: ModuleType, settings: Settings) -> None:
    assert settings.data_dir  # the examples use the catalogue in use, which is the test's own
    outcome = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_the_page_of_controls_is_what_the_table_says() -> None:
    spec = importlib.util.spec_from_file_location("write_controls", ROOT / "scripts" / "write_controls.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert (ROOT / "docs" / "controls.md").read_text("utf-8") == made.page()
