"""What the map page has to know of the data: how far it reaches."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connections

from tileserver import freshness
from tileserver.freshness import ALIAS

if TYPE_CHECKING:
    from tileserver.cache import Edition

Box = tuple[float, float, float, float]

#: The mainland of Viet Nam: where a map opens that holds no data yet.
VIET_NAM: Box = (102.1, 8.3, 109.6, 23.4)


def data_extent() -> Box:
    """Return the box around all plots known now, else around all streets, in degrees."""
    return _extent_at(freshness.newest())


@lru_cache(maxsize=2)
def _extent_at(edition: Edition) -> Box:
    with connections[ALIAS].cursor() as cursor:
        for view, column in (("public_parcels", "boundary_3857"), ("public_roads", "axis_3857")):
            cursor.execute(_EXTENT.format(view=view, column=column))
            west, south, east, north = cursor.fetchone()
            if west is not None:
                return (west, south, east, north)
    return VIET_NAM


_EXTENT = """
    SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
    FROM (
        SELECT ST_Transform(ST_SetSRID(ST_Extent({column})::geometry, 3857), 4326) AS box
        FROM {view} WHERE to_revision IS NULL
    ) e
"""
