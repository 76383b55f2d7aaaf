"""The sheet and number that a parcel had before, as a delivery says them beside the new ones.

Nothing here refuses a row: an old number that cannot be read is noted and left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importers.parcels.rows import LONGEST, chosen, whole_numbers
from landdata.models import UNDETERMINED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from importers.issues import IssueLog
    from importers.parcels.text import Decoded

#: A parcel that unites several names them all: "45+46", "45; 46". "45/1" is one number.
_BETWEEN_NUMBERS: Final = re.compile(r"\s*[+,;&]+\s*")
#: GDAL writes whole numbers as "12.000000000".
_DECIMALS: Final = re.compile(r"(?<=\d)\.0+$")
_SAYS_NOTHING: Final = re.compile(rf"0*|{UNDETERMINED}", re.IGNORECASE)


@dataclass(frozen=True)
class OldNumbers:
    """What each row says, empty where it says nothing; several are joined by "+".

    `sheets` holds one sheet for all numbers of the row, or one for each.
    """

    unit_code: pa.StringArray
    sheets: pa.StringArray
    numbers: pa.StringArray

    def unit_codes(self) -> set[str]:
        """Return the codes of the wards that numbered then."""
        return set(self.unit_code.unique().to_pylist()) - {""}

    def note_unknown_wards(
        self,
        known: Collection[str],
        column: str,
        rows: NDArray[np.int64],
        alive: NDArray[np.bool_],
        log: IssueLog,
    ) -> None:
        """Note rows whose old ward nobody knows; the code is kept as it was sent."""
        codes = np.asarray(self.unit_code, object)
        strange = alive & ~np.isin(codes, ["", *known])
        log.add("old_unit_unknown", rows[strange], column=column, values=codes[strange].tolist())


def read_old_numbers(
    decoded: Decoded,
    names: Mapping[str, str],
    unit_offset: int,
    rows: NDArray[np.int64],
    alive: NDArray[np.bool_],
    log: IssueLog,
) -> OldNumbers:
    """Read old ward, sheet and number; what is incomplete or unreadable is noted and left out."""
    empty = pa.array(np.full(len(rows), "", object), pa.string())
    if "old_number" not in decoded.columns:
        return OldNumbers(empty, empty, empty)
    column = names["old_number"]
    written = decoded.columns["old_number"]
    sheets, sheet_count, sheet_fits = _joined(decoded.columns.get("old_sheet", empty))
    numbers, number_count, number_fits = _joined(written)
    is_said = number_count > 0

    without_sheet = is_said & (sheet_count == 0)
    log.add("old_sheet_missing", rows[without_sheet & alive], column=column)
    is_paired = (sheet_count == 1) | (sheet_count == number_count)
    unreadable = is_said & ~without_sheet & ~(sheet_fits & number_fits & is_paired)
    log.add(
        "old_number_unreadable",
        rows[unreadable & alive],
        column=column,
        values=chosen(written, unreadable & alive),
    )
    kept = pa.array(is_said & ~without_sheet & ~unreadable)
    unit = _unit_codes(decoded, names, unit_offset, rows, np.asarray(kept) & alive, log)
    return OldNumbers(*(pc.if_else(kept, each, "") for each in (unit, sheets, numbers)))


def _joined(
    text: pa.StringArray,
) -> tuple[pa.StringArray, NDArray[np.int64], NDArray[np.bool_]]:
    """Return the numbers of each cell joined by "+", how many they are and whether all fit.

    A cell counts 0 if none of its numbers says anything. Each distinct cell is looked at once.
    """
    coded = text.dictionary_encode()
    joined: list[str] = []
    counts: list[int] = []
    fits: list[bool] = []
    for cell in coded.dictionary.to_pylist():
        parts = [_DECIMALS.sub("", part) for part in _BETWEEN_NUMBERS.split(cell) if part]
        says_something = not all(_SAYS_NOTHING.fullmatch(part) for part in parts)
        joined.append("+".join(parts) if says_something else "")
        counts.append(len(parts) if says_something else 0)
        fits.append(all(len(part) <= LONGEST for part in parts))
    at = np.asarray(coded.indices)
    return (
        pa.array(joined, pa.string()).take(coded.indices),
        np.array(counts, np.int64)[at],
        np.array(fits, bool)[at],
    )


def _unit_codes(
    decoded: Decoded,
    names: Mapping[str, str],
    unit_offset: int,
    rows: NDArray[np.int64],
    wanted: NDArray[np.bool_],
    log: IssueLog,
) -> pa.StringArray:
    """Return the code of the ward that numbered then, empty where the delivery does not say."""
    if "old_unit" not in decoded.columns:
        return pa.array(np.full(len(rows), "", object), pa.string())
    text = decoded.columns["old_unit"]
    code = whole_numbers(text) - unit_offset
    readable = (code > 0) & (code < 100_000)
    is_empty = np.asarray(pc.match_substring_regex(text, r"^(0+(\.0+)?)?$"))
    wrong = ~readable & ~is_empty & wanted
    log.add(
        "old_unit_unreadable", rows[wrong], column=names["old_unit"], values=chosen(text, wrong)
    )
    return pa.array(np.where(readable, np.char.zfill(code.astype("U"), 5), ""), pa.string())
