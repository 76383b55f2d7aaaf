from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landdata import crs
from landdata.errors import Invalid
from landdata.search.understand import LONGEST_QUERY, understand
from landdata.search.understood import (
    Elsewhere,
    Geographic,
    NationalId,
    ParcelReference,
    Projected,
    Words,
    describe,
)

PLOT_12_45 = [
    ("tờ 12 thửa 45 phường Ba Đình", "phường Ba Đình"),
    ("TỜ 12 THỬA 45 PHƯỜNG BA ĐÌNH", "PHƯỜNG BA ĐÌNH"),
    ("thua 45 to 12 ba dinh", "ba dinh"),
    ("to ban do so 12, thua dat so 45", ""),
    ("Thửa đất số 45, tờ bản đồ số 12, phường Ba Đình, Hà Nội", "phường Ba Đình Hà Nội"),
    ("phường Ba Đình, tờ 12, thửa 45", "phường Ba Đình"),
    ("Số tờ: 12; Số thửa: 45", ""),
    ("số hiệu tờ bản đồ 12 số thứ tự thửa 45", ""),
    ("thửa 45, tờ 12 ở Ba Đình", "Ba Đình"),
    ("tờ 12/45 Ba Đình", "Ba Đình"),
    ("tờ 12-thửa 45", ""),
    ("tờ12thửa45 ba đình", "ba đình"),
    ("TBĐ 12 thửa 45", ""),
    ("thửa đất 45; tờ BĐ: 12", ""),
    ("so thua 45 so to 12", ""),
    ("t12 th45", ""),
    ("th. 45 t. 12 Ba Đình", "Ba Đình"),
    ("thửa mới số 45 tờ hiện nay 12", ""),
    ("sheet 12, parcel 45 in Ba Dinh ward", "Ba Dinh ward"),
    (unicodedata.normalize("NFD", "tờ 12 thửa 45 phường Ba Đình"), "phường Ba Đình"),
]


PAIRS = [
    ("12/45 Ba Đình", "Ba Đình"),
    ("Ba Đình 12/45", "Ba Đình"),
    ("12-45", ""),
    ("12 45 ba dinh", "ba dinh"),
    ("t12/45", ""),
    ("T.12/45 Ba Đình", "Ba Đình"),
]


@pytest.mark.parametrize(("query", "place"), PAIRS)
def test_two_bare_numbers_are_sheet_and_parcel_in_an_order_left_open(query, place):
    assert understand(query) == ParcelReference("12", "45", None, place, is_either_order=True)


@pytest.mark.parametrize(
    "query",
    [
        "thửa cũ 45 tờ cũ 12 Ba Đình",
        "số tờ cũ: 12; số thửa cũ: 45; Ba Đình",
        "tờ bản đồ cũ số 12, thửa đất cũ số 45, Ba Đình",
        "thửa 45 (cũ) tờ 12 Ba Đình",
        "plot old no. 45, sheet old 12, Ba Đình",
    ],
)
def test_numbers_that_the_writer_calls_old_are_understood_as_old(query):
    assert understand(query) == ParcelReference("12", "45", None, "Ba Đình", is_old=True)


@pytest.mark.parametrize(("query", "place"), PLOT_12_45)
def test_sheet_12_parcel_45_is_understood_in_every_spelling(query, place):
    assert understand(query) == ParcelReference("12", "45", None, place)


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("tờ 12, thửa KXD", ParcelReference("12", "KXD")),
        ("tờ 12 thửa k.x.đ. ba đình", ParcelReference("12", "KXD", None, "ba đình")),
        ("KXD Ba Đình", ParcelReference(None, "KXD", None, "Ba Đình")),
        ("12/kxd", ParcelReference("12", "KXD")),
        ("tờ 12 thửa chưa xác định", ParcelReference("12", "KXD")),
        ("thửa 45/1 tờ 12", ParcelReference("12", "45/1")),
        ("thửa 45 tờ 12 (1/500)", ParcelReference("12", "45", 500)),
        ("tờ 12 (1:500) thửa 45 Ba Đình", ParcelReference("12", "45", 500, "Ba Đình")),
        ("thửa 45 tờ 12 phường Ba Đình cũ", ParcelReference("12", "45", None, "phường Ba Đình cũ")),
        ("tờ 6-IV thửa 12a", ParcelReference("6-IV", "12a")),
        ("tờ DC12 thửa 3", ParcelReference("DC12", "3")),
        ("tờ 012 thửa 0045", ParcelReference("012", "0045")),
        ("tờ 12 tỷ lệ 1/500 thửa 45", ParcelReference("12", "45", 500)),
        ("tờ 12 thửa 45 1:1000", ParcelReference("12", "45", 1000)),
        ("tờ 12 Ba Đình", ParcelReference("12", None, None, "Ba Đình")),
        ("thửa 45 phường 5", ParcelReference(None, "45", None, "phường 5")),
        ("tổ 12 phường Ba Đình", Words("tổ 12 phường Ba Đình", False)),
        ("12/45 ngõ 3 Đội Cấn", Words("12/45 ngõ 3 Đội Cấn", False)),
        ("Đội Cấn ngõ 12/45", Words("Đội Cấn ngõ 12/45", False)),
        ("phường Ba Đình", Words("phường Ba Đình", True)),
        ("Tô Hiến Thành", Words("Tô Hiến Thành", True)),
        ("w3gv7cgzjm5k", NationalId("w3gv7cgzjm5k")),
        ("W3GV 7CGZ JM5K", NationalId("w3gv7cgzjm5k")),
        ("Mã định danh thửa đất: W3GV7CGZJM5K", NationalId("w3gv7cgzjm5k")),
        ("mã thửa w3gv-7cgz-jm5k", NationalId("w3gv7cgzjm5k")),
        ("001087012345", Words("001087012345", False)),
    ],
)
def test_every_other_kind_of_question_is_told_apart(query, meaning):
    assert understand(query) == meaning


@pytest.mark.parametrize(
    "query",
    [
        "21.0285, 105.8542",
        "105.8542 21.0285",
        "21,0285 105,8542",
        "21,0285, 105,8542",
        "21,0285,105,8542",
        "21,0285; 105,8542",
        "21.0285°N 105.8542°E",
        "vĩ độ 21,0285 kinh độ 105,8542",
        "N21.0285 E105.8542",
        '{"lat": 21.0285, "lng": 105.8542}',
        "geo:21.0285,105.8542",
        "https://www.google.com/maps/@21.0285,105.8542,17z",
        "https://www.openstreetmap.org/#map=17/21.0285/105.8542",
        "WGS 84: 21.0285 105.8542",
        "POINT(105.8542 21.0285)",
    ],
)
def test_degrees_are_read_in_either_order_with_points_or_commas(query):
    assert understand(query) == Geographic(lon=105.8542, lat=21.0285)


@pytest.mark.parametrize(
    "query",
    [
        "105°51'15\"E 21°01'42\"N",
        "21°01′42″ B, 105°51′15″ Đ",
        "21°1'42\"N105°51'15\"E",
        "21 01 42 105 51 15",
        "21 độ 01 phút 42 giây 105 độ 51 phút 15 giây",
        "21d01m42s 105d51m15s",
        "21°01.7' 105°51.25'",
    ],
)
def test_degrees_minutes_and_seconds_are_read(query):
    found = understand(query)

    # 51' 15" = 0.85416..°, 1' 42" = 0.02833..°.
    assert isinstance(found, Geographic)
    assert found.lon == pytest.approx(105.8541666667, abs=1e-9)
    assert found.lat == pytest.approx(21.0283333333, abs=1e-9)


@pytest.mark.parametrize(
    "query",
    [
        "587654.32 2325678.11",
        "2325678.11 587654.32",
        "X=2325678.11 Y=587654.32",
        "X: 2325678,11; Y: 587654,32 (VN-2000)",
        "2.325.678,11 587.654,32",
        "2,325,678.11, 587,654.32",
        "48587654.32 2325678.11",
        "48 587654.32 2325678.11",
        "587654.32m 2325678.11m",
        "2 325 678,11 587 654,32",
        "587 654,32; 2 325 678,11",
    ],
)
def test_vn2000_metres_are_read_whichever_axis_is_called_x(query):
    assert understand(query) == Projected(east=587654.32, north=2325678.11)


@pytest.mark.parametrize(
    ("named", "epsgs"),
    [
        ("587654.32 2325678.11 EPSG:9210", (9210,)),
        ("EPSG 6957 587654.32 2325678.11", (5897,)),
        ("587654.32 2325678.11 KTT 105°45'", (9210,)),
        ("X=2325678.11 Y=587654.32 kinh tuyến trục 105 độ 45 phút", (9210,)),
        ("KTT 105-45: 587654.32 2325678.11", (9210,)),
        ("ktt 105 45 587654.32 2325678.11", (9210,)),
        ("587654.32 2325678.11 ktt 105.75", (9210,)),
        ("587654.32 2325678.11 ktt 105,45", (9210,)),
        ("587654.32 2325678.11 ktt 105045'", (9210,)),
        ("587654.32 2325678.11 (VN-2000 / TM-3 105°45')", (9210,)),
        ("VN-2000 108°15' 587654.32 2325678.11", (9217,)),
        ("587654.32 2325678.11 KTT 105°00'", (3405, 5897)),
        ("587654.32 2325678.11 KTT 105 múi 3", (5897,)),
        ("587654.32 2325678.11 KTT 105 múi 6 độ", (3405,)),
        ("VN-2000 / UTM 105°00' 587654.32 2325678.11", (3405,)),
        ("587654.32 2325678.11 UTM zone 49N", (3406,)),
        ("587654.32 2325678.11 KTT 101", ()),
        ("587654.32 2325678.11 EPSG:32648", ()),
        ("587654.32 2325678.11 VN-2000", None),
    ],
)
def test_a_grid_that_the_writer_names_is_kept_to(named, epsgs):
    assert understand(named) == Projected(587654.32, 2325678.11, epsgs)


def test_every_grid_of_ours_is_understood_by_the_name_that_we_show():
    for epsg in crs.VN2000:
        spelled = f"587654.32 2325678.11 {crs.title(epsg)}"
        assert understand(spelled) == Projected(587654.32, 2325678.11, (epsg,))


def test_metres_of_a_far_zone_are_read_though_east_is_negative_or_beyond_a_thousand_km():
    assert understand("-33000.5 2325678.11") == Projected(-33000.5, 2325678.11)
    assert understand("1322000.5 2325678.11") == Projected(1322000.5, 2325678.11)


def test_degrees_that_the_writer_calls_vn2000_are_not_taken_for_wgs_84():
    assert understand("VN-2000 21.0285 105.8542") == Geographic(105.8542, 21.0285, is_vn2000=True)


def test_minutes_beyond_59_are_not_read_as_an_angle():
    assert not isinstance(understand("105°75'00\" 21°01'42\""), Geographic)


def test_a_pair_in_paris_is_recognised_as_lying_elsewhere():
    assert understand("48.8566, 2.3522") == Elsewhere(48.8566, 2.3522)


def test_two_whole_numbers_are_a_sheet_and_a_parcel_even_where_they_could_be_degrees():
    assert understand("21/105") == ParcelReference("21", "105", is_either_order=True)


@pytest.mark.parametrize("query", ["", "   ", "!?."])
def test_an_empty_question_is_refused(query):
    with pytest.raises(Invalid, match="query_empty"):
        understand(query)


def test_a_question_longer_than_the_limit_is_refused():
    understand("a" * LONGEST_QUERY)
    with pytest.raises(Invalid, match="query_too_long"):
        understand("a" * (LONGEST_QUERY + 1))


def _reason_of_refusal(text):
    try:
        understand(text)
    except Invalid as refusal:
        return refusal.code
    return None


@given(st.text(max_size=LONGEST_QUERY))
def test_any_text_is_either_understood_or_refused_with_a_reason(text):
    assert _reason_of_refusal(text) in (None, "query_empty")


SPELLED = [
    "tờ",
    "to",
    "thửa",
    "thua",
    "số",
    "so",
    "1/500",
    "12",
    "45",
    "0",
    "KXD",
    ",",
    ";",
    ":",
    "/",
    "-",
    "°",
    "'",
    '"',
    ".",
    "x",
    "y",
    "e",
    "n",
    "105.85",
    "2325678",
]


@given(st.lists(st.sampled_from(SPELLED), max_size=14).map(" ".join))
def test_any_mixture_of_our_own_words_is_understood_or_refused(text):
    assert _reason_of_refusal(text) in (None, "query_empty")


NUMBERS = st.one_of(
    st.integers(0, 9999).map(str),
    st.from_regex(r"\A[0-9]{1,4}[a-z]\Z"),
    st.just("KXD"),
)
PLACES = st.sampled_from(["", "phường Ba Đình", "xã Hòa Bình", "Ngọc Hà", "Thành phố Hà Nội"])
REFERENCES = st.one_of(
    st.builds(
        ParcelReference,
        sheet=NUMBERS,
        number=st.one_of(st.none(), NUMBERS),
        scale=st.sampled_from([None, 500, 1000, 2000]),
        place=PLACES,
        is_old=st.booleans(),
    ),
    st.builds(
        ParcelReference,
        sheet=st.integers(1, 9999).map(str),
        number=st.integers(1, 9999).map(str),
        place=PLACES,
        is_either_order=st.just(True),
        is_old=st.booleans(),
    ),
)
POINTS = st.one_of(
    st.builds(
        Geographic,
        lon=st.floats(102.001, 117.99).filter(lambda value: not value.is_integer()),
        lat=st.floats(6.001, 23.99),
        is_vn2000=st.booleans(),
    ),
    st.builds(
        Projected,
        east=st.floats(1e5, 899_999),
        north=st.floats(9e5, 2.69e6),
        epsgs=st.sampled_from([None, (), (9210,), (3405, 5897)]),
    ),
)


@given(st.one_of(REFERENCES, POINTS))
def test_what_is_described_is_understood_as_the_same_again(meaning):
    assert understand(describe(meaning)) == meaning
