"""Conflicts as a table that a spreadsheet opens, one line for each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import shapely

from landdata import crs
from landdata.spreadsheets import csv_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planning.conflict_reports.records import ReportRow

COLUMNS: Final = (
    *("key", "rule", "severity", "family", "state", "title_vi", "title_en", "text_vi", "text_en"),
    *("area_m2", "parcels", "people", "wards", "ward_names", "parties", "party_names"),
    *("east", "north", "longitude", "latitude", "epsg"),
    *("first_seen", "first_run", "by_edit", "by", "assigned_to", "decision"),
    *("law", "confidence", "values"),
)


def lines(rows: Iterable[ReportRow], epsg: int) -> Iterator[bytes]:
    """Yield the table in pieces, as the rows come."""
    return csv_lines(COLUMNS, (cells(row, epsg) for row in rows))


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
