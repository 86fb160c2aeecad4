"""What the page shows when things take long, go wrong, or come in odd shapes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.recommender import Recommender
from segue.web.application import create_application
from segue.web.options import ServeOptions
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
    expect(now).to_have_text("Choosing among 5,849 songs")
    expect(page.locator(".progress li[data-state=done]")).to_have_count(2)
    expect(page.locator(".progress")).to_contain_text("Finding 3 songs in the catalogue")
    visitor.keep_picture("progress")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#paste")).to_have_value(PASTED)
    page.click("#go")
    expect(now).to_have_text("Choosing among 5,849 songs")
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
    """A catalogue with years, which the starter catalogue does not have."""
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
