"""The planner's workbench by pointer and keys: what was drawn is stored, to the last bit."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize

    from tests.browser.live import LiveCity

DRAFTS = 14


@dataclass
class Room:
    """Two planners, and drafts of four square zones each beside a free strip (see room.py)."""

    city: LiveCity
    cookies: dict[str, list[str]]
    drafts: list[dict[str, Any]]
    corner: tuple[float, float]

    def zones(self, draft: dict[str, Any]) -> dict[str, shapely.Geometry]:
        """The zones of a draft as the database has them, by label; new ones by their uid."""
        rows = self.city.rows(
            "SELECT label, uid::text, encode(ST_AsBinary(boundary), 'hex') FROM planning_draftzone"
            " WHERE version_of_id = %s",
            draft["id"],
        )
        labels = [label for label, _, _ in rows]
        return {
            (label if label and labels.count(label) == 1 else uid): shapely.from_wkb(
                bytes.fromhex(wkb)
            )
            for label, uid, wkb in rows
        }

    def faults(self, draft: dict[str, Any]) -> list[tuple[str, float]]:
        query = "SELECT kind, area_m2 FROM planning_draftfault WHERE version_of_id = %s"
        return [(kind, area) for kind, area in self.city.rows(query, draft["id"])]

    def at(self, east: float, north: float) -> tuple[float, float]:
        return self.corner[0] + east, self.corner[1] + north


@dataclass
class Bench:
    """A planner before the workbench."""

    page: Page
    room: Room
    draft: dict[str, Any]
    complaints: list[str] = field(default_factory=list)

    def pixel(self, east: float, north: float) -> tuple[float, float]:
        """Where a place lies in the window; metres from the corner of the draft."""
        canvas = self.page.locator("#map")
        area, box = canvas.get_attribute("data-area"), canvas.bounding_box()
        assert area
        assert box
        west, south, right, top = (float(edge) for edge in area.split(","))
        e, n = self.room.at(east, north)
        return (
            box["x"] + (e - west) / (right - west) * box["width"],
            box["y"] + (top - n) / (top - south) * box["height"],
        )

    def take(self, key: str) -> None:
        """Take a tool by its key and let the map settle in its new height."""
        before = self.page.locator("#map").get_attribute("data-area")
        self.page.keyboard.press(key)
        self.page.wait_for_timeout(150)
        if self.page.locator("#map").get_attribute("data-area") == before:
            self.page.wait_for_timeout(100)

    def click(self, *places: tuple[float, float], **how: Any) -> None:
        for east, north in places:
            x, y = self.pixel(east, north)
            self.page.mouse.move(x, y)
            self.page.mouse.click(x, y, **how)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag what is at a place; with Alt held, so that the end is drawn to nothing."""
        self.page.mouse.move(*self.pixel(*start))
        self.page.mouse.down()
        self.page.keyboard.down("Alt")
        self.page.mouse.move(*self.pixel(*end), steps=6)
        self.page.mouse.up()
        self.page.keyboard.up("Alt")

    def saved(self) -> None:
        expect(self.page.locator(".save-state")).to_have_attribute("data-state", "idle")

    def wait_for_edit(self, number: int) -> None:
        """Wait until the history of the draft has so many edits, the beginning counted."""
        for _ in range(100):
            query = "SELECT edits FROM planning_planversion WHERE id = %s"
            if self.room.city.rows(query, self.draft["id"]) == [(number,)]:
                self.saved()
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"there is no edit {number}")


@pytest.fixture(scope="session")
def room(live_city: LiveCity) -> Room:
    made = subprocess.run(
        [sys.executable, "-m", "tests.browser.room", str(DRAFTS)],
        env={**live_city.environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    return Room(live_city, told["cookies"], told["drafts"], tuple(told["corner"]))


@pytest.fixture
def draft(room: Room) -> dict[str, Any]:
    """A draft that nobody has touched."""
    return room.drafts.pop()


@pytest.fixture
def open_bench(
    browser: Browser, room: Room, draft: dict[str, Any]
) -> Iterator[Callable[..., Bench]]:
    contexts: list[BrowserContext] = []

    def open_(who: str = "lan", size: ViewportSize = DESKTOP, language: str = "en") -> Bench:
        context = browser.new_context(
            base_url=room.city.url, viewport=size, reduced_motion="reduce"
        )
        contexts.append(context)
        name, key = room.cookies[who]
        context.add_cookies(
            [
                {"name": name, "value": key, "url": room.city.url},
                {"name": "django_language", "value": language, "url": room.city.url},
            ]
        )
        page = context.new_page()
        bench = Bench(page, room, draft)
        page.on("pageerror", lambda error: bench.complaints.append(str(error)))
        go_in(bench)
        return bench

    yield open_
    for context in contexts:
        context.close()


def go_in(bench: Bench) -> None:
    bench.page.goto(f"/plans/{bench.draft['code']}/edit")
    bench.page.locator("html[data-bench=ready]").wait_for()
    bench.page.locator("#map[data-area]").wait_for()
    # The zones are there once the panel has rows to show.
    bench.page.wait_for_load_state("networkidle")


def corners(zone: shapely.Geometry) -> set[tuple[float, float]]:
    return {tuple(corner) for corner in shapely.get_coordinates(zone).tolist()}


def uid_of_new(before: dict[str, Any], after: dict[str, Any]) -> str:
    (new,) = set(after) - set(before)
    return str(new)


def test_a_drawn_corner_has_the_coordinates_of_the_corner_it_snapped_to(open_bench, room, draft):
    bench = open_bench()
    before = room.zones(draft)

    bench.take("d")
    # Some pixels off the corners of A2 and of the plan: the pointer is drawn to them.
    bench.click((200.8, 99.2), (199.3, 0.9), (260, 0.7), (260, 90))
    bench.page.keyboard.press("Enter")
    bench.wait_for_edit(2)

    after = room.zones(draft)
    new = after[uid_of_new(before, after)]
    assert {room.at(200, 100), room.at(200, 0)} <= corners(new)
    # The third lies on the plan's southern edge, so that nothing is left between.
    assert sum(north == room.at(0, 0)[1] for _, north in corners(new)) == 2
    assert {kind for kind, _ in room.faults(draft)} <= {"gap"}
    assert bench.complaints == []


def test_a_split_zone_is_two_and_the_neighbour_has_the_new_corner(open_bench, room, draft):
    bench = open_bench()
    before = room.zones(draft)

    bench.click((50, 50))
    bench.take("s")
    bench.click((30, -8), (60, 108))
    bench.page.keyboard.press("Enter")
    bench.page.locator("dialog[data-name=split] .main-button").click()
    bench.wait_for_edit(2)

    after = room.zones(draft)
    pieces = [zone for name, zone in after.items() if name not in ("A2", "A3", "A4")]
    assert len(after) == len(before) + 1
    assert sum(piece.area for piece in pieces) == pytest.approx(10_000, abs=1e-6)
    assert sum(zone.area for zone in after.values()) == pytest.approx(40_000, abs=1e-6)
    (cut,) = (
        (corners(pieces[0]) & corners(pieces[1]))
        - corners(before["A1"])
        - {corner for corner in corners(pieces[0]) if corner[1] == room.at(0, 0)[1]}
    )
    assert cut in corners(after["A3"])
    assert {kind for kind, _ in room.faults(draft)} <= {"gap"}


def test_merged_zones_keep_the_attributes_that_were_chosen(open_bench, room, draft):
    bench = open_bench()

    bench.take("g")
    bench.click((50, 50), (150, 50))
    bench.page.keyboard.press("Enter")
    dialogue = bench.page.locator("dialog[data-name=merge]")
    dialogue.get_by_label("A2").check()
    dialogue.locator(".main-button").click()
    bench.wait_for_edit(2)

    after = room.zones(draft)
    assert sorted(after) == ["A2", "A3", "A4"]
    assert after["A2"].area == pytest.approx(20_000, abs=1e-6)
    # The corner of A3 and A4 stays where the common edge of A1 and A2 ended.
    assert room.at(100, 100) in corners(after["A2"])
    (people,) = room.city.rows(
        "SELECT population FROM planning_draftzone WHERE uid = %s", draft["zones"]["A2"]
    )
    assert people == (240,)


def test_a_common_corner_moves_in_all_zones_and_undo_finds_it_after_a_reload(
    open_bench, room, draft
):
    bench = open_bench()
    before = room.zones(draft)

    bench.take("e")
    bench.drag((100, 100), (112, 108))
    bench.wait_for_edit(2)

    after = room.zones(draft)
    (new,) = corners(after["A1"]) - corners(before["A1"])
    assert all(new in corners(zone) for zone in after.values())
    assert math.dist(new, room.at(112, 108)) < 0.5
    assert sum(zone.area for zone in after.values()) == pytest.approx(40_000, abs=1e-6)
    assert shapely.coverage_is_valid(list(shapely.get_parts(list(after.values()))))

    bench.page.reload()
    bench.page.locator("html[data-bench=ready]").wait_for()
    bench.page.keyboard.press("Control+z")
    bench.wait_for_edit(3)
    assert {name: corners(zone) for name, zone in room.zones(draft).items()} == {
        name: corners(zone) for name, zone in before.items()
    }

    bench.page.keyboard.press("Control+y")
    bench.wait_for_edit(4)
    assert new in corners(room.zones(draft)["A4"])


def test_typed_corners_are_saved_as_they_were_typed(open_bench, room, draft):
    bench = open_bench()
    before = room.zones(draft)
    east, north = (round(value) for value in room.at(210, 110))

    bench.take("d")
    type_corner(bench, "grid", f"{north},25", f"{east},5")
    type_corner(bench, "polar", "50", "90")
    type_corner(bench, "polar", "40", "0")
    bench.page.keyboard.press("Enter")
    bench.wait_for_edit(2)

    after = room.zones(draft)
    new = corners(after[uid_of_new(before, after)])
    assert (east + 0.5, north + 0.25) in new
    assert after[uid_of_new(before, after)].area == pytest.approx(1_000, abs=1e-6)


def type_corner(bench: Bench, way: str, first: str, second: str) -> None:
    bench.page.keyboard.press("i")
    dialogue = bench.page.locator("dialog[data-name=numbers]")
    dialogue.locator(f"input[value={way}]").check()
    dialogue.locator("input[name=first]").fill(first)
    dialogue.locator("input[name=second]").fill(second)
    dialogue.locator("input[name=second]").press("Enter")
    dialogue.wait_for(state="detached")


def test_a_pasted_table_becomes_the_zone_and_its_wrong_length_is_named(open_bench, room, draft):
    bench = open_bench()
    before = room.zones(draft)
    east, north = (round(value) for value in room.at(210, 10))
    table = "\n".join(
        [
            "Số hiệu\tX (m)\tY (m)\tCạnh (m)",
            f"1\t{north},00\t{east},00\t80,00",
            f"2\t{north},00\t{east + 80},00\t41,50",
            f"3\t{north + 40},00\t{east + 80},00\t80,00",
            f"4\t{north + 40},00\t{east},00\t40,00",
            f"1\t{north},00\t{east},00\t",
        ]
    )

    bench.take("d")
    bench.page.keyboard.press("l")
    dialogue = bench.page.locator("dialog[data-name=corners]")
    dialogue.locator("textarea").fill(table)
    expect(dialogue.locator(".dialogue-read")).to_contain_text("4 corners")
    expect(dialogue.locator(".dialogue-list")).to_contain_text("2–3")
    dialogue.locator(".main-button").click()
    bench.page.keyboard.press("Enter")
    bench.wait_for_edit(2)

    after = room.zones(draft)
    assert corners(after[uid_of_new(before, after)]) == {
        (east, north),
        (east + 80, north),
        (east + 80, north + 40),
        (east, north + 40),
    }


def both_take_a_corner(lan: Bench, hung: Bench) -> Locator:
    """Both move the same corner before either hears of the other; return what Hùng is asked."""
    hung.page.context.set_offline(True)
    lan.take("e")
    hung.take("e")
    lan.drag((0, 0), (10, 8))
    lan.page.wait_for_timeout(100)
    answer_faults(lan)
    lan.wait_for_edit(2)
    hung.drag((0, 0), (4, 20))
    hung.page.context.set_offline(False)
    dialogue = hung.page.locator("dialog[data-name=conflict]")
    expect(dialogue).to_contain_text("Trần Thị Lan", timeout=20_000)
    return dialogue


def nearest(room: Room, draft: dict[str, Any], east: float, north: float) -> float:
    """How far the nearest corner of the first zone lies from a place."""
    return min(math.dist(c, room.at(east, north)) for c in corners(room.zones(draft)["A1"]))


def test_a_drawing_kept_as_a_variant_can_be_put_into_the_plan(open_bench, room, draft):
    lan, hung = open_bench("lan"), open_bench("hung")
    dialogue = both_take_a_corner(lan, hung)

    dialogue.get_by_role("button", name="Keep theirs, mine as a variant").click()
    hung.take("v")
    hung.click((60, 60))
    variant = hung.page.locator(".variant")
    expect(variant).to_contain_text("Hùng")
    assert nearest(room, draft, 10, 8) < 0.5
    variant.get_by_role("button", name="Put into the plan").click()
    answer_faults(hung)
    hung.wait_for_edit(3)

    assert nearest(room, draft, 4, 20) < 0.5
    variant.get_by_role("button", name="Drop").click()
    expect(variant).to_have_count(0)


def test_two_planners_on_one_zone_decide_and_nothing_is_lost(open_bench, room, draft):
    lan, hung = open_bench("lan"), open_bench("hung")
    dialogue = both_take_a_corner(lan, hung)

    expect(dialogue.locator("figure")).not_to_have_count(0)
    dialogue.get_by_role("button", name="Keep mine").click()
    answer_faults(hung)
    hung.wait_for_edit(3)

    assert nearest(room, draft, 4, 20) < 0.5
    states = room.city.rows(
        "SELECT count(*) FROM planning_draftzonestate WHERE uid = %s", draft["zones"]["A1"]
    )
    assert states == [(3,)]
    # What the other saved is seen without asking.
    lan.page.wait_for_timeout(2500)
    lan.page.keyboard.press("v")
    lan.click((60, 60))
    expect(lan.page.locator("[data-measure=area]")).to_contain_text("8,8")


def answer_faults(bench: Bench) -> None:
    """The corner leaves ground free: say why, if we are asked."""
    dialogue = bench.page.locator("dialog[data-name=faults]")
    dialogue.wait_for()
    dialogue.locator("textarea").fill("The street takes this corner")
    dialogue.locator(".main-button").click()
    dialogue.wait_for(state="detached")


def test_work_goes_on_without_a_connection_and_over_a_reload(open_bench, room, draft):
    bench = open_bench()
    before = room.zones(draft)
    context = bench.page.context
    context.set_offline(True)

    bench.take("e")
    bench.drag((100, 100), (110, 104))
    expect(bench.page.locator("#banner")).to_contain_text("1 edit is kept")
    bench.page.wait_for_timeout(200)
    bench.drag((110, 104), (95, 97))
    expect(bench.page.locator("#banner")).to_contain_text("2 edits are kept")
    assert room.zones(draft) == before

    # The page is gone and comes back with the connection: the edits are still there.
    context.set_offline(False)
    bench.page.reload()
    bench.wait_for_edit(3)

    (new,) = corners(room.zones(draft)["A1"]) - corners(before["A1"])
    assert math.dist(new, room.at(95, 97)) < 0.5


def test_a_sketch_that_a_reload_cut_short_is_offered_again(open_bench, room, draft):
    bench = open_bench()
    bench.take("d")
    bench.click((210, 20), (280, 20), (280, 90))
    bench.page.wait_for_timeout(150)

    bench.page.reload()
    bench.page.locator("html[data-bench=ready]").wait_for()
    bench.page.locator("#banner button", has_text="Continue").click()
    bench.page.keyboard.press("Enter")
    bench.wait_for_edit(2)

    assert len(room.zones(draft)) == 5


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_violation(open_bench, size):
    bench = open_bench(size=size, language="vi")
    bench.click((50, 50))
    bench.take("d")

    found = Axe().run(bench.page)

    assert found.violations_count == 0, found.generate_report()
    assert bench.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
