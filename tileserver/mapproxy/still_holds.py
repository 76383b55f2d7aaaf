"""Whether kept map tiles still show what new ones would."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connections

from landdata import crs
from tileserver.tiles import ALIAS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tileserver.cache import Edition
    from tileserver.drawing import Box
    from tileserver.mapproxy.grids import Grid
    from tileserver.mapproxy.kept import Cache, State

    At = tuple[int, int, int]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def hold_many(cache: Cache, editions: Mapping[At, Edition], state: State) -> set[At]:
    """Return which tiles (x, y, z) of these editions show what the newest edition would."""
    good = {at for at, edition in editions.items() if edition == state.newest}
    old = [at for at in editions if at not in good]
    if not old:
        return good
    boxes = [box_3857(cache.grid, z, x, y) for x, y, z in old]
    values: dict[str, Any] = {
        "layers": [layer.id for layer in cache.layers],
        "numbers": list(range(len(old))),
        "revisions": [editions[at].revision for at in old],
        "made_at": [_EPOCH + dt.timedelta(microseconds=editions[at].made_at_us) for at in old],
        **{
            name: [box[side] for box in boxes]
            for side, name in enumerate(("west", "south", "east", "north"))
        },
    }
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_HOLD, values)
        return good | {old[number] for (number,) in cursor.fetchall()}


_HOLD = """
    SELECT t.number
    FROM unnest(
        %(numbers)s::int[], %(revisions)s::int[], %(made_at)s::timestamptz[],
        %(west)s::float8[], %(south)s::float8[], %(east)s::float8[], %(north)s::float8[]
    ) t (number, revision, made_at, west, south, east, north)
    JOIN public_revisions r ON r.number = t.revision AND r.made_at = t.made_at
    WHERE NOT EXISTS (
        SELECT FROM public_changed_areas c
        WHERE c.layer = ANY (%(layers)s) AND c.revision > t.revision
            AND c.extent_3857 && ST_MakeEnvelope(t.west, t.south, t.east, t.north, 3857)
    )
"""


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
