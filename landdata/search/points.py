"""Points that a typed coordinate can mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections

from landdata import crs
from landdata.search.coordinates import LATITUDES, LONGITUDES
from landdata.search.found import PlaceHit

if TYPE_CHECKING:
    import datetime as dt

    from landdata.search.understood import Geographic, Projected

ALIAS = "public"
#: The boundaries of wards at hand are simplified to 50 m; a plot at the edge may lie outside.
WARD_TOLERANCE_M = 100
_GEOHASH_LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz"


def given(point: Geographic) -> PlaceHit:
    """Return a point that was typed in degrees."""
    return _hit(f"{point.lat:.6f}, {point.lon:.6f}", point.lon, point.lat)


def candidates(pair: Projected, *, as_of: dt.date) -> list[PlaceHit]:
    """Return where a pair of metres lies, for every VN-2000 grid in which that is in our city.

    Our city is the wards in which we have plots. The storage grid comes first.
    """
    tried = [settings.STORAGE_EPSG, *(e for e in crs.VN2000 if e != settings.STORAGE_EPSG)]
    points = []
    for epsg in tried:
        lon, lat = crs.transformer(epsg, crs.GEOGRAPHIC).transform(pair.east, pair.north)
        if LONGITUDES[0] <= lon < LONGITUDES[1] and LATITUDES[0] <= lat < LATITUDES[1]:
            points.append((epsg, float(lon), float(lat)))
    values: dict[str, Any] = {
        "epsgs": [epsg for epsg, _, _ in points],
        "lons": [lon for _, lon, _ in points],
        "lats": [lat for _, _, lat in points],
        "as_of": as_of,
        "srid": settings.STORAGE_SRID,
        "tolerance_m": WARD_TOLERANCE_M,
    }
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_IN_THE_CITY, values)
        inside = {epsg for (epsg,) in cursor.fetchall()}
    return [
        _hit(f"{crs.title(epsg)} (EPSG:{epsg})", lon, lat)
        for epsg, lon, lat in points
        if epsg in inside
    ]


def of_geohash(geohash: str) -> PlaceHit | None:
    """Return the middle of a GeoHash cell, or None if it lies outside Viet Nam."""
    lon, lat = _geohash_middle(geohash)
    if not (LONGITUDES[0] <= lon < LONGITUDES[1] and LATITUDES[0] <= lat < LATITUDES[1]):
        return None
    return _hit(geohash, lon, lat)


_IN_THE_CITY = """
    SELECT c.epsg
    FROM unnest(%(epsgs)s::int[], %(lons)s::float8[], %(lats)s::float8[]) AS c(epsg, lon, lat)
    CROSS JOIN LATERAL (
        SELECT ST_Transform(ST_SetSRID(ST_MakePoint(c.lon, c.lat), 4326), %(srid)s) AS point
    ) p
    WHERE EXISTS (
        SELECT FROM public_units u
        WHERE u.level = 'ward' AND u.to_revision IS NULL AND u.valid_from <= %(as_of)s
            AND (u.valid_to IS NULL OR u.valid_to > %(as_of)s)
            AND ST_DWithin(u.boundary, p.point, %(tolerance_m)s)
            AND EXISTS (SELECT FROM public_parcels v WHERE v.unit_code = u.code)
    )
"""


def _hit(name: str, lon: float, lat: float) -> PlaceHit:
    return PlaceHit("point", name, lon, lat, (lon, lat, lon, lat))


def _geohash_middle(geohash: str) -> tuple[float, float]:
    """Return (lon, lat) of the middle of a cell: bits halve longitude and latitude in turn."""
    limits = [[-180.0, 180.0], [-90.0, 90.0]]
    axis = 0
    for letter in geohash:
        value = _GEOHASH_LETTERS.index(letter)
        for bit in (16, 8, 4, 2, 1):
            low, high = limits[axis]
            middle = (low + high) / 2
            limits[axis][0 if value & bit else 1] = middle
            axis = 1 - axis
    return sum(limits[0]) / 2, sum(limits[1]) / 2
