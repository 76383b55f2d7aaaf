"""Holding what a plan foresees against the table of services: reading it, and telling the answer.

Norms hold by day: the day on which the plan takes effect decides which. What is there already is
read as of the day of the question.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from django.db import connection

from landdata.errors import Invalid
from landdata.geometry import to_shapely
from planning import reach_words
from planning.conflict_tables import Moment
from planning.conflict_touch import newest_revision
from planning.norm_queries import REFERENCE, kinds_by_norm, services
from planning.norms.circumstances import Circumstance
from planning.reach.norm_check import Checked, Homes, check
from planning.reach.people import overlaps, planned_people
from planning.reach.provision import Offers, ground_m2
from planning.reach.records import People
from planning.reach_circumstances import circumstances_by, circumstances_of
from planning.reach_city import is_put_together, read_city, silent
from planning.reach_facts import read_facilities, read_grounds, read_plots
from planning.reach_norm_ways import Streets
from planning.reach_planned import TOUCHING_M2, overlaps_of, zones_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from planning.models import DraftZone, PlanVersion, Zone
    from planning.reach.norm_check import Part
    from planning.reach.people import Overlaps, Planned
    from planning.reach_city import City
    from planning.reach_facts import FacilityRows, Plots

    Ints = NDArray[np.int32]
    Objects = NDArray[np.object_]


@lru_cache(maxsize=1)
def kinds_by_function() -> dict[str, frozenset[str]]:
    """Return the kinds of facilities that ground of a planned function may hold."""
    with (REFERENCE / "planned_services.csv").open(encoding="utf-8", newline="") as file:
        return {row["function"]: frozenset(row["kinds"].split()) for row in csv.DictReader(file)}


def norm_check(version: PlanVersion, *, on: dt.date) -> list[Checked]:
    """Return every row of the table of services with what it came to for a plan.

    `on` is the day whose plots, people and facilities count.
    """
    moment = Moment(on, newest_revision())
    zones = zones_of(version, on)
    grounds = _objects(to_shapely(zone.boundary) for zone in zones)
    city = _city_at_hand(moment, version)
    if city is not None:
        on_plots = OnPlots(city.plots, city.inside, overlaps_of(city, zones))
        facilities = city.facilities
    else:
        on_plots, facilities = _read(moment, grounds)
    stated = np.array([_number(zone.population) for zone in zones], dtype=float)
    planned = planned_people(_nobody(on_plots.plots), stated, on_plots.found)
    homes = _homes(zones, grounds, on_plots, planned)
    offers = _offers(zones, grounds, facilities)
    holding = [one for one in services() if one.holds_on(version.valid_from)]
    streets = None
    if city is not None and len(zones):
        alone = homes.xy[len(planned.is_planned) :]
        streets = Streets(city, offers, planned.is_planned, alone)
    return check(
        services(),
        kinds_by_norm(),
        homes,
        offers,
        on=version.valid_from,
        ways=None if streets is None else streets.on_foot(holding),
        apart=None if streets is None else streets.apart(holding, grounds),
    )


class OnPlots(NamedTuple):
    """Plots, a point inside each (plots, 2), and how they lie in the zones of a plan."""

    plots: Plots
    inside: NDArray[np.float64]
    found: Overlaps


def _city_at_hand(moment: Moment, version: PlanVersion) -> City | None:
    """Return the city with the streets of a plan, None where it would have to be made first."""
    plan = version.plan.code
    try:
        if not is_put_together(moment, plan=plan):
            return None
        return read_city(moment, plan=plan, step=silent)
    except Invalid:
        # Without a network, or with several, nobody knows what is along streets.
        return None


def _read(moment: Moment, grounds: Objects) -> tuple[OnPlots, FacilityRows]:
    with connection.cursor() as cursor:
        plots, facilities = read_plots(cursor, moment), read_facilities(cursor, moment)
        of_plots = read_grounds(cursor, moment)
    inside = shapely.get_coordinates(shapely.point_on_surface(of_plots)).reshape(-1, 2)
    return OnPlots(plots, inside, overlaps(of_plots, grounds, least_m2=TOUCHING_M2)), facilities


def _homes(
    zones: Sequence[DraftZone | Zone], grounds: Objects, on_plots: OnPlots, planned: Planned
) -> Homes:
    """Return where the people of the plan will live: on plots, and in zones without plots."""
    plots, stated = on_plots.plots, np.array([_number(zone.population) for zone in zones])
    rows, alone = planned.is_planned, planned.without_place
    zone = _main_zone(on_plots.found, stated, len(plots))[rows]
    points = shapely.get_coordinates(shapely.point_on_surface(grounds[alone])).reshape(-1, 2)
    xy = np.concatenate([on_plots.inside[rows], points])
    of_zone = np.concatenate([zone, alone]).astype(np.int32)
    people = np.concatenate([planned.people.people[rows], stated[alone]])
    unit = np.concatenate([plots.people.unit[rows], np.full(len(alone), -1)]).astype(np.int32)
    said = circumstances_of([one.uid for one in zones])
    known = [said.get(one.uid, Circumstance()) for one in zones]
    return Homes(
        xy=xy,
        people=People(people, of_zone, tuple(str(one.uid) for one in zones)),
        circumstances=circumstances_by(known, of_zone, People(people, unit, plots.people.units)),
    )


def _nobody(plots: Plots) -> People:
    """Return plots without their people: those of today are not who the plan speaks of."""
    return People(np.zeros(len(plots)), plots.people.unit, plots.people.units)


def _main_zone(found: Overlaps, stated: NDArray[np.float64], places: int) -> Ints:
    """Return the zone with people that has most of each place, -1 for none."""
    kept = ~np.isnan(stated[found.zone])
    order = np.lexsort((-found.zone[kept], found.m2[kept]))
    main = np.full(places, -1, dtype=np.int32)
    # The last one written stays.
    main[found.place[kept][order]] = found.zone[kept][order]
    return main


def _offers(
    zones: Sequence[DraftZone | Zone], grounds: Objects, facilities: FacilityRows
) -> Offers:
    """Return facilities, and zones of the plan for services on which none stands yet."""
    at = shapely.points(facilities.xy.reshape(-1, 2))
    holds: dict[int, set[str]] = {}
    inside = np.zeros(len(facilities), dtype=bool)
    for facility, zone in zip(*shapely.STRtree(grounds).query(at, predicate="within"), strict=True):
        inside[facility] = True
        holds.setdefault(int(zone), set()).add(str(facilities.kind[facility]))
    free = []
    for row, zone in enumerate(zones):
        kinds = kinds_by_function().get(zone.function)
        if kinds and not kinds & holds.get(row, set()):
            free.append((row, kinds))
    rows = [row for row, _ in free]
    many = len(rows)
    return Offers(
        kinds=(*(frozenset([kind]) for kind in facilities.kind), *(kinds for _, kinds in free)),
        xy=np.concatenate(
            [
                facilities.xy.reshape(-1, 2),
                shapely.get_coordinates(shapely.point_on_surface(grounds[rows])).reshape(-1, 2),
            ]
        ),
        m2=np.concatenate(
            [
                ground_m2(facilities.capacity, facilities.capacity_unit),
                shapely.area(grounds[rows]).astype(float),
            ]
        ),
        capacity=np.concatenate([facilities.capacity, np.full(many, np.nan)]),
        capacity_unit=np.concatenate([facilities.capacity_unit, _objects([""] * many)]),
        is_inside=np.concatenate([inside, np.ones(many, dtype=bool)]),
        is_planned=np.concatenate([np.zeros(len(facilities), dtype=bool), np.ones(many, bool)]),
    )


def norm_check_values(version: PlanVersion, *, on: dt.date) -> dict[str, Any]:
    """Return the check of a plan as plain values, with sentences in the active language."""
    found = norm_check(version, on=on)
    labels = {str(zone.uid): zone.label for zone in zones_of(version, on)}
    return {"on": version.valid_from, "rows": [_values(row, labels) for row in found]}


def _values(row: Checked, labels: dict[str, str]) -> dict[str, Any]:
    service = row.service
    return {
        "norm": service.id,
        "facility": service.facility,
        "source": service.source,
        "confidence": service.confidence,
        "in_force": service.in_force,
        "state": row.state,
        "parts": [_part(part, labels) for part in row.parts],
    }


def _part(part: Part, labels: dict[str, str]) -> dict[str, Any]:
    share = part.share
    return {
        "measure": part.measure,
        "state": part.state,
        "reason": part.reason,
        "text": reach_words.of_part(part),
        "share": None if share is None else share.value,
        "covered": None if share is None else share.covered,
        "not_covered": None if share is None else share.not_covered,
        "unknown_people": None if share is None else share.unknown,
        "worst_zone": part.worst,
        "worst_label": labels.get(part.worst, ""),
        "values": dict(part.values),
    }


def _number(value: int | None) -> float:
    return np.nan if value is None else float(value)


def _objects(values: Iterable[Any]) -> Objects:
    rows = list(values)
    array = np.empty(len(rows), dtype=object)
    array[:] = rows
    return array
