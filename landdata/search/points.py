"""Points that a typed coordinate can mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections

from landdata import crs
from landdata.search.coordinates import EASTS_M, LATITUDES, LONGITUDES, NORTHS_M
from landdata.search.found import PlaceHit
from landdata.search.parcels import POINT_TOLERANCE_M

if TYPE_CHECKING:
    import datetime as dt

    from landdata.search.understood import Geographic, Projected

ALIAS = "public"
#: The boundaries of wards at hand are simplified to 50 m; a plot at the edge may lie outside.
WARD_TOLERANCE_M = 100
#: A meridian alone names a grid of three degrees and one of six at most.
MOST_NAMED = 2
_GEOHASH_LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Candidates:
    """Where a pair of metres can lie; `is_inside` says whether that is in our city."""

    points: tuple[PlaceHit, ...]
    is_inside: bool


def given(point: Geographic) -> PlaceHit:
    """Return a point that was typed in degrees, in WGS 84."""
    lon, lat = point.lon, point.lat
    name = f"{lat:.6f}, {lon:.6f}"
    if point.is_vn2000:
        name += " VN-2000"
        pinned = crs.transformer(crs.VN2000_GEOGRAPHIC, crs.GEOGRAPHIC)
        lon, lat = (float(value) for value in pinned.transform(lon, lat))
    return _hit(name, lon, lat)


def candidates(pair: Projected, *, as_of: dt.date) -> Candidates:
    """Return where a pair of metres lies, for every VN-2000 grid in which that is in our city.

    Our city is the wards in which we have plots, and every plot. Points in a plot come first, then
    the storage grid. Grids that the writer named are kept to; if they are few, their points are
    returned outside the city too.
    """
    points = _in_the_country(pair)
    values: dict[str, Any] = {
        "places": list(range(len(points))),
        "lons": [lon for _, lon, _ in points],
        "lats": [lat for _, _, lat in points],
        "as_of": as_of,
        "srid": settings.STORAGE_SRID,
        "tolerance_m": WARD_TOLERANCE_M,
        "point_tolerance_m": POINT_TOLERANCE_M,
    }
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_IN_THE_CITY, values)
        inside = [place for (place,) in cursor.fetchall()]
    is_named = pair.epsgs is not None and len(pair.epsgs) <= MOST_NAMED
    shown = inside or (range(len(points)) if is_named else [])
    return Candidates(
        tuple(
            _hit(f"{crs.title(epsg)} (EPSG:{epsg})", lon, lat)
            for epsg, lon, lat in (points[place] for place in shown)
        ),
        bool(inside),
    )


def _in_the_country(pair: Projected) -> list[tuple[int, float, float]]:
    """Return EPSG code, lon and lat for each grid and axis order that fits, storage grid first."""
    orders = [(pair.east, pair.north)]
    if EASTS_M[0] <= pair.north < EASTS_M[1] and NORTHS_M[0] <= pair.east < NORTHS_M[1]:
        # In far zones an easting can be as large as a northing of the south.
        orders.append((pair.north, pair.east))
    grids = crs.VN2000 if pair.epsgs is None else pair.epsgs
    points = []
    for epsg in sorted(grids, key=lambda epsg: epsg != settings.STORAGE_EPSG):
        for east, north in orders:
            lon, lat = crs.transformer(epsg, crs.GEOGRAPHIC).transform(east, north)
            if LONGITUDES[0] <= lon < LONGITUDES[1] and LATITUDES[0] <= lat < LATITUDES[1]:
                points.append((epsg, float(lon), float(lat)))
    return points


def of_geohash(geohash: str) -> PlaceHit | None:
    """Return the middle of a GeoHash cell, or None if it lies outside Viet Nam."""
    lon, lat = _geohash_middle(geohash)
    if not (LONGITUDES[0] <= lon < LONGITUDES[1] and LATITUDES[0] <= lat < LATITUDES[1]):
        return None
    return _hit(geohash, lon, lat)


_IN_THE_CITY = """
    SELECT place FROM (
        SELECT c.place, EXISTS (
                SELECT FROM public_parcels v
                WHERE v.to_revision IS NULL AND v.valid_from <= %(as_of)s
                    AND (v.valid_to IS NULL OR v.valid_to > %(as_of)s)
                    AND ST_DWithin(v.boundary, p.point, %(point_tolerance_m)s)
            ) AS is_in_parcel, EXISTS (
                SELECT FROM public_units u
                WHERE u.level = 'ward' AND u.to_revision IS NULL AND u.valid_from <= %(as_of)s
                    AND (u.valid_to IS NULL OR u.valid_to > %(as_of)s)
                    AND ST_DWithin(u.boundary, p.point, %(tolerance_m)s)
                    AND EXISTS (SELECT FROM public_parcels v WHERE v.unit_code = u.code)
            ) AS is_in_ward
        FROM unnest(%(places)s::int[], %(lons)s::float8[], %(lats)s::float8[])
            AS c(place, lon, lat)
        CROSS JOIN LATERAL (
            SELECT ST_Transform(ST_SetSRID(ST_MakePoint(c.lon, c.lat), 4326), %(srid)s) AS point
            OFFSET 0
        ) p
    ) s
    WHERE is_in_parcel OR is_in_ward ORDER BY is_in_parcel DESC, place
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
