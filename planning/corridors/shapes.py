"""From reaches in numbers to shapes.

Arcs are drawn as chords: a corridor is nowhere more than 1 cm narrower than its circle, whatever
the distance. GEOS' own buffer straightens hollows shallower than a hundredth of the distance, which
moved outlines by up to 2 m at 1,000 m when tried; where an outline has such hollows, the corridor
is put together from those of its straight parts, which have none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planning.corridors.outline import GRID_M, NOTHING, of_parts, quarters
from planning.corridors.sides import by_side
from planning.corridors.words import Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planning.corridors.reach import Pair

#: GEOS straightens hollows shallower than this share of the distance.
_STRAIGHTENED = 0.01
#: A hollow shallower than this moves nothing that matters.
_SHALLOWEST_M = 1e-4


@dataclass(frozen=True)
class Ask:
    """Ground asked for: all within `sides` metres of a shape, measured from `reference`."""

    shape: BaseGeometry
    reference: Reference | None
    #: None asks for nothing.
    sides: Pair | None
    #: Azimuth in which the water flows, where the sides are upstream and downstream.
    flow_deg: float | None = None
    #: Whether what is open at the end of a line with two different sides is left out.
    is_certain: bool = True


def grounds(asks: Sequence[Ask], *, near: BaseGeometry | None = None) -> NDArray[Any]:
    """Return the ground of each, empty where there is none.

    With `near`, shapes are right on that ground and may be cut short elsewhere.
    """
    found: NDArray[Any] = np.full(len(asks), NOTHING, dtype=object)
    round_ones = []
    for place, ask in enumerate(asks):
        if ask.sides is None:
            continue
        if ask.reference == Reference.SURFACE:
            found[place] = ask.shape
        elif ask.flow_deg is not None:
            found[place] = _by_current(ask.shape, ask.sides, ask.flow_deg)
        elif ask.sides[0] != ask.sides[1]:
            found[place] = by_side(ask.shape, ask.sides, is_certain=ask.is_certain, near=near)
        else:
            round_ones.append(place)
    shapes = np.array([asks[place].shape for place in round_ones], dtype=object)
    distances = np.array([sides[0] for place in round_ones if (sides := asks[place].sides)])
    found[round_ones] = within(shapes, distances, near=near)
    outside = [
        place for place in round_ones if asks[place].reference in (Reference.BANK, Reference.AROUND)
    ]
    found[outside] = shapely.difference(
        found[outside], np.array([asks[place].shape for place in outside], dtype=object)
    )
    return found


def within(
    shapes: NDArray[Any], distances_m: NDArray[np.floating], *, near: BaseGeometry | None = None
) -> NDArray[Any]:
    """Return all ground within a distance of each shape, the shape included."""
    found: NDArray[Any] = np.full(len(shapes), NOTHING, dtype=object)
    if not len(shapes):
        return found
    steps = np.array([quarters(distance) for distance in distances_m])
    is_hollow = _has_hollows(shapes, distances_m)
    for step in np.unique(steps):
        plain = (steps == step) & ~is_hollow
        found[plain] = shapely.buffer(shapes[plain], distances_m[plain], quad_segs=int(step))
    for place in np.flatnonzero(is_hollow):
        found[place] = of_parts(shapes[place], float(distances_m[place]), near)
    return found


def _has_hollows(shapes: NDArray[Any], distances_m: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Say of each shape whether GEOS would straighten its outline at that distance."""
    dimensions = shapely.get_dimensions(shapes)
    hulls = shapely.area(shapely.convex_hull(shapes))
    # A convex surface has no hollow, and of any other one the seam of the ring would escape below.
    hollow: NDArray[np.bool_] = (dimensions == 2) & (
        hulls - shapely.area(shapes) > 1e-9 * np.maximum(hulls, 1)
    )
    lines = np.flatnonzero(dimensions == 1)
    points, owner = shapely.get_coordinates(shapes[lines], return_index=True)
    if len(points) < 3:
        return hollow
    before, at, after = points[:-2], points[1:-1], points[2:]
    along = after - before
    length = np.hypot(*along.T)
    length[length == 0] = 1.0
    depth = np.abs(along[:, 0] * (at - before)[:, 1] - along[:, 1] * (at - before)[:, 0]) / length
    tolerance = _STRAIGHTENED * distances_m[lines][owner[1:-1]]
    is_shallow = (depth > _SHALLOWEST_M) & (depth < tolerance) & (owner[:-2] == owner[2:])
    hollow[lines[owner[1:-1][is_shallow]]] = True
    return hollow


def _by_current(shape: BaseGeometry, sides: Pair, flow_deg: float) -> BaseGeometry:
    """Return what lies upstream and downstream of an intake, each to its own distance.

    The two meet on the line through the middle of the intake, square to the current.
    """
    middle = shape.centroid
    east, north = math.sin(math.radians(flow_deg)), math.cos(math.radians(flow_deg))
    size = 2 * (max(sides) + math.hypot(*np.ptp(np.reshape(shape.bounds, (2, 2)), axis=0)))
    halves = []
    for distance, sign in ((sides[0], -1.0), (sides[1], 1.0)):
        if distance == 0:
            continue
        across = np.array([-north, east]) * size
        along = np.array([east, north]) * size * sign
        corners = np.array([across, across + along, along - across, -across])
        half = shapely.Polygon(corners + shapely.get_coordinates(middle))
        (ground,) = within(np.array([shape], dtype=object), np.array([distance]))
        halves.append(ground.intersection(half))
    return shapely.union_all(halves, grid_size=GRID_M)
