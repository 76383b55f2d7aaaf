"""Plots named by numbers of before, and by wards that were.

Until 2025-07-01 there were Hàng Bài and Tràng Tiền. Hàng Bài was divided among Cửa Nam and Hoàn
Kiếm, all of Tràng Tiền came to Hoàn Kiếm.

    590000    590020    590040    590060
325020 +---------+---------+---------+
       | 12/45   | 12/46   | 3/45    |
       | Cửa Nam | Cửa Nam | H. Kiếm |
325000 +---------+---------+---------+
"""

from __future__ import annotations

import datetime as dt

import pytest

from landdata.models import Revision, UnitSuccession
from landdata.search.found import OldNumber
from landdata.search.search import search
from tests.ground import add_alias, add_parcel, add_unit, sheet, square

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 9, 1)
REORGANISED = dt.date(2025, 7, 1)
CUA_NAM, HOAN_KIEM, HANG_BAI, TRANG_TIEN = "00070", "00073", "00079", "00073"


def add_former(code: str, full_name: str, *, level: str = "ward", parent_code: str = "002"):
    """Add one unit of before 2025-07-01."""
    return add_unit(
        code,
        full_name,
        level=level,
        parent_code=parent_code,
        valid_from=dt.date(2025, 1, 1),
        valid_to=REORGANISED,
    )


def follow(old_code: str, new_code: str, kind: str) -> None:
    with Revision.open(by=None, why="test") as revision:
        UnitSuccession.objects.create(
            old_code=old_code,
            new_code=new_code,
            kind=kind,
            is_default=True,
            source="",
            confidence="",
            valid_from=REORGANISED,
            from_revision=revision.number,
        )


@pytest.fixture
def city():
    add_unit("01", "Thành phố Hà Nội", level="province", parent_code="")
    add_former("002", "Quận Hoàn Kiếm", level="district", parent_code="01")
    add_unit(CUA_NAM, "Phường Cửa Nam", square(589000, 2324000, 1040))
    add_unit(HOAN_KIEM, "Phường Hoàn Kiếm", square(590040, 2324000, 1040))
    add_former(HANG_BAI, "Phường Hàng Bài")
    add_former(TRANG_TIEN, "Phường Tràng Tiền")
    follow(HANG_BAI, CUA_NAM, "part")
    follow(HANG_BAI, HOAN_KIEM, "part")
    follow(TRANG_TIEN, HOAN_KIEM, "whole")
    cua_nam, hoan_kiem = sheet("12", unit_code=CUA_NAM), sheet("3", unit_code=HOAN_KIEM)
    return {
        "12/45": add_parcel("45", square(590000, 2325000), on=cua_nam, address="Số 8 phố Hàng Bài"),
        "12/46": add_parcel("46", square(590020, 2325000), on=cua_nam),
        "3/45": add_parcel(
            "45", square(590040, 2325000), on=hoan_kiem, address="Số 12 phố Tràng Tiền"
        ),
    }


def names(found) -> list[str]:
    return [f"{hit.sheet}/{hit.number}" for hit in found.parcels]


def codes(found) -> list[str]:
    return [message.code for message in found.messages]


@pytest.mark.parametrize(
    "query",
    [
        "thửa 7 tờ 5 phường Hàng Bài",
        "to 5 thua 7 hang bai",
        "Thửa đất số 07, tờ bản đồ số 05, P. Hàng Bài, Q. Hoàn Kiếm, TP Hà Nội",
        "5/7 Hàng Bài",
        "7/5 Hàng Bài",
        "t5/7",
        "thửa cũ 7 tờ cũ 5",
        "thửa 7 tờ 5 (1/500)",
        "thửa 7 tờ 5 quận Hoàn Kiếm",
        "thửa 7 tờ 5 phường Cửa Nam",
        "thửa 7 Hàng Bài",
        "thửa 7/5 Hàng Bài",
    ],
)
def test_a_plot_is_found_by_its_old_number_in_every_spelling_and_says_so(city, query):
    add_alias(city["12/45"], "5", "7", unit_code=HANG_BAI)

    found = search(query, as_of=TODAY)

    assert names(found) == ["12/45"]
    (hit,) = found.parcels
    assert hit.matched == "old_sheet_and_number"
    assert hit.matched_as == OldNumber("5", "7", HANG_BAI, "Phường Hàng Bài")
    assert "old_number" in codes(found)


def test_todays_number_comes_first_and_the_old_one_of_another_plot_beside_it(city):
    add_alias(city["3/45"], "12", "45", unit_code=TRANG_TIEN)

    found = search("thửa 45 tờ 12", as_of=TODAY)

    assert [(hit.sheet, hit.matched) for hit in found.parcels] == [
        ("12", "sheet_and_number"),
        ("3", "old_sheet_and_number"),
    ]
    assert found.parcels[0].matched_as is None
    assert "current_and_old_number" in codes(found)


def test_a_number_that_many_wards_have_today_leaves_room_for_the_old_one(city):
    for place in range(25):
        add_parcel("7", None, on=sheet("5", unit_code=f"{900 + place:05}"))
    add_alias(city["3/45"], "5", "7")

    found = search("thửa 7 tờ 5", as_of=TODAY)

    assert names(found) == ["5/7"] * 19 + ["3/45"]
    assert found.is_truncated
    assert "current_and_old_number" in codes(found)


def test_a_plot_whose_number_stayed_is_found_once_by_the_number_of_today(city):
    add_alias(city["12/45"], "12", "45", unit_code=HANG_BAI)

    found = search("thửa 45 tờ 12 phường Hàng Bài", as_of=TODAY)

    assert [hit.matched for hit in found.parcels] == ["sheet_and_number"]
    assert codes(found) == ["former_unit_divided"]


def test_numbers_called_old_leave_todays_out_unless_nobody_had_them(city):
    add_alias(city["3/45"], "12", "45")

    assert names(search("thửa cũ 45 tờ cũ 12", as_of=TODAY)) == ["3/45"]
    none = search("thửa cũ 46 tờ cũ 12", as_of=TODAY)
    assert names(none) == ["12/46"]
    assert codes(none) == ["no_old_number"]


def test_all_plots_out_of_one_old_number_are_listed(city):
    add_alias(city["12/45"], "5", "7", unit_code=HANG_BAI)
    add_alias(city["12/46"], "5", "7", unit_code=HANG_BAI)

    assert names(search("thửa 7 tờ 5 Hàng Bài", as_of=TODAY)) == ["12/45", "12/46"]


def test_an_old_number_of_another_old_ward_is_not_that_of_the_ward_asked_for(city):
    add_alias(city["12/45"], "5", "7", unit_code=HANG_BAI)
    add_alias(city["3/45"], "5", "7", unit_code=TRANG_TIEN)

    assert names(search("thửa 7 tờ 5 phường Tràng Tiền", as_of=TODAY)) == ["3/45"]
    assert names(search("thửa 7 tờ 5 phường Hàng Bài", as_of=TODAY)) == ["12/45"]


def test_an_old_number_without_its_ward_is_looked_for_in_the_wards_that_followed(city):
    add_alias(city["12/45"], "5", "7")

    assert names(search("thửa 7 tờ 5 phường Hàng Bài", as_of=TODAY)) == ["12/45"]
    found = search("thửa 7 tờ 5 phường Tràng Tiền", as_of=TODAY)
    assert (names(found), "listed_elsewhere" in codes(found)) == (["12/45"], True)


def test_todays_number_in_a_former_ward_leaves_out_plots_known_to_be_of_others(city):
    add_alias(city["3/45"], "5", "9", unit_code=TRANG_TIEN)

    found = search("thửa 45 phường Hàng Bài", as_of=TODAY)

    assert names(found) == ["12/45"]


def test_a_divided_ward_is_told_with_all_wards_that_followed(city):
    found = search("thửa 45 tờ 12 phường Hàng Bài", as_of=TODAY)

    (told,) = found.messages
    assert told.code == "former_unit_divided"
    assert told.values == {"unit": "Phường Hàng Bài", "today": "Phường Cửa Nam, Phường Hoàn Kiếm"}


def test_a_whole_ward_is_told_with_the_one_that_followed(city):
    (told,) = search("thửa 45 tờ 3 phường Tràng Tiền", as_of=TODAY).messages

    assert (told.code, told.values["today"]) == ("former_unit", "Phường Hoàn Kiếm")


def test_a_former_district_is_searched_in_all_wards_that_followed_its_own(city):
    found = search("thửa 45 quận Hoàn Kiếm", as_of=TODAY)

    assert names(found) == ["12/45", "3/45"]
    assert found.messages[0].values == {
        "unit": "Quận Hoàn Kiếm",
        "today": "Phường Cửa Nam, Phường Hoàn Kiếm",
    }


def test_a_ward_of_today_and_of_before_are_told_apart_by_the_word_old(city):
    add_former("00090", "Phường Cửa Nam")
    follow("00090", HOAN_KIEM, "whole")
    add_alias(city["3/45"], "5", "7", unit_code="00090")

    today = search("thửa 45 phường Cửa Nam", as_of=TODAY)
    before = search("thửa 45 phường Cửa Nam (cũ)", as_of=TODAY)
    by_old = search("thửa 7 tờ 5 phường Cửa Nam", as_of=TODAY)

    assert names(today) == ["12/45"]
    assert names(before) == ["3/45"]
    assert [(hit.sheet, hit.matched_as.unit_name) for hit in by_old.parcels if hit.matched_as] == [
        ("3", "Phường Cửa Nam")
    ]


@pytest.mark.parametrize(
    "query",
    [
        "8 Hàng Bài",
        "số 8 phố hang bai",
        "8 Hàng Bài, phường Hàng Bài",
        "so 8 p. hang bai q hoan kiem",
    ],
)
def test_an_address_with_the_ward_of_before_finds_the_plot_in_the_wards_of_today(city, query):
    assert names(search(query, as_of=TODAY)) == ["12/45"]


def test_the_former_ward_of_an_address_is_told(city):
    found = search("12 Tràng Tiền, quận Hoàn Kiếm", as_of=TODAY)

    assert names(found) == ["3/45"]
    assert codes(found) == ["former_unit"]


def test_two_bare_numbers_are_tried_in_both_orders(city):
    add_parcel("12", square(590100, 2325000), on=sheet("45", unit_code=CUA_NAM))

    found = search("12/45 Cửa Nam", as_of=TODAY)

    assert names(found) == ["12/45", "45/12"]
    assert codes(found) == ["either_order"]


def test_a_slash_in_a_parcel_number_is_its_own_before_it_parts_parcel_and_sheet(city):
    assert names(search("thửa 45/12 Cửa Nam", as_of=TODAY)) == ["12/45"]
    add_parcel("45/12", square(590100, 2325000), on=sheet("8", unit_code=CUA_NAM))
    assert names(search("thửa 45/12 Cửa Nam", as_of=TODAY)) == ["8/45/12"]


def test_a_sheet_at_two_scales_gives_both_plots_and_says_so(city):
    add_parcel("45", square(590100, 2325000), on=sheet("12", unit_code=CUA_NAM, scale=1000))

    both = search("thửa 45 tờ 12 Cửa Nam", as_of=TODAY)
    one = search("thửa 45 tờ 12 (1/1000) Cửa Nam", as_of=TODAY)

    assert [hit.scale for hit in both.parcels] == [500, 1000]
    assert codes(both) == ["several_scales"]
    assert [hit.scale for hit in one.parcels] == [1000]


@pytest.mark.parametrize("query", ["thửa KXD tờ 12", "tờ 12 thửa kxđ", "12/KXD", "KXD Cửa Nam"])
def test_what_is_not_determined_gives_a_list_with_a_sentence(city, query):
    for east in (590100, 590120):
        add_parcel("KXD", square(east, 2325000), on=sheet("12", unit_code=CUA_NAM))

    found = search(query, as_of=TODAY)

    assert names(found) == ["12/KXD", "12/KXD"]
    assert codes(found) == ["undetermined_number"]


def test_an_old_number_that_is_no_longer_believed_or_no_longer_held_finds_nothing(city):
    closed = add_alias(city["12/45"], "5", "7")
    with Revision.open(by=None, why="test") as revision:
        type(closed).objects.filter(pk=closed.pk).close(revision)
    add_alias(city["12/46"], "5", "7", valid_to=dt.date(2026, 8, 1))

    assert search("thửa 7 tờ 5", as_of=TODAY).parcels == ()


@pytest.mark.parametrize(
    "query",
    [
        "thửa 7 tờ 5 phường Hàng Bài, quận Hoàn Kiếm, Hà Nội",
        "99/98 Nowhere",
        "thửa 99 tờ 98 Hàng Bài",
        "12 Tràng Tiền, quận Hoàn Kiếm",
        "Hàng Bài",
        "590010 2325010",
        "w7er91fkxwsk",
        "21.0285, 105.8542",
    ],
)
def test_one_question_is_a_bounded_number_of_statements(city, query, django_assert_max_num_queries):
    for number in range(100, 112):
        plot = add_parcel(str(number), None, on=sheet("12", unit_code=CUA_NAM))
        add_alias(plot, "5", "7", unit_code=HANG_BAI)

    with django_assert_max_num_queries(9):
        search(query, as_of=TODAY)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("vi", "Đây là số tờ, số thửa cũ."), ("en", "These are old numbers.")],
)
def test_the_interface_gives_the_old_number_and_the_sentence_in_the_askers_language(
    city, client, language, sentence
):
    add_alias(city["12/45"], "5", "7", unit_code=HANG_BAI)

    answer = client.get("/api/search", {"q": "thửa 7 tờ 5", "lang": language}).json()

    (plot,) = answer["parcels"]
    assert plot["matched"] == "old_sheet_and_number"
    assert plot["matched_as"] == {
        "sheet": "5",
        "number": "7",
        "unit_code": HANG_BAI,
        "unit_name": "Phường Hàng Bài",
    }
    assert sentence in answer["messages"][0]["text"]
