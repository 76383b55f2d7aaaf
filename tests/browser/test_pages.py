"""Languages, pages without script, and what no page may do."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.live import Plot

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
#: What WCAG 2.2 (1.4.10) asks a page to fit into: 1280 px at 400 %.
NARROWEST = ViewportSize(width=320, height=640)
LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])


def addresses(plot) -> dict[str, str]:
    return {
        "map": "/",
        "answer": f"/?plot={plot.uuid}",
        "plot page": f"/parcels/{plot.uuid}/",
        "sign-in": "/sign-in/",
        "layers": "/layers/",
        "layer": "/layers/zones/",
    }


PAGES = pytest.mark.parametrize("page_name", list(addresses(Plot("", "", "", "", ""))))


def ready(page, page_name: str) -> None:
    """Wait until the page shows what it was opened for."""
    if page_name in ("map", "answer"):
        page.locator("canvas").first.wait_for()
    if page_name == "answer":
        page.locator("answer-card article").wait_for()
    page.wait_for_load_state("networkidle")


@SIZES
@LANGUAGES
@PAGES
def test_axe_finds_no_violation(open_page, plot, size, language, page_name):
    page = open_page(addresses(plot)[page_name], size=size, language=language).page
    ready(page, page_name)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("size", [PHONE, NARROWEST], ids=["phone", "320 px"])
@PAGES
def test_no_page_is_wider_than_its_window(open_page, plot, size, page_name):
    page = open_page(addresses(plot)[page_name], size=size).page
    ready(page, page_name)

    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@PAGES
def test_nothing_is_asked_of_anybody_else_and_the_policy_holds(
    open_page, live_city, plot, page_name
):
    watched = open_page(addresses(plot)[page_name])
    ready(watched.page, page_name)

    elsewhere = [url for url in watched.requests if not url.startswith(f"{live_city.url}/")]
    assert elsewhere == []
    assert watched.complaints == []


@SIZES
def test_every_target_is_large_enough_for_a_finger(open_page, plot, size):
    page = open_page(f"/?plot={plot.uuid}", size=size).page
    ready(page, "answer")

    small = page.evaluate(
        """() => ['button', 'select', 'summary', 'a.button', 'input', 'label:has(input)']
            .flatMap(kind => [...document.querySelectorAll(kind)])
            // What stands in a label is hit with it.
            .filter(e => e.tagName === 'LABEL' || !e.closest('label'))
            .filter(e => e.checkVisibility() && !e.closest('.unseen'))
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && (box.width < 44 || box.height < 44))
            .map(([text]) => text)"""
    )

    assert small == []


def test_a_button_copies_the_address_beside_it(open_page, live_city):
    page = open_page("/layers/").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Chép WFS", exact=True).click()

    expect(page.get_by_role("button", name="Đã chép WFS", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{live_city.url}/wfs"


def test_the_catalogue_is_whole_without_script(open_page):
    page = open_page("/", script=False).page

    page.get_by_role("link", name="Dữ liệu", exact=True).click()
    page.get_by_role("link", name="Thửa đất", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thửa đất")
    assert page.get_by_role("row").count() > 10
    assert page.get_by_role("button", name="Chép").count() == 0


def test_vietnamese_comes_first_even_to_an_english_browser(open_page):
    page = open_page("/").page

    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Thửa đất của bạn được quy hoạch thế nào?"
    )


def test_the_switch_changes_the_language_and_is_remembered(open_page, plot):
    page = open_page(f"/?plot={plot.uuid}").page
    page.locator("answer-card article").wait_for()

    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("answer-card h2")).to_contain_text(
        f"Plot {plot.number}, sheet {plot.sheet}"
    )
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What is planned for your plot?")


def test_the_permanent_page_is_whole_without_script(open_page, plot):
    with_script = open_page(f"/?plot={plot.uuid}").page
    with_script.locator("answer-card article").wait_for()
    page = open_page(f"/parcels/{plot.uuid}/", script=False).page

    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Thửa {plot.number}")
    assert page.locator(".lead").inner_text() == with_script.locator(".lead").inner_text()
    assert (
        page.locator(".piece").all_text_contents()
        == with_script.locator(".piece").all_text_contents()
    )
    picture = page.request.get(page.locator(".plot-picture img").get_attribute("src"))
    assert picture.headers["content-type"] == "image/png"
    assert page.get_by_role("button", name="Chép liên kết").count() == 0

    page.get_by_label("Xem tại ngày").fill("1990-01-01")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator(".provenance")).to_contain_text("01/01/1990")


def test_the_search_works_without_script(open_page, plot):
    page = open_page("/", script=False).page

    page.get_by_label("Số tờ, số thửa, địa chỉ hoặc tọa độ").fill(plot.words)
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name=f"Thửa {plot.number}, tờ bản đồ {plot.sheet}").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Thửa {plot.number}")
    assert page.url.endswith(f"/parcels/{plot.uuid}/")


def test_the_permanent_address_gives_the_same_answer_again(open_page, plot):
    page = open_page(f"/parcels/{plot.uuid}/", script=False).page
    before = page.locator(".theme").all_text_contents()

    page.locator(".provenance a").click()

    expect(page).to_have_url(re.compile(r"\?as_of=\d{4}-\d\d-\d\d&known_at=\d+$"))
    assert page.locator(".theme").all_text_contents() == before
