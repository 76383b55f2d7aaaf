"""Reach to take along, over HTTP: figures and plots as tables, charts as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from ninja import Query, Router
from ninja.security import django_auth

from landdata.errors import Forbidden, Missing
from planning.draft_answers import MINE, as_json, user_of
from planning.permissions import conflicts_open_to
from planning.reach_api import Draft  # noqa: TC001  # ninja reads annotations
from planning.reach_quality import quality_values
from planning.reach_reports import as_csv
from planning.reach_reports.as_pdf import pdf
from planning.reach_reports.build import build_report, last_run_of
from planning.reach_reports.plots import plot_lines

if TYPE_CHECKING:
    from planning.reach_reports.records import Report

router = Router(tags=["reach"], auth=django_auth)

Kind = Annotated[str, Query(max_length=40, description="Kind of service; default all.")]


@router.get("/reach/report.csv", url_name="reach-report-csv")
def figures(request: HttpRequest, draft: Draft = None, kind: Kind = "") -> HttpResponse:
    """Return every figure of a scope's last run as CSV."""
    report = _report(request, draft, kind)
    answer = StreamingHttpResponse(as_csv.lines(report), content_type="text/csv; charset=utf-8")
    return _named(answer, _name(report.scope, report.run, "csv"))


@router.get("/reach/report.pdf", url_name="reach-report-pdf")
def document(request: HttpRequest, draft: Draft = None, kind: Kind = "") -> HttpResponse:
    """Return the figures of a scope's last run as PDF, with bars by ward and distributions."""
    report = _report(request, draft, kind)
    answer = HttpResponse(pdf(report), content_type="application/pdf")
    return _named(answer, _name(report.scope, report.run, "pdf"))


@router.get("/reach/table.csv", url_name="reach-table-csv")
def plots(request: HttpRequest, draft: Draft = None, kind: Kind = "") -> HttpResponse:
    """Return what the last run of a scope found of each plot as CSV, however many there are."""
    _check_open(request, draft)
    run = last_run_of(draft, kind)
    scope = "" if run.version is None else run.version.plan.code
    answer = StreamingHttpResponse(plot_lines(run, kind), content_type="text/csv; charset=utf-8")
    return _named(answer, _name(scope, run.number or 0, "csv", "plots"))


@router.get("/reach/quality", url_name="reach-quality")
def quality(request: HttpRequest, draft: Draft = None) -> HttpResponse:
    """Return what looks wrong in the streets of a scope, with places on the map."""
    _check_open(request, draft)
    return as_json(quality_values(draft, on=timezone.localdate()))


def _report(request: HttpRequest, draft: int | None, kind: str) -> Report:
    _check_open(request, draft)
    user = user_of(request)
    return build_report(draft, kind=kind, by=user.full_name or user.username)


def _check_open(request: HttpRequest, draft: int | None) -> None:
    if not conflicts_open_to(user_of(request), draft, on=timezone.localdate()):
        raise Missing("draft", id=draft) if draft else Forbidden("work_out_reach")


def _name(scope: str, run: int, ending: str, what: str = "figures") -> str:
    return f"reach-{scope or 'city'}-run{run}-{what}.{ending}"


def _named(answer: Any, name: str) -> HttpResponse:
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["Cache-Control"] = MINE
    response: HttpResponse = answer
    return response
