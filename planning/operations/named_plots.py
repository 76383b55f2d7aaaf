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


def parcels_named(
    plots: Sequence[NamedPlot], day: dt.date
) -> list[tuple[UUID, None] | tuple[None, str]]:
    """Return for each plot its current parcel, or why there is none; all in one statement.

    A code of a unit is believed only if it names the same ward on `day` and today: codes were
    used again in 2025.
    """
    packed = [
        {
            "at": at,
            "unit_code": plot.unit_code,
            "sheet": plot.sheet_number,
            "scale": plot.scale,
            "number": plot.number,
        }
        for at, plot in enumerate(plots)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PARCELS, {"day": day, "named": json.dumps(packed)})
        rows = cursor.fetchall()
    found: list[tuple[UUID, None] | tuple[None, str]] = []
    for _, is_ward, parcels in rows:
        problem = _problem(parcels or [], is_ward=is_ward)
        found.append((None, problem) if problem else (parcels[0], None))
    return found


def parcels_of(
    items: Sequence[ItemContent], day: dt.date, standing: Plots
) -> tuple[Plots, list[PlotFinding]]:
    """Return the current parcel of each plot that items name.

    A plot that had a parcel keeps it when its number is no longer current.
    """
    named = [(item, plot) for item in items for plot in item.plots]
    plots: Plots = {(item.annual_plan_code, item.item_key): {} for item in items}
    findings = []
    found = parcels_named([plot for _, plot in named], day)
    for (item, plot), (current, problem) in zip(named, found, strict=True):
        key = (item.annual_plan_code, item.item_key)
        parcel = current or standing.get(key, {}).get(plot)
        if parcel is None:
            findings.append(PlotFinding(plot.row, problem or "", plot.number))
        plots[key][plot] = parcel
    return plots, findings


def _problem(parcels: list[UUID], *, is_ward: bool) -> str:
    if not is_ward:
        return "plot_unit_past"
    if not parcels:
        return "plot_unknown"
    return "plot_ambiguous" if len(parcels) > 1 else ""
