"""Decode whole columns of bytes in legacy Vietnamese encodings to NFC text, and back.

A column is one buffer with offsets (Arrow's layout), so each codec is a table look-up over all
bytes at once: no row is touched by itself. Bytes that an encoding does not define become U+FFFD,
so that the reader of a report sees where something was lost; they are never dropped.
"""

from __future__ import annotations

import enum
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importers.encodings import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

UNDEFINED: Final = "\ufffd"
#: The longest UTF-8 form among our letters: Vietnamese letters take up to three bytes.
_WIDEST: Final = 3


class Encoding(enum.StrEnum):
    """How the text of a column is written.

    The two `…-in-utf-8` are what a conversion tool leaves that took the bytes of a .Vn or VNI font
    for Western letters: "Ph­êng" and "Phöôøng" in perfectly good UTF-8.
    """

    UTF8 = "utf-8"
    TCVN3 = "tcvn3"
    VNI = "vni"
    VISCII = "viscii"
    CP1258 = "cp1258"
    TCVN3_IN_UTF8 = "tcvn3-in-utf-8"
    VNI_IN_UTF8 = "vni-in-utf-8"


_INSIDE_UTF8: Final[Mapping[Encoding, Encoding]] = {
    Encoding.TCVN3_IN_UTF8: Encoding.TCVN3,
    Encoding.VNI_IN_UTF8: Encoding.VNI,
}


def decode_column(column: Any, encoding: Encoding) -> pa.StringArray:
    """Return a binary Arrow array as NFC text; null stays null.

    >>> decode_column(pa.array([b"\\xa7\\xcat \\xeb", None]), Encoding.TCVN3).to_pylist()
    ['Đất ở', None]
    """
    column = _one_array(column)
    if encoding is Encoding.UTF8:
        text = _decode_utf8(column)
    elif encoding in _INSIDE_UTF8:
        return decode_column(_as_western_bytes(column), _INSIDE_UTF8[encoding])
    else:
        text = _by_lookup(column, encoding)
    return pc.utf8_normalize(text, form="NFC")


def decode(data: bytes, encoding: Encoding) -> str:
    """Return one byte string as NFC text."""
    decoded: str = decode_column(pa.array([data], pa.binary()), encoding)[0].as_py()
    return decoded


def encode(text: str, encoding: Encoding) -> bytes:
    """Return NFC text as bytes, for samples and for round-trip proofs.

    Raises UnicodeEncodeError where the encoding has no such letter; TCVN3 here means the fonts'
    own letters, without toned capitals.
    """
    if encoding is Encoding.UTF8:
        return text.encode()
    if encoding in _INSIDE_UTF8:
        return western_letters(encode(text, _INSIDE_UTF8[encoding])).encode()
    letters = _encoder(encoding)
    written = bytearray()
    for at, letter in enumerate(text):
        code = letters.get(letter)
        if code is None:
            raise UnicodeEncodeError(encoding.value, text, at, at + 1, "no such letter")
        written += code
    return bytes(written)


def western_letters(data: bytes) -> str:
    """Return what a program shows that takes these bytes for Windows-1252."""
    return "".join(_WESTERN[byte] for byte in data)


#: Windows-1252 leaves five bytes undefined; programs show them as the Latin-1 controls.
_WESTERN: Final = tuple(
    letter if (letter := bytes([byte]).decode("cp1252", "replace")) != UNDEFINED else chr(byte)
    for byte in range(256)
)
_BYTE_OF_WESTERN: Final[Mapping[str, int]] = {
    **{chr(byte): byte for byte in range(256)},
    **{letter: byte for byte, letter in enumerate(_WESTERN)},
}


def _one_array(column: Any) -> Any:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = (
                pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.binary())
            )
    return column.cast(pa.binary()) if column.type != pa.binary() else column


def _decode_utf8(column: Any) -> Any:
    clean = pc.replace_substring(column, pattern=b"\x00", replacement=UNDEFINED.encode())
    try:
        return clean.cast(pa.string())
    except pa.ArrowInvalid:
        # A field cut inside a letter: the rest of the column is still good.
        return pa.array(
            [None if v is None else v.decode("utf-8", "replace") for v in clean.to_pylist()],
            pa.string(),
        )


def _as_western_bytes(column: Any) -> Any:
    """Undo "UTF-8 of bytes that were taken for Western letters", value by distinct value."""
    coded = column.dictionary_encode()
    undone: list[bytes | None] = []
    for value in coded.dictionary.to_pylist():
        letters = value.decode("utf-8", "replace")
        # What no Western byte stands for was Unicode already; "?" would hide that it is odd.
        undone.append(bytes(_BYTE_OF_WESTERN.get(letter, 0) for letter in letters))
    return pa.array(undone, pa.binary()).take(coded.indices)


def _by_lookup(column: Any, encoding: Encoding) -> Any:
    offsets, data = layout(column)
    if encoding is Encoding.VNI:
        table, widths, codes, kept = _vni_codes(offsets, data)
    else:
        table, widths = _utf8_of_bytes(encoding)
        codes, kept = data.astype(np.int32), None
    lengths = widths[codes]
    if kept is not None:
        lengths = np.where(kept, lengths, 0)
    ends = np.zeros(len(data) + 1, np.int64)
    np.cumsum(lengths, out=ends[1:])
    letters = table[codes]
    written = letters[np.arange(_WIDEST) < lengths[:, None]]
    moved = ends[offsets].astype(np.int32)
    return pa.Array.from_buffers(
        pa.string(),
        len(column),
        [_validity(column), pa.py_buffer(moved.tobytes()), pa.py_buffer(written.tobytes())],
    )


def layout(column: Any) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return offsets from 0 and the bytes that they cut."""
    _, offset_buffer, data_buffer = column.buffers()
    if offset_buffer is None or len(column) == 0:
        return np.zeros(len(column) + 1, np.int64), np.zeros(0, np.uint8)
    offsets = np.frombuffer(offset_buffer, np.int32)[
        column.offset : column.offset + len(column) + 1
    ]
    data = np.frombuffer(data_buffer, np.uint8) if data_buffer else np.zeros(0, np.uint8)
    return (offsets - offsets[0]).astype(np.int64), data[offsets[0] : offsets[-1]]


def _validity(column: Any) -> Any:
    if column.null_count == 0:
        return None
    return pc.is_valid(column).buffers()[1]


@cache
def _utf8_of_bytes(encoding: Encoding) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return (256, 3) UTF-8 bytes and their lengths, for an encoding of one byte a letter."""
    high = {
        Encoding.TCVN3: tables.tcvn3,
        Encoding.VISCII: tables.viscii,
        Encoding.CP1258: tables.cp1258,
    }[encoding]()
    letters = [high.get(byte, _unlisted(byte)) for byte in range(256)]
    return _pack(letters)


def _unlisted(byte: int) -> str:
    """ASCII stands for itself and A0 is the hard blank everywhere; the rest is not defined."""
    if byte == 0xA0:
        return "\u00a0"
    return chr(byte) if 0 < byte < 0x80 else UNDEFINED


def _pack(letters: list[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    table = np.zeros((len(letters), _WIDEST), np.uint8)
    widths = np.zeros(len(letters), np.int64)
    for code, letter in enumerate(letters):
        raw = letter.encode()
        table[code, : len(raw)] = np.frombuffer(raw, np.uint8)
        widths[code] = len(raw)
    return table, widths


@cache
def _vni_tables() -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int32]]:
    """Return UTF-8 bytes, lengths, and pair → code (0: these two bytes are no letter)."""
    letters = [tables.vni().get(bytes([byte]), _unlisted(byte)) for byte in range(256)]
    pairs = np.zeros((256, 256), np.int32)
    for sequence, letter in tables.vni().items():
        if len(sequence) == 2:
            pairs[sequence[0], sequence[1]] = len(letters)
            letters.append(letter)
    table, widths = _pack(letters)
    return table, widths, pairs


def _vni_codes(
    offsets: NDArray[np.int64], data: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int32], NDArray[np.bool_]]:
    """Return tables, a code for each byte, and which bytes begin a letter.

    Longest match from the left needs no loop: a mark is never a base letter, so a byte that closes
    a pair cannot open the next.
    """
    table, widths, pairs = _vni_tables()
    codes = data.astype(np.int32)
    kept = np.ones(len(data), bool)
    if len(data) > 1:
        pair = pairs[data[:-1], data[1:]]
        # A letter never reaches over the end of its value into the next row.
        borders = offsets[1:-1]
        borders = borders[(borders > 0) & (borders < len(data))]
        pair[borders - 1] = 0
        found = pair > 0
        codes[:-1][found] = pair[found]
        kept[1:][found] = False
    return table, widths, codes, kept


@cache
def _encoder(encoding: Encoding) -> Mapping[str, bytes]:
    """Return letter → bytes, ASCII included."""
    letters = {chr(byte): bytes([byte]) for byte in range(1, 0x80)}
    if encoding is Encoding.VNI:
        letters.update({letter: sequence for sequence, letter in tables.vni().items()})
        return letters
    table = {
        Encoding.TCVN3: tables.tcvn3_fonts,
        Encoding.VISCII: tables.viscii,
        Encoding.CP1258: tables.cp1258,
    }[encoding]()
    for byte in table:
        letters.pop(chr(byte), None)
    letters.update({letter: bytes([byte]) for byte, letter in table.items()})
    if encoding is Encoding.CP1258:
        letters.update(_with_combining_tones(letters))
    return letters


def _with_combining_tones(letters: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the letters that Windows-1258 writes as a letter and a tone after it."""
    tones = [t for t in letters if unicodedata.combining(t)]
    made: dict[str, bytes] = {}
    for letter, code in letters.items():
        if not letter.isalpha():
            continue
        for tone in tones:
            composed = unicodedata.normalize("NFC", letter + tone)
            if len(composed) == 1 and composed not in letters:
                made[composed] = code + letters[tone]
    return made
