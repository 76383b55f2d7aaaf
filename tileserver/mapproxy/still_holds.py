"""Whether kept map tiles still show what new ones would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from landdata import crs
from tileserver import freshness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tileserver.cache import Edition
    from tileserver.drawing import Box
    from tileserver.mapproxy.grids import Grid
    from tileserver.mapproxy.kept import Cache, State

    At = tuple[int, int, int]


def hold_many(cache: Cache, editions: Mapping[At, Edition], state: State) -> set[At]:
    """Return which tiles (x, y, z) of these editions show what the newest edition would."""
    boxes = [box_3857(cache.grid, z, x, y) for x, y, z in editions]
    layers = [layer.id for layer in cache.layers]
    judged = freshness.hold_many(layers, boxes, list(editions.values()), state.newest)
    return {at for at, is_good in zip(editions, judged, strict=True) if is_good}


def box_3857(grid: Grid, z: int, x: int, y: int) -> Box:
    """Return the box in EPSG:3857 metres of all that decides about a tile."""
    box = grid.drawn_box(z, x, y)
    if grid.epsg == crs.WEB_MERCATOR:
        return box
    west, south, east, north = box
    # Edges bend: 21 points of each, and a hundredth of the width for what lies between them.
    along = np.linspace(0, 1, 21)
    xs = np.concatenate([west + along * (east - west)] * 2 + [np.full(21, west), np.full(21, east)])
    ys = np.concatenate(
        [np.full(21, south), np.full(21, north)] + [south + along * (north - south)] * 2
    )
    to_x, to_y = crs.transformer(grid.epsg, crs.WEB_MERCATOR).transform(xs, ys)
    margin = (to_x.max() - to_x.min()) / 100
    return (
        float(to_x.min() - margin),
        float(to_y.min() - margin),
        float(to_x.max() + margin),
        float(to_y.max() + margin),
    )
