"""Ways out of a fault that a planner can take as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from planning.topology.after_edit import recheck
from planning.topology.boundaries import as_surface
from planning.topology.corners import share_corners
from planning.topology.faults import OVERLAP_M2, Fault, Kind
from planning.topology.shapes import AROUND_M, as_array, surfaces, together
from planning.topology.worse import worsened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shapely.geometry import LinearRing
    from shapely.geometry.base import BaseGeometry

    from planning.topology.shapes import Surface

    Zones = Mapping[str, BaseGeometry | None]
    Changes = dict[str, Surface | None]

#: To how many neighbours ground is offered, those with most boundary in common first.
NEIGHBOURS: Final = 3


class WayOut(NamedTuple):
    """One way to repair a fault."""

    #: give_to: the gap becomes part of `zone`. take_from: `zone` gives up the shared ground.
    #: join_to: the splinter becomes part of `zone`. trim: `zone` ends where the plan ends.
    #: mend: `zone` becomes what can be made of its boundary.
    code: str
    #: New boundaries, None for a zone of which nothing is left. Neighbours are among them that
    #: only get the corners that keep their edges shared.
    changes: dict[str, Surface | None]
    #: How much ground changes hands.
    area_m2: float
    zone: str


def ways_out(fault: Fault, zones: Zones, extent: BaseGeometry) -> list[WayOut]:
    """Return the repairs that solve a fault and make nothing worse, the most likely one first.

    `zones` must hold those that the fault names and every zone whose box meets the box of one of
    them. It may hold more, even the whole plan.
    """
    extent = as_surface(extent)
    return [
        WayOut(code, changes, fault.area_m2, zone)
        for code, zone, drawn in _proposals(fault, zones, extent)
        if (changes := _tried(fault, drawn, zones, extent)) is not None
    ]


def _proposals(
    fault: Fault, zones: Zones, extent: BaseGeometry
) -> Iterator[tuple[str, str, Changes]]:
    """Give (code, zone, changes) of what may be tried."""
    grounds = {name: as_surface(zones[name]) for name in fault.zones if name in zones}
    match fault.kind:
        case Kind.GAP:
            for name in neighbours(fault.surface, grounds):
                yield "give_to", name, {name: joined(grounds[name], fault.surface)}
        case Kind.OVERLAP:
            one, other = fault.zones
            for name, stays in ((one, other), (other, one)):
                left = shapely.difference(grounds[name], grounds[stays])
                yield "take_from", name, {name: solid(left)}
        case Kind.SLIVER:
            (name,) = fault.zones
            rest = solid(shapely.difference(grounds[name], fault.surface))
            others = _touching(fault.surface, zones, except_for=name)
            for neighbour in neighbours(fault.surface, others):
                larger = joined(others[neighbour], fault.surface)
                yield "join_to", neighbour, {name: rest, neighbour: larger}
        case Kind.OUTSIDE:
            (name,) = fault.zones
            yield "trim", name, {name: solid(shapely.intersection(grounds[name], extent))}
        case Kind.INVALID:
            (name,) = fault.zones
            if fault.ground is not None:
                yield "mend", name, {name: solid(grounds[name])}


def _touching(ground: BaseGeometry, zones: Zones, *, except_for: str) -> dict[str, Surface]:
    near = meeting(shapely.envelope(ground), zones)
    return {name: as_surface(shape) for name, shape in near.items() if name != except_for}


def meeting(boxes: BaseGeometry, zones: Zones) -> Zones:
    """Return the zones whose box meets one of the boxes, which are one shape."""
    shapely.prepare(boxes)
    meets = shapely.dwithin(boxes, shapely.envelope(as_array(zones.values())), AROUND_M)
    return {name: zones[name] for name, is_near in zip(zones, meets, strict=True) if is_near}


def neighbours(ground: BaseGeometry, grounds: Mapping[str, BaseGeometry]) -> list[str]:
    """Return the zones with most boundary in common with the ground, the longest first."""
    outline = shapely.boundary(ground)
    names = list(grounds)
    clipped = shapely.buffer(as_array(grounds.values()), AROUND_M, quad_segs=1)
    common_m = shapely.length(shapely.intersection(outline, clipped))
    # What only touches in a corner has but the width of the buffer in common.
    found = [k for k in np.argsort(-common_m, kind="stable") if common_m[k] > 100 * AROUND_M]
    return [names[k] for k in found[:NEIGHBOURS]]


def joined(ground: BaseGeometry, other: BaseGeometry) -> Surface | None:
    """Return two surfaces as one."""
    # Where a corner of one lies on an edge of the other they may be apart by rounding.
    return solid(shapely.union(ground, shapely.snap(other, ground, AROUND_M)))


def solid(shape: BaseGeometry) -> Surface | None:
    """Return a surface without what is only rounding, holes too; None if nothing is left."""
    parts = surfaces(shape)
    if not len(parts):
        return None
    return together(
        as_array(
            shapely.Polygon(part.exterior, [h for h in part.interiors if _is_hole(h)])
            for part in parts
        )
    )


def _is_hole(ring: LinearRing) -> bool:
    return len(surfaces(shapely.Polygon(ring))) > 0


def _tried(fault: Fault, drawn: Changes, zones: Zones, extent: BaseGeometry) -> Changes | None:
    """Return the changes with shared corners if they solve the fault and worsen nothing."""
    before = {name: zones[name] for name in drawn}
    shapes = [as_surface(s) for s in (*drawn.values(), *before.values())]
    boxes = shapely.union_all(shapely.envelope(as_array(s for s in shapes if not s.is_empty)))
    around = meeting(boxes, zones)
    present = {name: shape for name, shape in drawn.items() if shape is not None}
    # An invalid neighbour would be mended by the way, which is another repair.
    standing = {
        name: as_surface(shape)
        for name, shape in around.items()
        if name not in drawn and shape is not None and shape.is_valid
    }
    old = {name: as_surface(shape) for name, shape in before.items()}
    changes = drawn | share_corners(old, present, standing)

    before = {name: zones[name] for name in changes}
    after = {name: shape for name, shape in changes.items() if shape is not None}
    more = shapely.union_all(shapely.envelope(as_array(as_surface(s) for s in before.values())))
    near = meeting(shapely.union(boxes, more), zones)
    # What is faulty around here already, over the ground of both the old and the new boundaries.
    drawings = {f"\0{name}": shape for name, shape in after.items()}
    now = recheck([fault], before={**before, **drawings}, after=before, near=near, extent=extent)
    then = recheck([*now.come, *now.kept], before=before, after=after, near=near, extent=extent)
    if worsened(then.gone, then.come) or any(_is_left(fault, f) for f in (*then.come, *then.kept)):
        return None
    return changes


def _is_left(fault: Fault, found: Fault) -> bool:
    """Say whether what was found is the fault, or a rest of it."""
    if fault.kind != found.kind or (fault.kind != Kind.GAP and fault.zones != found.zones):
        return False
    if fault.ground is None or found.ground is None:
        return True
    common = shapely.area(shapely.intersection(fault.ground, found.ground))
    return bool(common > min(OVERLAP_M2, fault.area_m2 / 2))
