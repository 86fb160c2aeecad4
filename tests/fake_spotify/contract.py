"""Spotify's own OpenAPI file as a judge of requests and answers.

The file is not part of this project; where it is absent, nothing is judged, and the tests that are about it
say so. Spotify's real answers break their own file in a few places; `_REALITY` lists them with the reason.
"""

import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from fake_spotify.answers import Answer
from fake_spotify.api import Asked

_URI = "urn:spotify-openapi"
_REALITY: tuple[tuple[str, str, str], ...] = (
    ("PlaylistTrackObject", "item", "null for a track that was taken down"),
    ("PlaylistTrackObject", "added_at", "null in very old playlists, as the file's own text says"),
    ("TrackObject", "id", "null for a local file"),
)


class Contract:
    """The OpenAPI file, read once."""

    def __init__(self, path: Path) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        spec = yaml.load(path.read_text("utf-8"), loader)
        for schema, name, _ in _REALITY:
            spec["components"]["schemas"][schema]["properties"][name]["nullable"] = True
        self.spec: dict[str, Any] = _as_json_schema(spec)
        self._validators: dict[str, Draft202012Validator] = {}

    @cached_property
    def _registry(self) -> "Registry[Any]":
        empty: Registry[Any] = Registry()
        filled: Registry[Any] = empty.with_resource(_URI, DRAFT202012.create_resource(self.spec))
        return filled

    @cached_property
    def _operations(self) -> list[tuple[str, re.Pattern[str], str]]:
        """Every (method, pattern of the path, template); a template without parameters first."""
        found = []
        for template, methods in sorted(self.spec["paths"].items(), key=lambda pair: pair[0].count("{")):
            pattern = re.compile(re.sub(r"\\\{\w+\\\}", r"([^/]+)", re.escape(template)))
            found += [(method.upper(), pattern, template) for method in methods if method != "parameters"]
        return found

    def find_operation(self, asked: Asked) -> dict[str, Any] | None:
        """Return the operation of a request; None when the file has none."""
        for method, pattern, template in self._operations:
            if method == asked.method and pattern.fullmatch(asked.path):
                operation: dict[str, Any] = self.spec["paths"][template][method.lower()]
                return operation
        return None

    def check_request(self, asked: Asked) -> list[str]:
        """Return what the file does not allow in a request: path, method, parameters, body."""
        operation = self.find_operation(asked)
        line = f"{asked.method} {asked.path}"
        if operation is None:
            return [f"{line}: no such operation"]
        parameters = [self._resolve(one) for one in operation.get("parameters", [])]
        known = {one["name"]: one for one in parameters if one["in"] == "query"}
        wrong = [f"{line}: unknown parameter {name}" for name in asked.query if name not in known]
        for name, parameter in known.items():
            if name in asked.query:
                value = _typed(asked.query[name], parameter["schema"])
                wrong += [f"{line}: {name}: {text}" for text in self._faults(parameter["schema"], value)]
            elif parameter.get("required"):
                wrong.append(f"{line}: parameter {name} is missing")
        return wrong + [f"{line}: body: {text}" for text in self._check_body(operation, asked.body)]

    def _check_body(self, operation: dict[str, Any], body: object) -> list[str]:
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body is None:
            return []
        if content is None:
            return ["none is allowed"]
        known = content["schema"].get("properties", {})
        extra = sorted(set(body) - set(known)) if isinstance(body, dict) else []
        return [f"unknown field {name}" for name in extra] + self._faults(content["schema"], body)

    def check_answer(self, asked: Asked, answer: Answer) -> list[str]:
        """Return what the file does not allow in an answer: its status and its body."""
        operation = self.find_operation(asked)
        line = f"{asked.method} {asked.path} -> {answer.status}"
        if operation is None or answer.status in (400, 404, 500):  # the file leaves most of these out
            return []
        response = operation["responses"].get(str(answer.status))
        if response is None:
            return [f"{line}: not among the file's statuses"]
        content = self._resolve(response).get("content", {}).get("application/json")
        if content is None:
            return []
        return [f"{line}: {text}" for text in self._faults(content["schema"], json.loads(answer.body))]

    def _resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        """Follow a reference, which `_as_json_schema` made absolute."""
        if "$ref" not in node:
            return node
        target: Any = self.spec
        for part in node["$ref"].removeprefix(f"{_URI}#/").split("/"):
            target = target[part]
        resolved: dict[str, Any] = target
        return resolved

    def _faults(self, schema: dict[str, Any], value: object) -> list[str]:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            self._validators[key] = Draft202012Validator(schema, registry=self._registry)
        found = sorted(self._validators[key].iter_errors(value), key=lambda fault: fault.json_path)
        return [f"{fault.json_path}: {fault.message[:300]}" for fault in found]


def _typed(text: str, schema: dict[str, Any]) -> object:
    """Return a parameter of the query as its schema's type, or the text where it is of none."""
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    return text.split(",") if schema.get("type") == "array" else text


def _as_json_schema(node: Any) -> Any:
    """Turn OpenAPI 3.0 into JSON Schema: absolute references, and `nullable` as a choice."""
    if isinstance(node, list):
        return [_as_json_schema(part) for part in node]
    if not isinstance(node, dict):
        return node
    turned = {
        key: f"{_URI}{value}" if key == "$ref" and isinstance(value, str) else _as_json_schema(value)
        for key, value in node.items()
        if key not in ("nullable", "example", "examples", "discriminator")
    }
    return {"anyOf": [turned, {"type": "null"}]} if node.get("nullable") is True else turned
