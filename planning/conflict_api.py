"""Conflicts over HTTP: runs of the check, what they found, what people decide."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # ninja reads annotations at run time
import uuid  # noqa: TC003
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse  # noqa: TC002
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.security import django_auth
from pydantic import ConfigDict, Field

from landdata.errors import Forbidden, Invalid, Missing
from planning import conflict_queries as queries
from planning.conflict_queries import Filters
from planning.conflict_rules import conflict_rules
from planning.draft_answers import as_json, box_in, user_of
from planning.draft_schemas import (  # noqa: TC001  # ninja reads annotations at run time
    Reason,
    Text,
)
from planning.models import Conflict, ConflictRun, RunState
from planning.operations.conflict_decisions import (
    Precedence,
    Said,
    may_write,
    record_precedence,
    say,
)
from planning.operations.conflict_runs import ConflictsBusyError, call_off, last_run, start_run
from planning.operations.conflict_work import is_current, refresh
from planning.permissions import colleagues_of, conflicts_open_to

router = Router(tags=["conflicts"], auth=django_auth)
public_router = Router(tags=["conflicts"])

#: A draft or a plan version in force, by primary key; without it the whole city.
Draft = Annotated[int | None, Query(ge=1, description="Plan version; default the whole city.")]
Word = Annotated[str, Field(max_length=60)]


class Start(Schema):
    """What shall be checked; null: the whole city."""

    model_config = ConfigDict(extra="forbid")

    draft: Annotated[int, Field(ge=1)] | None = None


class Event(Schema):
    """What somebody says about a conflict."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["comment", "accept", "false_alarm", "reopen", "assign"]
    text: Reason = ""
    document: Annotated[Text, Field(max_length=200)] = ""
    assigned_to: Annotated[int, Field(ge=1)] | None = None


class Decision(Schema):
    """The written decision of an authority which of two plans holds."""

    model_config = ConfigDict(extra="forbid")

    conflicts: Annotated[list[uuid.UUID], Field(min_length=1, max_length=500)]
    number: Annotated[Text, Field(min_length=1, max_length=60)]
    date: dt.date
    authority: Annotated[Text, Field(min_length=1, max_length=200)]
    text: Annotated[Text, Field(min_length=1, max_length=2_000)]
    prevails: Annotated[Text, Field(min_length=1, max_length=40)]


class Wanted(Schema):
    """Which conflicts are wanted; what is left out leaves all."""

    rule: Word = ""
    family: Word = ""
    severity: Literal["", "blocks", "warns", "notes"] = ""
    ward: Annotated[str, Field(max_length=5)] = ""
    state: Literal["", "open", "accepted", "false_alarm", "solved"] = ""
    zone: Word = ""
    box: Annotated[str, Field(max_length=120, description="west,south,east,north in metres")] = ""
    assigned: Annotated[
        str, Field(max_length=12, description='User, or "me".', pattern=r"^(me|\d{0,9})$")
    ] = ""
    text: Annotated[str, Field(max_length=100)] = ""

    def filters(self, request: HttpRequest) -> Filters:
        """Return them as the queries take them. Raises Invalid for a box that is none."""
        assigned = user_of(request).pk if self.assigned == "me" else int(self.assigned or 0)
        return Filters(
            rule=self.rule,
            family=self.family,
            severity=self.severity,
            ward=self.ward,
            state=self.state,
            zone=self.zone,
            text=self.text.strip(),
            box=box_in(self.box),
            assigned=assigned or None,
        )


@public_router.get("/conflict-rules", url_name="conflict-rules")
def rules(request: HttpRequest) -> HttpResponse:
    """Return the catalogue of rules."""
    return as_json({"rules": [queries.rule_values(rule) for rule in conflict_rules()]})


@router.get("/conflicts/runs", url_name="conflict-runs")
def runs(request: HttpRequest, draft: Draft = None) -> HttpResponse:
    """Return the runs of a scope, the newest first."""
    _check_open(request, draft)
    found = queries.runs_of(draft)
    return as_json({"runs": [_run(run) for run in found]})


@router.post("/conflicts/runs", url_name="conflict-runs")
def start(request: HttpRequest, body: Start) -> HttpResponse:
    """Ask for a check of everything in a scope. The same inputs give the run that is there."""
    run, is_new = start_run(version_id=body.draft, by=user_of(request), on=timezone.localdate())
    return as_json(_run(run), status=202 if is_new else 200)


@router.get("/conflicts/runs/{int:run}", url_name="conflict-run")
def one_run(request: HttpRequest, run: int) -> HttpResponse:
    """Return how far a run has come."""
    return as_json(_run(queries.open_run(user_of(request), run, on=timezone.localdate())))


@router.post("/conflicts/runs/{int:run}/cancel", url_name="conflict-run-cancel")
def cancel(request: HttpRequest, run: int) -> HttpResponse:
    """Call a run off; nothing of it is kept."""
    return as_json(_run(call_off(run_id=run, by=user_of(request), on=timezone.localdate())))


@router.get("/conflicts/runs/{int:run}/difference", url_name="conflict-difference")
def difference(
    request: HttpRequest, run: int, before: Annotated[int | None, Query(ge=1)] = None
) -> HttpResponse:
    """Return what changed between two runs of one scope; by default since the one before."""
    on = timezone.localdate()
    later = queries.open_run(user_of(request), run, on=on)
    earlier = None if before is None else queries.open_run(user_of(request), before, on=on)
    if later.state != RunState.DONE or (earlier and earlier.state != RunState.DONE):
        raise Invalid("conflict_run_not_done")
    if earlier is None:
        earlier = ConflictRun.objects.filter(
            version_id=later.version_id, number=(later.number or 0) - 1
        ).first()
    elif earlier.version_id != later.version_id:
        raise Invalid("conflict_runs_of_two_scopes")
    return as_json(queries.difference_values(later, earlier))


@router.post("/drafts/{int:draft}/conflicts/refresh", url_name="draft-conflicts-refresh")
def bring_up(
    request: HttpRequest, draft: int, since: Annotated[int | None, Query(ge=1)] = None
) -> HttpResponse:
    """Bring the conflicts of a draft up to its last edit; say what is new, solved, unchanged.

    `since` names the run that the caller knows; by default it is the one before. While another
    check goes on, or where so much changed that all has to be checked, a run that is not done is
    given back, and nothing else.
    """
    _check_open(request, draft)
    on = timezone.localdate()
    before = last_run(draft)
    try:
        run = refresh(version_id=draft, by=user_of(request), on=on)
    except ConflictsBusyError as busy:
        run = busy.run
    if run.state != RunState.DONE:
        return as_json({"run": _run(run), "before": None}, status=202)
    known = queries.open_run(user_of(request), since, on=on) if since else before
    return as_json(queries.difference_values(run, known if known != run else run))


@router.get("/conflicts", url_name="conflicts")
def conflicts(
    request: HttpRequest,
    wanted: Query[Wanted],
    draft: Draft = None,
    sort: Literal["severity", "area", "first_seen"] = "severity",
    after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=queries.MOST_LISTED)] = 50,
) -> HttpResponse:
    """Return the conflicts of a scope as the last run found them."""
    _check_open(request, draft)
    filters = wanted.filters(request)
    return as_json(queries.page_values(draft, filters, sort=sort, start=after, most=limit))


@router.get("/conflicts/matrix", url_name="conflict-matrix")
def matrix(request: HttpRequest, draft: Draft = None) -> HttpResponse:
    """Return how many conflicts of each rule touch each ward."""
    _check_open(request, draft)
    return as_json(queries.matrix_values(draft))


@router.get("/conflicts/map", url_name="conflict-map")
def on_map(
    request: HttpRequest,
    draft: Draft = None,
    box: Annotated[str, Query(max_length=120)] = "",
) -> HttpResponse:
    """Return the conflicts to be drawn in a box."""
    _check_open(request, draft)
    return as_json(queries.map_values(draft, box_in(box)))


@router.get("/conflicts/heat", url_name="conflict-heat")
def heat(request: HttpRequest, draft: Draft = None) -> HttpResponse:
    """Return how many conflicts lie in each square of the city."""
    _check_open(request, draft)
    return as_json(queries.heat_values(draft))


@router.get("/conflicts/{uuidstr:key}", url_name="conflict")
def detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Return everything about a conflict."""
    return _detail(request, queries.open_conflict(user_of(request), key, on=timezone.localdate()))


@router.post("/conflicts/{uuidstr:key}/events", url_name="conflict-events")
def event(request: HttpRequest, key: uuid.UUID, body: Event) -> HttpResponse:
    """Comment, assign, accept with reason and document, call a false alarm, or reopen."""
    on, user = timezone.localdate(), user_of(request)
    conflict = queries.open_conflict(user, key, on=on)
    said = Said(**body.model_dump())
    say(conflict=conflict, said=said, by=user, on=on)
    return _detail(request, queries.open_conflict(user, key, on=on))


@router.post("/precedence-decisions", url_name="precedence-decisions")
def decide(request: HttpRequest, body: Decision) -> HttpResponse:
    """Record the decision of an authority which of two plans holds on some ground."""
    on, user = timezone.localdate(), user_of(request)
    found = [queries.open_conflict(user, key, on=on) for key in dict.fromkeys(body.conflicts)]
    decided = Precedence(**body.model_dump(exclude={"conflicts"}))
    decision = record_precedence(conflicts=found, decided=decided, by=user, on=on)
    return as_json({"id": decision.pk}, status=201)


def _detail(request: HttpRequest, conflict: Conflict) -> HttpResponse:
    on, user = timezone.localdate(), user_of(request)
    return as_json(
        {
            **queries.detail_values(conflict),
            "may_write": may_write(conflict, by=user, on=on),
            "people_to_assign": colleagues_of(conflict.version_id, on=on),
        }
    )


def _run(run: ConflictRun) -> dict[str, Any]:
    return queries.run_values(run, is_now=run.state == RunState.DONE and is_current(run))


def _check_open(request: HttpRequest, draft: int | None) -> None:
    if not conflicts_open_to(user_of(request), draft, on=timezone.localdate()):
        raise Missing("draft", id=draft) if draft else Forbidden("check_conflicts")
