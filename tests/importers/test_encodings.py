"""Legacy Vietnamese text: codecs, detector and capitals."""

from __future__ import annotations

import csv
import random
import unicodedata
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from viparse.normalize.encodings import CHARMAPS

from importers.encodings import tables
from importers.encodings.capitals import restore_capitals
from importers.encodings.codecs import (
    UNDEFINED,
    Encoding,
    decode,
    decode_column,
    encode,
    western_letters,
)
from importers.encodings.detection import detect

SAMPLES = Path(tables.REFERENCE) / "encoding_samples.csv"
ONE_BYTE = (Encoding.TCVN3, Encoding.VISCII, Encoding.CP1258)
VIETNAMESE = sorted(set(tables.vni().values()))
SMALL = [letter for letter in VIETNAMESE if letter in set(tables.tcvn3_fonts().values())]
PLACES = (
    "Phường Cửa Nam", "Xã Đông Anh", "Thị trấn Trâu Quỳ", "Phố Hàng Bồ", "Đường Nguyễn Trãi",
    "Ngõ Thổ Quan", "Quận Hoàn Kiếm", "Tổ dân phố Bạch Mai", "Làng Vạn Phúc",
    "Khu đô thị Việt Hưng",
    "Bến Chương Dương", "Chợ Đồng Xuân", "Cầu Giấy", "Hồ Tây", "Mỹ Đình", "Sóc Sơn", "Thạch Thất",
    "Phúc Thọ", "Đại lộ Thăng Long", "Kênh thủy lợi cấp hai", "Đất ở tại đô thị", "Trường tiểu học",
)  # fmt: skip


def samples() -> list[dict[str, str]]:
    with SAMPLES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts(letters: list[str]) -> st.SearchStrategy[str]:
    ascii_letters = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
    return st.text(st.one_of(st.sampled_from(letters), ascii_letters), max_size=40)


@pytest.mark.parametrize(
    ("encoding", "column", "expected"),
    [
        (Encoding.UTF8, "utf8_hex", "unicode_nfc"),
        (Encoding.TCVN3, "tcvn3_hex", "tcvn3_decoded_back"),
        (Encoding.VNI, "vni_hex", "unicode_nfc"),
        (Encoding.VISCII, "viscii_hex", "unicode_nfc"),
        (Encoding.CP1258, "cp1258_hex", "unicode_nfc"),
    ],
)
def test_every_reference_sample_decodes_exactly(encoding, column, expected):
    rows = samples()

    decoded = decode_column(pa.array([bytes.fromhex(r[column]) for r in rows]), encoding)

    assert decoded.to_pylist() == [r[expected] for r in rows]
    assert len(rows) == 21


@pytest.mark.parametrize(
    ("encoding", "column"),
    [
        (Encoding.TCVN3_IN_UTF8, "mojibake_tcvn3_as_cp1252"),
        (Encoding.VNI_IN_UTF8, "mojibake_vni_as_cp1252"),
    ],
)
def test_text_that_a_tool_took_for_western_letters_is_brought_back(encoding, column):
    wanted = "tcvn3_decoded_back" if encoding is Encoding.TCVN3_IN_UTF8 else "unicode_nfc"

    decoded = [decode(row[column].encode(), encoding) for row in samples()]

    assert decoded == [row[wanted] for row in samples()]


@given(texts(VIETNAMESE))
def test_vni_brings_back_what_it_wrote(text):
    assert decode(encode(text, Encoding.VNI), Encoding.VNI) == text


@given(texts(VIETNAMESE))
def test_viscii_brings_back_what_it_wrote(text):
    assert decode(encode(text, Encoding.VISCII), Encoding.VISCII) == text


@given(texts(VIETNAMESE))
def test_windows_1258_brings_back_what_it_wrote(text):
    assert decode(encode(text, Encoding.CP1258), Encoding.CP1258) == text


@given(texts(SMALL))
def test_tcvn3_brings_back_what_its_fonts_can_write(text):
    assert decode(encode(text, Encoding.TCVN3), Encoding.TCVN3) == text


@given(texts(SMALL))
def test_letters_behind_western_letters_come_back(text):
    assert decode(encode(text, Encoding.TCVN3_IN_UTF8), Encoding.TCVN3_IN_UTF8) == text


@given(
    st.lists(st.one_of(st.none(), texts(VIETNAMESE)), max_size=8), st.sampled_from(list(Encoding))
)
def test_a_column_decodes_as_its_values_do(values, encoding):
    raw = [
        None if v is None else encode("".join(c for c in v if c in SMALL or c.isascii()), encoding)
        for v in values
    ]

    decoded = decode_column(pa.array(raw, pa.binary()), encoding)

    assert decoded.to_pylist() == [None if r is None else decode(r, encoding) for r in raw]


@given(st.lists(st.binary(max_size=12), max_size=6), st.sampled_from(list(Encoding)))
def test_any_bytes_at_all_decode_to_composed_text_without_a_nul(values, encoding):
    for text in decode_column(pa.array(values, pa.binary()), encoding).to_pylist():
        assert unicodedata.is_normalized("NFC", text)
        assert "\x00" not in text


@given(texts(VIETNAMESE))
def test_decomposed_unicode_is_composed(text):
    assert decode(unicodedata.normalize("NFD", text).encode(), Encoding.UTF8) == text


def test_a_slice_of_a_column_is_decoded_from_its_own_first_row():
    column = pa.array([b"\xa7\xca", None, b"t \xeb", b"\xf3"], pa.binary())[1:]

    assert decode_column(column, Encoding.TCVN3).to_pylist() == [None, "t ở", "ú"]


def test_a_mark_never_joins_the_letter_of_the_row_before():
    column = pa.array([b"Ho", b"\xf8"], pa.binary())

    assert decode_column(column, Encoding.VNI).to_pylist() == ["Ho", UNDEFINED]


@pytest.mark.parametrize("name", ["tcvn3", "viscii"])
def test_a_text_written_with_another_librarys_table_is_read_exactly(name):
    letter_of = dict(CHARMAPS[name].pairs)
    code_of = {letter: surface for surface, letter in letter_of.items()}
    text = " ".join(PLACES + tuple(code_of))

    theirs = "".join(code_of.get(letter, letter) for letter in text).encode("latin-1")

    assert decode(theirs, Encoding(name)) == text
    assert len(code_of) >= 70


def test_vni_agrees_with_another_library_but_for_the_letters_it_lacks():
    code_of = {letter: surface for surface, letter in CHARMAPS["vni"].pairs if len(letter) == 1}
    # viparse 0.1.31 has no ẳ Ẳ, writes ì Ì í Í in two bytes, and ỵ Ỵ with another code.
    theirs = [letter for letter in VIETNAMESE if letter in code_of and letter not in "ìÌíÍỵỴ"]

    for letter in theirs:
        assert decode(code_of[letter].encode("cp1252"), Encoding.VNI) == letter
    assert len(theirs) >= 120


@pytest.mark.parametrize("encoding", list(Encoding))
@pytest.mark.parametrize("seed", range(5))
def test_twenty_distinct_values_are_enough_to_tell(encoding, seed):
    values = random.Random(seed).sample(PLACES, 20)

    found = detect(pa.array([encode(v, encoding) for v in values]))

    assert found.encoding is encoding
    assert found.distinct_values == 20


def test_a_column_that_could_be_several_things_is_left_to_a_person():
    assert detect(pa.array([b"\xc6\xa1n"])).encoding is not Encoding.TCVN3
    assert detect(pa.array([b"Caf\xe9", b"\xa9 2026"])).encoding is None


def test_plain_ascii_needs_no_choice():
    assert detect(pa.array([b"45", b"KXD", None])).encoding is Encoding.UTF8


def test_letters_cut_at_the_field_width_do_not_hide_utf8():
    cut = "Đường Nguyễn Trãi, phường Khương Đì".encode()[:-1]

    assert detect(pa.array([cut, "Ngõ".encode()]), width=len(cut)).encoding is Encoding.UTF8
    assert detect(pa.array([cut, "Ngõ".encode()]), width=len(cut) + 1).encoding is not Encoding.UTF8


def test_capitals_come_back_only_where_they_are_certain():
    assert restore_capitals("TRầN VĂN ĐƯợC") == "TRẦN VĂN ĐƯỢC"
    assert restore_capitals("ĐấT ở TạI ĐÔ THị") == "ĐẤT Ở TẠI ĐÔ THỊ"
    assert restore_capitals("Nguyễn Thị ánh Nguyệt") == "Nguyễn Thị ánh Nguyệt"
    assert restore_capitals("Hà Mỹ") == "Hà Mỹ"
    assert restore_capitals("phường ĐộI CấN") == "phường ĐỘI CẤN"


def test_western_letters_are_what_people_see_of_tcvn3():
    assert western_letters(encode("Phường", Encoding.TCVN3)) == "Ph\u00adêng"
