"""A person with a browser."""

import os
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, expect

PASTED = "Nirvana - Smells Like Teen Spirit\nThe Killers - Mr. Brightside\nNobody Ever - Not A Song"
# Where screenshots are kept; a job of continuous integration keeps the folder.
PICTURES = Path(os.environ.get("SEGUE_TEST_PICTURES", "screenshots"))


class Visitor:
    """A person with a browser; notes what went wrong in the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        self.hosts: set[str] = set()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", self._listen)
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.wrong.append(message.text)

    def keep_picture(self, name: str) -> None:
        """Keep a screenshot."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")


def settle(page: Page) -> None:
    """Wait until the answer to the last change is shown, and the address written."""
    page.wait_for_selector(".result[data-asking]", state="detached")
    page.wait_for_timeout(150)


def begin(page: Page) -> None:
    """One click: an example."""
    page.locator(".example").first.click()
    expect(page.locator(".song").first).to_be_visible()


def ids(page: Page) -> list[str]:
    """Return the songs in the list, by id."""
    found: list[str] = page.eval_on_selector_all(".song", "songs => songs.map(song => song.dataset.id)")
    return found


def wait_for_change(page: Page, before: list[str]) -> None:
    """Wait until the list is another one."""
    page.wait_for_function(
        "before => [...document.querySelectorAll('.song')].map(song => song.dataset.id).join() !== before",
        arg=",".join(before),
    )


def wait_for(page: Page, after: list[str]) -> None:
    """Wait until the list is this one."""
    page.wait_for_function(
        "after => [...document.querySelectorAll('.song')].map(song => song.dataset.id).join() === after",
        arg=",".join(after),
    )
