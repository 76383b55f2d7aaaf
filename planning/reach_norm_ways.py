"""What norms of a plan measure along streets: ways on foot, and how far hydrants stand apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.norm_queries import kinds_by_norm
from planning.reach.fields import lines_of, reached_lines
from planning.reach.nearest import nearest, sources_of, standing, where
from planning.reach.norm_check import Spacing
from planning.reach.norm_check import Ways as OnFoot
from planning.reach.places import joined, some_of
from planning.reach.records import Direction, Metric, Mode, PlaceState
from planning.reach.shortest import nearest_of
from planning.reach_city import entered
from planning.reach_ways import Ways

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from planning.norms.radii import Service
    from planning.reach.provision import Offers
    from planning.reach_city import City

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]
    Objects = NDArray[np.object_]

WALKED: Final = (Mode.WALK, Metric.METRES, Direction.TO)
#: What stands along every street; buses go along some only, and nobody says which.
EVERYWHERE: Final = frozenset({"hydrant"})


class Streets:
    """The streets of a city, as the homes and services of a plan meet them."""

    def __init__(self, city: City, offers: Offers, plots: Ints, alone: Floats) -> None:
        """Take services and homes; homes are plots, and points (n, 2) of zones without a plot."""
        self.city, self.ways, self.offers = city, Ways(city), offers
        planned = entered(city, offers.xy[len(city.facilities) :], _nameless(offers, city))
        self.gates = joined(city.at.places, planned.places)
        self.held = np.concatenate([city.at.plot, planned.plot])
        points = entered(city, alone, np.full(len(alone), "", dtype=object))
        self.homes = joined(some_of(city.places, plots), points.places)
        self.row_of = np.full(len(city.plots), -1, dtype=np.int32)
        self.row_of[plots] = np.arange(len(plots), dtype=np.int32)

    def on_foot(self, services: Iterable[Service]) -> dict[str, OnFoot]:
        """Return the metres to what certainly meets each norm of walking, and to what may."""
        found = {}
        for service in services:
            if any(one.measured == "walk" for one in service.distances):
                kinds = frozenset(kinds_by_norm().get(service.id, ()))
                certain, possible = self.offers.meeting(kinds, service.least_m2)
                found[service.id] = OnFoot(self._metres(certain), self._metres(possible))
        return found

    def _metres(self, rows: Ints) -> Floats:
        cost, graph, _ = self.ways.graph(*WALKED)
        network = self.city.network
        there = standing(network, self.gates, rows, 1.0)
        labels = nearest_of(graph, sources_of(network, cost, there, Direction.TO))
        at = where(network, self.homes, 1.0)
        metres = nearest(labels, network, cost, there, at, Direction.TO).cost
        # Who lives on the ground of a service is there.
        held = self.held[rows]
        here = self.row_of[held[held >= 0]]
        metres[here[here >= 0]] = 0.0
        metres[self.homes.state >= PlaceState.NO_STREET] = np.nan
        return metres

    def apart(self, services: Iterable[Service], grounds: Objects) -> dict[str, Spacing]:
        """Return how much street on the ground of a plan is too far from what stands along it.

        Neighbours along a street are at most so far apart as each metre between them is at most
        half of that from one of them: own reading.
        """
        found = {}
        for service in services:
            kinds = kinds_by_norm().get(service.id, ())
            limit = service.spacing.limit_m if service.spacing is not None else None
            if limit is None or not EVERYWHERE.issuperset(kinds):
                continue
            rows = np.flatnonzero(np.isin(self.city.facilities.kind.astype(str), kinds))
            if len(rows):
                found[service.id] = self._apart(rows.astype(np.int32), limit, grounds)
        return found

    def _apart(self, rows: Ints, limit: float, grounds: Objects) -> Spacing:
        network = self.city.network
        cost, graph, _ = self.ways.graph(*WALKED)
        there = standing(network, self.city.at.places, rows, 0.0)
        labels = nearest_of(graph, sources_of(network, cost, there, Direction.TO))
        near = reached_lines(labels, network, cost, there, Direction.TO, limit / 2)
        drives = ((network.shut & Mode.CAR.bit) == 0) & ((network.shut & Mode.WALK.bit) == 0)
        piece = network.piece[drives[network.piece_edge]]
        streets = np.asarray(shapely.linestrings(piece.reshape(-1, 2, 2)), dtype=object)
        ground = shapely.union_all(grounds)
        served = lines_of(network, near)[drives[near.edge]]
        street_m, served_m = _metres_on(ground, streets), _metres_on(ground, served)
        return Spacing(street_m, max(street_m - served_m, 0.0))


def _metres_on(ground: shapely.Geometry, lines: Objects) -> float:
    """Return the metres of lines on some ground."""
    shapely.prepare(ground)
    lines = lines[shapely.intersects(ground, lines)]
    within = shapely.contains(ground, lines)
    inside = shapely.length(lines[within]).sum()
    return float(inside + shapely.length(shapely.intersection(lines[~within], ground)).sum())


def _nameless(offers: Offers, city: City) -> Objects:
    """Return no kind for each service that is planned: it stands on its own ground."""
    many = len(offers.xy) - len(city.facilities)
    return np.full(many, "", dtype=object)
