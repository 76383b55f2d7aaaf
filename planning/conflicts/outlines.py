"""Surfaces as what their areas follow from: their edges, and boxes."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numba
import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.int64]
    Objects = NDArray[np.object_]

Found = TypeVar("Found")
#: Kernels let go of Python's lock; what is found does not depend on how many run.
THREADS: Final = min(4, os.cpu_count() or 1)


def in_threads(work: Callable[[int, int], Found], many: int) -> list[Found]:
    """Return what `work` finds of each share of `many` rows, from the first up to the last."""
    ends = [many * k // THREADS for k in range(THREADS + 1)]
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda part: work(*part), pairwise(ends)))


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
    start = np.zeros(len(spans) + 1, np.int64)
    wrong = _count_edges(content, spans, start)
    if wrong >= 0:
        raise ValueError(f"geometry {wrong} is no surface of pairs of coordinates")
    edge, sign = np.empty((start[-1], 4)), np.empty(start[-1])
    box, doubles = np.empty((len(spans), 4)), _doubles(content)
    in_threads(
        lambda first, last: _read_wkb(
            content, doubles, spans[first:last], (edge, sign, start[first:], box[first:last])
        ),
        len(spans),
    )
    return Outlines(edge, sign, start, box)


def _doubles(content: NDArray[np.uint8]) -> tuple[Any, ...]:
    """Return bytes as doubles that begin at each of the first eight."""
    whole = [(len(content) - k) // 8 * 8 for k in range(8)]
    return tuple(content[k : k + many].view(np.float64) for k, many in enumerate(whole))


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
def _head(content, at):  # type: ignore[no-untyped-def]
    """Return how many polygons stand in the EWKB at a place, 0 if it is no such thing.

    Given too are whether each of them has a head of its own, and where the first one begins.
    """
    kind = _whole(content, at + 1)
    is_several = kind & 0xFF == 6
    if content[at] != 1 or kind & 0xC0000000 or kind & 0xFF not in (3, 6):
        return 0, False, at
    at += 9 if kind & 0x20000000 else 5
    if is_several:
        return _whole(content, at), True, at + 4
    return 1, False, at


@numba.njit(cache=True, nogil=True)
def _count_edges(content, spans, start):  # type: ignore[no-untyped-def]
    """Write where the edges of each surface begin and end; return the first that is none, or -1."""
    many = 0
    for k in range(len(spans)):
        if spans[k, 1] > spans[k, 0]:
            parts, is_several, at = _head(content, spans[k, 0])
            # A collection may be empty; what is no surface has no byte order of ours either.
            if parts == 0 and not is_several:
                return k
            for _ in range(parts):
                at += 5 if is_several else 0
                rings = _whole(content, at)
                at += 4
                for _ in range(rings):
                    count = _whole(content, at)
                    at += 4 + 16 * count
                    many += max(count - 1, 0)
        start[k + 1] = many
    return -1


@numba.njit(cache=True, nogil=True)
def _read_wkb(content, doubles, spans, out):  # type: ignore[no-untyped-def]
    """Write edges and boxes of surfaces."""
    edge, sign, start, box = out
    for k in range(len(spans)):
        west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
        many = start[k]
        if spans[k, 1] > spans[k, 0]:
            parts, is_several, at = _head(content, spans[k, 0])
            for _ in range(parts):
                at += 5 if is_several else 0
                rings = _whole(content, at)
                at += 4
                for ring in range(rings):
                    count = _whole(content, at)
                    at += 4
                    if count == 0:
                        continue
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
                        elif bx > ax:
                            edge[many, 0], edge[many, 1] = ax, ay
                            edge[many, 2], edge[many, 3] = bx, by
                            sign[many] = -westward
                        else:
                            edge[many, 0], edge[many, 1] = ax, min(ay, by)
                            edge[many, 2], edge[many, 3] = ax, max(ay, by)
                            sign[many] = 0.0
                        many += 1
                    at += 16 * count
        box[k, 0], box[k, 1], box[k, 2], box[k, 3] = west, south, east, north
