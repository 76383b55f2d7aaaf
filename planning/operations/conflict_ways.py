"""Ways out of a conflict of a draft. They only propose; the planner sends one as an edit."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import shapely
from django.conf import settings
from django.utils.translation import get_language, gettext

from landdata.errors import Invalid
from landdata.geometry import to_multipolygon, to_shapely
from planning import topology
from planning.conflict_parties import party_values
from planning.conflict_queries import code_names, conflict_values
from planning.conflict_rules import rules_by_code
from planning.conflicts import ways, words
from planning.conflicts.records import PartyKind
from planning.conflicts.ways import Action, Way
from planning.editing.records import Change
from planning.functions import functions_in
from planning.models import Conflict, ConflictFinding, ConflictRun, PlanVersion
from planning.operations.conflict_runs import last_run
from planning.operations.conflict_work import what_if
from planning.operations.draft_faults import fault_values, meets_boxes
from planning.topology.boundaries import as_surface
from planning.topology.shapes import as_array, mean_width_m, place_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    from planning.conflict_touch import Found
    from planning.conflicts.records import Rule
    from planning.models import DraftZone
    from planning.operations.conflict_work import Effect

#: What ground along a corridor becomes: belts that separate and protect (TT 16/2025/TT-BXD).
KEPT_FREE: Final = "DAT_Cayxanhchuyendung"
#: So many ways are worked out and shown at most; each is tried against the whole catalogue.
MOST_WAYS: Final = 5
#: New and solved conflicts of one way that are told.
_MOST_TOLD: Final = 50
#: What of a zone a new one beside it takes over. People are counted once.
_TAKEN_OVER: Final = ("land_use_code", "density", "storeys", "floor_area_ratio", "note")
#: Judges whose findings are ground that another plan has, and such that are ground to be kept free.
_TRIMMED: Final = ("same_level_overlap", "outside_parent")
_KEPT_AWAY: Final = ("corridor_restricts", "sited_too_near", "ground_too_steep", "ground_floods")
_OF_FAULTS: Final = {
    "give_to": Action.SHIFT,
    "join_to": Action.SHIFT,
    "take_from": Action.TRIM,
    "trim": Action.TRIM,
    "mend": Action.TRIM,
}


@dataclass(frozen=True, eq=False)
class _Case:
    """A conflict with what lies around it in its draft."""

    version: PlanVersion
    rule: Rule
    finding: ConflictFinding
    ground: BaseGeometry | None
    #: Zones of the draft that take part, by name, the one to be changed first.
    own: Sequence[str]
    around: dict[str, DraftZone]
    shapes: dict[str, BaseGeometry]
    extent: BaseGeometry

    @property
    def functions(self) -> set[str]:
        """What zones of this plan may be meant for."""
        version = self.version
        return functions_in(version.plan.level, {version.valid_from, version.data_date})


def ways_for(conflict: Conflict) -> list[dict[str, Any]]:
    """Return the ways out of a conflict, the likeliest first, each with what it would do.

    None of a conflict that is solved, that is not about a draft which can be changed, or that no
    drawing solves.
    """
    case = _case(conflict)
    if case is None:
        return []
    found = []
    for way in _proposals(case):
        told = _told(case, way)
        if told is not None:
            found.append(told)
        if len(found) == MOST_WAYS:
            break
    return found


def _case(conflict: Conflict) -> _Case | None:
    version, rule = conflict.version, rules_by_code().get(conflict.rule)
    finding = conflict.findings.filter(to_run=None).first()
    if version is None or rule is None or finding is None or not version.is_editable:
        return None
    named = [key.partition("@")[0] for kind, key in conflict.parties if kind == PartyKind.ZONE]
    rows = {str(zone.uid): zone for zone in version.drafts.filter(uid__in=named)}
    ground = None if finding.ground is None else to_shapely(finding.ground)
    boxes = [to_shapely(zone.boundary).bounds for zone in rows.values()]
    if ground is not None:
        boxes.append(ground.bounds)
    if not boxes:
        return None
    near = {str(zone.uid): zone for zone in version.drafts.filter(meets_boxes(boxes))}
    own = [name for name in dict.fromkeys(named) if name in rows]
    if not own and ground is not None:
        # A conflict of whole plans: whoever has part of the ground.
        own = [name for name, zone in near.items() if to_shapely(zone.boundary).intersects(ground)]
    boxes = [to_shapely(near[name].boundary).bounds for name in own if name in near]
    if boxes:
        near |= {str(zone.uid): zone for zone in version.drafts.filter(meets_boxes(boxes))}
    around = {**near, **rows}
    shapes = {name: to_shapely(zone.boundary) for name, zone in around.items()}
    extent = to_shapely(version.extent)
    return _Case(version, rule, finding, ground, own, around, shapes, extent)


def _proposals(case: _Case) -> Iterator[Way]:
    """Yield what may be tried, by what the rule is about."""
    if case.rule.judge == "fault":
        yield from _repairs(case)
    elif case.rule.judge == "digitised_apart":
        yield from _snaps(case)
    elif case.ground is None or not case.own:
        return
    elif case.rule.judge in ("function_differs", "land_use_differs"):
        yield from _divisions(case, str(case.finding.values.get("above_function", "")))
        yield from _shifts(case, case.own[0])
    elif case.rule.judge in _TRIMMED:
        yield from _some(ways.trim(case.own, case.ground, case.shapes, case.extent))
    elif case.rule.judge in _KEPT_AWAY:
        yield from _divisions(case, KEPT_FREE, Action.SHIFT)
        yield from _shifts(case, case.own[0])


def _divisions(case: _Case, function: str, action: Action = Action.SPLIT) -> Iterator[Way]:
    """Yield the part in conflict as a zone of its own, or the zone with another function."""
    name, ground = case.own[0], case.ground
    zone = case.around[name]
    if ground is None or function not in case.functions or function == zone.function:
        return
    if ways.wholly_within(as_surface(case.shapes[name]), ground):
        yield ways.change_function(name, function, case.shapes)
        return
    content = {field: getattr(zone, field) for field in _TAKEN_OVER if action == Action.SPLIT}
    content |= {"function": function, "label": zone.label}
    yield from _some(
        ways.part(action, name, ground, (str(uuid.uuid4()), content), case.shapes, case.extent)
    )


def _shifts(case: _Case, name: str) -> Iterator[Way]:
    if case.ground is None:
        return
    for taker in ways.best_neighbours(name, case.ground, case.shapes):
        if taker not in case.own:
            yield from _some(ways.shift(name, case.ground, taker, case.shapes, case.extent))


def _snaps(case: _Case) -> Iterator[Way]:
    """Yield the edge moved onto the one that the upper level drew."""
    parties = [tuple(party) for party in case.finding.conflict.parties]
    others = [p for p in parties if p[1].partition("@")[0] not in case.own]
    drawn = party_values(others, version_id=None, is_drawn=True)
    outlines = [
        shapely.boundary(shapely.from_geojson(json.dumps(drawn[p]["boundary"])))
        for p in dict.fromkeys(others)
        if drawn[p]["boundary"] is not None
    ]
    if not outlines or not case.own:
        return
    within_m = float(case.rule.parameters.get("width_m", topology.SLIVER_WIDTH_M))
    edge = shapely.union_all(as_array(outlines))
    if case.ground is not None:
        # Of the upper edges only the stretch where the two run beside each other.
        beside = shapely.buffer(case.ground, within_m)
        edge = shapely.intersection(edge, beside)
    for name in case.own:
        yield from _some(ways.snap(name, edge, within_m, case.shapes, case.extent))


def _repairs(case: _Case) -> Iterator[Way]:
    """Yield the repairs of a fault of the drawing as ways."""
    kind = topology.Kind(str(case.rule.parameters.get("kind", topology.Kind.OVERLAP)))
    ground = case.ground
    place = case.finding.place.coords if ground is None else place_in(ground)
    fault = topology.Fault(
        kind=kind,
        zones=tuple(sorted(case.own)),
        area_m2=case.finding.area_m2,
        width_m=0.0 if ground is None else float(mean_width_m(ground)),
        place=(place[0], place[1]),
        ground=None if ground is None else as_surface(ground),
    )
    for way in topology.ways_out(fault, case.shapes, case.extent):
        to = way.zone if _OF_FAULTS[way.code] == Action.SHIFT else ""
        yield Way(_OF_FAULTS[way.code], way.zone, way.area_m2, boundaries=way.changes, to=to)


def _some(way: Way | None) -> Iterator[Way]:
    if way is not None:
        yield way


def _told(case: _Case, way: Way) -> dict[str, Any] | None:
    """Return a way ready to be written as JSON; None if it could not be an edit."""
    versions = {name: zone.version for name, zone in case.around.items()}
    changes = ways.changes_of(way, versions)
    try:
        effect = what_if(case.version, [_as_change(one) for one in changes])
    except Invalid:
        # E.g. a function that the plan's level does not know: then it is no way out.
        return None
    return {
        "action": str(way.action),
        "text": _text(case, way),
        "changes": changes,
        "boundary_after": [
            {"uid": one["uid"], "boundary": one["boundary"]} for one in changes if "boundary" in one
        ],
        "opens": [fault_values(fault) for fault in way.opens],
        "effect": _effect(case, effect),
    }


def _as_change(change: dict[str, Any]) -> Change:
    boundary = change.get("boundary")
    return Change(
        uid=uuid.UUID(change["uid"]),
        based_on=change["based_on"],
        boundary=None
        if boundary is None
        else to_multipolygon(shapely.geometry.shape(boundary), settings.STORAGE_SRID),
        content=change.get("content", {}),
        is_removed=change.get("is_removed", False),
    )


def _effect(case: _Case, effect: Effect) -> dict[str, Any]:
    solved = (
        ConflictFinding.objects.filter(conflict__in=effect.solved, to_run=None)
        .select_related("conflict__first_run", "conflict__by_edit__by", "conflict__assigned_to")
        .order_by("-area_m2", "pk")
    )
    run = last_run(case.version.pk)
    functions = sorted({*effect.balance_before, *effect.balance_after})
    changed = [
        {
            "function": function,
            "before_m2": effect.balance_before.get(function, 0.0),
            "after_m2": effect.balance_after.get(function, 0.0),
        }
        for function in functions
    ]
    new = [_unsaved(case, one, run) for one in effect.new[:_MOST_TOLD]] if run else []
    return {
        "new": conflict_values(new),
        "solved": conflict_values(list(solved[:_MOST_TOLD])),
        "unchanged": effect.unchanged,
        "balance": [
            one
            for one in changed
            if abs(one["after_m2"] - one["before_m2"]) > ways.NOTHING_M2  # type: ignore[operator]
        ],
    }


def _unsaved(case: _Case, found: Found, run: ConflictRun) -> ConflictFinding:
    """Return a finding that would come, as if a run had found it."""
    finding = found.finding
    rule = rules_by_code()[finding.rule]
    conflict = Conflict(
        version=case.version,
        identity=finding.identity,
        rule=finding.rule,
        family=rule.family,
        parties=[[str(party.kind), party.key] for party in finding.parties],
        keys=list(finding.keys),
        first_run=run,
    )
    ground = finding.ground
    return ConflictFinding(
        conflict=conflict,
        version=case.version,
        from_run=run.number or 0,
        severity=str(finding.severity),
        ground=None if ground is None else to_multipolygon(ground, settings.STORAGE_SRID),
        place=_point(finding.place),
        area_m2=finding.area_m2,
        parcels=found.parcels,
        people=found.people,
        wards=list(found.wards),
        values=dict(finding.values),
    )


def _point(place: tuple[float, float]) -> Any:
    from django.contrib.gis.geos import Point

    return Point(*place, srid=settings.STORAGE_SRID)


def _text(case: _Case, way: Way) -> str:
    """Return what a planner reads of a way, with what has to be said of the gap it leaves."""
    language = "en" if (get_language() or "").startswith("en") else "vi"
    names = code_names(language)
    content = next(iter(way.content.values()), {})
    code = f"conflict_way.{way.action}"
    if way.action == Action.SHIFT:
        code += "_to" if way.to in case.around else "_free"
    said = gettext(code) % {
        "zone": _name(case, way.zone, names),
        "to": _name(case, way.to, names),
        "function": words.value("function", content.get("function", ""), language, names),
        "area": f"{words.number(way.area_m2, language)} m²",
    }
    left = sum(fault.area_m2 for fault in way.opens)
    if not way.opens:
        return said
    area = f"{words.number(left, language)} m²"
    return f"{said} {gettext('conflict_way.opens') % {'many': len(way.opens), 'area': area}}"


def _name(case: _Case, name: str, names: dict[str, str]) -> str:
    zone = case.around.get(name)
    if zone is None:
        return ""
    return (
        zone.label
        or names.get(f"function.{zone.function}")
        or names.get(zone.function, zone.function)
    )
