"""How quickly the page follows a hand: `scripts/bench page --catalogue FILE`.

Starts `segue serve` and a real browser (Chromium through Playwright). Pans and zooms the map of the whole
catalogue and prints the time between two frames; moves a slider 40 times and prints how long each move takes
until the new list is shown.
"""

import argparse
import shutil
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench_server import serving
from playwright.sync_api import Page, sync_playwright

MOVES = 40
FRAMES = """() => {
    window.frames_ = [];
    let last = performance.now();
    const note = (now) => { window.frames_.push(now - last); last = now; requestAnimationFrame(note); };
    requestAnimationFrame(note);
}"""


def show(what: str, values: list[float]) -> None:
    ordered = sorted(values)
    middle, late = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
    print(f"{what:<34}median {middle:6.0f} ms   p95 {late:6.0f} ms   max {ordered[-1]:6.0f} ms")


def move_slider(page: Page) -> list[float]:
    slider = page.locator("#dial-energy")
    for i in range(MOVES):
        slider.press("ArrowRight" if i % 20 < 10 else "ArrowLeft")
        page.wait_for_timeout(60)
        page.locator(".result[data-asking]").wait_for(state="detached")
    took: list[float] = page.evaluate(
        "performance.getEntriesByName('segue:requery').map(one => one.duration)"
    )
    return took


def move_map(page: Page) -> list[float]:
    page.wait_for_selector(".map .wait", state="detached", timeout=600_000)
    page.wait_for_timeout(500)
    box = page.locator(".map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(FRAMES)
    page.mouse.move(x, y)
    for _ in range(3):
        page.mouse.wheel(0, -250)
        page.wait_for_timeout(30)
        page.mouse.down()
        page.mouse.move(x - 90, y - 60, steps=25)
        page.mouse.move(x, y, steps=25)
        page.mouse.up()
    frames: list[float] = page.evaluate("window.frames_")
    return frames[1:]


def arguments(about: str | None) -> argparse.ArgumentParser:
    """Return a parser for what every benchmark of the page is told."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--catalogue", type=Path, required=True)
    parser.add_argument("serve_options", nargs="*", help="after --: options of segue serve")
    return parser


@contextmanager
def opened_page(given: argparse.Namespace) -> Iterator[Page]:
    """Serve the catalogue, and give a real browser's page on which the first example was chosen."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is needed (Debian: apt install chromium)")
    with serving(given.catalogue, given.serve_options) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(url)
        page.locator(".example").first.click()
        page.locator(".song").first.wait_for()
        yield page
        browser.close()


def main() -> None:
    with opened_page(arguments(__doc__).parse_args()) as page:
        show("map: between two frames", move_map(page))
        show("slider: from move to new list", move_slider(page))


if __name__ == "__main__":
    main()
