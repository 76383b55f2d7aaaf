"""Requests of the Web Map Tile Service over the small city."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from pyproj import Transformer

from tests.conformance.wms.asking import both, changed
from tests.small_city.ground import LAKE, placed

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tests.conformance.answers import Answer, Answers, Service
    from tests.conformance.assertions import Ask

LAYER = "//wmts:Contents/wmts:Layer"
SET = "//wmts:Contents/wmts:TileMatrixSet"
MERCATOR, CITY = "WebMercatorQuad", "VN2000-5897"
#: The city's system with the official datum (Quyết định 05/2007/QĐ-BTNMT), written out so that
#: no table of PROJ can choose another.
_CITY_SYSTEM = (
    "+proj=tmerc +lat_0=0 +lon_0=105 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84"
    " +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,"
    "0.252906278 +units=m +no_defs"
)
_SYSTEMS = {MERCATOR: "EPSG:3857", CITY: _CITY_SYSTEM}
#: Metres of a pixel at scale 1 : 1 (OGC 07-057r7, 6.1).
PIXEL_M = 0.00028
#: The middle of the lake in EPSG:3857.
MIDDLE = placed((LAKE[0] + LAKE[2]) / 2, (LAKE[1] + LAKE[3]) / 2)


@dataclass(frozen=True)
class Matrix:
    """One zoom of a grid, as the capabilities tell it."""

    grid: str
    identifier: str
    pixel_m: float
    west: float
    north: float
    size_px: int

    def tile_around(self, point: tuple[float, ...]) -> tuple[int, int]:
        """Return row and column of the tile around a point of EPSG:3857."""
        moved = Transformer.from_crs("EPSG:3857", _SYSTEMS[self.grid], always_xy=True)
        x, y = moved.transform(point[0], point[1])
        width = self.size_px * self.pixel_m
        return math.floor((self.north - y) / width), math.floor((x - self.west) / width)

    def places(self, row: int, column: int) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """Return x and y, in EPSG:3857, of the middle of each pixel of a tile."""
        width = self.size_px * self.pixel_m
        steps = (np.arange(self.size_px) + 0.5) * self.pixel_m
        x = self.west + column * width + steps[np.newaxis, :]
        y = self.north - row * width - steps[:, np.newaxis]
        back = Transformer.from_crs(_SYSTEMS[self.grid], "EPSG:3857", always_xy=True)
        across, down = np.broadcast_arrays(x, y)
        east, north = back.transform(across, down)
        return east, north


def capabilities(service: Service) -> Answer:
    """Ask what the service offers."""
    return service.ask(SERVICE="WMTS", REQUEST="GetCapabilities")


def get_capabilities(**changes: str | None) -> Callable[[Service], Answer]:
    """Return a request for the capabilities with other parameters."""
    return lambda s: s.ask(**changed({"SERVICE": "WMTS", "REQUEST": "GetCapabilities"}, changes))


def matrix_of(offered: Answer, grid: str, pixel_m: float) -> Matrix:
    """Return the zoom of a grid whose pixels are nearest to a width in metres."""
    found = offered.find(f"{SET}[ows:Identifier='{grid}']/wmts:TileMatrix")
    assert found, grid

    def pixel(element: Any) -> float:
        return float(element.findtext("{*}ScaleDenominator")) * PIXEL_M

    nearest = min(found, key=lambda element: abs(pixel(element) - pixel_m))
    west, north = map(float, nearest.findtext("{*}TopLeftCorner").split())
    return Matrix(
        grid=grid,
        identifier=nearest.findtext("{*}Identifier"),
        pixel_m=pixel(nearest),
        west=west,
        north=north,
        size_px=int(nearest.findtext("{*}TileWidth")),
    )


def tile(offered: Answer, grid: str = MERCATOR, layer: str = "water") -> dict[str, str]:
    """Return the parameters of the tile around the middle of the lake, 2 to 3 m a pixel."""
    matrix = matrix_of(offered, grid, 2.4)
    row, column = matrix.tile_around(MIDDLE)
    return {
        "SERVICE": "WMTS",
        "VERSION": "1.0.0",
        "REQUEST": "GetTile",
        "LAYER": layer,
        "STYLE": "default",
        "FORMAT": "image/png",
        "TILEMATRIXSET": grid,
        "TILEMATRIX": matrix.identifier,
        "TILEROW": str(row),
        "TILECOL": str(column),
    }


def get_tile(
    grid: str = MERCATOR, layer: str = "water", changes: dict[str, str | None] | None = None
) -> Callable[[Service], Answer]:
    """Return a request for the tile around the middle of the lake, or another."""
    return lambda s: s.ask(**changed(tile(capabilities(s), grid, layer), changes or {}))


def pixel_of_the_lake(offered: Answer, grid: str = MERCATOR) -> tuple[int, int]:
    """Return column and row of the pixel at the middle of the lake within its tile."""
    matrix = matrix_of(offered, grid, 2.4)
    east, north = matrix.places(*matrix.tile_around(MIDDLE))
    nearest = np.hypot(east - MIDDLE[0], north - MIDDLE[1]).argmin()
    row, column = np.unravel_index(nearest, east.shape)
    return int(column), int(row)


def get_info(
    grid: str = MERCATOR, changes: dict[str, str | None] | None = None
) -> Callable[[Service], Answer]:
    """Return a request for what lies in the middle of the lake, or elsewhere."""

    def ask(service: Service) -> Answer:
        offered = capabilities(service)
        column, row = pixel_of_the_lake(offered, grid)
        base = tile(offered, grid) | {
            "REQUEST": "GetFeatureInfo",
            "INFOFORMAT": "application/json",
            "I": str(column),
            "J": str(row),
        }
        return service.ask(**changed(base, changes or {}))

    return ask


def with_capabilities(ask: Ask) -> Callable[[Service], Answers]:
    """Return the capabilities and another request."""
    return both(capabilities, ask)


def assert_tile(answer: Answer) -> None:
    """Hold a tile against its request: status, media type, file format, size."""
    assert answer.status == 200, answer.content[:300]
    assert answer.media == answer.asked.get("format", "image/png")
    assert Image.MIME[str(answer.picture.format)] == answer.media
    assert answer.picture.size == (256, 256)


def assert_lake(offered: Answer, answer: Answer) -> None:
    """Hold each pixel of a tile against the lake's edges, but for two pixels around them."""
    assert_tile(answer)
    matrix = matrix_of(offered, answer.asked["tilematrixset"], 2.4)
    assert matrix.identifier == answer.asked["tilematrix"]
    east, north = matrix.places(int(answer.asked["tilerow"]), int(answer.asked["tilecol"]))
    west, south, far_east, far_north = placed(*LAKE)
    inside = np.minimum.reduce([east - west, far_east - east, north - south, far_north - north])
    edge = 2.5 * matrix.pixel_m
    drawn = answer.pixels[..., 3] > 0
    assert (inside > edge).any()
    assert (inside < -edge).any()
    assert drawn[inside > edge].all()
    assert not drawn[inside < -edge].any()
