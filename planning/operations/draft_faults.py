"""Keeping the list of a draft's faults true while it is edited."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import Point, Polygon
from django.db.models import Q
from shapely.geometry import mapping

from landdata.geometry import to_multipolygon, to_shapely
from planning import topology
from planning.editing.faults import fault_of
from planning.models import DraftFault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shapely.geometry.base import BaseGeometry

    from planning.editing.records import Draft
    from planning.models import DraftEdit, DraftZone, PlanVersion

#: From so many changed zones on the whole plan is checked.
MANY_CHANGED = 500


@dataclass(frozen=True)
class Faults:
    """What an edit does to the faults of a draft."""

    gone: list[DraftFault]
    come: list[topology.Fault]
    #: Of those that come: which the edit opens or makes worse.
    worsened: list[topology.Fault]
    #: Of those that come: which no reason allows, since such a zone cannot be stored.
    refused: list[topology.Fault]

    def write(self, version: PlanVersion, edit: DraftEdit) -> list[DraftFault]:
        """Store the list as the edit leaves it; return what it opened or made worse.

        A fault that is merely cut or joined by the edit keeps the edit that opened it, and with it
        the reason why it was left.
        """
        worse = {id(fault) for fault in self.worsened}
        rows = []
        for fault in self.come:
            row = _row(version, fault)
            row.opened_by = edit if id(fault) in worse else self._opener(fault, edit)
            rows.append(row)
        if self.gone:
            DraftFault.objects.filter(pk__in=[row.pk for row in self.gone]).delete()
        DraftFault.objects.bulk_create(rows, batch_size=500)
        return [row for row, fault in zip(rows, self.come, strict=True) if id(fault) in worse]

    def _opener(self, fault: topology.Fault, edit: DraftEdit) -> DraftEdit:
        """Return the edit that opened the ground which `fault` is what is left of."""
        alike = [
            row
            for row in self.gone
            if row.kind == fault.kind and _ground(row).intersects(_drawn(fault))
        ]
        largest = max(alike, key=lambda row: row.area_m2, default=None)
        return edit if largest is None else largest.opened_by


def recheck_faults(version: PlanVersion, draft: Draft) -> Faults:
    """Return what an edit does to the faults, looking at its surroundings only."""
    before = _shapes(draft.before)
    after = _shapes(draft.after)
    same = [uid for uid in before if uid in after and before[uid].equals_exact(after[uid], 0.0)]
    for uid in same:
        # Only words of the zone changed.
        del before[uid], after[uid]
    if not before and not after:
        return Faults([], [], [], [])
    # With the first edit nothing is known yet: ground that no zone is near is free as well.
    if version.edits == 0 or len(before) + len(after) > MANY_CHANGED:
        return _check_all(version, before, after)
    boxes = [shape.bounds for shape in (*before.values(), *after.values())]
    near = _near(version, boxes, {*before, *after})
    rows = _known(version, boxes, {*before, *after})
    known = [fault_of(row) for row in rows]
    found = topology.recheck(
        known,
        before=before,
        after=after,
        near=near,
        extent=to_shapely(version.extent),
        zones_at=lambda place: _near(version, [place.bounds], {*before, *after}),
    )
    going = {id(fault) for fault in found.gone}
    gone = [row for row, fault in zip(rows, known, strict=True) if id(fault) in going]
    refused = [fault for fault in found.come if fault.kind == topology.Kind.INVALID]
    worsened = topology.worsened(found.gone, found.come)
    return Faults(gone, list(found.come), worsened, refused)


def _check_all(
    version: PlanVersion, before: dict[str, BaseGeometry], after: dict[str, BaseGeometry]
) -> Faults:
    """Check the whole plan: quicker than the surroundings of very many zones."""
    rows = list(version.faults.select_related("opened_by").order_by("key"))
    zones = {
        str(uid): to_shapely(shape)
        for uid, shape in version.drafts.values_list("uid", "boundary")
        if str(uid) not in before
    }
    come = topology.check({**zones, **after}, to_shapely(version.extent))
    refused = [fault for fault in come if fault.kind == topology.Kind.INVALID]
    return Faults(rows, come, topology.worsened([fault_of(row) for row in rows], come), refused)


def fault_values(fault: topology.Fault) -> dict[str, Any]:
    """Return a fault that is not stored, ready to be written as JSON."""
    ground = fault.ground
    return {
        "key": "",
        "kind": fault.kind.value,
        "zones": list(fault.zones),
        "area_m2": fault.area_m2,
        "width_m": fault.width_m,
        "place": list(fault.place),
        "box": list(shapely.Point(fault.place).bounds if ground is None else ground.bounds),
        "boundary": None if ground is None else mapping(_several(ground)),
        "reason": None,
    }


def _several(ground: BaseGeometry) -> BaseGeometry:
    """Return a surface as a multipolygon, as all surfaces of drafts are told."""
    return shapely.MultiPolygon([ground]) if isinstance(ground, shapely.Polygon) else ground


def _shapes(zones: Mapping[uuid.UUID, DraftZone]) -> dict[str, BaseGeometry]:
    return {str(uid): to_shapely(zone.boundary) for uid, zone in zones.items()}


#: More boxes than this are looked up by the one around them all.
_MANY_BOXES = 40


def meets_boxes(boxes: list[tuple[float, float, float, float]], column: str = "boundary") -> Q:
    """Return the condition that the box of a geometry meets one of these."""
    if len(boxes) > _MANY_BOXES:
        boxes = [tuple(shapely.total_bounds([shapely.box(*box) for box in boxes]))]
    meets = Q()
    for box in boxes:
        around = Polygon.from_bbox(box)
        around.srid = settings.STORAGE_SRID
        meets |= Q(**{f"{column}__bboverlaps": around})
    return meets


def _near(
    version: PlanVersion, boxes: list[tuple[float, float, float, float]], without: set[str]
) -> dict[str, BaseGeometry]:
    rows = version.drafts.filter(meets_boxes(boxes)).values_list("uid", "boundary")
    return {str(uid): to_shapely(shape) for uid, shape in rows if str(uid) not in without}


def _known(
    version: PlanVersion, boxes: list[tuple[float, float, float, float]], changed: Iterable[str]
) -> list[DraftFault]:
    of_ours = Q(zones__overlap=[uuid.UUID(uid) for uid in changed])
    gaps = Q(kind=FaultKind.GAP) & meets_boxes(boxes, "ground")
    return list(version.faults.filter(of_ours | gaps).select_related("opened_by").order_by("key"))


def _row(version: PlanVersion, fault: topology.Fault) -> DraftFault:
    ground = fault.ground
    east, north = fault.place
    return DraftFault(
        version_of=version,
        kind=fault.kind.value,
        zones=[uuid.UUID(name) for name in fault.zones],
        area_m2=fault.area_m2,
        width_m=fault.width_m,
        place=Point(east, north, srid=settings.STORAGE_SRID),
        ground=None if ground is None else to_multipolygon(ground, settings.STORAGE_SRID),
    )


def _ground(row: DraftFault) -> BaseGeometry:
    return to_shapely(row.ground if row.ground is not None else row.place)


def _drawn(fault: topology.Fault) -> BaseGeometry:
    return fault.ground if fault.ground is not None else shapely.Point(fault.place)
