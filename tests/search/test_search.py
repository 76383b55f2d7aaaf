"""A small city, 20 m squares in metres of EPSG:5897:

    590000    590020    590040    590060
325020 +---------+---------+---------+
       | 12/45   | 12/46   | 3/45    |
       | Ba Đình | Ba Đình | Hoà Bình|
325000 +---------+---------+---------+
"""

from __future__ import annotations

import datetime as dt

import pytest

from landdata import crs
from landdata.models import Revision, UnitSuccession
from landdata.search.search import search
from tests.ground import add_parcel, add_unit, sheet, square

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 9, 1)


@pytest.fixture
def city():
    """Wards Ba Đình (00004) and Hòa Bình (00100) with three plots; Trúc Bạch was before."""
    add_unit("01", "Thành phố Hà Nội", level="province", parent_code="")
    add_unit("00004", "Phường Ba Đình", square(589000, 2324000, 1040))
    add_unit("00100", "Phường Hòa Bình", square(590040, 2324000, 1040))
    add_unit("00200", "Xã Hóa Bình", square(640000, 2324000, 1000), parent_code="33")
    add_unit(
        "00004",
        "Phường Trúc Bạch",
        valid_from=dt.date(2025, 1, 1),
        valid_to=dt.date(2025, 7, 1),
        parent_code="001",
    )
    with Revision.open(by=None, why="test") as revision:
        UnitSuccession.objects.create(
            old_code="00004",
            new_code="00004",
            kind="part",
            is_default=True,
            source="",
            confidence="",
            valid_from=dt.date(2025, 7, 1),
            from_revision=revision.number,
        )
    return {
        "12/45": add_parcel(
            "45",
            square(590000, 2325000),
            address="Số 12 ngõ 3 phố Đội Cấn",
            national_id="w7er91fkxwsj",
        ),
        "12/46": add_parcel("46", square(590020, 2325000), address="Số 14 phố Đội Cấn"),
        "3/45": add_parcel(
            "45",
            square(590040, 2325000),
            on=sheet("3", unit_code="00100"),
            address="Số 1 phố Hòa Bình",
        ),
    }


def names(found) -> list[str]:
    return [f"{hit.sheet}/{hit.number}" for hit in found.parcels]


def codes(found) -> list[str]:
    return [message.code for message in found.messages]


@pytest.mark.parametrize(
    "query",
    [
        "tờ 12 thửa 45 phường Ba Đình",
        "thua 45 to 12 ba dinh",
        "Thửa đất số 45, tờ bản đồ số 12, phường Ba Đình, Hà Nội",
        "to ban do so 12, thua dat so 45",
        "12/45 Ba Đình",
        "tờ 012 thửa 045 p. ba đình",
        "tờ 12 thửa 45 Đội Cấn",
        "tờ 12 thửa 45 tỷ lệ 1/500",
        "w7er91fkxwsj",
        "12 ngõ 3 Đội Cấn",
        "so 12 ngo 3 doi can, ba dinh",
    ],
)
def test_plot_45_of_sheet_12_is_found_in_every_spelling(city, query):
    found = search(query, as_of=TODAY)

    assert names(found) == ["12/45"]
    assert found.parcels[0].uuid == city["12/45"].parcel_id
    assert found.parcels[0].unit_name == "Phường Ba Đình"


def test_a_hit_carries_a_point_inside_the_plot(city):
    (hit,) = search("tờ 12 thửa 45", as_of=TODAY).parcels

    east, north = crs.transformer(4326, 5897).transform(hit.lon, hit.lat)
    assert 590000 < east < 590020
    assert 2325000 < north < 2325020


@pytest.mark.parametrize(
    ("query", "matched"),
    [
        ("tờ 12 thửa 45", "sheet_and_number"),
        ("w7er91fkxwsj", "national_id"),
        ("12 ngõ 3 Đội Cấn", "address"),
        ("590010 2325010", "coordinate"),
    ],
)
def test_a_hit_says_by_what_it_was_found(city, query, matched):
    assert [hit.matched for hit in search(query, as_of=TODAY).parcels] == [matched]


def test_the_same_sheet_at_two_scales_and_in_two_wards_is_listed_not_picked(city):
    add_parcel("45", square(591000, 2325000), on=sheet("12", scale=1000))
    add_parcel("45", square(592000, 2325000), on=sheet("12", unit_code="00100"))

    found = search("tờ 12 thửa 45", as_of=TODAY)

    assert [(hit.unit_code, hit.scale) for hit in found.parcels] == [
        ("00004", 500),
        ("00004", 1000),
        ("00100", 500),
    ]
    assert "several_units" in codes(found)


def test_a_scale_in_the_question_narrows_the_list(city):
    add_parcel("45", square(591000, 2325000), on=sheet("12", scale=1000))

    assert [hit.scale for hit in search("tờ 12 1:1000 thửa 45", as_of=TODAY).parcels] == [1000]


@pytest.mark.parametrize("query", ["tờ 3 thửa 45 Hoà Bình", "to 3 thua 45 hoa binh"])
def test_either_place_of_the_tone_mark_finds_the_ward(city, query):
    assert names(search(query, as_of=TODAY)) == ["3/45"]


def test_another_tone_names_another_unit(city):
    add_parcel("45", square(640000, 2324000), on=sheet("3", unit_code="00200"))

    assert len(search("to 3 thua 45 hoa binh", as_of=TODAY).parcels) == 2
    (hit,) = search("tờ 3 thửa 45 Hóa Bình", as_of=TODAY).parcels
    assert hit.unit_code == "00200"


def test_a_former_ward_leads_to_the_wards_of_today_and_says_so(city):
    found = search("tờ 12 thửa 45 phường Trúc Bạch", as_of=TODAY)

    assert names(found) == ["12/45"]
    assert codes(found) == ["former_unit"]


def test_a_plot_that_is_not_in_the_named_ward_is_listed_as_elsewhere(city):
    found = search("tờ 3 thửa 45 Ba Đình", as_of=TODAY)

    assert names(found) == ["3/45"]
    assert codes(found) == ["listed_elsewhere"]


def test_an_unknown_place_is_named_and_the_numbers_still_count(city):
    found = search("tờ 12 thửa 46 Xứ Lạ", as_of=TODAY)

    assert names(found) == ["12/46"]
    assert codes(found) == ["place_unknown"]


def test_a_number_that_nobody_has_says_what_to_do(city):
    found = search("tờ 99 thửa 1 Ba Đình", as_of=TODAY)

    assert (found.parcels, codes(found)) == ((), ["no_such_parcel"])


def test_a_pair_of_numbers_that_is_a_house_number_finds_the_address(city):
    add_parcel("77", square(590060, 2325000), address="Số 12/99 Đội Cấn")

    assert names(search("12/99 Đội Cấn", as_of=TODAY)) == ["12/77"]


def test_the_very_address_comes_before_others_with_the_same_words(city):
    for number in range(100, 125):
        add_parcel(str(number), None, address=f"Số {number}, ngõ 9, phố Tức Mặc")
    add_parcel("900", None, address="Số 9, phố Tức Mặc")

    assert names(search("số 9 phố Tức Mặc", as_of=TODAY))[0] == "12/900"
    assert names(search("9 tuc mac", as_of=TODAY))[0] == "12/900"


def test_disputed_plots_are_all_listed(city):
    add_parcel("50", square(590100, 2325000), is_disputed=True)
    add_parcel("50", square(590120, 2325000), is_disputed=True)

    found = search("tờ 12 thửa 50", as_of=TODAY)

    assert len(found.parcels) == 2
    assert codes(found) == ["disputed"]


def test_a_plot_without_boundary_is_found_without_a_point(city):
    add_parcel("KXD", None)

    found = search("tờ 12 thửa kxd", as_of=TODAY)

    assert [(hit.number, hit.lon, hit.geometry_state) for hit in found.parcels] == [
        ("KXD", None, "missing")
    ]
    assert codes(found) == ["undetermined_number", "without_boundary"]


def test_more_than_twenty_hits_are_cut_and_counted_as_cut(city):
    for number in range(100, 121):
        add_parcel(str(number), None)

    found = search("tờ 12 Ba Đình", as_of=TODAY)

    assert len(found.parcels) == 20
    assert found.is_truncated
    assert "truncated" in codes(found)


def test_a_plot_whose_days_are_over_is_not_found(city):
    add_parcel("60", square(590200, 2325000), valid_to=dt.date(2026, 8, 1))

    assert search("tờ 12 thửa 60", as_of=TODAY).parcels == ()


@pytest.mark.parametrize(
    "query",
    [
        "590010 2325010",
        "2325010 590010",
        "X=2325010,00 Y=590010,00",
        "48590010 2325010",
    ],
)
def test_vn2000_metres_find_the_plot_in_either_order(city, query):
    assert names(search(query, as_of=TODAY)) == ["12/45"]


def test_degrees_find_the_plot_in_either_order(city):
    lon, lat = crs.transformer(5897, 4326).transform(590010, 2325010)

    assert names(search(f"{lat:.7f}, {lon:.7f}", as_of=TODAY)) == ["12/45"]
    assert names(search(f"{lon:.7f} {lat:.7f}", as_of=TODAY)) == ["12/45"]


def test_metres_of_another_meridian_find_the_same_plot(city):
    lonlat = crs.transformer(5897, 4326).transform(590010, 2325010)
    east, north = crs.transformer(4326, 9210).transform(*lonlat)

    found = search(f"{east:.2f} {north:.2f}", as_of=TODAY)

    assert names(found) == ["12/45"]
    assert [place.name for place in found.places] == ["VN-2000 / TM-3 105°45' (EPSG:9210)"]


def test_metres_that_fit_two_grids_give_both_points(city):
    # 105°00' in 3 and in 6 degrees: about 700 m apart in the north, both in the ward.
    found = search("589500 2324400", as_of=TODAY)

    assert [place.name for place in found.places] == [
        "VN-2000 / TM-3 105°00' (EPSG:5897)",
        "VN-2000 / UTM 105°00' (EPSG:3405)",
    ]
    assert codes(found) == ["several_systems", "no_parcel_at_point"]


def test_metres_outside_the_city_are_not_guessed(city):
    found = search("400000 1200000", as_of=TODAY)

    assert (found.places, codes(found)) == ((), ["coordinate_outside_city"])


def test_a_grid_that_was_named_is_kept_to_even_outside_the_city(city):
    found = search("400000 1200000 KTT 107°45'", as_of=TODAY)

    assert [place.name for place in found.places] == ["VN-2000 / TM-3 107°45' (EPSG:5899)"]
    assert codes(found) == ["named_system_outside_city"]


def test_a_named_grid_leaves_out_the_others_that_would_fit(city):
    found = search("589500 2324400 EPSG:3405", as_of=TODAY)

    assert [place.name for place in found.places] == ["VN-2000 / UTM 105°00' (EPSG:3405)"]
    assert codes(found) == ["no_parcel_at_point"]


def test_of_several_grids_the_one_that_puts_a_plot_there_comes_first(city):
    east, north = crs.transformer(3405, 5897).transform(589500, 2324400)
    add_parcel("70", square(east - 10, north - 10))

    found = search("589500 2324400", as_of=TODAY)

    assert [place.name for place in found.places] == [
        "VN-2000 / UTM 105°00' (EPSG:3405)",
        "VN-2000 / TM-3 105°00' (EPSG:5897)",
    ]
    assert names(found) == ["12/70"]


@pytest.mark.parametrize("named", ["KTT 101", "EPSG:32648"])
def test_a_grid_that_does_not_exist_is_said_and_nothing_is_guessed(city, named):
    found = search(f"590010 2325010 {named}", as_of=TODAY)

    assert (found.parcels, found.places, codes(found)) == ((), (), ["system_unknown"])


def test_degrees_of_vn2000_lie_225_m_from_the_same_degrees_of_wgs_84(city):
    lon, lat = crs.transformer(5897, crs.VN2000_GEOGRAPHIC).transform(590010, 2325010)

    (named,) = search(f"{lat:.8f} {lon:.8f} VN-2000", as_of=TODAY).places
    (unnamed,) = search(f"{lat:.8f} {lon:.8f}", as_of=TODAY).places

    assert names(search(f"{lat:.8f} {lon:.8f} VN-2000", as_of=TODAY)) == ["12/45"]
    # Measured for all VN-2000 grids without datum shift: 224 to 226 m (domain tables).
    assert 223 < crs.offset_m((named.lon, named.lat), (unnamed.lon, unnamed.lat)) < 227


def test_a_point_on_a_common_boundary_finds_both_plots(city):
    assert names(search("590020 2325010", as_of=TODAY)) == ["12/45", "12/46"]


def test_an_identifier_that_nobody_has_leads_to_the_plot_in_its_cell(city):
    # The last letter is another cell 3.5 cm away; see the table of test vectors of VN-2000.
    add_parcel("90", square(589990, 2324990))

    found = search("w7er91fkxwsk", as_of=TODAY)

    assert [place.name for place in found.places] == ["w7er91fkxwsk"]
    assert found.places[0].lon == pytest.approx(105.8676749941, abs=1e-6)
    assert found.places[0].lat == pytest.approx(21.0162806732, abs=1e-6)
    assert "12/90" in names(found)
    assert codes(found) == ["identifier_unknown_parcel_there"]


@pytest.mark.parametrize("query", ["phường Ba Đình", "ba dinh", "Ba Đình, Hà Nội"])
def test_a_ward_is_found_with_its_box(city, query):
    found = search(query, as_of=TODAY)

    (place,) = found.places
    assert place.name == "Phường Ba Đình, Thành phố Hà Nội"
    west, south, east, north = place.bbox
    assert west < place.lon < east
    assert south < place.lat < north


def test_units_of_one_name_are_all_listed(city):
    found = search("hoa binh", as_of=TODAY)

    assert {place.name.split(",")[0] for place in found.places} == {
        "Phường Hòa Bình",
        "Xã Hóa Bình",
    }
    assert "several_places" in codes(found)


def test_a_province_is_found(city):
    add_unit(
        "79", "Thành phố Cần Thơ", square(580000, 2300000, 5000), level="province", parent_code=""
    )

    (place,) = search("cần thơ", as_of=TODAY).places

    assert place.name == "Thành phố Cần Thơ"


def test_an_address_nobody_has_says_what_to_do(city):
    assert codes(search("999 Không Có", as_of=TODAY)) == ["no_such_address"]
    assert codes(search("xyz abc", as_of=TODAY)) == ["nothing_found"]


@pytest.mark.parametrize(
    "query", ["'; DROP TABLE x; --", "tờ 12' thửa 45", "%s %(a)s", "\\", "a & b | !c", "\x00", "𝟙𝟚"]
)
def test_signs_of_sql_and_text_search_are_only_text(city, query):
    search("x" + query, as_of=TODAY)
