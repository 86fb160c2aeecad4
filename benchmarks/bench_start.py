"""How long segue takes to start: its help, and a cold recommendation from the starter catalogue.

Every run is a process of its own, and the runs of the commands take turns, so that a busy moment of the
machine meets all of them. `python -c pass` is what the interpreter takes by itself. Compiled code is kept,
as it is where segue is installed. Usage: scripts/bench start [--runs 15]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "examples" / "classic-rock.csv"
PYTHON = [sys.executable, "-c", "pass"]
HELP = [sys.executable, "-m", "segue", "--help"]
RECOMMEND = [sys.executable, "-m", "segue", "recommend", str(EXAMPLE)]
LIMITS_S = {"segue --help": 0.25, "segue recommend": 0.9}


def measure(command: list[str], environ: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environ, check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    commands = {"python -c pass": PYTHON, "segue --help": HELP, "segue recommend": RECOMMEND}
    with tempfile.TemporaryDirectory() as folder:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE_")}
        environ |= {"SEGUE_DATA_DIR": f"{folder}/data", "SEGUE_CONFIG_DIR": f"{folder}/config"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        first_s = measure(RECOMMEND, environ)  # makes the starter catalogue, once
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                seconds[name].append(measure(command, environ))
    figures = {
        name: {
            "median_s": round(statistics.median(taken), 3),
            "fastest_s": round(min(taken), 3),
            "slowest_s": round(max(taken), 3),
            "limit_s": LIMITS_S.get(name),
        }
        for name, taken in seconds.items()
    }
    print(json.dumps({"runs": runs, "first recommend ever_s": round(first_s, 2), **figures}, indent=2))


if __name__ == "__main__":
    main()
