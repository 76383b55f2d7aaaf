"""Corners that neighbours must have in common if their edges are to stay shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from planning.topology.shapes import AROUND_M

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from planning.topology.shapes import Surface


def share_corners(
    before: Mapping[str, Surface], drawn: Mapping[str, Surface], standing: Mapping[str, Surface]
) -> dict[str, Surface | None]:
    """Return the surfaces that get new corners, with them.

    What was drawn may turn where a neighbour's edge runs straight. Without a corner there, the
    neighbour's edge would no longer be the same edge, and would part from it when somebody moves
    that corner.
    """
    new: set[tuple[float, float]] = set()
    for name, shape in drawn.items():
        new |= _points(shape) - _points(before[name])
    if not new:
        return {}
    points = np.array(sorted(new))
    changed: dict[str, Surface | None] = {}
    for name, shape in {**standing, **drawn}.items():
        more = with_corners(shape, points)
        if more is not None:
            changed[name] = more
    return changed


def _points(shape: Surface) -> set[tuple[float, float]]:
    return {(float(x), float(y)) for x, y in shapely.get_coordinates(shape)}


def with_corners(shape: Surface, points: NDArray[np.float64]) -> Surface | None:
    """Return the surface with those of the points that lie on its edges; None if none does."""
    west, south, east, north = shape.bounds
    inside = (points >= (west - AROUND_M, south - AROUND_M)).all(axis=1)
    inside &= (points <= (east + AROUND_M, north + AROUND_M)).all(axis=1)
    points = points[inside]
    if not len(points):
        return None
    is_changed = False
    parts = []
    for part in shapely.get_parts(shape):
        rings = []
        for ring in shapely.get_rings(part):
            before = shapely.get_coordinates(ring)
            after = _ring_with(before, points)
            is_changed |= len(after) > len(before)
            rings.append(after)
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    if not is_changed:
        return None
    return parts[0] if shape.geom_type == "Polygon" else shapely.MultiPolygon(parts)


def _ring_with(ring: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    start, along = ring[:-1], np.diff(ring, axis=0)
    from_start = points[:, None, :] - start[None, :, :]
    length_2 = (along**2).sum(axis=1)
    share = (from_start * along).sum(axis=2) / np.where(length_2 > 0, length_2, np.inf)
    off = from_start - np.clip(share, 0, 1)[..., None] * along
    off_m = np.hypot(off[..., 0], off[..., 1])
    at_corner = np.hypot(from_start[..., 0], from_start[..., 1]).min(axis=1) <= AROUND_M
    edge = off_m.argmin(axis=1)
    rows = np.arange(len(points))
    on = np.flatnonzero((off_m[rows, edge] <= AROUND_M) & ~at_corner)
    # In the order in which they lie on the ring, each behind the corner where its edge begins.
    on = on[np.lexsort((share[on, edge[on]], edge[on]))]
    return np.insert(ring, edge[on] + 1, points[on], axis=0)
