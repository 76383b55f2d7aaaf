"""Room for people: what one needs, and who finds it where facilities are already."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from landdata.errors import Invalid
from planning.norm_queries import kinds_by_norm, services
from planning.reach.catchment import Pairs, with_room
from planning.reach.measures import within
from planning.reach.provision import Doubtful, capacity_in, needed
from planning.reach_candidates import LeftOut

if TYPE_CHECKING:
    import datetime as dt

    from planning.reach.siting.question import Question
    from planning.reach_sites import Homes, Sites


class Need(NamedTuple):
    """Units of capacity that 1,000 people need; `norm` is empty where somebody chose the figure."""

    per_1000: float
    unit: str
    norm: str

    @property
    def each(self) -> float:
        """Units that one person needs."""
        return self.per_1000 / 1000.0


def need_of(question: Question, *, on: dt.date) -> Need:
    """Return what people need of a kind of service: as asked, else as the norm of the day says.

    Of several norms the one that asks most. Raises Invalid `siting_need_unknown`.
    """
    known = []
    for service in services():
        if question.kind not in kinds_by_norm().get(service.id, ()) or not service.holds_on(on):
            continue
        # Of a million people, so that rows for large places speak too.
        need = needed(service, 1_000_000.0)
        if not isinstance(need, Doubtful) and need.amount > 0:
            known.append(Need(need.amount / 1000.0, need.unit, service.id))
    if question.need_per_1000 is not None:
        unit = known[0].unit if known else ""
        return Need(question.need_per_1000, unit, "")
    if not known:
        raise Invalid("siting_need_unknown", kind=question.kind)
    return max(known, key=lambda one: one.per_1000)


def with_their_room(sites: Sites, homes: Homes, need: Need) -> tuple[Homes, list[LeftOut]]:
    """Return who finds room within the limit, each at the nearest facility that has some left.

    Nobody knows whether those who are left find room where a capacity is not known, or counted in
    something else; they are neither served nor waiting.
    """
    limit_m, held = sites.question.limit_m, sites.city.facilities
    rows = sites.existing_rows()
    capacity = held.capacity[rows]
    if need.unit:
        capacity = capacity_in(capacity, held.capacity_unit[rows], need.unit)
    found = with_room(_pairs(sites, limit_m), homes.people, capacity, limit_m, each=need.each)
    unknown = float(found.unknown.sum())
    told = [
        LeftOut("facilities_without_capacity", int(np.isnan(capacity).sum())),
        LeftOut("people_room_unknown", unknown),
    ]
    served = homes._replace(served=found.served, unknown=found.unknown)
    return served, [one for one in told if one.many]


def _pairs(sites: Sites, limit_m: float) -> Pairs:
    """Return the ways within the limit from plots to the facilities that are there."""
    place, facility, cost = [], [], []
    rows = sites.existing_rows()
    for number, row in enumerate(rows.tolist()):
        metres = sites.metres_to_existing(np.array([row], dtype=np.int32))
        near = np.flatnonzero(within(metres, limit_m))
        place.append(near.astype(np.int32))
        facility.append(np.full(len(near), number, dtype=np.int32))
        cost.append(metres[near])
    if not len(rows):
        whole = np.zeros(0, dtype=np.int32)
        return Pairs(whole, whole, np.zeros(0))
    return Pairs(np.concatenate(place), np.concatenate(facility), np.concatenate(cost))
