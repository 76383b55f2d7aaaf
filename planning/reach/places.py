"""Where places meet the streets: entrances of plots, of facilities, of points on the ground.

A plot is entered from the streets in front of it: from each the nearest way that crosses nobody
else's ground, no water, no railway and no street that is not crossed on foot. Bridges and tunnels
have no front. Streets of a part of the network that is small and hangs together with no other are
taken only where there is no other street far and wide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from planning.reach.fronts import Walls, axes_of, fronts
from planning.reach.records import Mode, Places, PlaceState
from planning.reach.squares import boxes_of, grid_of, outlines_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from planning.reach.fronts import Axes, Found
    from planning.reach.parameters import SearchParameters
    from planning.reach.records import Bits, Bools, Floats, Ints, Network, Objects
    from planning.reach.squares import Outlines

    Rows = NDArray[np.intp]

    Numbers = NDArray[np.int64]

#: Ways of knowing where a facility is entered.
SURVEYED, PLOT, POINT = "surveyed", "plot", "point"
#: Side of the blocks that plots are looked at by.
_BLOCK_M: Final = 100.0


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
    rows: Ints | None = None,
) -> Places:
    """Return the entrances of plots; with `rows` of these only, in their order.

    `barriers` are surfaces and lines that nobody crosses, water and railways. `is_street` marks
    grounds of streets, across which everybody goes. Plots without ground, with a street nowhere
    near, without a front, and on islands of streets say so in their state.
    """
    if rows is not None:
        return _entrances(network, grounds, parameters, barriers, is_street, rows)
    order = _side_by_side(grounds)
    back = np.empty(len(grounds), dtype=np.int32)
    back[order] = np.arange(len(grounds), dtype=np.int32)
    is_open = None if is_street is None else is_street[order]
    found = _entrances(network, grounds[order], parameters, barriers, is_open, None)
    return some_of(found, back)


def _side_by_side(grounds: Objects) -> Rows:
    """Return an order in which neighbours follow each other: what they share is in the cache."""
    square = np.nan_to_num(np.floor(shapely.bounds(grounds)[:, :2] / _BLOCK_M))
    return np.lexsort((square[:, 0], square[:, 1]))


def _entrances(
    network: Network,
    grounds: Objects,
    parameters: SearchParameters,
    barriers: Objects | None,
    is_street: Bools | None,
    rows: Ints | None,
) -> Places:
    plots = outlines_of(grounds)
    asked = np.arange(len(grounds), dtype=np.int32) if rows is None else rows
    walls = _walls(network, plots, barriers, is_street, parameters)
    state = np.full(len(asked), PlaceState.NO_STREET, dtype=np.uint8)
    state[~np.isfinite(plots.box[asked]).all(axis=1)] = PlaceState.NO_GROUND
    box = None if rows is None else _around(plots.box[asked], parameters.farthest_m)
    taken: list[Taken] = []
    for axes, is_main in _axes(network, parameters, box):
        for looked_at, reach_m in ((walls, parameters.widest_m), (None, parameters.farthest_m)):
            here = np.flatnonzero(state == PlaceState.NO_STREET).astype(np.int32)
            most = parameters.most_entrances if looked_at is not None else 1
            plot = asked[here]
            found = fronts(axes, network.length_m, plots, plot, plot, looked_at, reach_m, most)
            taken.append(_taken(here, found))
            met = found.edge[:, 0] >= 0
            plain = np.where(found.is_clear, PlaceState.OK, PlaceState.NO_FRONT)
            state[here[met]] = (plain if is_main else np.full(len(here), PlaceState.ISLAND))[met]
    return _places(taken, state)


def entrances_at(network: Network, xy: Floats, parameters: SearchParameters) -> Places:
    """Return the entrance of each point: the nearest point of a street on the ground."""
    points = outlines_of(np.asarray(shapely.points(xy), dtype=object))
    state = np.full(len(xy), PlaceState.NO_STREET, dtype=np.uint8)
    box = _around(points.box, parameters.farthest_m)
    taken: list[Taken] = []
    for axes, is_main in _axes(network, parameters, box):
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
    held_by: Ints,
    places: Places,
    surveyed: Mapping[int, Floats] | None = None,
) -> FacilityPlaces:
    """Return the entrances of facilities.

    They are those that somebody surveyed (`surveyed`: number of the facility, points (n, 2)); else
    those of the plot that holds the facility, `held_by` (see `plots_of`), which `places` tells of;
    else, and at the kerb always, the point of the street nearest to it.
    """
    at_kerb = np.isin(kind.astype(str), parameters.at_kerb)
    plot = np.where(at_kerb, -1, held_by).astype(np.int32)
    by = np.full(len(xy), POINT, dtype=object)
    on_plot = np.flatnonzero(plot >= 0)
    by[on_plot[places.state[plot[on_plot]] < PlaceState.NO_STREET]] = PLOT
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
    if not len(xy) or not len(grounds):
        return np.full(len(xy), -1, dtype=np.int32)
    point, plot = shapely.STRtree(grounds).query(shapely.points(xy), predicate="intersects")
    return smallest_of(len(xy), point, plot, grounds[plot])


def smallest_of(points: int, point: Numbers, plot: Numbers, grounds: Objects) -> Ints:
    """Return the plot of each point whose ground is the smallest, -1 for none.

    Row for row `point` lies on `plot`, which has the ground in `grounds`; of equal ones the plot
    with the larger number counts.
    """
    held = np.full(points, -1, dtype=np.int32)
    order = np.lexsort((plot, -shapely.area(grounds)))
    # The last one written stands.
    held[point[order]] = plot[order]
    return held


def some_of(places: Places, rows: Ints) -> Places:
    """Return some places, in the order of `rows`."""
    named = np.arange(len(rows), dtype=np.int32)
    return _places([_of(places, rows, named)], places.state[rows])


def joined(one: Places, other: Places) -> Places:
    """Return places behind each other."""
    return Places(
        start=np.concatenate([one.start, one.start[-1] + other.start[1:]]).astype(np.int32),
        edge=np.concatenate([one.edge, other.edge]),
        at_m=np.concatenate([one.at_m, other.at_m]),
        offset_m=np.concatenate([one.offset_m, other.offset_m]),
        xy=np.concatenate([one.xy, other.xy]),
        state=np.concatenate([one.state, other.state]),
    )


def by_edge(network: Network, places: Places) -> tuple[Ints, Ints]:
    """Return entrances by edge: those of edge e are `order[start[e] : start[e + 1]]`."""
    order = np.lexsort((places.at_m, places.edge)).astype(np.int32)
    start = np.searchsorted(places.edge[order], np.arange(network.edges + 1))
    return start.astype(np.int32), order


def _axes(
    network: Network, parameters: SearchParameters, box: Floats | None = None
) -> list[tuple[Axes, bool]]:
    """Return the streets with a front: first those of parts that are no islands, then the rest.

    With a box only those in it: west, south, east, north.
    """
    has_front = (network.level == 0) & ((network.shut & Mode.WALK.bit) == 0)
    is_main = network.part_length_m[network.part[network.tail]] >= parameters.least_part_m
    here = np.arange(len(network.piece)) if box is None else _pieces_in(network.piece, box)
    both = []
    for wanted in (is_main, ~is_main):
        rows = here[(has_front & wanted)[network.piece_edge[here]]]
        axes = axes_of(network.piece[rows], network.piece_edge[rows], network.piece_at_m[rows])
        both.append((axes, wanted is is_main))
    return both


def _around(box: Floats, by_m: float) -> Floats:
    """Return a box around boxes that is so much wider; NaN where there are none."""
    if not np.isfinite(box).any():
        return np.full(4, np.nan)
    low, high = np.nanmin(box[:, :2], axis=0), np.nanmax(box[:, 2:], axis=0)
    return np.concatenate([low - by_m, high + by_m])


def _pieces_in(piece: Floats, box: Floats) -> Rows:
    x0, x1 = piece[:, 0], piece[:, 2]
    rows = np.flatnonzero((np.maximum(x0, x1) >= box[0]) & (np.minimum(x0, x1) <= box[2]))
    y0, y1 = piece[rows, 1], piece[rows, 3]
    within = (np.maximum(y0, y1) >= box[1]) & (np.minimum(y0, y1) <= box[3])
    return np.asarray(rows[within])


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


def places_in(places: Places, rows: Ints) -> Places:
    """Return some places, in the order of their rows; one may stand several times."""
    taken = _of(places, rows, np.arange(len(rows), dtype=np.int32))
    return _places([taken], places.state[rows])


def with_others(places: Places, rows: Ints, others: Places) -> Places:
    """Return places of which some are others now: `others` are those of `rows`, in their order."""
    many = np.diff(places.start)
    many[rows] = np.diff(others.start)
    start = np.concatenate([[0], np.cumsum(many)]).astype(np.int32)
    order = np.argsort(rows)
    begin, end = places.start[rows[order]], places.start[rows[order] + 1]
    # What stays between two that are others now is copied in one piece.
    stays = zip([0, *end.tolist()], [*begin.tolist(), len(places.edge)], strict=True)
    kept = [slice(*span) for span in stays]
    put = [slice(*others.start[row : row + 2].tolist()) for row in order.tolist()]

    def both(column: Any, more: Any) -> Any:
        parts = [
            part for one, new in zip(kept, put, strict=False) for part in (column[one], more[new])
        ]
        return np.concatenate([*parts, column[kept[-1]]])

    state = places.state.copy()
    state[rows] = others.state
    return Places(
        start=start,
        edge=both(places.edge, others.edge),
        at_m=both(places.at_m, others.at_m),
        offset_m=both(places.offset_m, others.offset_m),
        xy=both(places.xy, others.xy),
        state=state,
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
