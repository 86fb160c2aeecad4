"""What tests take from npm; `scripts/setup-node` installs it."""

import os
from pathlib import Path

HOW = "not installed (scripts/setup-node)"
NODE_MODULES = Path(
    os.environ.get("SEGUE_TEST_NODE_MODULES", Path(__file__).parents[2] / "build" / "node" / "node_modules")
).absolute()
