"""Vector tiles: one SQL statement each, kept as files, never stale.

A kept tile says at which revision it was rendered. It is given out again only if no row of
`public_changed_areas` for its layer is newer and touches it. Days on which rows begin or cease to
hold change the map without an edit, so the path of a tile holds the last such day.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections

from landdata.errors import Missing
from tileserver import cache as tile_cache
from tileserver.cache import CachedTile, Edition
from tileserver.layer import TILE_MARGIN, Layer, in_both_times
from tileserver.layers import BY_ID

if TYPE_CHECKING:
    from pathlib import Path

#: The restricted role: a tile can show what a `public_…` view shows and nothing else.
ALIAS = "public"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
#: Speed 6 packs a parcel tile within 1 % of the best and in half the time.
_PACKING = 6


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
    if not layer.min_zoom <= z <= layer.max_zoom or not 0 <= x < 2**z or not 0 <= y < 2**z:
        raise Missing("tile", layer=layer.id, z=z, x=x, y=y)
    return Place(layer, z, x, y)


def current_tile(at: Place, *, today: dt.date) -> Tile:
    """Return the tile as it is known now and valid `today`, from its file if that still holds."""
    newest = newest_edition()
    path = settings.TILE_CACHE / _folder(at.layer, newest, today) / f"{at.z}/{at.x}/{at.y}.mvt.gz"
    kept = tile_cache.read(path)
    if kept is None or not (kept.edition == newest or _still_holds(at, kept.edition)):
        kept = render(at, day=today)
        tile_cache.write(path, kept)
    return Tile(kept.body, _etag(path, kept.edition))


def newest_edition() -> Edition:
    """Return the newest state of the public data."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT number, made_at FROM public_revisions ORDER BY number DESC LIMIT 1")
        row = cursor.fetchone()
    return _edition(row)


def render(at: Place, *, day: dt.date) -> CachedTile:
    """Render a tile, gzipped; it says which edition it shows, since both are read in one view."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(tile_sql(at.layer, at.z), {"z": at.z, "x": at.x, "y": at.y, "day": day})
        number, made_at, content = cursor.fetchone()
    # No time stamp inside: the same content is the same bytes.
    body = gzip.compress(bytes(content or b""), _PACKING, mtime=0)
    return CachedTile(_edition((number, made_at)), body)


@cache
def tile_sql(layer: Layer, z: int) -> str:
    """Return the statement for tiles of a layer at a zoom; parameters z, x, y, day.

    A single statement sees a single state of the database, so the revision it returns is the one
    the tile shows. The envelope stands in it literally: written as a join it is 1.3 times slower.
    """
    units = layer.tile_units(z)
    margin = round(units * TILE_MARGIN)
    attributes = ", ".join(f"{a.sql} AS {a.name}" for a in layer.tile_attributes)
    if layer.is_labelled_once:
        attributes += (
            f", CASE WHEN ST_PointOnSurface(v.{layer.geometry})"
            " && ST_TileEnvelope(%(z)s, %(x)s, %(y)s) THEN true END AS label_here"
        )
    conditions = " AND ".join([*layer.conditions(z), "{known:v}", "{valid:v}"])
    sql = f"""
        SELECT r.number, r.made_at, m.content
        FROM (
            SELECT ST_AsMVT(t, '{layer.id}', {units}, 'shape') AS content
            FROM (
                SELECT ST_AsMVTGeom(
                        v.{layer.geometry}, ST_TileEnvelope(%(z)s, %(x)s, %(y)s),
                        {units}, {margin}, true
                    ) AS shape, {attributes}
                FROM {layer.view} v {layer.joins}
                WHERE v.{layer.geometry} && {_ENVELOPE} AND {conditions}
                ORDER BY v.id
            ) t WHERE shape IS NOT NULL
        ) m LEFT JOIN (
            SELECT number, made_at FROM public_revisions ORDER BY number DESC LIMIT 1
        ) r ON true
    """  # noqa: S608 - made of our own list of layers only
    return in_both_times(sql, known=None, day="%(day)s")


_ENVELOPE = f"ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => {TILE_MARGIN})"

_STILL_HOLDS = f"""
    SELECT EXISTS (
        SELECT FROM public_revisions WHERE number = %(revision)s AND made_at = %(made_at)s
    ) AND NOT EXISTS (
        SELECT FROM public_changed_areas c
        WHERE c.layer = %(layer)s AND c.revision > %(revision)s AND c.extent_3857 && {_ENVELOPE}
    )
"""  # noqa: S608 - no text of others in it


def _still_holds(at: Place, edition: Edition) -> bool:
    """Say whether a tile of this edition shows what the newest one would."""
    values: dict[str, Any] = {
        "layer": at.layer.id,
        "revision": edition.revision,
        "made_at": _EPOCH + dt.timedelta(microseconds=edition.made_at_us),
        "z": at.z,
        "x": at.x,
        "y": at.y,
    }
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_STILL_HOLDS, values)
        (holds,) = cursor.fetchone()
    return bool(holds)


def _folder(layer: Layer, newest: Edition, today: dt.date) -> str:
    return f"{layer.id}/{_made_by(layer)}-{last_change(layer, newest, today)}"


@cache
def _made_by(layer: Layer) -> str:
    """Return a mark of how tiles of the layer are made, so that a new way finds no old files."""
    ways = "\n".join(tile_sql(layer, z) for z in range(layer.min_zoom, layer.max_zoom + 1))
    return hashlib.sha256(ways.encode()).hexdigest()[:10]


@lru_cache(maxsize=64)
def last_change(layer: Layer, newest: Edition, today: dt.date) -> str:
    """Return what besides noted changes decides about the layer's content.

    The last day up to `today` on which a row begins or ceases to hold, and the last revision of
    reference rows whose values go out with its features: nobody notes an area for those.
    """
    days, reference = [dt.date.min], 0
    with connections[ALIAS].cursor() as cursor:
        for view in (layer.view, *layer.also_reads):
            if view in _UNDATED:
                continue
            cursor.execute(_LAST_DAY.format(view=view), {"today": today})
            (day,) = cursor.fetchone()
            days.append(day or dt.date.min)
        for view in layer.also_reads:
            if view in _UNDATED:
                continue
            cursor.execute(_LAST_REVISION.format(view=view))
            (revision,) = cursor.fetchone()
            reference = max(reference, revision)
    return f"{max(days):%Y%m%d}-{reference}"


#: Belong to a row of another view for ever and have no time of their own.
_UNDATED = frozenset(("public_parcel_land_uses",))
_LAST_DAY = """
    SELECT greatest(
        (SELECT max(valid_from) FROM {view} WHERE to_revision IS NULL AND valid_from <= %(today)s),
        (SELECT max(valid_to) FROM {view} WHERE to_revision IS NULL AND valid_to <= %(today)s)
    )
"""
_LAST_REVISION = "SELECT coalesce(greatest(max(from_revision), max(to_revision)), 0) FROM {view}"


def _edition(row: tuple[Any, Any] | None) -> Edition:
    if row is None or row[0] is None:
        return Edition(0, 0)
    number, made_at = row
    return Edition(int(number), (made_at - _EPOCH) // dt.timedelta(microseconds=1))


def _etag(path: Path, edition: Edition) -> str:
    shown = f"{path.relative_to(settings.TILE_CACHE)} {edition.revision} {edition.made_at_us}"
    return f'"{hashlib.sha256(shown.encode()).hexdigest()[:24]}"'
