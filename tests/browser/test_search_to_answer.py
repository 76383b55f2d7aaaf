"""The citizen's way: words, list, plot, answer."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE


def extract_of(page, plot) -> dict:
    return page.request.get(f"/api/parcels/{plot.uuid}/extract").json()


def as_written(area_m2: float) -> str:
    """An area as a Vietnamese page writes it; two digits below one square metre."""
    digits = 2 if area_m2 < 1 else 1
    western = f"{area_m2:,.{digits}f}"
    return western.translate(str.maketrans(",.", ".,")) + "\u00a0m²"


def wait_for_map(page) -> None:
    """Wait until the map was drawn: before that it hears no pointer."""
    expect(page.locator(".ol-scale-line-inner")).to_have_text(re.compile(r"\d+ k?m"))


def test_the_keyboard_alone_leads_from_words_to_the_answer(open_page, live_city, plot):
    page = open_page("/").page

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    page.keyboard.type(plot.words)
    expect(page.get_by_role("option").first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id"))
    page.keyboard.press("Enter")

    title = page.locator("answer-card h2")
    expect(title).to_contain_text(f"Thửa {plot.number}, tờ bản đồ {plot.sheet}")
    assert plot.uuid in page.url
    # What a screen reader says is what stands first in the card.
    expect(page.locator("#spoken")).to_contain_text(
        page.locator("answer-card .lead").inner_text().strip()
    )


def test_words_without_marks_find_the_same_plot(open_page, plot):
    page = open_page("/").page

    page.get_by_role("combobox").fill(f"to {plot.sheet} thua {plot.number} {plain(plot.ward)}")
    page.keyboard.press("Enter")

    expect(page.locator("answer-card article")).to_have_attribute("data-plot", plot.uuid)


def test_several_hits_are_listed_and_none_is_chosen(open_page, plot):
    page = open_page("/").page

    page.get_by_role("combobox").fill(plot.street)
    page.keyboard.press("Enter")

    expect(page.get_by_role("option").nth(1)).to_be_visible()
    expect(page.locator("answer-card article")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("option").first).to_be_hidden()


def test_every_example_finds_something(open_page):
    page = open_page("/").page
    count = page.locator(".example").count()

    assert count == 2
    for position in range(count):
        page.locator(".example").nth(position).click()
        expect(page.get_by_role("option").first).to_be_visible()
        # The list lies over the examples.
        page.keyboard.press("Escape")


def test_nothing_found_says_what_to_do(open_page):
    page = open_page("/").page

    page.get_by_role("combobox").fill("tờ 9999 thửa 9999")
    page.keyboard.press("Enter")

    expect(page.locator(".found")).to_contain_text("Không tìm thấy thửa đất nào có số như vậy")
    expect(page.locator(".found")).to_contain_text("bấm vào vị trí trên bản đồ")


def test_a_click_on_the_map_answers_for_the_plot_under_it(open_page, plot):
    page = open_page(f"/?plot={plot.uuid}").page
    expect(page.locator("answer-card article")).to_be_visible()
    wait_for_map(page)
    page.locator(".sheet-close").click()
    expect(page.locator("answer-card article")).to_have_count(0)

    # The plot was brought to the middle of what the map keeps free: 70 px above, 60 below.
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + (box["height"] + 10) / 2)

    expect(page.locator("answer-card article")).to_have_attribute("data-plot", plot.uuid)


def test_the_card_shows_the_numbers_of_the_interface(open_page, plot):
    page = open_page(f"/?plot={plot.uuid}").page
    expect(page.locator("answer-card article")).to_be_visible()
    extract = extract_of(page, plot)

    for theme in extract["themes"]:
        section = page.locator(f"answer-card [data-theme={theme['theme']}]")
        for answer, area_m2 in theme["answers"].items():
            row = section.locator(f".theme-states [data-answer={answer}]")
            if area_m2 and len(theme["pieces"]) > 1:
                expect(row).to_contain_text(as_written(area_m2))
            else:
                expect(row).to_have_count(0)
        for position, piece in enumerate(theme["pieces"]):
            row = section.locator(f"[data-piece~={theme['theme']}-{position}]")
            assert row.count() >= 1
            for zone in piece["zones"]:
                assert as_written(piece["area_m2"]) in row.locator(".piece-size").text_content()
                expect(row).to_contain_text(zone["function_name_vi"])
                expect(row).to_contain_text(zone["plan"]["decision_number"])
            # A strip names the objects only; what they mean stands with the rest of their ground.
            named = "source_name" if piece["within_tolerance"] else "object_vi"
            for corridor in piece["corridors"]:
                assert corridor[named] in " ".join(row.all_text_contents())
    facts = page.locator("answer-card .facts")
    expect(facts).to_contain_text(as_written(extract["parcel"]["legal_area_m2"]))
    expect(facts).to_contain_text(as_written(extract["parcel"]["measured_area_m2"]))


def test_the_map_takes_the_colours_of_the_level_that_is_read(open_page, plot):
    page = open_page(f"/?plot={plot.uuid}").page

    page.get_by_role("button", name="Xem trên bản đồ Quy hoạch chung").click()

    expect(page.get_by_role("radio", name="Quy hoạch chung")).to_be_checked()
    assert "level=general" in page.url


def test_a_day_before_every_plan_is_answered_for_that_day(open_page, plot):
    page = open_page(f"/?plot={plot.uuid}").page

    page.get_by_label("Xem tại ngày").fill("1990-01-01")
    page.get_by_role("button", name="Xem", exact=True).click()

    expect(page.locator("answer-card .provenance")).to_contain_text("01/01/1990")
    assert "as_of=1990-01-01" in page.url
    expect(page.locator("answer-card [data-answer=applies]")).to_have_count(0)


def test_back_returns_to_the_plot_before(open_page, live_city):
    one, other = live_city.plots()[:2]
    page = open_page(f"/?plot={one.uuid}").page
    article = page.locator("answer-card article")
    expect(article).to_have_attribute("data-plot", one.uuid)

    page.get_by_role("combobox").fill(other.words)
    page.keyboard.press("Enter")
    expect(article).to_have_attribute("data-plot", other.uuid)
    page.go_back()

    expect(article).to_have_attribute("data-plot", one.uuid)


def test_an_unknown_plot_is_said_to_be_unknown_and_can_be_asked_again(open_page):
    page = open_page("/?plot=00000000-0000-4000-8000-000000000000").page

    expect(page.locator("answer-card .trouble")).to_contain_text("Không tìm thấy thửa đất này")
    expect(page.get_by_role("button", name="Thử lại")).to_be_visible()


def test_without_network_the_page_says_so_and_goes_on_afterwards(open_page, plot):
    page = open_page("/").page
    page.locator("canvas").first.wait_for()
    page.context.set_offline(True)
    page.get_by_role("combobox").fill(plot.words)
    page.keyboard.press("Enter")
    expect(page.locator(".found-note")).to_contain_text("Không kết nối được với máy chủ")

    page.context.set_offline(False)
    page.get_by_role("button", name="Thử lại").click()

    expect(page.locator("answer-card article")).to_have_attribute("data-plot", plot.uuid)


def test_on_a_phone_the_sheet_leaves_the_map_free_until_it_is_drawn_up(open_page, plot):
    page = open_page(f"/?plot={plot.uuid}", size=PHONE).page
    card = page.locator("answer-card")
    expect(card.locator("article")).to_be_visible()
    assert card.bounding_box()["y"] > PHONE["height"] * 0.5

    handle = page.locator(".sheet-handle")
    handle.click()

    expect(handle).to_have_attribute("aria-expanded", "true")
    page.wait_for_function(
        "most => document.querySelector('answer-card').getBoundingClientRect().top < most",
        arg=PHONE["height"] * 0.25,
    )


def test_the_pointer_is_told_in_degrees_and_in_the_citys_zone(open_page, plot):
    page = open_page(f"/?plot={plot.uuid}").page
    expect(page.locator("answer-card article")).to_be_visible()
    wait_for_map(page)

    box = page.locator("#map").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 300)

    line = page.locator("place-line")
    expect(line).to_contain_text(re.compile(r"21,\d{6}° B · 105,\d{6}° Đ"))
    expect(line).to_contain_text(re.compile(r"EPSG:5897\) X 2\.3\d\d\.\d{3},\d\d · Y 5\d\d\."))


def plain(text: str) -> str:
    """Vietnamese without marks, as many people type it."""
    import unicodedata

    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
