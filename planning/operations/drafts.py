"""Beginning a draft and finishing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from landdata.errors import Forbidden, Invalid, Missing
from landdata.geometry import to_shapely
from planning import topology
from planning.functions import functions_of
from planning.indicators import bounds_of
from planning.models import (
    Adjustment,
    DraftZone,
    Plan,
    PlanLevel,
    PlanStatus,
    PlanVersion,
)
from planning.operations.conflict_decisions import check_no_open_conflicts
from planning.operations.draft_edits import begin_history
from planning.permissions import may_approve, may_draft

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from accounts.models import User
    from landdata.models import SourceFile
    from planning.content import PlanContent, ZoneSketch


@dataclass(frozen=True)
class Decision:
    """The decision that approves a plan."""

    number: str
    date: dt.date


@transaction.atomic
def create_draft(
    *,
    plan: PlanContent,
    zones: Sequence[ZoneSketch],
    by: User,
    on: dt.date,
    source_file: SourceFile | None = None,
) -> PlanVersion:
    """Begin a version of a plan from what a dossier says.

    A draft may still contradict itself, since it is there to be worked on; what must hold is
    checked when it is approved. Raises Forbidden outside the person's territory, Invalid for a
    function nobody knows, an adjustment of nothing, or a first version of what is there already.
    """
    if not may_draft(by, on=on, at=plan.extent):
        raise Forbidden("draft_plan", plan=plan.code)
    _check_functions(plan, zones)
    base = (
        PlanVersion.objects.filter(plan__code=plan.code, status=PlanStatus.PUBLISHED)
        .order_by("-sequence")
        .first()
    )
    if plan.adjustment == Adjustment.FIRST and base is not None:
        raise Invalid("plan_already_in_force", plan=plan.code)
    # A general adjustment replaces the whole plan, whether or not the one before ever came here.
    if plan.adjustment == Adjustment.LOCAL and base is None:
        raise Invalid("nothing_to_adjust", plan=plan.code)

    version = PlanVersion.objects.create(
        plan=_plan_of(plan),
        sequence=_next_sequence(plan.code),
        adjustment=plan.adjustment,
        name_vi=plan.name_vi,
        name_en=plan.name_en,
        scale=plan.scale,
        information_code=plan.information_code,
        authority=plan.authority,
        decision_number=plan.decision_number,
        decision_date=plan.decision_date,
        extent=plan.extent,
        valid_from=plan.valid_from,
        valid_to=plan.valid_to,
        data_date=plan.data_date,
        accuracy_m=plan.accuracy_m,
        base=base,
        source_file=source_file,
        created_by=by,
    )
    DraftZone.objects.bulk_create([_draft_zone(version, zone) for zone in zones], batch_size=500)
    begin_history(version, by=by)
    return version


def _plan_of(content: PlanContent) -> Plan:
    """Return the plan with this code, made if it is new."""
    parent = None
    if content.parent_code:
        parent = Plan.objects.filter(code=content.parent_code).first()
        if parent is None:
            raise Missing("parent_plan", plan=content.code, parent=content.parent_code)
    plan, is_new = Plan.objects.get_or_create(
        code=content.code, defaults={"level": content.level, "parent": parent}
    )
    if not is_new and plan.level != content.level:
        raise Invalid("plan_level_differs", plan=plan.code, level=plan.level, given=content.level)
    return plan


def _next_sequence(code: str) -> int:
    # The lock keeps two drafts of one plan from taking the same number.
    Plan.objects.select_for_update().filter(code=code).first()
    last = PlanVersion.objects.filter(plan__code=code).aggregate(last=Max("sequence"))["last"]
    return (last or 0) + 1


def _check_functions(plan: PlanContent, zones: Sequence[ZoneSketch]) -> None:
    unknown = ", ".join(sorted({zone.function for zone in zones} - functions_of(plan))[:5])
    if unknown and plan.level == PlanLevel.LAND_USE:
        raise Invalid("land_use_codes_unknown", codes=unknown)
    if unknown:
        raise Invalid("plan_function_unknown", functions=unknown)


def _draft_zone(version: PlanVersion, zone: ZoneSketch) -> DraftZone:
    return DraftZone(
        version_of=version,
        uid=zone.uid,
        label=zone.label,
        function=zone.function,
        land_use_code=zone.land_use_code,
        density=zone.density,
        storeys=zone.storeys,
        floor_area_ratio=zone.floor_area_ratio,
        **bounds_of(zone.density, zone.storeys, zone.floor_area_ratio),
        population=zone.population,
        note=zone.note,
        boundary=zone.boundary,
        source_row=zone.source_row,
    )


@transaction.atomic
def approve_plan_version(
    *, version_id: int, by: User, on: dt.date, decision: Decision | None = None
) -> PlanVersion:
    """Approve a draft: from here on it no longer changes.

    Two zones that claim the same ground, or one that leaves the plan, could be answered for in
    two ways, so they stop the approval. `decision` is what the draft itself does not say yet: one
    that began here has none. Such a draft must be checked for conflicts as it is now, and none may
    be open that blocks. A dossier that came with its decision records what an authority decided
    elsewhere: its conflicts are told, and undo nothing.
    """
    version = (
        PlanVersion.objects.select_for_update(of=("self",))
        .select_related("plan")
        .filter(pk=version_id)
        .first()
    )
    if version is None:
        raise Missing("plan_version", id=version_id)
    if not may_approve(by, on=on, at=version.extent):
        raise Forbidden("approve_plan", plan=version.plan.code)
    if not version.is_editable:
        raise Invalid("plan_not_draft", plan=version.plan.code)
    if decision is None and not version.decision_number:
        raise Invalid("decision_missing", plan=version.plan.code)
    check_topology(version)
    if decision is not None:
        check_no_open_conflicts(version)
        version.decision_number = decision.number
        version.decision_date = decision.date
    version.status = PlanStatus.APPROVED
    version.approved_by = by
    version.approved_at = timezone.now()
    version.save(
        update_fields=[
            "status",
            "approved_by",
            "approved_at",
            "decision_number",
            "decision_date",
        ]
    )
    return version


def check_topology(version: PlanVersion) -> None:
    """Raise Invalid if draft zones overlap or leave the extent beyond the tolerance."""
    drafts = {str(draft.pk): draft for draft in version.drafts.order_by("pk")}
    shapes = {key: to_shapely(draft.boundary) for key, draft in drafts.items()}
    for fault in topology.check(shapes, to_shapely(version.extent)):
        if fault.kind == topology.Kind.OVERLAP:
            one, other = fault.zones
            raise Invalid(
                "zones_overlap",
                plan=version.plan.code,
                one=str(drafts[one]),
                other=str(drafts[other]),
                m2=round(fault.area_m2, 2),
            )
        if fault.kind == topology.Kind.OUTSIDE:
            raise Invalid(
                "zone_outside_plan",
                plan=version.plan.code,
                zone=str(drafts[fault.zones[0]]),
                m2=round(fault.area_m2, 2),
            )
