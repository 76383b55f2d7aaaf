"""Reads that join nouns, through the public views; imports ask the register itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from landdata.models import AdministrativeUnit, PublicParcelAlias, PublicUnit, UnitLevel

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence


@dataclass(frozen=True, slots=True)
class FormerNumber:
    """A number that old papers know a plot by.

    `unit_code` is that of the ward that numbered it then, with its names; empty where the register
    does not say.
    """

    sheet: str
    number: str
    unit_code: str
    unit_name: str
    unit_name_en: str


def aliases(
    uuids: Collection[UUID], *, as_of: dt.date, known_at: int
) -> dict[UUID, tuple[FormerNumber, ...]]:
    """Return what each of these plots was numbered before, by plot; plots without are left out.

    Two statements, however many plots.
    """
    rows = list(
        PublicParcelAlias.objects.known_at(known_at)
        .valid_on(as_of)
        .filter(uuid__in=uuids)
        .order_by("unit_code", "sheet_number", "number", "pk")
    )
    wards = _first_named({row.unit_code for row in rows} - {""}, known_at=known_at)
    found: dict[UUID, list[FormerNumber]] = {}
    for row in rows:
        ward = wards.get(row.unit_code)
        former = FormerNumber(
            row.sheet_number,
            row.number,
            row.unit_code,
            ward.full_name if ward else "",
            ward.full_name_en if ward else "",
        )
        found.setdefault(row.uuid, []).append(former)
    return {uuid: tuple(numbers) for uuid, numbers in found.items()}


def _first_named(codes: set[str], *, known_at: int) -> dict[str, PublicUnit]:
    """Return the earliest ward of each code: old numbers are of the wards before 2025-07-01."""
    if not codes:
        return {}
    units = (
        PublicUnit.objects.known_at(known_at)
        .filter(level=UnitLevel.WARD, code__in=codes)
        .defer("boundary", "boundary_3857", "point")
        .order_by("-valid_from", "pk")
    )
    return {unit.code: unit for unit in units}


def parcels_with_national_ids(national_ids: Sequence[str]) -> dict[str, list[UUID]]:
    """Return the plots that stand in the register today under each national identifier.

    Two plots with one identifier are two answers; an identifier that none has is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT national_id, array_agg(DISTINCT parcel_id ORDER BY parcel_id)::text[] "
            "FROM landdata_parcelversion "
            "WHERE to_revision IS NULL AND valid_to IS NULL AND national_id = ANY(%s) "
            "GROUP BY national_id",
            [list(national_ids)],
        )
        return {number: [UUID(text) for text in uuids] for number, uuids in cursor.fetchall()}


def unit_codes(*, on: dt.date) -> set[str]:
    """Return the codes of the units of a day: some codes were given to other wards in 2025."""
    units = AdministrativeUnit.objects.known_now().valid_on(on)
    return set(units.values_list("code", flat=True))
