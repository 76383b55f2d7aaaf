"""Who shares a facility with whom: supply per person, number reachable, the nearest with room.

Two-step floating catchment (Luo and Wang 2003; with a decay Luo and Qi 2009): what a facility has
is divided by everybody who may come, and each person adds up what the facilities around offer.
Facilities whose capacity is not known are left out and told, and so are those that nobody can
reach: they give nobody anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numba
import numpy as np

from planning.reach.measures import within

if TYPE_CHECKING:
    from collections.abc import Callable

    from planning.reach.parameters import ReachParameters
    from planning.reach.records import Bools, Floats, Ints

    Weight = Callable[[Floats, float], Floats]

#: Weight that is left at the limit: parameter of the decay.
AT_LIMIT: Final = 0.01


class Pairs(NamedTuple):
    """Ways from places to facilities, each pair once; `cost` in metres, `inf` for none."""

    place: Ints
    facility: Ints
    cost: Floats

    def upto(self, limit_m: float) -> Pairs:
        """Return the pairs within a limit."""
        kept = within(self.cost, limit_m)
        return Pairs(self.place[kept], self.facility[kept], self.cost[kept])


def step(metres: Floats, limit_m: float) -> Floats:
    """Return 1 within the limit, 0 beyond."""
    return within(metres, limit_m).astype(np.float64)


def gaussian(metres: Floats, limit_m: float, *, at_limit: float = AT_LIMIT) -> Floats:
    """Return a weight that falls from 1 to `at_limit` at the limit, 0 beyond."""
    decay = np.exp(np.log(at_limit) * (metres / limit_m) ** 2)
    return np.where(within(metres, limit_m), decay, 0.0)


def weight_of(known: ReachParameters) -> Weight:
    """Return the weight that the parameters name. Raises ValueError for one that is not there."""
    decay = known.value("supply", "decay")
    if decay == "step":
        return step
    if decay != "gaussian":
        raise ValueError(f"supply.decay is step or gaussian, not {decay!r}")
    return partial(gaussian, at_limit=float(known.value("supply", "gaussian_at_limit")))


@dataclass(frozen=True, eq=False)
class Supply:
    """What there is for each person."""

    #: Of each place, in units of capacity a person; 0 where nothing is within the limit.
    per_person: Floats
    #: Of each facility: what one person who comes with full weight gets; NaN where not known.
    ratio: Floats
    #: Facilities that nobody has within the limit.
    idle: Bools
    #: Facilities whose capacity nobody knows.
    capacity_unknown: Bools
    #: Places that have one of these within the limit: there may be more for them.
    is_least: Bools


def supply(
    pairs: Pairs, people: Floats, capacity: Floats, limit_m: float, weight: Weight = step
) -> Supply:
    """Return what there is for each person of each place, in the unit of `capacity` a person.

    `pairs` and `limit_m` are in metres. `people` is NaN where nobody was counted: nobody is taken
    to come from there.
    """
    near = pairs.upto(limit_m)
    share = weight(near.cost, limit_m)
    demand = np.bincount(
        near.facility, np.nan_to_num(people)[near.place] * share, minlength=len(capacity)
    )
    unknown = np.isnan(capacity)
    idle = (demand == 0) & ~unknown
    ratio = np.full(len(capacity), np.nan)
    np.divide(capacity, demand, out=ratio, where=~idle & ~unknown)
    ratio[idle] = 0.0
    gives = np.nan_to_num(ratio[near.facility]) * share
    is_least = np.zeros(len(people), dtype=bool)
    is_least[near.place[unknown[near.facility]]] = True
    return Supply(
        per_person=np.bincount(near.place, gives, minlength=len(people)).astype(np.float64),
        ratio=ratio,
        idle=idle,
        capacity_unknown=unknown,
        is_least=is_least,
    )


def handed_out(found: Supply, people: Floats, capacity: Floats) -> tuple[float, float]:
    """Return what all people get together, and what all facilities that are not idle have.

    The two are one number but for rounding.
    """
    counts = ~found.idle & ~found.capacity_unknown
    return (
        float((np.nan_to_num(people) * found.per_person).sum()),
        float(capacity[counts].sum()),
    )


def reachable(pairs: Pairs, places: int, limit_m: float) -> Ints:
    """Return how many facilities each place has within a limit."""
    near = pairs.upto(limit_m)
    return np.bincount(near.place, minlength=places).astype(np.int32)


@dataclass(frozen=True, eq=False)
class Room:
    """Who finds room, where each goes to the nearest facility that has some left."""

    #: Of each place: people that find room, and the sum of metres they go for it.
    served: Floats
    metres: Floats
    #: Of each facility: units of capacity left, NaN where it is not known.
    left: Floats
    #: Of each place: people without room who may find some where the capacity is not known.
    unknown: Floats


def with_room(
    pairs: Pairs, people: Floats, capacity: Floats, limit_m: float, *, each: float
) -> Room:
    """Return who finds room within a limit, if `each` person needs so many units of capacity.

    `pairs` and `limit_m` are in metres, `each` in the unit of `capacity`.

    Pairs take their turn by metres, then by place and facility; the people of a place may be
    parted. `people` NaN: nobody. Raises ValueError where `each` is not above 0.
    """
    if not each > 0:
        raise ValueError("a person without a need finds room everywhere")
    near = pairs.upto(limit_m)
    unknown = np.isnan(capacity)
    order = np.lexsort((near.facility, near.place, near.cost))
    order = order[~unknown[near.facility[order]]]
    waiting = np.nan_to_num(people)
    left = np.where(unknown, 0.0, capacity)
    metres = np.zeros(len(people))
    _take(near.place[order], near.facility[order], near.cost[order], each, waiting, left, metres)
    may_find = np.zeros(len(people), dtype=bool)
    may_find[near.place[unknown[near.facility]]] = True
    return Room(
        served=np.nan_to_num(people) - waiting,
        metres=metres,
        left=np.where(unknown, np.nan, left),
        unknown=np.where(may_find, waiting, 0.0),
    )


@numba.njit(cache=True, nogil=True)
def _take(place, facility, cost, each, waiting, left, metres):  # type: ignore[no-untyped-def]
    for k in range(len(place)):
        p, f = place[k], facility[k]
        if waiting[p] <= 0.0 or left[f] <= 0.0:
            continue
        room = left[f] / each
        if room >= waiting[p]:
            taken = waiting[p]
            left[f] -= taken * each
            waiting[p] = 0.0
        else:
            taken = room
            left[f] = 0.0
            waiting[p] -= taken
        metres[p] += taken * cost[k]
