"""Which kept pictures are answered in front of Django, and where their files lie."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from landdata.errors import Missing
from tileserver import tiles
from tileserver.fast import Kept, Route
from tileserver.mapproxy import tiles as map_tiles
from tileserver.mapproxy.grids import GRID_BY_ID
from tileserver.mapproxy.kept import State
from tileserver.wms import tree

if TYPE_CHECKING:
    import datetime as dt

    from tileserver.cache import Edition

# Numbers as clients write them; other spellings are for Django to judge.
_NUMBER = "(0|[1-9][0-9]{0,8})"
_VECTOR = re.compile(rf"/tiles/([a-z0-9_]+)/{_NUMBER}/{_NUMBER}/{_NUMBER}\.pbf")
_WMTS = re.compile(
    rf"/wmts/1\.0\.0/([a-z0-9_]+)/default/([A-Za-z0-9_-]+)/{_NUMBER}/{_NUMBER}/{_NUMBER}\.png"
)


def _vector(path: str, query: str, newest: Edition, today: dt.date) -> Kept | None:
    asked = _VECTOR.fullmatch(path)
    if asked is None or query:
        return None
    try:
        at = tiles.place(asked[1], int(asked[2]), int(asked[3]), int(asked[4]))
    except Missing:
        return None
    return Kept(tiles.file_of(at, newest, today), (at.layer.id,), tiles.box_of(at))


def _draw_vector(path: str, today: dt.date) -> None:
    asked = _VECTOR.fullmatch(path)
    assert asked is not None  # noqa: S101 - found before
    at = tiles.place(asked[1], int(asked[2]), int(asked[3]), int(asked[4]))
    tiles.current_tile(at, today=today)


def _wmts(path: str, query: str, newest: Edition, today: dt.date) -> Kept | None:
    asked = _WMTS.fullmatch(path)
    if asked is None or query or asked[2] not in GRID_BY_ID or asked[1] not in tree.by_name():
        return None
    z, y, x = (int(asked[n]) for n in (3, 4, 5))
    kept = map_tiles.tile_cache(asked[1], asked[2])
    if not kept.grid.holds(z, x, y):
        return None
    file = kept.path(z, x, y, State(newest, today))
    (box,) = kept.boxes_3857([(z, x, y)])
    return Kept(file, tuple(layer.id for layer in kept.layers), box)


ROUTES = (
    Route("vector", "/tiles/", _vector, is_packed=True, draw=_draw_vector),
    Route("wmts", "/wmts/1.0.0/", _wmts, is_packed=False),
)
