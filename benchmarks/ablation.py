"""What is each part of the full model worth? Take one away at a time, and measure on the same lists.

    python benchmarks/ablation.py CATALOGUE PLAYLISTS [--limit N] [--part test]

Prints a Markdown table a group: the whole, and what each loss costs, as paired differences with their 95 %
intervals. Nothing is trained again, so a part that another could have learned to stand in for looks dearer
than it is. Needs `onnx` (extra `train`).
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import numpy_helper

from segue.corpus.scenarios import HALF
from segue.evaluation.dataset import Source, open_world
from segue.evaluation.figures import Evaluation
from segue.evaluation.labels import MEASURES
from segue.evaluation.model_method import ModelMethod
from segue.evaluation.report_plots import interval_text
from segue.evaluation.report_tables import signed
from segue.evaluation.run import differences, figures_of, run_scenarios
from segue.model.bundle import Bundle
from segue.recommend.flow import Picks, Recommender
from segue.recommend.pair_features import Seeds, pair_features

Rank = Callable[[NDArray[np.float32]], NDArray[np.float32]]
MEASURED = ("ndcg", "r_precision", "clicks", "recall_1000")
SOURCES = ("_of_artists", "_of_scene")
WHOLE = "the whole"
GROUPS = {  # of the ranker's numbers, by the beginning of their names
    "likeness of embeddings": ("tower_", "retrieval", "bias"),
    "sound": ("sound_", "z_"),
    "factors of songs and artists": ("song_factor", "artist_factor"),
    "counts in lists": ("track_count", "song_count", "artist_count"),
    "shared artists and albums": ("seeds_by_artist", "share_by_artist", "seeds_on_album", "share_on_album"),
    "years": ("year",),
}


@dataclass(frozen=True, slots=True)
class Variant:
    """The recommender with something taken away; it stands for it where it is measured."""

    recommender: Recommender
    rank: Rank
    without: tuple[str, ...] = field(default=())

    def pick_many(self, lists: Sequence[Sequence[str]], n: int = 50, controls: Any = None) -> list[Picks]:
        with ExitStack() as stack:
            for name in self.without:
                stack.enter_context(patch(f"segue.recommend.sources.{name}", nothing))
            stack.enter_context(patch.object(self.recommender.encoder, "rank", self.rank))
            return self.recommender.pick_many(lists, n, controls)


def nothing(*_: object) -> NDArray[np.int64]:
    return np.empty(0, dtype=np.int64)


def variants(recommender: Recommender) -> Mapping[str, Variant]:
    """Return each variant by what is missing."""
    rank = recommender.encoder.rank
    names = feature_names(recommender)
    found = {
        WHOLE: Variant(recommender, rank),
        "no ranker: the towers' order": Variant(recommender, lambda pairs: pairs[:, 0]),
        "ranker: trees alone": Variant(recommender, half_ranker(recommender, "network_scale")),
        "ranker: network alone": Variant(recommender, half_ranker(recommender, "trees_scale")),
        "candidates: towers alone": Variant(recommender, rank, SOURCES),
    }
    for name in SOURCES:
        found[f"candidates: without {name[1:].replace('_', ' ')}"] = Variant(recommender, rank, (name,))
    for title, starts in GROUPS.items():
        columns = [place for place, name in enumerate(names) if name.startswith(starts)]
        found[f"ranker: {title} shuffled ({len(columns)})"] = Variant(recommender, shuffled(rank, columns))
    return found


def feature_names(recommender: Recommender) -> list[str]:
    tables = recommender.tables
    rows = np.arange(3)
    seeds = Seeds(rows, tables.embeddings[0])
    return pair_features(tables, seeds, rows + 3, np.zeros(3, np.float32))[0]


def shuffled(rank: Rank, columns: Sequence[int]) -> Rank:
    """Return a ranker that sees these numbers of another candidate of the same query."""

    def run(pairs: NDArray[np.float32]) -> NDArray[np.float32]:
        mixed = pairs.copy()
        order = np.random.default_rng(len(pairs)).permutation(len(pairs))
        mixed[:, columns] = pairs[order][:, columns]
        return rank(mixed)

    return run


def half_ranker(recommender: Recommender, silenced: str) -> Rank:
    """Return the ranker with one of its halves times zero."""
    model = onnx.load(recommender.encoder.bundle.folder / "ranker.onnx")
    (constant,) = [each for each in model.graph.initializer if each.name == silenced]
    constant.CopyFrom(numpy_helper.from_array(np.float32(0), silenced))
    session = onnxruntime.InferenceSession(model.SerializeToString())

    def run(pairs: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {"pairs": pairs})[0], np.float32).reshape(-1)

    return run


def main() -> None:
    given = read_options()
    with TemporaryDirectory() as name:
        source = Source(
            given.catalogue, given.playlists, given.folder or Path(name), part=given.part, limit=given.limit
        )
        bundle = Bundle.open(given.model)
        with (
            open_world(source) as world,
            Recommender.open(world.catalogue.path, bundle.folder) as recommender,
        ):
            methods = [
                ModelMethod(variant, world.catalogue, name=title)
                for title, variant in variants(recommender).items()
            ]
            whole, *others = run_scenarios(world, methods, (HALF,), progress=tell)
            figures = (*figures_of(world, whole), *differences(world, whole, others))
            found = Evaluation({"model": WHOLE, "lists": {}}, figures)
    for group in found.values("group"):
        print_table(found, group)


def print_table(found: Evaluation, group: str) -> None:
    """Print the whole, and what is lost without each part: the whole minus the variant."""
    print(f"\n| {group}: without | {' | '.join(MEASURES[name].title for name in MEASURED)} |")
    print(f"|---|{'---:|' * len(MEASURED)}")
    own = {each.measure: each for each in found.find(group=group, part="all")}
    print(f"| {WHOLE} | {' | '.join(interval_text(own[name].value, name) for name in MEASURED)} |")
    lost = found.find_differences(group=group, part="all")
    for title in dict.fromkeys(each.against for each in lost):
        by_measure = {each.measure: each for each in lost if each.against == title}
        print(f"| {title} | {' | '.join(signed(by_measure[name]) for name in MEASURED)} |")


def tell(what: str, done: int, total: int) -> None:
    if done == total:
        print(what, flush=True)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("playlists", type=Path)
    parser.add_argument("--model", default="full")
    parser.add_argument("--part", choices=("test", "validation"), default="test")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--folder", type=Path, help="where filled copies of the catalogue are kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
