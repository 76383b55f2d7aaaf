"""Sections of the document beyond distances: room, a draft beside the city, what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext

from planning.reach.records import Measure
from planning.reach_reports.words import between, either, share
from planning.reach_words import grouped, of_reason, whole

if TYPE_CHECKING:
    from planning.reach_reports.records import Report, ReportFigure

#: Supply is told for so many people.
_MANY: Final = 1000
_DIGEST: Final = 12
#: What a plan changes in what figures rest on, by its name in a run's parameters.
_PLANNED: Final = (
    *("people_today", "planned_people", "planned_people_without_plot"),
    *("zones_with_people", "zones_with_circumstances", "left_out"),
)


def rooms(report: Report) -> list[dict[str, str]]:
    """Return a line a norm: choice, supply, and who finds room."""
    lines = []
    for choice in report.of(Measure.REACHABLE):
        key = {"kind": choice.kind, "norm": choice.norm}
        supply = next(iter(report.of(Measure.SUPPLY, **key)), None)
        room = next(iter(report.of(Measure.WITH_ROOM, **key)), None)
        lines.append(
            {
                "kind": f"{either(choice.kind_vi, choice.kind_en)} ({choice.norm})",
                "choice": "–" if choice.value is None else _decimal(choice.value),
                "none": whole(choice.values.get("none_people", 0.0), up=True),
                "supply": _supply(supply),
                "room": _room(room),
                "without": "–"
                if room is None or room.low is None
                else whole(room.values.get("without_room", 0.0), up=True),
            }
        )
    return lines


def _supply(one: ReportFigure | None) -> str:
    if one is None or one.value is None:
        return "–"
    unit = one.values.get("unit") or ""
    said = gettext(f"reach.unit.{unit}") if unit else ""
    text = f"{_decimal(one.value * _MANY)}\u00a0{said}".strip()
    unknown = one.values.get("capacity_unknown", 0)
    if unknown and unknown == one.values.get("facilities"):
        # Nothing that is known is not nothing.
        return of_reason("capacity_unknown")
    if unknown:
        text += " " + gettext("reach_report.capacity_unknown") % {"many": unknown}
    return text


def _room(one: ReportFigure | None) -> str:
    if one is None:
        return "–"
    return of_reason(one.reason) if one.low is None else between(one)


def _decimal(value: float) -> str:
    return grouped(round(value, 1), 1)


def beside(report: Report) -> list[dict[str, str]]:
    """Return a line a norm of which the draft changes something, and one of all of them."""
    if report.review is None or report.review.city_run is None:
        return []
    lines = []
    for one in (report.review.all_services, *report.review.norms):
        if one.kind and not (one.is_worse or one.is_better):
            continue
        if one.before is None or one.after is None:
            continue
        change = "worse" if one.is_worse else "better" if one.is_better else "same"
        lines.append(
            {
                "name": f"{one.name} ({one.norm})" if one.kind else either("", ""),
                "before": share(one.before.low, one.before.high),
                "after": share(one.after.low, one.after.high),
                "change": gettext(f"reach_report.{change}"),
            }
        )
    return lines


def basis(report: Report) -> list[tuple[str, str]]:
    """Return what the figures rest on: streets, what the plan foresees, tables."""
    parameters = report.parameters
    rows = [(gettext("reach_report.dataset"), str(parameters.get("dataset", "")))]
    rows += [
        (gettext(f"reach_report.{name}"), whole(parameters[name]))
        for name in _PLANNED
        if parameters.get(name)
    ]
    titles = [str(one["title"]) for one in parameters.get("scenarios") or ()]
    if titles:
        rows.append((gettext("reach_report.scenarios"), "; ".join(titles)))
    tables = parameters.get("tables") or {}
    return rows + [(name, f"SHA-256 {str(digest)[:_DIGEST]}…") for name, digest in tables.items()]
