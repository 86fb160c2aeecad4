"""Standard output that is closed, full, or no longer read."""

import subprocess
import sys
from pathlib import Path

import pytest

from segue.config import Settings

pytestmark = pytest.mark.usefixtures("made_starter")

FULL = Path("/dev/full")
needs_dev_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


def _run(arguments: str, redirect: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        f"{sys.executable} -m segue {arguments} {redirect}",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )


@needs_dev_full
@pytest.mark.parametrize(
    "arguments", ["catalogue info", "catalogue search love", "catalogue info --json", "--version", "--help"]
)
def test_a_full_disk_is_an_error(settings: Settings, arguments: str) -> None:
    done = _run(arguments, "> /dev/full")
    assert done.returncode == 7, done.stderr
    assert "error: standard output cannot be written: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("arguments", ["catalogue info", "catalogue search love", "--version"])
def test_a_closed_output_is_an_error(settings: Settings, arguments: str) -> None:
    done = _run(arguments, ">&-")
    assert done.returncode == 7, done.stderr
    assert "error: standard output cannot be written: Bad file descriptor" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_prints_nothing_does_not_need_an_output(settings: Settings, tmp_path: Path) -> None:
    done = _run(f"catalogue export {tmp_path / 'out.csv'}", ">&- <&-")
    assert (done.returncode, (tmp_path / "out.csv").exists()) == (0, True), done.stderr


def test_all_three_closed(settings: Settings) -> None:
    assert _run("catalogue info", "<&- >&- 2>&-").returncode == 7


@needs_dev_full
def test_an_error_of_the_command_keeps_its_own_code(settings: Settings) -> None:
    assert _run("recommend /nowhere.txt", "> /dev/full").returncode == 3


def test_a_reader_that_went_away_is_no_error_of_ours(settings: Settings) -> None:
    done = _run("catalogue search -n 1000 a", "| head -n 1")
    assert done.stderr == ""
