"""What if, and where next, as planners meet them: tried out, compared, undone, searched for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from config.stack import services
from config.stack.places import places
from tests.browser.conftest import DESKTOP, PHONE
from tests.servers import kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

    from tests.browser.live import LiveCity

PLANNER = "demo-planner"
#: The first look of a process waits until the city is put together and its arithmetic compiled.
PATIENT_MS = 120_000
KIND = "kindergarten"


@pytest.fixture(scope="module")
def planner(browser: Browser, live_city: LiveCity) -> Iterator[BrowserContext]:
    """A planner's browser, signed in once."""
    folder = Path(live_city.environment["DIADO_VAR"])
    lines = (folder / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
    context = browser.new_context(
        base_url=live_city.url, viewport=DESKTOP, locale="en-US", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/sign-in/?next=/plans/")
    page.fill("input[name=username]", PLANNER)
    page.fill("input[name=password]", dict(line.split("\t") for line in lines)[PLANNER])
    page.keyboard.press("Enter")
    page.locator(".plans-list").wait_for()
    page.close()
    yield context
    context.close()


@pytest.fixture(scope="module")
def worker(live_city: LiveCity) -> Iterator[None]:
    """Whoever works everything out in the background."""
    environment = dict(live_city.environment)
    service = services.worker(places(environment))
    with kept(service, environment, Path(environment["DIADO_VAR"]) / "reach-worker.log"):
        yield


@pytest.fixture
def open_page(planner: BrowserContext, live_city: LiveCity) -> Iterator[Callable[..., Page]]:
    """Open a page of reach and wait until it is ready."""
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


@pytest.fixture
def begun(open_page: Callable[..., Page], worker: None) -> Callable[..., Page]:
    """Begin a scenario of the city and look at kindergartens."""

    def begin(title: str, **how: object) -> Page:
        page = open_page("/reach/?view=scenarios", **how)
        page.locator(".scenario-new input").fill(title)
        page.keyboard.press("Enter")
        expect(page.locator("#scenario-title")).to_have_text(title, timeout=PATIENT_MS)
        page.locator("scenario-gains").wait_for(timeout=PATIENT_MS)
        page.locator("scenario-tools select[name=kind]").select_option(KIND)
        page.locator(".facility-row").first.wait_for()
        return page

    return begin


def after_steps(page: Page, count: int) -> None:
    """Wait until a scenario has so many steps and says what the last one did."""
    page.locator(f".scenario-open[data-edits='{count}']").wait_for(timeout=PATIENT_MS)
    expect(page.locator(".scenario-step")).to_be_visible()
    expect(page.locator(".scenario-gains[aria-busy=false]")).to_be_visible()


def middle_of_the_map(page: Page) -> tuple[float, float]:
    west, south, east, north = (
        float(one) for one in (page.locator("#map").get_attribute("data-area") or "").split(",")
    )
    return (west + east) / 2, (south + north) / 2


def changes(city: LiveCity, title: str) -> list[tuple]:
    """The changes of a scenario as the database has them."""
    return city.rows(
        "SELECT c.action, c.kind, c.undoes_id IS NOT NULL FROM planning_scenariochange c"
        " JOIN planning_scenario s ON s.key = c.scenario_id WHERE s.title = %s ORDER BY c.number",
        title,
    )


def close_all(page: Page) -> int:
    """Close every kindergarten from the list; return how many there were."""
    count = page.locator(".facility-row").count()
    for step in range(count):
        page.locator(".facility-row:not([data-state=closed])").first.click()
        page.locator("[data-tool=close]").click()
        after_steps(page, step + 1)
        page.locator(".card-close").or_(page.locator(".facility-row").first).first.wait_for()
    return count


def test_who_loses_by_closing_is_told_at_once_and_undone_by_keys(begun, live_city):
    page = begun("Không còn trường mầm non")

    count = close_all(page)

    expect(page.locator(".gains-people [data-what=lose] b")).not_to_have_text("0")
    assert page.locator(".gains-wards tbody tr").count() > 0
    expect(page.locator(".scenario-legend")).to_contain_text("đỏ viền nét đứt")
    page.locator("#scenario-title").focus()
    for step in range(count):
        page.keyboard.press("Control+z")
        after_steps(page, count + step + 1)
    expect(page.locator(".gains-none")).to_be_visible()
    expect(page.locator("[data-do=undo]")).to_be_disabled()
    page.locator("[data-do=redo]").click()
    after_steps(page, 2 * count + 1)
    expect(page.locator("[data-do=undo]")).to_be_enabled()
    rows = changes(live_city, "Không còn trường mầm non")
    assert [row[0] for row in rows] == ["close"] * count + ["undo"] * (count + 1)


def test_a_facility_is_added_by_a_click_by_keys_and_by_coordinates(begun, live_city):
    page = begun("Three ways to add", language="en")
    place = page.locator("#map").bounding_box()
    assert place

    page.locator("[data-tool=add]").click()
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + 200)
    after_steps(page, 1)
    page.locator("[data-tool=add]").focus()
    page.keyboard.press("Enter")
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    after_steps(page, 2)
    east, north = middle_of_the_map(page)
    page.locator("[data-tool=add]").click()
    page.locator("place-field input").fill(f"{north + 40:.2f} {east + 40:.2f}")
    page.keyboard.press("Enter")
    after_steps(page, 3)

    assert [row[:2] for row in changes(live_city, "Three ways to add")] == [("add", KIND)] * 3
    expect(page.locator(".change-row")).to_have_count(3)
    expect(page.locator(".facility-row[data-state=added]")).to_have_count(3)
    # Where the form was that had the focus, the line says what happened.
    expect(page.locator(".scenario-step")).to_be_focused()


def test_what_cannot_be_a_place_is_refused_in_plain_words(begun):
    page = begun("Chỗ không đọc được")
    page.locator("[data-tool=add]").click()

    page.locator("place-field input").fill("gần hồ")
    page.keyboard.press("Enter")

    expect(page.locator(".place-read")).to_contain_text("Cần hai số cho một vị trí")
    expect(page.locator(".scenario-open")).to_have_attribute("data-edits", "0")


def test_a_street_is_drawn_and_a_facility_moved_and_enlarged(begun, live_city):
    title = "Đường mới"
    page = begun(title)
    place = page.locator("#map").bounding_box()
    assert place
    page.locator("[data-tool=road]").click()
    for share in (0.3, 0.5, 0.7):
        page.mouse.click(place["x"] + place["width"] * share, place["y"] + 200 + 100 * share)
        page.wait_for_timeout(350)
    page.get_by_role("button", name="Kết thúc đường").click()
    after_steps(page, 1)

    page.locator(".facility-row").first.click()
    page.locator("[data-tool=enlarge]").click()
    page.locator(".tool-enlarge [name=capacity]").fill("1.250")
    page.keyboard.press("Enter")
    after_steps(page, 2)
    page.locator("[data-tool=move]").click()
    east, north = middle_of_the_map(page)
    page.locator("place-field input").fill(f"{north:.1f} {east:.1f}")
    page.keyboard.press("Enter")
    after_steps(page, 3)

    assert [row[0] for row in changes(live_city, title)] == ["road", "enlarge", "move"]
    ((capacity,),) = live_city.rows(
        "SELECT c.capacity FROM planning_scenariochange c JOIN planning_scenario s"
        " ON s.key = c.scenario_id WHERE s.title = %s AND c.action = 'enlarge'",
        title,
    )
    # Points part thousands here.
    assert capacity == 1250
    expect(page.locator(".facility-card")).to_contain_text("đã dời")


def test_another_capacity_shows_what_there_is_for_everybody(begun):
    page = begun("Trường lớn hơn")
    page.locator(".facility-row").first.click()
    page.locator("[data-tool=enlarge]").click()
    page.locator(".tool-enlarge [name=capacity]").fill("9000")
    page.keyboard.press("Enter")
    after_steps(page, 1)

    supply = page.locator(".scenario-room tbody tr").nth(1)
    expect(supply).to_contain_text("Quy mô cho 1.000 người", timeout=PATIENT_MS)
    before, after = supply.locator("td").all_inner_texts()
    assert amount(after) > amount(before)


def test_people_are_planned_for_a_zone_in_force_that_is_clicked(begun, live_city):
    page = begun("Thêm dân")
    page.locator("[data-tool=people]").click()
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    page.locator("zone-people select").select_option(index=1)
    page.locator("zone-people [name=people]").fill("1.500")
    page.keyboard.press("Enter")
    page.locator(".scenario-open[data-edits='1']").wait_for(timeout=PATIENT_MS)

    rows = live_city.rows(
        "SELECT c.people FROM planning_scenariochange c JOIN planning_scenario s"
        " ON s.key = c.scenario_id JOIN public_zones z ON z.uid::text = c.target"
        " WHERE s.title = 'Thêm dân' AND z.to_revision IS NULL"
    )
    assert rows
    assert rows[0] == (1500,)
    expect(page.locator(".change-row")).to_contain_text("Dự kiến 1.500 người")


def amount(text: str) -> float:
    found = re.search(r"\d[\d.]*(,\d+)?", text)
    assert found
    return float(found[0].replace(".", "").replace(",", "."))


def test_two_scenarios_are_compared_and_the_address_keeps_that(begun, open_page):
    begun("Như hiện nay")
    page = begun("Đóng tất cả")
    close_all(page)

    page.locator("select[name=other]").select_option(label="Như hiện nay")
    expect(page.locator(".gains-shares tbody tr").first).to_contain_text("Như hiện nay")
    expect(page.locator(".gains-people [data-what=lose] b")).not_to_have_text("0")
    expect(page).to_have_url(re.compile("with=[0-9a-f-]{36}"))

    again = open_page(page.url.removeprefix(page.url.split("/reach/")[0]))
    expect(again.locator(".gains-shares tbody tr").first).to_contain_text(
        "Như hiện nay", timeout=PATIENT_MS
    )


def test_somebody_elses_step_is_not_overwritten(begun, open_page):
    page = begun("Hai cửa sổ")
    other = open_page(page.url.removeprefix(page.url.split("/reach/")[0]))
    other.locator(".facility-row").first.click(timeout=PATIENT_MS)
    other.locator("[data-tool=close]").click()
    after_steps(other, 1)

    page.locator("[data-tool=add]").click()
    east, north = middle_of_the_map(page)
    page.locator("place-field input").fill(f"{north:.1f} {east:.1f}")
    page.keyboard.press("Enter")

    expect(page.locator(".scenario-trouble")).to_contain_text("Thay đổi của bạn chưa")
    expect(page.locator(".change-row")).to_have_count(1)
    page.get_by_role("button", name="Vẫn thực hiện").click()
    after_steps(page, 2)
    expect(page.locator(".change-row")).to_have_count(2)


def test_where_next_asks_about_the_service_that_was_looked_at(open_page):
    page = open_page(f"/reach/?kind={KIND}")
    page.get_by_role("button", name="Đề xuất vị trí").click()
    expect(page.locator("siting-form select[name=kind]")).to_have_value(KIND)
    expect(page.locator("siting-form [name=limit]")).not_to_have_value("")


def test_the_best_site_is_found_shown_and_taken_into_a_scenario(open_page, worker, live_city):
    page = open_page("/reach/?view=siting")
    page.locator(".siting-start").click()
    expect(page.locator("[data-fault=kind]")).to_be_visible()
    page.locator("siting-form select[name=kind]").select_option(KIND)
    page.locator("[name=limit]").fill("120")
    page.locator("[name=count]").fill("1")
    page.locator("[name=hasSites]").uncheck()
    page.locator("[name=hasDrawn]").check()
    page.locator("[data-do=draw]").click()
    place = page.locator("#map").bounding_box()
    assert place
    for across, down in ((0.35, 0.4), (0.5, 0.5), (0.65, 0.6)):
        page.mouse.click(place["x"] + place["width"] * across, place["y"] + 700 * down)
        page.wait_for_timeout(450)
    page.locator("[data-do=draw]").click()
    expect(page.locator(".drawn-list li")).to_have_count(3)

    page.locator(".siting-start").click()

    answer = page.locator("siting-answer")
    answer.wait_for(timeout=PATIENT_MS)
    expect(answer.locator(".siting-proof")).to_have_attribute("data-proof", "best")
    expect(answer.locator(".site-row")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"siting=\d+"))
    title = "Trường tiếp theo"
    answer.locator(".siting-take [name=title]").fill(title)
    answer.locator(".siting-take button").click()
    page.locator(".siting-taken a").click()
    expect(page.locator("#scenario-title")).to_have_text(title, timeout=PATIENT_MS)
    expect(page.locator(".change-row")).to_have_count(1, timeout=PATIENT_MS)
    assert [row[:2] for row in changes(live_city, title)] == [("add", KIND)]


@pytest.mark.parametrize(
    ("size", "language"), [(DESKTOP, "vi"), (PHONE, "en")], ids=["desktop", "phone"]
)
def test_axe_finds_no_violation(begun, open_page, size, language):
    page = begun(f"Axe {language}", size=size, language=language)
    clean(page, size, "as it is")
    page.locator(".facility-row").first.click()
    page.locator("[data-tool=close]").click()
    after_steps(page, 1)
    page.locator(".scenario-about summary").click()
    page.locator("[data-tool=add]").click()
    clean(page, size, "changed")
    page.get_by_role("button", name="‹").first.click()
    page.locator(".scenario-list").first.wait_for()
    clean(page, size, "list")

    page = open_page("/reach/?view=siting", size=size, language=language)
    for name in ("hasPlots", "hasDrawn"):
        page.locator(f"[name={name}]").check()
    page.locator(".siting-start").click()
    clean(page, size, "question")
    earlier = page.locator("reach-siting .scenario-row")
    if earlier.count():
        earlier.first.click()
        page.locator("siting-answer").wait_for()
        clean(page, size, "answer")


def clean(page: Page, size: ViewportSize, view: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{view}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], view
