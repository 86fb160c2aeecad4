"""`segue recommend` with a long playlist: progress on a terminal alone, Ctrl+C at once, a stated limit."""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from segue.playlists.entries import MAX_ENTRIES

COMMAND = (sys.executable, "-m", "segue", "recommend")
WORDS = b"Finding the songs in the catalogue"


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    """A long list of songs that no catalogue holds: the kind that takes longest to look for."""
    path = tmp_path / "list.txt"
    path.write_text("".join(f"nobdy{n} - qwrt{n} zxcv{n}\n" for n in range(50_000)))
    return path


def read_until(terminal: int, words: bytes, *, seconds: float) -> bytes:
    """Return what a terminal shows until some words came, or the program went away."""
    seen, end = b"", time.monotonic() + seconds
    while words not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                seen += os.read(terminal, 65_536)
            except OSError:  # Linux says so at the end
                break
    return seen


def test_a_terminal_shows_how_far_it_is_and_ctrl_c_ends_it_at_once(made_up: Path, settings: object) -> None:
    pty = pytest.importorskip("pty")
    terminal, inside = pty.openpty()
    process = subprocess.Popen([*COMMAND, str(made_up)], stdout=subprocess.DEVNULL, stderr=inside)
    os.close(inside)
    try:
        assert WORDS in read_until(terminal, WORDS, seconds=120)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        read_until(terminal, b"never shown", seconds=60)
        assert process.wait(60) == 130
        assert time.monotonic() - began < 10, "the whole list takes longer than that"
    finally:
        process.kill()
        os.close(terminal)


def test_nothing_of_it_is_shown_elsewhere_and_more_than_the_limit_is_refused(
    tmp_path: Path, settings: object
) -> None:
    longer = tmp_path / "longer.txt"
    longer.write_text("nobody - nothing at all\n" * 1_000)
    done = subprocess.run([*COMMAND, str(longer)], capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "Finding" not in done.stderr
    longer.write_text("a - b\n" * (MAX_ENTRIES + 1))
    done = subprocess.run([*COMMAND, str(longer)], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "expected at most 100,000 entries, got more (100,001 lines, 600,006 bytes)" in done.stderr
    assert "Give a part of it" in done.stderr
