"""Projects of the annual land-use plan, for whoever holds the plot."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from landdata.models import Theme
from planning.extract.records import Notice
from tests.webmap.records import extract, item, piece
from webmap.answer import lay_out


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def project(*items, **other):
    made = extract(themes={Theme.ANNUAL_PLAN: (piece(35, items=items),)}, **other)
    (group,) = [group for group in lay_out(made).groups if group.id == "land_use"]
    (section,) = [section for section in group.sections if section.theme == Theme.ANNUAL_PLAN]
    (row,) = section.projects
    return row


def test_in_its_first_years_a_listing_restricts_and_a_limited_permit_is_possible():
    row = project(item(first=2026))

    assert row.state.startswith("Có trong danh mục thu hồi đất")
    assert "không được xây nhà mới, không được trồng cây lâu năm" in row.restriction
    assert "giấy phép xây dựng có thời hạn" in row.next_step
    assert row.article == "Luật Đất đai 31/2024/QH15, Điều 76 khoản 6"
    assert "ngày 01/01/2028" in row.counting


def test_in_its_third_year_a_listing_restricts_no_more_and_may_be_objected_to():
    row = project(item(first=2024))

    assert (
        row.state == "Đã ở trong danh mục quá hai năm liên tiếp mà chưa có quyết định thu hồi đất."
    )
    assert row.restriction == "Dự án này không hạn chế quyền sử dụng đất của bạn."
    assert row.next_step.startswith("Bạn có thể đề nghị cơ quan có thẩm quyền điều chỉnh")
    assert row.article == "Luật Đất đai 31/2024/QH15, Điều 76 khoản 7"
    assert "từ năm 2024: đủ hai năm liên tiếp vào ngày 01/01/2026" in row.counting
    assert ("Các năm có trong kế hoạch", "2024, 2025, 2026") in row.facts


def test_before_the_law_no_restriction_is_named_and_no_freedom_promised():
    row = project(item(dt.date(2023, 5, 1), first=2023))

    assert row.article == ""
    assert "không có nghĩa là không bị hạn chế" in row.restriction


def test_a_plot_that_the_plan_names_is_told_apart_from_one_that_a_boundary_reaches():
    assert project(item()).reaches == "kế hoạch ghi đích danh thửa này"
    assert project(item(names_the_plot=False)).reaches.startswith("ranh dự án chạm đến thửa này")


def test_a_recovery_is_told_before_everything_else():
    listed = item(first=2024, names_the_plot=False)
    fresh = item(first=2026, key="CT-8", name_vi="Trạm y tế")
    made = extract(
        themes={Theme.ANNUAL_PLAN: (piece(35, items=(listed, fresh)),)},
        notices=(Notice.RECOVERY_OVERDUE, Notice.REFERENCE_ONLY),
    )

    layout = lay_out(made)

    (alert,) = layout.alerts
    assert "quá hai năm liên tiếp" in alert.text
    assert alert.projects == (
        ("Mở rộng phố Hà Trung", "ranh dự án chạm đến thửa này, kế hoạch không ghi số thửa"),
    )
    assert layout.summary.startswith(alert.text)
    assert layout.notices == ()
