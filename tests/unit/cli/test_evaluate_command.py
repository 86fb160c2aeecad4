"""`segue evaluate`, as it is typed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from planted_lists import make_planted_catalogue, write_planted_lists
from segue.cli.evaluate import evaluate
from segue.config import Settings
from segue.errors import BundleNotFoundError, InputError

app = typer.Typer()
app.command()(evaluate)


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def files(tmp_path: Path, settings: Settings) -> tuple[str | Path, ...]:
    catalogue = make_planted_catalogue(tmp_path / "catalogue.sqlite")
    return ("--catalogue", catalogue, "--playlists", write_planted_lists(tmp_path / "lists.csv"))


def test_tables_and_notes(files: tuple[str | Path, ...]) -> None:
    result = run(*files, "--model", "none", "--baseline", "same-artist", "-b", "random", "--limit", "9")
    assert "Million Playlist Dataset lists: " in result.stdout
    assert "same-artist" in result.stdout
    assert "NDCG@500" in result.stdout
    assert "Only 9 of" in result.stderr


def test_json(files: tuple[str | Path, ...]) -> None:
    result = run(*files, "--model", "none", "-b", "popularity", "--json", "--part", "validation")
    found = json.loads(result.stdout)
    assert found["schema"] == 1
    assert found["about"]["part"] == "validation"
    assert found["about"]["model"] is None
    assert {figure["method"] for figure in found["figures"]} == {"popularity"}


def test_markdown(files: tuple[str | Path, ...]) -> None:
    result = run(*files, "-m", "none", "-b", "popularity", "--markdown")
    assert result.stdout.startswith("Measured ")
    assert "| popularity |" in result.stdout


def test_one_format_at_a_time(files: tuple[str | Path, ...]) -> None:
    with pytest.raises(InputError, match="got both"):
        run(*files, "-m", "none", "-b", "popularity", "--markdown", "--json")


def test_the_command_names_no_folder(files: tuple[str | Path, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = [str(each) for each in (*files, "-m", "none", "-b", "popularity", "--json")]
    monkeypatch.setattr("sys.argv", ["segue", "evaluate", *arguments])
    told = json.loads(run(*arguments).stdout)["about"]["command"]
    assert told.startswith("segue evaluate --catalogue catalogue.sqlite --playlists lists.csv")


def test_a_report_without_its_extra_is_refused_before_anything_is_measured(
    files: tuple[str | Path, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("segue.evaluation.report.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(InputError, match=r"needs the extra 'evaluate' \(jinja2 is not installed\)") as caught:
        run(*files, "-m", "none", "-b", "nonsense", "--report", tmp_path / "r")
    assert "pip install '.[evaluate]'" in (caught.value.hint or "")
    assert not (tmp_path / "r").exists()


def test_without_a_report_nothing_that_draws_is_loaded(files: tuple[str | Path, ...]) -> None:
    code = (
        "import sys\nfrom segue.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "drawing = {'jinja2', 'markupsafe', 'matplotlib'} & sys.modules.keys()\n"
        "print(drawing, file=sys.stderr)"
    )
    arguments = ("evaluate", *map(str, files), "-m", "none", "-b", "random", "--limit", "3", "--json")
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, env=os.environ
    )
    assert json.loads(done.stdout)["schema"] == 1
    assert done.stderr.splitlines()[-1] == "set()"


def test_report(files: tuple[str | Path, ...], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    result = run(
        *files, "-m", "none", "-b", "random", "-s", "half", "-s", "seeds", "--report", tmp_path / "r"
    )
    assert (tmp_path / "r" / "report.html").exists()
    assert (tmp_path / "r" / "report.json").exists()
    assert "report.html" in result.stderr


def test_all_baselines_are_one_word(files: tuple[str | Path, ...]) -> None:
    pytest.importorskip("implicit")
    result = run(*files, "-m", "none", "-b", "all", "--limit", "3")
    assert "neighbour-playlists" in result.stdout
    assert "prototype" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("-m", "none"), InputError, "nothing to measure"),
        (("-m", "none", "-b", "best"), InputError, "unknown baseline"),
        (("-m", "none", "-b", "random", "-s", "x"), InputError, "unknown scenario"),
        (("-m", "/nowhere"), BundleNotFoundError, "no model bundle"),
    ],
)
def test_what_is_wrong_is_said(
    files: tuple[str | Path, ...], arguments: tuple[str, ...], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        run(*files, *arguments)
