from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    ("12/45 Ba Đình", "Ba Đình"),
    ("Ba Đình 12/45", "Ba Đình"),
    ("12-45", ""),
    ("12 45 ba dinh", "ba dinh"),
    ("tờ 12/45 Ba Đình", "Ba Đình"),
    ("tờ 12-thửa 45", ""),
    ("tờ12thửa45 ba đình", "ba đình"),
    ("TBĐ 12 thửa 45", ""),
    ("sheet 12, parcel 45 in Ba Dinh ward", "Ba Dinh ward"),
    (unicodedata.normalize("NFD", "tờ 12 thửa 45 phường Ba Đình"), "phường Ba Đình"),
]


@pytest.mark.parametrize(("query", "place"), PLOT_12_45)
def test_sheet_12_parcel_45_is_understood_in_every_spelling(query, place):
    assert understand(query) == ParcelReference("12", "45", None, place)


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("tờ 12, thửa KXD", ParcelReference("12", "KXD")),
        ("tờ 12 thửa k.x.đ. ba đình", ParcelReference("12", "KXD", None, "ba đình")),
        ("thửa 45/1 tờ 12", ParcelReference("12", "45/1")),
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
    ],
)
def test_vn2000_metres_are_read_whichever_axis_is_called_x(query):
    assert understand(query) == Projected(east=587654.32, north=2325678.11)


def test_minutes_beyond_59_are_not_read_as_an_angle():
    assert not isinstance(understand("105°75'00\" 21°01'42\""), Geographic)


def test_a_pair_in_paris_is_recognised_as_lying_elsewhere():
    assert understand("48.8566, 2.3522") == Elsewhere(48.8566, 2.3522)


def test_two_whole_numbers_are_a_sheet_and_a_parcel_even_where_they_could_be_degrees():
    assert understand("21/105") == ParcelReference("21", "105")


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
REFERENCES = st.builds(
    ParcelReference,
    sheet=NUMBERS,
    number=st.one_of(st.none(), NUMBERS),
    scale=st.sampled_from([None, 500, 1000, 2000]),
    place=PLACES,
)
POINTS = st.one_of(
    st.builds(
        Geographic,
        lon=st.floats(102.001, 117.99).filter(lambda value: not value.is_integer()),
        lat=st.floats(6.001, 23.99),
    ),
    st.builds(Projected, east=st.floats(1e5, 899_999), north=st.floats(9e5, 2.69e6)),
)


@given(st.one_of(REFERENCES, POINTS))
def test_what_is_described_is_understood_as_the_same_again(meaning):
    assert understand(describe(meaning)) == meaning
