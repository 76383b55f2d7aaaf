"""Who shares which facilities with whom: the ways of a city held against capacities and norms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planning.norm_queries import services
from planning.norms.circumstances import NO_FIGURE
from planning.reach.crowding import Crowd
from planning.reach.figures import limit_of
from planning.reach.provision import Doubtful, capacity_in, needed, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planning.norms.radii import Service
    from planning.reach.figures import Asked
    from planning.reach.records import Ints
    from planning.reach_ways import Ways

#: Capacity is told in no unit that the norm speaks of.
UNIT_DIFFERS = "unit_differs"


def crowds(ways: Ways, asked: Sequence[Asked]) -> Iterator[Crowd]:
    """Yield the facilities of each kind with a limit, by the norm that sets it for most plots.

    Where no capacity is known nothing is shared.
    """
    by_id = {service.id: service for service in services()}
    for kind in dict.fromkeys(one.kind for one in asked):
        limit = limit_of(kind, asked)
        if limit is None:
            continue
        service = by_id[limit.norm]
        rows = ways.meeting(service)
        if np.isfinite(ways.city.facilities.capacity[rows]).any():
            yield _crowd(ways, kind, service, rows, limit.metres)


def _crowd(ways: Ways, kind: str, service: Service, rows: Ints, limit_m: float) -> Crowd:
    held = ways.city.facilities
    pairs = ways.pairs(rows, limit_m, ways.direction(service))
    unit = unit_of(held.capacity_unit[rows], held.capacity[rows])
    each, reason = _each(service, unit, float(np.nansum(ways.city.plots.people.people)))
    return Crowd(
        kind=kind,
        norm=service.id,
        limit_m=limit_m,
        pairs=pairs._replace(facility=np.searchsorted(rows, pairs.facility).astype(np.int32)),
        capacity=capacity_in(held.capacity[rows], held.capacity_unit[rows], unit),
        unit=unit,
        each=each,
        reason=reason,
        is_unknown=ways.unknown,
    )


def _each(service: Service, unit: str, people: float) -> tuple[float | None, str]:
    """Return what a norm asks for one person, or why that is not known."""
    if not service.quantity:
        return None, NO_FIGURE
    need = needed(service, people)
    if isinstance(need, Doubtful):
        return None, need.reason
    if need.unit != unit or not people or not need.amount:
        return None, UNIT_DIFFERS if need.unit != unit else NO_FIGURE
    return need.amount / people, ""
