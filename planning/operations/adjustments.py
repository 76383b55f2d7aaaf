"""Beginning to adjust a plan that is in force."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely
from django.conf import settings
from django.db import transaction

from landdata.errors import Forbidden, Invalid, Missing
from landdata.geometry import surfaces, to_multipolygon, to_shapely
from planning.models import (
    CONTENT_FIELDS,
    Adjustment,
    DraftZone,
    Plan,
    PlanStatus,
    PlanTerritory,
    PlanVersion,
    Zone,
)
from planning.operations.draft_edits import begin_history
from planning.permissions import may_draft

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.contrib.gis.geos import MultiPolygon
    from shapely.geometry.base import BaseGeometry

    from accounts.models import User

#: What is left of a zone at the edge of an extent and is no zone, in m².
_CRUMB_M2 = 0.01


@dataclass(frozen=True, kw_only=True)
class AdjustmentPlan:
    """What a planner says of the adjustment that begins."""

    kind: Adjustment
    name_vi: str
    name_en: str
    #: The first day on which it shall hold.
    valid_from: dt.date
    #: The ground it decides on; None: all of the plan.
    extent: MultiPolygon | None = None


@transaction.atomic
def begin_adjustment(
    *, plan_code: str, adjustment: AdjustmentPlan, by: User, on: dt.date
) -> PlanVersion:
    """Begin a draft with the zones that are in force on its ground, each under its own uid.

    What is in force stays as it is. A zone that straddles the extent comes in with the part inside;
    at publication its remainder goes on outside (Law 47/2024/QH15 art. 46). The decision is not
    there yet: approval asks for it.
    """
    # Two drafts of one plan must not take the same number.
    plan = Plan.objects.select_for_update().filter(code=plan_code).first()
    if plan is None:
        raise Missing("plan", plan=plan_code)
    base = plan.versions.filter(status=PlanStatus.PUBLISHED).order_by("-sequence").first()
    if base is None:
        raise Invalid("nothing_to_adjust", plan=plan_code)
    if adjustment.kind == Adjustment.FIRST:
        raise Invalid("plan_already_in_force", plan=plan_code)
    extent = _extent(plan, adjustment, on)
    if not may_draft(by, on=on, at=extent):
        raise Forbidden("draft_plan", plan=plan_code)
    last = plan.versions.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    version = PlanVersion.objects.create(
        plan=plan,
        sequence=last + 1,
        adjustment=adjustment.kind,
        name_vi=adjustment.name_vi,
        name_en=adjustment.name_en,
        scale=base.scale,
        authority=base.authority,
        decision_number="",
        decision_date=on,
        extent=extent,
        valid_from=adjustment.valid_from,
        data_date=on,
        accuracy_m=base.accuracy_m,
        base=base,
        created_by=by,
    )
    DraftZone.objects.bulk_create(list(_zones(version, plan, on)), batch_size=500)
    begin_history(version, by=by)
    return version


def _extent(plan: Plan, adjustment: AdjustmentPlan, on: dt.date) -> MultiPolygon:
    territories = PlanTerritory.objects.known_now().valid_on(on).filter(plan=plan)
    whole = shapely.union_all([to_shapely(row.boundary) for row in territories])
    if whole.is_empty:
        raise Invalid("nothing_to_adjust", plan=plan.code)
    if adjustment.extent is None:
        if adjustment.kind == Adjustment.LOCAL:
            raise Invalid("adjustment_undrawn")
        return to_multipolygon(whole, settings.STORAGE_SRID)
    drawn = surfaces(to_shapely(adjustment.extent).intersection(whole))
    if drawn.area <= _CRUMB_M2:
        raise Invalid("adjustment_outside_plan", plan=plan.code)
    return to_multipolygon(drawn, settings.STORAGE_SRID)


def _zones(version: PlanVersion, plan: Plan, on: dt.date) -> Iterator[DraftZone]:
    extent = to_shapely(version.extent)
    shapely.prepare(extent)
    rows = (
        Zone.objects.known_now()
        .valid_on(on)
        .filter(plan=plan, boundary__intersects=version.extent)
        .order_by("uid", "pk")
    )
    # A zone that an earlier adjustment cut in two is two rows.
    for uid, same in itertools.groupby(rows, key=lambda row: row.uid):
        parts = list(same)
        boundary = _inside([to_shapely(part.boundary) for part in parts], extent)
        if boundary.area <= _CRUMB_M2:
            continue
        yield DraftZone(
            version_of=version,
            uid=uid,
            based_on=parts[0],
            boundary=to_multipolygon(boundary, settings.STORAGE_SRID),
            **{name: getattr(parts[0], name) for name in CONTENT_FIELDS},
        )


def _inside(parts: list[BaseGeometry], extent: BaseGeometry) -> BaseGeometry:
    """Return the ground inside the extent. A zone that lies inside keeps its very coordinates."""
    shape = parts[0] if len(parts) == 1 else surfaces(shapely.union_all(parts))
    return shape if extent.covers(shape) else surfaces(shape.intersection(extent))
