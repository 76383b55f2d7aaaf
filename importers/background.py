"""Bring a background map in: streets and water of a GeoPackage (docs/city-files.md)."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import shapely
from django.conf import settings

from importers import geopackage, guard
from importers.received import received
from landdata import crs
from landdata.errors import Invalid
from landdata.models import Dataset, SourceFile
from landdata.operations.background import (
    ArrivingFeature,
    BackgroundIntake,
    take_in_background,
)

if TYPE_CHECKING:
    import datetime as dt
    import sqlite3
    from collections.abc import Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from accounts.models import User

STREETS: Final = "street"
WATER: Final = "water"
#: Columns of each layer; a text that is too long for ours is refused, not cut.
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    STREETS: ("osm_id", "name", "name_en", "class", "width_m"),
    WATER: ("name", "name_en", "kind"),
}
_LONGEST_NAME: Final = 200
_LONGEST_KIND: Final = 40
_LINESTRING: Final = 2
_WIDEST_M: Final = 200.0
DATASET: Final = "background"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that stayed out, by the feature id of the file."""

    layer: str
    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class BackgroundReport:
    """What became of a file. In each layer read = new + changed + unchanged + refused."""

    file: str
    sha256: str
    intake: BackgroundIntake
    refused: tuple[RefusedRow, ...]

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the counts of each layer, gone beside the sum."""
        found = {}
        for layer, intake in ((STREETS, self.intake.streets), (WATER, self.intake.water)):
            refused = sum(row.layer == layer for row in self.refused)
            found[layer] = {
                "read": intake.read + refused,
                "new": intake.new,
                "changed": intake.changed,
                "unchanged": intake.unchanged,
                "refused": refused,
                "gone": intake.gone,
            }
        return found


def import_background(
    path: Path, *, data_date: dt.date, by: User | None, accept_gone: bool = False
) -> BackgroundReport:
    """Keep the file, read its streets and water, take them in.

    Raises Invalid for a file that is no such GeoPackage or whose system is none of ours, and what
    `take_in_background` raises.
    """
    with received(path, keep=True) as file:
        refused: list[RefusedRow] = []
        connection = geopackage.open_geopackage(file.path)
        try:
            epsg = _epsg_of(connection, STREETS)
            streets = _read(connection, STREETS, refused)
            water = _read(connection, WATER, refused)
        finally:
            connection.close()
    dataset, _ = Dataset.objects.get_or_create(
        code=DATASET,
        defaults={
            "title_vi": "Nền bản đồ",
            "title_en": "Background map",
            "kind": "background",
            "publisher": "OpenStreetMap",
            "licence": "© OpenStreetMap contributors (ODbL 1.0)",
        },
    )
    source_file = SourceFile(
        dataset=dataset,
        name=file.name,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        stored_as=file.stored_as,
        epsg=epsg,
        data_date=data_date,
        chosen_by=by,
    )
    intake = take_in_background(
        streets=streets,
        water=water,
        source_file=source_file,
        by=by,
        why=f"import_background {file.name}",
        accept_gone=accept_gone,
    )
    return BackgroundReport(file.name, file.sha256, intake, tuple(refused))


def _epsg_of(connection: sqlite3.Connection, layer: str) -> int:
    row = connection.execute(
        "SELECT s.organization, s.organization_coordsys_id, s.definition "
        "FROM gpkg_geometry_columns g JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id "
        "WHERE g.table_name = ?",
        [layer],
    ).fetchone()
    if row is None:
        raise Invalid("layer_missing", layer=layer, layers=geopackage.layers(connection))
    organization, code, definition = row
    named = f"EPSG:{code}" if str(organization).upper() == "EPSG" else str(definition)
    try:
        return crs.resolve(named)
    except crs.UnknownCrsError as unknown:
        raise Invalid("crs_unknown", text=named[:80]) from unknown


def _read(
    connection: sqlite3.Connection, layer: str, refused: list[RefusedRow]
) -> list[ArrivingFeature]:
    """Return the sound rows of a layer in the storage system; note the others."""
    epsg = _epsg_of(connection, layer)
    kind, geometry = connection.execute(
        "SELECT m.type, g.column_name FROM sqlite_master m "
        "JOIN gpkg_geometry_columns g ON g.table_name = m.name WHERE m.name = ?",
        [layer],
    ).fetchone() or ("", "")
    if kind != "table":
        raise Invalid("layer_is_no_table", layer=layer)
    names = [geometry, *_COLUMNS[layer]]
    listed = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
    rows = connection.execute(f'SELECT rowid, {listed} FROM "{layer}"')  # noqa: S608 - our own words
    found: dict[str, ArrivingFeature] = {}
    for number, blob, *values in rows:
        feature = _feature(layer, number, blob, dict(zip(_COLUMNS[layer], values, strict=True)))
        if isinstance(feature, str):
            refused.append(RefusedRow(layer, number, feature))
        elif feature.source_key in found:
            refused.append(RefusedRow(layer, number, "key_twice"))
        else:
            found[feature.source_key] = feature
    return [_moved(feature, epsg) for feature in found.values()]


def _feature(layer: str, row: int, blob: Any, values: dict[str, Any]) -> ArrivingFeature | str:
    """Return the feature of a row, or the code of what is wrong with it."""
    shape = _line(blob) if layer == STREETS else _surface(blob)
    if isinstance(shape, str):
        return shape
    name, name_en = (str(values[column] or "").strip() for column in ("name", "name_en"))
    kind = str(values["class" if layer == STREETS else "kind"] or "").strip()
    if len(name) > _LONGEST_NAME or len(name_en) > _LONGEST_NAME or len(kind) > _LONGEST_KIND:
        return "text_too_long"
    width_m = _width(values.get("width_m"))
    if isinstance(width_m, str):
        return width_m
    # Water has no lasting identifier in the file: its shape is the only thing it is known by.
    key = values.get("osm_id") or hashlib.sha256(shapely.to_wkb(shape)).hexdigest()[:40]
    return ArrivingFeature(row, str(key)[:40], name, name_en, kind, width_m, shape)


def _width(value: Any) -> float | str | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or not 0 < value <= _WIDEST_M:
        return "width_implausible"
    return float(value)


def _line(blob: Any) -> BaseGeometry | str:
    wkb, problem = geopackage.wkb_of(blob)
    if wkb is None:
        return problem or "geometry_unreadable"
    if len(wkb) < 5 or wkb[0] > 1:
        return "geometry_unreadable"
    (kind,) = struct.unpack_from("<I" if wkb[0] else ">I", wkb, 1)
    # Only a single line, of two or more dimensions: nothing that holds other geometries.
    if (kind & 0x0FFFFFFF) % 1000 != _LINESTRING:
        return "geometry_is_no_line"
    return _sound(wkb)


def _surface(blob: Any) -> BaseGeometry | str:
    wkb, problem = geopackage.wkb_of(blob)
    if wkb is None:
        return problem or "geometry_unreadable"
    return guard.wkb_problem(wkb) or _sound(wkb)


def _sound(wkb: bytes) -> BaseGeometry | str:
    try:
        shape = shapely.force_2d(shapely.from_wkb(wkb))
    except shapely.GEOSException:
        return "geometry_unreadable"
    if shapely.is_empty(shape) or not shapely.is_valid(shape):
        return "geometry_invalid"
    return shape


def _moved(feature: ArrivingFeature, epsg: int) -> ArrivingFeature:
    return replace(feature, shape=crs.transform(feature.shape, epsg, settings.STORAGE_EPSG))
