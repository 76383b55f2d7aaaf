"""How far the data of each layer reach."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections

from landdata import crs
from tileserver import freshness
from tileserver.cache import Edition
from tileserver.freshness import ALIAS
from tileserver.layers import MAP_LAYERS
from tileserver.listening import edition_of
from tileserver.queries import VIET_NAM

if TYPE_CHECKING:
    from tileserver.layer import Layer
    from tileserver.queries import Box


#: By how much boxes are wider on each side than the data: less than any map shows.
_LEAST_M = 1.0


@dataclass(frozen=True)
class Extent:
    """One box in three systems: degrees of WGS 84, EPSG:3857 metres, the storage zone's metres."""

    degrees: Box
    mercator: Box
    stored: Box

    def joined(self, other: Extent) -> Extent:
        """Return the box around both."""
        return Extent(
            _around(self.degrees, other.degrees),
            _around(self.mercator, other.mercator),
            _around(self.stored, other.stored),
        )


def extents() -> dict[str, Extent]:
    """Return the extent of every layer, by its id.

    A layer without data has that of the others: it may get data anywhere there. Without any data
    it is Viet Nam.
    """
    changed = last_changes()
    found = {layer.id: _extent(layer, changed[layer.id]) for layer in MAP_LAYERS}
    known = [extent for extent in found.values() if extent is not None]
    everything = reduce(Extent.joined, known) if known else _viet_nam()
    return {layer_id: extent or everything for layer_id, extent in found.items()}


def last_changes() -> dict[str, Edition]:
    """Return by layer the last edition that changed what it shows."""
    names = {layer.id: freshness.noted_names((layer.id,)) for layer in MAP_LAYERS}
    every = sorted({name for noted in names.values() for name in noted})
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_LAST_CHANGES, [every])
        changed = {name: edition_of(row) for name, *row in cursor.fetchall()}
    nothing = Edition(0, 0)
    return {
        layer_id: max((changed.get(name, nothing) for name in noted), key=lambda e: e.revision)
        for layer_id, noted in names.items()
    }


_LAST_CHANGES = """
    SELECT n.name, r.number, r.made_at
    FROM unnest(%s::text[]) n (name)
    JOIN public_revisions r ON r.number = (
        SELECT max(c.revision) FROM public_changed_areas c WHERE c.layer = n.name
    )
"""


@lru_cache(maxsize=64)
def _extent(layer: Layer, last_change: Edition) -> Extent | None:
    conditions = " AND ".join(["v.to_revision IS NULL", *([layer.where] if layer.where else [])])
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            f"""SELECT ST_XMin(m), ST_YMin(m), ST_XMax(m), ST_YMax(m),
                ST_XMin(s), ST_YMin(s), ST_XMax(s), ST_YMax(s)
            FROM (
                SELECT ST_Extent(v.{layer.geometry}) m, ST_Extent(v.{layer.stored}) s
                FROM {layer.view} v WHERE {conditions}
            ) e"""  # noqa: S608 - made of our own list of layers only
        )
        row = cursor.fetchone()
    if row[0] is None:
        return None
    mercator, stored = _with_area(*row[:4]), _with_area(*row[4:])
    to_degrees = crs.transformer(crs.WEB_MERCATOR, crs.GEOGRAPHIC)
    # Mercator's edges are meridians and parallels: two corners tell the whole box.
    west, south = to_degrees.transform(*mercator[:2])
    east, north = to_degrees.transform(*mercator[2:])
    return Extent((west, south, east, north), mercator, stored)


def _with_area(west: float, south: float, east: float, north: float) -> Box:
    """Return a box of metres that has an area (OGC 06-042, 6.7.4) around one that may have none.

    The data of a layer may be one point, or one line due north.
    """
    return (west - _LEAST_M, south - _LEAST_M, east + _LEAST_M, north + _LEAST_M)


@lru_cache(maxsize=1)
def _viet_nam() -> Extent:
    to_mercator = crs.transformer(crs.GEOGRAPHIC, crs.WEB_MERCATOR)
    to_stored = crs.transformer(crs.GEOGRAPHIC, settings.STORAGE_EPSG)
    return Extent(
        VIET_NAM,
        to_mercator.transform_bounds(*VIET_NAM),
        to_stored.transform_bounds(*VIET_NAM),
    )


def _around(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
