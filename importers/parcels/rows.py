"""Check the rows of a delivery, column against column, and turn them into what is taken in.

A row is refused only if we cannot tell which parcel it speaks of; anything else is noted and the
row comes in with what is sure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importers.rings import NO_SHAPE
from landdata.models import UNDETERMINED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from importers.issues import IssueLog
    from importers.parcels.text import Decoded

#: Scales of cadastral maps that the sources at hand show; no regulation was read for them.
SCALES: Final = (200, 500, 1000, 2000, 5000, 10000)
#: A share and a size that the registered and the drawn area may differ by without a note. Our own
#: choice to keep reports readable, no legal limit: both areas are always stored and shown.
AREA_SHARE: Final = 0.05
AREA_M2: Final = 2.0
LONGEST: Final = 20
_LONGEST_CODE: Final = 10
#: GDAL writes whole numbers as "100004.000000000".
_WHOLE: Final = r"^\d{1,9}(\.0+)?$"
_MEASURE: Final = r"^\d{1,10}(\.\d+)?$"
_NATIONAL_ID: Final = r"^[0-9bcdefghjkmnpqrstuvwxyz]{12}$"
_BETWEEN_CODES: Final = re.compile(r"[\s+,;/&]+")


@dataclass(frozen=True)
class Keys:
    """What says which parcel a row speaks of; empty or 0 where it could not be read."""

    unit_code: pa.StringArray
    sheet: pa.StringArray
    scale: NDArray[np.int64]
    number: pa.StringArray


def read_keys(
    decoded: Decoded,
    names: Mapping[str, str],
    unit_offset: int,
    rows: NDArray[np.int64],
    alive: NDArray[np.bool_],
    log: IssueLog,
) -> Keys:
    """Read unit, sheet, scale and number; rows without one of them leave `alive`."""
    columns = decoded.columns

    def refuse(wrong: NDArray[np.bool_], code: str, ours: str) -> None:
        wrong = wrong & alive_before
        log.add(
            code,
            rows[wrong],
            column=names[ours],
            values=chosen(columns[ours], wrong),
            refuses=True,
        )
        alive[wrong] = False

    alive_before = alive.copy()
    unit = whole_numbers(columns["unit"])
    code = unit - unit_offset
    readable = (code > 0) & (code < 100_000)
    refuse(~readable, "unit_unreadable", "unit")
    scale = whole_numbers(columns["scale"])
    refuse(~np.isin(scale, SCALES), "scale_unreadable", "scale")
    for ours, missing in (("sheet", "sheet_missing"), ("number", "number_missing")):
        lengths = np.asarray(pc.utf8_length(columns[ours]))
        refuse(lengths == 0, missing, ours)
        refuse(lengths > LONGEST, f"{ours}_unreadable", ours)
    # Roads, canals and the like occupy land and are no parcels.
    refuse(
        np.asarray(pc.match_substring_regex(columns["number"], "^0+$")), "not_a_parcel", "number"
    )
    undetermined = np.asarray(pc.equal(columns["number"], UNDETERMINED)) & alive
    log.add("number_undetermined", rows[undetermined], column=names["number"])
    unit_code = pa.array(np.where(readable, np.char.zfill(code.astype("U"), 5), ""), pa.string())
    return Keys(unit_code, columns["sheet"], scale, columns["number"])


def refuse_unknown_wards(
    keys: Keys,
    known: Sequence[str],
    reused: Mapping[str, str],
    column: str,
    rows: NDArray[np.int64],
    alive: NDArray[np.bool_],
    log: IssueLog,
) -> None:
    """Refuse rows whose ward did not exist on the day of the data, or whose code moved on."""
    codes = np.asarray(keys.unit_code, object)
    moved = alive & np.isin(codes, list(reused))
    values = [f"{code}: {reused[code]}" for code in codes[moved].tolist()]
    log.add("unit_code_reused", rows[moved], column=column, values=values, refuses=True)
    strange = alive & ~np.isin(codes, [*known, *reused])
    log.add(
        "unit_unknown", rows[strange], column=column, values=codes[strange].tolist(), refuses=True
    )
    alive[moved | strange] = False


def areas(
    ours: str,
    decoded: Decoded,
    names: Mapping[str, str],
    rows: NDArray[np.int64],
    alive: NDArray[np.bool_],
    log: IssueLog,
) -> tuple[pa.StringArray, NDArray[np.float64]]:
    """Return an area in m² as written and as a number; null where there is none.

    `ours` is "area_legal", the registered one, or "area_measured", that of the survey.
    """
    if ours not in decoded.columns:
        return pa.nulls(len(rows), pa.string()), np.full(len(rows), np.nan)
    text = decoded.columns[ours]
    readable = np.asarray(pc.match_substring_regex(text, _MEASURE))
    wrong = ~readable & np.asarray(pc.not_equal(text, "")) & alive
    log.add("area_unreadable", rows[wrong], column=names[ours], values=chosen(text, wrong))
    kept = pc.if_else(pa.array(readable), text, pa.scalar(None, pa.string()))
    return kept, np.asarray(kept.cast(pa.float64()).fill_null(np.nan))


def national_ids(
    decoded: Decoded,
    names: Mapping[str, str],
    rows: NDArray[np.int64],
    alive: NDArray[np.bool_],
    log: IssueLog,
) -> pa.StringArray:
    """Return the national identifiers, empty where there is none that can be one."""
    if "national_id" not in decoded.columns:
        return pa.array(np.full(len(rows), "", object), pa.string())
    text = decoded.columns["national_id"]
    readable = np.asarray(pc.match_substring_regex(text, _NATIONAL_ID))
    wrong = ~readable & np.asarray(pc.not_equal(text, "")) & alive
    log.add(
        "national_id_unreadable",
        rows[wrong],
        column=names["national_id"],
        values=chosen(text, wrong),
    )
    return pc.if_else(pa.array(readable), text, "")


def land_uses(
    decoded: Decoded,
    names: Mapping[str, str],
    known: Sequence[str],
    rows: NDArray[np.int64],
    alive: NDArray[np.bool_],
    log: IssueLog,
) -> pa.StringArray:
    """Return the codes of each row joined by "+": a flat export writes "ODT+CLN" for two uses."""
    if "land_uses" not in decoded.columns:
        return pa.array(np.full(len(rows), "", object), pa.string())
    column = names["land_uses"]
    coded = decoded.columns["land_uses"].dictionary_encode()
    indices = np.asarray(coded.indices)
    split: list[str] = []
    for at, text in enumerate(coded.dictionary.to_pylist()):
        codes = [code for code in _BETWEEN_CODES.split(text.upper()) if code]
        kept = list(dict.fromkeys(code for code in codes if len(code) <= _LONGEST_CODE))
        mine = (indices == at) & alive
        for code in codes:
            if len(code) > _LONGEST_CODE:
                log.add("land_use_unreadable", rows[mine], column=column)
            elif code not in known:
                count = int(mine.sum())
                log.add("land_use_unknown", rows[mine], column=column, values=[code] * count)
        if not codes:
            log.add("land_use_missing", rows[mine], column=column)
        split.append("+".join(kept))
    return pa.array(split, pa.string()).take(coded.indices)


def geometry_states(
    problems: Any,
    where: Any,
    rows: NDArray[np.int64],
    alive: NDArray[np.bool_],
    log: IssueLog,
) -> NDArray[Any]:
    """Return valid, invalid or missing for each row, with a note on what is not valid."""
    codes = np.asarray(problems.fill_null(""), object)
    places = np.asarray(where.fill_null(""), object)
    for code in sorted(set(codes.tolist()) - {""}):
        mine = (codes == code) & alive
        log.add(code, rows[mine], values=places[mine].tolist())
    states = np.where(codes == "", "valid", "invalid").astype(object)
    states[codes == NO_SHAPE] = "missing"
    return states


def note_areas(
    code: str,
    written_m2: NDArray[np.float64],
    measured_m2: NDArray[np.float64],
    rows: NDArray[np.int64],
    alive: NDArray[np.bool_],
    log: IssueLog,
) -> None:
    """Note rows whose written area is far from that of their boundary, in the file's own zone."""
    difference = np.abs(written_m2 - measured_m2)
    far = (difference > np.maximum(AREA_M2, AREA_SHARE * measured_m2)) & alive
    values = [
        f"{written:.1f} / {measured:.1f} m²"
        for written, measured in zip(written_m2[far], measured_m2[far], strict=True)
    ]
    log.add(code, rows[far], values=values)


def whole_numbers(text: pa.StringArray) -> NDArray[np.int64]:
    """Return whole numbers, 0 where there is none."""
    readable = pc.match_substring_regex(text, _WHOLE)
    digits = pc.replace_substring_regex(text, r"\..*$", "")
    return np.asarray(pc.if_else(readable, digits, "0").cast(pa.int64()))


def chosen(text: pa.StringArray, which: NDArray[np.bool_]) -> list[str]:
    """Return the cells of these rows, as a note shows them."""
    values: list[str] = text.filter(pa.array(which)).to_pylist()
    return values
