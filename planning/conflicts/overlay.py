"""Zones of one level over those of the level above: where their functions differ, and how broad.

Two levels are digitised apart: along an edge that both have, their lines run some centimetres
beside each other. Ground on which no disc of the width that is given finds room is *thin*: it says
that lines were drawn apart, not that somebody planned something else. What remains is *broad*.
Whether ground is thin is asked of all ground that two plans give the same two functions, so that it
does not matter where a zone is divided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.conflicts.shares import shares_of
from planning.topology.boundaries import as_surface, plain_surfaces
from planning.topology.shapes import AROUND_M, ROUNDING_M, as_array, mean_width_m, together

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts, Plan
    from planning.topology.shapes import Surface

    Objects = NDArray[np.object_]
    Numbers = NDArray[np.int64]
    Bools = NDArray[np.bool_]

#: Levels of urban plans, the highest first. The land-use plan is another legal regime.
LEVELS: Final = ("general", "zoning", "detailed")
#: Corners of less than 11° are cut off where ground is made narrower and broader again.
_MITRE: Final = 10.0


@dataclass(frozen=True)
class Pieces:
    """Polygons of ground that two zones share, those of one pair behind each other."""

    #: Rows of zones: the one that is to follow, and the one above.
    lower: Numbers
    upper: Numbers
    ground: Objects

    def take(self, rows: NDArray[np.intp] | Bools) -> Pieces:
        """Return some of the pieces."""
        return Pieces(self.lower[rows], self.upper[rows], self.ground[rows])

    def by_pair(self) -> list[tuple[int, int, Surface]]:
        """Return the ground of each pair in one."""
        if not len(self.lower):
            return []
        order = np.lexsort((self.upper, self.lower))
        lower, upper, ground = self.lower[order], self.upper[order], self.ground[order]
        first = np.flatnonzero(
            (np.diff(lower, prepend=-1) != 0) | (np.diff(upper, prepend=-1) != 0)
        )
        return [
            (int(lower[k]), int(upper[k]), together(parts))
            for k, parts in zip(first, np.split(ground, first[1:]), strict=True)
        ]


def grounds(facts: Facts) -> Objects:
    """Return the ground of each zone, mended where a boundary is no valid surface."""
    return facts.once("grounds", _grounds)


def _grounds(facts: Facts) -> Objects:
    ground = plain_surfaces(facts.zones.shape)
    unsound = np.flatnonzero(~shapely.is_valid(ground))
    ground[unsound] = as_array(as_surface(facts.zones.shape[k]) for k in unsound)
    return ground


def is_above(facts: Facts) -> Bools:
    """Return which plan (row) is to follow which (column).

    The plan that is named as its parent; where none is named, those of the next level above that
    are in force. What is drafted of a plan stands beside what is in force of it.
    """
    plans = facts.plans
    found = np.zeros((len(plans), len(plans)), dtype=bool)
    for row, plan in enumerate(plans):
        if plan.level not in LEVELS[1:]:
            continue
        above = LEVELS[LEVELS.index(plan.level) - 1]
        for column, other in enumerate(plans):
            if plan.parent:
                found[row, column] = other.code == plan.parent
            else:
                found[row, column] = other.level == above and not other.is_draft
    return found


def between(facts: Facts, related: Bools, wanted: Bools | None = None) -> tuple[Numbers, Numbers]:
    """Return the pairs of zones of related plans that share ground and one of which is judged."""
    plan, ground = facts.zones.plan, grounds(facts)
    lower, upper = [], []
    for level in sorted({str(plan.level) for plan in facts.plans}):
        of_level = np.array([plan.level == level for plan in facts.plans])
        under = related & of_level[:, None]
        low = np.flatnonzero(under.any(axis=1)[plan]) if len(plan) else np.empty(0, np.int64)
        high = np.flatnonzero(under.any(axis=0)[plan]) if len(plan) else np.empty(0, np.int64)
        shares = shares_of(ground[low], ground[high])
        one, other = low[shares.one], high[shares.other]
        meant = related[plan[one], plan[other]] & (one != other)
        meant &= facts.zones.is_judged[one] | facts.zones.is_judged[other]
        lower.append(one[meant])
        upper.append(other[meant])
    return _joined(lower), _joined(upper)


def _joined(arrays: list[NDArray[np.int64]]) -> Numbers:
    return np.concatenate(arrays) if arrays else np.empty(0, dtype=np.int64)


def pieces_of(facts: Facts, lower: Numbers, upper: Numbers) -> Pieces:
    """Return what pairs of zones share, polygon by polygon."""
    ground = grounds(facts)
    return Pieces(*_parts(shapely.intersection(ground[lower], ground[upper]), lower, upper))


def _parts(shapes: Objects, lower: Numbers, upper: Numbers) -> tuple[Numbers, Numbers, Objects]:
    outer, of = shapely.get_parts(shapes, return_index=True)
    parts, of_outer = shapely.get_parts(outer, return_index=True)
    of = of[of_outer]
    kept = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    kept &= mean_width_m(parts) > ROUNDING_M
    return lower[of[kept]], upper[of[kept]], parts[kept]


def parted(facts: Facts, pieces: Pieces, width_m: float) -> tuple[Pieces, Pieces]:
    """Return the broad and the thin ground of pieces; thin is where no disc so wide has room."""
    is_thin, tails = _thin(pieces, width_m)
    back = _beside_each_other(facts, pieces, is_thin, width_m)
    is_thin &= ~back
    broad = pieces.take(~is_thin)
    thin = pieces.take(is_thin)
    if not len(tails.ground):
        return broad, thin
    rows, ends = tails.rows, tails.ground
    ground = pieces.ground.copy()
    ground[rows] = shapely.difference(ground[rows], ends)
    kept = np.flatnonzero(~is_thin)
    broad = Pieces(*_parts(ground[kept], pieces.lower[kept], pieces.upper[kept]))
    more = _parts(ends, pieces.lower[rows], pieces.upper[rows])
    return broad, Pieces(
        np.concatenate([thin.lower, more[0]]),
        np.concatenate([thin.upper, more[1]]),
        np.concatenate([thin.ground, more[2]]),
    )


@dataclass(frozen=True)
class _Tails:
    rows: NDArray[np.intp]
    ground: Objects


def _thin(pieces: Pieces, width_m: float) -> tuple[Bools, _Tails]:
    """Return which pieces are thin all over, and the thin ends of those that are not."""
    is_thin = shapely.area(pieces.ground) < np.pi / 4 * width_m**2
    rows = np.flatnonzero(~is_thin)
    inner = _narrowed(pieces.ground[rows], width_m)
    nothing = shapely.is_empty(inner)
    is_thin[rows[nothing]] = True
    rows, inner = rows[~nothing], inner[~nothing]
    rest = shapely.difference(pieces.ground[rows], _broadened(inner, width_m))
    ends = _ends(rest, width_m)
    has_end = ~shapely.is_empty(ends)
    return is_thin, _Tails(rows[has_end], ends[has_end])


def _narrowed(ground: Objects, width_m: float) -> Objects:
    return np.asarray(
        shapely.buffer(ground, -width_m / 2, join_style="mitre", mitre_limit=_MITRE), dtype=object
    )


def _broadened(inner: Objects, width_m: float) -> Objects:
    # A little more, so that rounding leaves no cracks.
    return np.asarray(
        shapely.buffer(inner, width_m / 2 + AROUND_M, join_style="mitre", mitre_limit=_MITRE),
        dtype=object,
    )


def _ends(rest: Objects, width_m: float) -> Objects:
    """Return of each shape the polygons that are more than the tip of a corner."""
    outer, of = shapely.get_parts(rest, return_index=True)
    kept = (shapely.get_type_id(outer) == shapely.GeometryType.POLYGON) & (
        shapely.area(outer) > width_m**2
    )
    ends = np.full(len(rest), shapely.Polygon(), dtype=object)
    if kept.any():
        owners, row = np.unique(of[kept], return_inverse=True)
        ends[owners] = shapely.multipolygons(outer[kept], indices=row.ravel())
    return ends


def _beside_each_other(facts: Facts, pieces: Pieces, is_thin: Bools, width_m: float) -> Bools:
    """Return which thin pieces are broad together with others that mean the same.

    That is so where a zone is divided along such ground: two halves 0.4 m wide are not thin.
    """
    back = np.zeros(len(is_thin), dtype=bool)
    thin = np.flatnonzero(is_thin)
    if not len(thin):
        return back
    tree = shapely.STRtree(pieces.ground)
    one, other = tree.query(pieces.ground[thin], predicate="dwithin", distance=AROUND_M)
    one = thin[one]
    group = _groups(facts, pieces)
    same = (group[one] == group[other]) & (one != other)
    one, other = one[same], other[same]
    # Ground that is continued across the end of a strip has not more than its width in common.
    box = shapely.bounds(pieces.ground)
    common = np.minimum(box[one, 2:], box[other, 2:]) - np.maximum(box[one, :2], box[other, :2])
    beside = np.hypot(*np.maximum(common, 0).T) > width_m
    one, other = one[beside], other[beside]
    for k in np.unique(one):
        joined = shapely.union_all(pieces.ground[[k, *other[one == k]]])
        inner = _narrowed(as_array([joined]), width_m)
        opened = _broadened(inner, width_m)[0]
        if not opened.is_empty:
            left = shapely.area(shapely.difference(pieces.ground[k], opened))
            back[k] = left <= shapely.area(pieces.ground[k]) / 2
    return back


def _groups(facts: Facts, pieces: Pieces) -> Numbers:
    """Return a number for each piece: that of its two plans and their two functions there."""
    zones = facts.zones
    _, function = np.unique(zones.function.astype(str), return_inverse=True)
    kind = zones.plan * (function.max() + 1) + function
    return np.asarray(kind[pieces.lower] * (kind.max() + 1) + kind[pieces.upper], dtype=np.int64)


def plan_of(facts: Facts, zone: int) -> Plan:
    """Return the plan of a zone."""
    return facts.plans[int(facts.zones.plan[zone])]
