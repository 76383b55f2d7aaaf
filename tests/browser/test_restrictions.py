"""What a citizen reads of a plot under a power line, and of one listed for recovery."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.live import LISTED_ON

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
#: Long enough for the map to draw what changed.
DRAWN_MS = 400


@pytest.fixture(scope="session")
def under_line(live_city):
    return live_city.under_a_power_line()


@pytest.fixture(scope="session")
def listed(live_city):
    return live_city.listed_in_its_third_year()


def card_of(page, plot):
    card = page.locator("answer-card")
    expect(card.locator("article")).to_have_attribute("data-plot", plot.uuid)
    page.wait_for_load_state("networkidle")
    return card


def test_under_a_power_line_the_answer_says_so_at_once_and_then_in_full(open_page, under_line):
    page = open_page(f"/?plot={under_line.uuid}").page
    card = card_of(page, under_line)

    expect(card.locator(".lead")).to_contain_text("Hành lang an toàn lưới điện")
    section = card.locator("[data-group=restrictions] > [data-theme=power_lines]")
    expect(section).to_contain_text("tính từ dây dẫn ngoài cùng")
    expect(section).to_contain_text("xây dựng công trình")
    expect(section).to_contain_text("NĐ 62/2025/NĐ-CP")
    expect(card.locator("[data-group=restrictions] .folded").first).to_be_visible()


def test_a_theme_without_a_hit_is_named_in_a_list_and_never_left_out(open_page, under_line):
    page = open_page(f"/?plot={under_line.uuid}").page
    card = card_of(page, under_line)
    extract = page.request.get(f"/api/parcels/{under_line.uuid}/extract").json()

    assert len(extract["themes"]) == 14
    for theme in extract["themes"]:
        expect(card.locator(f"[data-theme={theme['theme']}]")).to_have_count(1)
    card.get_by_text("Đã kiểm tra những gì, theo dữ liệu nào").click()
    expect(card.locator(".folded .theme").first).to_be_visible()


def test_pointing_at_a_power_line_shows_its_ground_on_the_map(open_page, under_line):
    page = open_page(f"/?plot={under_line.uuid}").page
    card = card_of(page, under_line)
    place = page.locator("#map")
    page.wait_for_timeout(DRAWN_MS)
    before = place.screenshot()

    card.locator("[data-theme=power_lines] .object").first.focus()
    page.wait_for_timeout(DRAWN_MS)
    shown = place.screenshot()
    card.locator(".sheet-close").focus()
    page.wait_for_timeout(DRAWN_MS)

    assert shown != before
    assert place.screenshot() == before


def test_the_layer_of_an_objects_theme_is_switched_on_from_its_section(open_page, under_line):
    page = open_page(f"/?plot={under_line.uuid}").page
    card = card_of(page, under_line)

    with page.expect_request("**/tiles/power_lines/**"):
        card.get_by_role("button", name="Xem trên bản đồ Hành lang an toàn lưới điện").click()

    page.get_by_role("button", name="Lớp bản đồ").click()
    expect(page.get_by_role("checkbox", name="Đường dây điện")).to_be_checked()
    assert "power_lines" in page.url


def test_switched_layers_are_part_of_the_address(open_page):
    page = open_page("/").page
    page.get_by_role("button", name="Lớp bản đồ").click()
    expect(page.get_by_role("checkbox", name="Đường phố")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Đê")).not_to_be_checked()

    page.get_by_role("checkbox", name="Đường phố").uncheck()
    page.get_by_role("checkbox", name="Đê").check()
    page.reload()

    page.get_by_role("button", name="Lớp bản đồ").click()
    expect(page.get_by_role("checkbox", name="Đường phố")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Đê")).to_be_checked()


def test_in_the_third_year_of_its_listing_the_owner_is_told_what_to_do(open_page, listed):
    page = open_page(f"/?plot={listed.uuid}&as_of={LISTED_ON}").page
    card = card_of(page, listed)

    alert = card.locator(".alert")
    expect(alert).to_contain_text("quá hai năm liên tiếp")
    expect(alert).to_contain_text("kế hoạch ghi đích danh thửa này")
    assert alert.bounding_box()["y"] < card.locator(".lead").bounding_box()["y"]
    project = card.locator("[data-theme=annual_plan] .project").first
    expect(project).to_contain_text("Dự án này không hạn chế quyền sử dụng đất của bạn.")
    expect(project).to_contain_text("Bạn có thể đề nghị cơ quan có thẩm quyền điều chỉnh")
    expect(project).to_contain_text("Điều 76 khoản 7")


def test_both_plots_are_told_in_english_too(open_page, under_line, listed):
    page = open_page(f"/?plot={listed.uuid}&as_of={LISTED_ON}").page
    card_of(page, listed)

    page.get_by_role("button", name="English").click()

    card = card_of(page, listed)
    expect(card.locator(".alert")).to_contain_text("more than two years in a row")
    expect(card.locator("[data-theme=annual_plan]")).to_contain_text(
        "This project does not restrict your rights."
    )
    page.goto(f"/?plot={under_line.uuid}")
    expect(card.locator(".lead")).to_contain_text("Corridors of power lines")
    expect(card.locator("[data-theme=power_lines]")).to_contain_text("from the outermost conductor")


@SIZES
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "address",
    ["/?plot={uuid}&as_of={day}", "/parcels/{uuid}/?as_of={day}"],
    ids=["card", "page"],
)
@pytest.mark.parametrize("which", ["under_line", "listed"])
def test_axe_finds_no_violation_in_a_long_answer(
    open_page, request, which, address, language, size
):
    plot = request.getfixturevalue(which)
    asked = address.format(uuid=plot.uuid, day=LISTED_ON)
    page = open_page(asked, size=size, language=language).page
    page.locator("article.answer").wait_for()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_on_paper_every_list_is_open(open_page, under_line):
    page = open_page(f"/parcels/{under_line.uuid}/").page

    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    expect(page.locator("details:not([open])")).to_have_count(0)
    expect(page.locator(".folded .theme").first).to_be_visible()
    expect(page.get_by_role("button", name="Chép liên kết")).to_be_hidden()
