"""Whether every engine here puts a point in Vũng Tàu where the law puts it.

PROJ's own choice is 0.80 m off there. A library update, a restored database without our rows or a
changed environment variable can bring that choice back without an error anywhere, so we look at
every start and refuse to serve wrong coordinates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.gis.gdal import CoordTransform, OGRGeometry, SpatialReference
from django.core.checks import CheckMessage, Critical, Tags, register
from django.db import DatabaseError, connections

from landdata import crs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps import AppConfig
    from django.db.backends.base.base import BaseDatabaseWrapper

#: What engines may differ by, in metres; rounding of the published point is 1e-5 m.
LIMIT_M = 0.001


def largest_offset_m(connection: BaseDatabaseWrapper) -> float:
    """Return how far the worst of pyproj, PostGIS and GeoDjango's GDAL is off, in metres."""
    return max(crs.self_check(), _postgis_offset_m(connection), _gdal_offset_m())


def _postgis_offset_m(connection: BaseDatabaseWrapper) -> float:
    east, north = crs.CHECK_POINT
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), %s), 4326)"
            " AS p",
            [east, north, crs.srid_of(crs.CHECK_EPSG)],
        )
        lon, lat = cursor.fetchone()
    return crs.offset_m((lon, lat), crs.CHECK_LONLAT)


def _gdal_offset_m() -> float:
    east, north = crs.CHECK_POINT
    there = CoordTransform(
        SpatialReference(crs.definition(crs.CHECK_EPSG)),
        SpatialReference(crs.definition(crs.GEOGRAPHIC)),
    )
    point = OGRGeometry(f"POINT ({east} {north})")
    point.transform(there)
    # GDAL's point is in (x, y) order because both systems are given as PROJ strings.
    # Both corners of the envelope of a point are the point.
    return crs.offset_m((point.envelope.min_x, point.envelope.min_y), crs.CHECK_LONLAT)


@register(Tags.database)
def coordinates_are_right(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Check every engine against the official point (`manage.py check --database default`)."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            offset_m = largest_offset_m(connections[alias])
        except DatabaseError as missing:
            # Before the first migration there is no row to check.
            if "spatial_ref_sys" not in str(missing):
                raise
            continue
        if offset_m > LIMIT_M:
            found.append(
                Critical(
                    f"Toạ độ VN-2000 lệch {offset_m:.3f} m tại Vũng Tàu. "
                    f"VN-2000 coordinates are {offset_m:.3f} m off at Vũng Tàu.",
                    hint="manage.py migrate; docs/running.md",
                    id="diado.E001",
                )
            )
    return found
