"""A surface around shapes, in which a database looks for what is near them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from planning.reach.records import Objects

#: By how much a circle of sixteen corners is larger that holds a whole one.
_ROUND: Final = 1.03
#: How much of a distance shapes are widened by first, so that their bends may be drawn plainly.
_WIDER: Final = 0.1


def surface_around(shapes: Objects, metres: float) -> BaseGeometry:
    """Return a surface that holds all within so many metres of any of some shapes.

    It reaches some tenths farther: the pieces of streets, of which there are hundreds, are made one
    plain surface first, which takes a small part of the time.
    """
    wide_m = metres * _WIDER
    wider = shapely.union_all(shapely.buffer(shapes, wide_m, quad_segs=1))
    # Whatever is left out of it lies nearer to its outline than any of the shapes does.
    plain = shapely.simplify(wider, wide_m / 2)
    return shapely.buffer(plain, metres * _ROUND, quad_segs=4)
