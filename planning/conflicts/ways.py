"""Ways out of a conflict on the ground: what a planner could draw instead.

A way only proposes. It says which zones would have which boundaries, so that corners which
neighbours share stay shared and nothing changes but the zone, who takes its ground, and those that
get a corner. Lengths in metres, areas in m², everything in the storage system.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import shapely

from planning.conflicts.snapping import snapped_rings
from planning.topology.after_edit import recheck
from planning.topology.boundaries import as_surface
from planning.topology.corners import share_corners
from planning.topology.faults import SLIVER_WIDTH_M, Fault, Kind
from planning.topology.shapes import AROUND_M, as_array, mean_width_m, surfaces, together
from planning.topology.ways import joined, meeting, neighbours, solid
from planning.topology.worse import worsened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from planning.topology.shapes import Surface

    Zones = Mapping[str, BaseGeometry]
    Changes = dict[str, Surface | None]

#: Ground of less is not worth handing over, in m²: a ten thousandth of what we call an overlap.
NOTHING_M2: Final = 1e-5


class Action(StrEnum):
    """What is done to the zone."""

    #: It ends where the conflict begins, and nobody takes the ground.
    TRIM = "trim"
    #: Its corners move onto an edge that was meant to be the same.
    SNAP = "snap"
    #: The ground goes to a neighbour or becomes a zone that is kept free.
    SHIFT = "shift"
    #: It is divided, and the part in conflict gets another function.
    SPLIT = "split"
    #: It gets another function as a whole.
    FUNCTION = "function"


@dataclass(frozen=True)
class Way:
    """One way out."""

    action: Action
    #: The zone whose conflict it solves.
    zone: str
    #: How much ground changes hands or function, in m².
    area_m2: float
    #: New boundaries of zones that are there, None for one of which nothing is left. Neighbours are
    #: among them that only get the corners that keep their edges shared.
    boundaries: Mapping[str, Surface | None] = field(default_factory=dict)
    #: Zones that are not there yet: boundary by the name that the caller gave.
    new: Mapping[str, Surface] = field(default_factory=dict)
    #: What zones say anew, those that are there and those that are not.
    content: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: Who takes the ground; "" if nobody does.
    to: str = ""
    #: What would be wrong with the plan then and is not now; an edit must say why it may be so.
    opens: tuple[Fault, ...] = ()


def trim(
    names: Sequence[str], ground: BaseGeometry, zones: Zones, extent: BaseGeometry
) -> Way | None:
    """Let zones end where `ground` begins; None if none of them has a part of it.

    `zones` must hold every zone of the plan whose box meets theirs; it may hold more.
    """
    drawn: Changes = {}
    area_m2 = 0.0
    for name in names:
        rest, piece = _cut(as_surface(zones[name]), ground)
        if piece is not None:
            drawn[name] = rest
            area_m2 += piece.area
    if not drawn:
        return None
    return _finished(Action.TRIM, next(iter(drawn)), drawn, zones, extent, area_m2=area_m2)


def shift(
    zone: str, ground: BaseGeometry, to: str, zones: Zones, extent: BaseGeometry
) -> Way | None:
    """Let the edge between a zone and its neighbour `to` move, so that `ground` is the neighbour's.

    None if the zone has no part of the ground, or the neighbour does not touch that part.
    """
    rest, piece = _cut(as_surface(zones[zone]), ground)
    if piece is None or not neighbours(piece, {to: zones[to]}):
        return None
    drawn: Changes = {zone: rest, to: joined(as_surface(zones[to]), piece)}
    return _finished(Action.SHIFT, zone, drawn, zones, extent, area_m2=piece.area, to=to)


def part(
    action: Action,
    zone: str,
    ground: BaseGeometry,
    new: tuple[str, Mapping[str, Any]],
    zones: Zones,
    extent: BaseGeometry,
) -> Way | None:
    """Make a new zone of what a zone has of `ground`: a belt along a corridor, or another function.

    `new` is its name and what it says. None if the zone has no part of the ground, or if nothing of
    the zone were left, where it gets the function as a whole.
    """
    rest, piece = _cut(as_surface(zones[zone]), ground)
    if piece is None or rest is None:
        return None
    name, content = new
    way = _finished(
        action, zone, {zone: rest, name: piece}, zones, extent, area_m2=piece.area, to=name
    )
    return None if way is None else _saying(way, {name: dict(content)})


def change_function(zone: str, function: str, zones: Zones) -> Way:
    """Give a zone another function as a whole."""
    area_m2 = as_surface(zones[zone]).area
    return Way(Action.FUNCTION, zone, area_m2, content={zone: {"function": function}})


def snap(
    zone: str, onto: BaseGeometry, within_m: float, zones: Zones, extent: BaseGeometry
) -> Way | None:
    """Move corners of a zone that lie near the outline of `onto` onto it.

    Neighbours that share a corner move it along, so no gap opens. None if nothing lies near, or if
    what comes out is no plan.
    """
    around = _around([zones[zone]], zones)
    rings = snapped_rings(zone, around, onto, within_m)
    drawn: Changes = {
        name: solid(shape)
        for name, shape in rings.items()
        if not shape.equals_exact(around[name], 0.0)
    }
    if zone not in drawn or not all(shape.is_valid for shape in rings.values()):
        return None
    moved = shapely.symmetric_difference(as_surface(zones[zone]), rings[zone]).area
    if moved < NOTHING_M2:
        return None
    return _finished(Action.SNAP, zone, drawn, zones, extent, area_m2=moved)


def _cut(whole: Surface, ground: BaseGeometry) -> tuple[Surface | None, Surface | None]:
    """Return what is left of a zone without the ground, and its part of it.

    Splinters that the cut would leave go with the part.
    """
    # Ground was computed from the zone; its corners may be off the zone's edges by rounding.
    ground = shapely.snap(as_surface(ground), whole, AROUND_M)
    ground = ground if ground.is_valid else shapely.make_valid(ground, method="structure")
    piece = solid(shapely.intersection(whole, ground))
    if piece is None or piece.area < NOTHING_M2:
        return whole, None
    left = surfaces(shapely.difference(whole, piece))
    thin = mean_width_m(left) < SLIVER_WIDTH_M
    if thin.all():
        return None, whole
    if thin.any():
        piece = solid(shapely.union_all([piece, *left[thin]]))
    return solid(together(left[~thin])), piece


def _around(shapes: list[BaseGeometry], zones: Zones) -> dict[str, Surface]:
    boxes = shapely.union_all(shapely.envelope(as_array(shapes)))
    return {
        name: as_surface(shape)
        for name, shape in meeting(boxes, zones).items()
        if shape is not None and shape.is_valid
    }


def _finished(
    action: Action,
    zone: str,
    drawn: Changes,
    zones: Zones,
    extent: BaseGeometry,
    *,
    area_m2: float,
    to: str = "",
) -> Way | None:
    """Return the way with shared corners, and what it opens; None if a zone would be no surface."""
    before = {name: as_surface(zones[name]) for name in drawn if name in zones}
    present = {name: shape for name, shape in drawn.items() if shape is not None}
    around = _around([*before.values(), *present.values()], zones)
    standing = {name: shape for name, shape in around.items() if name not in drawn}
    old = {name: before.get(name, shapely.Polygon()) for name in present}
    changes = drawn | share_corners(old, present, standing)
    opens = _opened(changes, zones, as_surface(extent))
    if any(fault.kind == Kind.INVALID for fault in opens):
        return None
    return Way(
        action,
        zone,
        float(area_m2),
        boundaries={name: shape for name, shape in changes.items() if name in zones},
        new={n: shape for n, shape in changes.items() if n not in zones and shape is not None},
        to=to,
        opens=opens,
    )


def _opened(changes: Changes, zones: Zones, extent: Surface) -> tuple[Fault, ...]:
    before = {name: zones[name] for name in changes if name in zones}
    after = {name: shape for name, shape in changes.items() if shape is not None}
    near = _around([*before.values(), *after.values()], zones)
    # What is faulty already, over the ground of both the old and the new boundaries.
    drawings = {f"\0{name}": shape for name, shape in after.items()}
    now = recheck([], before={**before, **drawings}, after=before, near=near, extent=extent)
    then = recheck(now.come, before=before, after=after, near=near, extent=extent)
    return tuple(worsened(then.gone, then.come))


def _saying(way: Way, content: Mapping[str, Mapping[str, Any]]) -> Way:
    return Way(
        *(way.action, way.zone, way.area_m2, way.boundaries, way.new, content, way.to, way.opens)
    )


def best_neighbours(zone: str, ground: BaseGeometry, zones: Zones) -> list[str]:
    """Return who could take the zone's part of the ground: most common boundary first."""
    _, piece = _cut(as_surface(zones[zone]), ground)
    if piece is None:
        return []
    others = {name: shape for name, shape in _around([piece], zones).items() if name != zone}
    return neighbours(piece, others)


def wholly_within(zone: Surface, ground: BaseGeometry) -> bool:
    """Say whether so much of a zone lies on the ground that no zone would be left beside it."""
    rest, piece = _cut(as_surface(zone), ground)
    return piece is not None and rest is None


def changes_of(way: Way, versions: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return a way in the shape of an edit's `changes`; `versions` are those of the zones now.

    Boundaries are MultiPolygons as GeoJSON in the storage system.
    """
    names = sorted({*way.boundaries, *way.new, *way.content})
    return [_change(way, name, versions.get(name)) for name in names]


def _change(way: Way, name: str, version: int | None) -> dict[str, Any]:
    change: dict[str, Any] = {"uid": name, "based_on": version}
    boundary = way.boundaries.get(name, way.new.get(name))
    if name in way.boundaries and boundary is None:
        return {**change, "is_removed": True}
    if boundary is not None:
        change["boundary"] = shapely.geometry.mapping(several(boundary))
    if name in way.content:
        change["content"] = dict(way.content[name])
    return change


def several(shape: Surface) -> shapely.MultiPolygon:
    """Return a surface as a MultiPolygon, as all surfaces of drafts are told."""
    return shape if isinstance(shape, shapely.MultiPolygon) else shapely.MultiPolygon([shape])
