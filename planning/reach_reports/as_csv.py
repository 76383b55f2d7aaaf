"""The figures of reach as a table that a spreadsheet opens, one line for each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from landdata.spreadsheets import csv_lines
from planning.reach_words import of_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planning.reach_reports.records import Report, ReportFigure

COLUMNS: Final = (
    *("scope", "run", "legal_day", "revision"),
    *("kind", "kind_vi", "kind_en", "norm", "source", "confidence"),
    *("measure", "mode", "metric", "unit", "unit_name"),
    *("value", "low", "high", "people", "state", "reason", "why", "values"),
)
#: Millionths of a share, of a metre and of a minute are noise.
_DIGITS: Final = 6


def lines(report: Report) -> Iterator[bytes]:
    """Yield the table in pieces."""
    about = (report.scope or "city", report.run, report.on.isoformat(), report.revision)
    return csv_lines(COLUMNS, ([*about, *_cells(one)] for one in report.figures))


def _cells(one: ReportFigure) -> list[str | int | float]:
    return [
        *(one.kind, one.kind_vi, one.kind_en, one.norm, one.source, one.confidence),
        *(one.measure, one.mode, one.metric, one.unit, one.unit_name),
        *(_number(value) for value in (one.value, one.low, one.high, one.people)),
        *(one.state, one.reason, of_reason(one.reason)),
        json.dumps(dict(one.values), ensure_ascii=False, sort_keys=True),
    ]


def _number(value: float | None) -> str | float:
    return "" if value is None else round(value, _DIGITS)
