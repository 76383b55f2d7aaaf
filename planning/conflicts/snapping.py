"""Moving an edge onto another that was meant to be the same, and with it whoever shares it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from planning.topology.corners import with_corners
from planning.topology.shapes import AROUND_M

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planning.topology.shapes import Surface

    Points = NDArray[np.float64]


def snapped_rings(
    zone: str, zones: Mapping[str, Surface], onto: BaseGeometry, within_m: float
) -> dict[str, Surface]:
    """Return zones with those corners of `zone` on the outline of `onto` that lie near it.

    A corner goes to the outline's nearest corner if that is near, else to the nearest point of the
    outline. Corners of the outline that lie along an edge of the zone become corners of it. What
    comes out may be invalid where the zone is not much wider than `within_m`.
    """
    outline = shapely.boundary(onto) if shapely.get_dimensions(onto) > 1 else onto
    shared = _with_all_corners(zone, zones)
    old = np.unique(shapely.get_coordinates(shared[zone]), axis=0)
    reach = shapely.buffer(shapely.envelope(shared[zone]), within_m)
    outline = shapely.intersection(outline, reach) if not outline.within(reach) else outline
    edges = shapely.get_parts(shapely.get_parts(outline))
    corners = _real_corners(onto, reach)
    if not len(edges):
        return dict(shared)
    target = _targets(old, edges, corners, within_m)
    moving = (target != old).any(axis=1)
    old, target = old[moving], target[moving]
    edge_of_zone = shapely.boundary(shared[zone])
    added = _added(corners, target, edge_of_zone, within_m)
    feet = _feet(added, edge_of_zone)
    return {name: _redrawn(shape, (old, target), (feet, added)) for name, shape in shared.items()}


def _with_all_corners(zone: str, zones: Mapping[str, Surface]) -> dict[str, Surface]:
    """Return the zones with all corners of each other along the edges of the zone."""
    others = [shapely.get_coordinates(shape) for name, shape in zones.items() if name != zone]
    shared = dict(zones)
    if others:
        full = with_corners(zones[zone], np.unique(np.concatenate(others), axis=0))
        shared[zone] = full or zones[zone]
    own = np.unique(shapely.get_coordinates(shared[zone]), axis=0)
    for name, shape in zones.items():
        if name != zone:
            shared[name] = with_corners(shape, own) or shape
    return shared


def _real_corners(onto: BaseGeometry, reach: BaseGeometry) -> Points:
    points = np.unique(shapely.get_coordinates(onto), axis=0)
    shapely.prepare(reach)
    return points[shapely.intersects_xy(reach, points)] if len(points) else points


def _targets(
    points: Points, edges: NDArray[np.object_], corners: Points, within_m: float
) -> Points:
    target = points.copy()
    places = np.asarray(shapely.points(points), dtype=object)
    if len(corners):
        away = np.hypot(*(points[:, None, :] - corners[None, :, :]).transpose(2, 0, 1))
        nearest = away.argmin(axis=1)
        to_corner = away.min(axis=1) <= within_m
        target[to_corner] = corners[nearest[to_corner]]
    else:
        to_corner = np.zeros(len(points), dtype=bool)
    line = shapely.union_all(edges)
    near = ~to_corner & (shapely.distance(places, line) <= within_m)
    if near.any():
        ties = shapely.shortest_line(places[near], line)
        target[near] = shapely.get_coordinates(ties)[1::2]
    return target


def _added(corners: Points, target: Points, edge: BaseGeometry, within_m: float) -> Points:
    """Return the outline's corners along the zone's edge to which no corner of the zone moved."""
    if not len(corners):
        return corners
    away = shapely.distance(shapely.points(corners), edge)
    taken = {(x, y) for x, y in target.tolist()}
    taken |= {(x, y) for x, y in shapely.get_coordinates(edge).tolist()}
    free = np.array([(x, y) not in taken for x, y in corners.tolist()], dtype=bool)
    return corners[(away <= within_m) & free]


def _feet(points: Points, edge: BaseGeometry) -> Points:
    """Return the points of the edge nearest to each point."""
    if not len(points):
        return points
    return shapely.get_coordinates(shapely.shortest_line(shapely.points(points), edge))[1::2]


def _redrawn(shape: Surface, moved: tuple[Points, Points], added: tuple[Points, Points]) -> Surface:
    """Return a surface with new corners behind the feet of those added, then moved."""
    feet, corners = added
    full = (with_corners(shape, feet) if len(feet) else None) or shape
    before = np.concatenate([moved[0], feet])
    after = np.concatenate([moved[1], corners])
    if not len(before):
        return full
    parts = []
    for part in shapely.get_parts(full):
        rings = [
            _moved(shapely.get_coordinates(ring), before, after) for ring in shapely.get_rings(part)
        ]
        rings = [ring for ring in rings if len(ring) > 3]
        if rings:
            parts.append(shapely.Polygon(rings[0], rings[1:]))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _moved(ring: Points, before: Points, after: Points) -> Points:
    away = np.hypot(*(ring[:, None, :] - before[None, :, :]).transpose(2, 0, 1))
    nearest = away.argmin(axis=1)
    at = away[np.arange(len(ring)), nearest] <= AROUND_M
    new = ring.copy()
    new[at] = after[nearest[at]]
    kept = np.ones(len(new), dtype=bool)
    kept[1:] = (new[1:] != new[:-1]).any(axis=1)
    return new[kept]
