"""What the page shows when things take long, go wrong, or come in odd shapes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from public_hub import make_content, serving_hub
from segue.catalogue.get import registry
from segue.catalogue.in_use import find_in_use
from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.recommender import Recommender
from segue.web.application import create_application
from segue.web.options import ServeOptions
from segue.web.routes import sets
from serving import serving
from serving.fixtures import MODEL, StartServer
from serving.gated import Gated
from serving.visitor import PASTED, Visitor, begin, ids, settle, wait_for_change

pytestmark = pytest.mark.browser
DROP = """([text, name]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: "text/csv" }));
    for (const kind of ["dragenter", "dragover", "drop"]) {
        document.querySelector("#paste").dispatchEvent(
            new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
    }
}"""


def test_progress_is_real_and_can_be_cancelled(
    visitor: Visitor, start_server: StartServer, gated: Gated
) -> None:
    running = start_server(opener=lambda: gated)
    page = visitor.page
    page.goto(running.url)
    page.fill("#paste", PASTED)
    page.click("#go")
    gated.entered.acquire()
    now = page.locator("[aria-current=step]")
    expect(now).to_have_text("Choosing among 33,826 songs")
    expect(page.locator(".progress li[data-state=done]")).to_have_count(2)
    expect(page.locator(".progress")).to_contain_text("Finding 3 songs in the catalogue")
    visitor.keep_picture("progress")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#paste")).to_have_value(PASTED)
    page.click("#go")
    expect(now).to_have_text("Choosing among 33,826 songs")
    gated.gate.set()
    expect(page.locator(".song")).to_have_count(50)


def test_a_server_that_is_gone(
    visitor: Visitor, open_recommender: Callable[[], Recommender], served_settings: Settings
) -> None:
    page = visitor.page
    with serving(create_application(open_recommender, served_settings, ServeOptions(port=0))) as running:
        page.goto(running.url)
        page.wait_for_selector(".example")
        begin(page)
        page.wait_for_selector(".map .wait", state="detached")
    page.locator("#dial-energy").press("End")
    trouble = page.get_by_role("alert")
    expect(trouble).to_contain_text("segue does not answer")
    expect(trouble).to_contain_text("segue serve")
    visitor.keep_picture("gone")
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_file_is_dropped(page: Page) -> None:
    page.evaluate(DROP, ["Title;Artist\r\nEnter Sandman;Metallica\r\n", "night.csv"])
    expect(page.locator(".song")).to_have_count(50)
    expect(page.locator("h1")).to_have_text("After night")


def test_a_song_is_dropped_for_a_list(page: Page) -> None:
    page.evaluate(DROP, ["ID3\x00\x01\x02" * 200, "song.mp3"])
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).not_to_contain_text("undefined")


def test_what_is_pasted_is_shown_as_text(page: Page) -> None:
    page.fill("#paste", f"{PASTED}\n<img src=x onerror=document.title=1> - <b>bold</b>")
    page.click("#go")
    expect(page.locator(".song")).to_have_count(50)
    page.click("text=Show them")
    expect(page.locator(".missing")).to_contain_text("<b>bold</b>")
    assert page.locator(".missing img, .missing b").count() == 0


@pytest.fixture
def dated(starter: Path, tmp_path: Path) -> Path:
    """A catalogue with a year for every track, which the starter catalogue does not have."""
    from dataclasses import replace

    path = tmp_path / "dated.sqlite"
    with Catalogue.open(starter) as catalogue:
        tracks = catalogue.get_tracks(range(0, len(catalogue), 8))
    with Catalogue.create(path) as made:
        made.upsert(replace(track, release_date=str(1960 + i % 60)) for i, track in enumerate(tracks))
    return path


def test_years_popularity_artists_and_lengths(
    visitor: Visitor, start_server: StartServer, dated: Path
) -> None:
    running = start_server(opener=lambda: Recommender.open(dated, MODEL))
    page = visitor.page
    page.goto(running.url)
    page.wait_for_selector(".example")
    begin(page)
    expect(page.locator(".year").first).to_contain_text("19")
    before = ids(page)
    page.locator("#years-from").fill("1990")
    wait_for_change(page, before)
    settle(page)
    shown = page.locator(".year").all_inner_texts()
    assert shown
    assert all(int(text.removeprefix(" · ")[:4]) >= 1990 for text in shown)
    page.locator("#popularity-to").fill("40")
    settle(page)
    assert "years=1990-" in page.url
    assert "popularity=0-40" in page.url
    page.get_by_label("Only artists new to me").check()
    page.get_by_label("Songs by one artist").select_option("1")
    page.get_by_label("Length of the list").select_option("20")
    settle(page)
    artists = [text.split(" · ")[0].split(", ")[0] for text in page.locator(".song-by").all_inner_texts()]
    assert 0 < len(artists) <= 20
    assert len(set(artists)) == len(artists)
    page.get_by_label("Order").select_option("score")
    settle(page)
    state = page.url
    page.get_by_role("button", name="Reset").click()
    settle(page)
    assert "years" not in page.url
    page.get_by_role("button", name="Undo").first.click()
    settle(page)
    assert page.url == state


def test_the_features_lie_side_by_side(page: Page) -> None:
    begin(page)
    energy = page.locator(".spread-row:has-text('Energy') svg")
    said = energy.get_attribute("aria-label") or ""
    assert "your playlist around" in said
    assert "the new songs around" in said
    assert energy.locator("path.seeds").get_attribute("d")
    assert energy.locator("path.picks").get_attribute("d")
    page.locator(".song").nth(2).hover()
    expect(energy.locator("line.lit")).to_have_attribute("visibility", "visible")
    before = ids(page)
    page.locator("#dial-energy").press("End")
    wait_for_change(page, before)
    settle(page)
    assert energy.get_attribute("aria-label") != said


def test_an_undo_takes_back_the_step_that_it_names(page: Page) -> None:
    begin(page)
    disliked = ids(page)[0]
    page.locator("[data-act=dislike]").first.click()
    settle(page)
    page.locator("[data-act=like]").nth(3).click()
    settle(page)
    page.locator(".toast button").click()
    settle(page)
    assert disliked not in page.url.split("down=")[-1] or "down=" not in page.url
    expect(page.locator(".song.liked")).to_have_count(1)
    page.get_by_role("button", name="Undo").first.click()
    settle(page)
    expect(page.locator(".song.liked")).to_have_count(0)
    assert "down=" not in page.url, "what was taken back does not return with an older step"


def test_an_undo_that_is_done_is_offered_no_more(page: Page) -> None:
    begin(page)
    page.locator("[data-act=dislike]").first.click()
    settle(page)
    page.keyboard.press("Control+z")
    expect(page.locator(".toast button")).to_have_count(0)


def test_two_quick_steps_of_one_kind_are_two(page: Page) -> None:
    begin(page)
    first, second = ids(page)[:2]
    page.evaluate("document.querySelectorAll('[data-act=dislike]')[0].click()")
    page.evaluate(
        "id => document.querySelector(`.song[data-id='${id}'] [data-act=dislike]`)?.click()", second
    )
    settle(page)
    page.locator(".result-head").get_by_role("button", name="Undo").click()
    settle(page)
    assert f"down={first}" in page.url


def place_of_a_song(page: Page) -> tuple[float, float]:
    """Return where the mouse is over a song of the map."""
    expect(page.locator(".map .wait")).to_have_count(0)
    box = page.locator(".map canvas").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for step in range(60):
        spot = (x - 60 + 4 * step % 120, y - 30 + (step % 7) * 10)
        page.mouse.move(*spot)
        page.wait_for_timeout(150)
        if page.locator(".map-tip").is_visible():
            return spot
    pytest.fail("no song found on the map")


def test_a_click_on_the_map_with_a_mouse(page: Page, visitor: Visitor) -> None:
    begin(page)
    spot = place_of_a_song(page)
    page.mouse.move(*spot)
    page.mouse.down()
    page.wait_for_timeout(60)
    page.mouse.up()
    menu = page.get_by_role("menu")
    expect(menu).to_be_visible()
    page.wait_for_timeout(400)
    expect(menu).to_be_visible()
    visitor.keep_picture("map-menu")
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "CANVAS", "the focus goes back to the map"
    page.mouse.click(*spot)
    page.get_by_role("menuitem", name="More like this").click()
    expect(page.locator("h1")).to_contain_text("More like")


def test_a_drag_of_the_map_opens_no_menu(page: Page) -> None:
    begin(page)
    x, y = place_of_a_song(page)
    page.mouse.wheel(0, -600)
    page.mouse.down()
    page.mouse.move(x + 60, y + 20, steps=6)
    page.mouse.up()
    page.wait_for_timeout(400)
    expect(page.get_by_role("menu")).to_have_count(0)


@pytest.fixture
def many_lines(starter: Path) -> list[str]:
    """Two thousand songs as links."""
    with Catalogue.open(starter) as catalogue:
        return [
            f"https://open.spotify.com/track/{track.track_id}" for track in catalogue.get_tracks(range(2000))
        ]


def test_two_thousand_pasted_songs_are_all_kept(page: Page, visitor: Visitor, many_lines: list[str]) -> None:
    page.fill("#paste", "\n".join([*many_lines, "Nobody Ever - Not A Song"]))
    page.click("#go")
    expect(page.locator(".song")).to_have_count(50)
    expect(page.locator(".notices")).to_contain_text("2,000 of 2,001 songs found")
    expect(page.locator(".notices")).to_contain_text("follows 500 of them")
    visitor.keep_picture("many")
    mine = {line.rsplit("/", 1)[1] for line in many_lines}
    for _ in range(3):
        page.locator("[data-act=dislike]").first.click()
        settle(page)
        page.locator("[data-act=like]").nth(2).click()
        settle(page)
    assert not mine & set(ids(page)), "none of one's own comes back"
    page.reload()
    expect(page.locator(".song").first).to_be_visible()
    expect(page.locator(".seeds-toggle")).to_contain_text("from 2,000 songs")
    page.locator(".seeds-toggle").click()
    expect(page.locator(".seed-list li")).to_have_count(2000)


def test_letting_limits_go_keeps_what_was_ruled_out(page: Page) -> None:
    begin(page)
    page.locator("[data-act=dislike]").first.click()
    settle(page)
    page.locator("[data-act=more]").first.click()
    page.get_by_role("menuitem", name="Nothing by").click()
    settle(page)
    for name in ("energy", "acousticness"):
        page.locator(f"#dial-{name}").press("End")
        page.locator(f".dial:has(#dial-{name}) select").select_option(">")
    expect(page.locator(".nothing")).to_be_visible()
    page.click("text=Let all limits go")
    expect(page.locator(".song").first).to_be_visible()
    settle(page)
    assert "down=" in page.url
    assert "not=" in page.url
    assert "energy" not in page.url


BREAK_OFF = """() => {
    const real = window.fetch;
    window.fetch = async (path, init) => {
        if (!String(path).includes("/events")) return real(path, init);
        window.fetch = real;
        const { body } = await real(path, init), reader = body.getReader();
        return new Response(new ReadableStream({
            async pull(to) {
                const { value } = await reader.read();
                to.enqueue(value.slice(0, 20));
                to.error(new TypeError("network error"));
            },
        }));
    };
}"""


def test_a_stream_that_breaks_off_can_be_asked_for_again(page: Page, visitor: Visitor) -> None:
    page.evaluate(BREAK_OFF)
    page.locator(".example").first.click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The answer broke off")
    expect(alert).to_contain_text("segue serve")
    visitor.keep_picture("broken-off")
    alert.get_by_role("button", name="Try again").click()
    expect(page.locator(".song")).to_have_count(50)


DROP_AT = """([selector, text, name]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: "text/csv" }));
    return ["dragenter", "dragover", "drop"].map((kind) => !document.querySelector(selector).dispatchEvent(
        new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data })));
}"""
LIST = "Title;Artist\r\nEnter Sandman;Metallica\r\n"


@pytest.mark.parametrize("selector", ["body", ".brand", "h1", "html"])
def test_a_file_is_dropped_beside_the_box(page: Page, selector: str) -> None:
    assert page.evaluate(DROP_AT, [selector, LIST, "night.csv"]) == [True] * 3, "the browser keeps the page"
    expect(page.locator("h1")).to_have_text("After night")


def test_a_file_is_dropped_on_a_result(page: Page) -> None:
    begin(page)
    assert page.evaluate(DROP_AT, [".song-list", LIST, "night.csv"]) == [True] * 3
    expect(page.locator("h1")).to_have_text("After night")
    page.go_back()
    expect(page.locator("h1")).to_have_text("After Slow evening")


def test_the_map_is_loaded_once_and_screens_are_let_go(page: Page) -> None:
    begin(page)
    expect(page.locator(".map .wait")).to_have_count(0)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")

    def listeners() -> float:
        cdp.send("HeapProfiler.collectGarbage")
        cdp.send("HeapProfiler.collectGarbage")
        found = cdp.send("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) for one in found if one["name"] == "JSEventListeners")

    def more_like() -> None:
        page.locator("[data-act=more]").first.click()
        page.get_by_role("menuitem", name="More like this").click()
        page.wait_for_selector(".progress", state="detached")
        expect(page.locator(".song")).to_have_count(50)
        expect(page.locator(".map .wait")).to_have_count(0)

    for _ in range(3):
        more_like()
    before = listeners()
    for _ in range(8):
        more_like()
    assert listeners() <= 1.2 * before
    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert sum(name.endswith("/api/v1/map") for name in loaded) == 1


def test_a_list_that_is_hardly_there_gets_more_songs_in_one_step(
    visitor: Visitor, start_server: StartServer, made_starter: Path, settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with serving_hub(make_content(tmp_path)) as hub:
        for module in (registry, sets):
            monkeypatch.setattr(module, "load_sets", lambda: (hub.as_set(tracks=90_000),))
        running = start_server(settings=settings, opener=lambda: Recommender.open(find_in_use(settings).path))
        page = visitor.page
        page.goto(running.url)
        page.fill(
            "#paste", "\n".join(["Metallica - Enter Sandman", "Artist 3 - Song 3", "Artist 5 - Song 5"])
        )
        page.click("#go")
        offer = page.locator(".more")
        expect(page.locator(".notices")).to_contain_text("1 of 3 songs found.")
        expect(offer).to_contain_text("labelled CC0")
        visitor.keep_picture("more-songs")
        offer.get_by_role("button", name="Get 90,000 more songs").click()
        expect(page.locator("#catalogue-chip")).to_have_text("33,866 songs")
        expect(page.locator(".seeds-toggle")).to_contain_text("from 3 songs of yours")
        expect(page.locator(".more")).to_have_count(0)
    assert find_in_use(settings).path == settings.data_dir / "catalogue.sqlite"
