"""`segue serve` as a process: signals, draining, what it says."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from segue.config import Settings
from serving.fixtures import MODEL

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
RUN = "import typer; from segue.cli.serve import serve; app = typer.Typer(); app.command()(serve); app()"


def command(*options: str) -> list[str]:
    return [sys.executable, "-c", RUN, "--port", "0", "--model", MODEL, *options]


@contextmanager
def process(starter: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    running = subprocess.Popen(
        command("--catalogue", str(starter), *options),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        line = running.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"{line}{running.stderr.read() if running.stderr else ''}"
        yield running, found[0]
    finally:
        running.kill()
        running.communicate()


def test_sigterm_finishes_what_is_under_way(settings: Settings, starter: Path, some_ids: list[str]) -> None:
    with process(starter) as (running, url), ThreadPoolExecutor(8) as pool:
        body = {"tracks": some_ids, "n": 200}
        asked = [
            pool.submit(httpx.post, f"{url}api/v1/recommendations", json=body, timeout=30) for _ in range(8)
        ]
        while "segue_recommendations_total" not in httpx.get(f"{url}api/metrics").text:
            pass
        running.send_signal(signal.SIGTERM)
        statuses = []
        for each in asked:
            try:
                statuses.append(each.result(30).status_code)
            except httpx.ConnectError:  # came after the door was shut
                statuses.append(0)
        assert statuses.count(200) >= 1
        assert set(statuses) <= {200, 0}
        assert running.wait(20) in {0, -signal.SIGTERM}


def test_sighup_reloads(settings: Settings, starter: Path) -> None:
    with process(starter) as (running, url):
        running.send_signal(signal.SIGHUP)
        for _ in range(200):
            if httpx.get(f"{url}api/v1/catalogue").json()["generation"] == 2:
                break
        else:
            pytest.fail("not reloaded")
        assert running.poll() is None


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--host", "0.0.0.0"], "no token file was given"),
        (["--catalogue", "nothing.sqlite"], "nothing.sqlite"),
        (["--token-file", "nothing"], "cannot be read"),
    ],
)
def test_what_cannot_be_served(settings: Settings, starter: Path, options: list[str], says: str) -> None:
    done = subprocess.run(command(*options), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert says in done.stderr


def test_a_port_that_is_taken(settings: Settings, starter: Path) -> None:
    with process(starter) as (_, url):
        taken = url.rstrip("/").rsplit(":", 1)[1]
        second = subprocess.run(
            command("--catalogue", str(starter), "--port", taken),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode != 0
        assert "cannot listen" in second.stderr
