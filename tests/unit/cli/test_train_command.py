"""`segue train`, as it is typed: what it says, and how it ends. Learning itself has tests of its own."""

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from planted_lists import make_planted_catalogue, write_planted_lists
from segue.app import Report, TrainingRequest
from segue.cli.train import train
from segue.model.bundle import Bundle

pytestmark = pytest.mark.usefixtures("settings")
app = typer.Typer()
app.command()(train)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["-p", "lists.csv", "-c", "none", *map(str, arguments)])


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Report], None]], list[TrainingRequest]]:
    """Put something else in the place of minutes of learning; returns what it was asked for."""

    def replace(work: Callable[[Report], None]) -> list[TrainingRequest]:
        asked = []

        def train_bundle(request: TrainingRequest, *, report: Report) -> Bundle:
            asked.append(request)
            work(report)
            return Bundle.open("audio")

        monkeypatch.setattr("segue.cli.train.train_bundle", train_bundle)
        return asked

    return replace


def test_without_a_terminal_there_are_lines(
    training: Callable[[Callable[[Report], None]], object], tmp_path: Path
) -> None:
    def work(report: Report) -> None:
        report("reading", {})
        for step in range(1, 1001):
            report("towers", {"step": step, "of": 1000, "loss": 0.5})
        report("accuracy", {"top_10": 0.25})

    training(work)
    lines = run("-o", tmp_path / "mine").stderr.splitlines()
    assert lines[:3] == ["reading", "towers: 0 %  loss 0.5000", "towers: 10 %  loss 0.5000"]
    assert lines[-2:] == ["towers: 100 %  loss 0.5000", "accuracy: top_10 0.2500"]
    assert len(lines) == 13


def test_ctrl_c_says_how_to_go_on(
    training: Callable[[Callable[[Report], None]], object], tmp_path: Path
) -> None:
    def work(report: Report) -> None:
        raise KeyboardInterrupt

    training(work)
    result = run("-o", tmp_path / "mine")
    assert result.exit_code == 130
    assert result.stderr == "Stopped. The same command goes on where it stopped.\n"


def test_warnings_about_numbers_stay_inside(
    training: Callable[[Callable[[Report], None]], object], tmp_path: Path
) -> None:
    training(lambda report: warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=1))
    assert run("-o", tmp_path / "mine").exit_code == 0


def test_the_name_is_passed_on(
    training: Callable[[Callable[[Report], None]], list[TrainingRequest]], tmp_path: Path
) -> None:
    asked = training(lambda report: None)
    run("-o", tmp_path / "mine", "--name", "Evenings")
    assert (asked[0].out.name, asked[0].name) == ("mine", "Evenings")


@pytest.mark.slow
@pytest.mark.train
@pytest.mark.filterwarnings("default")  # the frameworks warn about each other
@pytest.mark.parametrize(("options", "name"), [([], "mine"), (["--name", "Evenings"], "Evenings")])
def test_a_bundle_bears_its_name(tmp_path: Path, options: list[str], name: str) -> None:
    pytest.importorskip("keras")
    pytest.importorskip("jax2onnx")
    catalogue = make_planted_catalogue(tmp_path / "catalogue.sqlite")
    lists = write_planted_lists(tmp_path / "lists.csv")
    arguments = ["-p", lists, "-c", catalogue, "-o", tmp_path / "mine", "--kind", "audio", "--steps", "10"]
    result = CliRunner().invoke(app, [*map(str, arguments), *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert f"Trained '{name}'" in result.stdout
    assert Bundle.open(tmp_path / "mine").name == name
    assert "RuntimeWarning" not in result.stderr
    assert "towers: 100 %" in result.stderr
