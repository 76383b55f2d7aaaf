"""Vector tiles of small zooms, made before anybody asks.

Such a tile shows thousands of features and takes longest, and there are few of them. What is drawn
here is judged like every kept tile when it is given out, so it does no harm if this is late, ends
in the middle or is not done at all.
"""

from __future__ import annotations

import itertools
import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from landdata import crs
from tileserver import cache, freshness, listening, queries, tiles
from tileserver.cache import Edition
from tileserver.layer import TILE_MARGIN, Shape
from tileserver.layers import LAYERS
from tileserver.tiles import HALF_WORLD_M, box_of, file_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from tileserver.freshness import Box
    from tileserver.layer import Layer
    from tileserver.listening import Known

#: Up to this zoom all tiles of the city are made ahead; a tile is 1.2 km wide there.
LAST_ZOOM = 15
#: Tiles of one layer and zoom beyond which they are left to those who ask. A city of 40 km has
#: 1,100 at the last zoom; a country without a city would have a million.
MOST_TILES = 4_000
#: Housekeeping drops files that nobody asked for; after this time they are there again.
LOOK_AGAIN_S = 3600.0
#: As many are looked at in one go: some milliseconds, so that an edit waits no longer.
LOOKED_AT = 200


@dataclass
class Ahead:
    """Looks through the tiles of small zooms, those that an edit touched first."""

    _ground: Box = (0.0, 0.0, 0.0, 0.0)
    _pending: Iterator[tiles.Place] = field(default_factory=lambda: iter(()))
    _seen: Edition = field(default_factory=lambda: Edition(-1, 0))
    _day: dt.date | None = None
    _begun: float = 0.0

    def draw_next(self, today: dt.date) -> bool:
        """Draw one that is missing or no longer holds; say whether there may be more."""
        known = listening.known()
        if known is None:
            return False
        if self._is_new_round(known, today):
            self._ground = city()
            self._pending = everything(self._ground)
            self._day, self._begun = today, time.monotonic()
        elif known.newest != self._seen:
            first = touched(known, self._seen.revision, self._ground)
            self._pending = itertools.chain(first, self._pending)
        self._seen = known.newest
        looked_at = 0
        for place in itertools.islice(self._pending, LOOKED_AT):
            looked_at += 1
            if not _holds(place, known, today):
                tiles.current_tile(place, today=today)
                return True
        return looked_at == LOOKED_AT

    def _is_new_round(self, known: Known, today: dt.date) -> bool:
        # Days that came change the map. Changes older than memory may be anywhere.
        return (
            today != self._day
            or not known.since <= self._seen.revision <= known.newest.revision
            or time.monotonic() - self._begun > LOOK_AGAIN_S
        )


def _holds(place: tiles.Place, known: Known, today: dt.date) -> bool:
    shown = cache.edition_at(file_of(place, known.newest, today))
    if shown is None:
        return False
    return freshness.holds([place.layer.id], box_of(place), shown, known.newest)


def city() -> Box:
    """Return the box around the data of the city, in EPSG:3857 metres."""
    west, south, east, north = queries.data_extent()
    to_mercator = crs.transformer(crs.GEOGRAPHIC, crs.WEB_MERCATOR).transform
    return (*to_mercator(west, south), *to_mercator(east, north))


def everything(ground: Box) -> Iterator[tiles.Place]:
    """Yield the tiles of small zooms, the smallest first."""
    for zoom in range(LAST_ZOOM + 1):
        for layer in _drawn():
            if layer.min_zoom <= zoom <= layer.max_zoom:
                yield from _tiles_of(layer, zoom, ground)


def touched(known: Known, after: int, ground: Box) -> Iterator[tiles.Place]:
    """Yield the tiles of small zooms that changes after a revision touch."""
    for layer in _drawn():
        boxes = [_common(box, ground) for box in _changed(known, after, layer)]
        for zoom in range(layer.min_zoom, min(LAST_ZOOM, layer.max_zoom) + 1):
            places = {at for box in boxes if box for at in _tiles_of(layer, zoom, box)}
            yield from sorted(places, key=lambda at: (at.x, at.y))


def _drawn() -> Iterable[Layer]:
    # A map shows everything once; few ask for a part alone.
    return (y for y in LAYERS if y.shape is not Shape.RASTER and not y.part_of)


def _changed(known: Known, after: int, layer: Layer) -> Iterator[Box]:
    for name in layer.noted_as:
        areas = known.areas.get(name)
        if areas is not None:
            yield from map(_box, areas.boxes[areas.revisions > after])


def _box(corners: NDArray[np.float64]) -> Box:
    west, south, east, north = corners.tolist()
    return (west, south, east, north)


def _common(one: Box, other: Box) -> Box | None:
    west, south = max(one[0], other[0]), max(one[1], other[1])
    east, north = min(one[2], other[2]), min(one[3], other[3])
    return (west, south, east, north) if west <= east and south <= north else None


def _tiles_of(layer: Layer, zoom: int, box: Box) -> Iterator[tiles.Place]:
    """Yield the tiles that draw what lies in a box, in their margins too; none if too many."""
    west, south, east, north = box
    columns = _span(west + HALF_WORLD_M, east + HALF_WORLD_M, zoom)
    rows = _span(HALF_WORLD_M - north, HALF_WORLD_M - south, zoom)
    if len(columns) * len(rows) <= MOST_TILES:
        yield from (tiles.Place(layer, zoom, x, y) for x in columns for y in rows)


def _span(first_m: float, last_m: float, zoom: int) -> range:
    """Return the tiles that reach from one distance to another, counted from the grid's edge."""
    width = 2 * HALF_WORLD_M / 2**zoom
    margin = width * TILE_MARGIN
    first, last = (math.floor(m / width) for m in (first_m - margin, last_m + margin))
    return range(max(0, first), min(2**zoom - 1, last) + 1)
