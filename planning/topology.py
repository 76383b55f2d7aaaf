"""Whether zones form a plan: arithmetic on shapes, in metres, without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

#: Ground that two zones may share before we call it an overlap, in m². Dossiers come on a 1 mm
#: grid, so a common edge of 100 m that one side cut anew may be off by 0.1 m².
OVERLAP_M2 = 0.1


class Overlap(NamedTuple):
    """That shapes number `one` and `other` share `m2` of ground."""

    one: int
    other: int
    m2: float


def overlaps(shapes: NDArray[np.object_], *, tolerance_m2: float = OVERLAP_M2) -> list[Overlap]:
    """Return the pairs of valid surfaces that share more than `tolerance_m2`, largest first."""
    if len(shapes) < 2:
        return []
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = one < other
    one, other = one[once], other[once]
    m2 = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    found = np.flatnonzero(m2 > tolerance_m2)
    found = found[np.argsort(-m2[found], kind="stable")]
    return [Overlap(int(one[k]), int(other[k]), float(m2[k])) for k in found]


def outside(
    shapes: NDArray[np.object_], ground: BaseGeometry, *, tolerance_m2: float = OVERLAP_M2
) -> list[tuple[int, float]]:
    """Return (number, m²) of the shapes that stick out of `ground` by more than the tolerance."""
    shapely.prepare(ground)
    loose = np.flatnonzero(~shapely.covers(ground, shapes))
    m2 = shapely.area(shapely.difference(shapes[loose], ground))
    return [(int(k), float(a)) for k, a in zip(loose, m2, strict=True) if a > tolerance_m2]
