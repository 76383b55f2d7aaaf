"""The wards a delivery speaks of: known on its day, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landdata.geometry import to_shapely
from landdata.models import AdministrativeUnit, UnitLevel

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable


@dataclass(frozen=True)
class Wards:
    """Wards by code: the ground of each in the storage system, None where nobody drew it.

    `reused` are codes that named another ward on the day of the data than they do today. A sheet
    is numbered within a ward, so such a code would put one ward's parcels among another's.
    """

    ground: dict[str, Any]
    reused: dict[str, str]


def known_wards(codes: Iterable[str], *, data_date: dt.date, as_of: dt.date) -> Wards:
    """Return what the register of units says of these codes."""
    units = AdministrativeUnit.objects.known_now().filter(level=UnitLevel.WARD, code__in=set(codes))
    then = {unit.code: unit for unit in units.valid_on(data_date)}
    now = {unit.code: unit for unit in units.valid_on(as_of)}
    ground: dict[str, Any] = {}
    reused: dict[str, str] = {}
    for code, unit in then.items():
        today = now.get(code)
        if today is None or today.tone_folded != unit.tone_folded:
            reused[code] = f"{unit.full_name} → {today.full_name if today else '–'}"
            continue
        drawn = unit.boundary or today.boundary or unit.point
        ground[code] = to_shapely(drawn) if drawn is not None else None
    return Wards(ground, reused)


def known_at_any_time(codes: Iterable[str]) -> set[str]:
    """Return those of these codes that some ward has or had."""
    units = AdministrativeUnit.objects.known_now().filter(level=UnitLevel.WARD)
    return set(units.filter(code__in=set(codes)).values_list("code", flat=True))
