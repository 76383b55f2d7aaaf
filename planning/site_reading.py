"""Reading what an officer writes of a site's ground: numbers of plots, or a drawn shape as text."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

import shapely
from django.conf import settings
from shapely.errors import ShapelyError

from landdata import crs
from landdata.errors import Invalid
from landdata.geometry import to_multipolygon
from planning.content import NamedPlot

if TYPE_CHECKING:
    from django.contrib.gis.geos import MultiPolygon
    from shapely.geometry.base import BaseGeometry

#: Ten thousand corners with twenty characters each.
MOST_CHARACTERS: Final = 200_000
MOST_PLOTS: Final = 500
#: Systems in which a shape may be written.
SYSTEMS: Final = (crs.GEOGRAPHIC, *crs.VN2000)
#: Nothing but two kinds of surface: nested collections bring down whoever reads them.
_WKT: Final = re.compile(r"\s*(?:MULTI)?POLYGON\s*(?:Z\s*)?\([-+0-9eE.,()\s]*\)\s*", re.IGNORECASE)
_PLOT: Final = re.compile(r"(\d{5})/([^/\s]{1,20})/(?:(\d{2,6})/)?([^/\s]{1,20})")
#: Around the land of Viet Nam in degrees; what lies outside has its axes exchanged, or another
#: system than was said.
_VIET_NAM: Final = (102.0, 8.0, 110.0, 23.5)


def read_plots(text: str) -> tuple[NamedPlot, ...]:
    """Return the plots of a list: ward code/sheet/number, or ward code/sheet/scale/number.

    One a line, or parted by semicolons. Raises Invalid `site_plots_unreadable`.

    >>> read_plots("00004/12/45; 00004/12/500/46")[1].scale
    500
    """
    entries = [entry.strip() for entry in re.split(r"[;\n]", text) if entry.strip()]
    if len(entries) > MOST_PLOTS:
        raise Invalid("site_plots_many", count=len(entries), most=MOST_PLOTS)
    found = []
    for row, entry in enumerate(entries):
        match = _PLOT.fullmatch(entry)
        if match is None:
            raise Invalid("site_plots_unreadable", plot=entry[:60])
        unit_code, sheet, scale, number = match.groups()
        found.append(NamedPlot(unit_code, sheet, int(scale) if scale else None, number, row=row))
    return tuple(found)


def read_boundary(text: str, epsg: int) -> MultiPolygon:
    """Return a shape written as WKT or GeoJSON, moved to the storage system.

    Degrees are (longitude, latitude), metres (east, north). Raises Invalid
    `site_shape_unreadable` for anything but a polygon or several, `site_shape_place` for one that
    does not lie in Viet Nam.
    """
    if epsg not in SYSTEMS or len(text) > MOST_CHARACTERS:
        raise Invalid("site_shape_unreadable")
    try:
        shape = _of_json(text) if text.lstrip().startswith("{") else _of_wkt(text)
        if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
            raise Invalid("site_shape_unreadable")
    # RecursionError: brackets without end.
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Invalid("site_shape_unreadable") from error
    flat = shapely.force_2d(shape)
    if not all(math.isfinite(number) for number in flat.bounds) or not _is_in_viet_nam(flat, epsg):
        raise Invalid("site_shape_place", epsg=epsg)
    return to_multipolygon(crs.transform(flat, epsg, settings.STORAGE_EPSG), settings.STORAGE_SRID)


def _of_wkt(text: str) -> BaseGeometry:
    if not _WKT.fullmatch(text):
        raise ValueError("no polygon")
    return shapely.from_wkt(text)


def _of_json(text: str) -> BaseGeometry:
    written: Any = json.loads(text)
    if written["type"] == "FeatureCollection" and len(written["features"]) == 1:
        written = written["features"][0]
    if written["type"] == "Feature":
        written = written["geometry"]
    parts = {"Polygon": [written["coordinates"]], "MultiPolygon": written["coordinates"]}
    return shapely.MultiPolygon(
        [shapely.Polygon(rings[0], rings[1:]) for rings in parts[written["type"]]]
    )


def _is_in_viet_nam(shape: BaseGeometry, epsg: int) -> bool:
    if epsg != crs.GEOGRAPHIC:
        west, south, east, north = shape.bounds
        # False easting is 500 km: beyond this the arithmetic of the grid means nothing.
        if not (west > 0 and east < 1_000_000 and south > 800_000 and north < 2_700_000):
            return False
    degrees = crs.transform(shape, epsg, crs.GEOGRAPHIC)
    west, south, east, north = degrees.bounds
    least_east, least_north, most_east, most_north = _VIET_NAM
    return bool(
        least_east <= west and east <= most_east and least_north <= south and north <= most_north
    )
