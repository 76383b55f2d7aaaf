"""Conflicts as planners meet them: checked, listed, decided on, and solved at the workbench."""

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

    from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize

    from tests.browser.live import LiveCity

#: The draft with which the demo city comes.
CODE = "QHPK-HANOI-01"
PLANNER = "demo-planner"
#: The first check of a process waits until its arithmetic is compiled.
PATIENT_MS = 60_000


@pytest.fixture(scope="module")
def draft(live_city: LiveCity) -> int:
    """The demo city's draft, by primary key."""
    ((pk,),) = live_city.rows(
        "SELECT v.id FROM planning_planversion v JOIN planning_plan p ON p.id = v.plan_id"
        " WHERE p.code = %s AND v.status = 'draft'",
        CODE,
    )
    return int(pk)


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
    """Whoever checks everything in the background."""
    environment = dict(live_city.environment)
    service = services.worker(places(environment))
    with kept(service, environment, Path(environment["DIADO_VAR"]) / "worker.log"):
        yield


@pytest.fixture(scope="module")
def checked(planner: BrowserContext, worker: None, draft: int) -> int:
    """The draft after its first check, which a planner starts on the page and the worker does."""
    page = planner.new_page()
    page.goto(f"/conflicts/?draft={draft}")
    expect(page.locator(".run-never")).to_contain_text("Chưa kiểm tra lần nào", timeout=PATIENT_MS)
    page.locator(".run-button").click()
    expect(page.locator(".run-progress progress")).to_be_visible()
    expect(page.locator(".run-current")).to_be_visible(timeout=PATIENT_MS)
    page.close()
    return draft


@pytest.fixture
def open_page(planner: BrowserContext, live_city: LiveCity) -> Iterator[Callable[..., Page]]:
    """Open a page and wait until `ready` is there."""
    pages: list[Page] = []

    def open_(
        address: str,
        *,
        language: str = "vi",
        size: ViewportSize = DESKTOP,
        ready: str = "html[data-conflicts=ready]",
    ) -> Page:
        planner.add_cookies([{"name": "django_language", "value": language, "url": live_city.url}])
        page = planner.new_page()
        pages.append(page)
        page.set_viewport_size(size)
        page.goto(address)
        page.locator(ready).wait_for()
        return page

    yield open_
    for page in pages:
        page.close()


def open_ones(city: LiveCity, draft: int, condition: str = "true") -> int:
    """How many conflicts of the draft are open, as the database has it."""
    ((count,),) = city.rows(
        "SELECT count(*) FROM planning_conflictfinding f JOIN planning_conflict c"
        f" ON c.key = f.conflict_id WHERE f.version_id = %s AND f.to_run IS NULL"
        f" AND c.state = 'open' AND {condition}",
        draft,
    )
    return int(count)


def number_in(place: Locator) -> int:
    found = re.search(r"\d[\d.,]*", place.inner_text())
    assert found
    return int(re.sub(r"\D", "", found[0]))


def test_the_headline_says_how_many_stop_the_approval_and_leads_to_them(
    open_page, live_city, checked
):
    page = open_page(f"/conflicts/?draft={checked}")

    for severity in ("blocks", "warns", "notes"):
        shown = number_in(page.locator(f".run-count[data-severity={severity}]"))
        assert shown == open_ones(live_city, checked, f"f.severity = '{severity}'")
    page.locator(".run-count[data-severity=blocks]").click()

    blocking = open_ones(live_city, checked, "f.severity = 'blocks'")
    expect(page.locator(".conflict-total")).to_contain_text(f"{blocking} xung đột")
    expect(page).to_have_url(re.compile("severity=blocks"))
    assert page.locator(".conflict-row:not([data-severity=blocks])").count() == 0


def test_a_conflict_is_found_and_commented_on_by_keys_alone(open_page, live_city, checked):
    page = open_page(f"/conflicts/?draft={checked}", language="en")
    page.locator(".conflict-row").first.focus()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    detail = page.locator(".conflict-detail")
    expect(detail.locator("#conflict-title")).to_be_focused()
    key = detail.get_attribute("data-key")
    expect(detail.locator(".detail-rule")).to_contain_text("Rests on")
    expect(detail.locator(".party-line[data-place=first]")).to_have_count(1)
    detail.locator("[data-deed=comment]").focus()
    page.keyboard.press("Enter")
    page.locator("textarea[name=text]").focus()
    page.keyboard.type("Asked the department.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".detail-events")).to_contain_text("Asked the department.")
    page.locator("#conflict-title").focus()
    page.keyboard.press("Escape")

    # Whoever comes back is where they left.
    expect(page.locator(f".conflict-row[data-key='{key}']")).to_be_focused()
    said = live_city.rows(
        "SELECT kind, text FROM planning_conflictevent WHERE conflict_id = %s", key
    )
    assert said == [("comment", "Asked the department.")]


def test_what_is_accepted_needs_a_document_and_leaves_the_list(open_page, live_city, checked):
    page = open_page(f"/conflicts/?draft={checked}&severity=warns")
    before = number_in(page.locator(".conflict-total"))
    page.locator(".conflict-row").first.click()
    page.locator("[data-deed=accept]").click()
    form = page.locator("form[data-form=accept]")
    form.locator("textarea").fill("Đã thoả thuận với ngành điện")
    form.locator("button").click()
    # The browser holds the form back: the document is missing.
    assert page.evaluate("document.querySelector('[name=document]').validity.valueMissing")

    form.locator("[name=document]").fill("12/EVN")
    form.locator("button").click()

    expect(page.locator(".conflict-detail .conflict-state").first).to_have_text("Đã chấp nhận")
    expect(page.locator(".detail-events")).to_contain_text("12/EVN")
    page.locator(".detail-back").click()
    expect(page.locator(".conflict-total")).to_contain_text(f"{before - 1} xung đột")
    assert open_ones(live_city, checked, "f.severity = 'warns'") == before - 1


def test_a_number_of_the_matrix_opens_the_list_of_so_many(open_page, checked):
    page = open_page(f"/conflicts/?draft={checked}&view=matrix")
    cell = page.locator(".conflict-matrix td[data-shade] button").first
    count = number_in(cell)

    cell.click()

    expect(page.locator(".conflict-total")).to_contain_text(f"{count} xung đột")
    expect(page).to_have_url(re.compile(r"rule=\w+&ward=\d+"))


def test_a_way_out_is_seen_before_it_is_taken_and_can_be_undone(open_page, live_city, checked):
    page = open_page(f"/plans/{CODE}/edit", ready="html[data-bench=ready]")
    line = page.locator("#conflict-line")
    expect(line).to_contain_text("xung đột", timeout=PATIENT_MS)
    edits = "SELECT max(number) FROM planning_draftedit WHERE version_of_id = %s"
    ((first,),) = live_city.rows(edits, checked)
    line.locator("button").click()
    page.locator(".conflict-row", has=page.get_by_text("P01", exact=True)).first.click()
    way = page.locator(".way").first
    way.wait_for(timeout=PATIENT_MS)
    title = page.locator("#conflict-title").inner_text()
    # The first one is shown without asking: what it does to areas and to other conflicts.
    expect(way).to_have_attribute("data-shown", "")
    expect(way.locator(".way-effect")).to_contain_text(re.compile(r"hết \d+ xung đột"))
    expect(way.locator(".way-conflicts").first).to_contain_text(title)

    leaves_faults = "lý do" in way.locator(".way-text").inner_text()
    way.get_by_text("Áp dụng").click()
    if leaves_faults:
        dialogue = page.locator("dialog[data-name=faults]")
        dialogue.locator("textarea").fill("Đường sẽ vẽ sau")
        dialogue.locator(".main-button").click()

    expect(line).to_contain_text("đã hết", timeout=PATIENT_MS)
    expect(page.locator(".conflict-delta")).to_contain_text("không đổi")
    solved = page.get_by_role("list", name="Hết nhờ thay đổi vừa rồi")
    expect(solved).to_contain_text(title)
    action = live_city.rows(
        "SELECT action FROM planning_draftedit WHERE version_of_id = %s AND number = %s",
        *(checked, first + 1),
    )
    assert action == [("repair",)]
    # Back as it was, for whoever comes next.
    page.locator("#map").focus()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("list", name="Mới do thay đổi vừa rồi")).to_contain_text(
        title, timeout=PATIENT_MS
    )


#: An edit that changes words of one zone, and the look at conflicts that follows it.
EDIT_AND_LOOK = """
async (draft) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value
    ?? document.querySelector("meta[name=csrf-token]")?.content
    ?? document.cookie.match(/csrftoken=([^;]+)/)?.[1];
  const base = `/api/planning/drafts/${draft}`;
  const { edit, zones } = await (await fetch(`${base}/zones?geometry=no`)).json();
  const send = async (path, body) => (await fetch(base + path, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": token,
      "If-Match": `"e${edit}"`,
      "Idempotency-Key": crypto.randomUUID(),
    },
    body: JSON.stringify(body),
  })).status;
  const change = { uid: zones[0].uid, based_on: zones[0].version, content: { note: "xem lại" } };
  return [
    await send("/edits", { action: "attributes", changes: [change] }),
    await send("/conflicts/refresh", {}),
  ];
}
"""


def test_runs_are_compared_and_the_list_of_drafts_says_what_blocks(open_page, live_city, checked):
    assert open_page(f"/conflicts/?draft={checked}").evaluate(EDIT_AND_LOOK, checked) == [201, 200]
    page = open_page(f"/conflicts/?draft={checked}&view=difference")
    expect(page.locator(".difference-sum")).to_contain_text("không đổi")
    new, solved = (page.locator(f".part-button[data-part={part}]") for part in ("new", "solved"))
    expect(solved).to_be_visible()
    listed = page.locator("run-difference .conflict-row").count()
    assert listed == number_in(new)

    page = open_page("/plans/", ready=".plans-list")

    row = page.locator(f".plan-row[data-plan='{CODE}']").first
    blocking = row.locator(f"a[href='/conflicts/?draft={checked}']")
    assert number_in(blocking) == open_ones(live_city, checked, "f.severity = 'blocks'")


VIEWS = ("list", "matrix", "heat", "difference")


@pytest.mark.parametrize(
    ("size", "language"), [(DESKTOP, "vi"), (PHONE, "en")], ids=["desktop", "phone"]
)
def test_axe_finds_no_violation(open_page, checked, size, language):
    page = open_page(f"/conflicts/?draft={checked}", size=size, language=language)
    for view in VIEWS:
        page.locator(f".conflicts-tabs [data-tab={view}]").click()
        page.wait_for_load_state("networkidle")
        clean(page, size, view)
    page.locator(".conflicts-tabs [data-tab=list]").click()
    page.locator(".filter-toggle").click()
    page.locator(".conflict-row").first.click()
    page.locator("[data-deed=decide], [data-deed=accept]").last.click()
    clean(page, size, "detail")


def test_axe_finds_no_violation_at_the_workbench(open_page, checked):
    page = open_page(f"/plans/{CODE}/edit", ready="#conflict-line button")
    page.locator("#conflict-line button").click()
    page.locator(".conflict-row").first.click()
    page.locator(".way, .way-list .form-note:not([role])").first.wait_for(timeout=PATIENT_MS)

    clean(page, DESKTOP, "workbench")


def clean(page: Page, size: ViewportSize, view: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{view}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], view
