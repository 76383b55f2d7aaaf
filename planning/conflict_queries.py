"""Reads of conflicts and runs for those who work on plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import get_language, gettext

from landdata.errors import Missing
from landdata.models import AdministrativeUnit, LandUseCode, UnitLevel
from planning.conflict_parties import party_values
from planning.conflict_rules import conflict_rules, rules_by_code
from planning.conflicts import words
from planning.conflicts.records import Severity
from planning.editing.as_values import surface
from planning.models import Conflict, ConflictFinding, ConflictRun, PlanFunction, RunState
from planning.operations.background import told
from planning.operations.conflict_work import is_current
from planning.permissions import conflicts_open_to

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Iterable, Sequence

    from accounts.models import User
    from planning.conflicts.records import Rule

#: Conflicts in one page of a list, on one map, and of one kind in a difference.
MOST_LISTED: Final = 200
MOST_DRAWN: Final = 5_000
MOST_DIFFERENT: Final = 500
#: Side of a square of the heat map, in m.
HEAT_CELL_M: Final = 250.0
_RANK = Case(
    When(severity="blocks", then=Value(0)),
    When(severity="warns", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
ORDERS: Final = {
    "severity": (_RANK, "-area_m2", "pk"),
    "area": ("-area_m2", "pk"),
    "first_seen": ("-conflict__first_run__number", "pk"),
}


@dataclass(frozen=True)
class Filters:
    """Which conflicts of a scope are wanted; empty: all."""

    rule: str = ""
    family: str = ""
    severity: str = ""
    ward: str = ""
    state: str = ""
    zone: str = ""
    text: str = ""
    box: tuple[float, float, float, float] | None = None
    #: User, by primary key.
    assigned: int | None = None


def open_run(user: User, run_id: int, *, on: dt.date) -> ConflictRun:
    """Return a run that the person may see. Raises Missing for any other."""
    run = ConflictRun.objects.select_related("by", "edit").filter(pk=run_id).first()
    if run is None or not conflicts_open_to(user, run.version_id, on=on):
        raise Missing("conflict_run", id=run_id)
    return run


def open_conflict(user: User, key: uuid.UUID, *, on: dt.date) -> Conflict:
    """Return a conflict that the person may see. Raises Missing for any other."""
    found = (
        Conflict.objects.select_related(
            "first_run", "by_edit__by", "assigned_to", "decision", "version__plan"
        )
        .filter(pk=key)
        .first()
    )
    if found is None or not conflicts_open_to(user, found.version_id, on=on):
        raise Missing("conflict", key=str(key))
    return found


def runs_of(version_id: int | None, *, most: int = 50) -> list[ConflictRun]:
    """Return the runs of a scope, the newest first."""
    runs = ConflictRun.objects.filter(version_id=version_id).select_related("by", "edit")
    return list(runs.order_by("-pk")[:most])


def run_values(run: ConflictRun, *, is_now: bool = False) -> dict[str, Any]:
    """Return what an answer says of a run."""
    return {
        **told(run),
        "number": run.number or 0,
        "kind": run.kind,
        "on": run.on,
        "revision": run.revision,
        "edits": run.edits,
        "edit": None if run.edit is None else run.edit.number,
        "counts": {name: run.counts.get(name, 0) for name in ("blocks", "warns", "notes")},
        "is_current": is_now,
    }


def rule_values(rule: Rule) -> dict[str, Any]:
    """Return what an answer says of a rule, in the active language."""
    language = _language()
    return {
        "code": rule.code,
        "family": rule.family,
        "severity": rule.severity,
        "title": words.title(rule, language),
        "source": rule.source,
        "measured": words.measured(rule, language),
        "said": words.said(rule, language),
        "is_public": rule.is_public,
    }


def findings_now(version_id: int | None, filters: Filters) -> QuerySet[ConflictFinding]:
    """Return what the last run of a scope says, filtered."""
    found = ConflictFinding.objects.filter(version_id=version_id)
    if filters.state == "solved":
        found = found.filter(to_run__isnull=False).exclude(conflict__findings__to_run__isnull=True)
    else:
        found = found.filter(to_run=None)
        if filters.state:
            found = found.filter(conflict__state=filters.state)
    if filters.rule:
        found = found.filter(conflict__rule=filters.rule)
    if filters.family:
        found = found.filter(conflict__family=filters.family)
    if filters.severity:
        found = found.filter(severity=filters.severity)
    if filters.ward:
        found = found.filter(wards__contains=[filters.ward])
    if filters.zone:
        found = found.filter(conflict__keys__contains=[f"zone:{filters.zone}"])
    if filters.assigned is not None:
        found = found.filter(conflict__assigned_to=filters.assigned)
    if filters.box is not None:
        box = Polygon.from_bbox(filters.box)
        box.srid = settings.STORAGE_SRID
        found = found.filter(Q(ground__bboverlaps=box) | Q(ground=None, place__bboverlaps=box))
    if filters.text:
        found = found.filter(_says(filters.text))
    return found


def _says(text: str) -> Q:
    """Return the condition that a conflict is about what was typed: a rule, party, or value."""
    folded = text.casefold()
    codes = [
        rule.code
        for rule in conflict_rules()
        if any(folded in w.casefold() for w in (rule.code, rule.title_vi, rule.title_en))
    ]
    return (
        Q(conflict__rule__in=codes)
        | Q(conflict__parties__icontains=text)
        | Q(values__icontains=text)
    )


def listed(
    found: QuerySet[ConflictFinding], *, sort: str = "severity", start: int = 0, most: int
) -> list[ConflictFinding]:
    """Return a page of findings with their conflicts."""
    ordered = found.order_by(*ORDERS.get(sort, ORDERS["severity"]))
    return list(_with_conflict(ordered)[start : start + most])


def _with_conflict(found: QuerySet[ConflictFinding]) -> QuerySet[ConflictFinding]:
    return found.select_related(
        "conflict__first_run", "conflict__by_edit__by", "conflict__assigned_to"
    )


def conflict_values(
    rows: Sequence[ConflictFinding], *, changed: Iterable[int] = ()
) -> list[dict[str, Any]]:
    """Return what a list says of conflicts, in the active language; a statement for each kind."""
    known = set(changed)
    parties = party_values(
        (party for row in rows for party in row.conflict.parties),
        version_id=rows[0].version_id if rows else None,
    )
    names = code_names(_language())
    values = []
    for row in rows:
        conflict = row.conflict
        rule = rules_by_code().get(conflict.rule)
        by_edit = conflict.by_edit
        assigned = conflict.assigned_to
        values.append(
            {
                "key": str(conflict.key),
                "rule": conflict.rule,
                "family": conflict.family,
                "severity": row.severity,
                "title": conflict.rule if rule is None else words.title(rule, _language()),
                "text": _sentence(rule, row, names),
                "state": "solved" if row.to_run is not None else conflict.state,
                "place": list(row.place.coords),
                "box": list(row.ground.extent if row.ground is not None else row.place.extent),
                "area_m2": row.area_m2,
                "parcels": row.parcels,
                "people": row.people,
                "wards": row.wards,
                "parties": [parties[kind, key] for kind, key in conflict.parties],
                "first_seen": conflict.first_run.finished_at,
                "first_run": conflict.first_run.number,
                "by_edit": None if by_edit is None else by_edit.number,
                "by": None if by_edit is None else by_edit.by.full_name or by_edit.by.username,
                "assigned_to": None
                if assigned is None
                else assigned.full_name or assigned.username,
                "changed": row.pk in known,
            }
        )
    return values


def detail_values(conflict: Conflict) -> dict[str, Any]:
    """Return everything about a conflict, as its last finding has it."""
    row = conflict.findings.order_by("-from_run").first()
    if row is None:
        raise Missing("conflict", key=str(conflict.key))
    row.conflict = conflict
    (values,) = conflict_values([row])
    rule = rules_by_code().get(conflict.rule)
    drawn = party_values(
        (party for party in conflict.parties), version_id=conflict.version_id, is_drawn=True
    )
    decision = conflict.decision
    events = conflict.events.select_related("by", "assigned_to").order_by("pk")
    return {
        **values,
        "parties": [drawn[kind, key] for kind, key in conflict.parties],
        "boundary": None if row.ground is None else surface(row.ground),
        "values": row.values,
        "rule_view": None if rule is None else rule_values(rule),
        "events": [
            {
                "at": event.at,
                "by": "" if event.by is None else event.by.full_name or event.by.username,
                "kind": event.kind,
                "text": event.text,
                "document": event.document,
                "assigned_to": None
                if event.assigned_to is None
                else event.assigned_to.full_name or event.assigned_to.username,
            }
            for event in events
        ],
        "decision": None
        if decision is None
        else {
            "number": decision.number,
            "date": decision.date,
            "authority": decision.authority,
            "text": decision.text,
            "prevails": decision.prevails,
            "gives_way": decision.gives_way,
        },
    }


def difference_values(run: ConflictRun, before: ConflictRun | None) -> dict[str, Any]:
    """Return what is new, solved, changed and unchanged between two done runs of one scope."""
    later, earlier = run.number or 0, 0 if before is None else before.number or 0
    scope = ConflictFinding.objects.filter(version_id=run.version_id)
    # Only what began or ended in between can differ.
    low, high = sorted((later, earlier))
    began = scope.filter(from_run__gt=low, from_run__lte=high)
    ended = scope.filter(to_run__gt=low, to_run__lte=high)
    moved = began.values("conflict").union(ended.values("conflict"))
    of_moved = ConflictFinding.objects.filter(conflict__in=moved)
    old = dict(of_moved.filter(_at(earlier)).values_list("conflict_id", "pk"))
    now = dict(of_moved.filter(_at(later)).values_list("conflict_id", "pk"))
    new = [pk for key, pk in now.items() if key not in old]
    solved = [pk for key, pk in old.items() if key not in now]
    changed = [pk for key, pk in now.items() if key in old and old[key] != pk]
    there = sum(run.counts.get(severity, 0) for severity in Severity)
    rows: list[ConflictFinding] = []
    ends = [0]
    for keys in (new, solved, changed):
        of_keys = scope.filter(pk__in=keys).order_by(*ORDERS["severity"])
        rows += _with_conflict(of_keys)[:MOST_DIFFERENT] if keys else []
        ends.append(len(rows))
    values = conflict_values(rows, changed=changed)
    return {
        "run": run_values(run),
        "before": None if before is None else run_values(before),
        "unchanged": there - len(new) - len(changed),
        "counts": {"new": len(new), "solved": len(solved), "changed": len(changed)},
        "is_cut": max(len(new), len(solved), len(changed)) > MOST_DIFFERENT,
        "new": values[: ends[1]],
        "solved": values[ends[1] : ends[2]],
        "changed": values[ends[2] :],
    }


def _at(number: int) -> Q:
    return Q(from_run__lte=number) & (Q(to_run=None) | Q(to_run__gt=number))


def matrix_values(version_id: int | None) -> dict[str, Any]:
    """Return how many open conflicts of each rule touch each ward, and on how much ground."""
    with connection.cursor() as cursor:
        cursor.execute(_MATRIX, {"version": version_id})
        rows = cursor.fetchall()
    codes = sorted({ward for _, ward, *_ in rows})
    named = dict(
        AdministrativeUnit.objects.known_now()
        .filter(level=UnitLevel.WARD, code__in=codes)
        .order_by("valid_from")
        .values_list("code", "full_name_en" if _language() == "en" else "full_name")
    )
    place = {code: k for k, code in enumerate(codes)}
    table: dict[str, tuple[list[int], list[float]]] = {}
    for rule, ward, many, area_m2 in rows:
        counts, areas = table.setdefault(rule, ([0] * len(codes), [0.0] * len(codes)))
        counts[place[ward]], areas[place[ward]] = many, area_m2
    return {
        "wards": [{"code": code, "name": named.get(code, code or "–")} for code in codes],
        "rows": [
            {"rule": rule, "counts": counts, "m2": areas}
            for rule, (counts, areas) in sorted(table.items())
        ],
    }


def map_values(
    version_id: int | None, box: tuple[float, float, float, float] | None
) -> dict[str, Any]:
    """Return conflicts to be drawn, those that block first where there are too many."""
    found = findings_now(version_id, Filters(box=box))
    rows = listed(found, most=MOST_DRAWN + 1)
    return {
        "conflicts": [
            {
                "key": str(row.conflict_id),
                "rule": row.conflict.rule,
                "severity": row.severity,
                "state": row.conflict.state,
                "place": list(row.place.coords),
                "area_m2": row.area_m2,
                "boundary": None if row.ground is None else surface(row.ground),
            }
            for row in rows[:MOST_DRAWN]
        ],
        "is_cut": len(rows) > MOST_DRAWN,
    }


def heat_values(version_id: int | None) -> dict[str, Any]:
    """Return how many open conflicts lie in each square, on how much ground, the worst severity."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAT, {"version": version_id, "cell": HEAT_CELL_M})
        return {"cell_m": HEAT_CELL_M, "cells": [list(row) for row in cursor.fetchall()]}


def page_values(
    version_id: int | None, filters: Filters, *, sort: str, start: int, most: int
) -> dict[str, Any]:
    """Return a page of the conflicts of a scope, with the run that they are the results of."""
    found = findings_now(version_id, filters)
    total = found.count()
    rows = listed(found, sort=sort, start=start, most=most)
    done = ConflictRun.objects.filter(version_id=version_id, state=RunState.DONE)
    run = done.select_related("by", "edit").order_by("-number").first()
    is_now = run is not None and is_current(run)
    return {
        "run": None if run is None else run_values(run, is_now=is_now),
        "is_current": is_now,
        "total": total,
        "conflicts": conflict_values(rows),
        "next": str(start + most) if start + most < total else None,
    }


def code_names(language: str) -> dict[str, str]:
    """Return names of the codes that stand in values: functions, land uses, words of our own."""
    column = "name_en" if language == "en" else "name_vi"
    names = dict(LandUseCode.objects.known_now().order_by("valid_from").values_list("code", column))
    names |= dict(PlanFunction.objects.known_now().values_list("code", column))
    return names


def _sentence(rule: Rule | None, row: ConflictFinding, names: dict[str, str]) -> str:
    reason = row.values.get("reason")
    if reason is not None:
        return gettext(f"conflict.reason.{reason}")
    return "" if rule is None else words.sentence(rule, row.values, _language(), names)


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "vi"


_MATRIX: Final = """
    SELECT c.rule, coalesce(w.ward, ''), count(*), sum(f.area_m2)
    FROM planning_conflictfinding f
    JOIN planning_conflict c ON c.key = f.conflict_id
    LEFT JOIN LATERAL unnest(f.wards) AS w (ward) ON true
    WHERE f.version_id IS NOT DISTINCT FROM %(version)s AND f.to_run IS NULL
        AND c.state = 'open'
    GROUP BY 1, 2
"""
_HEAT: Final = """
    SELECT floor(ST_X(place) / %(cell)s) * %(cell)s, floor(ST_Y(place) / %(cell)s) * %(cell)s,
        count(*), sum(area_m2),
        (ARRAY['blocks', 'warns', 'notes'])[min(array_position(
            ARRAY['blocks', 'warns', 'notes'], severity::text))]
    FROM planning_conflictfinding f
    JOIN planning_conflict c ON c.key = f.conflict_id
    WHERE f.version_id IS NOT DISTINCT FROM %(version)s AND to_run IS NULL
        AND c.state = 'open'
    GROUP BY 1, 2 ORDER BY 1, 2
"""
