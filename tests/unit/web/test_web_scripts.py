"""The page's scripts carry types in comments, for the checker of TypeScript. There is no build step."""

import re
import subprocess
from pathlib import Path

import pytest

from serving.node import HOW, NODE_MODULES

STATIC = Path(__file__).parents[3] / "src" / "segue" / "web" / "static"
CHECKER = NODE_MODULES / ".bin" / "tsc"


@pytest.mark.skipif(not CHECKER.exists(), reason=f"typescript is {HOW}")
def test_types() -> None:
    project = Path(__file__).parents[2] / "node" / "tsconfig.json"
    done = subprocess.run(
        [str(CHECKER), "-p", str(project)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.name)
def test_every_script_is_checked(path: Path) -> None:
    assert path.read_text("utf-8").startswith("// @ts-check\n")


def test_nothing_of_another_host_is_named() -> None:
    """Links for people to follow are fine; addresses to load something from are not."""
    for path in STATIC.rglob("*.*"):
        text = path.read_text("utf-8")
        assert not re.search(r"""(src|import|from|url\(|@import)\s*[=(]?\s*["']?https?://""", text), path.name
        assert "eval(" not in text
        assert "innerHTML" not in text, "text out of a playlist goes in as text"
