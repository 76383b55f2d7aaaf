"""Plots by number, identifier, address or point, from `public_parcels`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections

from landdata.search.fold import fold
from landdata.search.found import Matched, ParcelHit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from landdata.search.understood import ParcelReference

ALIAS = "public"
#: Most plots in one answer; one more is asked for, to know whether there are more.
MOST_HITS = 20
#: A point on a common boundary stays on it although it came through degrees: the way there and
#: back is 0.9 mm off in Hà Nội, because a datum shift of plane points drops their height.
POINT_TOLERANCE_M = 0.002

# Words that stand in an address and in a question without telling two addresses apart.
_NOISE = frozenset(("so", "nha", "pho", "duong", "dia", "chi", "street", "road"))

_HITS = """
    SELECT h.uuid, h.sheet_number, h.sheet_scale, h.number, h.unit_code,
        coalesce(u.full_name, ''), h.address, h.legal_area_m2, h.geometry_state, h.is_disputed,
        ST_X(h.point), ST_Y(h.point), %(matched)s
    FROM (
        SELECT v.*, ST_Transform(ST_PointOnSurface(v.boundary), 4326) AS point,
            {nearness} AS nearness
        FROM public_parcels v
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
    ORDER BY h.nearness DESC, h.unit_code, length(h.sheet_number), h.sheet_number, h.sheet_scale,
        length(h.number), h.number, h.id
"""
_SHEET = "v.sheet_number = ANY(%(sheets)s)"
_NUMBER = "v.number = ANY(%(numbers)s)"
_SCALE = "v.sheet_scale = %(scale)s"
_UNITS = "v.unit_code = ANY(%(units)s)"
_ADDRESS = "to_tsvector('simple', diado_fold(v.address)) @@ plainto_tsquery('simple', %(address)s)"
# Every word in its order is nearer than the same house number, and that nearer than the rest.
_NEARNESS = """
    2 * (to_tsvector('simple', diado_fold(v.address))
        @@ phraseto_tsquery('simple', %(phrase)s))::int
    + (substring(diado_fold(v.address) from '[0-9]+[a-z]*') IS NOT DISTINCT FROM
        substring(%(phrase)s from '[0-9]+[a-z]*'))::int
"""
_POINT = "ST_Transform(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), %(srid)s)"


def by_reference(
    reference: ParcelReference,
    *,
    units: Sequence[str] | None,
    as_of: dt.date,
    address: str = "",
) -> list[ParcelHit]:
    """Return plots with these numbers: in all scales, disputed and boundless ones included.

    `units` limits it to plots of these wards today; `address` to those with all its words.
    """
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if reference.sheet is not None:
        conditions.append(_SHEET)
        values["sheets"] = spellings(reference.sheet)
    if reference.number is not None:
        conditions.append(_NUMBER)
        values["numbers"] = spellings(reference.number)
    if reference.scale is not None:
        conditions.append(_SCALE)
        values["scale"] = reference.scale
    if units is not None:
        conditions.append(_UNITS)
        values["units"] = list(units)
    if address:
        conditions.append(_ADDRESS)
        values["address"] = address
    return _hits(" AND ".join(conditions), values, "sheet_and_number", as_of)


def by_national_id(national_id: str, *, as_of: dt.date) -> list[ParcelHit]:
    """Return plots that the register gave this identifier; a register can give it twice."""
    return _hits("v.national_id = %(id)s", {"id": national_id}, "national_id", as_of)


def by_address(text: str, *, units: Sequence[str] | None, as_of: dt.date) -> list[ParcelHit]:
    """Return plots whose address has every word of `text`, diacritics apart."""
    words = address_words(text)
    if not words:
        return []
    conditions = [_ADDRESS]
    values: dict[str, Any] = {"address": words, "phrase": fold(text)}
    if units is not None:
        conditions.append(_UNITS)
        values["units"] = list(units)
    return _hits(" AND ".join(conditions), values, "address", as_of, nearness=_NEARNESS)


def at_point(lon: float, lat: float, *, as_of: dt.date) -> list[ParcelHit]:
    """Return plots that cover a point in WGS 84 degrees; on a common boundary, all of them."""
    condition = f"ST_DWithin(v.boundary, {_POINT}, %(tolerance_m)s)"
    values = {
        "lon": lon,
        "lat": lat,
        "srid": settings.STORAGE_SRID,
        "tolerance_m": POINT_TOLERANCE_M,
    }
    return _hits(condition, values, "coordinate", as_of)


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
) -> list[ParcelHit]:
    """Return up to MOST_HITS + 1 hits, the nearest first, in an order that does not change."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            _HITS.format(condition=condition, nearness=nearness),
            {**values, "as_of": as_of, "matched": matched, "limit": MOST_HITS + 1},
        )
        return [ParcelHit(*row) for row in cursor.fetchall()]
