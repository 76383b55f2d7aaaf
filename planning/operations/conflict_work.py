"""Keeping results true after edits and changes of the record, and saying what an edit would do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from landdata.errors import Invalid
from landdata.geometry import to_shapely
from landdata.models import AwaitedDay
from planning.conflict_facts import Touched, ZoneRow, gather
from planning.conflict_facts_sql import CONTENT
from planning.conflict_judged import faults_told
from planning.conflict_rules import conflict_rules
from planning.conflict_tables import Moment, Scope, parcels_near
from planning.conflict_touch import boxes_of, newest_revision, touched_by
from planning.conflict_works import widest_m
from planning.conflicts.engine import judge
from planning.corridors import ObjectKind
from planning.editing.faults import fault_of
from planning.models import (
    ConflictRun,
    DraftEdit,
    DraftZoneState,
    PrecedenceDecision,
    RunKind,
    RunState,
)
from planning.operations.conflict_runs import (
    WORKERS,
    keep_results,
    last_run,
    scope_of,
    start_run,
    wait_alone,
)
from planning.operations.conflict_store import OF_JUDGED, judged_values
from planning.operations.draft_edits import changed_zones
from planning.operations.draft_faults import recheck_faults

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from accounts.models import User
    from planning.conflict_facts import Gathered
    from planning.conflict_judged import Area, Judged
    from planning.conflict_touch import Found
    from planning.conflicts.records import Finding
    from planning.editing.records import Change, Draft
    from planning.models import PlanVersion
    from planning.topology import Fault

    Boxes = NDArray[np.float64]

#: Layers that are drawn from others: what they rest on is looked at itself.
DERIVED: Final = ("safety_corridors", "conflicts")
#: From so many changed places, or from so large a share of the scope on, all of it is checked.
MANY_BOXES, LARGE_SHARE = 400, 0.5
#: Works by the layer under which their changes are noted.
_WORKS: Final = {
    "power_lines": ObjectKind.POWER_LINE,
    "pipelines": ObjectKind.PIPELINE,
    "roads": ObjectKind.ROAD,
    "railways": ObjectKind.RAILWAY,
    "dykes": ObjectKind.DYKE,
    "water": ObjectKind.WATER,
    "hazard_sites": ObjectKind.HAZARD_SITE,
    "protected_sites": ObjectKind.PROTECTED_SITE,
}


@dataclass(frozen=True)
class Effect:
    """What an edit would do to the conflicts of a draft."""

    new: list[Found]
    #: Keys of conflicts.
    solved: list[uuid.UUID]
    unchanged: int
    #: Function → m² over the whole draft.
    balance_before: dict[str, float]
    balance_after: dict[str, float]


def refresh(*, version_id: int | None, by: User | None, on: dt.date) -> ConflictRun:
    """Bring results up to the last edit of a draft and the newest revision.

    Looks again only at what changed since the last run can bear on. Where nothing did, or only far
    away, the last run is given back. Where too much did, a whole run is asked for and given back,
    waiting. Raises Invalid `conflicts_never_run` before the first, ConflictsBusyError while another
    check of the scope goes on.
    """
    with transaction.atomic():
        wait_alone(version_id)
        last = last_run(version_id)
        if last is None:
            raise Invalid("conflicts_never_run")
        scope = scope_of(version_id)
        moment = Moment(timezone.localdate(), newest_revision())
        touched = _since(scope, last, moment)
        if touched is not None and not len(touched.boxes) and _is_as_then(scope, last):
            return last
        if touched is not None:
            return _look_again(scope, last, moment, touched, by)
    run, _ = start_run(version_id=version_id, by=by, on=on)
    return run


def is_current(run: ConflictRun) -> bool:
    """Whether nothing that a done run rests on has changed since."""
    scope = scope_of(run.version_id)
    moment = Moment(timezone.localdate(), newest_revision())
    if not _is_as_then(scope, run):
        return False
    touched = _since(scope, run, moment)
    return touched is not None and not len(touched.boxes)


def what_if(version: PlanVersion, changes: Sequence[Change]) -> Effect:
    """Say what an edit would do to conflicts and to the balance of a draft; nothing changes.

    Raises Invalid and Stale as the edit itself would.
    """
    scope, on = scope_of(version.pk), timezone.localdate()
    moment = Moment(on, newest_revision())
    draft = changed_zones(version, changes)
    touched = _of_draft(version, draft)
    gathered = gather(scope, moment, touched)
    if gathered.judged is None:
        raise ValueError("an edit touches parts")
    # What is kept of the drawing's faults is that of the draft as it is.
    faults = faults_told(_faults_after(version, draft), gathered.judged)
    facts = replace(gathered.facts, faults=faults)
    findings = [one for one in judge(facts, conflict_rules()) if "reason" not in one.values]
    found = _found(scope, moment, findings, gathered)
    standing = _standing(version.pk, gathered.judged)
    wanted = {one.finding.identity for one in found}
    plan = next(plan for plan in gathered.facts.plans if plan.is_draft)
    before = dict(plan.balance)
    return Effect(
        new=[one for one in found if one.finding.identity not in standing],
        solved=[key for name, key in standing.items() if name not in wanted],
        unchanged=len(wanted & set(standing)),
        balance_before=before,
        balance_after=_balanced(before, draft),
    )


def _faults_after(version: PlanVersion, draft: Draft) -> list[tuple[str, Fault]]:
    """Return the faults of a draft's zones as an edit would leave them."""
    changed = recheck_faults(version, draft)
    gone = {row.pk for row in changed.gone}
    kept = [fault_of(row) for row in version.faults.order_by("key") if row.pk not in gone]
    return [(version.plan.code, fault) for fault in (*kept, *changed.come)]


def _is_as_then(scope: Scope, last: ConflictRun) -> bool:
    """Whether draft, rules and decisions are those of a run."""
    rules = {rule.code: rule.version for rule in conflict_rules()}
    edits = scope.version.edits if scope.version is not None and scope.draft is not None else 0
    return last.rules == rules and last.edits == edits


def _since(scope: Scope, last: ConflictRun, moment: Moment) -> Touched | None:
    """Return what was touched since a run; None where that may be everything."""
    if last.rules != {rule.code: rule.version for rule in conflict_rules()}:
        return None
    if _days_matter(last.on, moment.on):
        return None
    recorded = _of_record(scope, last.revision, moment.revision)
    if recorded is None:
        return None
    recorded = np.vstack([recorded, _of_decisions(last)])
    boxes, drawn = recorded, frozenset[str]()
    if scope.draft is not None:
        around, drawn = _of_edits(scope.draft, last.edits)
        boxes = np.vstack([boxes, around])
    if len(boxes) > MANY_BOXES or _share(scope, boxes) > LARGE_SHARE:
        return None
    return Touched(boxes, recorded, drawn)


def _days_matter(last: dt.date, now: dt.date) -> bool:
    """Whether something begins or ends in between: rows, or rules."""
    if now == last:
        return False
    if now < last or AwaitedDay.objects.filter(day__gt=last, day__lte=now).exists():
        return True
    return any(rule.holds_on(last) != rule.holds_on(now) for rule in conflict_rules())


def _of_record(scope: Scope, since: int, until: int) -> Boxes | None:
    """Return the boxes in which the record changed near the scope; None for everywhere.

    A revision that noted no place changed something that is on no map: everything.
    """
    if since == until:
        return np.empty((0, 4))
    with connection.cursor() as cursor:
        cursor.execute(_UNPLACED, {"since": since, "until": until})
        if cursor.fetchone()[0]:
            return None
        if scope.draft is None:
            # Whether zones in force still form one is found out plan by plan.
            cursor.execute(_REDRAWN, {"since": since, "until": until})
            if cursor.fetchone()[0]:
                return None
        cursor.execute(
            _CHANGED,
            {
                "since": since,
                "until": until,
                "derived": list(DERIVED),
                "works": list(_WORKS),
                "reach": [widest_m(kind, revision=until) for kind in _WORKS.values()],
            },
        )
        boxes = np.array(cursor.fetchall(), dtype=float).reshape(-1, 4)
    if scope.version is None or not len(boxes):
        return boxes
    west, south, east, north = scope.version.extent.extent
    apart = (boxes[:, 0] > east) | (boxes[:, 2] < west)
    apart |= (boxes[:, 1] > north) | (boxes[:, 3] < south)
    return np.asarray(boxes[~apart])


def _of_decisions(last: ConflictRun) -> Boxes:
    """Return the boxes of decisions on precedence that a run cannot have known."""
    newer = PrecedenceDecision.objects.filter(at__gte=last.started_at or last.asked_at)
    return np.array([decision.ground.extent for decision in newer], dtype=float).reshape(-1, 4)


def _of_edits(version: PlanVersion, since: int) -> tuple[Boxes, frozenset[str]]:
    """Return where edits after number `since` drew, before and after, and the zones now gone."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAWN, {"version": version.pk, "since": since})
        rows = cursor.fetchall()
    boxes = np.array([row[1:5] for row in rows if row[1] is not None], dtype=float)
    return boxes.reshape(-1, 4), frozenset(f"zone:{row[0]}" for row in rows)


def _of_draft(version: PlanVersion, draft: Draft) -> Touched:
    """Return what an edit would touch."""
    shapes = [zone.boundary for zone in (*draft.before.values(), *draft.after.values())]
    boxes = np.array([shape.extent for shape in shapes], dtype=float).reshape(-1, 4)
    instead: dict[str, ZoneRow | None] = {str(uid): None for uid in draft.removed}
    for uid, zone in draft.after.items():
        content = tuple(getattr(zone, name) for name in CONTENT)
        instead[str(uid)] = ZoneRow(
            str(uid),
            version.plan.code,
            True,
            version.plan.level,
            content,
            to_shapely(zone.boundary),
        )
    drawn = frozenset(f"zone:{uid}" for uid in instead)
    return Touched(boxes, drawn=drawn, instead=instead)


def _look_again(
    scope: Scope, last: ConflictRun, moment: Moment, touched: Touched, by: User | None
) -> ConflictRun:
    """Judge what was touched, and keep the results as those of a partial run."""
    started = timezone.now()
    gathered = gather(scope, moment, touched)
    found = _found(
        scope, moment, judge(gathered.facts, conflict_rules(), workers=WORKERS), gathered
    )
    edits = _edits_of_zones(scope, last)
    run = ConflictRun.objects.create(
        version_id=last.version_id,
        kind=RunKind.PARTIAL,
        state=RunState.RUNNING,
        on=moment.on,
        by=by,
        started_at=started,
        edit_id=max(edits.values(), default=None),
    )
    keep_results(run, moment, found, edits=gathered.edits, judged=gathered.judged, edit_of=edits)
    return run


def _found(
    scope: Scope, moment: Moment, findings: list[Finding], gathered: Gathered
) -> list[Found]:
    on_ground = [one for one in findings if one.ground is not None]
    parcels = gathered.facts.parcels
    if parcels is None:
        parcels = parcels_near(scope, moment, boxes_of(on_ground))
    elif unknown := _beyond(on_ground, gathered.area):
        parcels = parcels.with_more(parcels_near(scope, moment, boxes_of(unknown)))
    return touched_by(findings, parcels, on=moment.on, revision=moment.revision)


def _beyond(findings: list[Finding], area: Area) -> list[Finding]:
    """Return the findings on whose ground may be plots that are not among the facts of an area."""
    if area.plots is None:
        return []
    known = shapely.union_all(shapely.box(*area.plots.T))
    shapely.prepare(known)
    is_known = shapely.covers(known, [one.ground for one in findings])
    return [one for one, inside in zip(findings, is_known, strict=True) if not inside]


def _edits_of_zones(scope: Scope, last: ConflictRun) -> dict[str, int]:
    """Return after which edit each zone changed last, of those that did since a run."""
    if scope.draft is None:
        return {}
    edits = DraftEdit.objects.filter(version_of=scope.draft, number__gt=last.edits)
    # By their numbers: asked in one question all states of the draft are read.
    numbers = list(edits.order_by("number").values_list("pk", flat=True))
    states = DraftZoneState.objects.filter(edit__in=numbers).values_list("uid", "edit_id")
    latest: dict[str, int] = {}
    for uid, edit in sorted(states, key=lambda state: numbers.index(state[1])):
        latest[f"zone:{uid}"] = edit
    return latest


def _standing(version_id: int, judged: Judged) -> dict[uuid.UUID, uuid.UUID]:
    """Return the names and keys of the conflicts that stand of what was judged."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"version": version_id, **judged_values(judged)})
        return dict(cursor.fetchall())


def _balanced(before: dict[str, float], draft: Draft) -> dict[str, float]:
    after = dict(before)
    for sign, zones in ((-1, draft.before.values()), (1, draft.after.values())):
        for zone in zones:
            after[zone.function] = after.get(zone.function, 0.0) + sign * zone.boundary.area
    return after


def _share(scope: Scope, boxes: Boxes) -> float:
    """Return about how much of the scope lies in boxes: their area by that of its own box."""
    if not len(boxes):
        return 0.0
    size_m2 = shapely.union_all(shapely.box(*boxes.T)).area
    if scope.version is None:
        with connection.cursor() as cursor:
            cursor.execute(_CITY_M2)
            whole = cursor.fetchone()[0] or 0.0
    else:
        west, south, east, north = scope.version.extent.extent
        whole = (east - west) * (north - south)
    return float(size_m2 / whole) if whole else 1.0


_UNPLACED = """
    SELECT EXISTS (
        SELECT FROM landdata_revision r WHERE r.number > %(since)s AND r.number <= %(until)s
        AND NOT EXISTS (SELECT FROM landdata_changedarea c WHERE c.revision_id = r.number)
    )
"""
_REDRAWN = """
    SELECT EXISTS (
        SELECT FROM landdata_changedarea
        WHERE revision_id > %(since)s AND revision_id <= %(until)s AND layer = 'zones'
    )
"""
# Changes of works count as far as their corridors reach. A corner moves by some centimetres where
# its box is taken to another system: a metre is more.
_CHANGED = f"""
    SELECT ST_XMin(b.box), ST_YMin(b.box), ST_XMax(b.box), ST_YMax(b.box)
    FROM landdata_changedarea c
    CROSS JOIN LATERAL (
        SELECT ST_Expand(
            ST_Transform(c.extent_3857, {settings.STORAGE_SRID}),
            1 + coalesce((
                SELECT w.reach_m FROM unnest(%(works)s::text[], %(reach)s::float8[])
                    AS w (layer, reach_m) WHERE w.layer = c.layer
            ), 0)
        ) AS box
    ) b
    WHERE c.revision_id > %(since)s AND c.revision_id <= %(until)s
        AND c.layer <> ALL(%(derived)s)
"""  # noqa: S608 - our own numbers
_DRAWN = """
    WITH changed AS (
        SELECT s.uid, min(s.version) AS first FROM planning_draftzonestate s
        WHERE s.version_of_id = %(version)s AND s.edit_id = ANY(ARRAY(
            SELECT e.id FROM planning_draftedit e
            WHERE e.version_of_id = %(version)s AND e.number > %(since)s
        ))
        GROUP BY s.uid
    )
    SELECT s.uid::text, ST_XMin(s.boundary), ST_YMin(s.boundary), ST_XMax(s.boundary),
        ST_YMax(s.boundary)
    FROM planning_draftzonestate s JOIN changed c ON c.uid = s.uid
    WHERE s.version_of_id = %(version)s AND s.version >= c.first - 1
"""
_STANDING = f"""
    SELECT c.identity, c.key FROM planning_conflict c
    JOIN planning_conflictfinding f ON f.conflict_id = c.key AND f.to_run IS NULL
    WHERE c.version_id = %(version)s AND {OF_JUDGED}
"""  # noqa: S608 - our own words
_CITY_M2 = """
    SELECT (ST_XMax(b) - ST_XMin(b)) * (ST_YMax(b) - ST_YMin(b))
    FROM (SELECT ST_Extent(boundary) AS b FROM planning_planterritory WHERE to_revision IS NULL) e
"""
