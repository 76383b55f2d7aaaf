"""What a citizen reads first."""

from __future__ import annotations

import pytest
from django.utils import translation

from planning.extract.records import Answer, Reason
from tests.webmap.records import extract, piece, plan, zone
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
