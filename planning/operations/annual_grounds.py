"""The ground on which maps show the items of annual land-use plans."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection

from landdata.geometry import web_mercator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.content import ItemContent
    from planning.operations.named_plots import Plots


@dataclass(frozen=True)
class Ground:
    """Ground in the storage system and its EPSG:3857 copy; None where there is none to show."""

    stored: MultiPolygon | None = None
    drawn: MultiPolygon | None = None


#: One union for each item, all in one statement.
_UNIONS: Final = """
    SELECT named.at, ST_AsEWKB(ST_Multi(ST_UnaryUnion(ST_Collect(v.boundary)))),
        ST_AsEWKB(ST_Multi(ST_Transform(ST_UnaryUnion(ST_Collect(v.boundary)), 3857)))
    FROM jsonb_to_recordset(%s) AS named(at integer, parcel uuid)
    JOIN landdata_parcelversion v ON v.parcel_id = named.parcel
        AND v.to_revision IS NULL AND v.valid_to IS NULL AND v.boundary IS NOT NULL
    GROUP BY named.at
"""


def grounds_of(items: Sequence[ItemContent], found: Plots) -> list[Ground]:
    """Return what maps show of each item: its boundary, else its plots as they are now."""
    named = [
        {"at": at, "parcel": str(parcel)}
        for at, item in enumerate(items)
        if item.boundary is None
        for parcel in found[item.annual_plan_code, item.item_key].values()
        if parcel is not None
    ]
    unions: dict[int, Ground] = {}
    if named:
        with connection.cursor() as cursor:
            cursor.execute(_UNIONS, [json.dumps(named)])
            for at, stored, drawn in cursor.fetchall():
                unions[at] = Ground(_multipolygon(stored), _multipolygon(drawn))
    return [
        unions.get(at, Ground())
        if item.boundary is None
        else Ground(item.boundary, web_mercator(item.boundary))
        for at, item in enumerate(items)
    ]


def _multipolygon(ewkb: memoryview) -> MultiPolygon:
    return cast("MultiPolygon", GEOSGeometry(ewkb))
