"""docs/architecture.md names exactly the rooms of the source; every room has a floor in the import rules."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "segue"
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
ROOMS = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
FILES = {path.name for path in SOURCE.glob("*.py")} - {"__init__.py", "__main__.py"}


def test_the_rooms_are_those_of_the_source() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == ROOMS


def test_the_drawing_shows_every_room() -> None:
    (drawing,) = re.findall(r"^```mermaid\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r'\b(\w+)\["', drawing)) - {"app"} == ROOMS


def test_single_files_are_named() -> None:
    assert set(re.findall(r"`(\w+\.py)`", PAGE)) == FILES


def test_paths_exist() -> None:
    for path in re.findall(r"`(\w+/[\w/]*\w+\.py)`", PAGE):
        assert (SOURCE / path).exists(), path


def test_every_room_and_file_has_a_floor() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = [rule["layers"] for rule in rules if rule["type"] == "layers"]
    floors = {name.strip().removeprefix("segue.") for layer in layers for name in re.split(r"[|:]", layer)}
    assert {*ROOMS, *(name.removesuffix(".py") for name in FILES)} <= floors
