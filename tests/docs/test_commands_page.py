"""docs/commands.md names exactly the commands, exit codes and settings that the code has."""

import re
import shlex
from collections import Counter
from pathlib import Path

import pytest
import typer.main

from segue.cli.exit_codes import EXIT_CODES
from segue.cli.main import app
from segue.config import find_unknown_variables, setting_names

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "commands.md").read_text("utf-8")
USUAL_CODES = {0, 1, 2, 130}  # done; nothing found, or broken; wrong usage; stopped: typer's and our own
COMMAND = typer.main.get_command(app)


def rows_of(heading: str) -> list[list[str]]:
    """Return the cells of all tables below a heading, without the tables' own headers."""
    section = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    (text,) = [each for each in section if each.startswith(heading)]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rules = [place for place, line in enumerate(lines) if line.startswith("|---")]
    heads = {place - 1 for place in rules} | set(rules)
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for place, line in enumerate(lines)
        if place not in heads
    ]


def names_of(command: object, name: str = "segue") -> list[str]:
    """Return every command below this one that does something itself."""
    below = getattr(command, "commands", None)
    if below is None:
        return [name]
    return [found for each, child in below.items() for found in names_of(child, f"{name} {each}")]


def test_the_commands_are_those_of_the_program() -> None:
    documented = [row[0].strip("`") for row in rows_of("Commands")]
    assert Counter(documented) == Counter(names_of(COMMAND))


@pytest.mark.parametrize("row", rows_of("Commands"), ids=lambda row: row[0].strip("`"))
def test_each_example_is_of_its_command_and_is_understood(row: list[str]) -> None:
    name, example = row[0].strip("`"), row[2].strip("`")
    assert example.startswith(f"{name} ")
    command, words = COMMAND, shlex.split(example)[1:]
    while hasattr(command, "commands"):
        command, words = command.commands[words[0]], words[1:]
    command.make_context(name, words)  # parses the words, and raises where the command line would end with 2


def test_the_exit_codes_are_those_of_the_table_of_errors() -> None:
    documented = [int(row[0]) for row in rows_of("Exit codes")]
    assert documented == sorted({*EXIT_CODES.values(), *USUAL_CODES})
    assert all(row[1] for row in rows_of("Exit codes"))


def test_the_settings_are_those_that_are_read() -> None:
    documented = [row[0].strip("`") for row in rows_of("Settings")]
    own = list(setting_names())
    assert not find_unknown_variables(dict.fromkeys(documented, ""))
    assert documented[: len(own)] == own
    places = [path for folder in ("src", "scripts", "tests") for path in (ROOT / folder).rglob("*")]
    sources = [path for path in places if path.suffix in {"", ".py"} and path.is_file()]
    found = {
        name for path in sources for name in re.findall(r"\bSEGUE_[A-Z_]*[A-Z]\b", path.read_text("utf-8"))
    }
    assert Counter(documented) == Counter(found)
