"""Holding what a plan foresees against every row of the table of services.

Each row is there, those that cannot be checked with the reason. A row may ask for a distance, for
so much of a service for the people, or for a distance from one facility to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from planning.norms import State
from planning.norms.circumstances import DOES_NOT_HOLD, EVERY, speaks_of
from planning.reach.limits import limits_of
from planning.reach.measures import Verdict, gap, judge, shares
from planning.reach.provision import Doubtful, needed, offered
from planning.reach.records import Measure
from planning.reach.straight import nearest_in_a_line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from planning.norms.circumstances import Circumstances
    from planning.norms.radii import Service
    from planning.reach.measures import Share
    from planning.reach.provision import Offers
    from planning.reach.records import Bytes, Floats, Limits, People

ENDED: Final = "ended"
NOT_YET: Final = "not_yet"
PEOPLE_UNKNOWN: Final = "people_unknown"
FACILITIES_UNKNOWN: Final = "facilities_unknown"
STREETS_UNKNOWN: Final = "streets_unknown"
SPACING_UNKNOWN: Final = "spacing_not_measured"
#: Less street than this is what cutting lines leaves.
SHORT_M: Final = 0.01


class Homes(NamedTuple):
    """Where people will live: plots, and zones without a plot."""

    #: (places, 2): inner point of the ground.
    xy: Floats
    #: As the plan foresees them; the units are zones.
    people: People
    circumstances: Circumstances


class Ways(NamedTuple):
    """Metres on foot to the nearest facility that certainly meets a row, and that may meet it."""

    certain_m: Floats
    possible_m: Floats


class Spacing(NamedTuple):
    """Metres of street on the ground of a plan, and those too far from what stands along it."""

    street_m: float
    beyond_m: float


@dataclass(frozen=True)
class Part:
    """What one demand of a row came to."""

    measure: Measure
    state: State
    reason: str = ""
    #: Of a distance: people within, beyond, and of whom it is not known.
    share: Share | None = None
    #: Zone that is served worst.
    worst: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """A row of the table with what its demands came to."""

    service: Service
    parts: tuple[Part, ...]

    @property
    def state(self) -> State:
        """Not met if a demand is not met; else unknown if one is; else met."""
        states = {part.state for part in self.parts}
        for state in (State.NOT_MET, State.NOT_CHECKED):
            if state in states:
                return state
        return State.MET


def check(
    services: Sequence[Service],
    kinds_by_norm: Mapping[str, Sequence[str]],
    homes: Homes,
    offers: Offers,
    *,
    on: dt.date,
    ways: Mapping[str, Ways] | None = None,
    apart: Mapping[str, Spacing] | None = None,
) -> list[Checked]:
    """Return every row with what it came to, as norms stand on a day.

    `ways` are those on foot by row, for rows that measure them, and `apart` what is known of rows
    that say how far apart something stands; without them such a demand is not checked.
    """
    found = []
    for service in services:
        reason = _why_not(service, homes, on)
        if reason:
            parts: tuple[Part, ...] = (Part(Measure.SHARE_WITHIN, State.NOT_CHECKED, reason),)
        else:
            kinds = frozenset(kinds_by_norm.get(service.id, ()))
            there = (ways or {}).get(service.id), (apart or {}).get(service.id)
            parts = _parts(service, kinds, homes, offers, there)
        found.append(Checked(service, parts))
    return found


def _why_not(service: Service, homes: Homes, on: dt.date) -> str:
    """Return why a row is not looked at on that day and in these places, else nothing."""
    if not service.holds_on(on):
        return ENDED if service.in_force.startswith("until") else NOT_YET
    if not np.nansum(homes.people.people):
        return PEOPLE_UNKNOWN
    lived_in = homes.people.people > 0
    spoken = {
        speaks_of(service, EVERY[code])
        for code in np.unique(homes.circumstances.code[lived_in]).tolist()
    }
    if spoken == {False}:
        return DOES_NOT_HOLD
    if not service.distances and spoken != {True}:
        return "setting_unknown"
    return ""


def _parts(
    service: Service,
    kinds: frozenset[str],
    homes: Homes,
    offers: Offers,
    along: tuple[Ways | None, Spacing | None],
) -> tuple[Part, ...]:
    found = []
    ways, apart = along
    if service.distances:
        found.append(_distance(service, kinds, homes, offers, ways))
    if service.spacing is not None:
        found.append(_spacing(service.spacing.limit_m, apart))
    if service.quantity:
        found.append(_provision(service, kinds, homes, offers))
    return tuple(found)


def _spacing(limit_m: float | None, apart: Spacing | None) -> Part:
    """Return whether what stands along streets does so everywhere. Without streets nobody knows."""
    if apart is None or not apart.street_m:
        limit = {"limit_m": limit_m}
        return Part(Measure.SPACING, State.NOT_CHECKED, SPACING_UNKNOWN, values=limit)
    state = State.MET if apart.beyond_m <= SHORT_M else State.NOT_MET
    return Part(Measure.SPACING, state, values={"limit_m": limit_m, **apart._asdict()})


def _distance(
    service: Service, kinds: frozenset[str], homes: Homes, offers: Offers, ways: Ways | None
) -> Part:
    limits = limits_of(service, homes.circumstances)
    certain, possible = offers.meeting(kinds, service.least_m2)
    if not len(possible):
        return Part(Measure.SHARE_WITHIN, State.NOT_CHECKED, FACILITIES_UNKNOWN)
    if limits.measured == "straight":
        ways = Ways(
            nearest_in_a_line(homes.xy, offers.xy, certain).cost,
            nearest_in_a_line(homes.xy, offers.xy, possible).cost,
        )
    elif ways is None:
        return Part(Measure.SHARE_WITHIN, State.NOT_CHECKED, STREETS_UNKNOWN)
    verdict = judge(ways.certain_m, limits, possibly=ways.possible_m)
    total, of_zones = shares(verdict, homes.people)
    is_undecided = total.state is State.NOT_CHECKED
    return Part(
        Measure.SHARE_WITHIN,
        total.state,
        _reason(verdict, limits, homes.people) if is_undecided else "",
        share=total,
        worst=gap(homes.people.units, of_zones, least_people=0).worst,
        values=_told(limits, ways, verdict),
    )


def _told(limits: Limits, ways: Ways, verdict: Bytes) -> dict[str, Any]:
    """Return the figures that were held against the places, and the longest way known."""
    counts = verdict != Verdict.NONE
    laxest = limits.laxest_m[counts]
    known = ways.certain_m[counts & np.isfinite(ways.certain_m)]
    return {
        "measured": limits.measured,
        "strictest_m": _extreme(limits.strictest_m[counts], np.min),
        "laxest_m": None if np.isinf(laxest).any() else _extreme(laxest, np.max),
        "farthest_m": _extreme(known, np.max),
    }


def _extreme(values: Floats, of: Any) -> float | None:
    known = values[~np.isnan(values)]
    return float(of(known)) if len(known) else None


def _reason(verdict: Bytes, limits: Limits, people: People) -> str:
    """Return the reason that stands in the way for most people."""
    undecided = verdict == Verdict.UNKNOWN
    weight = np.nan_to_num(people.people[undecided])
    many = np.bincount(limits.reason[undecided] + 1, weight, minlength=len(limits.reasons) + 1)
    row = int(np.argmax(many))
    return limits.reasons[row - 1] if row else "facility_unknown"


def _provision(service: Service, kinds: frozenset[str], homes: Homes, offers: Offers) -> Part:
    people = float(np.nansum(homes.people.people))
    need = needed(service, people)
    if isinstance(need, Doubtful):
        return Part(Measure.PROVISION, State.NOT_CHECKED, need.reason)
    have = offered(service, need, kinds, offers)
    values = {"people": people, "need": need.amount, "have": have.amount, "unit": need.unit}
    if have.amount >= need.amount and have.has_least:
        return Part(Measure.PROVISION, State.MET, values=values)
    state = State.NOT_CHECKED if have.doubt else State.NOT_MET
    return Part(Measure.PROVISION, state, have.doubt, values=values)
