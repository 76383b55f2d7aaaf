"""The two grids of map tiles, in which tile 0/0 lies in the north-west."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings
from mapproxy.config import local_base_config
from mapproxy.config.config import load_default_config
from mapproxy.grid.meta_grid import MetaGrid
from mapproxy.grid.tile_grid import TileGrid, tile_grid

from landdata import crs
from tileserver.mapserver.mapfile import EDGE_PX

if TYPE_CHECKING:
    from tileserver.drawing import Box

TILE_PX = 256
#: Tiles to a side of what is drawn at once, and what is drawn beyond its edge: as much as
#: MapServer leaves without letters, so that no word reaches over an edge and is cut there.
META_TILES, META_BUFFER_PX = 4, EDGE_PX
#: The side of a pixel by which scale denominators are told (OGC 07-057r7, 6.1).
PIXEL_M = 0.00028

_HALF_WORLD_M = 20_037_508.342789244
#: Scales of Vietnamese maps and map sheets, from the whole country to a site.
_VN2000_SCALES = (
    *(4_000_000, 2_000_000, 1_000_000, 500_000, 250_000, 100_000, 50_000, 25_000, 10_000),
    *(5_000, 2_000, 1_000, 500, 200),
)
#: North-west corner of the VN-2000 grid and how many tiles it has at 1:4,000,000: every zone's
#: mainland and islands lie in it.
_VN2000_WEST_M, _VN2000_NORTH_M, _VN2000_TILES = 0.0, 2_800_000.0, (4, 8)


@dataclass(frozen=True)
class Grid:
    """A grid by the name it has in addresses; `box` is in metres of its system."""

    id: str
    epsg: int
    box: Box
    #: Metres of its system to the pixel, by zoom.
    resolutions: tuple[float, ...]
    #: The standard's name for it, if it has one (OGC 07-057r7, annex E).
    well_known: str = ""

    @cached_property
    def tile_grid(self) -> TileGrid:
        """The grid as MapProxy knows it."""
        # Of its settings MapProxy reads one here, whether PROJ's files lie elsewhere.
        with local_base_config(load_default_config()):
            return tile_grid(
                srs=f"EPSG:{self.epsg}",
                bbox=list(self.box),
                res=list(self.resolutions),
                origin="nw",
                name=self.id,
            )

    @cached_property
    def meta_grid(self) -> MetaGrid:
        """What is drawn at once."""
        size = (META_TILES, META_TILES)
        return MetaGrid(self.tile_grid, meta_size=size, meta_buffer=META_BUFFER_PX)

    def size(self, z: int) -> tuple[int, int]:
        """Return how many tiles a zoom has from west to east and from north to south."""
        west, south, east, north = self.box
        span = self.span_m(z)
        # A millimetre of rounding makes no further tile.
        return math.ceil((east - west - 1e-3) / span), math.ceil((north - south - 1e-3) / span)

    def span_m(self, z: int) -> float:
        """Return the side of a tile in metres of the system."""
        return self.resolutions[z] * TILE_PX

    def holds(self, z: int, x: int, y: int) -> bool:
        """Say whether there is such a tile."""
        if not 0 <= z < len(self.resolutions):
            return False
        columns, rows = self.size(z)
        return 0 <= x < columns and 0 <= y < rows

    def tile_box(self, z: int, x: int, y: int) -> Box:
        """Return the box of a tile."""
        west, _, _, north = self.box
        span = self.span_m(z)
        return (west + x * span, north - (y + 1) * span, west + (x + 1) * span, north - y * span)

    def drawn_box(self, z: int, x: int, y: int) -> Box:
        """Return the box of all that is drawn together with a tile.

        What lies in it may move a label that reaches into the tile.
        """
        first_x, first_y = x // META_TILES * META_TILES, y // META_TILES * META_TILES
        west, _, _, north = self.tile_box(z, first_x, first_y)
        margin = META_BUFFER_PX * self.resolutions[z]
        across = META_TILES * self.span_m(z)
        return (west - margin, north - across - margin, west + across + margin, north + margin)

    def box_3857(self, box: Box) -> Box:
        """Return the box in EPSG:3857 metres around a box of this grid."""
        return box if self.epsg == crs.WEB_MERCATOR else _around(box, self.epsg, crs.WEB_MERCATOR)

    def box_from_3857(self, box: Box) -> Box:
        """Return the box of this grid around one in EPSG:3857 metres."""
        return box if self.epsg == crs.WEB_MERCATOR else _around(box, crs.WEB_MERCATOR, self.epsg)

    def scale_denominator(self, z: int) -> float:
        """Return a zoom's scale denominator."""
        return self.resolutions[z] / PIXEL_M


def _around(box: Box, source: int, target: int) -> Box:
    west, south, east, north = box
    # Edges bend: 21 points of each, and a hundredth of the width for what lies between them.
    along = np.linspace(0, 1, 21)
    xs, ys = west + along * (east - west), south + along * (north - south)
    x, y = crs.transformer(source, target).transform(
        np.concatenate([xs, xs, np.full(21, west), np.full(21, east)]),
        np.concatenate([np.full(21, south), np.full(21, north), ys, ys]),
    )
    margin = (x.max() - x.min()) / 100
    return (
        float(x.min() - margin),
        float(y.min() - margin),
        float(x.max() + margin),
        float(y.max() + margin),
    )


WEB_MERCATOR = Grid(
    id="WebMercatorQuad",
    epsg=crs.WEB_MERCATOR,
    box=(-_HALF_WORLD_M, -_HALF_WORLD_M, _HALF_WORLD_M, _HALF_WORLD_M),
    resolutions=tuple(2 * _HALF_WORLD_M / TILE_PX / 2**z for z in range(21)),
    well_known="urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible",
)


def _vn2000() -> Grid:
    resolutions = tuple(scale * PIXEL_M for scale in _VN2000_SCALES)
    span = resolutions[0] * TILE_PX
    columns, rows = _VN2000_TILES
    return Grid(
        id=f"VN2000-{settings.STORAGE_EPSG}",
        epsg=settings.STORAGE_EPSG,
        box=(
            _VN2000_WEST_M,
            _VN2000_NORTH_M - rows * span,
            _VN2000_WEST_M + columns * span,
            _VN2000_NORTH_M,
        ),
        resolutions=resolutions,
    )


VN2000 = _vn2000()
GRIDS: tuple[Grid, ...] = (WEB_MERCATOR, VN2000)
GRID_BY_ID = {grid.id: grid for grid in GRIDS}
