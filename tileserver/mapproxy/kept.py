"""MapProxy's cache, as files that say which edition they show."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from mapproxy.cache.base import TileCacheBase
from mapproxy.image import ImageResult

from tileserver import cache
from tileserver.cache import CachedTile, Edition
from tileserver.drawing import made_by
from tileserver.freshness import hold_many, last_change
from tileserver.mapproxy.source import STATE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from mapproxy.cache.tile import Tile
    from mapproxy.image.opts import ImageOptions

    from tileserver.drawing import Box
    from tileserver.layer import Layer
    from tileserver.mapproxy.grids import Grid

    At = tuple[int, int, int]


@dataclass(frozen=True)
class State:
    """What a tile has to show: the newest edition, on this day. Read before anything is drawn."""

    newest: Edition
    today: dt.date


@dataclass(frozen=True)
class Cache:
    """Where the tiles of some layers in one grid are kept."""

    id: str
    layers: tuple[Layer, ...]
    grid: Grid

    def path(self, z: int, x: int, y: int, state: State) -> Path:
        """Return a tile's file. Rows begin and cease by the day, so their last day stands in it."""
        return self.folder(state) / f"{z}/{x}/{y}.png"

    @property
    def shelf(self) -> Path:
        """The folder of all days and ways of drawing."""
        return settings.TILE_CACHE / "raster" / self.id / self.grid.id

    def folder(self, state: State) -> Path:
        """Return the folder of what is drawn as now, with the rows that hold today."""
        days = [last_change(layer, state.newest, state.today) for layer in self.layers]
        name = days[0] if len(days) == 1 else hashlib.sha256("_".join(days).encode()).hexdigest()
        return self.shelf / f"{made_by()}-{name[:16]}"

    def hold(self, editions: Mapping[At, Edition], newest: Edition) -> set[At]:
        """Return which tiles (x, y, z) of these editions show what the newest edition would."""
        boxes = self.boxes_3857([(z, x, y) for x, y, z in editions])
        names = [layer.id for layer in self.layers]
        answers = hold_many(names, boxes, list(editions.values()), newest)
        return {at for at, holds in zip(editions, answers, strict=True) if holds}

    def boxes_3857(self, places: Sequence[At]) -> list[Box]:
        """Return in EPSG:3857 all that is drawn for each tile (z, x, y)."""
        return [self.grid.box_3857(self.grid.drawn_box(*place)) for place in places]


# MapProxy brings no types.
class KeptTiles(TileCacheBase):  # type: ignore[misc]
    """Hands MapProxy the tiles that still hold, and keeps those that it made.

    Every call brings the state as a dimension: a tile is drawn, judged and kept at the same one, so
    that a commit meanwhile cannot make an old picture look new.
    """

    def __init__(self, kept: Cache, image_opts: ImageOptions) -> None:
        super().__init__()
        self.kept = kept
        self.image_opts = image_opts

    def load_tiles(
        self, tiles: Iterable[Tile], with_metadata: bool = False, dimensions: Any = None
    ) -> bool:
        """Load all tiles that hold, judged together; say whether none is missing."""
        state: State = dimensions[STATE]
        wanted = [t for t in tiles if t.coord is not None and t.is_missing()]
        files = {t.coord: self._read(t, state) for t in wanted}
        found = {at: file for at, file in files.items() if file is not None}
        good = self.kept.hold({at: file.edition for at, file in found.items()}, state.newest)
        for tile in wanted:
            if tile.coord in good:
                self._fill(tile, found[tile.coord])
        return all(t.coord is None or not t.is_missing() for t in tiles)

    def load_tile(self, tile: Tile, with_metadata: bool = False, dimensions: Any = None) -> bool:
        """Load one tile if it holds; say whether it is there."""
        return self.load_tiles([tile], with_metadata, dimensions)

    def is_cached(self, tile: Tile, dimensions: Any = None) -> bool:
        """Say whether a tile is kept and holds."""
        return not tile.is_missing() or self.load_tile(tile, dimensions=dimensions)

    def store_tile(self, tile: Tile, dimensions: Any = None) -> bool:
        """Keep a tile as what it was drawn as."""
        if not tile.stored:
            state: State = dimensions[STATE]
            body = tile.image_result.as_buffer(self.image_opts, seekable=True).read()
            cache.write(self._path(tile, state), CachedTile(state.newest, body))
            self._fill(tile, CachedTile(state.newest, body))
        return True

    def store_tiles(self, tiles: Iterable[Tile], dimensions: Any = None) -> bool:
        """Keep tiles as what they were drawn as."""
        return all(self.store_tile(tile, dimensions) for tile in tiles)

    def remove_tile(self, tile: Tile, dimensions: Any = None) -> bool:
        """Remove a tile."""
        self._path(tile, dimensions[STATE]).unlink(missing_ok=True)
        return True

    def load_tile_metadata(self, tile: Tile, dimensions: Any = None) -> None:
        """Nothing is told by a file's time: the edition inside decides."""

    def _path(self, tile: Tile, state: State) -> Path:
        x, y, z = tile.coord
        return self.kept.path(z, x, y, state)

    def _read(self, tile: Tile, state: State) -> CachedTile | None:
        return cache.read(self._path(tile, state))

    def _fill(self, tile: Tile, kept: CachedTile) -> None:
        tile.image_result = ImageResult(io.BytesIO(kept.body), image_opts=self.image_opts)
        tile.size = len(kept.body)
        tile.timestamp = kept.edition.made_at_us / 1e6
        tile.stored = True
