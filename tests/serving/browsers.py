"""A real browser: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from serving.running import Running
from serving.visitor import Visitor

# For machines that are busy with other things; shorter while one works on a test.
PATIENCE_MS = int(os.environ.get("SEGUE_TEST_PATIENCE_MS", "60000"))
CHROMIUM = (
    os.environ.get("SEGUE_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser, started once a module: Playwright keeps an event loop running until it is stopped."""
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine (SEGUE_TEST_CHROMIUM)")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """A visitor on a desktop, in light."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    context.set_default_timeout(PATIENCE_MS)
    one = Visitor(context.new_page())
    yield one
    context.close()
    assert not one.wrong, "the page complained"


@pytest.fixture
def page(visitor: Visitor, server: Running) -> Iterator[Page]:
    """The page at its start, in the browser of a visitor; nothing of another host may be loaded."""
    visitor.page.goto(server.url)
    visitor.page.wait_for_selector(".example")
    yield visitor.page
    assert visitor.hosts <= {server.url.split("/")[2]}, "nothing of another host is loaded"
