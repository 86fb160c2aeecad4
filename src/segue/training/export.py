"""From Keras and LightGBM to ONNX graphs with free batch and set sizes."""

import io
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import onnx.compose
from jax2onnx import to_onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from segue.training.retrieval import IDENTITY, Towers
from segue.training.towers import Tensor

N_AUDIO, N_PROFILE = 13, 11
_FLOATS = ("audio", "year", "profile")
_NODE_PARTS = ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")
_OPSET = 21
_HALF_FROM = 4096  # learned tables of at least this many values are stored in half precision


def export_candidate(towers: Towers) -> bytes:
    """Return the graph from raw inputs (N, ...) to hidden (N, H), embedding (N, D) and bias (N,)."""
    names = ["audio"] if towers.candidate.shape.audio_only else ["audio", *IDENTITY]

    def run(*values: Tensor) -> tuple[Tensor, ...]:
        inputs = dict(zip(names, values, strict=True))
        encoded = {"sound": towers.audio_features(inputs["audio"])}
        if "year" in inputs:
            encoded["era"] = towers.year_features(inputs["year"])
            encoded |= {name: inputs[name] for name in IDENTITY[1:]}
        hidden, embedding, bias = towers.candidate(encoded)
        return hidden, embedding, bias

    widths = {"audio": (N_AUDIO,), "profile": (N_PROFILE,)}
    n = _free("N")
    shapes = [
        _shaped((n, *widths.get(name, ())), jnp.float32 if name in _FLOATS else jnp.int32) for name in names
    ]
    return _finish(
        to_onnx(run, shapes, opset=_OPSET, model_name="candidate_tower"),
        names,
        ["hidden", "embedding", "bias"],
    )


def export_query(towers: Towers) -> bytes:
    """Return the graph from hidden (B, S, H), embedding (B, S, D) and mask (B, S) to queries (B, D)."""
    shape = towers.candidate.shape
    b, s = jax.export.symbolic_shape("B, S")
    inputs = [
        _shaped((b, s, shape.hidden), jnp.float32),
        _shaped((b, s, shape.dimensions), jnp.float32),
        _shaped((b, s), jnp.float32),
    ]
    model = to_onnx(towers.query, inputs, opset=_OPSET, model_name="query_tower")
    return _finish(model, ["hidden", "embedding", "mask"], ["query"])


def _shaped(shape: Any, dtype: Any) -> Any:
    return jax.ShapeDtypeStruct(shape, dtype)  # type: ignore[no-untyped-call]


def _free(name: str) -> Any:
    return jax.export.symbolic_shape(name)[0]


def _finish(model: Any, inputs: Sequence[str], outputs: Sequence[str]) -> bytes:
    """Name what goes in and out, and store large tables in half precision."""
    graph = model.graph
    renamed = dict(
        zip([each.name for each in (*graph.input, *graph.output)], [*inputs, *outputs], strict=True)
    )
    for node in graph.node:
        for names in (node.input, node.output):
            for i, name in enumerate(names):
                names[i] = renamed.get(name, name)
    for each in (*graph.input, *graph.output):
        each.name = renamed[each.name]
    for initializer in list(graph.initializer):
        if initializer.data_type == TensorProto.FLOAT and np.prod(initializer.dims) >= _HALF_FROM:
            _store_half(graph, initializer)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _store_half(graph: Any, initializer: Any) -> None:
    name = initializer.name
    half = numpy_helper.from_array(numpy_helper.to_array(initializer).astype(np.float16), f"{name}_half")
    graph.initializer.remove(initializer)
    graph.initializer.append(half)
    graph.node.insert(0, helper.make_node("Cast", [half.name], [name], to=TensorProto.FLOAT))


def export_ranker(booster: Any, network: Any, n_features: int, scales: Sequence[float]) -> bytes:
    """Return the graph from pairs (C, F) to scores (C,): the scaled sum of the trees and the network."""
    pairs = _shaped((_free("C"), n_features), jnp.float32)
    rating = to_onnx(lambda values: network(values)[..., 0], [pairs], opset=_OPSET, model_name="network")
    rating = onnx.compose.add_prefix(
        onnx.load_from_string(_finish(rating, ["pairs"], ["rating"])), "network_", rename_inputs=False
    )
    trees = helper.make_node(
        "TreeEnsembleRegressor",
        ["pairs"],
        ["trees"],
        domain="ai.onnx.ml",
        n_targets=1,
        **_tree_attributes(booster),
    )
    total = [
        helper.make_node("Reshape", ["trees", "flat"], ["trees_flat"]),
        helper.make_node("Mul", ["trees_flat", "trees_scale"], ["trees_scaled"]),
        helper.make_node("Mul", ["network_rating", "network_scale"], ["network_scaled"]),
        helper.make_node("Add", ["trees_scaled", "network_scaled"], ["scores"]),
    ]
    constants = [
        numpy_helper.from_array(np.array([-1], np.int64), "flat"),
        numpy_helper.from_array(np.float32(scales[0]), "trees_scale"),
        numpy_helper.from_array(np.float32(scales[1]), "network_scale"),
    ]
    graph = helper.make_graph(
        [*rating.graph.node, trees, *total],
        "ranker",
        [helper.make_tensor_value_info("pairs", TensorProto.FLOAT, ["C", n_features])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["C"])],
        [*rating.graph.initializer, *constants],
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, functions=rating.functions, opset_imports=opsets, ir_version=10)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _tree_attributes(booster: Any) -> dict[str, list[Any]]:
    nodes: dict[str, list[Any]] = {name: [] for name in _NODE_PARTS}
    targets: dict[str, list[Any]] = {name: [] for name in ("treeids", "nodeids", "weights")}
    for number, tree in enumerate(booster.dump_model()["tree_info"]):
        _add_tree(number, tree["tree_structure"], nodes, targets)
    return {
        **{f"nodes_{name}": values for name, values in nodes.items()},
        **{f"target_{name}": values for name, values in targets.items()},
        "target_ids": [0] * len(targets["weights"]),
    }


def _add_tree(
    number: int, root: dict[str, Any], nodes: dict[str, list[Any]], targets: dict[str, list[Any]]
) -> None:
    """Write one tree's nodes in the flat form of the ONNX operator, numbered in the order of a walk."""
    waiting = [(root, 0)]
    used = 1
    while waiting:
        node, place = waiting.pop()
        leaf = "leaf_value" in node
        left, right = (0, 0) if leaf else (used, used + 1)
        row = {
            "treeids": number,
            "nodeids": place,
            "featureids": 0 if leaf else node["split_feature"],
            "values": 0.0 if leaf else _round_down(node["threshold"]),
            "modes": "LEAF" if leaf else "BRANCH_LEQ",
            "truenodeids": left,
            "falsenodeids": right,
        }
        for name, value in row.items():
            nodes[name].append(value)
        if leaf:
            targets["treeids"].append(number)
            targets["nodeids"].append(place)
            targets["weights"].append(float(node["leaf_value"]))
        else:
            waiting += [(node["left_child"], left), (node["right_child"], right)]
            used += 2


def _round_down(threshold: float) -> float:
    """Return the largest float32 that is not above a threshold, so that float32 inputs split the same way."""
    # As Python floats: beside a float32, NumPy would round the threshold first and find the two equal.
    single = np.float32(threshold)
    return float(single if float(single) <= threshold else np.nextafter(single, np.float32(-np.inf)))


def to_npy(values: NDArray[Any]) -> bytes:
    """Return an array in the NPY format."""
    buffer = io.BytesIO()
    np.save(buffer, values, allow_pickle=False)
    return buffer.getvalue()
