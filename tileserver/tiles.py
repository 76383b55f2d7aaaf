"""Vector tiles: one SQL statement each, kept as files, never stale.

A kept tile says at which revision it was rendered, and `tileserver.freshness` judges whether it
still holds. Days on which rows begin or cease to hold change the map without an edit, so the path
of a tile holds the last such day.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections
from isal import igzip

from landdata.errors import Missing
from tileserver import cache as tile_cache
from tileserver import freshness
from tileserver.cache import CachedTile, Edition, etag_of
from tileserver.freshness import ALIAS as ALIAS
from tileserver.freshness import Box, holds, last_change
from tileserver.layer import TILE_MARGIN, Layer, in_both_times
from tileserver.layers import BY_ID
from tileserver.listening import edition_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

#: Half the width of the square that EPSG:3857 shows, in metres.
HALF_WORLD_M = 20037508.342789244
#: Packs as well as zlib's third level in an eighth of its time.
_PACKING = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """A gzipped Mapbox vector tile and the tag that changes whenever its content may have."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Place:
    """A tile's address, checked."""

    layer: Layer
    z: int
    x: int
    y: int


def place(layer_id: str, z: int, x: int, y: int) -> Place:
    """Return a tile's address. Raises Missing if the layer has no such tile."""
    layer = BY_ID.get(layer_id)
    if layer is None:
        raise Missing("tile_layer", layer=layer_id[:40])
    return place_in(layer, z, x, y)


def place_in(layer: Layer, z: int, x: int, y: int) -> Place:
    """Return the address of a tile of a known layer. Raises Missing if it has no such tile."""
    if not layer.min_zoom <= z <= layer.max_zoom or not 0 <= x < 2**z or not 0 <= y < 2**z:
        raise Missing("tile", layer=layer.id, z=z, x=x, y=y)
    return Place(layer, z, x, y)


def current_tile(at: Place, *, today: dt.date) -> Tile:
    """Return the tile as it is known now and valid `today`, from its file if that still holds."""
    newest = freshness.newest()
    path = file_of(at, newest, today)
    kept = tile_cache.read(path)
    if kept is None or not holds([at.layer.id], box_of(at), kept.edition, newest):
        kept = render(at, day=today)
        tile_cache.write(path, kept)
    elif freshness.is_beyond_memory(kept.edition):
        # Judged by the database; with this, the next time by memory.
        tile_cache.write(path, CachedTile(newest, kept.body))
    return Tile(kept.body, etag_of(kept.body))


def render(at: Place, *, day: dt.date, drafts: Sequence[int] = ()) -> CachedTile:
    """Render a tile, gzipped; it says which edition it shows, since both are read in one view.

    `drafts` are the versions that a layer of drafts may show.
    """
    values: dict[str, Any] = {"z": at.z, "x": at.x, "y": at.y, "day": day, "drafts": list(drafts)}
    with connections[at.layer.audience.value].cursor() as cursor:
        cursor.execute(tile_sql(at.layer, at.z), values)
        number, made_at, content = cursor.fetchone()
    # No time stamp inside: the same content is the same bytes.
    body = igzip.compress(bytes(content or b""), _PACKING, mtime=0)
    shown = Edition(0, 0) if number is None else edition_of((number, made_at))
    return CachedTile(shown, body)


@cache
def tile_sql(layer: Layer, z: int) -> str:
    """Return the statement for tiles of a layer at a zoom; parameters z, x, y, day, drafts.

    A single statement sees a single state of the database, so the revision it returns is the one
    the tile shows. The envelope stands in it literally: written as a join it is 1.3 times slower.
    """
    units = layer.tile_units(z)
    margin = round(units * TILE_MARGIN)
    attributes = layer.attributes_at(z)
    columns = [
        f"ST_AsMVTGeom(v.{layer.geometry}, {_SQUARE}, {units}, {margin}, true) AS shape",
        *(f"{a.sql} AS {a.name}" for a in attributes),
    ]
    written = {rule.label.attribute for rule in layer.style.rules if rule.label}
    if layer.is_labelled_once and written & {a.name for a in attributes}:
        # Most features lie within one tile; only for the others the inner point is worked out.
        inside = f"{_SQUARE} ~ v.{layer.geometry} OR ST_PointOnSurface(v.{layer.geometry})"
        columns.append(f"CASE WHEN {inside} && {_SQUARE} THEN true END AS label_here")
    conditions = " AND ".join([*layer.conditions(z), "{known:v}", "{valid:v}"])
    # Behind OFFSET each shape is made once; the planner would make it for the condition as well.
    sql = f"""
        SELECT r.number, r.made_at, m.content
        FROM (
            SELECT ST_AsMVT(t, '{layer.id}', {units}, 'shape') AS content
            FROM (
                SELECT * FROM (
                    SELECT {", ".join(columns)}
                    FROM {layer.view} v {layer.joins}
                    WHERE v.{layer.geometry} && {_ENVELOPE} AND {conditions}
                    ORDER BY v.id
                    OFFSET 0
                ) made WHERE shape IS NOT NULL
            ) t
        ) m LEFT JOIN (
            SELECT number, made_at FROM public_revisions ORDER BY number DESC LIMIT 1
        ) r ON true
    """  # noqa: S608 - made of our own list of layers only
    return in_both_times(sql, known=None, day="%(day)s", drafts="%(drafts)s::bigint[]")


_SQUARE = "ST_TileEnvelope(%(z)s, %(x)s, %(y)s)"
_ENVELOPE = f"ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => {TILE_MARGIN})"


def box_of(at: Place) -> Box:
    """Return all that is drawn for a tile: its square and the margin around."""
    width = 2 * HALF_WORLD_M / 2**at.z
    margin = width * TILE_MARGIN
    west, north = at.x * width - HALF_WORLD_M, HALF_WORLD_M - at.y * width
    return (west - margin, north - width - margin, west + width + margin, north + margin)


def file_of(at: Place, newest: Edition, today: dt.date) -> Path:
    """Return where a tile is kept."""
    return folder_of(at.layer, newest, today) / f"{at.z}/{at.x}/{at.y}.mvt.gz"


def folder_of(layer: Layer, newest: Edition, today: dt.date) -> Path:
    """Return where tiles of a layer are kept; the folder's name says how they are made."""
    last = last_change(layer, newest, today)
    return Path(settings.TILE_CACHE / layer.id / f"{made_by(layer)}-{last}")


@cache
def made_by(layer: Layer) -> str:
    """Return a mark of how tiles of the layer are made, so that a new way finds no old files."""
    ways = "\n".join(tile_sql(layer, z) for z in range(layer.min_zoom, layer.max_zoom + 1))
    return hashlib.sha256(ways.encode()).hexdigest()[:10]
