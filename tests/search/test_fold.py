from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landdata.search.fold import fold, has_diacritics, tone_fold

VIETNAMESE = (
    "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵbcdđghklmnpqrstvx"
)
SYLLABLES = st.text(st.sampled_from(VIETNAMESE), min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa", "Hoà"),
        ("Thúy", "Thuý"),
        ("khỏe", "khoẻ"),
        ("Thủy Nguyên", "Thuỷ Nguyên"),
        ("Qúy", "Quý"),
        ("HOÀNG", "Hòang"),
        (unicodedata.normalize("NFD", "Uông Bí"), "Uông  Bí"),
        ("Ea H'Leo", "Ea H’leo"),
    ],
)
def test_two_spellings_of_one_name_meet_with_their_diacritics(one, other):
    assert tone_fold(one) == tone_fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Hòa", "Hoa"), ("Hòa", "Hóa"), ("Đông", "Dông"), ("Ba Ngòi", "Ba Ngói")]
)
def test_two_names_that_differ_in_a_tone_or_letter_stay_apart(one, other):
    assert tone_fold(one) != tone_fold(other)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Phường Đội Cấn", "phuong doi can"),
        (unicodedata.normalize("NFD", "ĐƯỜNG ƯỚC"), "duong uoc"),
        ("  Phan Rang – Tháp Chàm ", "phan rang thap cham"),
        ("Ea H'Leo", "ea hleo"),
        ("tờ １２", "to 12"),
        ("...", ""),
    ],
)
def test_fold_leaves_small_latin_letters_and_single_spaces(typed, folded):
    assert fold(typed) == folded


def test_the_tone_goes_to_where_the_older_school_puts_it():
    assert tone_fold("HOÀ THUÝ KHOẺ QUÝ GIÀ NGƯỜI HOÀNG") == "hòa thúy khỏe quý già người hoàng"


@given(st.text(max_size=60))
def test_both_folds_are_idempotent_on_any_text(text):
    assert fold(fold(text)) == fold(text)
    assert tone_fold(tone_fold(text)) == tone_fold(text)


@given(st.text(st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + " -'"), max_size=60))
def test_normal_form_and_case_never_matter(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert fold(decomposed) == fold(text) == fold(text.upper())
    assert tone_fold(decomposed) == tone_fold(text) == tone_fold(text.upper())


@given(SYLLABLES)
def test_what_meets_with_diacritics_also_meets_without(syllable):
    assert fold(tone_fold(syllable)) == fold(syllable)


@given(SYLLABLES)
def test_a_folded_name_holds_no_diacritics(syllable):
    assert not has_diacritics(fold(syllable))
