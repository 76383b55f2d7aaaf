"""Working out who reaches what: from the record over the network to figures of all kinds and norms.

Every plot is a place; its people are those of the newest count. People go to what serves them on
foot along the streets; fire engines come from their station. Straight lines and the minutes of a
motorbike stand beside.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.db import connection
from scipy.spatial import cKDTree

from planning.norm_queries import REFERENCE, kinds_by_norm, services
from planning.norms.circumstances import Circumstance, Circumstances
from planning.reach.figures import Asked, Reached, figures
from planning.reach.graph import graph_of
from planning.reach.limits import limits_of
from planning.reach.nearest import nearest, sources_of, standing, where
from planning.reach.parameters import parameters
from planning.reach.places import entrances, entrances_of_facilities
from planning.reach.records import Direction, Metric, Mode, PlaceState
from planning.reach.shortest import nearest_of
from planning.reach.speeds import costs
from planning.reach.topology import build_network
from planning.reach_facts import (
    dataset_of,
    read_barriers,
    read_facilities,
    read_heights,
    read_plots,
    read_roads,
)
from planning.reach_queries import facility_kinds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planning.conflict_tables import Moment
    from planning.norms.radii import Service
    from planning.reach.nearest import Standing, Where
    from planning.reach.places import FacilityPlaces
    from planning.reach.records import Costs, Figure, Graph, Labels, Nearest, Network, Places
    from planning.reach_facts import FacilityRows, Plots

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]
    Numbers = NDArray[np.int64]

#: Those who come, instead of being gone to.
_COMING: Final = frozenset({"fire_station"})
_M2: Final = "m2"
#: Reading, network, entrances, figures.
_OTHER_STEPS: Final = 4


@dataclass(frozen=True, eq=False)
class City:
    """Streets, plots and facilities of a day, put together."""

    network: Network
    plots: Plots
    places: Places
    facilities: FacilityRows
    at: FacilityPlaces
    dataset: str
    #: Points inside the plots, (n, 2).
    inside: Floats
    #: Water and railways.
    barriers: NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Found:
    """What a run found."""

    figures: list[Figure]
    parameters: dict[str, Any]
    counts: dict[str, Any]
    table_sha256: bytes
    ways: Ways
    reached: dict[str, Reached]
    asked: list[Asked]


def steps() -> int:
    """Return how many steps a run has: one a kind, and some before and after."""
    return len(facility_kinds()) + _OTHER_STEPS


def digests() -> dict[str, str]:
    """Return digests of the tables that figures rest on."""
    names = ("service_radii.csv", "service_measures.csv", "facility_kinds.csv")
    found = {name: hashlib.sha256((REFERENCE / name).read_bytes()).hexdigest() for name in names}
    return {**found, "reach_parameters.toml": parameters().digest}


def work_out(moment: Moment, *, plan: str | None, step: Callable[[int, str], None]) -> Found:
    """Return the figures of reach of a day, with the streets of a plan if one is named.

    Raises Invalid if there is no network, or several.
    """
    city = read_city(moment, plan=plan, step=step)
    ways = Ways(city)
    reached: dict[str, Reached] = {}
    for number, row in enumerate(facility_kinds()):
        kind = row["code"]
        rows = ways.of_kind(kind)
        if len(rows):
            reached[kind] = ways.reached(kind, rows)
        step(_OTHER_STEPS - 1 + number, kind)
    asked = [one for service in _holding(moment.on) for one in ways.asked(service, reached)]
    found = figures(reached, city.plots.people, asked)
    return Found(
        figures=found,
        parameters={"dataset": city.dataset, "plan": plan, "tables": digests()},
        counts=_counts(city),
        table_sha256=_digest(reached),
        ways=ways,
        reached=reached,
        asked=asked,
    )


def read_city(
    moment: Moment, *, plan: str | None, step: Callable[[int, str], None], dataset: str = ""
) -> City:
    """Return streets, plots and facilities of a day, put together."""
    known = parameters()
    with connection.cursor() as cursor:
        chosen = dataset_of(cursor, moment, dataset)
        roads, nodes = read_roads(cursor, moment, chosen)
        plots, facilities = read_plots(cursor, moment), read_facilities(cursor, moment)
        barriers = read_barriers(cursor, moment)
    step(1, "network")
    network = build_network(
        roads,
        nodes,
        parameters=known,
        plan=plan,
        grids=read_heights(moment, roads),
        barriers=barriers,
    )
    step(2, "entrances")
    places = entrances(
        network, plots.ground, known.search, barriers=barriers, is_street=plots.is_street
    )
    at = entrances_of_facilities(
        network,
        facilities.xy,
        facilities.kind,
        known.search,
        grounds=plots.ground,
        places=places,
    )
    inside = shapely.get_coordinates(shapely.point_on_surface(plots.ground))
    return City(network, plots, places, facilities, at, chosen, inside, barriers)


def direction_of(kind: str) -> Direction:
    """Return whether people go to a kind of service, or it comes to them."""
    return Direction.FROM if kind in _COMING else Direction.TO


def normed_kinds(on: dt.date) -> frozenset[str]:
    """Return the kinds that a norm of distance of a day names first."""
    named = (kinds_by_norm().get(service.id, ()) for service in _holding(on))
    return frozenset(kinds[0] for kinds in named if kinds)


def _holding(on: dt.date) -> list[Service]:
    """Return the norms of a day that say how far a facility may be."""
    return [one for one in services() if one.holds_on(on) and one.distances]


class Ways:
    """Ways from all plots to facilities, by mode and metric."""

    def __init__(self, city: City) -> None:
        self.city, self.known = city, parameters()
        self.unknown = city.places.state >= PlaceState.NO_STREET
        self.circumstances = _circumstances(city.plots)
        self._graphs: dict[tuple[Mode, Metric, bool], tuple[Costs, Graph, Where]] = {}

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
        rows = np.flatnonzero(np.isin(self.city.facilities.kind.astype(str), kinds))
        if not kinds or not len(rows):
            return []
        certain, possible = self._large_enough(rows.astype(np.int32), service.least_m2)
        direction = Direction.FROM if _COMING.intersection(kinds) else Direction.TO

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


def _circumstances(plots: Plots) -> Circumstances:
    """Return what is known of the area of each plot: a phường is urban, a xã rural."""
    from landdata.models import AdministrativeUnit, UnitLevel

    units = AdministrativeUnit.objects.known_now().filter(level=UnitLevel.WARD)
    names = dict(units.order_by("valid_from").values_list("code", "full_name"))
    known = [Circumstance(setting=_setting(names.get(code, ""))) for code in plots.people.units]
    return Circumstances.of(known, plots.people.unit)


def _setting(name: str) -> str:
    first = name.split(" ")[0].casefold()
    return {"phường": "urban", "xã": "rural"}.get(first, "")


def _counts(city: City) -> dict[str, Any]:
    """Return how much there was, and of how much something was not known."""
    people = city.plots.people.people
    state = np.bincount(city.places.state, minlength=len(PlaceState))
    quality = city.network.quality
    return {
        "plots": len(city.plots),
        "people": float(np.nansum(people)),
        "plots_uncounted": int(np.isnan(people).sum()),
        "facilities": len(city.facilities),
        "segments": city.network.edges,
        "junctions": city.network.nodes,
        **{f"places_{one.name.lower()}": int(state[one]) for one in PlaceState},
        "quality": dict(quality.counts),
    }


def _digest(reached: dict[str, Reached]) -> bytes:
    """Return a digest of the table by plot."""
    digest = hashlib.sha256()
    for kind, one in sorted(reached.items()):
        digest.update(kind.encode())
        for column in (one.metres, *one.seconds.values()):
            digest.update(np.ascontiguousarray(column).tobytes())
    return digest.digest()
