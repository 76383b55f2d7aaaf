"""Which edges of zones meet exactly one neighbour, compared by their coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

#: Odd numbers with well mixed bits, from the golden ratio and from MurmurHash3.
_MIX: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xFF51AFD7ED558CCD))


def open_edges(
    grounds: NDArray[np.object_], extent: BaseGeometry
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return from where to where those edges lead that do not meet exactly one other.

    All zones lie to the left of their edges and the world beyond the extent to the left of its.
    Where an edge is there exactly once in each direction, as many surfaces (zones or the world
    beyond) lie on its one side as on its other. So wherever that number is not 1, which is at
    gaps, overlaps, and zones outside the extent, the open edges go around it.
    """
    start, end = _edges(grounds)
    rim_start, rim_end = _edges(np.array([extent], dtype=object))
    start = np.concatenate([start, rim_end])
    end = np.concatenate([end, rim_start])
    # The same for both directions, since it adds up what is at its ends.
    key = _hash(start) + _hash(end)
    order = np.argsort(key)
    sorted_key = key[order]
    same = sorted_key[1:] == sorted_key[:-1]
    alone = np.concatenate([[True], ~same, [True]])
    # Two of a key and no third; the coordinates decide, for a hash may deceive.
    first = np.flatnonzero(alone[:-2] & same & alone[2:]) if len(same) else np.empty(0, np.intp)
    one, other = order[first], order[first + 1]
    meet = (start[one] == end[other]).all(axis=1) & (end[one] == start[other]).all(axis=1)
    is_open = np.ones(len(start), dtype=bool)
    is_open[one[meet]] = False
    is_open[other[meet]] = False
    return start[is_open], end[is_open]


def _edges(grounds: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return from where to where the edges of valid surfaces lead, the surface to their left."""
    parts = shapely.get_parts(grounds)
    parts = parts[~shapely.is_empty(parts)]
    if not len(parts):
        return np.empty((0, 2)), np.empty((0, 2))
    _, points, (rings, polygons) = shapely.to_ragged_array(parts)
    is_shell = np.zeros(len(rings) - 1, dtype=bool)
    is_shell[polygons[:-1]] = True

    start, end = points[:-1], points[1:]
    ring = np.repeat(np.arange(len(rings) - 1), np.diff(rings))[:-1]
    # Measured from its own first point, or a small ring far from the origin would round away.
    from_first = points - np.repeat(points[rings[:-1]], np.diff(rings), axis=0)
    twice = from_first[:-1, 0] * from_first[1:, 1] - from_first[1:, 0] * from_first[:-1, 1]
    within = np.ones(len(start), dtype=bool)
    within[rings[1:-1] - 1] = False
    counterclockwise = np.bincount(ring, np.where(within, twice, 0.0), len(is_shell)) > 0

    kept = within & (start != end).any(axis=1)
    turned = (counterclockwise != is_shell)[ring][kept, None]
    start, end = start[kept], end[kept]
    # Adding nothing makes -0.0 to 0.0, which are equal but have other bits.
    return np.where(turned, end, start) + 0.0, np.where(turned, start, end) + 0.0


def _hash(points: NDArray[np.float64]) -> NDArray[np.uint64]:
    bits = np.ascontiguousarray(points).view(np.uint64)
    mixed = bits[:, 0] * _MIX[0]
    mixed ^= mixed >> np.uint64(29)
    mixed += bits[:, 1]
    mixed *= _MIX[1]
    mixed ^= mixed >> np.uint64(32)
    mixed *= _MIX[0]
    mixed ^= mixed >> np.uint64(29)
    return mixed
