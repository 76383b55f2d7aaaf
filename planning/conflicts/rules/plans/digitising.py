"""Edges that two levels have in common and that were drawn apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.conflicts.engine import judges
from planning.conflicts.overlay import grounds, is_above
from planning.conflicts.records import Finding
from planning.conflicts.rules.plans.functions import differing
from planning.conflicts.told import large, named, zone
from planning.topology.shapes import as_array, together
from planning.topology.shapes import surfaces as polygons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts
    from planning.conflicts.overlay import Pieces
    from planning.conflicts.records import Rule
    from planning.topology.shapes import Surface

    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Objects = NDArray[np.object_]

#: How far beyond an edge it is asked which zone lies there, in m.
_BEYOND_M: Final = 0.01
_NOBODY: Final = -1


@judges("digitised_apart")
def digitised_apart(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell once of each edge of two levels along which ground is thin and functions differ.

    An edge is what two zones of the one level and two of the other have between them. All thin
    ground of these four is told together, however often the two lines cross.
    """
    width_m = rule.parameters["width_m"]
    _, thin = differing(facts, width_m)
    if not len(thin.lower):
        return
    sides = _sides(thin.ground)
    edges = _edges(facts, thin, sides, width_m)
    lower = np.sort(edges[:, [0, 2]], axis=1)
    upper = np.sort(edges[:, [1, 3]], axis=1)
    zones, edge = np.unique(np.hstack([lower, upper]), axis=0, return_inverse=True)
    order = np.argsort(edge.ravel(), kind="stable")
    first = np.flatnonzero(np.diff(edge.ravel()[order], prepend=-1))
    surfaces = _together([thin.ground[k] for k in np.split(order, first[1:])])
    half_outline = np.bincount(edge.ravel(), shapely.length(thin.ground) / 2)
    widest = np.zeros(len(zones))
    np.maximum.at(widest, edge.ravel(), sides.width_m)
    pieces = np.bincount(edge.ravel())
    judged = facts.zones.is_judged
    for k, area_m2, place in large(surfaces, rule.parameters["overlap_m2"]):
        of_edge = [int(row) for row in zones[k] if row != _NOBODY]
        if not judged[of_edge].any():
            continue
        one = thin.lower[order[first[k]]], thin.upper[order[first[k]]]
        yield Finding(
            rule=rule.code,
            severity=rule.severity,
            parties=tuple(zone(facts, row) for row in of_edge),
            ground=surfaces[k],
            place=place,
            area_m2=area_m2,
            values={
                **named(facts, int(one[0])),
                **named(facts, int(one[1]), "above_"),
                "area_m2": area_m2,
                "length_m": float(half_outline[k]),
                "width_m": float(widest[k]),
                "pieces": int(pieces[k]),
            },
        )


@dataclass(frozen=True)
class _Sides:
    """Of each piece its longest side: the middle, the unit vector to its left, the width there."""

    middle: Floats
    left: Floats
    width_m: Floats


def _sides(ground: Objects) -> _Sides:
    rings = shapely.get_exterior_ring(ground)
    xy, of = shapely.get_coordinates(rings, return_index=True)
    along = np.where((of[1:] == of[:-1])[:, None], np.diff(xy, axis=0), 0.0)
    length = np.hypot(*along.T)
    order = np.lexsort((length, of[:-1]))
    last = np.searchsorted(of[:-1][order], np.arange(len(ground)), side="right") - 1
    side = order[last]
    direction = along[side] / length[side, None]
    left = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
    # How far the corners stand off the longest side, where they lie beside it.
    off = xy - xy[side][of]
    forward = (off * direction[of]).sum(axis=1)
    beside = (forward >= 0) & (forward <= length[side][of])
    across = np.where(beside, np.abs((off * left[of]).sum(axis=1)), 0.0)
    width = np.zeros(len(ground))
    np.maximum.at(width, of, across)
    mean = 2 * shapely.area(ground) / shapely.length(ground)
    # A triangle is twice as wide as in the mean; more is measured only across a bend.
    width = np.clip(width, mean, 2 * mean)
    return _Sides((xy[side] + xy[side + 1]) / 2, left, width)


def _across(facts: Facts, thin: Pieces, sides: _Sides, width_m: float) -> tuple[Numbers, Numbers]:
    """Return which zone of the lower and which of the upper plan lies across the edge.

    On the one side of a piece lies the neighbour of its lower zone, on the other that of its upper
    one: each is asked for just beyond the longest side, and behind it beyond all thin ground.
    """
    is_left = np.asarray(shapely.is_ccw(shapely.get_exterior_ring(thin.ground)), dtype=bool)
    inward = np.where(is_left.reshape(-1, 1), sides.left, -sides.left)
    near, far = sides.middle - _BEYOND_M * inward, sides.middle + (width_m + _BEYOND_M) * inward
    plan, follows = facts.zones.plan, is_above(facts)
    is_lower = np.asarray(follows.any(axis=1))[plan]
    is_upper = np.asarray(follows.any(axis=0))[plan]
    beside = [
        shapely.STRtree(np.asarray(shapely.points(points), dtype=object)) for points in (near, far)
    ]
    found = []
    for known, wanted in ((thin.lower, is_lower), (thin.upper, is_upper)):
        rows = np.flatnonzero(wanted)
        beyond, behind = (_neighbours(facts, known, rows, points) for points in beside)
        found.append(np.where(beyond != _NOBODY, beyond, behind))
    return found[0], found[1]


def _edges(facts: Facts, thin: Pieces, sides: _Sides, width_m: float) -> Numbers:
    """Return for each piece the lower and the upper zone, and those across the edge from them.

    Where a line bends so much that asking beside one piece finds nobody, the other pieces of the
    same two zones say whom they found. Beyond the rim of a plan there is nobody.
    """
    edges = np.stack([thin.lower, thin.upper, *_across(facts, thin, sides, width_m)], axis=1)
    open_ends = np.flatnonzero((edges[:, 2:] == _NOBODY).any(axis=1))
    if not len(open_ends):
        return edges
    found: dict[tuple[int, int], Counter[tuple[int, int]]] = defaultdict(Counter)
    for lower, upper, across, above in edges[(edges[:, 2:] != _NOBODY).all(axis=1)].tolist():
        found[lower, upper][across, above] += 1
        found[across, above][lower, upper] += 1
    key = facts.zones.key
    for k in open_ends.tolist():
        if votes := found.get((int(edges[k, 0]), int(edges[k, 1]))):
            edges[k, 2:] = min(votes, key=lambda two: (-votes[two], key[two[0]], key[two[1]]))
    return edges


def _neighbours(facts: Facts, known: Numbers, rows: Numbers, points: shapely.STRtree) -> Numbers:
    """Return for each point the first of the zones on it that is of the known one's plan."""
    zones = facts.zones
    zone_on, point = points.query(grounds(facts)[rows], predicate="contains")
    zone_on = rows[zone_on]
    other = (zones.plan[zone_on] == zones.plan[known[point]]) & (zone_on != known[point])
    zone_on, point = zone_on[other], point[other]
    order = np.lexsort((zones.key[zone_on].astype(str), point))
    found = np.full(len(known), _NOBODY, dtype=np.int64)
    # From the back, so that the first stays.
    found[point[order[::-1]]] = zone_on[order[::-1]]
    return found


def _together(pieces: list[Objects]) -> list[Surface]:
    """Return the pieces of each edge as one valid surface."""
    joined = [together(parts) for parts in pieces]
    for k in np.flatnonzero(~shapely.is_valid(as_array(joined))).tolist():
        joined[k] = together(polygons(shapely.union_all(pieces[k])))
    return joined
