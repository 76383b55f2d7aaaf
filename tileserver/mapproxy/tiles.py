"""Map tiles as they are known now: from their files where these hold, else drawn and kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from mapproxy.cache.base import TileLocker
from mapproxy.cache.tile_manager import TileManager
from mapproxy.image.opts import ImageOptions
from mapproxy.util.lock import LockTimeout

from tileserver.cache import etag_of
from tileserver.drawing import TooMuchAsked
from tileserver.freshness import newest as newest_edition
from tileserver.limits import DRAWING_S, WAIT_FOR_DRAWING_S
from tileserver.mapproxy.grids import GRID_BY_ID, META_BUFFER_PX, META_TILES, Grid
from tileserver.mapproxy.kept import Cache, KeptTiles, State
from tileserver.mapproxy.source import STATE, MapServerSource
from tileserver.wms import tree

if TYPE_CHECKING:
    import datetime as dt

PNG = "image/png"
PALETTE = 255


@dataclass(frozen=True, slots=True)
class MapTile:
    """A PNG and the tag of its content."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Place:
    """A tile's address, checked; x from the west, y from the north."""

    layer: str
    grid: Grid
    z: int
    x: int
    y: int


@cache
def tile_cache(layer_id: str, grid_id: str) -> Cache:
    """Return where tiles are kept. Raises KeyError for an unknown layer or grid."""
    return Cache(layer_id, tree.by_name()[layer_id], GRID_BY_ID[grid_id])


@cache
def _manager(layer_id: str, grid_id: str) -> TileManager:
    kept = tile_cache(layer_id, grid_id)
    # A palette of its own makes a tile a third as large; fills keep their colours within 3 of 255.
    options = ImageOptions(format="png", transparent=True, colors=PALETTE)
    locks = settings.VAR / "run" / "tiles"
    return TileManager(
        kept.grid.tile_grid,
        KeptTiles(kept, options),
        [MapServerSource(tuple(layer.id for layer in kept.layers), options)],
        "png",
        TileLocker(str(locks), WAIT_FOR_DRAWING_S + DRAWING_S, f"{layer_id}-{grid_id}"),
        image_opts=options,
        meta_buffer=META_BUFFER_PX,
        meta_size=(META_TILES, META_TILES),
        identifier=f"{layer_id}-{grid_id}",
    )


def current_tile(at: Place, *, today: dt.date) -> MapTile:
    """Return the tile as it is known now and valid `today`. Raises NoPicture."""
    state = State(newest_edition(), today)
    manager = _manager(at.layer, at.grid.id)
    try:
        tile = manager.load_tile_coord((at.x, at.y, at.z), dimensions={STATE: state})
    except LockTimeout as trouble:
        raise TooMuchAsked from trouble
    body = tile.image_result.as_buffer(seekable=True).read()
    return MapTile(body, etag_of(body))
