"""Sentences about conflicts: filled, in both languages, and never failing."""

from __future__ import annotations

import pytest

from planning.conflicts import words
from planning.conflicts.records import Family, Rule, Severity

RULE = Rule(
    code="P01",
    judge="function_differs",
    family=Family.PLANS,
    severity=Severity.BLOCKS,
    title_vi="Khác chức năng",
    title_en="Function differs",
    said_vi="{function} trong {upper}: {area_m2} m², {share_pct} %, từ năm {first_year}.",
    said_en="{function} in {upper}: {area_m2} m², {share_pct} %, since {first_year}.",
    measured_vi="Đo bằng giao.",
    measured_en="By intersection.",
    source="own choice",
    confidence="own",
    valid_from=None,
    valid_to=None,
    parameters={},
    is_public=True,
    version="1",
)
VALUES = {
    "function": "DAT_O",
    "upper": "DAT_CX",
    "area_m2": 12345.6,
    "share_pct": 7.25,
    "first_year": 2021,
}


def test_a_sentence_in_vietnamese_has_vietnamese_numbers_and_names():
    names = {"DAT_O": "Đất ở", "DAT_CX": "Cây xanh"}

    told = words.sentence(RULE, VALUES, "vi", names)

    assert told == "Đất ở trong Cây xanh: 12.346 m², 7,25 %, từ năm 2021."


def test_a_sentence_in_english_has_english_numbers_and_the_code_where_there_is_no_name():
    told = words.sentence(RULE, VALUES, "en", {"DAT_O": "Housing"})

    assert told == "Housing in DAT_CX: 12,346 m², 7.25 %, since 2021."


def test_what_is_missing_reads_a_question_mark():
    told = words.sentence(RULE, {"function": None, "area_m2": float("nan")}, "vi", {})

    assert told == "? trong ?: ? m², ? %, từ năm ?."


def test_a_name_for_the_value_goes_before_the_name_of_the_code():
    names = {"1": "một", "level.1": "Chung"}

    assert words.value("level", "1", "vi", names) == "Chung"
    assert words.value("other", "1", "vi", names) == "một"
    assert words.value("uses", "ODT+CLN", "en", {"ODT": "urban housing"}) == "urban housing + CLN"


def test_braces_in_values_are_not_read_again():
    told = words.sentence(RULE, {**VALUES, "function": "{upper}"}, "en", {})

    assert told.startswith("{upper} in DAT_CX")


@pytest.mark.parametrize(
    ("raw", "vietnamese", "english"),
    [
        (5000, "5.000", "5,000"),
        (1_234_567.8, "1.234.568", "1,234,568"),
        (999.96, "1.000", "1,000"),
        (412.5, "412,5", "412.5"),
        (20.0, "20", "20"),
        (-1.5, "-1,5", "-1.5"),
        (0.25, "0,25", "0.25"),
        (0.012, "0,012", "0.012"),
        (0.00001, "< 0,0001", "< 0.0001"),
        (0, "0", "0"),
        (float("inf"), "?", "?"),
    ],
)
def test_numbers_are_written_in_the_way_of_the_language(raw, vietnamese, english):
    assert words.number(raw, "vi") == vietnamese
    assert words.number(raw, "en-GB") == english


def test_yes_no_and_lists_are_words_too():
    assert words.value("is_urban", True, "vi") == "có"
    assert words.value("codes", ["ODT", "CLN"], "en", {"CLN": "orchard"}) == "ODT, orchard"
    assert words.value("codes", [], "en") == "?"


def test_numpy_numbers_are_numbers():
    numpy = pytest.importorskip("numpy")

    assert words.value("area_m2", numpy.float64(1234.5), "vi") == "1.234"
    assert words.value("count", numpy.int64(3), "vi") == "3"
