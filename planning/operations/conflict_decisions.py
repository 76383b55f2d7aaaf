"""What people say and decide about conflicts, and whether a plan may be approved with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from landdata.errors import Forbidden, Invalid, Missing
from landdata.geometry import surfaces, to_multipolygon, to_shapely
from planning.conflicts.records import PartyKind, Severity
from planning.models import (
    Conflict,
    ConflictEvent,
    ConflictEventKind,
    ConflictFinding,
    ConflictState,
    PlanVersion,
    PrecedenceDecision,
)
from planning.operations.conflict_runs import last_run
from planning.operations.conflict_work import is_current
from planning.permissions import conflicts_open_to, may_approve, may_draft

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django.contrib.gis.geos import GEOSGeometry

#: What a person may say, and the state that follows.
_STATES: Final = {
    ConflictEventKind.ACCEPT: ConflictState.ACCEPTED,
    ConflictEventKind.FALSE_ALARM: ConflictState.FALSE_ALARM,
    ConflictEventKind.REOPEN: ConflictState.OPEN,
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a person says about a conflict."""

    kind: str
    text: str = ""
    document: str = ""
    assigned_to: int | None = None


@dataclass(frozen=True, kw_only=True)
class Precedence:
    """What an authority decided in writing."""

    number: str
    date: dt.date
    authority: str
    text: str
    #: Code of the plan that holds.
    prevails: str


@transaction.atomic
def say(*, conflict: Conflict, said: Said, by: User, on: dt.date) -> ConflictEvent:
    """Keep what a person says about a conflict, and the state that follows from it.

    To accept one takes a reason and the document that carries it; a false alarm takes a reason.
    One that blocks is not accepted by planners: it is solved, or an authority decides.
    """
    check_may_write(conflict, by=by, on=on)
    Conflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    kind = ConflictEventKind(said.kind)
    if kind == ConflictEventKind.DECIDE:
        raise Invalid("conflict_decided_by_decision")
    if kind in (ConflictEventKind.ACCEPT, ConflictEventKind.FALSE_ALARM) and not said.text.strip():
        raise Invalid("conflict_reason_missing")
    if kind == ConflictEventKind.ACCEPT:
        if not said.document.strip():
            raise Invalid("conflict_document_missing")
        if _blocks(conflict) and not _may_decide(conflict, by=by, on=on):
            raise Forbidden("accept_blocking_conflict")
    if kind == ConflictEventKind.COMMENT and not said.text.strip():
        raise Invalid("conflict_comment_empty")
    fields = []
    if kind in _STATES:
        conflict.state = _STATES[kind]
        fields.append("state")
    if kind == ConflictEventKind.ASSIGN:
        conflict.assigned_to = _colleague(conflict, said.assigned_to, on=on)
        fields.append("assigned_to")
    if fields:
        conflict.save(update_fields=fields)
    return ConflictEvent.objects.create(
        conflict=conflict,
        at=timezone.now(),
        by=by,
        kind=kind,
        text=said.text.strip(),
        document=said.document.strip(),
        assigned_to=conflict.assigned_to if kind == ConflictEventKind.ASSIGN else None,
    )


@transaction.atomic
def record_precedence(
    *, conflicts: Sequence[Conflict], decided: Precedence, by: User, on: dt.date
) -> PrecedenceDecision:
    """Record the decision of an authority which of two plans holds where they contradict.

    NĐ 178/2025 art. 6. It holds on the ground of these conflicts, all of which must be between the
    plan that prevails and one other.
    """
    if not conflicts:
        raise Invalid("decision_on_nothing")
    for conflict in conflicts:
        if not conflicts_open_to(by, conflict.version_id, on=on):
            raise Missing("conflict", key=str(conflict.pk))
        if not _may_decide(conflict, by=by, on=on):
            raise Forbidden("decide_precedence")
    rows = list(ConflictFinding.objects.filter(conflict__in=conflicts, to_run=None))
    grounds = [to_shapely(row.ground) for row in rows if row.ground is not None]
    if len(rows) != len(conflicts) or not grounds:
        raise Invalid("decision_on_nothing")
    gives_way = _other_plan(conflicts, decided.prevails)
    try:
        with transaction.atomic():
            decision = PrecedenceDecision.objects.create(
                number=decided.number,
                date=decided.date,
                authority=decided.authority,
                text=decided.text,
                prevails=decided.prevails,
                gives_way=gives_way,
                ground=to_multipolygon(surfaces(shapely.union_all(grounds)), settings.STORAGE_SRID),
                by=by,
                at=timezone.now(),
            )
    except IntegrityError as twice:
        raise Invalid("decision_recorded_already", number=decided.number) from twice
    Conflict.objects.filter(pk__in=[c.pk for c in conflicts]).update(
        decision=decision, state=ConflictState.ACCEPTED
    )
    ConflictEvent.objects.bulk_create(
        ConflictEvent(
            conflict=conflict,
            at=decision.at,
            by=by,
            kind=ConflictEventKind.DECIDE,
            text=decided.text,
            document=f"{decided.number}, {decided.date:%d/%m/%Y}, {decided.authority}",
        )
        for conflict in conflicts
    )
    return decision


def check_no_open_conflicts(version: PlanVersion) -> None:
    """Raise Invalid unless a draft was checked as it is now and nothing open in it blocks."""
    last = last_run(version.pk)
    if last is None or not is_current(last):
        raise Invalid("conflicts_not_checked", plan=version.plan.code)
    blocking = blocking_in(version.pk)
    if blocking:
        raise Invalid("open_conflicts_block", plan=version.plan.code, count=blocking)


def blocking_in(version_id: int) -> int:
    """Return how many conflicts of a version block its approval: open, and decided by nobody."""
    return ConflictFinding.objects.filter(
        version_id=version_id,
        to_run=None,
        severity=Severity.BLOCKS,
        conflict__state=ConflictState.OPEN,
        conflict__decision=None,
    ).count()


def check_may_write(conflict: Conflict, *, by: User, on: dt.date) -> None:
    """Raise Missing or Forbidden unless a person may say something about a conflict."""
    if not conflicts_open_to(by, conflict.version_id, on=on):
        raise Missing("conflict", key=str(conflict.pk))
    if not may_write(conflict, by=by, on=on):
        raise Forbidden("say_about_conflict")


def may_write(conflict: Conflict, *, by: User, on: dt.date) -> bool:
    """Whether a person may say something: who drafts or approves where the conflict is."""
    at = _ground(conflict)
    return may_draft(by, on=on, at=at) or may_approve(by, on=on, at=at)


def _may_decide(conflict: Conflict, *, by: User, on: dt.date) -> bool:
    return may_approve(by, on=on, at=_ground(conflict))


def _ground(conflict: Conflict) -> GEOSGeometry:
    """Return the ground that a right must cover: the draft's, or of the city the conflict's own."""
    if conflict.version is not None:
        return conflict.version.extent
    row = conflict.findings.order_by("-from_run").first()
    if row is None:
        raise Missing("conflict", key=str(conflict.pk))
    return row.ground if row.ground is not None else row.place


def _blocks(conflict: Conflict) -> bool:
    return conflict.findings.filter(to_run=None, severity=Severity.BLOCKS).exists()


def _colleague(conflict: Conflict, user_id: int | None, *, on: dt.date) -> User | None:
    if user_id is None:
        return None
    found = User.objects.filter(pk=user_id, is_active=True).first()
    if found is None or not conflicts_open_to(found, conflict.version_id, on=on):
        raise Invalid("colleague_unknown")
    return found


def _other_plan(conflicts: Sequence[Conflict], prevails: str) -> str:
    """Return the plan that gives way: the other one in all these conflicts."""
    codes: set[str] = set()
    for conflict in conflicts:
        of_one: set[str] = {key for kind, key in conflict.parties if kind == PartyKind.PLAN}
        of_one |= _plans_of_zones([k for kind, k in conflict.parties if kind == PartyKind.ZONE])
        if prevails not in of_one:
            raise Invalid("decision_of_other_plans", plan=prevails)
        codes |= of_one - {prevails}
    if len(codes) != 1:
        raise Invalid("decision_of_other_plans", plan=prevails)
    (gives_way,) = codes
    return gives_way


def _plans_of_zones(keys: Sequence[str]) -> set[str]:
    from planning.models import DraftZone, Zone

    uids = [key.split("@", 1)[0] for key in keys]
    drawn = DraftZone.objects.filter(uid__in=uids).values_list("version_of__plan__code", flat=True)
    in_force = Zone.objects.known_now().filter(uid__in=uids).values_list("plan__code", flat=True)
    return {*drawn, *in_force}
