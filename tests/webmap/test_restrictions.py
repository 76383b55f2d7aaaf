"""Objects that restrict a plot, put together from the pieces that they cut."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import translation

from landdata.models import Theme
from planning.extract.records import Answer, Reason
from tests.webmap.records import corridor, extract, line, piece
from webmap.answer import lay_out


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def restrictions(made):
    (group,) = [group for group in lay_out(made).groups if group.id == "restrictions"]
    return group


def objects(theme: Theme, *pieces, rails=()):
    made = extract(themes={theme: pieces, Theme.RAILWAYS: rails})
    (section,) = [s for s in restrictions(made).sections if s.theme == theme]
    return section.objects


def test_a_rule_says_figure_reference_effect_and_source():
    (row,) = objects(Theme.POWER_LINES, piece(28, corridors=(corridor(),)))

    (rule,) = row.rules
    assert (row.name, row.area, row.share) == ("Đường dây 110 kV Chèm", "28,0\u00a0m²", "28,0%")
    assert rule.name == "Hành lang đường dây 110 kV"
    assert rule.figure == "4\u00a0m tính từ dây dẫn ngoài cùng"
    assert rule.effect_name == "Được phép nếu đủ điều kiện"
    assert rule.restricts == "xây dựng công trình, trồng cây"
    assert rule.condition == "Nhà chỉ được tồn tại khi đủ điều kiện an toàn."
    assert rule.source == "NĐ 62/2025/NĐ-CP, Điều 16"
    assert rule.validity == "hiệu lực từ 04/03/2025"
    assert (rule.confidence, rule.doubts, rule.superseded) == ("", (), ())


def test_a_doubt_about_the_outer_reach_is_none_about_ground_that_is_surely_inside():
    doubtful = corridor(doubts=("outer_conductor_m_unknown",))

    (row,) = objects(Theme.POWER_LINES, piece(28, corridors=(doubtful,)))

    assert row.rules[0].doubts == ()


def test_an_object_on_several_pieces_is_one_row_with_the_sum_of_its_ground():
    other = corridor(source_key="PL-2", source_name="Đường dây 220 kV", rule="power_220_kv")

    one, two = objects(
        Theme.POWER_LINES,
        piece(20, corridors=(corridor(),)),
        piece(8, corridors=(corridor(), other)),
        piece(72, Answer.CLEAR),
    )

    assert (one.name, one.area, one.ids) == (
        "Đường dây 110 kV Chèm",
        "28,0\u00a0m²",
        "power_lines-0 power_lines-1",
    )
    assert (two.name, two.area, two.ids) == ("Đường dây 220 kV", "8,0\u00a0m²", "power_lines-1")


def test_ground_that_is_only_possibly_inside_is_never_added_to_what_surely_is():
    unsure = piece(
        12,
        Answer.NOT_CHECKED,
        reason=Reason.CORRIDOR_UNCERTAIN,
        corridors=(corridor(doubts=("outer_conductor_m_unknown",)),),
    )

    (row,) = objects(Theme.POWER_LINES, piece(20, corridors=(corridor(),)), unsure)

    assert (row.answer, row.area, row.uncertain) == (
        Answer.APPLIES,
        "20,0\u00a0m²",
        "có thể thêm 12,0\u00a0m², 12,0%",
    )
    assert row.rules[0].doubts == (
        "Chưa ghi nhận khoảng cách từ tim tuyến đến dây dẫn ngoài cùng.",
    )


def test_what_may_restrict_is_drawn_and_named_as_not_checked():
    unsure = piece(
        12, Answer.NOT_CHECKED, reason=Reason.CORRIDOR_UNCERTAIN, corridors=(corridor(),)
    )

    (row,) = objects(Theme.POWER_LINES, unsure)

    assert (row.answer, row.look, row.area) == (Answer.NOT_CHECKED, "not_checked", "12,0\u00a0m²")


def test_objects_under_one_doubt_are_told_together():
    def unsure(area_m2: float, name: str):
        reached = corridor(source_key=name, source_name=name, doubts=("red_line_m_unknown",))
        return piece(
            area_m2, Answer.NOT_CHECKED, reason=Reason.CORRIDOR_UNCERTAIN, corridors=(reached,)
        )

    (row,) = objects(Theme.ROADS, unsure(30, "Phố Hàng Da"), unsure(10, "Phố Hội Vũ"))

    assert (row.name, row.area) == ("Phố Hàng Da, Phố Hội Vũ", "40,0\u00a0m²")


def test_of_two_rules_of_one_object_the_narrower_says_how_much_it_takes():
    wide = corridor(rule="water_intake_still", object_vi="Vùng II", distance_m=1000.0)
    near = corridor(rule="water_intake_still", object_vi="Vùng I", distance_m=200.0)

    (row,) = objects(Theme.WATER, piece(30, corridors=(near, wide)), piece(70, corridors=(wide,)))

    assert row.area == "100,0\u00a0m²"
    assert [(rule.name, rule.area) for rule in row.rules] == [
        ("Vùng I", "30,0\u00a0m²"),
        ("Vùng II", ""),
    ]


def test_what_goes_before_a_corridor_is_named_with_its_ground():
    road = corridor(rule="road_class_iii", source_key="R", superseded_by="rail_corridor")
    rail = corridor(rule="rail_corridor", source_key="T", object_vi="Hành lang đường sắt")

    (row,) = objects(
        Theme.ROADS,
        piece(15, corridors=(road,)),
        piece(85, Answer.CLEAR),
        rails=(piece(15, corridors=(rail,)),),
    )

    assert row.rules[0].superseded == (
        "Trên 15,0\u00a0m² của phần này, hành lang khác được ưu tiên: Hành lang đường sắt.",
    )


def test_a_control_line_is_told_with_its_decision():
    (row,) = objects(Theme.CONTROL_LINES, piece(8, lines=(line(),)))

    assert row.look == "restricted"
    assert row.name == "Chỉ giới đường đỏ: phố Hà Trung"
    assert row.rules[0].source == "Quyết định 7/QĐ-UBND ngày 22/03/2021 (UBND thành phố)"


def test_themes_without_a_hit_are_lists_and_nothing_is_lost():
    mixed = (
        piece(60, Answer.NO_DATA, reason=Reason.REGISTER_INCOMPLETE),
        piece(40, Answer.CLEAR),
    )
    failed = (piece(100, Answer.NOT_CHECKED, reason=Reason.SOURCE_FAILED),)

    group = restrictions(extract(themes={Theme.DYKES: mixed, Theme.WATER: failed}))

    assert [(folded.answer, folded.themes) for folded in group.folded] == [
        (Answer.NOT_CHECKED, ("Hành lang bảo vệ nguồn nước",)),
        (Answer.NO_DATA, ("Hành lang bảo vệ đê (60,0\u00a0m²)",)),
        (
            Answer.CLEAR,
            (
                "Chỉ giới đường đỏ, chỉ giới xây dựng",
                "Hành lang an toàn lưới điện",
                "Hành lang đường ống",
                "Hành lang an toàn đường bộ",
                "Hành lang an toàn đường sắt",
                "Hành lang bảo vệ đê (40,0\u00a0m²)",
                "Khoảng cách đến công trình nguy hại",
                "Khu vực được bảo vệ",
            ),
        ),
    ]
    assert group.folded[0].note.startswith("Nguồn dữ liệu không trả lời")
    assert group.sections == ()
    assert len(group.folded_sections) == 9


def test_not_affected_but_for_a_strip_says_so():
    strip = piece(0.3, corridors=(corridor(),), within_tolerance=True)

    group = restrictions(extract(themes={Theme.POWER_LINES: (piece(99.7, Answer.CLEAR), strip)}))

    assert (
        "Hành lang an toàn lưới điện (trừ một dải 0,30\u00a0m² trong sai số đo đạc)"
        in group.folded[0].themes
    )


def test_a_line_whose_name_says_its_kind_is_not_called_so_twice():
    named = replace(line(), name_vi="Chỉ giới đường đỏ phố Hàng Da")

    (row,) = objects(Theme.CONTROL_LINES, piece(8, lines=(named,)))

    assert row.name == "Chỉ giới đường đỏ phố Hàng Da"
