"""The coordinate systems that features are asked and given out in, under all their names.

Axis order is the one that the EPSG dataset registers for a system: north before east for degrees
(EPSG:4326), east before north for every grid of VN-2000 and for EPSG:3857. CRS84 is WGS 84 with
longitude first. The short form "EPSG:4326" is read and written longitude first, as web clients
have always meant it and as GeoServer documents it; the urn and the address are exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from landdata import crs
from landdata.errors import Invalid

if TYPE_CHECKING:
    from tileserver.layer import Layer

CRS84_ADDRESS = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_CRS84_NAMES = re.compile(
    r"(urn:ogc:def:crs:ogc:(1\.3)?:crs84|https?://www\.opengis\.net/def/crs/ogc/(0|1\.3)/crs84"
    r"|(ogc:|crs:)?crs:?84)"
)
#: Each way of naming an EPSG code; the last two are the short ones.
_EPSG_NAMES = (
    re.compile(r"urn:(?:ogc|x-ogc|opengis):def:crs:epsg:[0-9.]*:(\d{4,6})"),
    re.compile(r"https?://www\.opengis\.net/def/crs/epsg/[0-9.]+/(\d{4,6})"),
    re.compile(r"http://www\.opengis\.net/gml/srs/epsg\.xml#(\d{4,6})"),
    re.compile(r"epsg:(\d{4,6})"),
)
_FIRST_SHORT_NAME = 2
#: Digits behind the point: 0.1 mm in degrees, millimetres in metres.
_DEGREE_DIGITS, _METRE_DIGITS = 9, 3


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system as a caller named it."""

    epsg: int
    #: Whether the first number of a position is the one to the north.
    north_first: bool
    #: How it is named in an answer.
    name: str

    @property
    def digits(self) -> int:
        """Digits behind the point that coordinates are given out with."""
        return _DEGREE_DIGITS if self.epsg == crs.GEOGRAPHIC else _METRE_DIGITS


def urn(epsg: int) -> str:
    """Return the exact name of a code (OGC 07-092r3)."""
    return f"urn:ogc:def:crs:EPSG::{epsg}"


def address(epsg: int) -> str:
    """Return the name of a code as OGC API Features writes it."""
    return f"http://www.opengis.net/def/crs/EPSG/0/{epsg}"


CRS84 = System(crs.GEOGRAPHIC, north_first=False, name=CRS84_ADDRESS)


def published() -> tuple[int, ...]:
    """Return the codes that every layer is given out in, the storage system first."""
    own = settings.STORAGE_EPSG
    zones = tuple(epsg for epsg in crs.VN2000 if epsg != own)
    return (own, crs.GEOGRAPHIC, crs.WEB_MERCATOR, *zones)


def default() -> System:
    """Return the system of coordinates whose writer named none: the one they are stored in."""
    return System(settings.STORAGE_EPSG, north_first=False, name=urn(settings.STORAGE_EPSG))


def named(text: str) -> System:
    """Return the system by any of its names. Raises Invalid for one we do not publish."""
    lower = text.strip().lower()
    if len(lower) > 100:
        raise Invalid("feature_crs_unknown", given=lower[:60])
    if _CRS84_NAMES.fullmatch(lower):
        is_urn = lower.startswith("urn:")
        return System(
            crs.GEOGRAPHIC,
            north_first=False,
            name="urn:ogc:def:crs:OGC:1.3:CRS84" if is_urn else CRS84_ADDRESS,
        )
    for at, pattern in enumerate(_EPSG_NAMES):
        found = pattern.fullmatch(lower)
        if found and int(found.group(1)) in published():
            epsg = int(found.group(1))
            exact = at < _FIRST_SHORT_NAME
            return System(
                epsg,
                north_first=exact and epsg == crs.GEOGRAPHIC,
                # Where the order of axes does not depend on the name, the exact one is given.
                name=text.strip() if epsg == crs.GEOGRAPHIC and not exact else urn(epsg),
            )
    raise Invalid("feature_crs_unknown", given=text[:60])


def geometry_sql(layer: Layer, epsg: int) -> str:
    """Return the SQL of a row's shape in a system, over the view `v`, (east, north).

    Degrees come from the EPSG:3857 copy: the same to 1e-13 degrees, and without the datum shift
    twice as fast.
    """
    if epsg == crs.WEB_MERCATOR:
        return f"v.{layer.geometry}"
    if epsg == crs.GEOGRAPHIC:
        return f"ST_Transform(v.{layer.geometry}, {crs.GEOGRAPHIC})"
    if epsg == settings.STORAGE_EPSG:
        return f"v.{layer.stored}"
    return f"ST_Transform(v.{layer.stored}, {crs.srid_of(epsg)})"
