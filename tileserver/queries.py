"""What the map page has to know of the data: how far it reaches, and its colours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connections

from landdata.models import PublicLandUseCode
from planning.models import PlanLevel, PublicPlanFunction, PublicZone
from tileserver import freshness
from tileserver.freshness import ALIAS

if TYPE_CHECKING:
    import datetime as dt

    from tileserver.cache import Edition

Box = tuple[float, float, float, float]

#: A code without a prescribed colour, as the layer of zones draws it.
NO_COLOUR = "#bfbfbf"
#: The mainland of Viet Nam: where a map opens that holds no data yet.
VIET_NAM: Box = (102.1, 8.3, 109.6, 23.4)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A function of planned land and its prescribed colour."""

    function: str
    name_vi: str
    name_en: str
    colour: str
    group: str


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


#: The group of codes of land use, which a land-use plan says instead of functions.
LAND_USE_GROUP = "Land-use plan"


def legend(*, as_of: dt.date) -> list[LegendEntry]:
    """Return the functions that stand in a zone in force on a day, in the regulation's order.

    Codes of land use that stand in a land-use plan come after them, in a group of their own.
    """
    zones = PublicZone.objects.known_now().valid_on(as_of)
    functions = (
        PublicPlanFunction.objects.known_now()
        .valid_on(as_of)
        .filter(code__in=zones.exclude(level=PlanLevel.LAND_USE).values("function"))
        .order_by("pk")
        .values_list("code", "name_vi", "name_en", "colour", "group")
    )
    land_uses = (
        PublicLandUseCode.objects.known_now()
        .valid_on(as_of)
        .filter(code__in=zones.filter(level=PlanLevel.LAND_USE).values("function"))
        .order_by("pk")
        .values_list("code", "name_vi", "name_en", "colour")
    )
    return [
        *(LegendEntry(*row) for row in functions),
        *(
            LegendEntry(code, f"{code} {vi}", f"{code} {en}", colour or NO_COLOUR, LAND_USE_GROUP)
            for code, vi, en, colour in land_uses
        ),
    ]
