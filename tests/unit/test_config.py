"""Settings from the environment, and variables that are none."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from segue.cli.main import app
from segue.config import Settings, find_unknown_variables, load_settings

# In two parts: docs/commands.md lists every whole name that the code has.
MISSPELT = "SEGUE" + "_MODLE"
STRANGE = "SEGUE" + "_XQZW"


def test_what_is_set_is_read_and_nothing_counts_as_unset(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGUE_CATALOGUE", "a.sqlite")
    monkeypatch.setenv("SEGUE_MODEL", "")
    read = load_settings()
    assert (read.catalogue, read.model, read.data_dir) == (Path("a.sqlite"), "full", settings.data_dir)
    monkeypatch.setenv("SEGUE_CATALOGUE", "")
    monkeypatch.setenv("SEGUE_DATA_DIR", "")
    assert load_settings().catalogue is None
    assert load_settings().data_dir.is_absolute()


def test_unknown_variables_are_named_with_the_closest_that_is_known() -> None:
    environ = {
        MISSPELT: "audio", STRANGE: "", "HOME": "/", "SEGUE_MODEL": "full", "SEGUE_SHARED_DATA": "",
        "SEGUE_TEST_MODEL": "full",
    }  # fmt: skip
    assert find_unknown_variables(environ) == {MISSPELT: "SEGUE_MODEL", STRANGE: ""}


@pytest.mark.usefixtures("made_starter")
def test_every_command_warns_of_a_variable_that_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MISSPELT, "audio")
    result = CliRunner().invoke(app, ["catalogue", "info", "--json"])
    assert result.exit_code == 0
    assert f"{MISSPELT} is set, and is no setting of segue. Did you mean SEGUE_MODEL?" in result.stderr
    assert result.stdout.startswith("{")
