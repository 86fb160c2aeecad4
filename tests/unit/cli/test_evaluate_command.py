"""`segue evaluate`, as it is typed."""

import json
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


def test_report(files: tuple[str | Path, ...], tmp_path: Path) -> None:
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
