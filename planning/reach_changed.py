"""A city with the changes of a scenario, as if they were so, and what changes are put into."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from django.db import connection

from landdata.grids import height_grids
from landdata.models import RasterKind
from planning.models import Zone
from planning.operations.background import without_collector
from planning.reach.drawn import draw
from planning.reach.parameters import parameters
from planning.reach.people import Overlaps, Zoned
from planning.reach.places import FacilityPlaces, places_in
from planning.reach.records import Change
from planning.reach.scenario import Near, Surroundings, apply
from planning.reach.with_roads import box_around
from planning.reach_city import read_city, silent
from planning.reach_facts import FacilityRows, read_plots_near
from planning.reach_planned import overlaps_of, zones_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from landdata.grids import HeightGrid
    from planning.models import DraftZone, PlanVersion, ScenarioChange
    from planning.reach.drawn import Drawn
    from planning.reach.records import Objects
    from planning.reach.scenario import Outcome
    from planning.reach_city import City
    from planning.reach_town import Town

#: What a facility that is closed is: of no kind that anybody asks for.
CLOSED: Final = ""
#: Sets of drawn roads that a town keeps itself with.
MOST_DRAWN: Final = 2

_keeping = threading.Lock()


def change_of(row: ScenarioChange) -> Change:
    """Return a change as it is worked out."""
    return Change(
        action=row.action,  # type: ignore[arg-type] # an undo is no change in force
        key=row.target,
        kind=row.kind,
        xy=None if row.place is None else (row.place.x, row.place.y),
        capacity=row.capacity,
        axis=None if row.axis is None else shapely.LineString(row.axis.coords),
        people=row.people,
    )


def outcome_of(town: Town, changes: Sequence[Change]) -> Outcome:
    """Return what a town becomes by changes made one after the other."""
    return apply(
        town.base,
        changes,
        drawn=_drawn(town, [change for change in changes if change.action == "road"]),
        zoned=zoned_of(town.city, town.version, changes),
    )


def _drawn(town: Town, roads: Sequence[Change]) -> Drawn | None:
    """Return a town with some roads; None where there are none.

    The last lists of roads are kept: each further step of a scenario is made over the same ones,
    and a road taken back and drawn again is there still.
    """
    if not roads:
        return None
    name = tuple((None if one.axis is None else one.axis.wkb, one.road_class) for one in roads)
    found = town.drawn.get(name)
    if found is None:
        with without_collector():
            found = draw(town.base, roads, _surroundings(town.city, roads))
        with _keeping:
            while len(town.drawn) >= MOST_DRAWN:
                town.drawn.pop(next(iter(town.drawn)))
            town.drawn[name] = found
    return found


def changed_city(city: City, outcome: Outcome) -> City:
    """Return a city as an outcome of changes has it; facilities keep their numbers."""
    people = city.plots.people if outcome.people is None else outcome.people
    return replace(
        city,
        network=outcome.network,
        places=outcome.places,
        plots=replace(city.plots, people=people),
        facilities=_facilities(city.facilities, outcome),
        at=_doors(city.at, outcome),
    )


def _facilities(rows: FacilityRows, outcome: Outcome) -> FacilityRows:
    stock = outcome.stock
    return FacilityRows(
        key=stock.key,
        name=_longer(rows.name, [""] * (len(stock.key) - len(rows))),
        kind=np.where(outcome.is_open, stock.kind, CLOSED),
        capacity=stock.capacity,
        capacity_unit=stock.unit,
        xy=stock.xy,
    )


def _doors(at: FacilityPlaces, outcome: Outcome) -> FacilityPlaces:
    """Return where facilities meet the streets; closed ones stand where they stood."""
    row = np.arange(len(outcome.stock.key), dtype=np.int32)
    for served in outcome.served.values():
        row[served.facilities] = served.rows
    row[~outcome.is_open] = 0
    by = _longer(at.entrance_by, [""] * (len(row) - len(at.plot)))
    return FacilityPlaces(places_in(outcome.grounds.places, row), by, outcome.grounds.held[row])


def _longer(column: Objects, more: Sequence[str]) -> Objects:
    return np.concatenate([column, np.array(more, dtype=object)])


def _surroundings(city: City, roads: Sequence[Change]) -> Surroundings:
    """Return what drawn roads are put into."""
    lines = [road.axis for road in roads if road.axis is not None]
    grids: Sequence[HeightGrid] = ()
    if lines:
        box = box_around(city.network, lines, parameters=parameters())
        grids = height_grids(on=city.moment.on, known_at=city.moment.revision, box=box)
    return Surroundings(
        parameters(),
        lambda shapes, metres: _near(city, shapes, metres),
        [grid for grid in grids if grid.kind == RasterKind.TERRAIN],
        city.barriers,
    )


def _near(city: City, shapes: Objects, metres: float) -> Near:
    with connection.cursor() as cursor:
        return Near(*read_plots_near(cursor, city.moment, shapes, metres, city.plots))


def zoned_of(city: City, version: PlanVersion | None, changes: Sequence[Change]) -> Zoned | None:
    """Return zones that state people or are given some, with the plots on them.

    Those of the plan version, or of the plans in force. None where no change speaks of people.
    """
    named = {change.key for change in changes if change.action == "people"}
    if not named:
        return None
    zones: list[DraftZone | Zone]
    if version is None:
        held = Zone.objects.known_at(city.moment.revision).valid_on(city.moment.on)
        zones = list(held.filter(uid__in=named).order_by("uid"))
        counted, stated = city.plots.people, np.full(len(zones), np.nan)
    else:
        zones = [
            zone
            for zone in zones_of(version, city.moment.on)
            if zone.population is not None or str(zone.uid) in named
        ]
        # The city of a plan has its people already; a zone that states others takes theirs away.
        counted = read_city(city.moment, plan=version.plan.code, step=silent).plots.people
        numbers = [np.nan if zone.population is None else zone.population for zone in zones]
        stated = np.array(numbers, dtype=float)
    uids = [str(zone.uid) for zone in zones]
    return Zoned(counted, uids, stated, overlaps_of(city, zones) if zones else _none(city))


def _none(city: City) -> Overlaps:
    nothing = np.zeros(0, dtype=np.int32)
    return Overlaps(nothing, nothing, np.zeros(0), np.zeros(len(city.plots)))
