"""Serves the starter catalogue, opens an example in Chromium, and keeps docs/images/page.png."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

TARGET = Path(__file__).parents[1] / "docs" / "images" / "page.png"
LARGEST = 300_000


def main() -> None:
    """Take the picture; the argument is a path to keep it at, in place of the usual one."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    browser = os.environ.get("SEGUE_TEST_CHROMIUM") or shutil.which("chromium")
    if not browser:
        sys.exit("no Chromium found (set SEGUE_TEST_CHROMIUM)")
    with tempfile.TemporaryDirectory() as folder:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE_")}
        surroundings = clean | {"SEGUE_DATA_DIR": folder, "SEGUE_CONFIG_DIR": folder}
        server = subprocess.Popen(
            [sys.executable, "-m", "segue", "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            text=True,
            env=surroundings,
        )
        try:
            line = server.stdout.readline() if server.stdout else ""
            found = re.search(r"http://\S+", line)
            if not found:
                sys.exit(f"the server did not start: {line}")
            take(found[0], browser, target)
        finally:
            server.terminate()
            server.wait(30)
    print(f"{target}: {target.stat().st_size:,} bytes")  # noqa: T201
    if target.stat().st_size > LARGEST:
        sys.exit(f"larger than {LARGEST:,} bytes")


def take(url: str, browser: str, target: Path) -> None:
    """Open an example, let the map appear, steer a little, and keep the picture."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = opened.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
        page.set_default_timeout(120_000)
        page.goto(url)
        page.get_by_role("button", name=re.compile("Small hours")).click()
        page.wait_for_selector(".song")
        page.wait_for_selector(".map .wait", state="detached")
        page.locator("[data-act=like]").nth(1).click()
        page.mouse.move(5, 5)
        page.evaluate("document.activeElement.blur()")
        page.wait_for_timeout(2_000)
        page.screenshot(path=target)
        opened.close()


if __name__ == "__main__":
    main()
