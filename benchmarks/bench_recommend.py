"""How long a warm recommendation takes, beside a plain product over the same matrix; memory; a cold shell.

usage: scripts/bench recommend --catalogue PATH [--model full] [--seeds 50] [--rounds 40]
"""

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from segue import Recommender


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", type=Path, required=True)
    parser.add_argument("--model", default="full")
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    with Recommender.open(asked.catalogue, asked.model) as recommender:
        rng = np.random.default_rng(0)
        tables = recommender.tables
        known = np.flatnonzero(tables.track_count > 0)
        pool = known if len(known) > asked.seeds else np.arange(len(tables))
        lists = [
            [track.track_id for track in recommender.catalogue.get_tracks(rng.choice(pool, asked.seeds))]
            for _ in range(asked.rounds)
        ]
        for seeds in lists[:5]:
            recommender.recommend(seeds)
        query = recommender.encoder.embed_queries([tables.inputs.take(np.arange(5))])[0]
        # Taken in turn, so that whatever else the machine does meets both alike.
        whole, product = [], []
        for seeds in lists:
            whole.append(_time(lambda seeds=seeds: recommender.recommend(seeds)))  # type: ignore[misc]
            product.append(_time(lambda: np.argpartition(tables.embeddings @ query, -1000)))
        n, d = tables.embeddings.shape
        print(f"catalogue {n:,} tracks, embeddings {n} x {d} float32 ({n * d * 4 / 1e6:.0f} MB)")
        _show("recommend, 50 picks", whole)
        _show("NumPy product + top 1,000", product)
        print(f"ratio of medians: {statistics.median(whole) / statistics.median(product):.2f}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory of this process: {peak:.0f} MB")
    seeds_text = "\n".join(lists[0])
    command = [sys.executable, "-m", "segue", "recommend", "-", "-o", "-"]
    command += ["--catalogue", str(asked.catalogue), "--model", asked.model]
    cold = [
        _time(lambda: subprocess.run(command, input=seeds_text, text=True, capture_output=True, check=True))
        for _ in range(5)
    ]
    _show("segue recommend from a cold shell", cold)


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _show(name: str, values: list[float]) -> None:
    print(
        f"{name}: median {statistics.median(values):.1f} ms, from {min(values):.1f} to {max(values):.1f} ms"
    )


if __name__ == "__main__":
    main()
