"""Reach over HTTP: runs, what they found, ward by ward."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse  # noqa: TC002  # ninja reads annotations
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.security import django_auth
from pydantic import ConfigDict, Field

from landdata.errors import Forbidden, Invalid, Missing
from planning import reach_queries as queries
from planning.draft_answers import as_json, user_of
from planning.models import CoverageRun, RunState
from planning.operations.coverage_runs import (
    call_off_coverage,
    is_current,
    last_coverage,
    start_coverage,
)
from planning.permissions import conflicts_open_to

router = Router(tags=["reach"], auth=django_auth)
public_router = Router(tags=["reach"])

#: A draft or a plan version in force, by primary key; without it the city as it is.
Draft = Annotated[int | None, Query(ge=1, description="Plan version; default the city as it is.")]
Run = Annotated[int | None, Query(ge=1, description="Run; default the last one that is done.")]
Word = Annotated[str | None, Query(max_length=40)]


class Start(Schema):
    """Whose reach shall be worked out; null: that of the city as it is."""

    model_config = ConfigDict(extra="forbid")

    draft: Annotated[int, Field(ge=1)] | None = None


@public_router.get("/reach/kinds", url_name="reach-kinds")
def kinds(request: HttpRequest) -> HttpResponse:
    """Return the kinds of services, with the rows of norms that each can meet."""
    names = queries.kind_names()
    return as_json(
        {
            "kinds": [
                {
                    "code": row["code"],
                    "name": names[row["code"]],
                    "norms": row["norms"].split(),
                }
                for row in queries.facility_kinds()
            ]
        }
    )


@router.get("/reach/runs", url_name="reach-runs")
def runs(request: HttpRequest, draft: Draft = None) -> HttpResponse:
    """Return the runs of a scope, the newest first."""
    _check_open(request, draft)
    return as_json({"runs": [_values(run) for run in queries.runs_of(draft)]})


@router.post("/reach/runs", url_name="reach-runs")
def start(request: HttpRequest, body: Start) -> HttpResponse:
    """Ask for reach to be worked out. The same inputs give the run that is there."""
    on = timezone.localdate()
    run, is_new = start_coverage(version_id=body.draft, by=user_of(request), on=on)
    return as_json(_values(run), status=202 if is_new else 200)


@router.get("/reach/runs/{int:run}", url_name="reach-run")
def one_run(request: HttpRequest, run: int) -> HttpResponse:
    """Return how far a run has come."""
    return as_json(_values(queries.open_coverage(user_of(request), run, on=timezone.localdate())))


@router.post("/reach/runs/{int:run}/cancel", url_name="reach-run-cancel")
def cancel(request: HttpRequest, run: int) -> HttpResponse:
    """Call a run off; nothing of it is kept."""
    on = timezone.localdate()
    return as_json(_values(call_off_coverage(run_id=run, by=user_of(request), on=on)))


@router.get("/reach/figures", url_name="reach-figures")
def figures(
    request: HttpRequest,
    draft: Draft = None,
    run: Run = None,
    kind: Word = None,
    norm: Word = None,
    mode: Word = None,
    measure: Word = None,
    unit: Word = None,
) -> HttpResponse:
    """Return figures of the last run of a scope, or of the run that is named."""
    found = _done(request, draft, run)
    wanted = queries.Wanted(kind=kind, norm=norm, mode=mode, measure=measure, unit=unit)
    return as_json({"run": _values(found), **queries.figure_values(found, wanted)})


@router.get("/reach/wards", url_name="reach-wards")
def wards(
    request: HttpRequest,
    kind: Annotated[str, Query(max_length=40)],
    draft: Draft = None,
    run: Run = None,
) -> HttpResponse:
    """Return the figures of a kind of service ward by ward."""
    found = _done(request, draft, run)
    return as_json({"run": _values(found), **queries.ward_values(found, kind)})


def _done(request: HttpRequest, draft: int | None, run_id: int | None) -> CoverageRun:
    """Return the run whose figures are asked for. Raises Missing and Invalid."""
    if run_id is not None:
        run = queries.open_coverage(user_of(request), run_id, on=timezone.localdate())
        if run.state != RunState.DONE:
            raise Invalid("coverage_run_not_done", state=run.state)
        return run
    _check_open(request, draft)
    last = last_coverage(draft)
    if last is None:
        raise Invalid("coverage_never_run")
    return last


def _check_open(request: HttpRequest, draft: int | None) -> None:
    if not conflicts_open_to(user_of(request), draft, on=timezone.localdate()):
        raise Missing("draft", id=draft) if draft else Forbidden("work_out_reach")


def _values(run: CoverageRun) -> dict[str, Any]:
    is_now = run.state == RunState.DONE and is_current(run)
    return queries.coverage_values(run, is_now=is_now)
