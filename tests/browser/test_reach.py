"""Reach as planners meet it: worked out, read service by service, on the map, against norms."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

# Fixtures of the page of conflicts: the draft of the city, a planner, whoever works for both.
from tests.browser.test_conflicts import draft, planner, worker  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, Page, ViewportSize

    from tests.browser.live import LiveCity

#: The first run of a process waits until its arithmetic is compiled.
PATIENT_MS = 90_000


@pytest.fixture(scope="module")
def worked_out(planner: BrowserContext, worker: None) -> None:  # noqa: F811
    """The city after a run: that of its first start, else one that the planner asks for."""
    page = planner.new_page()
    page.goto("/reach/")
    page.locator("html[data-reach=ready]").wait_for()
    wanted = page.locator(".run-button.main-button")
    if wanted.count():
        wanted.click()
    expect(page.locator(".run-current")).to_be_visible(timeout=PATIENT_MS)
    page.close()


@pytest.fixture
def open_page(planner: BrowserContext, live_city: LiveCity) -> Iterator[Callable[..., Page]]:  # noqa: F811
    """Open an address of the page and wait until it is ready."""
    pages: list[Page] = []

    def open_(address: str, *, language: str = "vi", size: ViewportSize = DESKTOP) -> Page:
        planner.add_cookies([{"name": "django_language", "value": language, "url": live_city.url}])
        page = planner.new_page()
        pages.append(page)
        page.set_viewport_size(size)
        page.goto(address)
        page.locator("html[data-reach=ready]").wait_for()
        return page

    yield open_
    for page in pages:
        page.close()


def share_of(city: LiveCity, measure: str, condition: str) -> tuple[float, float]:
    """The least and the greatest share that the last run found, as the database has it."""
    ((low, high),) = city.rows(
        "SELECT low, high FROM planning_coveragefigure f JOIN planning_coveragerun r"
        " ON r.id = f.run_id WHERE r.version_id IS NULL AND r.state = 'done'"
        f" AND f.measure = %s AND f.unit_code = '' AND {condition}"
        " ORDER BY r.number DESC LIMIT 1",
        measure,
    )
    return low, high


def normed_straight(city: LiveCity) -> tuple[str, str]:
    """A kind of service and the one norm of it, which asks for a distance in a straight line."""
    (first, *_) = city.rows(
        "SELECT f.kind, max(f.norm) FROM planning_coveragefigure f JOIN planning_coveragerun r"
        " ON r.id = f.run_id WHERE r.version_id IS NULL AND r.state = 'done' AND f.unit_code = ''"
        " AND f.measure = 'straight' AND f.state <> '' AND f.people > 0"
        " GROUP BY 1 HAVING count(DISTINCT f.norm) = 1 ORDER BY 1 DESC"
    )
    return first


def percent(share: float) -> str:
    """As the page writes a share: rounded down, so that only all of them are 100 %."""
    if share in (0, 1):
        return f"{share:.0%}".replace("%", " %")
    return f"{int(share * 1000 + 1e-9) / 10:.1f} %".replace(".", ",")


def at_most(share: float) -> str:
    """As the page writes the most that a share may be: rounded up."""
    tenths = math.ceil(share * 1000 - 1e-9) / 10
    return percent(tenths / 100) if tenths in (0, 100) else f"{tenths:.1f} %".replace(".", ",")


def between(low: float, high: float) -> str:
    """As the page writes a share that is known within bounds."""
    if high - low < 1e-9 or percent(low) == at_most(high):
        return percent(low)
    return f"{percent(low)} đến {at_most(high)}"


def seen(page: Page) -> tuple[int, int]:
    width, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return int(width), int(window)


@pytest.mark.usefixtures("worked_out")
def test_the_answer_comes_first_and_is_that_of_the_run(open_page, live_city):
    page = open_page("/reach/")

    low, high = share_of(live_city, "all_services", "f.kind = ''")
    said = page.locator(".reach-run .reach-share b").inner_text().replace("\xa0", " ")
    assert said == between(low, high)


@pytest.mark.usefixtures("worked_out")
def test_a_service_is_opened_by_keys_and_says_what_its_norm_found(open_page, live_city):
    kind, norm = normed_straight(live_city)
    page = open_page("/reach/")
    row = page.locator(f".kind-row[data-kind={kind}]")
    row.focus()

    page.keyboard.press("Enter")

    expect(page.locator("#reach-kind-title")).to_be_focused()
    expect(page).to_have_url(re.compile(f"kind={kind}"))
    low, high = share_of(live_city, "straight", f"f.kind = '{kind}' AND f.norm = '{norm}'")
    expect(page.locator("reach-kind .reach-share b")).to_contain_text(between(low, high))
    # Straight line and street stand side by side, and the one that decides is named.
    deciding = page.locator(".both-ways tr[data-decides]")
    expect(deciding).to_contain_text("Theo đường thẳng")
    page.go_back()
    expect(row).to_be_visible()


@pytest.mark.usefixtures("worked_out")
def test_every_chart_has_its_numbers_in_a_table(open_page, live_city):
    kind, _ = normed_straight(live_city)
    page = open_page(f"/reach/?kind={kind}", language="en")
    charts = page.locator("reach-kind-charts figure")
    expect(charts.first).to_be_visible()

    for at in range(charts.count()):
        chart = charts.nth(at)
        chart.locator("summary").click()
        assert chart.locator("tbody tr").count() > 1
    people = page.locator("reach-kind-charts figure").first.locator("tbody td").all_inner_texts()
    in_all = page.locator(".share-legend b").all_inner_texts()
    counted = sum(int(text.replace(",", "")) for text in people)
    assert abs(counted - sum(int(text.replace(",", "")) for text in in_all)) <= len(people)


@pytest.mark.usefixtures("worked_out")
def test_plots_appear_from_near_by_with_their_state_in_the_legend(open_page):
    page = open_page("/reach/?kind=market")
    expect(page.locator(".reach-legend")).to_contain_text("một cơ sở loại này")
    expect(page.locator(".reach-legend [data-look=band-0]")).to_be_visible()

    for _ in range(3):
        page.locator(".tool").first.click()
        page.wait_for_timeout(300)

    expect(page.locator(".reach-legend")).to_contain_text("thửa:")


@pytest.mark.usefixtures("worked_out")
def test_streets_that_want_a_look_are_found_on_the_map(open_page):
    page = open_page("/reach/?view=network")
    group = page.locator(".issue-list details").first
    group.locator("summary").click()
    before = page.locator("#map").get_attribute("data-area")

    group.locator(".issue-row").first.click()

    expect(group.locator(".issue-row").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#map")).not_to_have_attribute("data-area", before or "")


def test_the_norms_of_a_draft_are_all_there(open_page, draft):  # noqa: F811
    page = open_page(f"/reach/?draft={draft}&view=norms")
    expect(page.locator(".norm-table").first).to_be_visible(timeout=PATIENT_MS)

    page.locator(".norm-others summary").click()

    assert page.locator(".norm-table tbody tr").count() == 34
    counts = [int(text) for text in page.locator(".norm-counts b").all_inner_texts()]
    assert sum(counts) == page.locator(".norm-table").first.locator("tbody tr").count()


def test_norms_of_the_city_ask_for_a_plan(open_page):
    page = open_page("/reach/?view=norms", language="en")

    expect(page.locator(".reach-empty")).to_contain_text("Choose a plan")


@pytest.mark.parametrize(("size", "language"), [(DESKTOP, "en"), (PHONE, "vi")])
@pytest.mark.parametrize("view", ["", "?kind=market", "?view=network", "?draft={draft}&view=norms"])
@pytest.mark.usefixtures("worked_out")
def test_axe_finds_no_violation(open_page, draft, size, language, view):  # noqa: F811
    page = open_page(f"/reach/{view.format(draft=draft)}", language=language, size=size)
    if "norms" in view:
        expect(page.locator(".norm-table").first).to_be_visible(timeout=PATIENT_MS)
    if "network" in view:
        page.locator(".issue-list summary").first.click()

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    width, window = seen(page)
    assert width <= window
