"""What a bundle says of its arrays and graphs: the name, type and shape of each, and the ranker's columns.

Files that are whole can still be meant for another version: a column moved, a type changed. The manifest
says how a bundle is laid out, so that one that this version would misread is refused before it is used.
"""

import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from segue.array_cache import Dimension, Spec
from segue.errors import BundleDamagedError, BundleMismatchError
from segue.features import AUDIO

RETRAIN_HINT = "Train it again with this version, or install the version that made it."
N_PROFILE = 11  # the sound of the artist's tracks and their mean year


# What this version reads. A bundle has some of these arrays (one of audio alone has few), and no other.
ARRAYS: dict[str, Spec] = {
    "sound_knots": Spec("float32", (10, "knots")),
    "sound_scores": Spec("float32", ("knots",)),
    "trained_lists": Spec("uint64", ("lists",)),
    "tower_artists": Spec("uint64", ("tower artists",)),
    "tower_tracks": Spec("uint64", ("tower tracks",)),
    "tower_songs": Spec("uint64", ("tower songs",)),
    "factor_songs": Spec("uint64", ("songs",)),
    "song_factors": Spec("int8", ("songs", "song factors")),
    "counts_song": Spec("float32", ("songs",)),
    "factor_artists": Spec("uint64", ("artists",)),
    "artist_factors": Spec("int8", ("artists", "artist factors")),
    "counts_artist": Spec("float32", ("artists",)),
    "listed_pairs": Spec("uint64", ("pairs",)),
    "counted_tracks": Spec("uint64", ("tracks",)),
    "counts_track": Spec("float32", ("tracks",)),
}
# Inputs and outputs of the graphs. The candidate tower may take fewer inputs.
GRAPHS: dict[str, dict[str, Spec]] = {
    "candidate_tower.onnx": {
        "audio": Spec("float32", ("N", len(AUDIO))),
        "year": Spec("float32", ("N",)),
        "profile": Spec("float32", ("N", N_PROFILE)),
        "artist": Spec("int32", ("N",)),
        "track": Spec("int32", ("N",)),
        "song": Spec("int32", ("N",)),
        "hidden": Spec("float32", ("N", "H")),
        "embedding": Spec("float32", ("N", "D")),
        "bias": Spec("float32", ("N",)),
    },
    "query_tower.onnx": {
        "hidden": Spec("float32", ("B", "S", "H")),
        "embedding": Spec("float32", ("B", "S", "D")),
        "mask": Spec("float32", ("B", "S")),
        "query": Spec("float32", ("B", "D")),
    },
    "ranker.onnx": {"pairs": Spec("float32", ("C", "F")), "scores": Spec("float32", ("C",))},
}
_FREE = frozenset("NBSC")  # letters that stay free in a graph: a number there would fix the size of a batch


@dataclass(frozen=True, slots=True)
class Layout:
    """How one bundle is laid out.

    Attributes
    ----------
    pair_features
        The names of the ranker's columns in their order; empty for a bundle without a ranker.
    arrays
        By name, without ".npy".
    graphs
        By file name: the inputs, then the outputs, each in its order.

    """

    pair_features: tuple[str, ...]
    arrays: Mapping[str, Spec]
    graphs: Mapping[str, Mapping[str, Spec]]

    @classmethod
    def describe(cls, parts: Mapping[str, bytes], pair_features: Sequence[str]) -> Self:
        """Read the layout off the content of a bundle's files, by file name."""
        return cls(
            tuple(pair_features),
            {
                name.removesuffix(".npy"): _describe_array(content)
                for name, content in sorted(parts.items())
                if name.endswith(".npy")
            },
            {
                name: _describe_graph(content)
                for name, content in sorted(parts.items())
                if name.endswith(".onnx")
            },
        )

    @classmethod
    def parse(cls, value: Any, source: object) -> Self:
        """Read what `to_json` gave; `source` names the bundle in an error.

        Raises
        ------
        BundleDamagedError
            When it is not of that form.

        """
        try:
            return cls(
                tuple(map(str, value["pair_features"])),
                {name: Spec.parse(each) for name, each in value["arrays"].items()},
                {
                    file: {name: Spec.parse(each) for name, each in graph.items()}
                    for file, graph in value["graphs"].items()
                },
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise BundleDamagedError(
                f"the manifest of {source} has no usable layout: expected `pair_features`, `arrays` and "
                f"`graphs`, each array with `dtype` and `shape` ({error!r})",
                hint="Copy or train the bundle again.",
            ) from error

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "pair_features": list(self.pair_features),
            "arrays": {name: each.to_json() for name, each in self.arrays.items()},
            "graphs": {
                file: {name: each.to_json() for name, each in graph.items()}
                for file, graph in self.graphs.items()
            },
        }

    def check(self, source: object) -> None:
        """Check that this version reads such a layout; `source` names the bundle in an error.

        Raises
        ------
        BundleMismatchError
            When an array, an input or an output is another than expected.

        """
        sizes: dict[str, int] = {}
        for name, found in self.arrays.items():
            check_spec(f"array {name} of {source}", ARRAYS.get(name), found, sizes)
        letters: dict[str, int] = {}
        for file, graph in self.graphs.items():
            known = GRAPHS.get(file, {})
            for name, found in graph.items():
                check_spec(f"{name} of {file} of {source}", known.get(name), found, letters)
        width = letters.get("F")
        if width is not None and width != len(self.pair_features):
            raise BundleMismatchError(
                f"the ranker of {source} takes {width} columns, its manifest names {len(self.pair_features)}",
                hint=RETRAIN_HINT,
            )


def check_names(what: str, expected: Sequence[str], received: Iterable[str]) -> None:
    """Check that names are the same, in the same order.

    Raises
    ------
    BundleMismatchError
        When they are not; the message shows the first that differs.

    """
    received = tuple(received)
    if tuple(expected) == received:
        return
    first = next(
        (at for at, pair in enumerate(zip(expected, received, strict=False)) if pair[0] != pair[1]),
        min(len(expected), len(received)),
    )
    wanted, came = (repr(names[first]) if first < len(names) else "none" for names in (expected, received))
    raise BundleMismatchError(
        f"{what}: expected {len(expected)} columns, received {len(received)}; "
        f"number {first + 1} should be {wanted} and is {came}",
        hint=RETRAIN_HINT,
    )


def check_spec(what: str, expected: Spec | None, received: Spec, sizes: dict[str, int]) -> None:
    """Check one array, input or output; `sizes` holds what the letters stand for so far, and is added to.

    Raises
    ------
    BundleMismatchError
        When it is not known at all, or of another type or shape.

    """
    if expected is None:
        raise BundleMismatchError(
            f"{what}: expected none of this name, received {received}", hint=RETRAIN_HINT
        )
    fits = expected.dtype == received.dtype and len(expected.shape) == len(received.shape)
    if not fits or not all(
        _fits(wanted, came, sizes) for wanted, came in zip(expected.shape, received.shape, strict=True)
    ):
        known = {letter: size for letter, size in sizes.items() if letter in expected.shape}
        note = f" with {', '.join(f'{letter} = {size}' for letter, size in known.items())}" if known else ""
        raise BundleMismatchError(
            f"{what}: expected {expected}{note}, received {received}", hint=RETRAIN_HINT
        )


def _fits(wanted: Dimension, came: Dimension, sizes: dict[str, int]) -> bool:
    if wanted in _FREE:
        return isinstance(came, str)
    if isinstance(wanted, str):
        return isinstance(came, int) and sizes.setdefault(wanted, came) == came
    return wanted == came


def _describe_array(content: bytes) -> Spec:
    array = np.load(io.BytesIO(content), allow_pickle=False)
    return Spec(str(array.dtype), array.shape)


def _describe_graph(content: bytes) -> dict[str, Spec]:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before the import, as `encoder` says
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.log_severity_level = 3
    return describe_session(ort.InferenceSession(content, options, providers=["CPUExecutionProvider"]))


def describe_session(session: Any) -> dict[str, Spec]:
    """Return the inputs and outputs of a session of ONNX Runtime."""
    types = {"tensor(float)": "float32", "tensor(int32)": "int32"}
    return {
        each.name: Spec(types.get(each.type, each.type), tuple(each.shape))
        for each in (*session.get_inputs(), *session.get_outputs())
    }
