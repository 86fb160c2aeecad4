"""The page for everybody: keyboard alone, screen readers, a phone, light and dark."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from serving import Running
from serving.node import HOW, NODE_MODULES
from serving.visitor import PASTED, Visitor, begin, ids, settle, wait_for_change

pytestmark = pytest.mark.browser
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
SEEN = """() => {
    const on = document.activeElement;
    const marked = (element) => getComputedStyle(element).outlineStyle !== "none";
    return on.type === "range" || marked(on) || marked(on.closest(".composer") ?? on);
}"""


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press Tab until the focus is on what is looked for; it is seen wherever it stops on the way."""
    for _ in range(90):
        page.keyboard.press(key)
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"the Tab key never comes to {selector}")


def test_from_the_start_to_a_saved_file_with_the_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    tab_to(page, "#paste")
    page.keyboard.type("Nobody Ever - Not A Song")
    tab_to(page, "#go")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    tab_to(page, "#paste")
    page.keyboard.press("Control+a")
    page.keyboard.type("Nirvana - Smells Like Teen Spirit")
    tab_to(page, "[role=combobox]")
    page.keyboard.type("enter sandm")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator(".seed-chip")).to_have_count(1)
    tab_to(page, "#go", "Shift+Tab")
    page.keyboard.press("Space")
    expect(page.locator(".song")).to_have_count(50)
    assert page.evaluate("document.activeElement.id") == "main", "a new screen begins at its beginning"
    tab_to(page, "#dial-tempo")
    before = ids(page)
    page.keyboard.press("End")
    wait_for_change(page, before)
    settle(page)
    tab_to(page, "[data-act=like]")
    page.keyboard.press("Enter")
    expect(page.locator(".song.liked")).to_have_count(1)
    settle(page)
    page.keyboard.press("Control+z")
    expect(page.locator(".song.liked")).to_have_count(0)
    tab_to(page, ".result-head .primary", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    for _ in range(9):
        if "M3U8" in page.evaluate("document.activeElement.textContent"):
            break
        page.keyboard.press("ArrowDown")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".m3u8")


def test_the_keys_of_the_list(page: Page) -> None:
    page.locator("#paste").focus()
    page.keyboard.type(PASTED)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".song")).to_have_count(50)
    before = ids(page)
    page.locator("[data-act=like]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.song').dataset.id") == before[2]
    page.keyboard.press("Enter")
    expect(page.locator(".song.liked")).to_have_count(1)
    page.locator("[data-act=more]").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    assert page.evaluate("document.activeElement.dataset.act") == "more", "the focus comes back"
    moved = ids(page)
    page.keyboard.press("Alt+ArrowDown")
    assert ids(page)[:2] == [moved[1], moved[0]]
    expect(page.locator("#status")).to_contain_text("is now number 2")


def test_a_phone(browser: Browser, server: Running) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector(".example")
    begin(page)
    for name, pane in (("Songs", "songs"), ("Steer", "steer"), ("See", "see")):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator(f"#{pane}")).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{name} is wider than the phone"
        hidden = page.evaluate(
            f"document.querySelector('#{pane}').scrollHeight - document.querySelector('#{pane}').clientHeight"
        )
        assert hidden <= 1, f"{name} scrolls within a page that scrolls"
        Visitor(page).keep_picture(f"phone-{pane}")
    page.goto(f"{server.url}docs")
    page.wait_for_selector(".endpoint")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "the reference is wider"
    Visitor(page).keep_picture("phone-docs")
    context.close()


def test_no_handle_of_a_slider_is_cut_off(page: Page) -> None:
    begin(page)
    room = page.evaluate("""() => {
        const dial = document.querySelector('#far').getBoundingClientRect();
        const pane = document.querySelector('#steer').getBoundingClientRect();
        return [dial.left - pane.left, pane.right - dial.right];
    }""")
    assert min(room) >= 2, "a handle is drawn a little beyond its slider"


def test_dark(browser: Browser, server: Running) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="dark")
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector(".example")
    shade = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(shade)
    begin(page)
    page.wait_for_timeout(800)
    Visitor(page).keep_picture("result-dark")
    page.click("#theme")
    assert page.evaluate(shade) != dark
    page.reload()
    assert page.evaluate(shade) != dark, "the choice is kept"
    context.close()


@pytest.mark.skipif(not AXE.exists(), reason=f"axe-core is {HOW}")
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 390)])
def test_axe_finds_nothing(browser: Browser, server: Running, scheme: Any, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        bypass_csp=True,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.add_init_script(path=AXE)

    def check(place: str) -> None:
        found = page.evaluate("async () => (await axe.run(document)).violations")
        shown = [(one["impact"], one["id"], one["nodes"][0]["html"][:120]) for one in found]
        assert not shown, place

    page.goto(server.url)
    page.wait_for_selector(".example")
    check("start")
    page.get_by_role("combobox").fill("kil")
    page.wait_for_selector(".hits li")
    check("search")
    page.keyboard.press("Enter")
    page.fill("#paste", PASTED)
    page.click("#go")
    page.wait_for_selector(".song")
    page.get_by_role("button", name="Show it").click()
    page.click(".seeds-toggle")
    check("result")
    page.locator("[data-act=dislike]").nth(3).click()
    if width < 820:
        page.get_by_role("button", name="Steer", exact=True).click()
    page.locator("#dial-energy").press("ArrowLeft")
    page.click("summary")
    page.wait_for_timeout(500)
    check("steered")
    if width < 820:
        page.get_by_role("button", name="See", exact=True).click()
        check("seen")
        page.get_by_role("button", name="Songs", exact=True).click()
    page.locator("[data-act=more]").nth(2).click()
    check("menu")
    page.goto(f"{server.url}docs")
    page.wait_for_selector(".endpoint")
    check("docs")
    context.close()
