"""Where places meet the streets: entrances of plots, of facilities, of points on the ground.

A plot is entered from the streets in front of it: from each the nearest way that crosses nobody
else's ground, no water, no railway and no street that is not crossed on foot. Bridges and tunnels
have no front. Streets of a part of the network that is small and hangs together with no other are
taken only where there is no other street far and wide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from planning.reach.fronts import Walls, axes_of, fronts
from planning.reach.records import Mode, Places, PlaceState
from planning.reach.squares import boxes_of, grid_of, outlines_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planning.reach.fronts import Axes, Found
    from planning.reach.parameters import SearchParameters
    from planning.reach.records import Bits, Bools, Floats, Ints, Network, Objects
    from planning.reach.squares import Outlines

#: Ways of knowing where a facility is entered.
SURVEYED, PLOT, POINT = "surveyed", "plot", "point"


class Taken(NamedTuple):
    """Entrances, one a row, and the place each belongs to; the nearest of a place first."""

    place: Ints
    edge: Ints
    at_m: Floats
    offset_m: Floats
    xy: Floats


class FacilityPlaces(NamedTuple):
    """Entrances of facilities, how they are known, and the plot that holds each, -1 for none.

    Whoever lives on that plot is there already: 0 m.
    """

    places: Places
    entrance_by: Objects
    plot: Ints


def entrances(
    network: Network,
    grounds: Objects,
    parameters: SearchParameters,
    *,
    barriers: Objects | None = None,
    is_street: Bools | None = None,
) -> Places:
    """Return the entrances of plots.

    `barriers` are surfaces and lines that nobody crosses, water and railways. `is_street` marks
    grounds of streets, across which everybody goes. Plots without ground, with a street nowhere
    near, without a front, and on islands of streets say so in their state.
    """
    plots = outlines_of(grounds)
    walls = _walls(network, plots, barriers, is_street, parameters)
    state = np.full(len(grounds), PlaceState.NO_STREET, dtype=np.uint8)
    state[~np.isfinite(plots.box).all(axis=1)] = PlaceState.NO_GROUND
    taken: list[Taken] = []
    for axes, is_main in _axes(network, parameters):
        for looked_at, reach_m in ((walls, parameters.widest_m), (None, parameters.farthest_m)):
            rows = np.flatnonzero(state == PlaceState.NO_STREET).astype(np.int32)
            most = parameters.most_entrances if looked_at is not None else 1
            found = fronts(axes, network.length_m, plots, rows, rows, looked_at, reach_m, most)
            taken.append(_taken(rows, found))
            met = found.edge[:, 0] >= 0
            plain = np.where(found.is_clear, PlaceState.OK, PlaceState.NO_FRONT)
            state[rows[met]] = (plain if is_main else np.full(len(rows), PlaceState.ISLAND))[met]
    return _places(taken, state)


def entrances_at(network: Network, xy: Floats, parameters: SearchParameters) -> Places:
    """Return the entrance of each point: the nearest point of a street on the ground."""
    points = outlines_of(np.asarray(shapely.points(xy), dtype=object))
    state = np.full(len(xy), PlaceState.NO_STREET, dtype=np.uint8)
    taken: list[Taken] = []
    for axes, is_main in _axes(network, parameters):
        rows = np.flatnonzero(state == PlaceState.NO_STREET).astype(np.int32)
        found = fronts(axes, network.length_m, points, rows, rows, None, parameters.farthest_m, 1)
        taken.append(_taken(rows, found))
        state[rows[found.edge[:, 0] >= 0]] = PlaceState.OK if is_main else PlaceState.ISLAND
    return _places(taken, state)


def entrances_of_facilities(
    network: Network,
    xy: Floats,
    kind: Objects,
    parameters: SearchParameters,
    *,
    grounds: Objects,
    places: Places,
    surveyed: Mapping[int, Floats] | None = None,
) -> FacilityPlaces:
    """Return the entrances of facilities.

    They are those that somebody surveyed (`surveyed`: number of the facility, points (n, 2)); else
    those of the plot that holds the facility, of which `grounds` and `places` are told; else, and
    at the kerb always, the point of the street nearest to it.
    """
    at_kerb = np.isin(kind.astype(str), parameters.at_kerb)
    plot = np.where(at_kerb, -1, plots_of(xy, grounds)).astype(np.int32)
    by = np.where((plot >= 0) & (places.state[plot] < PlaceState.NO_STREET), PLOT, POINT)
    by = by.astype(object)
    doors = surveyed or {}
    by[[row for row, points in doors.items() if len(points)]] = SURVEYED
    state = np.empty(len(xy), dtype=np.uint8)
    taken = []

    stands = np.flatnonzero(by == POINT).astype(np.int32)
    alone = entrances_at(network, xy[stands], parameters)
    state[stands] = alone.state
    taken.append(_of(alone, np.arange(len(stands), dtype=np.int32), stands))

    held = np.flatnonzero(by == PLOT).astype(np.int32)
    state[held] = places.state[plot[held]]
    taken.append(_of(places, plot[held], held))

    for row in np.flatnonzero(by == SURVEYED).tolist():
        met = entrances_at(network, np.asarray(doors[row], dtype=float), parameters)
        state[row] = met.state.min()
        many = len(met.edge)
        taken.append(Taken(np.full(many, row, np.int32), met.edge, met.at_m, met.offset_m, met.xy))
    return FacilityPlaces(_places(taken, state), by, plot)


def plots_of(xy: Floats, grounds: Objects) -> Ints:
    """Return the number of the plot that holds each point, -1 for none; of several the smallest."""
    held = np.full(len(xy), -1, dtype=np.int32)
    if not len(xy) or not len(grounds):
        return held
    point, plot = shapely.STRtree(grounds).query(shapely.points(xy), predicate="intersects")
    order = np.lexsort((plot, -shapely.area(grounds[plot])))
    # The last one written stands: the smallest ground.
    held[point[order]] = plot[order]
    return held


def by_edge(network: Network, places: Places) -> tuple[Ints, Ints]:
    """Return entrances by edge: those of edge e are `order[start[e] : start[e + 1]]`."""
    order = np.lexsort((places.at_m, places.edge)).astype(np.int32)
    start = np.searchsorted(places.edge[order], np.arange(network.edges + 1))
    return start.astype(np.int32), order


def _axes(network: Network, parameters: SearchParameters) -> list[tuple[Axes, bool]]:
    """Return the streets with a front: first those of parts that are no islands, then the rest."""
    has_front = (network.level == 0) & ((network.shut & Mode.WALK.bit) == 0)
    is_main = network.part_length_m[network.part[network.tail]] >= parameters.least_part_m
    both = []
    for wanted in (is_main, ~is_main):
        rows = np.flatnonzero((has_front & wanted)[network.piece_edge])
        axes = axes_of(network.piece[rows], network.piece_edge[rows], network.piece_at_m[rows])
        both.append((axes, wanted is is_main))
    return both


def _walls(
    network: Network,
    plots: Outlines,
    barriers: Objects | None,
    is_street: Bools | None,
    parameters: SearchParameters,
) -> Walls:
    not_crossed = np.isin(np.array(network.classes), parameters.not_crossed_on_foot)
    of_edge = not_crossed[network.road_class] & (network.level == 0)
    line = network.piece[of_edge[network.piece_edge]]
    if barriers is not None and len(barriers):
        line = np.concatenate([line, _sides(barriers)])
    open_ground = np.zeros(len(plots.box), np.bool_) if is_street is None else is_street
    return Walls(
        plots,
        grid_of(plots.box),
        np.ascontiguousarray(open_ground, dtype=np.bool_),
        np.ascontiguousarray(line),
        grid_of(boxes_of(line)),
        parameters.crosses_m,
    )


def _sides(shapes: Objects) -> Floats:
    """Return the straight pieces of lines and of the outlines of surfaces."""
    parts = shapely.get_parts(shapes)
    is_surface = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    chains = np.concatenate([shapely.get_rings(parts[is_surface]), parts[~is_surface]])
    points, chain = shapely.get_coordinates(chains, return_index=True)
    return np.asarray(np.hstack([points[:-1], points[1:]])[chain[1:] == chain[:-1]])


def _taken(rows: Ints, found: Found) -> Taken:
    place, column = np.nonzero(found.edge >= 0)
    return Taken(
        rows[place],
        found.edge[place, column],
        found.at_m[place, column],
        found.offset_m[place, column],
        found.xy[place, column],
    )


def _of(places: Places, rows: Ints, named: Ints) -> Taken:
    """Return the entrances of some places, under other numbers."""
    many = np.diff(places.start)[rows]
    at = np.repeat(places.start[rows] - np.cumsum(many) + many, many) + np.arange(many.sum())
    return Taken(
        np.repeat(named, many),
        places.edge[at],
        places.at_m[at],
        places.offset_m[at],
        places.xy[at],
    )


def _places(taken: list[Taken], state: Bits) -> Places:
    place, edge, at_m, offset_m, xy = (
        np.concatenate(column) for column in zip(*taken, strict=True)
    )
    order = np.lexsort((edge, offset_m, place))
    start = np.searchsorted(place[order], np.arange(len(state) + 1))
    return Places(
        start=start.astype(np.int32),
        edge=np.ascontiguousarray(edge[order], dtype=np.int32),
        at_m=np.ascontiguousarray(at_m[order]),
        offset_m=np.ascontiguousarray(offset_m[order]),
        xy=np.ascontiguousarray(xy[order]),
        state=state,
    )
