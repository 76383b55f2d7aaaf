"""How much of a service the people of a plan need, and how much there is for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from planning.norms.services import ServiceNorm

if TYPE_CHECKING:
    from planning.norms.radii import Service
    from planning.reach.records import Bools, Floats, Ints, Objects

M2: Final = "m2"
#: Words for a square metre, and what a place at a school is called by those who deliver it.
_UNITS: Final = {
    "m2": M2,
    "m²": M2,
    "place": "place",
    "pupil": "place",
    "bed": "bed",
}
_OF_THOUSAND: Final = re.compile(r"^(\d+(?:\.\d+)?) (place|pupil|bed)s/1000")
_FROM_PEOPLE: Final = re.compile(r">= ([\d,]+) people need one")
#: Why no need can be worked out, by how provision is counted.
_DOUBTS: Final = {
    "per_unit": "unit_unknown",
    "per_commune": "unit_unknown",
    "by_city_class": "city_class_unknown",
    "by_kind": "kinds_counted_apart",
}


@dataclass(frozen=True, eq=False)
class Offers:
    """What serves people: facilities that are there, and ground that a plan gives to services."""

    #: Kinds that each may be; one where it is known.
    kinds: tuple[frozenset[str], ...]
    #: (offers, 2)
    xy: Floats
    #: Ground, NaN where not known.
    m2: Floats
    #: NaN where not known.
    capacity: Floats
    capacity_unit: Objects
    #: Stands on the ground of the plan.
    is_inside: Bools
    is_planned: Bools

    def meeting(self, kinds: frozenset[str], least_m2: float | None) -> tuple[Ints, Ints]:
        """Return which certainly meet a norm for one of these kinds, and which may."""
        certain, possible = self.of(kinds)
        if least_m2 is not None:
            certain = certain & (self.m2 >= least_m2)
            possible = possible & ~(self.m2 < least_m2)
        return (
            np.flatnonzero(certain).astype(np.int32),
            np.flatnonzero(possible).astype(np.int32),
        )

    def of(self, kinds: frozenset[str]) -> tuple[Bools, Bools]:
        """Return which are certainly of one of these kinds, and which may be."""
        return (
            np.array([one <= kinds for one in self.kinds], dtype=bool),
            np.array([bool(one & kinds) for one in self.kinds], dtype=bool),
        )


class Need(NamedTuple):
    """So much of a unit."""

    amount: float
    unit: str


class Doubtful(NamedTuple):
    """Nobody can say how much, and why."""

    reason: str


class Have(NamedTuple):
    """What there is at least; why there may be more; whether one of the least size is there."""

    amount: float
    doubt: str
    has_least: bool


def needed(service: Service, people: float) -> Need | Doubtful:
    """Return how much so many people need. Raises ValueError where the row cannot be read."""
    if service.quantity in _DOUBTS:
        return Doubtful(_DOUBTS[service.quantity])
    few = _FROM_PEOPLE.search(service.applies_to)
    if few and people < float(few[1].replace(",", "")):
        return Need(0.0, "")
    if service.quantity == "per_1000":
        found = _OF_THOUSAND.match(service.provision)
        if found is None:
            raise ValueError(f"a norm is not written as expected: {service.provision!r}")
        return Need(float(found[1]) * people / 1000, _UNITS[found[2]])
    return Need(_row(service).m2_a_person(people) * people, M2)


def offered(service: Service, need: Need, kinds: frozenset[str], offers: Offers) -> Have:
    """Return how much there is on the ground of the plan.

    Ground that the plan gives to one kind counts by its size, as the row counts land for a place.
    What is not known is not counted, and then there may be more.
    """
    certain, possible = offers.of(kinds)
    each = _each(service, need.unit)
    amount, doubt = 0.0, ""
    for row in np.flatnonzero(possible & offers.is_inside).tolist():
        has = _amount(offers, row, need.unit, each)
        if not certain[row]:
            doubt = doubt or "kind_unknown"
        elif isinstance(has, str):
            doubt = doubt or has
        else:
            amount += has
    if service.least_m2 is None or service.distances:
        return Have(amount, doubt, has_least=True)
    large, _ = offers.meeting(kinds, service.least_m2)
    return Have(amount, doubt, has_least=bool(offers.is_inside[large].any()))


def _amount(offers: Offers, row: int, unit: str, each: float | None) -> float | str:
    """Return what one offer has of a unit, or why that is not known."""
    ground = float(offers.m2[row])
    if unit == M2:
        if not np.isnan(ground):
            return ground
        return "capacity_unknown" if np.isnan(offers.capacity[row]) else "unit_differs"
    if offers.is_planned[row]:
        return "capacity_unknown" if each is None else ground / each
    if np.isnan(offers.capacity[row]):
        return "capacity_unknown"
    if _UNITS.get(offers.capacity_unit[row]) != unit:
        return "unit_differs"
    return float(offers.capacity[row])


def _each(service: Service, unit: str) -> float | None:
    """Return the land for one place or bed, None where the row counts otherwise."""
    return _row(service).m2_each if unit in ("place", "bed") else None


def _row(service: Service) -> ServiceNorm:
    return ServiceNorm(
        service.id, service.provision, service.land, service.applies_to, service.source
    )


def unit_of(units: Objects, capacity: Floats) -> str:
    """Return the unit in which most facilities tell a capacity, "" where none does."""
    told = [_UNITS[one] for one in units[np.isfinite(capacity)].tolist() if one in _UNITS]
    return max(sorted(set(told)), key=told.count, default="")


def ground_m2(capacity: Floats, unit: Objects) -> Floats:
    """Return the ground of facilities whose capacity is told in square metres, else NaN."""
    return capacity_in(capacity, unit, M2)


def capacity_in(capacity: Floats, unit: Objects, wanted: str) -> Floats:
    """Return the capacity of facilities where it is told in the unit of a need, else NaN."""
    is_so = np.array([_UNITS.get(one) == wanted for one in unit.tolist()], dtype=bool)
    return np.where(is_so, capacity, np.nan)
