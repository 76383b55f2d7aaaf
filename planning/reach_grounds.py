"""Ground within reach, and what is known of one plot, as values for an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from landdata.errors import Missing
from planning.reach.fields import areas, reach_of_cells, rings
from planning.reach.measures import Verdict, all_of
from planning.reach.nearest import nearest, sources_of, standing, where
from planning.reach.places import entrances_at, places_in
from planning.reach.records import Direction, Metric, Mode, PlaceState
from planning.reach.shortest import nearest_of
from planning.reach.trace import line_of, way_of
from planning.reach_compare import STATES
from planning.reach_queries import kind_names
from planning.reach_town import USUAL_M
from planning.reach_ways import cells_beside, direction_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from planning.reach.records import Floats, Places
    from planning.reach_town import Held, Town

SHARES: Final = (0.5, 1.0, 2.0)
#: Digits of coordinates: centimetres.
_DIGITS: Final = 2


def bands_of(town: Town, kind: str) -> tuple[float, ...]:
    """Return half the limit that most plots have for a kind, the limit, and twice that.

    The usual distance where no norm gives one.
    """
    limits = [held.limit_m for held in town.held if held.kind == kind]
    known = [limit for limit in limits if limit is not None and np.isfinite(limit)]
    return tuple(share * (known[0] if known else USUAL_M) for share in SHARES)


def areas_values(town: Town, kind: str, mode: Mode, bands: Sequence[float]) -> dict[str, Any]:
    """Return the ground around all services of a kind, by metres along the streets."""
    ways, direction = town.ways, direction_of(kind)
    rows = ways.of_kind(kind)
    if not len(rows):
        return _collection([])
    labels, there = ways.labels(mode, Metric.METRES, direction, rows)
    cost, _, _ = ways.graph(mode, Metric.METRES, direction)
    cells = cells_beside(ways, mode)
    reach = reach_of_cells(labels, town.city.network, cost, there, cells, direction, 1.0)
    grounds = rings(areas(reach, cells, bands, water=_water(town)))
    told = {"kind": kind, "mode": mode}
    return _collection([_ground(told, "m", *ring) for ring in grounds])


def isochrone_values(
    town: Town,
    place: Places,
    mode: Mode,
    metric: Metric,
    direction: Direction,
    limits: Sequence[float],
) -> dict[str, Any]:
    """Return the ground that is reached from a place, or from which it is, within each limit.

    Limits are metres or seconds. Where the place has no entrance there is no ground.
    """
    told = entrance_values(place)
    if not len(place.edge):
        return {**_collection([]), **told}
    ways, network = town.ways, town.city.network
    cost, graph, _ = ways.graph(mode, metric, direction)
    beside = _beside(town, metric)
    there = standing(network, place, np.zeros(1, dtype=np.int32), beside)
    sources = sources_of(network, cost, there, direction)
    labels = nearest_of(graph, sources, most=max(limits))
    cells = cells_beside(ways, mode)
    reach = reach_of_cells(labels, network, cost, there, cells, direction, beside)
    found = rings(areas(reach, cells, limits, beside_cost=beside, water=_water(town)))
    unit = "m" if metric is Metric.METRES else "s"
    grounds = [_ground({"mode": mode, "direction": direction}, unit, *ring) for ring in found]
    return {**_collection(grounds), **told}


def entrance_values(place: Places) -> dict[str, Any]:
    """Return where a place meets the streets, over its nearest entrance."""
    state = PlaceState(place.state[0]).name.lower()
    if not len(place.edge):
        return {"entrance": None, "connector_m": None, "state": state}
    return {
        "entrance": _rounded(place.xy[0]),
        "connector_m": float(place.offset_m[0]),
        "state": state,
    }


def place_at(town: Town, at: tuple[float, float]) -> Places:
    """Return where a point meets the streets."""
    return entrances_at(town.city.network, np.array([at]), town.ways.known.search)


def place_of_plot(town: Town, parcel: str) -> Places:
    """Return where a plot meets the streets. Raises Missing."""
    return places_in(town.city.places, np.array([row_of(town, parcel)], dtype=np.int32))


def place_of_facility(town: Town, key: str) -> Places:
    """Return where a facility meets the streets. Raises Missing."""
    found = np.flatnonzero(town.city.facilities.key == key).astype(np.int32)
    if not len(found):
        raise Missing("facility", key=key)
    return places_in(town.city.at.places, found[:1])


def row_of(town: Town, parcel: str) -> int:
    """Return the number of a plot. Raises Missing."""
    found = np.flatnonzero(town.city.plots.key == parcel)
    if not len(found):
        raise Missing("parcel", uuid=parcel, known_at=town.city.moment.revision)
    return int(found[0])


def plot_values(town: Town, parcel: str, kind: str) -> dict[str, Any]:
    """Return how far a plot is from each kind of service, and the way to one of them."""
    row, city = row_of(town, parcel), town.city
    span = range(*city.places.start[row : row + 2].tolist())
    state = PlaceState(city.places.state[row]).name.lower()
    people = float(city.plots.people.people[row])
    minutes = {
        (mode, direction): _seconds(town, row, mode, direction) / 60
        for mode in (Mode.WALK, Mode.MOTORBIKE)
        for direction in Direction
    }
    return {
        "uuid": parcel,
        "entrances": [
            {
                "at": _rounded(city.places.xy[one]),
                "offset_m": float(city.places.offset_m[one]),
                "state": state,
                "edge": str(city.network.edge_key[city.places.edge[one]]),
            }
            for one in span
        ],
        "state": state,
        "people": None if np.isnan(people) else people,
        "services": [_service(town, row, code, minutes) for code in kind_names()],
        "way": _way(town, row, kind) if kind else None,
    }


def _service(
    town: Town, row: int, kind: str, minutes: dict[tuple[Mode, Direction], Floats]
) -> dict[str, Any]:
    city, served = town.city, town.base.served[kind]
    metres, facility = float(served.nearest.cost[row]), int(served.nearest.facility[row])
    direction, rows = direction_of(kind), served.facilities
    straight = np.hypot(*(city.facilities.xy[rows] - city.inside[row]).T)
    verdict, limit_m, reason = _judged(town, row, kind)
    if np.isinf(metres) and len(rows):
        reason = "unreached"
    elif np.isnan(metres):
        reason = PlaceState(city.places.state[row]).name.lower()
    elif not len(rows):
        reason = "facilities_unknown"
    return {
        "kind": kind,
        "name": kind_names()[kind],
        "metres": _known(metres),
        "minutes_walk": _known(minutes[Mode.WALK, direction][rows].min(initial=np.inf)),
        "minutes_motorbike": _known(minutes[Mode.MOTORBIKE, direction][rows].min(initial=np.inf)),
        "straight_m": _known(straight.min(initial=np.inf)),
        "facility": str(city.facilities.key[facility]) if facility >= 0 else None,
        "facility_name": str(city.facilities.name[facility]) if facility >= 0 else None,
        "state": STATES[verdict],
        "limit_m": limit_m,
        "reason": reason,
    }


def _judged(town: Town, row: int, kind: str) -> tuple[Verdict, float | None, str]:
    """Return what the norms of a kind say of a plot: the verdict, the strictest limit, why not."""
    helds = [held for held in town.held if held.kind == kind and held.limits.holds[row]]
    if not helds:
        return Verdict.NONE, None, ""
    verdict = Verdict(int(all_of([held.verdict[row : row + 1] for held in helds], 1)[0]))
    limits = [float(held.limits.strictest_m[row]) for held in helds]
    known = [limit for limit in limits if np.isfinite(limit)]
    reasons = [_why(held, row) for held in helds if held.verdict[row] == Verdict.UNKNOWN]
    return verdict, min(known, default=None), next((one for one in reasons if one), "")


def _why(held: Held, row: int) -> str:
    number = int(held.limits.reason[row])
    return "" if number < 0 else held.limits.reasons[number]


def _seconds(town: Town, row: int, mode: Mode, direction: Direction) -> Floats:
    """Return how long the way between a plot and each facility takes; NaN where nobody knows.

    One search from the plot answers for all: against the way that people, or fire engines, move.
    """
    city = town.city
    place = places_in(city.places, np.array([row], dtype=np.int32))
    if place.state[0] >= PlaceState.NO_STREET:
        return np.full(len(city.facilities), np.nan)
    turned = Direction.FROM if direction is Direction.TO else Direction.TO
    cost, graph, _ = town.ways.graph(mode, Metric.SECONDS, turned)
    beside = _beside(town, Metric.SECONDS)
    here = standing(city.network, place, np.zeros(1, dtype=np.int32), beside)
    labels = nearest_of(graph, sources_of(city.network, cost, here, turned))
    at = where(city.network, city.at.places, beside)
    found = nearest(labels, city.network, cost, here, at, turned).cost
    found[city.at.plot == row] = 0.0
    return found


def _way(town: Town, row: int, kind: str) -> dict[str, Any] | None:
    """Return the way on foot between a plot and the nearest facility of a kind as a line."""
    served = town.base.served[kind]
    entrance = int(served.nearest.entrance[row])
    if entrance < 0:
        return None
    city, direction = town.city, direction_of(kind)
    cost, _, at = town.ways.graph(Mode.WALK, Metric.METRES, direction)
    there = standing(city.network, city.at.places, served.facilities, 1.0)
    way = way_of(served.labels, city.network, cost, there, at, direction, entrance)
    line = line_of(city.network, way) if way else None
    return None if line is None else _shape(line)


def _beside(town: Town, metric: Metric) -> float:
    return 1.0 if metric is Metric.METRES else town.ways.known.search.beside_s_per_m


def _water(town: Town) -> Any:
    barriers = town.city.barriers
    return barriers[shapely.area(barriers) > 0]


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _ground(
    told: dict[str, Any], unit: str, begin: float, end: float, ground: BaseGeometry
) -> dict[str, Any]:
    size = {f"from_{unit}": begin, f"to_{unit}": end, "area_m2": round(ground.area, 1)}
    return {"type": "Feature", "properties": {**told, **size}, "geometry": _shape(ground)}


def _shape(shape: BaseGeometry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        shapely.to_geojson(shapely.transform(shape, lambda xy: np.round(xy, _DIGITS)))
    )
    return found


def _rounded(xy: Floats) -> list[float]:
    return [round(float(one), _DIGITS) for one in xy]


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
