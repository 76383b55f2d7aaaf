"""Settle how each column is written, and decode it as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importers.encodings.capitals import restore_column
from importers.encodings.codecs import UNDEFINED, Encoding, decode_column
from importers.encodings.detection import detect
from landdata.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from importers.issues import IssueLog

AUTO: Final = "auto"
_TCVN3: Final = (Encoding.TCVN3, Encoding.TCVN3_IN_UTF8)
#: Encodings that write some letters in more than one byte, so that a field's end can cut one.
_CAN_BE_CUT: Final = (
    Encoding.VNI,
    Encoding.CP1258,
    Encoding.UTF8,
    Encoding.TCVN3_IN_UTF8,
    Encoding.VNI_IN_UTF8,
)
_CONTROLS: Final = r"[\x00-\x1f\x7f]"


@dataclass(frozen=True)
class Decoded:
    """Columns as NFC text without blanks around, and the encoding of each by the sender's name."""

    columns: dict[str, pa.StringArray]
    encodings: dict[str, str]


def parse_choice(words: str) -> dict[str, Encoding]:
    """Return what the operator said: "tcvn3" for every column, "DIACHI=vni" for one.

    An empty name stands for every column not named. Raises Invalid `encoding_unknown`.
    """
    chosen: dict[str, Encoding] = {}
    for part in words.split(","):
        column, _, name = part.strip().rpartition("=")
        if name.lower() == AUTO:
            continue
        try:
            chosen[column.strip().upper()] = Encoding(name.strip().lower())
        except ValueError as unknown:
            raise Invalid(
                "encoding_unknown", given=name, known=", ".join([AUTO, *Encoding])
            ) from unknown
    return chosen


def decode_columns(
    table: pa.Table,
    taken: Mapping[str, str],
    widths: Mapping[str, int],
    chosen: Mapping[str, Encoding],
    log: IssueLog,
) -> Decoded:
    """Decode the taken columns, each in its own encoding.

    Raises Invalid `encoding_unsure` naming the columns that a person has to decide.
    """
    raw = {theirs: _bytes(table.column(theirs)) for theirs in taken.values()}
    found: dict[str, Encoding] = {}
    unsure: list[str] = []
    for theirs, column in raw.items():
        encoding = chosen.get(theirs) or chosen.get("") or _detected(column, widths.get(theirs))
        if encoding is None:
            unsure.append(theirs)
        else:
            found[theirs] = encoding
    if unsure:
        raise Invalid("encoding_unsure", columns=", ".join(unsure))
    rows = np.asarray(table.column("row"))
    columns = {
        ours: _decode(raw[theirs], found[theirs], theirs, widths.get(theirs), rows, log)
        for ours, theirs in taken.items()
    }
    return Decoded(columns, {theirs: encoding.value for theirs, encoding in found.items()})


def _detected(column: Any, width: int | None) -> Encoding | None:
    return detect(column, width=width).encoding


def _bytes(column: Any) -> Any:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _decode(
    column: Any,
    encoding: Encoding,
    theirs: str,
    width: int | None,
    rows: Any,
    log: IssueLog,
) -> pa.StringArray:
    text = decode_column(column, encoding)
    if encoding in _TCVN3:
        text, _ = restore_column(text)
    lost = np.asarray(pc.match_substring(text, UNDEFINED).fill_null(False))
    log.add("text_undecodable", rows[lost], column=theirs)
    if width is not None and encoding in _CAN_BE_CUT:
        full = np.asarray(pc.greater_equal(pc.binary_length(column), width).fill_null(False))
        foreign = np.asarray(pc.not_equal(pc.binary_length(text), pc.utf8_length(text)))
        log.add("text_may_be_cut", rows[full & foreign], column=theirs)
    clean = pc.replace_substring_regex(text.fill_null(""), _CONTROLS, " ")
    return pc.utf8_trim_whitespace(clean)
