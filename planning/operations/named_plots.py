"""Which current parcels the plots are that a plan names by unit, sheet, scale and number."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import connection

from planning.content import NamedPlot

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from planning.content import ItemContent

#: Code of the annual plan, and of its item.
ItemKey = tuple[str, str]
#: The plots of each item, each with its parcel.
Plots = dict[ItemKey, dict[NamedPlot, UUID | None]]


@dataclass(frozen=True)
class PlotFinding:
    """A plot that a plan names and the register does not know by these numbers."""

    row: int
    code: str
    value: str


_PARCELS: Final = """
    SELECT named.at,
        EXISTS (
            SELECT FROM landdata_administrativeunit u
            WHERE u.code = named.unit_code AND u.level = 'ward' AND u.to_revision IS NULL
                AND u.valid_from <= %(day)s AND u.valid_to IS NULL
        ),
        (
            SELECT array_agg(DISTINCT v.parcel_id) FROM landdata_parcelversion v
            JOIN landdata_cadastralsheet s ON s.id = v.sheet_id
            WHERE v.unit_code = named.unit_code AND v.number = named.number
                AND s.number = named.sheet AND (named.scale IS NULL OR s.scale = named.scale)
                AND v.to_revision IS NULL AND v.valid_to IS NULL
        )
    FROM jsonb_to_recordset(%(named)s)
        AS named(at integer, unit_code text, sheet text, scale integer, number text)
    ORDER BY named.at
"""


def parcels_of(
    items: Sequence[ItemContent], day: dt.date, standing: Plots
) -> tuple[Plots, list[PlotFinding]]:
    """Return the current parcel of each named plot, all in one statement.

    A code of a unit is believed only if it names the same ward on `day` and today: codes were
    used again in 2025. A plot that had a parcel keeps it when its number is no longer current.
    """
    named = [(item, plot) for item in items for plot in item.plots]
    packed = [
        {
            "at": at,
            "unit_code": plot.unit_code,
            "sheet": plot.sheet_number,
            "scale": plot.scale,
            "number": plot.number,
        }
        for at, (_, plot) in enumerate(named)
    ]
    found: Plots = {(item.annual_plan_code, item.item_key): {} for item in items}
    findings = []
    with connection.cursor() as cursor:
        cursor.execute(_PARCELS, {"day": day, "named": json.dumps(packed)})
        for at, is_ward, parcels in cursor.fetchall():
            item, plot = named[at]
            key = (item.annual_plan_code, item.item_key)
            problem = _problem(parcels or [], is_ward=is_ward)
            parcel = None if problem else parcels[0]
            if parcel is None:
                parcel = standing.get(key, {}).get(plot)
            if parcel is None:
                findings.append(PlotFinding(plot.row, problem, plot.number))
            found[key][plot] = parcel
    return found, findings


def _problem(parcels: list[UUID], *, is_ward: bool) -> str:
    if not is_ward:
        return "plot_unit_past"
    if not parcels:
        return "plot_unknown"
    return "plot_ambiguous" if len(parcels) > 1 else ""
