"""Surfaces as what their areas follow from: their edges, and boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.int64]
    Objects = NDArray[np.object_]


@dataclass(frozen=True)
class Outlines:
    """Edges of surfaces, each from west to east, and the surfaces' boxes.

    `sign` is 1 where the surface lies below the edge, -1 where it lies above, and 0 of an upright
    edge, which has no area below it but may cut something.
    """

    edge: Floats
    sign: Floats
    #: The edges of surface k are those from start[k] up to start[k + 1].
    start: Numbers
    box: Floats


def outlines_of(shapes: Objects) -> Outlines:
    """Return the outlines of valid surfaces; None and empty ones have none."""
    boxes = np.ascontiguousarray(shapely.bounds(shapes))
    # A box without numbers meets none.
    boxes[np.isnan(boxes[:, 0])] = (np.inf, np.inf, -np.inf, -np.inf)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    if not len(parts):
        return Outlines(np.empty((0, 4)), np.empty(0), np.zeros(len(shapes) + 1, np.int64), boxes)
    if shapely.has_z(parts).any():
        parts = shapely.force_2d(parts)
    _, points, (rings, polygons) = shapely.to_ragged_array(parts)
    edge, sign = np.empty((len(points), 4)), np.empty(len(points))
    start = np.zeros(len(shapes) + 1, np.int64)
    many = _edges(points, rings, polygons, owner, edge, sign, start)
    return Outlines(edge[:many], sign[:many], start, boxes)


def outlines_in(content: NDArray[np.uint8], spans: Numbers) -> Outlines:
    """Return the outlines of valid polygons and multipolygons that stand in bytes as EWKB.

    `spans` says where each begins and ends, (n, 2); an empty span is an empty surface. Coordinates
    are pairs in the byte order of this processor, as PostGIS writes them. Raises ValueError for
    anything else.
    """
    begins, ends = spans[:, 0], spans[:, 1]
    most = int((ends - begins).sum()) // 16 + 1
    edge, sign = np.empty((most, 4)), np.empty(most)
    start, box = np.zeros(len(spans) + 1, np.int64), np.empty((len(spans), 4))
    many = _read_wkb(content, _doubles(content), begins, ends, (edge, sign, start, box))
    if many < 0:
        raise ValueError(f"geometry {-many - 1} is no surface of pairs of coordinates")
    return Outlines(edge[:many], sign[:many], start, box)


def _doubles(content: NDArray[np.uint8]) -> tuple[Any, ...]:
    """Return bytes as doubles that begin at each of the first eight."""
    held = np.concatenate([content, np.zeros(16, np.uint8)])
    return tuple(held[k : k + (len(content) // 8) * 8 + 8].view(np.float64) for k in range(8))


@numba.njit(cache=True, nogil=True)
def _edges(points, rings, polygons, owner, edge, sign, start):  # type: ignore[no-untyped-def]
    """Write the edges of polygons; return how many there are.

    Polygon k has the rings from polygons[k] up to polygons[k + 1], its shell first; ring r the
    points from rings[r] up to rings[r + 1], the last one being the first.
    """
    many = 0
    for k in range(len(polygons) - 1):
        for r in range(polygons[k], polygons[k + 1]):
            first, last = rings[r], rings[r + 1] - 1
            turning = 0.0
            x0, y0 = points[first]
            for i in range(first, last):
                turning += (points[i, 0] - x0) * (points[i + 1, 1] - y0)
                turning -= (points[i + 1, 0] - x0) * (points[i, 1] - y0)
            is_shell = r == polygons[k]
            # With the surface on the left, an edge towards the west has it below.
            westward = 1.0 if (turning > 0) == is_shell else -1.0
            for i in range(first, last):
                if points[i + 1, 0] < points[i, 0]:
                    edge[many, :2], edge[many, 2:] = points[i + 1], points[i]
                    sign[many] = westward
                    many += 1
                elif points[i + 1, 0] > points[i, 0]:
                    edge[many, :2], edge[many, 2:] = points[i], points[i + 1]
                    sign[many] = -westward
                    many += 1
                else:
                    low, high = points[i, 1], points[i + 1, 1]
                    edge[many, 0], edge[many, 1] = points[i, 0], min(low, high)
                    edge[many, 2], edge[many, 3] = points[i, 0], max(low, high)
                    sign[many] = 0.0
                    many += 1
        start[owner[k] + 1] = many
    for k in range(1, len(start)):
        start[k] = max(start[k], start[k - 1])
    return many


@numba.njit(cache=True)
def _whole(content, at):  # type: ignore[no-untyped-def]
    """Return the four bytes at a place as a number, the lowest first."""
    value = np.int64(0)
    for k in range(3, -1, -1):
        value = (value << 8) | np.int64(content[at + k])
    return value


@numba.njit(cache=True, nogil=True)
def _read_wkb(content, doubles, begins, ends, out):  # type: ignore[no-untyped-def]
    """Write edges and boxes of surfaces; return how many edges, or -1 - the first that is none."""
    edge, sign, start, box = out
    many = 0
    for k in range(len(begins)):
        west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
        at = begins[k]
        if ends[k] > at:
            kind = _whole(content, at + 1)
            is_several = kind & 0xFF == 6
            if content[at] != 1 or kind & 0xC0000000 or kind & 0xFF not in (3, 6):
                return -1 - k
            at += 9 if kind & 0x20000000 else 5
            parts = 1
            if is_several:
                parts = _whole(content, at)
                at += 4
            for _ in range(parts):
                if is_several:
                    at += 5
                rings = _whole(content, at)
                at += 4
                for ring in range(rings):
                    count = _whole(content, at)
                    at += 4
                    values, first = doubles[at & 7], at >> 3
                    turning, x0, y0 = 0.0, values[first], values[first + 1]
                    for i in range(first, first + 2 * (count - 1), 2):
                        turning += (values[i] - x0) * (values[i + 3] - y0)
                        turning -= (values[i + 2] - x0) * (values[i + 1] - y0)
                    westward = 1.0 if (turning > 0) == (ring == 0) else -1.0
                    for i in range(first, first + 2 * (count - 1), 2):
                        ax, ay, bx, by = values[i], values[i + 1], values[i + 2], values[i + 3]
                        west, east = min(west, ax), max(east, ax)
                        south, north = min(south, ay), max(north, ay)
                        if bx < ax:
                            edge[many, 0], edge[many, 1] = bx, by
                            edge[many, 2], edge[many, 3] = ax, ay
                            sign[many] = westward
                            many += 1
                        elif bx > ax:
                            edge[many, 0], edge[many, 1] = ax, ay
                            edge[many, 2], edge[many, 3] = bx, by
                            sign[many] = -westward
                            many += 1
                        else:
                            edge[many, 0], edge[many, 1] = ax, min(ay, by)
                            edge[many, 2], edge[many, 3] = ax, max(ay, by)
                            sign[many] = 0.0
                            many += 1
                    at += 16 * count
        box[k, 0], box[k, 1], box[k, 2], box[k, 3] = west, south, east, north
        start[k + 1] = many
    return many
