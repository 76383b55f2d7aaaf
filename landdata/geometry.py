"""From GeoDjango's geometry to shapely's and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from landdata import crs

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def to_shapely(geometry: GEOSGeometry) -> BaseGeometry:
    """Return the same shape for shapely; the SRID stays behind."""
    return shapely.from_wkb(bytes(geometry.wkb))


def to_surface(boundary: MultiPolygon) -> shapely.MultiPolygon:
    """Return the same surface for shapely. Raises TypeError for any other kind of geometry."""
    shape = to_shapely(boundary)
    if not isinstance(shape, shapely.MultiPolygon):
        raise TypeError(f"{shape.geom_type} is not a multipolygon")
    return shape


def to_multipolygon(shape: BaseGeometry, srid: int) -> MultiPolygon:
    """Return a (multi)polygon of shapely for GeoDjango.

    Raises ValueError for any other kind of geometry.
    """
    found: Any = GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=srid)
    if found.geom_type == "Polygon":
        found = MultiPolygon(found, srid=srid)
    if not isinstance(found, MultiPolygon):
        raise ValueError(f"{found.geom_type} is not a surface")
    return found


def web_mercator(boundary: GEOSGeometry) -> MultiPolygon:
    """Return the EPSG:3857 copy of a surface in the storage system, from which maps are drawn."""
    moved = crs.transform(to_shapely(boundary), settings.STORAGE_EPSG, crs.WEB_MERCATOR)
    return to_multipolygon(moved, crs.WEB_MERCATOR)


def surfaces(shape: BaseGeometry) -> BaseGeometry:
    """Return the surfaces of a shape as a polygon or multipolygon, leaving lines and points.

    What two surfaces share is often a surface plus the fence line along which they touch.
    """
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [p for p in shapely.get_parts(shape) if p.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if len(parts) != 1 else parts[0]
