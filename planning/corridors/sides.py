"""Ground along a line whose two sides reach differently far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planning.corridors.outline import GRID_M, NOTHING, of_parts, quarters, straight_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planning.corridors.reach import Pair

#: How far from a line it is asked which side a piece of ground is on.
_BESIDE_M = 1e-3


def by_side(
    shape: BaseGeometry, sides: Pair, *, is_certain: bool, near: BaseGeometry | None = None
) -> BaseGeometry:
    """Return what lies left and right of a line, within `sides` metres of it.

    Left and right are seen along the line. Beyond its ends, and all along a line that crosses
    itself, the sides are open: there the smaller distance is certain and the larger possible.
    With `near`, the ground is right there and may be cut short elsewhere.
    """
    small, large = sorted(sides)
    found = []
    for whole in shapely.get_parts(shape):
        line = whole if near is None else _stretch(whole, near, large)
        if line is None:
            continue
        halves = _halves(line, sides)
        if is_certain:
            found += [of_parts(line, small, near), *(halves or ())]
        elif halves is None:
            found.append(of_parts(line, large, near))
        else:
            found += [*halves, *_caps(line, large)]
    return shapely.union_all(found, grid_size=GRID_M) if found else NOTHING


def _stretch(line: BaseGeometry, near: BaseGeometry, distance_m: float) -> BaseGeometry | None:
    """Return the stretch of a line that lies within a distance of some ground, in whole parts."""
    close = np.flatnonzero(shapely.dwithin(straight_parts(line), near, distance_m))
    if not len(close):
        return None
    return shapely.LineString(shapely.get_coordinates(line)[close[0] : close[-1] + 2])


def _halves(line: BaseGeometry, sides: Pair) -> list[BaseGeometry] | None:
    """Return the ground left and right, square to the ends; None where the line crosses itself."""
    points = shapely.get_coordinates(line)
    middles = (points[:-1] + points[1:]) / 2
    along = np.diff(points, axis=0)
    length = np.hypot(*along.T)[:, None]
    left = np.column_stack([-along[:, 1], along[:, 0]]) / np.where(length == 0, 1, length)
    probes = [shapely.points(middles + sign * _BESIDE_M * left) for sign in (1, -1)]
    halves = []
    for side, distance in enumerate(sides):
        if distance == 0:
            continue
        ground = _square_ended(line, distance)
        cut = shapely.union_all([ground.boundary, _beyond_its_ends(points, distance)])
        faces = [
            face
            for face in shapely.get_parts(shapely.polygonize([cut]))
            if ground.contains(face.representative_point())
        ]
        mine = [bool(shapely.intersects(face, probes[side]).any()) for face in faces]
        others = [bool(shapely.intersects(face, probes[1 - side]).any()) for face in faces]
        if any(own == other for own, other in zip(mine, others, strict=True)):
            return None
        halves.append(
            shapely.union_all([face for face, own in zip(faces, mine, strict=True) if own])
        )
    return halves


def _square_ended(line: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Return all ground within a distance of a line, nothing beyond its two ends."""
    steps = quarters(distance_m)
    bends: NDArray[Any] = np.asarray(shapely.points(shapely.get_coordinates(line)[1:-1]))
    return shapely.union_all(
        [
            *list(shapely.buffer(straight_parts(line), distance_m, cap_style="flat")),
            *list(shapely.buffer(bends, distance_m, quad_segs=steps)),
        ]
    )


def _beyond_its_ends(points: NDArray[np.floating], by_m: float) -> BaseGeometry:
    """Return the line drawn on straight at both ends, past all ground within `by_m`."""
    first, last = points[0] - points[1], points[-1] - points[-2]
    start = points[0] + first / np.hypot(*first) * (by_m + 1)
    end = points[-1] + last / np.hypot(*last) * (by_m + 1)
    return shapely.LineString(np.vstack([start, points, end]))


def _caps(line: BaseGeometry, distance_m: float) -> list[BaseGeometry]:
    """Return the half discs beyond the two ends."""
    points = shapely.get_coordinates(line)
    found = []
    for end, inwards in ((points[0], points[1]), (points[-1], points[-2])):
        out = (end - inwards) / np.hypot(*(end - inwards))
        beyond = shapely.LineString([end, end + out * 2 * distance_m])
        half_plane = shapely.buffer(beyond, 2 * distance_m, cap_style="flat")
        disc = shapely.Point(end).buffer(distance_m, quad_segs=quarters(distance_m))
        found.append(disc.intersection(half_plane))
    return found
