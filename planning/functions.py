"""Which words a plan may use for what its zones are meant for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landdata.models import LandUseCode
from planning.models import PlanFunction, PlanLevel

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from planning.content import PlanContent


def land_use_codes(days: Iterable[dt.date]) -> set[str]:
    """Return the codes of land use that law knows on one of these days."""
    known = LandUseCode.objects.known_now()
    return {code for day in days for code in known.valid_on(day).values_list("code", flat=True)}


def functions_in(level: str, days: Iterable[dt.date]) -> set[str]:
    """Return the functions that zones of a plan of this level may have.

    A land-use plan speaks in codes of land use: those of these days. Urban plans have functions of
    their own.
    """
    if level == PlanLevel.LAND_USE:
        return land_use_codes(days)
    return set(PlanFunction.objects.known_now().values_list("code", flat=True))


def functions_of(plan: PlanContent) -> set[str]:
    """Return the functions that zones of a dossier may have.

    A land-use plan may use the codes of its first day, or those of the day of its data, since old
    plans are digitised in new codes.
    """
    return functions_in(plan.level, {plan.valid_from, plan.data_date})
