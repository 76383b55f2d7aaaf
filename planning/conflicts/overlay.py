"""Zones of one level over those of the level above: where their functions differ, and how broad.

Two levels are digitised apart: along an edge that both have, their lines run some centimetres
beside each other. Ground on which no disc of the width that is given finds room is *thin*: it says
that lines were drawn apart, not that somebody planned something else. What remains is *broad*. Thin
and broad ground together are all that two zones share: what is no contradiction is told as a
difference of digitising. Connected ground is one or the other as a whole.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.conflicts import parting
from planning.topology.boundaries import as_surface, plain_surfaces
from planning.topology.shapes import ROUNDING_M, as_array, mean_width_m, together

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts
    from planning.topology.shapes import Surface

    Objects = NDArray[np.object_]
    Numbers = NDArray[np.int64]
    Bools = NDArray[np.bool_]

#: Levels of urban plans, the highest first. The land-use plan is another legal regime.
LEVELS: Final = ("general", "zoning", "detailed")
#: Zones lie beside each other if their boxes come so near, in metres: more than two drawings of one
#: edge are ever apart.
BESIDE_M: Final = 10.0


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

    def told(self, facts: Facts) -> Pieces:
        """Return the pieces of pairs of which one zone is judged."""
        judged = facts.zones.is_judged
        return self.take(judged[self.lower] | judged[self.upper])

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
    code, parent, level = (
        np.array([str(getattr(plan, name)) for plan in plans], dtype=object)
        for name in ("code", "parent", "level")
    )
    in_force = np.array([not plan.is_draft for plan in plans], dtype=bool)
    above = {lower: upper for upper, lower in itertools.pairwise(LEVELS)}
    next_above = np.array([above.get(name, "") for name in level], dtype=object)
    named = parent[:, None] == code[None, :]
    by_level = (next_above[:, None] == level[None, :]) & in_force[None, :]
    found = np.where((parent != "")[:, None], named, by_level) & (next_above != "")[:, None]
    return np.asarray(found, dtype=bool)


def _asked(facts: Facts) -> Bools:
    """Whether a zone is judged or lies beside one that is: edges are told of both their sides."""
    judged: Bools = np.asarray(facts.zones.is_judged, dtype=bool)
    if judged.all() or not judged.any():
        return judged
    box = shapely.bounds(facts.zones.shape[judged]) + np.array([-1, -1, 1, 1]) * BESIDE_M
    near = np.zeros(len(judged), dtype=bool)
    near[facts.zones.tree.query(shapely.box(*box.T))[1]] = True
    return near


def between(facts: Facts, related: Bools) -> tuple[Numbers, Numbers]:
    """Return the pairs of zones that share ground and whose plans (row, column) are related.

    Of zones that are judged, and of those that lie beside them.
    """
    plan, ground, asked = facts.zones.plan, grounds(facts), facts.once("asked", _asked)
    found = [np.empty((2, 0), dtype=np.int64)]
    # Zones of one level at a time, so that a level is not held against itself in vain.
    for level in sorted({str(plan.level) for plan in facts.plans}):
        under = related & np.array([plan.level == level for plan in facts.plans])[:, None]
        low = np.flatnonzero(under.any(axis=1)[plan] & asked)
        high = np.flatnonzero(under.any(axis=0)[plan] & asked)
        # All streets of a plan are often one zone; parted, it meets what is near only.
        parts, owner = parting.parted(ground[low])
        shares = parting.shares_with_large(parts, ground[high])
        pairs = np.unique(np.stack([owner[shares.one], shares.other]), axis=1)
        one, other = low[pairs[0]], high[pairs[1]]
        meant = under[plan[one], plan[other]] & (one != other)
        found.append(np.stack([one[meant], other[meant]]))
    lower, upper = np.concatenate(found, axis=1)
    return lower, upper


def under(facts: Facts) -> tuple[Numbers, Numbers]:
    """Return the pairs of a zone and one of the plan above it that share ground."""
    return facts.once("under", lambda facts: between(facts, is_above(facts)))


def pieces_of(facts: Facts, lower: Numbers, upper: Numbers) -> Pieces:
    """Return what pairs of zones share, polygon by polygon."""
    ground = grounds(facts)
    return Pieces(*polygons_of(parting.intersections(ground[lower], ground[upper]), lower, upper))


def polygons_of(
    shapes: Objects, lower: Numbers, upper: Numbers
) -> tuple[Numbers, Numbers, Objects]:
    """Return the polygons of shapes that are more than rounding, each with both its numbers."""
    outer, of = shapely.get_parts(shapes, return_index=True)
    parts, of_outer = shapely.get_parts(outer, return_index=True)
    of = of[of_outer]
    kept = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    kept &= mean_width_m(parts) > ROUNDING_M
    return lower[of[kept]], upper[of[kept]], parts[kept]


def parted(pieces: Pieces, width_m: float) -> tuple[Pieces, Pieces]:
    """Return the broad and the thin pieces; a piece that is broad anywhere is so as a whole."""
    area_m2 = shapely.area(pieces.ground)
    is_thin = area_m2 < np.pi / 4 * width_m**2
    rows = np.flatnonzero(~is_thin)
    inner = shapely.buffer(pieces.ground[rows], -width_m / 2, quad_segs=2)
    is_thin[rows] = shapely.is_empty(inner)
    return pieces.take(~is_thin), pieces.take(is_thin)
