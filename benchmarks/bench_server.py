"""How much the server takes: `scripts/bench server --catalogue FILE`.

Starts `segue serve` as a process and loads it with `wrk` as a second one: 400 lists of 50 seeds each, 50
picks. Prints, in this order: recommendations a second when 64 clients ask without a pause, all of which must
be answered; latency at half of that rate and at half of the rate to reach; what 400 clients get who come back
a second after each answer, far more than the queue holds; memory over 20,000 requests, which must not grow.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from segue.catalogue.store import Catalogue

LISTS = 400
SEEDS = 50
ARTISTS = 10
RATE_TO_REACH = 60
LUA = """
local lists, at, pause = {}, 0, __PAUSE__
for line in io.lines("__FILE__") do lists[#lists + 1] = line end
function delay() return math.random(0, 2 * pause) end
function request()
  at = at % #lists + 1
  return wrk.format("POST", "/api/v1/recommendations", { ["Content-Type"] = "application/json" }, lists[at])
end
local shed, other = 0, 0
function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %f %f %f %f\\n", summary.requests, summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000))
end
"""


@dataclass(frozen=True)
class Load:
    """One run of wrk; times in milliseconds."""

    requests: int
    seconds: float
    failed: int
    p50: float
    p95: float
    p99: float
    most: float

    @property
    def rate(self) -> float:
        """Answers a second, refusals left out."""
        return (self.requests - self.failed) / self.seconds


def write_lists(catalogue: Path, path: Path) -> None:
    """Write request bodies, one a line. Seeds are some songs of each of ten artists, as in people's lists."""
    rng = random.Random(20_261_124)
    with Catalogue.open(catalogue) as opened, path.open("w") as file:
        rows = np.argsort(opened.load_columns().artist_hash, kind="stable")
        for _ in range(LISTS):
            starts = [rng.randrange(len(rows) - SEEDS // ARTISTS) for _ in range(ARTISTS)]
            chosen = {int(row) for start in starts for row in rows[start : start + SEEDS // ARTISTS]}
            ids = [track.track_id for track in opened.get_tracks(list(chosen))]
            file.write(json.dumps({"tracks": ids, "n": 50, "with_seeds": False}) + "\n")


@contextmanager
def serving(catalogue: Path, options: list[str]) -> Iterator[str]:
    """Run the server; yield its address."""
    code = "from segue.cli.serve import serve; import typer; a = typer.Typer(); a.command()(serve); a()"
    command = [sys.executable, "-c", code, "--port", "0", "--catalogue", str(catalogue), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        if not found:
            sys.exit("the server did not start")
        yield found[0].rstrip("/")
    finally:
        process.terminate()
        process.wait(60)


def load(url: str, lists: Path, *, clients: int, seconds: int, rate: float = 0.0) -> Load:
    """Run wrk; with a rate, each client pauses at random so that together they ask about that often."""
    pause = int(1000 * clients / rate) if rate else 0
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA.replace("__FILE__", str(lists)).replace("__PAUSE__", str(pause)))
        script.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "-s", script.name, url]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"RESULT (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)", said)
    if not found:
        sys.exit(f"wrk said:\n{said}")
    requests, micros, failed, *times = found.groups()
    return Load(int(requests), int(micros) / 1e6, int(failed), *map(float, times))


def metric(url: str, name: str) -> float:
    """Return one value of the server's metrics."""
    text = urllib.request.urlopen(f"{url}/api/metrics", timeout=10).read().decode()
    found = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def watch_memory(url: str, lists: Path, many: int) -> None:
    """Print how much memory the server takes as requests go on and on."""
    began, asked, points = time.perf_counter(), 0, []
    while asked < many:
        asked += load(url, lists, clients=16, seconds=20).requests
        points.append(f"{asked:,}: {metric(url, 'segue_resident_bytes') / 1e6:.0f}")
    print(f"memory in MB after so many requests, {time.perf_counter() - began:.0f} s: {', '.join(points)}")


def show(what: str, run: Load) -> None:
    print(
        f"{what:<34}{run.rate:7.1f} /s   p50 {run.p50:6.0f} ms   p95 {run.p95:6.0f} ms   "
        f"p99 {run.p99:6.0f} ms   max {run.most:6.0f} ms   {run.failed} of {run.requests} not answered"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--many", type=int, default=20_000, help="requests of the memory test; 0 skips it")
    parser.add_argument("serve_options", nargs="*", help="after --: options of segue serve")
    given = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is needed (Debian: apt install wrk)")
    with tempfile.TemporaryDirectory() as folder, serving(given.catalogue, given.serve_options) as url:
        lists = Path(folder) / "lists"
        write_lists(given.catalogue, lists)
        load(url, lists, clients=4, seconds=3)  # warm
        with Catalogue.open(given.catalogue) as opened:
            print(f"{len(opened):,} tracks, {os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}")
        full = load(url, lists, clients=64, seconds=given.seconds)
        show("64 clients without a pause", full)
        for rate in (full.rate / 2, RATE_TO_REACH / 2):
            show(
                f"32 clients, {rate:.0f} /s asked",
                load(url, lists, clients=32, seconds=given.seconds, rate=rate),
            )
        beyond = load(url, lists, clients=400, seconds=given.seconds, rate=400)
        show("400 clients, 400 /s asked", beyond)
        print(f"refused at once with 503 and Retry-After: {metric(url, 'segue_shed_total'):.0f}")
        if given.many:
            watch_memory(url, lists, given.many)


if __name__ == "__main__":
    main()
