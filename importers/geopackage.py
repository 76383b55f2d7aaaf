"""Read layers of a GeoPackage with SQLite alone, as data: nothing in the file gets to run.

Source: OGC 12-128r19 (GeoPackage 1.4), clause 2.1. Views and generated columns hold expressions
of whoever made the file, and SQLite would carry them out; so only plain tables are read, functions
are refused, and triggers never fire because the file is open for reading only.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import shapely

from importers import guard, rings
from landdata.errors import Invalid

if TYPE_CHECKING:
    from pathlib import Path

#: A plan has thousands of zones; parcels come as shapefiles.
MAX_ROWS: Final = 2_000_000
_MAX_VALUE_BYTES: Final = 64 * 1024**2
_SECONDS: Final = 120
_STEPS_BETWEEN_LOOKS: Final = 100_000
_ENVELOPE_BYTES: Final = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_EMPTY: Final = 0x10
#: The column in which the feature id travels.
ROW: Final = "row"
_UNBUILDABLE: Final = {
    # An open ring or one of two points: GEOS builds no polygon of it.
    guard.SURFACE: "ring_open",
    guard.LINE: "line_invalid",
    guard.POINT: "geometry_unreadable",
}


@dataclass(frozen=True)
class Wanted:
    """A layer to read: its name, what its shapes are, and whether the file must have it."""

    name: str
    shape: str = guard.SURFACE
    required: bool = True


def open_geopackage(path: Path) -> sqlite3.Connection:
    """Open a GeoPackage for reading only.

    Raises Invalid `format_not_as_declared` or `geopackage_broken`.
    """
    if guard.declared_format(path) != guard.GEOPACKAGE:
        raise Invalid("format_not_as_declared", file=path.name, declared=guard.GEOPACKAGE)
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 20)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.set_authorizer(_only_reading)
    ends = time.monotonic() + _SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > ends, _STEPS_BETWEEN_LOOKS)
    return connection


def layers(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the layers, with and without geometry, in order of name."""
    found = connection.execute(
        "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes') "
        "ORDER BY table_name"
    )
    return [name for (name,) in found]


def read_layer(connection: sqlite3.Connection, wanted: Wanted) -> tuple[dict[str, Any], pa.Table]:
    """Return what a layer says of itself, and its rows: attributes as text, shapes as WKB.

    Raises Invalid `layer_missing`, `layer_is_no_table`, `file_too_large`.
    """
    layer = wanted.name
    if layer not in layers(connection):
        raise Invalid("layer_missing", layer=layer, layers=", ".join(layers(connection)))
    geometry_column, *named = _geometry(connection, wanted)
    kind, sql = connection.execute(
        "SELECT type, sql FROM sqlite_master WHERE name = ?", [layer]
    ).fetchone() or ("", "")
    if kind != "table" or not str(sql).lstrip().upper().startswith("CREATE TABLE"):
        raise Invalid("layer_is_no_table", layer=layer)
    rows = connection.execute(f"SELECT rowid, * FROM {_quoted(layer)} LIMIT {MAX_ROWS + 1}")  # noqa: S608  (a quoted identifier)
    names = [column[0] for column in rows.description]
    values = rows.fetchall()
    if len(values) > MAX_ROWS:
        raise Invalid("file_too_large", layer=layer, rows=len(values), most=MAX_ROWS)
    columns = dict(zip(names[1:], range(1, len(names)), strict=True))
    shapes_at = columns.pop(geometry_column, None)
    shapes = {}
    if shapes_at is not None and wanted.shape != guard.NO_GEOMETRY:
        shapes = _shapes([row[shapes_at] for row in values], wanted.shape)
    table = pa.table(
        {
            ROW: pa.array([row[0] for row in values], pa.int64()),
            **shapes,
            **{
                n: pa.array([_text(row[at]) for row in values], pa.string())
                for n, at in columns.items()
            },
        }
    )
    header = {
        "format": guard.GEOPACKAGE,
        "layer": layer,
        "records": len(values),
        **dict(zip(("organization", "code", "definition"), named, strict=True)),
        "columns": [{"name": name} for name in columns],
    }
    return header, table


def _geometry(connection: sqlite3.Connection, wanted: Wanted) -> tuple[Any, ...]:
    """Return the geometry column with organization, code and definition of its system."""
    described = connection.execute(
        "SELECT g.column_name, s.organization, s.organization_coordsys_id, s.definition "
        "FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id "
        "WHERE g.table_name = ?",
        [wanted.name],
    ).fetchone()
    if described is None and wanted.shape != guard.NO_GEOMETRY:
        raise Invalid("layer_without_geometry", layer=wanted.name)
    return tuple(described) if described else (None, None, None, None)


def _only_reading(action: int, first: str | None, *_: str | None) -> int:
    """Allow SELECT and column reads; no function, pragma, attach or anything else."""
    allowed = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _shapes(blobs: list[Any], wanted: str) -> dict[str, pa.Array]:
    """Return the columns that rings.assemble gives for shapefiles, and whether heights fell off."""
    wkbs = np.full(len(blobs), None, object)
    problems = np.full(len(blobs), None, object)
    for at, blob in enumerate(blobs):
        wkb, problems[at] = wkb_of(blob)
        if wkb is not None:
            problems[at] = guard.wkb_problem(wkb, wanted)
            if problems[at] is None:
                wkbs[at] = wkb
    built = shapely.from_wkb(wkbs, on_invalid="ignore")
    lost = shapely.is_missing(built) & (problems == None)  # noqa: E711  (element by element)
    problems[lost] = _UNBUILDABLE[wanted]
    shapes = shapely.force_2d(built)
    coordinates, owners = shapely.get_coordinates(shapes, return_index=True)
    _drop(shapes, problems, owners[~np.isfinite(coordinates).all(axis=1)], "ring_not_finite")
    _drop(shapes, problems, np.flatnonzero(shapely.is_empty(shapes)), rings.NO_SHAPE)
    boxes = shapely.bounds(shapes)
    if wanted == guard.SURFACE:
        single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
        shapes[single] = shapely.multipolygons(shapes[single][:, np.newaxis])
        found = rings.findings(shapes, problems, boxes)
    else:
        broken = ~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)
        problems[broken] = "line_invalid"
        found = rings.described(shapes, problems, boxes)
    return {**found, "has_height": pa.array(shapely.has_z(built))}


def _drop(shapes: Any, problems: Any, which: Any, problem: str) -> None:
    problems[which] = problem
    shapes[which] = None


def wkb_of(blob: Any) -> tuple[bytes | None, str | None]:
    """Return the WKB behind the GeoPackage header, or what is wrong with it."""
    if blob is None:
        return None, rings.NO_SHAPE
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        return None, "geometry_unreadable"
    flags = blob[3]
    envelope = _ENVELOPE_BYTES.get((flags >> 1) & 7)
    if envelope is None:
        return None, "geometry_unreadable"
    if flags & _EMPTY:
        return None, rings.NO_SHAPE
    return blob[8 + envelope :], None
