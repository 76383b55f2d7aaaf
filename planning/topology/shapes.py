"""Surfaces, their parts, and how wide they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

#: Ground with an outline.
Surface: TypeAlias = shapely.Polygon | shapely.MultiPolygon

#: Ground of less mean width is rounding, in m. A corner of one zone on an edge of another that has
#: no corner there is off by some 1e-10 m (doubles at 2.3 million metres are 4.7e-10 m apart). To
#: hide 0.1 m² such ground would have to be 2,000 km long.
ROUNDING_M: Final = 1e-7
#: How far apart two outlines may lie that touch, in m: far more than rounding, far less than
#: anybody draws.
AROUND_M: Final = 1e-6


def as_array(shapes: Iterable[BaseGeometry | None]) -> NDArray[np.object_]:
    """Return shapes as an array; numpy by itself would take multi-part ones apart."""
    listed = list(shapes)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def place_in(ground: BaseGeometry) -> tuple[float, float]:
    """Return a point inside the largest part of a surface."""
    return places_in(as_array([ground]))[0]


def places_in(grounds: NDArray[np.object_]) -> list[tuple[float, float]]:
    """Return a point inside the largest part of each surface."""
    parts, owners = shapely.get_parts(grounds, return_index=True)
    smallest_first = np.lexsort((shapely.area(parts), owners))
    last = np.searchsorted(owners, np.arange(len(grounds)), side="right") - 1
    points = shapely.get_coordinates(points_in(parts[smallest_first[last]]))
    return [(east, north) for east, north in points.tolist()]


def points_in(parts: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return a point inside each polygon, off its outline by more than rounding where it can be.

    What computes points inside takes the middle of a cut through the polygon. Where that runs
    through a needle of some 1e-16 m the point is on the outline, and may be in the neighbour.
    """
    points = shapely.point_on_surface(parts)
    in_needle = np.flatnonzero(shapely.distance(shapely.boundary(parts), points) < ROUNDING_M)
    for k in in_needle:
        triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(parts[k]))
        if len(triangles):
            points[k] = triangles[int(np.argmax(mean_width_m(triangles)))].centroid
    return points


def mean_width_m(ground: BaseGeometry | NDArray[np.object_]) -> NDArray[np.float64]:
    """Return 2A/P: of a long strip its width, of a disc its radius; 0 of what has no outline."""
    outline = shapely.length(ground)
    width: NDArray[np.float64] = np.divide(
        2 * shapely.area(ground), outline, out=np.zeros_like(outline), where=outline > 0
    )
    return width


def surfaces(shapes: BaseGeometry | NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the polygons that the shapes are made of and that are more than rounding."""
    parts = shapely.get_parts(shapely.get_parts(shapes))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    kept: NDArray[np.object_] = parts[mean_width_m(parts) > ROUNDING_M]
    return kept


def together(parts: NDArray[np.object_]) -> Surface:
    """Return polygons as one surface: the polygon itself if it is one."""
    surface: Surface = parts[0] if len(parts) == 1 else shapely.MultiPolygon(list(parts))
    return surface
