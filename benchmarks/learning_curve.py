"""What would more playlists bring? Train on a quarter, half and all of them, and measure on the same lists.

    python benchmarks/learning_curve.py CATALOGUE PLAYLISTS --work DIR [--kind full] [--steps 600]

Which lists a share holds hangs on their ids, and a larger share holds every list of a smaller one. The lists
that are measured are the same throughout. Needs the extra `train`. A run that was broken off goes on with the
same command: what lies in the work folder is not made again.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from segue.app import TrainingRequest, train_bundle
from segue.cli.evaluate import open_model
from segue.corpus.scenarios import HALF
from segue.corpus.splits import TRAIN_ONLY_SOURCES, part_of
from segue.evaluation.dataset import Source
from segue.evaluation.figures import Evaluation
from segue.evaluation.report.labels import MEASURES, interval_text
from segue.evaluation.session import Request, evaluate
from segue.text.song_keys import hash64

MEASURED = ("ndcg", "r_precision", "recall_1000")
BASELINES = ("neighbour-playlists",)


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    catalogue: Path
    playlists: Path
    work: Path
    kind: Any
    steps: int
    shares: tuple[float, ...]
    limit: int | None


def main() -> None:
    """Train, measure, and print a Markdown table a group."""
    options = read_options()
    options.work.mkdir(parents=True, exist_ok=True)
    found = {share: measure_share(options, share) for share in options.shares}
    print(f"\n{options.kind}, {options.steps} steps of the towers' first fit for every share.\n")
    for group in ("mpd", "other"):
        print_table(found, group)


def measure_share(options: Options, share: float) -> dict[str, Any]:
    """Return the figures of a model that learned from this share of the lists."""
    kept = options.work / f"{options.kind}-{share:g}-{options.steps}.json"
    if not kept.exists():
        playlists = write_share(options, share)
        bundle = options.work / f"{options.kind}-{share:g}-{options.steps}"
        if not (bundle / "manifest.json").exists():
            request = TrainingRequest(
                options.catalogue, playlists, bundle, kind=options.kind, steps=options.steps
            )
            train_bundle(request, report=tell)
        source = Source(options.catalogue, playlists, options.work / "copies", limit=options.limit)
        request_ = Request(source, (HALF,), BASELINES, open_model(str(bundle)), shown=False)
        kept.write_text(json.dumps(flat(evaluate(request_, progress=lambda *_: None))), encoding="utf-8")
    result: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return result


def write_share(options: Options, share: float) -> Path:
    """Write the lists of a share, and all that are measured."""
    path = options.work / f"lists-{share:g}.parquet"
    source = f"read_parquet('{options.playlists}')"
    rows = duckdb.execute(f"SELECT playlist_id, list(DISTINCT source) FROM {source} GROUP BY 1").fetchall()
    chosen = [name for name, sources in rows if is_measured(name, sources) or place(name) < share]
    duckdb.execute(
        f"COPY (SELECT * FROM {source} WHERE playlist_id IN (SELECT unnest(?))) TO '{path}'", [chosen]
    )
    return path


def is_measured(playlist_id: str, sources: list[str]) -> bool:
    """Whether a list belongs to the test part; it is then in every share."""
    return part_of(playlist_id) == "test" and not TRAIN_ONLY_SOURCES & set(sources)


def place(playlist_id: str) -> float:
    """Return where a list stands among all, 0..1: a share holds those below it."""
    return hash64(f"curve:{playlist_id}") / 2**64


def flat(found: Evaluation) -> dict[str, Any]:
    """Return what the table needs, as plain values."""
    texts = {
        f"{figure.group} {figure.method.partition(' ')[0]} {figure.measure}": interval_text(
            figure.value, figure.measure
        )
        for figure in found.find(part="all")
        if figure.measure in MEASURED
    }
    return {"lists": found.about["training_lists"], "texts": texts}


def print_table(found: Mapping[float, Mapping[str, Any]], group: str) -> None:
    """Print a row a share; the baseline learned from the same lists."""
    columns = [(method, name) for method in ("segue", *BASELINES) for name in MEASURED]
    titles = [f"{method} {MEASURES[name].title}" for method, name in columns]
    print(f"| {group}: share | lists | {' | '.join(titles)} |\n|---|{'---:|' * (len(titles) + 1)}")
    for share, own in found.items():
        cells = [own["texts"].get(f"{group} {method} {name}", "–") for method, name in columns]
        print(f"| {share:.0%} | {own['lists']:,} | {' | '.join(cells)} |")
    print()


def tell(stage: str, figures: Mapping[str, float]) -> None:
    """Print each stage once it is done, without its steps."""
    if figures.get("step") == figures.get("of"):
        print(stage, " ".join(f"{name}={value:.4g}" for name, value in figures.items()), flush=True)


def read_options() -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("playlists", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--kind", choices=("full", "audio"), default="full")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--shares", type=float, nargs="+", default=[0.25, 0.5, 1.0])
    parser.add_argument("--limit", type=int, help="measure at most so many lists")
    given = vars(parser.parse_args())
    return Options(**{**given, "shares": tuple(given["shares"])})


if __name__ == "__main__":
    main()
