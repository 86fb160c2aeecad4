"""How the page's tab fares over a long evening: `scripts/bench page-soak --catalogue FILE`.

Starts `segue serve` and a real browser, and makes 500 interactions with the real mouse and keyboard: "more
like this", thumbs, a slider, undo, the mouse over the map. Prints heap, DOM nodes and listeners, each after a
collection, after ten interactions and at the end; exits 1 when the heap ends at more than 1.3 times what it
was after ten.
"""

import sys

from bench_page import arguments, opened_page
from playwright.sync_api import CDPSession, Page

INTERACTIONS = 500
WARM = 10
MOST = 1.3
MEASURES = ("JSHeapUsedSize", "Nodes", "JSEventListeners")


def measure(cdp: CDPSession) -> dict[str, float]:
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    found = cdp.send("Performance.getMetrics")["metrics"]
    return {one["name"]: float(one["value"]) for one in found if one["name"] in MEASURES}


def settle(page: Page) -> None:
    # Locators alone: `wait_for_selector` gives a handle, which would keep every screen that was ever shown.
    page.locator(".progress").wait_for(state="detached")
    page.locator(".song").first.wait_for()
    page.locator(".result[data-asking]").wait_for(state="detached")


def more_like_this(page: Page) -> None:
    page.locator("[data-act=more]").first.click()
    page.get_by_role("menuitem", name="More like this").click()
    settle(page)
    page.locator(".map .wait").wait_for(state="detached")


def over_the_map(page: Page) -> None:
    box = page.locator(".map").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -200)


def interact(page: Page, i: int) -> None:
    match i % 5:
        case 0:
            more_like_this(page)
        case 1:
            page.locator("[data-act=like]").nth(1).click()
        case 2:
            page.locator("#dial-energy").press("ArrowRight")
        case 3:
            page.keyboard.press("Control+z")
        case _:
            over_the_map(page)
    settle(page)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--interactions", type=int, default=INTERACTIONS)
    given = parser.parse_args()
    with opened_page(given) as page:
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable")
        settle(page)
        early: dict[str, float] = {}
        for i in range(given.interactions):
            interact(page, i)
            if i + 1 == WARM:
                early = measure(cdp)
        late = measure(cdp)
    for name in MEASURES:
        first, last = early[name], late[name]
        print(f"{name:<18}after {WARM}: {first:>12,.0f}   at the end: {last:>12,.0f}   x {last / first:.2f}")
    if late["JSHeapUsedSize"] > MOST * early["JSHeapUsedSize"]:
        sys.exit(f"the heap grew to more than {MOST} times its size")


if __name__ == "__main__":
    main()
