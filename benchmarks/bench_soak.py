"""A server under everything at once: searches, recommendations, uploads, hang-ups and reloads.

`scripts/bench soak --minutes 60 [--catalogue FILE]`. Ends with 1 when a request was answered with 5xx other
than a 503 that says when to try again, or when memory grew by more than a fifth after the first sixth.
"""

import argparse
import itertools
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx

UPLOAD = 2_000  # made-up lines in each upload


class Soak:
    """Asks one server from many threads, and counts what comes back."""

    def __init__(self, url: str, pid: int, until: float) -> None:
        self.url, self.pid, self.until = url, pid, until
        self.answers: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._lock = threading.Lock()
        self._numbers = itertools.count()

    def note(self, kind: str, answer: httpx.Response) -> None:
        stated = answer.status_code == 503 and "retry-after" in answer.headers
        with self._lock:
            self.answers[f"{kind} {answer.status_code}"] += 1
            if answer.status_code >= 500 and not stated:
                self.wrong.append(f"{kind} {answer.status_code} {answer.text[:200]}")

    def search(self, client: httpx.Client, rng: random.Random) -> None:
        text = rng.choice(["love", "the", "enter sand", "a", "night mo"])
        self.note("search", client.get("/api/v1/search", params={"q": text}))

    def recommend(self, client: httpx.Client, rng: random.Random) -> None:
        tracks = client.get("/api/v1/search", params={"q": rng.choice("abcdehlmst"), "limit": 5}).json()
        ids = [track["track_id"] for track in tracks.get("tracks", [])]
        if ids:
            self.note("recommend", client.post("/api/v1/recommendations", json={"tracks": ids, "n": 30}))

    def upload(self, client: httpx.Client, rng: random.Random) -> None:
        lines = (f"Nobody {next(self._numbers)} - Made up title {rng.random()}" for _ in range(UPLOAD))
        self.note("upload", client.post("/api/v1/match/file", files={"file": ("a.txt", "\n".join(lines))}))

    def hang_up(self, client: httpx.Client, rng: random.Random) -> None:
        host = client.base_url
        with socket.create_connection((host.host, host.port or 80), timeout=10) as sock:
            sock.sendall(
                b"GET /api/v1/search?q=a HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"\r\n" * rng.randrange(2)
            )
        with self._lock:
            self.answers["hang-up"] += 1

    def reload(self, client: httpx.Client, _rng: random.Random) -> None:
        subprocess.run(["kill", f"-{signal.SIGHUP.value}", str(self.pid)], check=True)
        self.note("health", client.get("/api/health"))
        time.sleep(5)

    def repeat(self, work: Callable[[httpx.Client, random.Random], None], seed: int) -> None:
        rng = random.Random(seed)
        with httpx.Client(base_url=self.url, timeout=150) as client:
            while time.monotonic() < self.until:
                try:
                    work(client, rng)
                except httpx.HTTPError as error:
                    with self._lock:
                        self.wrong.append(f"{work.__name__}: {error!r}")


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--catalogue", type=Path)
    asked = parser.parse_args()
    command = [sys.executable, "-m", "segue", "serve", "--port", "0"]
    if asked.catalogue:
        command += ["--catalogue", str(asked.catalogue)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        found = re.search(r"http://\S+", server.stdout.readline())
        if not found:
            return 1
        seconds = asked.minutes * 60
        soak = Soak(found[0], server.pid, time.monotonic() + seconds)
        works = [soak.search] * 2 + [soak.recommend] * 2 + [soak.upload] * 2 + [soak.hang_up, soak.reload]
        threads = [
            threading.Thread(target=soak.repeat, args=(work, number)) for number, work in enumerate(works)
        ]
        for thread in threads:
            thread.start()
        time.sleep(seconds / 6)
        memory = [resident_mb(server.pid)]
        while any(thread.is_alive() for thread in threads):
            time.sleep(seconds / 30)
            memory.append(resident_mb(server.pid))
    finally:
        server.terminate()
        server.wait(60)
    print(f"{asked.minutes:g} minutes; memory {memory[0]:.0f} MB after a sixth, at most {max(memory):.0f} MB")
    for kind, count in sorted(soak.answers.items()):
        print(f"{kind}: {count:,}")
    print("\n".join(soak.wrong[:20]) or "no answer was wrong")
    return int(bool(soak.wrong) or max(memory) > 1.2 * memory[0])


if __name__ == "__main__":
    sys.exit(main())
