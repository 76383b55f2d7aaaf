"""What a citizen reads first."""

from __future__ import annotations

import pytest
from django.utils import translation

from landdata.models import Theme
from planning.extract.records import Answer, Reason
from tests.webmap.records import corridor, extract, item, piece, plan, zone
from webmap.lead import lead


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def first(made) -> str:
    """What is said of the plans, which comes before everything else."""
    return lead(made)[0].text


def test_a_plot_wholly_in_one_zone_is_told_its_function():
    said = first(extract(zoning=(piece(100, zones=(zone("Đất ở"),)),)))

    assert said == "Theo quy hoạch phân khu, toàn bộ thửa này là: Đất ở."


def test_several_functions_are_told_with_their_shares_the_largest_first():
    said = first(
        extract(
            zoning=(
                piece(28, zones=(zone("Đường"),)),
                piece(62, zones=(zone("Đất ở"),)),
                piece(10, zones=(zone("Đường"),)),
            )
        )
    )

    assert said == (
        "Theo quy hoạch phân khu, thửa này nằm trong 2 loại khu chức năng: "
        "Đất ở (62,0%), Đường (38,0%)."
    )


def test_ground_without_answer_is_never_left_out_of_the_sentence():
    silent = piece(40, Answer.NO_DATA, reason=Reason.PLAN_SILENT)

    said = first(extract(zoning=(piece(60, zones=(zone("Đất ở"),)), silent)))

    assert "Đất ở (60,0%)" in said
    assert "Còn 40,0% diện tích chưa có câu trả lời" in said


def test_a_strip_within_survey_tolerance_does_not_make_a_second_zone():
    strip = piece(0.2, zones=(zone("Đường"),), within_tolerance=True)

    said = first(extract(zoning=(piece(99.8, zones=(zone("Đất ở"),)), strip)))

    assert said == "Theo quy hoạch phân khu, toàn bộ thửa này là: Đất ở."


def test_of_two_levels_that_cover_the_plot_the_more_specific_speaks():
    said = first(
        extract(
            general=(piece(100, zones=(zone("Đơn vị ở"),)),),
            detailed=(piece(100, zones=(zone("Nhà liền kề"),)),),
        )
    )

    assert said == "Theo quy hoạch chi tiết, toàn bộ thửa này là: Nhà liền kề."


def test_a_more_specific_level_on_a_part_is_named_beside_the_one_that_covers_more():
    said = first(
        extract(
            zoning=(piece(100, zones=(zone("Đất ở"),)),),
            detailed=(piece(20, zones=(zone("Công viên"),)), piece(80, Answer.CLEAR)),
        )
    )

    assert said.startswith("Theo quy hoạch phân khu, toàn bộ thửa này là: Đất ở.")
    assert "Trên 20,0% diện tích còn có quy hoạch chi tiết" in said


def test_where_two_plans_disagree_both_functions_are_named():
    disagreeing = piece(100, zones=(zone("Đất ở", plan("A")), zone("Hồ", plan("B"))))

    said = first(extract(detailed=(disagreeing,)))

    assert said == "Theo quy hoạch chi tiết, toàn bộ thửa này là: Đất ở / Hồ."


def test_no_data_is_not_told_as_nothing_planned():
    unknown = (piece(100, Answer.NO_DATA, reason=Reason.REGISTER_INCOMPLETE),)

    said = first(extract(general=unknown, zoning=unknown, detailed=unknown))

    assert "Điều đó không có nghĩa là không có quy hoạch" in said


def test_clear_is_told_with_its_day():
    assert first(extract()) == ("Vào ngày 21/11/2026 không có quy hoạch nào áp dụng cho thửa này.")


def test_what_could_not_be_checked_is_told_with_its_reason():
    unchecked = (piece(100, Answer.NOT_CHECKED, reason=Reason.PARCEL_DISPUTED),)

    said = first(extract(general=unchecked, zoning=unchecked, detailed=unchecked))

    assert said.startswith("Chưa kiểm tra được quy hoạch của thửa này.")
    assert "cùng số tờ, số thửa này" in said


def said_of(made) -> list[tuple[str, str]]:
    return [(line.look, line.text) for line in lead(made)]


def test_what_restricts_is_told_at_once_with_its_effect_and_its_share():
    under = piece(28, corridors=(corridor(),))
    free = piece(72, Answer.CLEAR)

    told = said_of(extract(themes={Theme.POWER_LINES: (under, free)}))

    assert told[1] == (
        "limited",
        "Hành lang an toàn lưới điện (được phép nếu đủ điều kiện: xây dựng công trình, trồng cây): "
        "28,0\u00a0m², 28,0% diện tích thửa.",
    )


def test_of_several_rules_the_strictest_is_told_at_once():
    strict = corridor(rule="power_500_kv", effect="forbidden", restricts=("dwelling",))
    under = piece(100, corridors=(corridor(), strict))

    look, text = said_of(extract(themes={Theme.POWER_LINES: (under,)}))[1]

    assert look == "restricted"
    assert "(không được phép: nhà ở): toàn bộ thửa" in text


def test_what_is_open_stands_before_what_is_clear():
    unsure = piece(10, Answer.NOT_CHECKED, reason=Reason.CORRIDOR_UNCERTAIN)
    free = piece(90, Answer.CLEAR)
    unknown = piece(100, Answer.NO_DATA, reason=Reason.REGISTER_INCOMPLETE)

    told = said_of(
        extract(themes={Theme.DYKES: (free, unsure), Theme.RAILWAYS: (unknown,)}),
    )

    assert told[1:] == [
        ("not_checked", "Chưa kiểm tra được: Hành lang bảo vệ đê (10,0\u00a0m²)."),
        (
            "no_data",
            "Chưa có dữ liệu: Hành lang an toàn đường sắt. Điều đó không có nghĩa là không vướng.",
        ),
        (
            "clear",
            "Đã kiểm tra và không vướng: 8 loại chỉ giới, hành lang, dự án, khu bảo vệ.",
        ),
    ]


def test_a_level_of_plan_without_data_is_named_where_another_one_speaks():
    unknown = (piece(100, Answer.NO_DATA, reason=Reason.REGISTER_INCOMPLETE),)

    told = said_of(extract(general=unknown, zoning=(piece(100, zones=(zone("Đất ở"),)),)))

    assert ("no_data", "Chưa có dữ liệu: Quy hoạch chung.") in [
        (look, text.split(" Điều")[0]) for look, text in told
    ]


def test_a_strip_within_survey_tolerance_is_not_told_at_once():
    strip = piece(0.2, corridors=(corridor(),), within_tolerance=True)

    told = said_of(extract(themes={Theme.POWER_LINES: (strip, piece(99.8, Answer.CLEAR))}))

    assert [look for look, _ in told] == ["clear", "clear"]


def test_of_a_plot_that_is_itself_in_doubt_nothing_more_is_said():
    unchecked = (piece(100, Answer.NOT_CHECKED, reason=Reason.PARCEL_DISPUTED),)

    assert len(lead(extract(themes=dict.fromkeys(Theme, unchecked)))) == 1


def test_the_land_use_plan_has_a_sentence_of_its_own():
    made = extract(themes={Theme.LAND_USE_PLAN: (piece(100, zones=(zone("Đất ở đô thị"),)),)})

    assert ("applies", "Theo quy hoạch sử dụng đất, toàn bộ thửa này là: Đất ở đô thị.") in said_of(
        made
    )


@pytest.mark.parametrize(
    ("first_listed", "look"), [(2026, "restricted"), (2024, "limited")], ids=["new", "third year"]
)
def test_a_project_stands_out_as_long_as_it_restricts(first_listed, look):
    listed = piece(100, items=(item(first=first_listed),))

    told = said_of(extract(themes={Theme.ANNUAL_PLAN: (listed,)}))

    assert told[1] == (
        look,
        "Kế hoạch sử dụng đất hằng năm (Mở rộng phố Hà Trung): toàn bộ thửa.",
    )
