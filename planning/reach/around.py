"""A surface around shapes, in which a database looks for what is near them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from planning.reach.records import Objects

#: By how much a circle of sixteen corners is larger that holds a whole one.
_ROUND: Final = 1.03
#: How much of a distance the bends of a line may be worth at most, to be left out.
_PLAIN: Final = 0.05


def surface_around(shapes: Objects, metres: float) -> BaseGeometry:
    """Return a surface that holds all within so many metres of any of some shapes.

    It reaches some twentieths farther, since the pieces of streets, of which there are thousands,
    are put together and drawn plainly first.
    """
    if metres <= 0:
        return shapely.union_all(shapes)
    is_line = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    lines = shapely.line_merge(shapely.multilinestrings(shapes[is_line]))
    plain = shapely.simplify(lines, metres * _PLAIN)
    together = shapely.GeometryCollection([plain, *shapes[~is_line]])
    return shapely.buffer(together, metres * (1 + _PLAIN) * _ROUND, quad_segs=4)
