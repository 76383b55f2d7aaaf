"""People that a plan foresees, on the places where they will live."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planning.reach.records import Floats, Ints, Objects, People


class Overlaps(NamedTuple):
    """How much of each place lies in each zone, in m²."""

    place: Ints
    zone: Ints
    m2: Floats
    #: Of each place, the whole of it; of those in no zone nobody asks.
    place_m2: Floats


def overlaps(grounds: Objects, zones: Objects, *, least_m2: float) -> Overlaps:
    """Return how much of places lies in zones; up to `least_m2` counts as touching."""
    zone, place = shapely.STRtree(grounds).query(zones, predicate="intersects")
    order = np.lexsort((zone, place))
    zone, place = zone[order], place[order]
    shapely.prepare(zones)
    area = shapely.area(grounds)
    m2 = area[place]
    # Most places lie in one zone in full: only the others are cut.
    cut = np.flatnonzero(~shapely.contains_properly(zones[zone], grounds[place]))
    m2[cut] = shapely.area(shapely.intersection(grounds[place[cut]], zones[zone[cut]]))
    kept = m2 > least_m2
    return Overlaps(place[kept].astype(np.int32), zone[kept].astype(np.int32), m2[kept], area)


@dataclass(frozen=True, eq=False)
class Planned:
    """People as a plan foresees them."""

    people: People
    #: Places on which a plan says who will live there.
    is_planned: Ints
    #: Zones with people on which no place lies: rows of the zones.
    without_place: Ints


def planned_people(now: People, zone_people: Floats, found: Overlaps) -> Planned:
    """Return the people of each place once a plan is carried out.

    `zone_people` is NaN where the plan says nothing of people: there all stays as it is. Where it
    does, its number is spread over places by the ground that they have in the zone, and takes the
    place of who lives on that part of the ground today. A place that nobody was counted on is
    known only if a zone covers it in full.
    """
    places = len(now.people)
    says = ~np.isnan(zone_people)[found.zone]
    place, zone, m2 = found.place[says], found.zone[says], found.m2[says]
    of_zone = np.bincount(zone, m2, minlength=len(zone_people))
    new = np.bincount(place, zone_people[zone] * m2 / of_zone[zone], minlength=places)
    covered = np.bincount(place, m2, minlength=places)
    whole = np.maximum(found.place_m2, 1e-9)
    share = np.divide(covered, whole, out=np.zeros(places), where=covered > 0)
    stays = np.clip(1.0 - share, 0.0, 1.0)
    # What rounding leaves of a place that lies in a zone in full is nothing.
    stays[stays < 1e-9] = 0.0
    today = np.where(stays == 0.0, 0.0, now.people * stays)
    has_people = ~np.isnan(zone_people) & (np.nan_to_num(zone_people) > 0)
    return Planned(
        people=replace(now, people=today + new),
        is_planned=np.flatnonzero(covered > 0).astype(np.int32),
        without_place=np.flatnonzero(has_people & (of_zone == 0)).astype(np.int32),
    )


@dataclass(frozen=True, eq=False)
class Zoned:
    """Who was counted where, and zones that may foresee other people on the same ground.

    `zones` are identifiers, in the order of the rows that `people` and `found` speak of; `people`
    is NaN where a zone says nothing and all stays as counted.
    """

    now: People
    zones: Sequence[str]
    people: Floats
    found: Overlaps

    def has_places(self, zone: str) -> bool:
        """Return whether a place lies in a zone, so that its people live somewhere."""
        return zone in self.zones and bool((self.found.zone == self.zones.index(zone)).any())

    def foreseen(self, changed: Mapping[str, float | None] | None = None) -> People:
        """Return the people of each place, with other numbers for some zones; None: as counted.

        Raises ValueError for a zone that is not among `zones`.
        """
        people = self.people.copy()
        for zone, many in (changed or {}).items():
            people[self.zones.index(zone)] = np.nan if many is None else many
        return planned_people(self.now, people, self.found).people
