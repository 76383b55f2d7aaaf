"""The one place that knows coordinate reference systems.

VN-2000 has one official set of seven parameters to WGS 84: decision 05/2007/QĐ-BTNMT, registered
as EPSG:6960. PROJ prefers EPSG:5194 in the south, vertex by vertex, which is 0.80 m away and tears
geometries at lon 107.11, lat 9.35 and lat 11.04. So nothing here asks PROJ by EPSG code: every
system is spelled out as a PROJ string that carries its own datum parameters, and the same string
goes to PostGIS, MapServer and the browser.

Coordinates are always (east, north) in metres or (longitude, latitude) in degrees.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

GEOGRAPHIC: Final = 4326
#: Degrees of VN-2000 itself, some 225 m from the same degrees of WGS 84.
VN2000_GEOGRAPHIC: Final = 4756
WEB_MERCATOR: Final = 3857

#: Own SRIDs live in PostGIS' user range, so that no engine finds them in its EPSG tables.
OWN_SRID_OFFSET: Final = 910_000

OFFICIAL_DATUM: Final = "EPSG:6960"

#: Seven parameters to WGS 84 in PROJ's position-vector signs. Both are registered with
#: coordinate-frame rotations, whose signs are the other way round.
DATUM_OPERATIONS: Final[Mapping[str, str]] = {
    "EPSG:6960": (
        "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"
    ),
    "EPSG:5194": "-192.873,-39.382,-111.202,-0.00205,-0.0005,0.00335,0.0188",
}

#: Central meridian and scale of every VN-2000 grid in use; false easting is 500 km in each.
#: Source: EPSG dataset v11.022; a test holds them against fixtures/reference/vn2000_crs.csv.
_GRIDS: Final[Mapping[int, tuple[float, float]]] = {
    3405: (105.0, 0.9996),
    3406: (111.0, 0.9996),
    5896: (102.0, 0.9999),
    5897: (105.0, 0.9999),
    5898: (108.0, 0.9999),
    5899: (107.75, 0.9999),
    9205: (103.0, 0.9999),
    9206: (104.0, 0.9999),
    9207: (104.5, 0.9999),
    9208: (104.75, 0.9999),
    9209: (105.5, 0.9999),
    9210: (105.75, 0.9999),
    9211: (106.0, 0.9999),
    9212: (106.25, 0.9999),
    9213: (106.5, 0.9999),
    9214: (107.0, 0.9999),
    9215: (107.25, 0.9999),
    9216: (107.5, 0.9999),
    9217: (108.25, 0.9999),
    9218: (108.5, 0.9999),
}

VN2000: Final[tuple[int, ...]] = tuple(sorted(_GRIDS))

#: Deprecated twins with false easting and northing swapped; real files carry these codes.
_REPLACED_BY: Final[Mapping[int, int]] = {6956: 5896, 6957: 5897, 6958: 5898, 6959: 5899}

#: What every engine must say of one point in Vũng Tàu, where PROJ's default is 0.80 m off.
CHECK_EPSG: Final = 5899
CHECK_POINT: Final = (425_000.0, 1_145_000.0)
CHECK_LONLAT: Final = (107.0669140160, 10.3531919580)


class UnknownCrsError(ValueError):
    """A code or text that is none of the systems this project speaks."""


def srid_of(epsg: int) -> int:
    """Return the storage SRID that stands for a VN-2000 code; other codes stand for themselves.

    >>> srid_of(5897), srid_of(4326)
    (915897, 4326)
    """
    return epsg + OWN_SRID_OFFSET if epsg in _GRIDS else epsg


def epsg_of(srid: int) -> int:
    """Return the EPSG code that is shown outside for a storage SRID.

    >>> epsg_of(915899), epsg_of(3857)
    (5899, 3857)
    """
    outside = srid - OWN_SRID_OFFSET
    return outside if outside in _GRIDS else srid


def current_code(epsg: int) -> int:
    """Return the valid code for a deprecated one (6956-6959), any other unchanged."""
    return _REPLACED_BY.get(epsg, epsg)


def central_meridian(epsg: int) -> float:
    """Return the central meridian of a VN-2000 grid in degrees east.

    Raises UnknownCrsError for any other system.
    """
    if epsg not in _GRIDS:
        raise UnknownCrsError(f"EPSG:{epsg} is not a VN-2000 grid")
    return _GRIDS[epsg][0]


def title(epsg: int) -> str:
    """Return the name that people know a system by.

    >>> title(9210), title(3405)
    ("VN-2000 / TM-3 105°45'", "VN-2000 / UTM 105°00'")
    """
    if epsg in (GEOGRAPHIC, WEB_MERCATOR):
        return "WGS 84" if epsg == GEOGRAPHIC else "WGS 84 / Web Mercator"
    degrees, minutes = divmod(round(central_meridian(epsg) * 60), 60)
    return f"VN-2000 / {'UTM' if epsg in (3405, 3406) else 'TM-3'} {degrees}°{minutes:02d}'"


def definition(epsg: int, *, datum_operation: str = OFFICIAL_DATUM) -> str:
    """Return the pinned PROJ string of a system, for every engine alike.

    `datum_operation` names one of DATUM_OPERATIONS and matters to VN-2000 only.
    Raises UnknownCrsError for a code or operation we do not speak.
    """
    if epsg == GEOGRAPHIC:
        return "+proj=longlat +datum=WGS84 +no_defs"
    if epsg == VN2000_GEOGRAPHIC:
        return f"+proj=longlat +ellps=WGS84 +towgs84={DATUM_OPERATIONS[datum_operation]} +no_defs"
    if epsg == WEB_MERCATOR:
        return (
            "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 "
            "+units=m +nadgrids=@null +wktext +no_defs"
        )
    if epsg not in _GRIDS:
        raise UnknownCrsError(f"EPSG:{epsg} is not spoken here")
    if datum_operation not in DATUM_OPERATIONS:
        raise UnknownCrsError(f"{datum_operation} is no datum operation of VN-2000")
    meridian, scale = _GRIDS[epsg]
    return (
        f"+proj=tmerc +lat_0=0 +lon_0={meridian:g} +k={scale:g} +x_0=500000 +y_0=0 "
        f"+ellps=WGS84 +towgs84={DATUM_OPERATIONS[datum_operation]} +units=m +no_defs"
    )


def wkt(epsg: int) -> str:
    """Return the WKT 1 text of a code as PROJ registers it: a label for other programs' eyes."""
    return CRS.from_epsg(epsg).to_wkt("WKT1_GDAL")


@cache
def transformer(source: int, target: int, *, datum_operation: str = OFFICIAL_DATUM) -> Transformer:
    """Return the pinned transformer from one EPSG code to another, in (east, north) order.

    `datum_operation` is the one of the source data; what we store and give out is always official.
    """
    return Transformer.from_crs(
        CRS.from_user_input(definition(source, datum_operation=datum_operation)),
        CRS.from_user_input(definition(target)),
        always_xy=True,
    )


def transform(
    geometry: Any, source: int, target: int, *, datum_operation: str = OFFICIAL_DATUM
) -> Any:
    """Return a shapely geometry, or an array of them, in another system.

    Within one system and the official datum this is the identity, bit for bit: received
    coordinates are the record.
    """
    if source == target and datum_operation == OFFICIAL_DATUM:
        return geometry
    pinned = transformer(source, target, datum_operation=datum_operation)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = pinned.transform(xy[:, 0], xy[:, 1])
        return np.column_stack((x, y))

    return shapely.transform(geometry, move)


def pipeline(source: int, target: int) -> str:
    """Return the PROJ pipeline from EPSG:4326 or 3857 to a VN-2000 grid, datum step spelled out.

    For programs that know systems by their codes and ask how to get from one to the other.
    Degrees are taken as (longitude, latitude). Raises UnknownCrsError for any other pair.
    """
    begins = {
        GEOGRAPHIC: "+proj=unitconvert +xy_in=deg +xy_out=rad",
        WEB_MERCATOR: "+inv +proj=webmerc +lat_0=0 +lon_0=0 +x_0=0 +y_0=0 +ellps=WGS84",
    }
    if source not in begins or target not in _GRIDS:
        raise UnknownCrsError(f"no pipeline from EPSG:{source} to EPSG:{target}")
    names = ("x", "y", "z", "rx", "ry", "rz", "s")
    shift = " ".join(
        f"+{name}={value}"
        for name, value in zip(names, DATUM_OPERATIONS[OFFICIAL_DATUM].split(","), strict=True)
    )
    meridian, scale = _GRIDS[target]
    steps = (
        begins[source],
        "+proj=push +v_3",
        "+proj=cart +ellps=WGS84",
        f"+inv +proj=helmert {shift} +convention=position_vector",
        "+inv +proj=cart +ellps=WGS84",
        "+proj=pop +v_3",
        f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k={scale} +x_0=500000 +y_0=0 +ellps=WGS84",
    )
    return "+proj=pipeline " + " ".join(f"+step {step}" for step in steps)


def resolve(text: str) -> int:
    """Return our EPSG code for the text of a .prj file or an `EPSG:…` string.

    WKT without an authority code is recognised by its parameters. Raises UnknownCrsError when the
    system is none of ours: then a person has to choose.
    """
    try:
        found = CRS.from_user_input(text)
    except CRSError as broken:
        raise UnknownCrsError(text[:80]) from broken
    code = found.to_epsg(min_confidence=70)
    if code is not None:
        code = current_code(code)
        if code in _GRIDS or code in (GEOGRAPHIC, WEB_MERCATOR):
            return code
    by_parameters = _grid_by_parameters(found)
    if by_parameters is None:
        raise UnknownCrsError(text[:80])
    return by_parameters


def _grid_by_parameters(found: CRS) -> int | None:
    operation = found.coordinate_operation
    if operation is None or "Transverse Mercator" not in operation.method_name:
        return None
    if found.ellipsoid is None or abs(found.ellipsoid.semi_major_metre - 6_378_137.0) > 1e-3:
        return None
    names = found.name.upper().replace("_", "-") + (found.datum.name.upper() if found.datum else "")
    if "VN-2000" not in names.replace("VN2000", "VN-2000") and "VIETNAM" not in names:
        return None
    given = {p.name: float(p.value) for p in operation.params}
    for epsg, (meridian, scale) in _GRIDS.items():
        wanted = {
            "Longitude of natural origin": meridian,
            "Scale factor at natural origin": scale,
            "False easting": 500_000.0,
            "False northing": 0.0,
            "Latitude of natural origin": 0.0,
        }
        if all(abs(given.get(name, np.inf) - value) < 1e-9 for name, value in wanted.items()):
            return epsg
    return None


def self_check() -> float:
    """Return how far pyproj is from the official point at Vũng Tàu, in metres."""
    lon, lat = transformer(CHECK_EPSG, GEOGRAPHIC).transform(*CHECK_POINT)
    return offset_m((lon, lat), CHECK_LONLAT)


def offset_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two nearby (lon, lat) points in metres, on a sphere."""
    metres_per_degree = 111_320.0
    north = (one[1] - other[1]) * metres_per_degree
    east = (one[0] - other[0]) * metres_per_degree * float(np.cos(np.radians(other[1])))
    return float(np.hypot(north, east))
