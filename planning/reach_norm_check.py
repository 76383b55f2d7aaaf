"""Holding what a plan foresees against the table of services: reading it, and telling the answer.

Norms hold by day: the day on which the plan takes effect decides which. What is there already is
read as of the day of the question.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.db import connection

from landdata.geometry import to_shapely
from landdata.models import AdministrativeUnit, UnitLevel
from planning import reach_words
from planning.conflict_tables import Moment
from planning.conflict_touch import newest_revision
from planning.models import PlanStatus, Zone, ZoneCircumstance
from planning.norm_queries import REFERENCE, kinds_by_norm, services
from planning.norms.circumstances import SIDES, Circumstance, Circumstances
from planning.reach.norm_check import Checked, Homes, check
from planning.reach.people import overlaps, planned_people
from planning.reach.provision import Offers, ground_m2
from planning.reach.records import People
from planning.reach_facts import read_facilities, read_plots

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from planning.models import DraftZone, PlanVersion
    from planning.reach.norm_check import Part
    from planning.reach.people import Overlaps
    from planning.reach_facts import FacilityRows, Plots

    Ints = NDArray[np.int32]
    Objects = NDArray[np.object_]

#: Less ground of a plot in a zone is a fence drawn twice.
TOUCHING_M2: Final = 1.0
#: First word of a unit's full name, and what its area is: a ward or a town, or a commune.
_SETTINGS: Final = {"Phường": "urban", "Thị": "urban", "Xã": "rural"}


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
    with connection.cursor() as cursor:
        plots, facilities = read_plots(cursor, moment), read_facilities(cursor, moment)
    zones = _zones(version, on)
    grounds = _objects(to_shapely(zone.boundary) for zone in zones)
    return check(
        services(),
        kinds_by_norm(),
        _homes(zones, grounds, plots, on),
        _offers(zones, grounds, facilities),
        on=version.valid_from,
    )


def _zones(version: PlanVersion, on: dt.date) -> Sequence[DraftZone | Zone]:
    if version.status != PlanStatus.PUBLISHED:
        return list(version.drafts.order_by("uid"))
    held = Zone.objects.known_now().valid_on(max(on, version.valid_from))
    return list(held.filter(plan=version.plan).order_by("uid"))


def _homes(zones: Sequence[DraftZone | Zone], grounds: Objects, plots: Plots, on: dt.date) -> Homes:
    """Return where the people of the plan will live: on plots, and in zones without plots."""
    found = overlaps(plots.ground, grounds, least_m2=TOUCHING_M2)
    stated = np.array([_number(zone.population) for zone in zones], dtype=float)
    planned = planned_people(_nobody(plots), stated, found)
    rows = planned.is_planned
    zone = _main_zone(found, stated, len(plots))[rows]
    alone = planned.without_place
    xy = shapely.get_coordinates(
        shapely.point_on_surface(np.concatenate([plots.ground[rows], grounds[alone]]))
    )
    of_zone = np.concatenate([zone, alone]).astype(np.int32)
    people = np.concatenate([planned.people.people[rows], stated[alone]])
    unit = np.concatenate([plots.people.unit[rows], np.full(len(alone), -1)]).astype(np.int32)
    return Homes(
        xy=xy.reshape(-1, 2),
        people=People(people, of_zone, tuple(str(one.uid) for one in zones)),
        circumstances=_circumstances(zones, of_zone, plots, unit),
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


def _circumstances(
    zones: Sequence[DraftZone | Zone], of_zone: Ints, plots: Plots, unit: Ints
) -> Circumstances:
    """Return what is known of the area of each place; of the setting the unit tells the rest."""
    said = circumstances_of([zone.uid for zone in zones])
    settings = _settings()
    by_unit = [settings.get(code, "") for code in (*plots.people.units, "")]
    pairs, row = np.unique(np.stack([of_zone, unit], axis=1), axis=0, return_inverse=True)
    known = []
    for zone, place in pairs.tolist():
        one = said.get(zones[zone].uid, Circumstance())
        setting = one.setting or by_unit[place]
        known.append(Circumstance(one.development, one.terrain, setting, one.place))
    return Circumstances.of(known, row.astype(np.int32).ravel())


def circumstances_of(zones: Sequence[uuid.UUID]) -> dict[uuid.UUID, Circumstance]:
    """Return what was last said of the area of each zone."""
    rows = ZoneCircumstance.objects.filter(zone_uid__in=zones).order_by("pk")
    return {uid: Circumstance(*words) for uid, *words in rows.values_list("zone_uid", *SIDES)}


def _settings() -> dict[str, str]:
    units = AdministrativeUnit.objects.known_now().filter(level=UnitLevel.WARD)
    names = units.order_by("valid_from").values_list("code", "full_name")
    return {code: _SETTINGS.get(name.partition(" ")[0], "") for code, name in names}


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
    labels = {str(zone.uid): zone.label for zone in _zones(version, on)}
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
