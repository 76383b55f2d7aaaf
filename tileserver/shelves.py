"""Where kept tiles stand, vector and raster alike: what a change of the data touches there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from django.conf import settings

from tileserver import tiles
from tileserver.layer import TILE_MARGIN
from tileserver.layers import LAYERS, MAP_LAYERS
from tileserver.mapproxy import tiles as map_tiles
from tileserver.mapproxy.grids import GRIDS, META_BUFFER_PX, META_TILES
from tileserver.wms import tree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tileserver.drawing import Box
    from tileserver.layer import Layer
    from tileserver.mapproxy.kept import Cache, State

#: Zoom, and column and row from the north-west.
At = tuple[int, int, int]


class Shelf(Protocol):
    """Kept tiles of one kind."""

    @property
    def layers(self) -> tuple[str, ...]:
        """Ids of the layers that its tiles show."""

    @property
    def root(self) -> Path:
        """The folder of all its tiles, of every day and every way of drawing."""

    @property
    def ending(self) -> str:
        """What its files' names end in."""

    def folder(self, state: State) -> Path:
        """Return the folder of tiles that are drawn as now."""

    def path(self, at: At, state: State) -> Path:
        """Return the file of a tile that is drawn as now."""
        z, x, y = at
        return self.folder(state) / f"{z}/{x}/{y}{self.ending}"

    def reach(self, z: int, boxes: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return for boxes in EPSG:3857 the first and last columns and rows that may show them."""

    def boxes(self, places: Sequence[At]) -> list[Box]:
        """Return in EPSG:3857 what is drawn for each tile."""

    def draw(self, at: At, state: State) -> None:
        """Draw a tile and keep it. Raises NoPicture."""

    def drawn_with(self, at: At) -> At:
        """Return the first of the tiles that are drawn together with one."""


@dataclass(frozen=True)
class VectorShelf(Shelf):
    """Vector tiles of a layer."""

    layer: Layer
    ending: str = ".mvt.gz"

    @property
    def layers(self) -> tuple[str, ...]:
        """See Shelf."""
        return (self.layer.id,)

    @property
    def root(self) -> Path:
        """See Shelf."""
        return settings.TILE_CACHE / self.layer.id

    def folder(self, state: State) -> Path:
        """See Shelf."""
        return tiles.folder_of(self.layer, state.newest, state.today)

    def reach(self, z: int, boxes: NDArray[np.float64]) -> NDArray[np.int64]:
        """See Shelf."""
        span = 2 * tiles.HALF_WORLD_M / 2**z
        return _reach(boxes, (-tiles.HALF_WORLD_M, tiles.HALF_WORLD_M), span, span * TILE_MARGIN)

    def boxes(self, places: Sequence[At]) -> list[Box]:
        """See Shelf."""
        return [tiles.box_of(tiles.Place(self.layer, *at)) for at in places]

    def draw(self, at: At, state: State) -> None:
        """See Shelf."""
        tiles.current_tile(tiles.Place(self.layer, *at), today=state.today)

    def drawn_with(self, at: At) -> At:
        """See Shelf."""
        return at


@dataclass(frozen=True)
class RasterShelf(Shelf):
    """Map tiles of one name in one grid."""

    cache: Cache
    ending: str = ".png"

    @cached_property
    def layers(self) -> tuple[str, ...]:
        """See Shelf."""
        return tuple(layer.id for layer in self.cache.layers)

    @property
    def root(self) -> Path:
        """See Shelf."""
        return self.cache.shelf

    def folder(self, state: State) -> Path:
        """See Shelf."""
        return self.cache.folder(state)

    def reach(self, z: int, boxes: NDArray[np.float64]) -> NDArray[np.int64]:
        """See Shelf."""
        grid = self.cache.grid
        here = np.array([grid.box_from_3857((w, s, e, n)) for w, s, e, n in boxes.tolist()])
        west, _, _, north = grid.box
        # All that is drawn at once changes at once.
        margin = META_BUFFER_PX * grid.resolutions[z]
        metas = _reach(here, (west, north), META_TILES * grid.span_m(z), margin)
        reach: NDArray[np.int64] = metas * META_TILES
        reach[:, 2:] += META_TILES - 1
        return reach

    def boxes(self, places: Sequence[At]) -> list[Box]:
        """See Shelf."""
        return self.cache.boxes_3857(places)

    def draw(self, at: At, state: State) -> None:
        """See Shelf."""
        place = map_tiles.Place(self.cache.id, self.cache.grid, *at)
        map_tiles.current_tile(place, today=state.today)

    def drawn_with(self, at: At) -> At:
        """See Shelf."""
        z, x, y = at
        return z, x // META_TILES * META_TILES, y // META_TILES * META_TILES


def _reach(
    boxes: NDArray[np.float64], corner: tuple[float, float], span: float, margin: float
) -> NDArray[np.int64]:
    west, north = corner
    edges = np.column_stack(
        (
            boxes[:, 0] - margin - west,
            north - boxes[:, 3] - margin,
            boxes[:, 2] + margin - west,
            north - boxes[:, 1] + margin,
        )
    )
    return np.floor(edges / span).astype(np.int64)


def shelves() -> list[Shelf]:
    """Return where all kept tiles stand."""
    vector: list[Shelf] = [VectorShelf(layer) for layer in LAYERS]
    raster: list[Shelf] = [
        RasterShelf(map_tiles.tile_cache(name, grid.id))
        for name in (tree.ROOT, *(layer.id for layer in MAP_LAYERS))
        for grid in GRIDS
    ]
    return vector + raster
