"""Conflicts as a document: what was checked, where, what stops the plan, by which law."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shapely
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from landdata import crs
from landdata.typesetting import pdf_of
from planning.conflict_reports.drawing import Frame
from planning.conflicts import words
from planning.conflicts.records import Family, Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from planning.conflict_reports.records import Report, ReportRow

_TEMPLATE: Final = Path(__file__).with_name("report.typ")
#: Lines of the table, conflicts drawn one by one, marks on the map: a document is to be read.
MOST_LINES: Final = 600
MOST_DRAWN: Final = 60
MOST_MARKS: Final = 4_000
_MAP_MM: Final = (180.0, 118.0)
_DRAWING_MM: Final = (78.0, 58.0)
#: No drawing shows less ground than this, in metres: a strip of centimetres needs its surroundings.
_LEAST_M: Final = 8.0


def pdf(report: Report) -> bytes:
    """Return the document in the active language."""
    return pdf_of(_TEMPLATE, data_of(report), {})


def data_of(report: Report) -> dict[str, Any]:
    """Return what report.typ reads."""
    rows = list(report.rows)
    checked = [row for row in rows if not row.is_unchecked]
    blocking = [row for row in checked if row.severity == Severity.BLOCKS and row.state == "open"]
    numbers = {row.key: number for number, row in enumerate(checked, start=1)}
    return {
        "language": _language(),
        "title": gettext("conflict_report.title"),
        "name": _in_language(report.name_vi, report.name_en),
        "facts": _facts(report),
        "words": {code: gettext(f"conflict_report.{code}") for code in _WORDS},
        "note": "" if report.is_current else gettext("conflict_report.outdated"),
        "counts": _counts(report),
        "also": _left("also_unchecked", report.unchecked),
        "severities": [
            {"code": str(s), "name": gettext(f"conflict.severity.{s}")} for s in Severity
        ],
        "map": _map(report, checked),
        "lines": [_line(row, numbers[row.key]) for row in checked[:MOST_LINES]],
        "lines-left": _left("lines_left", report.total - len(checked[:MOST_LINES])),
        "details": [_detail(row, numbers[row.key], report.epsg) for row in blocking[:MOST_DRAWN]],
        "details-left": _left("details_left", len(blocking) - MOST_DRAWN),
        "unchecked": [
            {"rule": row.rule.code, "text": _text(row)} for row in rows if row.is_unchecked
        ],
    }


_WORDS: Final = (
    *("family", "total", "places", "table", "number", "rule", "what", "area", "plots", "ward"),
    *("details", "unchecked", "unchecked_none", "measured", "law", "parties", "first_seen"),
    *("people", "north", "none", "ground", "first", "others", "place", "page"),
)


def _facts(report: Report) -> list[tuple[str, str]]:
    facts = [
        (gettext("conflict_report.scope"), report.scope or gettext("conflict_report.city")),
        (gettext("conflict_report.run"), f"#{report.run} · {_moment(report.finished_at)}"),
        (gettext("conflict_report.legal_day"), _day(report.on)),
        (gettext("conflict_report.revision"), str(report.revision)),
    ]
    if report.edits:
        facts.append((gettext("conflict_report.edits"), str(report.edits)))
    facts += [(name, value) for name, value in report.filters]
    facts.append((gettext("conflict_report.system"), f"VN-2000 / EPSG:{report.epsg}"))
    made = f"{_moment(report.made_at)} · {report.by}" if report.by else _moment(report.made_at)
    facts.append((gettext("conflict_report.made"), made))
    return facts


def _counts(report: Report) -> list[dict[str, Any]]:
    lines = []
    for family in Family:
        counts = report.by_family.get(family, {})
        if any(counts.values()):
            each = [counts.get(severity, 0) for severity in Severity]
            lines.append({"name": gettext(f"conflict.family.{family}"), "counts": each})
    total = [report.by_severity.get(severity, 0) for severity in Severity]
    return [*lines, {"name": gettext("conflict_report.total"), "counts": total}]


def _map(report: Report, rows: Sequence[ReportRow]) -> dict[str, Any]:
    """Return the plan's outline and a mark for each place; those that block are on top."""
    places = shapely.multipoints([row.place for row in rows]) if rows else shapely.MultiPoint()
    outline = report.extent if report.extent is not None else shapely.Polygon()
    bounds = shapely.total_bounds([outline, places]).tolist()
    if not rows and outline.is_empty:
        return {"width": 0, "height": 0, "outline": [], "marks": [], "bar": {"m": 0, "mm": 0}}
    frame = Frame.around(tuple(bounds), *_MAP_MM)
    order = {str(severity): rank for rank, severity in enumerate(reversed(Severity))}
    shown = sorted(rows[:MOST_MARKS], key=lambda row: order[row.severity])
    return {
        "width": frame.width_mm,
        "height": frame.height_mm,
        "outline": frame.paths(outline.boundary) if not outline.is_empty else [],
        "marks": [{"at": frame.at(row.place), "severity": row.severity} for row in shown],
        "bar": _bar(frame),
        "left": _left("marks_left", len(rows) - len(shown)),
    }


def _line(row: ReportRow, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "severity": row.severity,
        "rule": row.rule.code,
        "text": _text(row),
        "area": "–" if row.area_m2 == 0 else f"{words.number(row.area_m2, _language())} m²",
        "plots": "–" if row.parcels is None else words.number(row.parcels, _language()),
        "wards": ", ".join(name for _, name in row.wards[:3]) + ("…" if len(row.wards) > 3 else ""),
        "state": "" if row.state == "open" else gettext(f"conflict.state.{row.state}"),
    }


def _detail(row: ReportRow, number: int, epsg: int) -> dict[str, Any]:
    rule, (east, north) = row.rule, row.place
    lon, lat = shapely.get_coordinates(
        crs.transform(shapely.Point(east, north), epsg, crs.GEOGRAPHIC)
    )[0]
    return {
        **_line(row, number),
        "title": words.title(rule, _language()),
        "measured": words.measured(rule, _language()),
        "law": rule.source,
        "confidence": rule.confidence,
        "parties": [party.name or party.key for party in row.parties],
        "place": f"X {_metres(north)} · Y {_metres(east)} ({lat:.5f}, {lon:.5f})",
        "people": "" if row.people is None else words.number(row.people, _language()),
        "first-seen": _moment(row.first_seen),
        "drawing": _drawing(row),
    }


def _drawing(row: ReportRow) -> dict[str, Any]:
    """Return both geometries with the conflict's ground on top."""
    first = row.parties[0].shape if row.parties else None
    others = [party.shape for party in row.parties[1:] if party.shape is not None]
    ground = row.ground if row.ground is not None else shapely.Point(row.place)
    frame = Frame.around(_window(ground, first), *_DRAWING_MM)
    return {
        "width": frame.width_mm,
        "height": frame.height_mm,
        "first": frame.paths(first),
        "others": [path for shape in others for path in frame.paths(shape)],
        "ground": frame.paths(ground),
        "bar": _bar(frame),
    }


def _window(ground: Any, first: Any) -> tuple[float, float, float, float]:
    """Return what is worth seeing: the ground, and the first party where that is not far larger."""
    bounds = shapely.total_bounds([ground])
    if first is not None:
        both = shapely.total_bounds([ground, first])
        size, size_of_both = (max(b[2] - b[0], b[3] - b[1]) for b in (bounds, both))
        if size_of_both <= max(6 * size, 60.0):
            bounds = both
    middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    half = max(_LEAST_M, bounds[2] - bounds[0], bounds[3] - bounds[1]) / 2
    west, south, east, north = shapely.Point(middle).buffer(half).bounds
    return (
        min(west, bounds[0]),
        min(south, bounds[1]),
        max(east, bounds[2]),
        max(north, bounds[3]),
    )


def _bar(frame: Frame) -> dict[str, Any]:
    bar = frame.bar()
    metres = bar["m"]
    name = (
        f"{words.number(metres / 1000, _language())} km"
        if metres >= 1000
        else f"{words.number(metres, _language())} m"
    )
    return {**bar, "name": name}


def _left(code: str, many: int) -> str:
    return gettext(f"conflict_report.{code}") % {"many": many} if many > 0 else ""


def _text(row: ReportRow) -> str:
    return _in_language(row.text_vi, row.text_en)


def _metres(value: float) -> str:
    """Write a coordinate as maps do: groups of three with a narrow space."""
    text = f"{value:,.1f}".replace(",", "\u202f")
    return text if _language() == "en" else text.replace(".", ",")


def _in_language(vi: str, en: str) -> str:
    return en if _language() == "en" and en else vi


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "vi"


def _day(day: dt.date) -> str:
    return date_format(day, "Y-m-d" if _language() == "en" else "d/m/Y")


def _moment(moment: dt.datetime | None) -> str:
    if moment is None:
        return "–"
    pattern = "Y-m-d H:i" if _language() == "en" else "d/m/Y H:i"
    return date_format(localtime(moment), pattern)
