"""A city as plans foresee it: their people, and what planners said of the areas of zones.

Of a plan version its own zones count, and those of other plans in force beside them; of the city
those in force. People are the plan's only where its zones state how many there will be; everywhere
else they are those of the newest count.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.db import connection

from landdata.geometry import to_shapely
from planning.models import PlanLevel, PlanStatus, Zone, ZoneCircumstance
from planning.norms.circumstances import Circumstance
from planning.reach.people import Overlaps, overlaps, planned_people
from planning.reach_circumstances import circumstances_by, circumstances_of
from planning.reach_city import City, read_city
from planning.reach_facts import read_grounds_in
from planning.reach_store import kept

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from planning.conflict_tables import Moment
    from planning.models import DraftZone, PlanVersion

    Ints = NDArray[np.int32]

#: Less ground of a plot in a zone is a fence drawn twice.
TOUCHING_M2: Final = 1.0
#: The finer plan tells more of one place.
_FINENESS: Final = {PlanLevel.GENERAL: 0, PlanLevel.ZONING: 1, PlanLevel.DETAILED: 2}


def city_of(
    moment: Moment,
    version: PlanVersion | None,
    *,
    step: Callable[[int, str], None],
    dataset: str = "",
) -> City:
    """Return a city as a plan version foresees it, or as it is, by what is kept where it is.

    Raises Invalid if there is no network, or several.
    """
    plan = None if version is None else version.plan.code
    return with_plans(read_city(moment, plan=plan, step=step, dataset=dataset), version)


def with_plans(city: City, version: PlanVersion | None) -> City:
    """Return a city with the people that a plan version foresees, and the circumstances of zones.

    `of_plan` says how many zones told something, and of how many people no plot could take one.
    """
    own = [] if version is None else list(zones_of(version, city.moment.on))
    beside = _zones_beside(version, city.moment)
    said = circumstances_of([zone.uid for zone in (*own, *beside)])
    own = [zone for zone in own if zone.population is not None or zone.uid in said]
    zones = [*own, *(zone for zone in beside if zone.uid in said)]
    named: dict[str, Any] = {} if version is None else {"plan": version.plan.code}
    if not zones:
        return replace(city, of_plan=named)
    found = overlaps_of(city, zones)
    stated = [zone.population for zone in own] + [None] * (len(zones) - len(own))
    people = np.array([np.nan if many is None else many for many in stated], dtype=float)
    planned = planned_people(city.plots.people, people, found)
    known = [said.get(zone.uid, Circumstance()) for zone in zones]
    rank = [_rank(zone, is_own=row < len(own)) for row, zone in enumerate(zones)]
    main = _main_zone(found, np.array(rank), np.array([zone.uid in said for zone in zones]))
    return replace(
        city,
        plots=replace(city.plots, people=planned.people),
        circumstances=circumstances_by(known, main, city.plots.people),
        of_plan={
            **named,
            "zones_with_people": int(np.isfinite(people).sum()),
            "zones_with_circumstances": len(said),
            "planned_people": float(np.nansum(people)),
            "planned_people_without_plot": float(people[planned.without_place].sum()),
            "people_today": float(np.nansum(city.plots.people.people)),
        },
    )


def zones_of(version: PlanVersion, on: dt.date) -> Sequence[DraftZone | Zone]:
    """Return the zones of a plan version: drawn, or in force once it is published."""
    if version.status != PlanStatus.PUBLISHED:
        return list(version.drafts.order_by("uid"))
    held = Zone.objects.known_now().valid_on(max(on, version.valid_from))
    return list(held.filter(plan=version.plan).order_by("uid"))


def _zones_beside(version: PlanVersion | None, moment: Moment) -> list[Zone]:
    """Return the zones of other plans in force of which somebody said something."""
    held = Zone.objects.known_at(moment.revision).valid_on(moment.on)
    if version is not None:
        held = held.exclude(plan=version.plan)
    told = held.filter(uid__in=ZoneCircumstance.objects.values("zone_uid"))
    return list(told.select_related("plan").order_by("uid", "pk"))


def _rank(zone: DraftZone | Zone, *, is_own: bool) -> int:
    """Return how much a zone is asked before others over the same ground."""
    return len(_FINENESS) if is_own else _FINENESS.get(PlanLevel(zone.plan.level), -1)  # type: ignore[union-attr]  # not own: in force


def overlaps_of(city: City, zones: Sequence[DraftZone | Zone]) -> Overlaps:
    """Return how much of each plot lies in zones; as kept while neither changes."""
    drawn = [hashlib.sha256(bytes(zone.boundary.wkb)).hexdigest() for zone in zones]

    def made() -> Overlaps:
        grounds = np.array([to_shapely(zone.boundary) for zone in zones], dtype=object)
        with connection.cursor() as cursor:
            row, ground = read_grounds_in(cursor, city.moment, grounds, city.plots.key)
        found = overlaps(ground, grounds, least_m2=TOUCHING_M2)
        whole = np.zeros(len(city.plots))
        whole[row] = found.place_m2
        return Overlaps(row[found.place], found.zone, found.m2, whole)

    return kept("overlaps", [city.marks.parcels, drawn], made)


def _main_zone(found: Overlaps, rank: NDArray[Any], is_told: NDArray[np.bool_]) -> Ints:
    """Return the zone that tells of each place, -1 for none.

    One that holds half of the place comes before others; of several the plan at hand, then the
    finer plan, then the zone with more of the place, then the first.
    """
    told = np.flatnonzero(is_told[found.zone])
    place, zone, m2 = found.place[told], found.zone[told], found.m2[told]
    holds_half = m2 >= found.place_m2[place] / 2
    order = np.lexsort((-zone, m2, rank[zone], holds_half))
    main = np.full(len(found.place_m2), -1, dtype=np.int32)
    # The last one written stays.
    main[place[order]] = zone[order]
    return main
