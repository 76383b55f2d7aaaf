"""Ways from the plots of a city to what serves them, and norms held against these ways.

People go to what serves them on foot along the streets; fire engines come from their station.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.spatial import cKDTree

from planning.norm_queries import kinds_by_norm, services
from planning.reach.catchment import Pairs
from planning.reach.cells import cells_of
from planning.reach.figures import Asked, Reached
from planning.reach.graph import graph_of
from planning.reach.limits import limits_of
from planning.reach.nearest import nearest, sources_of, standing, where
from planning.reach.pairs import beside, pairs_within, with_own
from planning.reach.parameters import parameters
from planning.reach.records import Direction, Metric, Mode, PlaceState
from planning.reach.shortest import nearest_of
from planning.reach.speeds import costs
from planning.reach_store import kept

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planning.norms.radii import Service
    from planning.reach.cells import Cells
    from planning.reach.nearest import Standing, Where
    from planning.reach.pairs import Beside
    from planning.reach.records import Costs, Graph, Labels, Nearest
    from planning.reach_city import City

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]
    Numbers = NDArray[np.int64]
    Objects = NDArray[np.object_]

#: Those who come, instead of being gone to.
_COMING: Final = frozenset({"fire_station"})
_M2: Final = "m2"


def direction_of(kind: str) -> Direction:
    """Return whether people go to a kind of service, or it comes to them."""
    return Direction.FROM if kind in _COMING else Direction.TO


def normed_kinds(on: dt.date) -> frozenset[str]:
    """Return the kinds that a norm of distance of a day names first."""
    named = (kinds_by_norm().get(service.id, ()) for service in holding(on))
    return frozenset(kinds[0] for kinds in named if kinds)


def holding(on: dt.date) -> list[Service]:
    """Return the norms of a day that say how far a facility may be."""
    return [one for one in services() if one.holds_on(on) and one.distances]


class Ways:
    """Ways from all plots to facilities, by mode and metric."""

    def __init__(self, city: City) -> None:
        self.city, self.known = city, parameters()
        self.unknown = city.places.state >= PlaceState.NO_STREET
        self.circumstances = city.circumstances
        self._lies: Beside | None = None
        self._graphs: dict[tuple[Mode, Metric, bool], tuple[Costs, Graph, Where]] = {}

    def with_city(self, city: City) -> Ways:
        """Return the ways in a city with the same plots."""
        other = Ways(city)
        if city.network is self.city.network:
            other._graphs = self._graphs
        return other

    def of_kind(self, kind: str) -> Ints:
        """Return the facilities of a kind."""
        return np.flatnonzero(self.city.facilities.kind == kind).astype(np.int32)

    def reached(self, kind: str, rows: Ints) -> Reached:
        """Return how far each plot is from the nearest of some facilities."""
        direction = direction_of(kind)
        asked = (
            (Mode.WALK, Metric.METRES),
            (Mode.WALK, Metric.SECONDS),
            (Mode.MOTORBIKE, Metric.SECONDS),
        )
        # Made one after the other, used side by side.
        for mode, metric in asked:
            self.graph(mode, metric, direction)
        with ThreadPoolExecutor(len(asked)) as pool:
            metres, on_foot, riding = pool.map(
                lambda one: self.cost(one[0], one[1], direction, rows), asked
            )
        return Reached(metres, {Mode.WALK: on_foot, Mode.MOTORBIKE: riding})

    def asked(self, service: Service, reached: dict[str, Reached]) -> list[Asked]:
        """Return a norm held against the facilities that meet it, under the kind that it is of."""
        kinds = kinds_by_norm().get(service.id, ())
        rows = self._of_kinds(kinds)
        if not len(rows):
            return []
        certain, possible = self._large_enough(rows, service.least_m2)
        direction = self.direction(service)

        def metres(chosen: Ints) -> Floats:
            if len(kinds) == 1 and len(chosen) == len(rows):
                return reached[kinds[0]].metres
            return self.cost(Mode.WALK, Metric.METRES, direction, chosen)

        is_split = len(certain) < len(possible)
        return [
            Asked(
                kind=kinds[0],
                limits=limits_of(service, self.circumstances),
                metres=metres(certain),
                straight_m=self.straight(certain),
                possibly_m=metres(possible) if is_split else None,
                possibly_straight_m=self.straight(possible) if is_split else None,
            )
        ]

    def meeting(self, service: Service) -> Ints:
        """Return the facilities that certainly meet a norm."""
        rows = self._of_kinds(kinds_by_norm().get(service.id, ()))
        return self._large_enough(rows, service.least_m2)[0]

    def direction(self, service: Service) -> Direction:
        """Return which way people or those who come to them go under a norm."""
        is_coming = _COMING.intersection(kinds_by_norm().get(service.id, ()))
        return Direction.FROM if is_coming else Direction.TO

    def _of_kinds(self, kinds: Sequence[str]) -> Ints:
        is_meant = np.isin(self.city.facilities.kind.astype(str), kinds)
        return np.flatnonzero(is_meant).astype(np.int32)

    def _large_enough(self, rows: Ints, least_m2: float | None) -> tuple[Ints, Ints]:
        """Return the facilities that are certainly large enough for a norm, and that may be."""
        if least_m2 is None:
            return rows, rows
        held = self.city.facilities
        size = np.where(held.capacity_unit[rows] == _M2, held.capacity[rows], np.nan)
        return rows[size >= least_m2], rows[(size >= least_m2) | np.isnan(size)]

    def cost(self, mode: Mode, metric: Metric, direction: Direction, rows: Ints) -> Floats:
        """Return what the way from each plot costs; `inf` no way, NaN not known."""
        return self.nearest(mode, metric, direction, rows).cost

    def nearest(self, mode: Mode, metric: Metric, direction: Direction, rows: Ints) -> Nearest:
        """Return for each plot the nearest of some facilities, and what the way to it costs."""
        city = self.city
        cost, _, at = self.graph(mode, metric, direction)
        labels, there = self.labels(mode, metric, direction, rows)
        found = nearest(labels, city.network, cost, there, at, direction)
        # Who lives on the plot of a facility is there.
        held = city.at.plot[rows]
        found.cost[held[held >= 0]] = 0.0
        found.facility[held[held >= 0]] = rows[held >= 0]
        found.cost[self.unknown] = np.nan
        found.facility[self.unknown] = -1
        return found

    def labels(
        self, mode: Mode, metric: Metric, direction: Direction, rows: Ints
    ) -> tuple[Labels, Standing]:
        """Return how far each junction is from the nearest of some facilities."""
        cost, graph, _ = self.graph(mode, metric, direction)
        city = self.city
        there = standing(city.network, city.at.places, rows, self._beside(metric))
        return nearest_of(graph, sources_of(city.network, cost, there, direction)), there

    def pairs(self, rows: Ints, limit_m: float, direction: Direction) -> Pairs:
        """Return the ways on foot of plots to each of some facilities, up to a limit in metres.

        Those whose way to the streets nobody knows have none; who lives on the plot of a facility
        is there.
        """
        city = self.city
        cost, graph, at = self.graph(Mode.WALK, Metric.METRES, direction)
        there = standing(city.network, city.at.places, rows, self._beside(Metric.METRES))
        if self._lies is None:
            self._lies = beside(city.network, city.places, at)
        found = pairs_within(
            *(city.network, cost, graph, there, direction),
            *(limit_m, self._lies),
        )
        held = city.at.plot[rows]
        own = Pairs(held[held >= 0], rows[held >= 0], np.zeros(int((held >= 0).sum())))
        return with_own(found, own, self.unknown)

    def straight(self, rows: Ints) -> Floats:
        """Return how far each plot is in a straight line."""
        city = self.city
        if not len(rows):
            return np.full(len(city.plots), np.inf)
        distance, _ = cKDTree(city.facilities.xy[rows]).query(city.inside, workers=2)
        return np.asarray(distance, dtype=float)

    def graph(self, mode: Mode, metric: Metric, direction: Direction) -> tuple[Costs, Graph, Where]:
        """Return costs, graph and places of a way of moving, made once."""
        towards = direction is Direction.TO
        key = (mode, metric, towards)
        if key not in self._graphs:
            network = self.city.network
            cost = costs(network, self.known.profiles[mode], metric)
            at = where(network, self.city.places, self._beside(metric))
            self._graphs[key] = (cost, graph_of(network, cost, towards=towards), at)
        return self._graphs[key]

    def _beside(self, metric: Metric) -> float:
        return 1.0 if metric is Metric.METRES else self.known.search.beside_s_per_m


def cells_beside(ways: Ways, mode: Mode = Mode.WALK) -> Cells:
    """Return the ground beside the streets of a city that a mode may use."""
    city = ways.city
    cost, _, _ = ways.graph(mode, Metric.METRES, Direction.TO)
    part = "cells" if mode is Mode.WALK else f"cells_{mode}"
    return kept(part, city.marks.network, lambda: cells_of(city.network, cost, water=city.barriers))
