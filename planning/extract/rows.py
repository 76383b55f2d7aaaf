"""What the database says of a plot and of everything around it: two statements, plain rows.

The second one answers by bounding boxes only; what really shares ground is worked out on shapes.
All reads go through the public views.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import shapely
from django.db import connections

from landdata.prepared import Statement
from planning.corridors import OFFSET_ATTRIBUTES, ObjectKind
from planning.extract.layers import (
    ANNUAL_PLANS,
    BOX,
    CONTROL_LINES,
    ITEMS,
    NAMING,
    OBJECT_NAMES,
    OBJECTS,
    REGISTERS,
    TERRITORIES,
    TIMES,
    TROUBLES,
    ZONE_COLUMNS,
    Layer,
)

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from shapely.geometry.base import BaseGeometry

PUBLIC = "public"

#: A shape larger than this, in bytes as stored, is fetched once and kept.
LARGE_SHAPE_BYTES = 4000


class PlotRow(NamedTuple):
    """A parcel on a day as known at a revision; `id` is that of the version."""

    revision: int
    revision_made_at: dt.datetime
    id: int | None
    uuid: uuid.UUID
    national_id: str
    unit_code: str
    sheet_id: int
    sheet_number: str
    sheet_scale: int
    sheet_epsg: int
    number: str
    address: str
    legal_area_m2: Decimal | None
    geometry_state: str
    is_disputed: bool
    data_date: dt.date
    valid_from: dt.date
    valid_to: dt.date | None
    source_name: str
    source_row: int
    source_sha256: str
    accuracy_m: float | None
    boundary: memoryview | None
    #: [code, m²] in the register's order.
    land_uses: list[list[Any]] | None
    #: [unit, sheet, number].
    aliases: list[list[str]] | None
    #: Up to which revision its shares of zones were worked out; null: never.
    shares_through: int | None


PLOT = Statement(
    "diado_plot",
    """
    WITH known AS MATERIALIZED (
        SELECT number, made_at FROM public_revisions
        WHERE number = coalesce(%(known_at)s, (SELECT max(number) FROM public_revisions))
    )
    SELECT k.number, k.made_at, p.id, p.uuid, p.national_id, p.unit_code, p.sheet_id,
        p.sheet_number, p.sheet_scale, p.sheet_epsg, p.number, p.address, p.legal_area_m2,
        p.geometry_state, p.is_disputed, p.data_date, p.valid_from, p.valid_to, p.source_name,
        p.source_row, p.source_sha256, p.accuracy_m, ST_AsBinary(p.boundary),
        (
            SELECT json_agg(json_build_array(u.code, u.area_m2) ORDER BY u.position)
            FROM public_parcel_land_uses u WHERE u.version_id = p.id
        ),
        (
            SELECT json_agg(
                json_build_array(a.unit_code, a.sheet_number, a.number) ORDER BY a.id
            )
            FROM public_parcel_aliases a
            WHERE a.uuid = p.uuid AND a.from_revision <= k.number
                AND (a.to_revision IS NULL OR a.to_revision > k.number)
        ),
        s.through_revision
    FROM known k
    LEFT JOIN public_parcels p ON p.uuid = %(uuid)s AND p.from_revision <= k.number
        AND (p.to_revision IS NULL OR p.to_revision > k.number)
    LEFT JOIN public_plot_share_states s ON s.parcel_version_id = p.id
    ORDER BY p.valid_from <= %(as_of)s DESC, abs(p.valid_from - %(as_of)s)
    LIMIT 1
    """,
    {"uuid": "uuid", "known_at": "integer", "as_of": "date"},
)


def plot_row(parcel: uuid.UUID, *, as_of: dt.date, known_at: int | None) -> PlotRow | None:
    """Return the row of a parcel that holds on a day, else the nearest in time.

    None for a revision that was not given out; a row without `id` for a parcel that was not known.
    """
    found = PLOT.rows({"uuid": parcel, "known_at": known_at, "as_of": as_of}, using=PUBLIC)
    return PlotRow(*found[0]) if found else None


def plot_values(plot: PlotRow, *, as_of: dt.date) -> dict[str, Any]:
    """Return the parameters with which the row of a plot is found again."""
    return {"uuid": plot.uuid, "known_at": plot.revision, "as_of": as_of}


class Row(NamedTuple):
    """A row near a plot. Rows are never changed in place, so (layer, id) names one for good."""

    layer: str
    id: int
    since: int
    values: dict[str, Any]
    shape: memoryview | None
    #: For zones: whether `shape` is already what the plot shares with it (null: all of the plot).
    is_share: bool


def recorded_offset_m(name: str) -> float:
    """Return how far from the line of a kind of object its reference lies at most, in metres.

    Over all revisions: a box that is larger than needed only costs time. Raises DatabaseError.
    """
    offsets = OFFSET_ATTRIBUTES[ObjectKind(name)]
    if not offsets:
        return 0.0
    (view,) = (layer.view for layer in OBJECTS if layer.name == name)
    with connections[PUBLIC].cursor() as cursor:
        cursor.execute(f"SELECT max(greatest({', '.join(offsets)})) FROM {view}")  # noqa: S608 - own words
        (widest,) = cursor.fetchone()
    return widest or 0.0


def _values(columns: Iterable[str]) -> str:
    return "json_build_object(" + ", ".join(f"'{c}', t.{c}" for c in columns) + ")"


def _branch(layer: Layer) -> str:
    box = BOX
    if layer in OBJECTS:
        box = f"ST_Expand({BOX}, %(reach_{layer.name})s)"
    return " UNION ALL ".join(
        f"""
        SELECT '{layer.name}', t.id, t.from_revision, {_values(layer.columns)},
            CASE WHEN pg_column_size(t.{layer.shape}) < {0 if layer.is_kept else LARGE_SHAPE_BYTES}
                THEN ST_AsBinary(t.{layer.shape}) END,
            false
        FROM {layer.view} t WHERE {condition.format(box=box)} AND {layer.times or TIMES}
        """  # noqa: S608 - fixed words of this module
        for condition in layer.conditions or (f"t.{layer.shape} && {{box}}",)
    )


#: Zones that were open when the plot's shares were worked out are in them, or share nothing.
_ZONES = f"""
    SELECT 'zones', t.id, t.from_revision, {_values(ZONE_COLUMNS)},
        CASE WHEN c.considered THEN s.piece
            WHEN pg_column_size(t.boundary) < {LARGE_SHAPE_BYTES} THEN ST_AsBinary(t.boundary) END,
        c.considered
    FROM public_zones t
    LEFT JOIN public_plot_shares s
        ON s.parcel_version_id = %(version)s AND s.zone_id = t.id
    CROSS JOIN LATERAL (
        SELECT coalesce(
            t.from_revision <= %(through)s
            AND (t.to_revision IS NULL OR t.to_revision > %(through)s), false
        ) AS considered
    ) c
    WHERE t.boundary && {BOX} AND {TIMES}
        AND (s.zone_id IS NOT NULL OR NOT c.considered)
"""  # noqa: S608 - fixed words of this module

_PLAIN = (TERRITORIES, REGISTERS, TROUBLES, CONTROL_LINES, ANNUAL_PLANS, ITEMS, *OBJECTS)
_BRANCHES: dict[str, str] = {"zones": _ZONES, **{y.name: _branch(y) for y in _PLAIN}}
_TYPES: dict[str, str] = {
    "west": "float8",
    "south": "float8",
    "east": "float8",
    "north": "float8",
    "as_of": "date",
    "known_at": "integer",
    "version": "bigint",
    "through": "integer",
    "uuid": "uuid",
    "unit": "text",
    "sheet": "text",
    "scale": "integer",
    "number": "text",
    **{f"reach_{name}": "float8" for name in OBJECT_NAMES},
}


def _statement(name: str, branches: Iterable[str]) -> Statement:
    sql = " UNION ALL ".join(branches)
    used = {name: kind for name, kind in _TYPES.items() if f"%({name})s" in sql}
    return Statement(name, sql, used)


AROUND = _statement("diado_around", _BRANCHES.values())
_ALONE = {name: _statement(f"diado_{name}", [sql]) for name, sql in _BRANCHES.items()}


@dataclass(frozen=True)
class Surroundings:
    """Rows near a plot by layer, and the layers that could not be read."""

    rows: Mapping[str, tuple[Row, ...]]
    failed: frozenset[str] = frozenset()


def values_around(
    plot: PlotRow,
    ground: BaseGeometry,
    *,
    as_of: dt.date,
    reach_m: Mapping[str, float],
    use_shares: bool,
) -> dict[str, Any]:
    """Return the parameters of the statements about what is around a plot."""
    west, south, east, north = shapely.bounds(ground).tolist()
    return {
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "as_of": as_of,
        "known_at": plot.revision,
        "version": plot.id,
        "through": plot.shares_through if use_shares else None,
        **_numbers(plot),
        **{f"reach_{name}": reach_m.get(name, 0.0) for name in OBJECT_NAMES},
    }


def _numbers(plot: PlotRow) -> dict[str, Any]:
    return {
        "uuid": plot.uuid,
        "unit": plot.unit_code,
        "sheet": plot.sheet_number,
        "scale": plot.sheet_scale,
        "number": plot.number,
    }


def rows_around(values: Mapping[str, Any]) -> Mapping[str, tuple[Row, ...]]:
    """Return all rows near a plot in one statement. Raises DatabaseError."""
    return _by_layer(AROUND.rows(values, using=PUBLIC))


def rows_of(layer: str, values: Mapping[str, Any]) -> tuple[Row, ...]:
    """Return the rows of one layer alone. Raises DatabaseError."""
    return _by_layer(_ALONE[layer].rows(values, using=PUBLIC)).get(layer, ())


LAYERS = tuple(_BRANCHES)


def _by_layer(found: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Row, ...]]:
    rows: dict[str, list[Row]] = {}
    for values in found:
        row = Row(*values)
        rows.setdefault(row.layer, []).append(row)
    # The statement orders nothing; an answer must not depend on the plan of the day.
    return {layer: tuple(sorted(many, key=lambda row: row.id)) for layer, many in rows.items()}


_SHAPE_OF = {layer.name: (layer.view, layer.shape) for layer in _PLAIN} | {
    "zones": ("public_zones", "boundary")
}


def shape_of(row: Row) -> BaseGeometry | None:
    """Return the shape of a row in the storage system; None for a project without a boundary."""
    if row.shape is not None:
        return shapely.from_wkb(bytes(row.shape))
    return _large_shape(row.layer, row.id, row.since)


@lru_cache(maxsize=2048)
def _large_shape(layer: str, id: int, since: int) -> BaseGeometry | None:
    """Fetch a large shape once: rows are never changed in place."""
    view, column = _SHAPE_OF[layer]
    with connections[PUBLIC].cursor() as cursor:
        cursor.execute(
            f"SELECT ST_AsBinary({column}) FROM {view} WHERE id = %s",  # noqa: S608 - fixed words
            [id],
        )
        (wkb,) = cursor.fetchone()
    if wkb is None:
        return None
    shape = shapely.from_wkb(bytes(wkb))
    shapely.prepare(shape)
    return shape


class ItemYear(NamedTuple):
    """One year's row of a project, with the plan that lists it."""

    item_key: str
    item_id: int
    year: int
    status: str
    kind: str
    first_listed_year: int
    decision_number: str
    decision_date: dt.date | None
    plan_name_vi: str
    plan_name_en: str
    authority: str
    plan_decision_number: str
    plan_decision_date: dt.date


_ITEM_YEARS = Statement(
    "diado_item_years",
    """
    SELECT i.item_key, i.id, p.year, i.status, i.kind, i.first_listed_year, i.decision_number,
        i.decision_date, p.name_vi, p.name_en, p.authority, p.decision_number, p.decision_date
    FROM public_land_use_items i
    JOIN public_annual_plans p ON p.code = i.annual_plan_code
        AND p.from_revision <= %(known_at)s
        AND (p.to_revision IS NULL OR p.to_revision > %(known_at)s)
    WHERE i.item_key = ANY(%(keys)s) AND i.from_revision <= %(known_at)s
        AND (i.to_revision IS NULL OR i.to_revision > %(known_at)s)
    ORDER BY i.item_key, p.year, i.id
    """,
    {"keys": "text[]", "known_at": "integer"},
)


def item_years(keys: Iterable[str], *, known_at: int) -> list[ItemYear]:
    """Return what every year says of these projects."""
    found = _ITEM_YEARS.rows({"keys": sorted(set(keys)), "known_at": known_at}, using=PUBLIC)
    return [ItemYear(*row) for row in found]


_NAMING_ITEMS = Statement(
    "diado_naming_items",
    NAMING,
    {"uuid": "uuid", "unit": "text", "sheet": "text", "scale": "integer", "number": "text"},
)


def items_naming(plot: PlotRow) -> frozenset[int]:
    """Return the ids of the projects' rows that name a plot by its numbers."""
    return frozenset(item for (item,) in _NAMING_ITEMS.rows(_numbers(plot), using=PUBLIC))
