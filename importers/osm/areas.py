"""Put surfaces together from closed ways and from the ways of multipolygon relations.

Rings are closed by node, never by nearness: two ends belong together when they are one node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from shapely import LinearRing, MultiPolygon, Polygon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray


class NoSurfaceError(Exception):
    """Why the ways make no surface; `args[0]` is the code of the note."""


def close_rings(ways: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return closed rings of nodes out of ways that meet end to end.

    Raises NoSurfaceError `osm_ring_open` where a way finds no unambiguous continuation.

    >>> close_rings([[1, 2, 3], [1, 4, 3]])
    [[1, 2, 3, 4, 1]]
    """
    rings = [list(way) for way in ways if len(way) > 3 and way[0] == way[-1]]
    pieces = [list(way) for way in ways if len(way) > 1 and way[0] != way[-1]]
    if len(rings) + len(pieces) < len(ways):
        raise NoSurfaceError("osm_ring_open")
    ends: dict[int, list[int]] = {}
    for at, piece in enumerate(pieces):
        for end in (piece[0], piece[-1]):
            ends.setdefault(end, []).append(at)
    if any(len(meeting) != 2 for meeting in ends.values()):
        raise NoSurfaceError("osm_ring_open")
    used: set[int] = set()
    for at, piece in enumerate(pieces):
        if at in used:
            continue
        used.add(at)
        ring = piece.copy()
        while ring[0] != ring[-1]:
            following = next(other for other in ends[ring[-1]] if other not in used)
            used.add(following)
            onward = pieces[following]
            ring.extend(onward[1:] if onward[0] == ring[-1] else onward[-2::-1])
        rings.append(ring)
    return rings


def surface(
    outer: Sequence[Sequence[int]],
    inner: Sequence[Sequence[int]],
    place: Callable[[Sequence[int]], NDArray[np.float64]],
) -> MultiPolygon:
    """Return the multipolygon of outer and inner ways; `place` gives the points of nodes.

    Raises NoSurfaceError `osm_ring_open`, `ring_too_short`, `osm_hole_outside`, `ring_invalid`.
    """
    shells = [_polygon(place(ring)) for ring in close_rings(outer)]
    holes: list[list[LinearRing]] = [[] for _ in shells]
    for ring in close_rings(inner):
        hole = _polygon(place(ring))
        around = [at for at, shell in enumerate(shells) if shapely.contains(shell, hole)]
        if not around:
            raise NoSurfaceError("osm_hole_outside")
        # Of shells inside one another, the smallest is the one with the hole.
        holes[min(around, key=lambda at: float(shapely.area(shells[at])))].append(hole.exterior)
    found = MultiPolygon(
        [Polygon(shell.exterior, inside) for shell, inside in zip(shells, holes, strict=True)]
    )
    if not shells or not shapely.is_valid(found):
        raise NoSurfaceError("ring_invalid")
    return found


def _polygon(points: NDArray[np.float64]) -> Polygon:
    if len(points) < 4:
        raise NoSurfaceError("ring_too_short")
    return Polygon(points)
