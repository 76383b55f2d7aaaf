"""Zones against what the register says of the plots below them: land type, rights, recovery.

Statistics only: square metres and numbers of plots by code, nobody's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planning.annual import YEARS_WITHOUT_DECISION
from planning.conflicts.engine import judges
from planning.conflicts.grounds import (
    cannot_be_checked,
    group_of,
    judged_zones,
    meant_for,
    named,
    surface_of,
    zone_party,
)
from planning.conflicts.records import Finding, Party, PartyKind, Severity
from planning.topology.shapes import place_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Rule

    Bools = NDArray[np.bool_]
    Objects = NDArray[np.object_]
    Ints = NDArray[np.int64]


@judges("land_type_differs")
def land_type_differs(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell zones on plots that are registered for something that the zone's function ends.

    A plot with several registered uses fits if one of them does; one without any is counted as
    unknown and not as fitting.
    """
    if facts.parcels is None:
        yield from cannot_be_checked(facts, rule, "no_parcels")
        return
    told = rule.parameters
    pair = _pairs(facts, judged_zones(facts, told["levels"]), told["tolerance_m2"])
    group = group_of(facts.zones.function, told["uses"])
    uses, use = np.unique(facts.parcels.uses.astype(str), return_inverse=True)
    fits = _fits(list(told["uses"]), uses, told)
    zone, plot = pair.other, pair.one
    is_known = (uses[use[plot]] != "") & (group[zone] >= 0)
    differs = is_known & ~fits[group[zone], use[plot]]
    unknown = np.zeros(len(facts.zones), dtype=bool)
    unknown[zone[~is_known]] = True
    yield from cannot_be_checked(facts, rule, "land_type_unknown", unknown)
    registered = np.bincount(zone, pair.area_m2, len(facts.zones))
    for row, rows in _by_zone(zone, differs):
        area = float(pair.area_m2[rows].sum())
        share = 100.0 * area / float(registered[row])
        is_large = share >= told["warns_from_percent"]
        yield _statistic(
            facts,
            rule,
            row,
            area,
            {
                **named(facts, row),
                "m2": area,
                "parcels": len(rows),
                "percent": share,
                **_statistics(uses[use[plot[rows]]], pair.area_m2[rows]),
            },
            rule.severity if is_large else Severity.NOTES,
        )


@judges("rights_taken")
def rights_taken(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell how much ground with which rights lies in zones whose function takes the land over."""
    if facts.parcels is None:
        yield from cannot_be_checked(facts, rule, "no_parcels")
        return
    told = rule.parameters
    asked = judged_zones(facts, told["levels"]) & meant_for(facts.zones.function, told["takes"])
    pair = _pairs(facts, asked, told["tolerance_m2"])
    origins = facts.parcels.origins[pair.one].astype(str)
    unknown = np.zeros(len(facts.zones), dtype=bool)
    unknown[pair.other[origins == ""]] = True
    yield from cannot_be_checked(facts, rule, "origin_unknown", unknown)
    for row, rows in _by_zone(pair.other, origins != ""):
        area = float(pair.area_m2[rows].sum())
        yield _statistic(
            facts,
            rule,
            row,
            area,
            {
                **named(facts, row),
                "m2": area,
                "parcels": len(rows),
                **_statistics(origins[rows], pair.area_m2[rows]),
            },
            rule.severity,
        )


@judges("recovery_overdue")
def recovery_overdue(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell projects that stand in the list for recovery longer than the law lets them.

    Listed in 2024, 2025 and still in 2026 two years have passed from 2026-01-01 on; see
    planning.annual. Projects that this year's plan lists no more restrict nobody.
    """
    items = facts.items
    if items is None:
        yield from cannot_be_checked(facts, rule, "no_annual_plan")
        return
    years = facts.on.year - items.first_listed_year
    overdue = (
        np.asarray(items.is_judged, dtype=bool)
        & (items.kind == "recovery")
        & (items.status == "listed")
        & (items.year == facts.on.year)
        & (items.first_listed_year > 0)
        & (years >= YEARS_WITHOUT_DECISION)
    )
    for row in np.flatnonzero(overdue).tolist():
        ground = surface_of(items.shape[row])
        stated = float(items.area_m2_stated[row])
        yield Finding(
            rule=rule.code,
            severity=rule.severity,
            parties=(Party(PartyKind.ITEM, str(items.key[row])),),
            ground=ground,
            place=place_in(ground) if ground is not None else _somewhere(facts),
            area_m2=ground.area if ground is not None else (0.0 if np.isnan(stated) else stated),
            values={
                "name": str(items.name[row]),
                "purpose": str(items.purpose[row]),
                "first_listed_year": int(items.first_listed_year[row]),
                "years": int(years[row]),
            },
        )


def _statistic(
    facts: Facts,
    rule: Rule,
    row: int,
    area_m2: float,
    values: Mapping[str, float | int | str],
    severity: Severity,
) -> Finding:
    """Return what the register says below a zone; plots are not drawn, they are only counted."""
    return Finding(
        rule=rule.code,
        severity=severity,
        parties=(zone_party(facts, row),),
        ground=None,
        place=place_in(facts.zones.shape[row]),
        area_m2=area_m2,
        values=values,
    )


class _Pairs:
    """Which plots share how much ground with the zones asked about."""

    def __init__(self, one: Ints, other: Ints, area_m2: NDArray[np.float64]) -> None:
        self.one, self.other, self.area_m2 = one, other, area_m2


def _pairs(facts: Facts, asked: Bools, tolerance_m2: float) -> _Pairs:
    shares = facts.shares
    kept = asked[shares.other] & (shares.area_m2 > tolerance_m2) if len(shares.one) else slice(0)
    return _Pairs(shares.one[kept], shares.other[kept], shares.area_m2[kept])


def _fits(names: Sequence[str], uses: Objects, told: Mapping[str, object]) -> Bools:
    """Return for each group of functions and each text of registered uses whether one fits."""
    keeps: Mapping[str, Sequence[str]] = told["keeps"]  # type: ignore[assignment] # from TOML
    fits = np.zeros((max(1, len(names)), len(uses)), dtype=bool)
    for column, text in enumerate(uses.tolist()):
        codes = np.array(text.split("+"), dtype=object)
        for row, name in enumerate(names):
            fits[row, column] = bool(meant_for(codes, keeps[name]).any())
    return fits


def _by_zone(zone: Ints, told: Bools) -> Iterator[tuple[int, Ints]]:
    """Yield zones with the numbers of their pairs, in the order of the zones."""
    rows = np.flatnonzero(told)
    rows = rows[np.argsort(zone[rows], kind="stable")]
    if not len(rows):
        return
    starts = np.flatnonzero(np.diff(zone[rows], prepend=-1))
    for part in np.split(rows, starts[1:]):
        yield int(zone[part[0]]), part


def _statistics(codes: Objects, area_m2: NDArray[np.float64]) -> dict[str, float | int | str]:
    """Return square metres and plots by code, the largest first, and which that is."""
    kinds, at = np.unique(codes.astype(str), return_inverse=True)
    areas, many = np.bincount(at, area_m2), np.bincount(at)
    found: dict[str, float | int | str] = {}
    order = np.lexsort((kinds, -np.round(areas, 6)))
    for place in order.tolist():
        found |= {f"m2_{kinds[place]}": float(areas[place])}
        found |= {f"parcels_{kinds[place]}": int(many[place])}
    largest = int(order[0])
    return {"largest": str(kinds[largest]), "largest_m2": float(areas[largest]), **found}


def _somewhere(facts: Facts) -> tuple[float, float]:
    """Return a place in the largest plan, for a project of which nobody drew the ground."""
    grounds = [plan.ground for plan in facts.plans if not plan.ground.is_empty]
    return place_in(max(grounds, key=lambda ground: ground.area)) if grounds else (0.0, 0.0)
