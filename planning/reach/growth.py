"""What drawn roads do to a city: its streets grow, and who is near is entered anew.

A place that meets a street which was drawn or cut, or that had no clear way to one, is looked at
again by the same rules; all others keep their entrances. So the places are those of a city that
always had these streets.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from planning.reach.graph import graph_of
from planning.reach.nearest import where
from planning.reach.places import entrances, with_others
from planning.reach.records import PlaceState
from planning.reach.speeds import costs
from planning.reach.with_roads import with_roads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planning.reach.nearest import Where
    from planning.reach.parameters import ReachParameters, SearchParameters
    from planning.reach.records import (
        Bools,
        Change,
        Costs,
        Floats,
        Graph,
        Ints,
        Metric,
        Mode,
        Network,
        Objects,
        Places,
    )
    from planning.reach.scenario import Base, Grounds, Group, Near, Surroundings, Ways
    from planning.reach.with_roads import Grown

#: What rounding may make of a distance.
_ABOUT_M: Final = 1.0


def _none() -> Ints:
    return np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Growth:
    """A city with drawn roads, and the roads that nothing came of."""

    network: Network
    places: Places
    grounds: Grounds
    ways: Mapping[Group, Ways]
    left_out: Sequence[tuple[int, str]]
    #: Edges whose axis was not there before: drawn, cut, or cut off.
    altered: Ints = field(default_factory=_none)
    #: Places that were entered anew, and rows of the grounds that were.
    entered: Ints = field(default_factory=_none)
    entered_grounds: Ints = field(default_factory=_none)


def grow(base: Base, roads: Sequence[Change], surroundings: Surroundings) -> Growth:
    """Return a city with some roads: `cannot_be_drawn` and `meets_no_street` are told."""
    drawn = [(at, road) for at, road in enumerate(roads) if road.axis is not None]
    left_out = [(at, "cannot_be_drawn") for at, road in enumerate(roads) if road.axis is None]
    grown = with_roads(
        base.network,
        [road.axis for _, road in drawn if road.axis is not None],
        [road.road_class for _, road in drawn],
        parameters=surroundings.parameters,
        grids=surroundings.grids,
    )
    left_out += [(drawn[n][0], "meets_no_street") for n in grown.unjoined]
    if grown.network is base.network:
        return Growth(base.network, base.places, base.grounds, base.ways, left_out)
    lines = _lines(grown, _altered(base.network, grown, surroundings.parameters.search))
    rows, places = _places(base, grown, lines, surroundings)
    asked, grounds = _grounds(base, grown, lines, rows, places, surroundings.parameters.search)
    ways = _ways(base, grown.network, places, surroundings.parameters)
    return Growth(
        *(grown.network, places, grounds, ways, left_out),
        *(grown.altered, rows, asked),
    )


def _altered(was: Network, grown: Grown, search: SearchParameters) -> Ints:
    """Return edges that are not what they were: by their axis, or as part of an island or not."""
    now = grown.network
    same = slice(0, was.edges)
    large = was.part_length_m[was.part[was.tail]] >= search.least_part_m
    is_large = now.part_length_m[now.part[now.tail[same]]] >= search.least_part_m
    joined = np.flatnonzero(large != is_large)
    return np.union1d(grown.altered, joined).astype(np.int32)


def _lines(grown: Grown, edges: Ints) -> Objects:
    """Return the straight pieces of edges."""
    piece = grown.network.piece[np.isin(grown.network.piece_edge, edges)]
    return np.asarray(shapely.linestrings(piece.reshape(-1, 2, 2)), dtype=object)


def _places(
    base: Base, grown: Grown, lines: Objects, surroundings: Surroundings
) -> tuple[Ints, Places]:
    """Return the places that were entered anew, and all places."""
    search = surroundings.parameters.search
    moved = grown.moved(base.places)
    far_m = search.farthest_m + 2 * search.widest_m
    near = surroundings.near(lines, far_m)
    is_asked = _is_asked(base.places, near, lines, search)
    if not is_asked.any():
        return near.rows[is_asked], moved
    # Who is in the way of a large plot may be farther away than that.
    large = near.ground[is_asked]
    large = large[_diameter(large) > search.widest_m - _ABOUT_M]
    large = large[_extent(large, lines) > far_m - search.widest_m]
    if len(large):
        near = _both(near, surroundings.near(large, search.widest_m))
        is_asked = np.isin(near.rows, near.rows[: len(is_asked)][is_asked])
    asked = np.flatnonzero(is_asked).astype(np.int32)
    found = entrances(
        grown.network,
        near.ground,
        search,
        barriers=surroundings.barriers,
        is_street=near.is_street,
        rows=asked,
    )
    return near.rows[asked], with_others(moved, near.rows[asked], found)


def _is_asked(places: Places, near: Near, lines: Objects, search: SearchParameters) -> Bools:
    """Return who may meet the lines: all beside them, and farther away who has no clear way."""
    tree = shapely.STRtree(lines)
    asked = np.zeros(len(near.rows), dtype=np.bool_)
    is_clear = places.state[near.rows] == PlaceState.OK
    for rows, reach_m in (
        (np.flatnonzero(is_clear), search.widest_m),
        (np.flatnonzero(~is_clear), search.farthest_m),
    ):
        met = tree.query(near.ground[rows], predicate="dwithin", distance=reach_m + _ABOUT_M)
        asked[rows[np.unique(met[0])]] = True
    return asked


def _diameter(ground: Objects) -> Floats:
    """Return how far apart the corners of each ground are at most."""
    west, south, east, north = shapely.bounds(ground).T
    return np.asarray(np.hypot(east - west, north - south))


def _extent(ground: Objects, lines: Objects) -> Floats:
    """Return how far the farthest corner of each ground is from the lines."""
    points, of = shapely.get_coordinates(ground, return_index=True)
    (row, _), distance = shapely.STRtree(lines).query_nearest(
        shapely.points(points), return_distance=True, all_matches=False
    )
    far = np.zeros(len(ground))
    np.maximum.at(far, of[row], distance)
    return far


def _both(one: Near, other: Near) -> Near:
    """Return who is in one or the other, those of the first one first."""
    more = ~np.isin(other.rows, one.rows)
    return one._replace(
        rows=np.concatenate([one.rows, other.rows[more]]),
        ground=np.concatenate([one.ground, other.ground[more]]),
        is_street=np.concatenate([one.is_street, other.is_street[more]]),
    )


def _grounds(
    base: Base, grown: Grown, lines: Objects, rows: Ints, places: Places, search: SearchParameters
) -> tuple[Ints, Grounds]:
    """Return rows that were entered anew, and where all facilities meet the streets.

    Those near the lines or on the places `rows` are.
    """
    stock, held = base.stock, base.grounds.held
    moved = grown.moved(base.grounds.places)
    far_m = search.farthest_m + _ABOUT_M
    low, high = shapely.total_bounds(lines).reshape(2, 2)
    beside = np.flatnonzero(((stock.xy >= low - far_m) & (stock.xy <= high + far_m)).all(axis=1))
    points = shapely.points(stock.xy[beside])
    near = shapely.STRtree(lines).query(points, predicate="dwithin", distance=far_m)
    is_asked = np.isin(held, rows)
    is_asked[beside[np.unique(near[0])]] = True
    asked = np.flatnonzero(is_asked).astype(np.int32)
    if not len(asked):
        return asked, base.grounds._replace(places=moved)
    found = base.enter(grown.network, places, stock.xy[asked], stock.kind[asked])
    now = held.copy()
    now[asked] = found.held
    now_there = base.grounds._replace(places=with_others(moved, asked, found.places), held=now)
    return asked, now_there


def _ways(
    base: Base, network: Network, places: Places, parameters: ReachParameters
) -> dict[Group, Ways]:
    """Return the ways of all groups over grown streets; those that are alike are made once."""

    @cache
    def cost_of(mode: Mode, metric: Metric) -> Costs:
        return costs(network, parameters.profiles[mode], metric)

    @cache
    def graph(mode: Mode, metric: Metric, towards: bool) -> Graph:
        return graph_of(network, cost_of(mode, metric), towards=towards)

    @cache
    def at(beside_cost: float) -> Where:
        return where(network, places, beside_cost)

    return {
        group: replace(
            way,
            costs=cost_of(way.costs.mode, way.costs.metric),
            graph=graph(way.costs.mode, way.costs.metric, way.graph.towards),
            at=at(way.beside_cost),
        )
        for group, way in base.ways.items()
    }
