"""Drawing all that lies within a distance, to the centimetre."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

#: What a chord may cut off its arc, in metres.
CHORD_ERROR_M = 0.01
#: Quarter circles in so many parts; a few steps, so that shapes can be drawn in bulk.
_QUARTERS = (8, 16, 32, 64, 128, 256, 512)
NOTHING = shapely.Polygon()
#: Grid on which shapes that share an edge are joined and taken from each other, in metres. With
#: free coordinates GEOS took edges a nanometre apart for shapes that do not touch at all.
GRID_M = 1e-6


def quarters(distance_m: float) -> int:
    """Return in how many parts a quarter circle is drawn to stay within CHORD_ERROR_M."""
    # A chord over the angle 2a cuts off r (1 - cos a), at most r a² / 2. GEOS rounds the number of
    # chords in an arc, so that one chord may span half as much again.
    half_angle = math.sqrt(2 * CHORD_ERROR_M / max(distance_m, CHORD_ERROR_M)) / 1.5
    wanted = math.pi / 4 / half_angle
    return next((step for step in _QUARTERS if step >= wanted), math.ceil(wanted))


def straight_parts(shape: BaseGeometry) -> NDArray[Any]:
    """Return the straight parts of a line or of an outline."""
    lines = shape if shapely.get_dimensions(shape) == 1 else shape.boundary
    found = []
    for line in shapely.get_parts(lines):
        points = shapely.get_coordinates(line)
        found.append(np.stack([points[:-1], points[1:]], axis=1))
    return np.asarray(shapely.linestrings(np.concatenate(found)), dtype=object)


#: Shapes with no more points than this are not worth cutting.
_FEW_POINTS = 16


def nearby(shape: BaseGeometry, near: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Return the part of a shape that decides what lies within a distance of it on some ground.

    Straight parts of a line, or what of a surface lies in a box so large that its sides matter to
    nobody there.
    """
    if shapely.get_num_coordinates(shape) <= _FEW_POINTS:
        return shape
    if shapely.get_dimensions(shape) == 1:
        parts = straight_parts(shape)
        return shapely.MultiLineString(list(parts[shapely.dwithin(parts, near, distance_m)]))
    west, south, east, north = near.bounds
    far = distance_m + 1
    cut = shape.intersection(shapely.box(west - far, south - far, east + far, north + far))
    parts = shapely.get_parts(cut)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def of_parts(shape: BaseGeometry, distance_m: float, near: BaseGeometry | None) -> BaseGeometry:
    parts = straight_parts(shape)
    if near is not None:
        parts = parts[shapely.dwithin(parts, near, distance_m)]
    drawn = list(shapely.buffer(parts, distance_m, quad_segs=quarters(distance_m)))
    if shapely.get_dimensions(shape) == 2:
        drawn.append(shape)
    return shapely.union_all(drawn)
