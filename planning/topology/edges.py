"""Which edges of zones meet exactly one neighbour, compared by their coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.topology.shapes import as_array

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

#: Odd numbers with well mixed bits, from the golden ratio and from MurmurHash3.
_MIX: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xFF51AFD7ED558CCD))


def open_lines(grounds: NDArray[np.object_], extent: BaseGeometry) -> NDArray[np.object_]:
    """Return, as lines, those edges of valid surfaces that do not meet exactly one other.

    All zones lie to the left of their edges and the world beyond the extent to the left of its.
    Where an edge is there exactly once in each direction, as many surfaces (zones or the world
    beyond) lie on its one side as on its other. So wherever that number is not 1, which is at
    gaps, overlaps, and zones outside the extent, the open edges go around it.
    """
    surfaces = np.concatenate([grounds, as_array([extent])])
    rings, owner = shapely.get_rings(shapely.get_parts(surfaces), return_index=True)
    is_shell = np.diff(owner, prepend=-1) != 0
    of_extent = np.zeros(len(rings), dtype=bool)
    of_extent[len(rings) - len(shapely.get_rings(shapely.get_parts(extent))) :] = True
    turned = (shapely.is_ccw(rings) != is_shell) != of_extent

    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    # Adding nothing makes -0.0 to 0.0, which are equal but have other bits.
    coordinates += 0.0
    # Edge k leads from corner k to corner k + 1, or back if its ring is turned.
    edges = np.flatnonzero(
        (ring[1:] == ring[:-1]) & (coordinates[1:] != coordinates[:-1]).any(axis=1)
    )
    is_open = np.zeros(len(coordinates), dtype=bool)
    is_open[edges] = True
    is_open[_met(edges, coordinates, turned[ring].astype(np.intp))] = False
    return _lines(np.flatnonzero(is_open), coordinates, ring)


def _met(
    edges: NDArray[np.intp], coordinates: NDArray[np.float64], turned: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return the edges that are there exactly once in each direction."""
    corner = _hash(coordinates)
    # The same for both directions, since it adds up what is at the ends.
    key = corner[edges] + corner[edges + 1]
    order = np.argsort(key)
    key = key[order]
    same = key[1:] == key[:-1]
    alone = np.concatenate([[True], ~same, [True]])
    # Two of a key and no third; the coordinates decide, for a hash may deceive.
    first = np.flatnonzero(alone[:-2] & same & alone[2:])
    one, other = edges[order[first]], edges[order[first + 1]]
    point = coordinates.view(np.complex128)[:, 0]
    meet = point[one + turned[one]] == point[other + 1 - turned[other]]
    meet &= point[one + 1 - turned[one]] == point[other + turned[other]]
    return np.concatenate([one[meet], other[meet]])


def _lines(
    edges: NDArray[np.intp], coordinates: NDArray[np.float64], ring: NDArray[np.intp]
) -> NDArray[np.object_]:
    """Return edges as lines, those that follow each other in a ring as one."""
    if not len(edges):
        return np.empty(0, dtype=object)
    begins = np.concatenate([[True], np.diff(edges) > 1])
    begins[1:] |= ring[edges[1:]] != ring[edges[:-1]]
    line = np.cumsum(begins) - 1
    last = np.flatnonzero(np.append(begins[1:], True))
    corners = np.insert(edges, last + 1, edges[last] + 1)
    lines = shapely.linestrings(coordinates[corners], indices=np.insert(line, last + 1, line[last]))
    return np.asarray(lines)


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
