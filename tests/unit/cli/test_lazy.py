"""Commands that are loaded when they run: what is listed is what they say, and listing loads nothing."""

import os
import subprocess
import sys
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from segue.cli.lazy import LazyCommand, LazyGroup
from segue.cli.main import CatalogueCommands, Commands, app

HEAVY = ("numpy", "onnxruntime", "fastapi", "httpx", "duckdb")
ALL = [entry for entry in (*Commands.table, *CatalogueCommands.table) if isinstance(entry, LazyCommand)]


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.name)
def test_the_summary_is_the_first_paragraph_of_the_help(command: LazyCommand) -> None:
    loaded = command.load(None)
    assert loaded.name == command.name
    assert " ".join(loaded.help.partition("\n\n")[0].split()) == command.summary


@pytest.mark.parametrize("arguments", [["--help"], ["catalogue", "--help"], ["--version"], [], ["nonsense"]])
def test_what_does_nothing_yet_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom segue.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_misspelt_command_is_answered_with_the_right_one() -> None:
    result = CliRunner().invoke(app, ["recomend"])
    assert result.exit_code == 2
    assert "Did you mean 'recommend'?" in result.output


def test_a_table_keeps_its_order_and_loads_on_demand() -> None:
    group: Any = typer.main.get_command(app)
    assert isinstance(group, LazyGroup)
    assert list(group.commands)[:4] == ["recommend", "match", "catalogue", "serve"]
    assert group.commands["status"] is group.commands["status"]
    with pytest.raises(KeyError):
        group.commands["nonsense"]


def test_names_of_commands_are_completed() -> None:
    group: Any = typer.main.get_command(app)
    with group.make_context("segue", [], resilient_parsing=True) as context:
        items = group.shell_complete(context, "lo")
    assert [(item.value, item.help[:8]) for item in items] == [("login", "Sign in "), ("logout", "Delete t")]
