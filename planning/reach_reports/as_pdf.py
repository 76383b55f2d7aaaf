"""The figures of reach as a document: who has what near enough, by ward, with charts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from landdata.typesetting import pdf_of
from planning.reach.records import Measure, Metric, Mode
from planning.reach_reports.charts import minutes_chart, ward_chart
from planning.reach_reports.sections import basis, beside, rooms
from planning.reach_reports.words import between, either, in_english
from planning.reach_words import of_reason, whole

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from planning.reach_reports.records import Report, ReportFigure

_TEMPLATE: Final = Path(__file__).with_name("report.typ")
_WORDS: Final = (
    *("page", "all_services", "by_ward", "certain", "possible", "at_most", "norms", "service"),
    *(
        "source",
        "within",
        "by_line",
        "by_street",
        "state",
        "beyond",
        "kinds",
        "median_m",
        "tenth_m",
    ),
    *("on_foot", "by_motorbike", "worst_decile", "charts", "minutes_chart", "lorenz_chart"),
    *("gini", "unknown", "basis", "unreached", "ward", "none", "people", "minutes", "rooms"),
    *("choice", "without_any", "supply", "with_room", "without_room", "beside", "before", "after"),
    *("change", "rooms_note"),
)
#: Of the record, what a reader must know to weigh the figures.
_COUNTS: Final = ("plots_uncounted", "places_no_street", "places_no_front", "places_island")


def pdf(report: Report) -> bytes:
    """Return the document in the active language."""
    return pdf_of(_TEMPLATE, data_of(report), {})


def data_of(report: Report) -> dict[str, Any]:
    """Return what report.typ reads."""
    return {
        "language": "en" if in_english() else "vi",
        "title": gettext("reach_report.title"),
        "name": either(report.name_vi, report.name_en),
        "note": "" if report.is_current else gettext("reach_report.outdated"),
        "facts": _facts(report),
        "words": {code: gettext(f"reach_report.{code}") for code in _WORDS},
        "headline": _headline(report),
        "wards": ward_chart(report.of(Measure.ALL_SERVICES, unit=None)),
        "norms": _norms(report),
        "kinds": _kinds(report),
        "unknown": _unknown(report),
        "rooms": rooms(report),
        "beside": beside(report),
        "basis": basis(report),
    }


def _facts(report: Report) -> list[tuple[str, str]]:
    facts = [
        (gettext("reach_report.scope"), report.scope or gettext("reach_report.city")),
        (gettext("reach_report.run"), f"#{report.run} · {_moment(report.finished_at)}"),
        (gettext("reach_report.legal_day"), _day(report.on)),
        (gettext("reach_report.revision"), str(report.revision)),
    ]
    if report.edits:
        facts.append((gettext("reach_report.edits"), str(report.edits)))
    facts.append((gettext("reach_report.people"), whole(report.counts.get("people", 0.0))))
    made = f"{_moment(report.made_at)} · {report.by}" if report.by else _moment(report.made_at)
    return [*facts, (gettext("reach_report.made"), made)]


def _headline(report: Report) -> dict[str, str]:
    found = report.of(Measure.ALL_SERVICES)
    if not found:
        return {"figure": "", "text": gettext("reach_report.no_norm"), "worst": ""}
    whole_scope = found[0]
    if whole_scope.low is None or whole_scope.high is None:
        return {"figure": "", "text": of_reason(whole_scope.reason), "worst": ""}
    values = {"many": len(whole_scope.values.get("kinds", ()))}
    wards = report.of(Measure.ALL_SERVICES, unit=whole_scope.values.get("worst") or "-")
    worst = ""
    if wards:
        told = {"ward": wards[0].unit_name, "share": between(wards[0])}
        worst = gettext("reach_report.worst") % told
    return {
        "figure": between(whole_scope),
        "text": gettext("reach_report.headline") % values,
        "worst": worst,
    }


def _norms(report: Report) -> list[dict[str, str]]:
    rows = []
    for one in report.figures:
        if not one.state or one.unit:
            continue
        straight = one.measure == Measure.STRAIGHT
        other = Measure.SHARE_WITHIN if straight else Measure.STRAIGHT
        beside = report.of(other, kind=one.kind, norm=one.norm)
        values = one.values
        rows.append(
            {
                "kind": either(one.kind_vi, one.kind_en),
                "norm": one.norm,
                "source": one.source,
                "measured": gettext(f"reach.measured.{'straight' if straight else 'walk'}"),
                "within": between(one) if one.low is not None else of_reason(one.reason),
                "beside": between(beside[0]) if beside else "–",
                "beyond": whole(values.get("not_covered", 0.0), up=True),
                "unknown": whole(values.get("unknown_people", 0.0), up=True),
                "state": one.state,
                "state_name": gettext(f"reach_report.{one.state}"),
            }
        )
    return rows


def _kinds(report: Report) -> list[dict[str, Any]]:
    rows = []
    for metres in report.of(Measure.METRES, metric=Metric.METRES):
        kind = metres.kind
        walk = _first(report.of(Measure.MINUTES, kind=kind, mode=Mode.WALK))
        ride = _first(report.of(Measure.MINUTES, kind=kind, mode=Mode.MOTORBIKE))
        worst = _first(report.of(Measure.WORST_DECILE, kind=kind))
        gini = _first(_of_metres(report.of(Measure.GINI, kind=kind)))
        rows.append(
            {
                "name": either(metres.kind_vi, metres.kind_en),
                "median_m": _metres(metres.value),
                "tenth_m": _metres(metres.values.get("q90")),
                "on_foot": _minutes(walk.value if walk else None),
                "by_motorbike": _minutes(ride.value if ride else None),
                "worst_decile": _metres(worst.value if worst else None),
                "unreached": whole(metres.values.get("unreached_people", 0.0), up=True),
                "gini": "–" if gini is None or gini.value is None else f"{gini.value:.2f}",
                "minutes": minutes_chart(walk),
                "lorenz": [] if gini is None else gini.values.get("lorenz", []),
            }
        )
    return rows


def _of_metres(figures: Sequence[ReportFigure]) -> list[ReportFigure]:
    return [one for one in figures if one.values.get("of") == "metres"]


def _first(figures: Sequence[ReportFigure]) -> ReportFigure | None:
    return figures[0] if figures else None


def _unknown(report: Report) -> list[str]:
    """Return what could not be checked, and of how much something is not recorded."""
    said = [
        f"{either(one.kind_vi, one.kind_en)} ({one.norm}): {of_reason(one.reason)}"
        for one in report.figures
        if one.state == "not_checked" and not one.unit and one.reason
    ]
    counted = [(code, report.counts.get(code, 0)) for code in _COUNTS]
    said += [
        gettext(f"reach_report.{code}") % {"many": whole(many)} for code, many in counted if many
    ]
    return [*said, gettext("reach_report.speeds")]


def _metres(value: float | None) -> str:
    return "–" if value is None else f"{whole(value, up=True)}\u00a0m"


def _minutes(value: float | None) -> str:
    return "–" if value is None else f"{whole(value, up=True)}"


def _day(value: dt.date) -> str:
    return date_format(value, "DATE_FORMAT" if in_english() else "d/m/Y")


def _moment(value: dt.datetime | None) -> str:
    if value is None:
        return "–"
    local = localtime(value)
    return f"{_day(local.date())} {local:%H:%M}"
