"""The layout that card and page print."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from landdata.models import Theme
from planning.extract.records import Alias, Answer, Notice, Reason, RegisterReference
from tests.webmap.records import corridor, extract, piece, plan, zone
from tileserver.layers import BY_ID
from webmap.answer import lay_out
from webmap.pieces import geometry


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def sections(layout):
    return [s for group in layout.groups for s in (*group.sections, *group.folded_sections)]


def section(layout, theme: str):
    return next(section for section in sections(layout) if section.theme == theme)


def test_slivers_are_reported_apart_and_not_dropped():
    strip = piece(0.3, zones=(zone("Đường"),), within_tolerance=True)

    zoning = section(
        lay_out(extract(zoning=(piece(99.7, zones=(zone("Đất ở"),)), strip))), "zoning_plan"
    )

    assert [row.name for row in zoning.pieces] == ["Đất ở"]
    assert [(row.name, row.area) for row in zoning.slivers] == [("Đường", "0,30\u00a0m²")]
    assert [(row.name, row.area) for row in zoning.states] == [("Có quy hoạch", "100,0\u00a0m²")]


def test_each_state_has_its_square_metres():
    zoning = section(
        lay_out(
            extract(
                zoning=(
                    piece(60, zones=(zone("Đất ở"),)),
                    piece(30, Answer.NO_DATA, reason=Reason.PLAN_SILENT, plans=(plan(),)),
                    piece(10, Answer.NOT_CHECKED, reason=Reason.SOURCE_FAILED),
                )
            )
        ),
        "zoning_plan",
    )

    assert [(row.answer, row.area, row.share) for row in zoning.states] == [
        (Answer.APPLIES, "60,0\u00a0m²", "60,0%"),
        (Answer.NO_DATA, "30,0\u00a0m²", "30,0%"),
        (Answer.NOT_CHECKED, "10,0\u00a0m²", "10,0%"),
    ]


def test_the_bar_is_as_long_as_the_plot():
    zoning = section(
        lay_out(extract(zoning=(piece(60, zones=(zone("Đất ở"),)), piece(40, Answer.CLEAR)))),
        "zoning_plan",
    )

    assert [(part.start, part.width) for part in zoning.bar] == [(0, 600), (600, 400)]


def test_ground_on_which_a_plan_is_silent_names_the_plan_to_ask_about():
    silent = piece(100, Answer.NO_DATA, reason=Reason.PLAN_SILENT, plans=(plan("QHPK-9"),))

    (row,) = section(lay_out(extract(zoning=(silent,))), "zoning_plan").pieces

    assert "QHPK-9/QĐ-UBND" in row.silent_plans[0]
    assert row.advice != ""


def test_every_zone_is_told_with_decision_validity_and_data_date():
    (row,) = section(
        lay_out(extract(zoning=(piece(100, zones=(zone("Đất ở"),)),))), "zoning_plan"
    ).pieces

    assert row.zones[0].decision == (
        "Quy hoạch QHPK-1, Quyết định QHPK-1/QĐ-UBND ngày 22/03/2021 (UBND thành phố)"
    )
    assert row.zones[0].validity == (
        "hiệu lực từ 01/04/2021 · số liệu ngày 10/03/2021 · 1:2000 · ± 0,5\u00a0m"
    )


def test_the_registers_area_stands_beside_the_measured_one():
    facts = {fact.name: fact for fact in lay_out(extract()).facts}

    assert facts["Diện tích theo sổ"].value == "98,5\u00a0m²"
    assert facts["Diện tích đo trên ranh thửa"].value == "100,0\u00a0m²"
    assert facts["Diện tích đo trên ranh thửa"].note == "+1,5\u00a0m² so với sổ"


def test_a_plot_without_boundary_is_not_given_an_area():
    facts = {
        fact.name: fact for fact in lay_out(extract(boundary=None, measured_area_m2=None)).facts
    }

    assert facts["Diện tích đo trên ranh thửa"].value == "không đo được"


def test_rows_and_drawn_pieces_share_their_names():
    made = extract(
        zoning=(
            piece(99.7, zones=(zone("Đất ở"),)),
            piece(0.3, zones=(zone("Đường"),), within_tolerance=True),
        )
    )

    rows = {row.id for theme in sections(lay_out(made)) for row in (*theme.pieces, *theme.slivers)}

    assert rows == {drawn["id"] for drawn in geometry(made)["pieces"]}


def test_only_the_notice_under_every_answer_is_left_out_above_it():
    made = extract(notices=(Notice.SAME_LEVEL_CONFLICT, Notice.REFERENCE_ONLY))

    (told,) = lay_out(made).notices

    assert "hai quy hoạch cùng cấp" in told


def test_english_names_stand_on_the_english_page():
    with translation.override("en"):
        layout = lay_out(extract(zoning=(piece(100, zones=(zone("Houses"),)),)))

    assert layout.title == "Plot 45, sheet 12"
    assert layout.where == "Ba Dinh ward"
    assert section(layout, "zoning_plan").pieces[0].name == "HOUSES"


def test_former_numbers_stand_among_the_facts():
    aliases = (
        Alias("00001", "Phường Phúc Xá", "7", "12"),
        Alias("00019", "00019", "2", "33"),
        Alias("", "", "3", "9"),
    )

    facts = {fact.name: fact.value for fact in lay_out(extract(aliases=aliases)).facts}

    assert facts["Số thửa trước đây"] == (
        "Thửa 12, tờ bản đồ 7 (Phường Phúc Xá); "
        "Thửa 33, tờ bản đồ 2 (đơn vị có mã 00019); "
        "Thửa 9, tờ bản đồ 3"
    )


def test_who_answers_for_the_data_stands_with_each_theme():
    said = RegisterReference("Mạng lưới", "Networks", False, dt.date(2025, 4, 1))

    layout = lay_out(extract(registers={Theme.DYKES: (said,)}))

    assert section(layout, "dykes").registers == (
        "Dữ liệu “Mạng lưới” ngày 01/04/2025: chưa đầy đủ ở đây.",
    )


def test_what_restricts_is_hatched_and_what_may_is_dotted():
    unsure = piece(5, Answer.NOT_CHECKED, reason=Reason.CORRIDOR_UNCERTAIN, corridors=(corridor(),))
    made = extract(
        zoning=(piece(100, zones=(zone("Đất ở"),)),),
        themes={
            Theme.POWER_LINES: (piece(5, corridors=(corridor(),)), unsure),
            # All of the plot: another hatch over everything would show nothing.
            Theme.WATER: (piece(100, corridors=(corridor(),)),),
        },
    )

    drawn = {piece["id"]: piece for piece in geometry(made)["pieces"]}

    assert drawn["power_lines-0"]["pattern"] == "hatched"
    assert drawn["power_lines-1"]["pattern"] == "dotted"
    assert drawn["zoning_plan-0"]["pattern"] == "outlined"
    assert drawn["dykes-0"]["pattern"] == "none"
    assert drawn["water-0"]["pattern"] == "none"
    assert drawn["power_lines-0"]["colour"] == BY_ID["power_lines"].colour


def test_a_theme_of_one_row_does_not_say_its_area_twice():
    zoning = section(lay_out(extract(zoning=(piece(100, zones=(zone("Đất ở"),)),))), "zoning_plan")

    assert (zoning.states, zoning.bar) == ((), ())
    assert [row.area for row in zoning.pieces] == ["100,0\u00a0m²"]
