"""Ways to repair a fault of a draft. They only propose; the planner sends one as an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext

from landdata.errors import Missing
from landdata.geometry import to_multipolygon, to_shapely
from planning import topology
from planning.editing.as_values import surface
from planning.editing.faults import fault_of
from planning.operations.draft_faults import meets_boxes

if TYPE_CHECKING:
    import uuid

    from planning.models import DraftZone, PlanVersion


def ways_for(version: PlanVersion, key: uuid.UUID) -> list[dict[str, Any]]:
    """Return the ways to repair a fault, the likeliest first, with the zones as they would be.

    Raises Missing where the fault is gone: an edit may have solved it meanwhile.
    """
    row = version.faults.filter(key=key).first()
    if row is None:
        raise Missing("draft_fault")
    fault = fault_of(row)
    named = list(version.drafts.filter(uid__in=row.zones))
    # What a way does to these it has to be seen to do to nobody else.
    boxes = [to_shapely(zone.boundary).bounds for zone in named]
    around = {str(zone.uid): zone for zone in named}
    if boxes:
        around |= {str(zone.uid): zone for zone in version.drafts.filter(meets_boxes(boxes))}
    shapes = {uid: to_shapely(zone.boundary) for uid, zone in around.items()}
    found = topology.ways_out(fault, shapes, to_shapely(version.extent))
    return [
        {
            "code": way.code,
            "title": gettext(f"way.{way.code}") % {"zone": _name(around[way.zone])},
            "area_m2": way.area_m2,
            "changes": [_change(uid, shape, around) for uid, shape in way.changes.items()],
        }
        for way in found
    ]


def _name(zone: DraftZone) -> str:
    return zone.label or zone.function


def _change(uid: str, shape: Any, around: dict[str, DraftZone]) -> dict[str, Any]:
    change: dict[str, Any] = {"uid": uid, "based_on": around[uid].version}
    if shape is None:
        return {**change, "is_removed": True}
    return {**change, "boundary": surface(to_multipolygon(shape, settings.STORAGE_SRID))}
