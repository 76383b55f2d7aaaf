"""Taking in streets and water: what a person finds their way by.

A delivery is the whole background of the city. Rows come by COPY into a staging table and are
compared there; what differs is written in one revision, the row of before up to the day of the
data, the new one from that day on. The same delivery twice makes no revision.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from django.conf import settings
from django.db import connection, transaction

from landdata import crs
from landdata.errors import Forbidden, Invalid
from landdata.models import Revision, SourceFile
from landdata.permissions import may_take_in_background

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from accounts.models import User

#: More than this share of what stands leaving at once is more often a bad delivery than news.
GONE_WITHOUT_ASKING = 0.01
#: Changes are noted per square of this size, so that one new street does not empty every cache.
NOTED_SQUARE_M = 2000


@dataclass(frozen=True, slots=True)
class ArrivingFeature:
    """A checked street or water body; its shape is in the storage system, in metres."""

    row: int
    source_key: str
    name: str
    name_en: str
    kind: str
    width_m: float | None
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class LayerIntake:
    """What became of the rows of one layer; `gone` stood before and is in the delivery no more."""

    read: int
    new: int
    changed: int
    unchanged: int
    gone: int


@dataclass(frozen=True, slots=True)
class BackgroundIntake:
    """What became of a delivery; no revision if it said what was known."""

    streets: LayerIntake
    water: LayerIntake
    revision: int | None


@dataclass(frozen=True, slots=True)
class _Target:
    """Where one layer is kept. The column names are fixed words of this module."""

    layer: str
    table: str
    kind: str
    shape: str
    has_width: bool


_STREETS = _Target("roads", "landdata_roadsegment", "road_class", "axis", True)
_WATER = _Target("water", "landdata_waterbody", "kind", "boundary", False)


@transaction.atomic
def take_in_background(
    *,
    streets: Sequence[ArrivingFeature],
    water: Sequence[ArrivingFeature],
    source_file: SourceFile,
    by: User | None,
    why: str,
    accept_gone: bool = False,
) -> BackgroundIntake:
    """Make the background known now equal to a delivery, in one revision or none.

    `source_file` is unsaved; its `data_date` is the day from which the delivery holds. `by` None
    is the operator at the machine itself. Raises Forbidden; Invalid `too_many_gone` above one per
    cent unless `accept_gone`; Invalid `key_twice` when two features share a key.
    """
    if by is not None and not may_take_in_background(by, on=source_file.data_date):
        raise Forbidden("take_in_background")
    targets = ((_STREETS, streets), (_WATER, water))
    for target, features in targets:
        _stage(target, features)
    intakes = [_compare(target, len(features)) for target, features in targets]
    revision_number = None
    if any(intake.new or intake.changed or intake.gone for intake in intakes):
        source = _kept_source(source_file)
        with Revision.open(by=by, why=why, source_file=source) as revision:
            # Again under the lock: another delivery may have come in meanwhile.
            intakes = [_compare(target, len(features)) for target, features in targets]
            for (target, _), intake in zip(targets, intakes, strict=True):
                _check_gone(target, intake, accept_gone=accept_gone)
                _write(target, revision, source)
        revision_number = revision.number
    return BackgroundIntake(intakes[0], intakes[1], revision_number)


def _stage(target: _Target, features: Sequence[ArrivingFeature]) -> None:
    """COPY features with both copies of their shape into a table of this transaction."""
    keys = [feature.source_key for feature in features]
    if len(set(keys)) < len(keys):
        twice = next(key for at, key in enumerate(keys) if key in keys[:at])
        raise Invalid("key_twice", layer=target.layer, key=twice)
    stored = shapely.get_parts([f.shape for f in features])
    if not shapely.is_valid(stored).all():
        raise ValueError("a feature's shape was not checked")
    collected = [_collection(feature.shape) for feature in features]
    mercator = crs.transform(collected, settings.STORAGE_EPSG, crs.WEB_MERCATOR)
    out = io.StringIO()
    writer = csv.writer(out)
    for feature, shape, drawn in zip(features, collected, mercator, strict=True):
        writer.writerow(
            (
                feature.row,
                feature.source_key,
                feature.name,
                feature.name_en,
                feature.kind,
                "" if feature.width_m is None else repr(feature.width_m),
                shapely.to_wkb(shape, hex=True),
                shapely.to_wkb(drawn, hex=True),
            )
        )
    out.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(_STAGING.format(layer=target.layer))
        cursor.copy_expert(_COPY.format(layer=target.layer), out)
        if cursor.rowcount != len(features):
            raise RuntimeError(f"{len(features)} rows were sent, {cursor.rowcount} arrived")
        cursor.execute(_SHAPED.format(layer=target.layer), {"srid": settings.STORAGE_SRID})


def _collection(shape: BaseGeometry) -> BaseGeometry:
    if isinstance(shape, shapely.LineString):
        return shapely.MultiLineString([shape])
    return shapely.MultiPolygon([shape]) if isinstance(shape, shapely.Polygon) else shape


def _compare(target: _Target, read: int) -> LayerIntake:
    values = _words(target)
    with connection.cursor() as cursor:
        cursor.execute(_JUDGED.format(**values))
        cursor.execute(_TALLY.format(**values))
        counts: dict[str, int] = dict(cursor.fetchall())
    return LayerIntake(
        read,
        counts.get("new", 0),
        counts.get("changed", 0),
        counts.get("unchanged", 0),
        counts.get("gone", 0),
    )


def _check_gone(target: _Target, intake: LayerIntake, *, accept_gone: bool) -> None:
    standing = intake.changed + intake.unchanged + intake.gone
    if not accept_gone and intake.gone > GONE_WITHOUT_ASKING * standing:
        raise Invalid("too_many_gone", gone=intake.gone, standing=standing)


def _write(target: _Target, revision: Revision, source: SourceFile) -> None:
    values: dict[str, Any] = {
        "revision": revision.number,
        "data_date": source.data_date,
        "source": source.pk,
        "square_m": NOTED_SQUARE_M,
    }
    with connection.cursor() as cursor:
        for statement in _WRITING:
            cursor.execute(statement.format(**_words(target)), values)


def _words(target: _Target) -> dict[str, str]:
    """Return the fixed words that a statement is made of for one table."""
    return {
        "layer": target.layer,
        "table": target.table,
        "kind": target.kind,
        "shape": target.shape,
        "width": "width_m," if target.has_width else "",
        "same_width": "AND s.width_m IS NOT DISTINCT FROM a.width_m" if target.has_width else "",
    }


def _kept_source(source_file: SourceFile) -> SourceFile:
    """Return the row for the same file received before, or save this one."""
    known = SourceFile.objects.filter(
        dataset=source_file.dataset,
        sha256=source_file.sha256,
        epsg=source_file.epsg,
        datum_operation=source_file.datum_operation,
        data_date=source_file.data_date,
    ).first()
    if known is not None:
        return known
    source_file.save()
    return source_file


_STAGING = """
    DROP TABLE IF EXISTS arriving_{layer};
    CREATE TEMPORARY TABLE arriving_{layer} (
        "row" bigint NOT NULL, source_key text NOT NULL, name text NOT NULL,
        name_en text NOT NULL, kind text NOT NULL, width_m double precision,
        wkb text NOT NULL, wkb_3857 text NOT NULL, shape geometry, shape_3857 geometry
    ) ON COMMIT DROP
"""
_COPY = """
    COPY arriving_{layer} ("row", source_key, name, name_en, kind, width_m, wkb, wkb_3857)
    FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (source_key, name, name_en, kind))
"""
_SHAPED = """
    UPDATE arriving_{layer} SET
        shape = ST_GeomFromWKB(decode(wkb, 'hex'), %(srid)s),
        shape_3857 = ST_GeomFromWKB(decode(wkb_3857, 'hex'), 3857)
"""

# Shapes are the same when they are so bit for bit: received coordinates are the record.
_JUDGED = """
    DROP TABLE IF EXISTS judged_{layer};
    CREATE TEMPORARY TABLE judged_{layer} ON COMMIT DROP AS
    SELECT s.id AS standing_id, a.source_key,
        CASE
            WHEN s.id IS NULL THEN 'new'
            WHEN a.source_key IS NULL THEN 'gone'
            WHEN s.name = a.name AND s.name_en = a.name_en AND s.{kind} = a.kind {same_width}
                AND ST_AsBinary(s.{shape}) = ST_AsBinary(a.shape) THEN 'unchanged'
            ELSE 'changed'
        END AS verdict
    FROM arriving_{layer} a
    FULL JOIN (
        SELECT * FROM {table} WHERE to_revision IS NULL AND valid_to IS NULL
    ) s USING (source_key)
"""
_TALLY = "SELECT verdict, count(*) FROM judged_{layer} GROUP BY verdict"

_LEAVING = """
    SELECT t.* FROM {table} t JOIN judged_{layer} j ON j.standing_id = t.id
    WHERE j.verdict IN ('changed', 'gone')
"""
_WRITING = (
    f"""
    INSERT INTO landdata_changedarea (layer, revision_id, extent_3857)
    SELECT '{{layer}}', %(revision)s, ST_SetSRID(ST_Expand(ST_Extent(shape), 1)::geometry, 3857)
    FROM (
        SELECT {{shape}}_3857 AS shape FROM ({_LEAVING}) l
        UNION ALL
        SELECT a.shape_3857 FROM arriving_{{layer}} a JOIN judged_{{layer}} j USING (source_key)
        WHERE j.verdict IN ('new', 'changed')
    ) c
    GROUP BY floor(ST_XMin(shape) / %(square_m)s), floor(ST_YMin(shape) / %(square_m)s)
    """,  # noqa: S608 - fixed words of this module
    f"""
    CREATE TEMPORARY TABLE leaving_{{layer}} ON COMMIT DROP AS {_LEAVING}
    """,
    "UPDATE {table} SET to_revision = %(revision)s WHERE id IN (SELECT id FROM leaving_{layer})",
    """
    INSERT INTO {table} (source_key, name, name_en, {kind}, {width} {shape}, {shape}_3857,
        source_file_id, source_row, valid_from, valid_to, from_revision)
    SELECT source_key, name, name_en, {kind}, {width} {shape}, {shape}_3857,
        source_file_id, source_row, valid_from, %(data_date)s, %(revision)s
    FROM leaving_{layer} WHERE valid_from < %(data_date)s
    """,
    """
    INSERT INTO {table} (source_key, name, name_en, {kind}, {width} {shape}, {shape}_3857,
        source_file_id, source_row, valid_from, from_revision)
    SELECT a.source_key, a.name, a.name_en, a.kind, {width} a.shape, a.shape_3857,
        %(source)s, a."row", %(data_date)s, %(revision)s
    FROM arriving_{layer} a JOIN judged_{layer} j USING (source_key)
    WHERE j.verdict IN ('new', 'changed')
    """,
    "DROP TABLE leaving_{layer}",
)
