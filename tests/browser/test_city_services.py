"""The figure of the city's services, from the first page to that of a plot."""

from __future__ import annotations

import json
import time
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_conflicts import worker  # noqa: F401 # a fixture
from tests.browser.test_pages import NARROWEST, SIZES, ready

PAGES = pytest.mark.parametrize("page_name", ["map", "city", "plot"])

pytestmark = pytest.mark.usefixtures("worked_out")


#: The first run of a process waits until its arithmetic is compiled.
PATIENT_S = 120


@pytest.fixture(scope="module")
def worked_out(live_city, worker) -> None:  # noqa: F811
    """Reach of the city, as the worker has it after the first start."""
    until = time.monotonic() + PATIENT_S
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{live_city.url}/api/planning/reach/summary") as answer:
            if json.load(answer)["city"] is not None:
                return
        time.sleep(0.5)
    pytest.fail("the worker told nothing of the city")


def address(page_name: str, plot) -> str:
    return {"map": "/", "city": "/reach/city/", "plot": f"/parcels/{plot.uuid}/reach/"}[page_name]


@pytest.mark.parametrize(
    ("size", "language"), [(DESKTOP, "en"), (PHONE, "vi")], ids=["desktop", "phone"]
)
@PAGES
def test_axe_finds_no_violation(open_page, plot, size, language, page_name):
    page = open_page(address(page_name, plot), size=size, language=language).page
    ready(page, page_name)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


@PAGES
def test_no_page_is_wider_than_its_window(open_page, plot, page_name):
    page = open_page(address(page_name, plot), size=NARROWEST).page
    ready(page, page_name)

    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]


@SIZES
def test_the_figure_on_the_first_page_is_that_of_the_page_it_leads_to(open_page, size):
    watched = open_page("/", size=size, language="en")
    link = watched.page.locator(".home-reach a")
    figure = link.locator("strong").inner_text()
    assert link.bounding_box()["height"] >= 44

    link.click()

    expect(watched.page.locator(".city-figure strong").first).to_have_text(figure)
    assert watched.page.get_by_role("row").count() > 10
    assert watched.complaints == []


def test_the_city_page_is_whole_without_script(open_page):
    with_script = open_page("/reach/city/", size=DESKTOP).page.locator("main").inner_text()

    without = (
        open_page("/reach/city/", size=DESKTOP, script=False).page.locator("main").inner_text()
    )

    assert with_script == without
    assert "%" in without


def test_the_first_page_tells_the_share_ward_by_ward(open_page):
    watched = open_page("/", size=DESKTOP, language="en")
    wards = watched.page.locator(".home-wards")
    expect(wards.get_by_role("listitem").first).to_be_hidden()

    wards.locator("summary").click()

    expect(wards.get_by_role("listitem").first).to_be_visible()
    first = wards.get_by_role("listitem").first.inner_text()
    worst = watched.page.locator(".home-reach a").inner_text()
    assert first.splitlines()[0] in worst
    assert watched.complaints == []


@SIZES
def test_the_answer_about_a_plot_has_the_room_of_the_citys_figure(open_page, plot, size):
    page = open_page(f"/?plot={plot.uuid}", size=size, language="en").page
    card, figure = page.locator("answer-card"), page.locator(".home-reach")
    expect(card.locator("article")).to_be_visible()
    expect(figure).to_be_hidden()
    if size == PHONE:
        page.get_by_role("button", name="Show the whole answer").click()
        expect(page.locator(".sheet-handle")).to_have_attribute("aria-expanded", "true")
    above = page.locator(".ask").bounding_box()
    assert above["y"] + above["height"] < PHONE["height"] * 0.25

    page.get_by_role("button", name="Close the answer").click()

    expect(figure).to_be_visible()
