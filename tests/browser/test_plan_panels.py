"""The planner's table and form, worked in with keys as a spreadsheet is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.live import LiveCity

#: The draft with which the demo city comes.
CODE = "QHPK-HANOI-01"
PLANNER = "demo-planner"


@pytest.fixture(scope="module")
def planner(browser: Browser, live_city: LiveCity) -> Iterator[BrowserContext]:
    """A planner's browser, signed in once."""
    folder = Path(live_city.environment["DIADO_VAR"])
    lines = (folder / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
    password = dict(line.split("\t") for line in lines)[PLANNER]
    context = browser.new_context(
        base_url=live_city.url, viewport=DESKTOP, locale="en-US", reduced_motion="reduce"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/sign-in/?next=/plans/")
    page.fill("input[name=username]", PLANNER)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    page.locator(".plans-list").wait_for()
    page.close()
    yield context
    context.close()


@pytest.fixture
def open_panel(planner: BrowserContext) -> Iterator[Callable[[str], Page]]:
    """Open the workbench with one of its panels."""
    pages: list[Page] = []

    def open_(panel: str) -> Page:
        page = planner.new_page()
        pages.append(page)
        page.goto(f"/plans/{CODE}/edit")
        page.locator("#tab-table").click()
        page.locator(".zone-grid tbody tr[data-uid]").first.wait_for()
        page.locator(f"#tab-{panel}").click()
        return page

    yield open_
    for page in pages:
        page.close()


class Stored:
    """The draft as the database has it."""

    def __init__(self, city: LiveCity) -> None:
        self.city = city

    def zones(self, *columns: str) -> dict[str, tuple]:
        rows = self.city.rows(
            f"SELECT z.label, {', '.join(f'z.{column}' for column in columns)}"
            " FROM planning_draftzone z JOIN planning_planversion v ON v.id = z.version_of_id"
            " JOIN planning_plan p ON p.id = v.plan_id WHERE p.code = %s AND z.label <> ''",
            CODE,
        )
        return {label: tuple(values) for label, *values in rows}


@pytest.fixture
def stored(live_city: LiveCity) -> Stored:
    return Stored(live_city)


def cell(page: Page, label: str, column: str):
    row = page.locator(".zone-grid tbody tr", has=page.get_by_text(label, exact=True))
    return row.locator(f"td.col-{column}")


def paste(page: Page, *rows: tuple[str, ...]) -> None:
    """Put a block into the clipboard as a spreadsheet does, and press Ctrl+V."""
    text = "\r\n".join("\t".join(row) for row in rows)
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def saved(page: Page) -> None:
    expect(page.locator(".save-state")).to_have_attribute("data-state", "idle")


def wait_until(check: Callable[[], bool], page: Page) -> None:
    for _ in range(50):
        if check():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it was never saved")


def test_a_block_of_a_spreadsheet_is_shown_before_it_is_taken_and_bad_rows_change_nothing(
    open_panel, stored
):
    first, second, third = sorted(stored.zones("density"))[:3]
    before = stored.zones("density", "population")
    page = open_panel("table")
    cell(page, first, "density").click()

    paste(
        page,
        ("Ký hiệu", "Mật độ xây dựng (%)", "Dân số"),
        (first, "35,5-52", "1.250"),
        (second, "40", "không rõ"),
        ("KHÔNG-CÓ", "40", "1"),
        (third, "theo thiết kế", ""),
    )

    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[data-sum=changes]")).to_have_text("2 ô thay đổi")
    refused = dialog.locator(".paste-refused tbody tr")
    expect(refused).to_have_count(2)
    expect(refused.nth(0)).to_contain_text("Không phải số người nguyên.")
    expect(refused.nth(1)).to_contain_text("mang ký hiệu này")
    expect(dialog).to_contain_text("Không đọc được thành số")
    assert Axe().run(page).violations_count == 0
    assert stored.zones("density", "population") == before

    page.keyboard.press("Enter")

    expect(cell(page, first, "density")).to_have_text("35,5-52")
    wait_until(lambda: stored.zones("density", "population")[first] == ("35,5-52", 1250), page)
    after = stored.zones("density", "population")
    assert after[third] == ("theo thiết kế", None)
    assert {label: after[label] for label in after if label not in (first, third)} == {
        label: before[label] for label in before if label not in (first, third)
    }


def test_rows_chosen_by_keys_take_one_value_together(open_panel, stored):
    labels = list(stored.zones("note"))
    page = open_panel("table")
    rows = page.locator(".zone-grid tbody tr[data-uid]")
    shown = [text.strip() for text in rows.locator("td.col-label").all_text_contents()]
    assert set(shown) <= {*labels, ""}
    rows.first.locator("td.col-note").click()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".zone-grid tr[aria-selected=true]")).to_have_count(3)

    page.get_by_role("combobox", name="Trường").select_option("note")
    page.get_by_role("textbox", name="Giá trị mới").fill("chờ ý kiến")
    page.keyboard.press("Enter")

    wait_until(
        lambda: sum(note == "chờ ý kiến" for (note,) in stored.zones("note").values()) == 3, page
    )
    assert all(stored.zones("note")[label] == ("chờ ý kiến",) for label in shown[:3])


def test_a_cell_is_written_with_keys_alone(open_panel, stored):
    label = sorted(stored.zones("storeys"))[5]
    page = open_panel("table")
    cell(page, label, "density").click()

    page.keyboard.press("ArrowRight")
    page.keyboard.type("4-7")
    page.keyboard.press("Escape")
    was = stored.zones("storeys")[label]
    page.keyboard.type("3-5")
    page.keyboard.press("Enter")

    wait_until(lambda: stored.zones("storeys")[label] == ("3-5",), page)
    assert was != ("4-7",)
    # The next cell below is at hand, as in a spreadsheet.
    expect(page.locator(".zone-grid")).to_be_focused()
    assert "is-active" not in (cell(page, label, "storeys").get_attribute("class") or "")


def test_the_form_reads_bounds_while_they_are_typed_and_saves_on_leaving(open_panel, stored):
    label = sorted(stored.zones("density"))[7]
    page = open_panel("table")
    cell(page, label, "label").click()
    page.locator("#tab-zone").click()
    form = page.locator("zone-form")
    density, read = form.get_by_label("Mật độ xây dựng"), form.locator("#zone-density-read")

    density.fill("30 - 45,5 %")
    expect(read).to_contain_text("từ 30 đến 45,5 %")
    density.press("Tab")

    wait_until(lambda: stored.zones("density")[label] == ("30 - 45,5 %",), page)
    storeys = form.get_by_label("Tầng cao")
    # What the norms say of it stands beside it, with its source.
    expect(form.locator("[data-field=density] .norm-line").first).to_contain_text("QCVN 01:2021")
    kept = storeys.input_value()
    storeys.fill("9")
    expect(form).to_contain_text("cho tối đa 4,1 lần")
    storeys.press("Escape")
    expect(storeys).to_have_value(kept)
    saved(page)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_violation_in_the_planners_lists(open_panel, size):
    page = open_panel("table")
    page.set_viewport_size(size)

    for panel in ("table", "history", "zone"):
        page.locator(f"#tab-{panel}").click()
        found = Axe().run(page)
        assert found.violations_count == 0, f"{panel}: {found.generate_report()}"
    page.goto("/plans/")
    page.get_by_role("combobox", name="Quy hoạch").select_option(index=1)
    page.locator(".ground-zone").first.wait_for()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
