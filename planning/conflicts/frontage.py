"""Which surfaces come within reach of a line: plots that have a front on a road.

Half a million plots against all axes and outlines of roads: candidates by an index of boxes, then
exact distances between edges, ended at the first line that is near enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Objects = NDArray[np.object_]
    Bools = NDArray[np.bool_]


class Lines(NamedTuple):
    """Straight pieces of lines, x0 y0 x1 y1, and how far from each its reach ends, in metres."""

    piece: Floats
    reach_m: Floats


def pieces_of(shapes: Objects, reach_m: Floats) -> Lines:
    """Return the straight pieces of lines, or of the outlines of surfaces, with their reach."""
    piece, owner = _edges(shapes)
    return Lines(piece, np.asarray(reach_m, dtype=float)[owner])


def within_reach(surfaces: Objects, lines: Lines) -> Bools:
    """Whether some line comes within its reach of each surface, or lies in it."""
    found = np.zeros(len(surfaces), dtype=bool)
    if not len(surfaces) or not len(lines.piece):
        return found
    x0, y0, x1, y1 = lines.piece.T
    reach = lines.reach_m
    boxes = shapely.box(
        np.minimum(x0, x1) - reach,
        np.minimum(y0, y1) - reach,
        np.maximum(x0, x1) + reach,
        np.maximum(y0, y1) + reach,
    )
    edge, owner = _edges(surfaces)
    start = np.searchsorted(owner, np.arange(len(surfaces) + 1))
    surface, line = shapely.STRtree(boxes).query(surfaces)
    _meet(edge, start, lines.piece, reach**2, surface, line, found)
    return found


def _edges(shapes: Objects) -> tuple[Floats, Ints]:
    """Return every straight piece of lines and outlines, and the number of its shape."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    is_surface = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, of = shapely.get_rings(parts[is_surface], return_index=True)
    chains = np.concatenate([rings, parts[~is_surface]])
    owners = np.concatenate([owner[is_surface][of], owner[~is_surface]])
    order = np.argsort(owners, kind="stable")
    points, chain = shapely.get_coordinates(chains[order], return_index=True)
    follows = chain[1:] == chain[:-1]
    piece = np.hstack([points[:-1], points[1:]])[follows]
    return np.ascontiguousarray(piece), owners[order][chain[:-1][follows]].astype(np.int64)


@numba.njit(cache=True, nogil=True)
def _meet(edge, start, piece, reach2, surface, line, found):  # type: ignore[no-untyped-def]
    for k in range(len(surface)):
        s = surface[k]
        if found[s]:
            continue
        ax, ay, bx, by = piece[line[k]]
        inside = False
        for e in range(start[s], start[s + 1]):
            cx, cy, dx, dy = edge[e]
            if _apart2(ax, ay, bx, by, cx, cy, dx, dy) <= reach2[line[k]]:
                found[s] = True
                break
            if (cy > ay) != (dy > ay) and ax < (dx - cx) * (ay - cy) / (dy - cy) + cx:
                inside = not inside
        if inside:
            found[s] = True


@numba.njit(cache=True, nogil=True)
def _apart2(ax, ay, bx, by, cx, cy, dx, dy):  # type: ignore[no-untyped-def]
    """Square of the distance between two straight pieces; 0 where they cross."""
    one = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    two = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
    three = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
    four = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
    if one * two < 0 and three * four < 0:
        return 0.0
    return min(
        _from_point2(ax, ay, cx, cy, dx, dy),
        _from_point2(bx, by, cx, cy, dx, dy),
        _from_point2(cx, cy, ax, ay, bx, by),
        _from_point2(dx, dy, ax, ay, bx, by),
    )


@numba.njit(cache=True, nogil=True)
def _from_point2(px, py, ax, ay, bx, by):  # type: ignore[no-untyped-def]
    wide, tall = bx - ax, by - ay
    length2 = wide * wide + tall * tall
    along = 0.0
    if length2 > 0:
        along = min(1.0, max(0.0, ((px - ax) * wide + (py - ay) * tall) / length2))
    east, north = ax + along * wide - px, ay + along * tall - py
    return east * east + north * north
