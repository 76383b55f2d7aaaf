"""Telling of pairs of zones: parties, names, measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from planning.conflicts.records import Finding, Party, PartyKind
from planning.topology.shapes import as_array, places_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts
    from planning.conflicts.overlay import Pieces
    from planning.conflicts.records import Rule, Severity
    from planning.topology.shapes import Surface


def zone(facts: Facts, row: int) -> Party:
    """Return a zone as a party."""
    return Party(PartyKind.ZONE, str(facts.zones.key[row]))


def plan(facts: Facts, row: int) -> Party:
    """Return a plan as a party."""
    return Party(PartyKind.PLAN, facts.plans[row].code)


def named(facts: Facts, row: int, prefix: str = "") -> dict[str, str]:
    """Return the values by which sentences name a zone: its label, function and plan."""
    zones = facts.zones
    return {
        f"{prefix}zone": str(zones.label[row] or zones.key[row]),
        f"{prefix}function": str(zones.function[row]),
        f"{prefix}plan": facts.plans[int(zones.plan[row])].code,
    }


def large(
    grounds: Sequence[Surface], tolerance_m2: float
) -> Iterator[tuple[int, float, tuple[float, float]]]:
    """Return number, area and a place inside of each ground that is larger than the tolerance."""
    ground = as_array(grounds)
    area = shapely.area(ground)
    kept = np.flatnonzero(area > tolerance_m2)
    places = places_in(ground[kept]) if len(kept) else []
    for k, place in zip(kept.tolist(), places, strict=True):
        yield k, float(area[k]), place


def of_pairs(
    facts: Facts,
    rule: Rule,
    pieces: Pieces,
    *,
    severity: Severity,
    says: Mapping[str, float | int | str] | None = None,
    compared: Mapping[str, NDArray[np.float64]] | None = None,
    part: str = "",
) -> Iterator[Finding]:
    """Tell of each pair of zones, one of which is judged, that shares ground of these pieces.

    `says` are values of all of them, `compared` columns of zones whose values are told of both.
    """
    found = pieces.told(facts).by_pair()
    grounds = [ground for _, _, ground in found]
    for k, area_m2, place in large(grounds, rule.parameters["overlap_m2"]):
        lower, upper, ground = found[k]
        yield Finding(
            rule=rule.code,
            severity=severity,
            parties=(zone(facts, lower), zone(facts, upper)),
            ground=ground,
            place=place,
            area_m2=area_m2,
            values={
                **named(facts, lower),
                **named(facts, upper, "above_"),
                **(says or {}),
                **{name: float(column[lower]) for name, column in (compared or {}).items()},
                **{f"above_{n}": float(column[upper]) for n, column in (compared or {}).items()},
                "area_m2": area_m2,
            },
            part=part,
        )
