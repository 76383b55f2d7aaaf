"""Reading drawn surfaces that a client sends, in the storage system."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import shapely
from django.conf import settings
from shapely.errors import ShapelyError

from landdata.errors import Invalid
from landdata.geometry import to_multipolygon

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.gis.geos import MultiPolygon

#: Corners of one drawing. The largest zone of a real plan has some 1,500.
MOST_CORNERS: Final = 20_000
#: Grid coordinates of Viet Nam in metres, generously: 8° to 24° north in a zone of 3° or 6°.
_EAST: Final = (0.0, 1_000_000.0)
_NORTH: Final = (800_000.0, 2_700_000.0)


def read_surface(drawn: object) -> MultiPolygon:
    """Return a GeoJSON polygon or multipolygon in the storage system, coordinates untouched.

    Raises Invalid `drawing_unreadable`, `drawing_large`, `drawing_place` (not metres of the
    storage system) and `drawing_invalid` (a ring that crosses itself, and where).
    """
    try:
        rings = list(_rings(drawn))
    except (TypeError, KeyError, ValueError, IndexError, AttributeError) as error:
        raise Invalid("drawing_unreadable") from error
    if not rings or not all(rings):
        raise Invalid("drawing_unreadable")
    corners = sum(len(ring) for polygon in rings for ring in polygon)
    if corners > MOST_CORNERS:
        raise Invalid("drawing_large", corners=corners, most=MOST_CORNERS)
    for polygon in rings:
        for ring in polygon:
            check_places(ring)
    try:
        shape = shapely.MultiPolygon([shapely.Polygon(p[0], p[1:]) for p in rings])
    except (ShapelyError, ValueError) as error:
        raise Invalid("drawing_unreadable") from error
    if shape.is_empty:
        raise Invalid("drawing_unreadable")
    if not shape.is_valid:
        raise Invalid("drawing_invalid", reason=shapely.is_valid_reason(shape))
    return to_multipolygon(shape, settings.STORAGE_SRID)


def _rings(drawn: Any) -> list[list[list[tuple[float, float]]]]:
    """Return polygons of rings of corners. It looks exactly as deep as a surface is."""
    parts = drawn["coordinates"]
    polygons = {"Polygon": [parts], "MultiPolygon": parts}[drawn["type"]]
    return [[[_corner(c) for c in ring] for ring in polygon] for polygon in polygons]


def _corner(corner: Any) -> tuple[float, float]:
    east, north = corner[0], corner[1]
    if isinstance(east, bool) or isinstance(north, bool):
        raise TypeError("a corner is made of numbers")
    if not isinstance(east, int | float) or not isinstance(north, int | float):
        raise TypeError("a corner is made of numbers")
    return float(east), float(north)


def check_places(points: Iterable[tuple[float, float]]) -> None:
    """Raise Invalid `drawing_place` for points (east, north) that are not in Viet Nam."""
    for east, north in points:
        is_here = (
            math.isfinite(east)
            and math.isfinite(north)
            and _EAST[0] < east < _EAST[1]
            and _NORTH[0] < north < _NORTH[1]
        )
        if not is_here:
            raise Invalid("drawing_place", epsg=settings.STORAGE_EPSG)
