"""The list of plots that the page shows without script."""

from __future__ import annotations

import pytest

from tests.ground import add_alias, add_parcel, add_unit, square

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "todays", "old"),
    [
        ("vi", "Thửa 45, tờ bản đồ 12", "số cũ: thửa 7, tờ bản đồ 5, Phường Hàng Bài"),
        ("en", "Plot 45, sheet 12", "old number: plot 7, sheet 5, Phường Hàng Bài"),
    ],
)
def test_a_plot_found_by_its_old_number_is_listed_with_both(client, language, todays, old):
    add_unit("00079", "Phường Hàng Bài")
    add_alias(add_parcel("45", square(590000, 2325000)), "5", "7", unit_code="00079")

    page = client.get("/", {"q": "thửa 7 tờ 5", "lang": language}).content.decode()

    assert todays in page
    assert old in " ".join(page.split())


def test_a_plot_found_by_todays_number_is_listed_without_an_old_one(client):
    add_alias(add_parcel("45", square(590000, 2325000)), "5", "7")

    page = client.get("/", {"q": "thửa 45 tờ 12", "lang": "en"}).content.decode()

    assert "Plot 45, sheet 12" in page
    assert "old number" not in page
