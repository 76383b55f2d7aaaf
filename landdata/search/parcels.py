"""Plots by number, identifier, address or point, from `public_parcels`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections

from landdata.search.fold import fold
from landdata.search.found import Matched, OldNumber, ParcelHit
from landdata.search.reference import UNDETERMINED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from uuid import UUID

    from landdata.search.understood import ParcelReference

ALIAS = "public"
#: Most plots in one answer; one more is asked for, to know whether there are more.
MOST_HITS = 20
#: A point on a common boundary stays on it although it came through degrees: the way there and
#: back is 0.9 mm off in Hà Nội, because a datum shift of plane points drops their height.
POINT_TOLERANCE_M = 0.002

_SLASH = re.compile(r"(\w+)/(\w+)")
# Words that stand in an address and in a question without telling two addresses apart.
_NOISE = frozenset(("so", "nha", "pho", "duong", "dia", "chi", "street", "road"))

_HITS = """
    SELECT h.uuid, h.sheet_number, h.sheet_scale, h.number, h.unit_code,
        coalesce(u.full_name, ''), h.address, h.legal_area_m2, h.geometry_state, h.is_disputed,
        ST_X(h.point), ST_Y(h.point), %(matched)s, h.old_sheet, h.old_number, h.old_unit_code,
        coalesce(o.full_name, '')
    FROM (
        SELECT v.*, ST_Transform(ST_PointOnSurface(v.boundary), 4326) AS point,
            {nearness} AS nearness, {old}
        FROM public_parcels v {join}
        WHERE v.to_revision IS NULL AND v.valid_from <= %(as_of)s
            AND (v.valid_to IS NULL OR v.valid_to > %(as_of)s) AND ({condition})
        ORDER BY nearness DESC, v.unit_code, length(v.sheet_number), v.sheet_number, v.sheet_scale,
            length(v.number), v.number, v.id
        LIMIT %(limit)s
    ) h
    LEFT JOIN LATERAL (
        SELECT full_name FROM public_units u
        WHERE u.code = h.unit_code AND u.level = 'ward' AND u.to_revision IS NULL
            AND u.valid_from <= %(as_of)s AND (u.valid_to IS NULL OR u.valid_to > %(as_of)s)
        LIMIT 1
    ) u ON true
    LEFT JOIN LATERAL (
        SELECT full_name FROM public_units o
        WHERE o.code = h.old_unit_code AND o.level = 'ward' AND o.to_revision IS NULL
        ORDER BY o.valid_from LIMIT 1
    ) o ON true
    ORDER BY h.nearness DESC, h.unit_code, length(h.sheet_number), h.sheet_number, h.sheet_scale,
        length(h.number), h.number, h.id
"""
#: Columns of a hit before those of its old number.
_WIDTH = 13
_AS_IT_IS = "NULL AS old_sheet, NULL AS old_number, NULL AS old_unit_code"
_AS_IT_WAS = """
    a.sheet_number AS old_sheet, a.number AS old_number, a.unit_code AS old_unit_code
"""
_OLD_NUMBERS = """
    JOIN public_parcel_aliases a ON a.uuid = v.uuid AND a.to_revision IS NULL
        AND a.valid_from <= %(as_of)s AND (a.valid_to IS NULL OR a.valid_to > %(as_of)s)
"""
_SCALE = "v.sheet_scale = %(scale)s"
_UNITS = "v.unit_code = ANY(%(units)s)"
# A plot that came out of other wards than the former one that is asked for is not meant.
_NOT_OF_OTHERS = """
    NOT EXISTS (
        SELECT FROM public_parcel_aliases b WHERE b.uuid = v.uuid AND b.to_revision IS NULL
        AND b.valid_from <= %(as_of)s AND (b.valid_to IS NULL OR b.valid_to > %(as_of)s)
        HAVING bool_and(b.unit_code <> ALL(%(former)s || ARRAY['']::text[])))
"""
_ADDRESS = "to_tsvector('simple', diado_fold(v.address)) @@ plainto_tsquery('simple', %(address)s)"
# Every word in its order is nearer than the same house number, and that nearer than the rest.
_NEARNESS = """
    2 * (to_tsvector('simple', diado_fold(v.address))
        @@ phraseto_tsquery('simple', %(phrase)s))::int
    + (substring(diado_fold(v.address) from '[0-9]+[a-z]*') IS NOT DISTINCT FROM
        substring(%(phrase)s from '[0-9]+[a-z]*'))::int
"""
_COVERS = """
    v.id = ANY(ARRAY(
        SELECT p.id
        FROM unnest(%(lons)s::float8[], %(lats)s::float8[]) AS c(lon, lat)
        CROSS JOIN LATERAL (
            SELECT ST_Transform(ST_SetSRID(ST_MakePoint(c.lon, c.lat), 4326), %(srid)s) AS point
            OFFSET 0
        ) q
        JOIN public_parcels p ON ST_DWithin(p.boundary, q.point, %(tolerance_m)s)
    ))
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where plots are looked for: wards of today, and former wards by their codes of then.

    `is_former`: the asker named nothing but former wards, so a plot that is known to come out of
    others is not meant.
    """

    wards: tuple[str, ...]
    former: tuple[str, ...] = ()
    is_former: bool = False


def by_reference(
    reference: ParcelReference, *, ground: Ground | None, as_of: dt.date, address: str = ""
) -> list[ParcelHit]:
    """Return plots with these numbers: in all scales, disputed and boundless ones included.

    `ground` limits it to plots in it; `address` to those with all its words. Where the order of
    two numbers is open, sheet before parcel comes first.
    """
    values: dict[str, Any] = {}
    primary, any_reading = _readings(reference, "v", values)
    conditions = [any_reading]
    if reference.scale is not None:
        conditions.append(_SCALE)
        values["scale"] = reference.scale
    if ground is not None:
        conditions.append(_UNITS)
        values["units"] = list(ground.wards)
        if ground.is_former:
            conditions.append(_NOT_OF_OTHERS)
            values["former"] = list(ground.former)
    if address:
        conditions.append(_ADDRESS)
        values["address"] = address
    return _hits(
        " AND ".join(conditions), values, "sheet_and_number", as_of, nearness=f"({primary})::int"
    )


def by_old_reference(
    reference: ParcelReference, *, ground: Ground | None, as_of: dt.date, address: str = ""
) -> list[ParcelHit]:
    """Return plots that had these numbers before, whatever the scale of the old sheet was.

    An old number whose ward the register does not say is looked for in the wards of today.
    """
    if reference.number in (None, UNDETERMINED):
        return []
    values: dict[str, Any] = {}
    primary, any_reading = _readings(reference, "a", values)
    conditions = [any_reading]
    if ground is not None:
        here = "a.unit_code = '' AND " if ground.is_former else ""
        conditions.append(f"(a.unit_code = ANY(%(former)s) OR {here}{_UNITS})")
        values |= {"units": list(ground.wards), "former": list(ground.former)}
    if address:
        conditions.append(_ADDRESS)
        values["address"] = address
    found = _hits(
        " AND ".join(conditions),
        values,
        "old_sheet_and_number",
        as_of,
        nearness=f"({primary})::int",
        with_old=True,
    )
    once: dict[UUID, ParcelHit] = {}
    for hit in found:
        once.setdefault(hit.uuid, hit)
    return list(once.values())


def _readings(reference: ParcelReference, table: str, values: dict[str, Any]) -> tuple[str, str]:
    """Return the conditions of the first reading of two numbers, and of any."""
    column = "v.sheet_number" if table == "v" else "a.sheet_number"
    pairs = [(reference.sheet, reference.number)]
    if reference.is_either_order:
        pairs.append((reference.number, reference.sheet))
    if reference.sheet is None and (slash := _SLASH.fullmatch(reference.number or "")):
        # "thửa 45/1" is one number, "thửa 12/5" may be parcel 12 of sheet 5.
        pairs.append((slash[2], slash[1]))
    readings = []
    for place, (sheet, number) in enumerate(pairs):
        parts = []
        if sheet is not None:
            parts.append(f"{column} = ANY(%(sheets_{place})s)")
            values[f"sheets_{place}"] = spellings(sheet)
        if number is not None:
            parts.append(f"{table}.number = ANY(%(numbers_{place})s)")
            values[f"numbers_{place}"] = spellings(number)
        readings.append(" AND ".join(parts))
    return readings[0], "(" + " OR ".join(f"({reading})" for reading in readings) + ")"


def by_national_id(national_id: str, *, as_of: dt.date) -> list[ParcelHit]:
    """Return plots that the register gave this identifier; a register can give it twice."""
    return _hits("v.national_id = %(id)s", {"id": national_id}, "national_id", as_of)


def by_address(text: str, *, ground: Ground | None, as_of: dt.date) -> list[ParcelHit]:
    """Return plots whose address has every word of `text`, diacritics apart."""
    words = address_words(text)
    if not words:
        return []
    conditions = [_ADDRESS]
    values: dict[str, Any] = {"address": words, "phrase": fold(text)}
    if ground is not None:
        conditions.append(_UNITS)
        values["units"] = list(ground.wards)
    return _hits(" AND ".join(conditions), values, "address", as_of, nearness=_NEARNESS)


def at_point(lon: float, lat: float, *, as_of: dt.date) -> list[ParcelHit]:
    """Return plots that cover a point in WGS 84 degrees; on a common boundary, all of them."""
    return at_points([(lon, lat)], as_of=as_of)


def at_points(points: Sequence[tuple[float, float]], *, as_of: dt.date) -> list[ParcelHit]:
    """Return plots that cover any of these points in WGS 84 degrees."""
    values = {
        "lons": [lon for lon, _ in points],
        "lats": [lat for _, lat in points],
        "srid": settings.STORAGE_SRID,
        "tolerance_m": POINT_TOLERANCE_M,
    }
    return _hits(_COVERS, values, "coordinate", as_of)


def spellings(number: str) -> list[str]:
    """Return how registers may have written a number: other case, zeros before it.

    >>> spellings("012")
    ['012', '0012', '12', '00012']
    """
    core = number.lstrip("0") or "0"
    found = [number]
    for cased in (core, core.upper(), core.lower()):
        digits = len(cased) - len(cased.lstrip("0123456789"))
        padded = ("0" * zeros + cased for zeros in range(5 - digits if digits else 1))
        found += [spelled for spelled in (cased, *padded) if spelled not in found]
    return found


def address_words(text: str) -> str:
    """Return the words of an address that tell it from others, folded."""
    words = fold(text).split()
    telling = [word for word in words if word not in _NOISE]
    return " ".join(telling or words)


def _hits(
    condition: str,
    values: dict[str, Any],
    matched: Matched,
    as_of: dt.date,
    *,
    nearness: str = "0",
    with_old: bool = False,
) -> list[ParcelHit]:
    """Return up to MOST_HITS + 1 hits, the nearest first, in an order that does not change."""
    statement = _HITS.format(
        condition=condition,
        nearness=nearness,
        old=_AS_IT_WAS if with_old else _AS_IT_IS,
        join=_OLD_NUMBERS if with_old else "",
    )
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            statement, {**values, "as_of": as_of, "matched": matched, "limit": MOST_HITS + 1}
        )
        rows = cursor.fetchall()
    hits = [ParcelHit(*row[:_WIDTH]) for row in rows]
    if not with_old:
        return hits
    return [
        replace(hit, matched_as=OldNumber(*row[_WIDTH:]))
        for hit, row in zip(hits, rows, strict=True)
    ]
