"""Conflicts as a table that a spreadsheet opens: UTF-8 with a mark, one line for each conflict."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Final

import shapely

from landdata import crs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planning.conflict_reports.records import ReportRow

#: Spreadsheets take a text that begins so for a formula and carry it out.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK: Final = "\ufeff"
#: Lines that are sent at a time.
_LINES: Final = 200

COLUMNS: Final = (
    *("key", "rule", "severity", "family", "state", "title_vi", "title_en", "text_vi", "text_en"),
    *("area_m2", "parcels", "people", "wards", "ward_names", "parties", "party_names"),
    *("east", "north", "longitude", "latitude", "epsg"),
    *("first_seen", "first_run", "by_edit", "by", "assigned_to", "decision"),
    *("law", "confidence", "values"),
)


class _Echo:
    """What csv writes is handed back."""

    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[ReportRow], epsg: int) -> Iterator[bytes]:
    """Yield the table in pieces, as the rows come."""
    writer = csv.writer(_Echo())
    waiting = [_MARK + writer.writerow(COLUMNS)]
    for row in rows:
        waiting.append(writer.writerow([_safe(value) for value in cells(row, epsg)]))
        if len(waiting) >= _LINES:
            yield "".join(waiting).encode()
            waiting = []
    yield "".join(waiting).encode()


def cells(row: ReportRow, epsg: int) -> list[str | int | float]:
    """Return one line: numbers as programs read them, what is not known empty."""
    rule, (east, north) = row.rule, row.place
    lon, lat = shapely.get_coordinates(
        crs.transform(shapely.Point(east, north), epsg, crs.GEOGRAPHIC)
    )[0]
    return [
        *(row.key, rule.code, row.severity, str(rule.family), row.state),
        *(rule.title_vi, rule.title_en, row.text_vi, row.text_en),
        round(row.area_m2, 2),
        "" if row.parcels is None else row.parcels,
        "" if row.people is None else round(row.people, 1),
        " ".join(code for code, _ in row.wards),
        "; ".join(name for _, name in row.wards),
        " ".join(f"{party.kind}:{party.key}" for party in row.parties),
        "; ".join(party.name for party in row.parties),
        *(round(east, 3), round(north, 3), round(float(lon), 7), round(float(lat), 7), epsg),
        "" if row.first_seen is None else row.first_seen.isoformat(timespec="seconds"),
        row.first_run,
        "" if row.by_edit is None else row.by_edit,
        *(row.by, row.assigned_to, row.decision, rule.source, rule.confidence),
        json.dumps(dict(row.values), ensure_ascii=False, sort_keys=True, default=str),
    ]


def _safe(value: str | float) -> str | float:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
