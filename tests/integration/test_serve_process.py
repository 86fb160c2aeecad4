"""`segue serve` as a process: signals, draining, what it says."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.types import Track
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


def wait_for_generation(url: str, number: int) -> dict[str, object]:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found: dict[str, object] = httpx.get(f"{url}api/v1/catalogue", timeout=30).json()
        if found["generation"] == number:
            return found
    pytest.fail(f"generation {number} does not come")


def test_sighup_takes_a_replaced_catalogue_and_no_request_fails(
    settings: Settings, starter: Path, some_ids: list[str], tmp_path: Path
) -> None:
    own, fresh, broken = tmp_path / "own.sqlite", tmp_path / "fresh.sqlite", tmp_path / "broken.sqlite"
    shutil.copy(starter, own)
    shutil.copy(starter, fresh)
    with Catalogue.create(fresh) as catalogue:
        catalogue.upsert([Track("9" * 22, "Brand New", ("Nobody",), features={"energy": 0.5})])
    stop = threading.Event()

    def ask(url: str) -> set[int]:
        statuses = set()
        while not stop.is_set():
            body = {"tracks": some_ids, "n": 20}
            answer = httpx.post(f"{url}api/v1/recommendations", json=body, timeout=60)
            statuses.add(answer.status_code)
        return statuses

    with process(own) as (running, url), ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask, url) for _ in range(3)]
        try:
            fresh.replace(own)
            running.send_signal(signal.SIGHUP)
            assert wait_for_generation(url, 2)["tracks"] == 33827
            broken.write_text("not a catalogue")
            broken.replace(own)
            running.send_signal(signal.SIGHUP)  # what cannot be opened changes nothing
            running.send_signal(signal.SIGHUP)
            assert httpx.get(f"{url}api/v1/tracks/{'9' * 22}", timeout=30).json()["name"] == "Brand New"
        finally:
            stop.set()
        assert set.union(*(each.result(60) for each in asking)) == {200}
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
