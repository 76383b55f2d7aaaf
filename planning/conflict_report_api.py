"""Conflicts to take along, over HTTP: as a table, as map layers, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from ninja import Query, Router
from ninja.security import django_auth

from landdata.errors import Forbidden, Invalid, Missing
from planning.conflict_api import Draft, Wanted  # noqa: TC001  # ninja reads annotations
from planning.conflict_reports import as_csv
from planning.conflict_reports.as_geopackage import geopackage
from planning.conflict_reports.as_pdf import MOST_DRAWN, MOST_LINES, pdf
from planning.conflict_reports.build import build_report, count
from planning.conflicts.records import Severity
from planning.draft_answers import MINE, user_of
from planning.permissions import conflicts_open_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planning.conflict_reports.records import Report

router = Router(tags=["conflicts"], auth=django_auth)

#: A GeoPackage is written before it is sent; more than this is asked for ward by ward.
MOST_IN_GEOPACKAGE: Final = 50_000


@router.get("/conflicts/report.csv", url_name="conflict-report-csv")
def table(request: HttpRequest, wanted: Query[Wanted], draft: Draft = None) -> HttpResponse:
    """Return the conflicts of a scope as CSV, however many they are."""
    report = _report(request, wanted, draft, drawn=())
    lines = as_csv.lines(report.rows, report.epsg)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    return _named(answer, report, "csv")


@router.get("/conflicts/report.gpkg", url_name="conflict-report-gpkg")
def layers(request: HttpRequest, wanted: Query[Wanted], draft: Draft = None) -> HttpResponse:
    """Return the conflicts of a scope as GeoPackage, with the shapes of both sides."""
    _check_open(request, draft)
    many = count(draft, wanted.filters(request))
    if many > MOST_IN_GEOPACKAGE:
        raise Invalid("conflict_report_large", count=many, most=MOST_IN_GEOPACKAGE)
    report = _report(request, wanted, draft)
    answer = FileResponse(geopackage(report), content_type="application/geopackage+sqlite3")
    return _named(answer, report, "gpkg")


@router.get("/conflicts/report.pdf", url_name="conflict-report-pdf")
def document(request: HttpRequest, wanted: Query[Wanted], draft: Draft = None) -> HttpResponse:
    """Return the conflicts of a scope as PDF; what is too much for paper is counted."""
    drawn: tuple[Severity, ...] = (Severity.BLOCKS,)
    report = _report(request, wanted, draft, drawn=drawn, most=max(MOST_LINES, MOST_DRAWN))
    return _named(HttpResponse(pdf(report), content_type="application/pdf"), report, "pdf")


def _report(request: HttpRequest, wanted: Wanted, draft: int | None, **options: Any) -> Report:
    _check_open(request, draft)
    user = user_of(request)
    return build_report(
        draft,
        wanted.filters(request),
        by=user.full_name or user.username,
        filter_words=_said(wanted.model_dump()),
        **options,
    )


def _said(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the filters as the document tells them."""
    return [
        (gettext("conflict_report.filter") % {"name": name}, value)
        for name, value in given.items()
        if value
    ]


def _check_open(request: HttpRequest, draft: int | None) -> None:
    if not conflicts_open_to(user_of(request), draft, on=timezone.localdate()):
        raise Missing("draft", id=draft) if draft else Forbidden("check_conflicts")


def _named(answer: Any, report: Report, ending: str) -> HttpResponse:
    name = f"conflicts-{report.scope or 'city'}-run{report.run}.{ending}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["Cache-Control"] = MINE
    response: HttpResponse = answer
    return response
