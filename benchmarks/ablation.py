"""What is each part of the full model worth? Take one away at a time, and measure on the same lists.

    python benchmarks/ablation.py CATALOGUE PLAYLISTS [--limit N] [--part test]

Prints a Markdown table a group: the whole, and what each loss costs, as paired differences with their 95 %
intervals. Nothing is trained again, so a part that another could have learned to stand in for looks dearer
than it is. Needs `onnx` (extra `train`).
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

from segue.corpus.scenarios import HALF
from segue.evaluation.dataset import Source, open_world
from segue.evaluation.figures import Evaluation
from segue.evaluation.model_method import ModelMethod
from segue.evaluation.report.labels import MEASURES, interval_text, signed
from segue.evaluation.run import differences, figures_of, run_scenarios
from segue.model.bundle import Bundle
from segue.recommend.candidates import SOURCES
from segue.recommend.flow import Recommender
from segue.recommend.pair_features import pair_names
from segue.recommend.score_makeup import Ranker
from segue.recommend.track_arrays import Floats

MEASURED = ("ndcg", "r_precision", "clicks", "recall_1000")
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
class TowersOrder:
    """No ranker: the first column is the retrieval score."""

    def rank(self, pairs: Floats, names: Sequence[str]) -> Floats:
        return pairs[:, names.index("retrieval")]


@dataclass(frozen=True, slots=True)
class Shuffled:
    """A ranker that sees some numbers of another candidate of the same query."""

    ranker: Ranker
    columns: Sequence[str]

    def rank(self, pairs: Floats, names: Sequence[str]) -> Floats:
        mixed = pairs.copy()
        order = np.random.default_rng(len(pairs)).permutation(len(pairs))
        chosen = [names.index(name) for name in self.columns]
        mixed[:, chosen] = pairs[order][:, chosen]
        return self.ranker.rank(mixed, names)


class HalfRanker:
    """The ranker with one of its halves times zero."""

    def __init__(self, folder: Path, silenced: str) -> None:
        model = onnx.load(folder / "ranker.onnx")
        (constant,) = [each for each in model.graph.initializer if each.name == silenced]
        constant.CopyFrom(numpy_helper.from_array(np.float32(0), silenced))
        self._session = onnxruntime.InferenceSession(model.SerializeToString())

    def rank(self, pairs: Floats, names: Sequence[str]) -> Floats:  # noqa: ARG002 - part of the Ranker protocol
        return np.asarray(self._session.run(None, {"pairs": pairs})[0], np.float32).reshape(-1)


def variants(recommender: Recommender) -> Mapping[str, Recommender]:
    """Return each variant by what is missing."""
    encoder = recommender.encoder
    names = pair_names(knows_lists=recommender.tables.knows_lists)
    halves = {
        half: HalfRanker(encoder.bundle.folder, f"{other}_scale")
        for half, other in (("trees", "network"), ("network", "trees"))
    }
    found = {
        WHOLE: recommender,
        "no ranker: the towers' order": recommender.with_parts(ranker=TowersOrder()),
        "ranker: trees alone": recommender.with_parts(ranker=halves["trees"]),
        "ranker: network alone": recommender.with_parts(ranker=halves["network"]),
        "candidates: towers alone": recommender.with_parts(sources=SOURCES[:1]),
    }
    for source in SOURCES[1:]:
        others = [each for each in SOURCES if each is not source]
        found[f"candidates: without {source.name}"] = recommender.with_parts(sources=others)
    for title, starts in GROUPS.items():
        columns = [name for name in names if name.startswith(starts)]
        found[f"ranker: {title} shuffled ({len(columns)})"] = recommender.with_parts(
            ranker=Shuffled(encoder, columns)
        )
    return found


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
