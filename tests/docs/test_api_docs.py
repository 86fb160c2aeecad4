"""Every endpoint and every option of the server is described under docs/."""

import inspect
from pathlib import Path

import httpx
import pytest

from segue.cli.serve import serve

DOCS = Path(__file__).parents[2] / "docs"


def test_every_endpoint(client: httpx.Client) -> None:
    text = (DOCS / "api.md").read_text("utf-8")
    for path, operations in client.get("/api/openapi.json").json()["paths"].items():
        for method in operations:
            assert f"`{method.upper()} {path}`" in text, f"{method} {path} is not in docs/api.md"


@pytest.mark.parametrize("name", inspect.signature(serve).parameters)
def test_every_option(name: str) -> None:
    option = "--open" if name == "open_page" else f"--{name.replace('_', '-')}"
    assert f"`{option}" in (DOCS / "api.md").read_text("utf-8")
