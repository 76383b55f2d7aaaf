"""A city with drawn roads is the city that always had them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from planning.reach.drawn import Drawn, draw
from planning.reach.graph import graph_of
from planning.reach.nearest import where
from planning.reach.parameters import parameters
from planning.reach.places import entrances, entrances_of_facilities
from planning.reach.records import (
    Change,
    Direction,
    Metric,
    Mode,
    NodeRows,
    PlaceState,
    RoadRows,
)
from planning.reach.scenario import (
    Base,
    Grounds,
    Near,
    Sized,
    Stock,
    Surroundings,
    Ways,
    apply,
    base_of,
)
from planning.reach.topology import build_network
from tests.planning.reach.test_slopes import Grid
from tests.planning.reach.town import NODES, STREETS, Street, costs_of, town, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.reach.records import Floats, Network, Objects, Places
    from planning.reach.scenario import Group, Outcome

SEARCH = parameters().search
HILL = Grid(
    np.add.outer(np.arange(60) ** 1.3, np.arange(90) * 0.7).astype(np.float32), -100.0, 400.0
)
#: Kind of service, mode, metric, and whether it comes or is gone to.
KINDS = {
    "market": (Mode.WALK, Metric.METRES, Direction.TO),
    "hydrant": (Mode.WALK, Metric.METRES, Direction.TO),
    "clinic": (Mode.MOTORBIKE, Metric.SECONDS, Direction.TO),
    "fire_station": (Mode.CAR, Metric.METRES, Direction.FROM),
}
#: Of no facility here anybody knows how large it is.
EITHER = Sized(("market", "hydrant"), 1.0, possibly=True)


def city(network: Network, grounds: Objects, stock: Stock, river: Objects) -> Base:
    """A city of plots and facilities."""
    places = entrances(network, grounds, SEARCH, barriers=river)

    def enter(streets: Network, among: Places, xy: Floats, kinds: Objects) -> Grounds:
        found = entrances_of_facilities(
            streets, xy, kinds, SEARCH, held_by=held_by(xy, grounds), places=among
        )
        return Grounds(found.places, found.plot)

    def moving(mode: Mode, metric: Metric, direction: Direction) -> Ways:
        costs = costs_of(network, mode, metric)
        graph = graph_of(network, costs, towards=direction is Direction.TO)
        beside = 1.0 if metric is Metric.METRES else SEARCH.beside_s_per_m
        return Ways(costs, graph, direction, beside, where(network, places, beside))

    ways: dict[Group, Ways] = {kind: moving(*how) for kind, how in KINDS.items()}
    ways[EITHER] = ways["market"]
    return base_of(
        network, places, stock, enter(network, places, stock.xy, stock.kind), enter, ways
    )


def with_an_island() -> Network:
    """The town, 80 m of street east of C–D and 400 m far in the east; both join nothing."""
    nodes = {**NODES, "K": (580.0, 60.0), "L": (580.0, 140.0)}
    nodes |= {"M": (960.0, 0.0), "N": (1360.0, 0.0)}
    return town([*STREETS, Street("KL"), Street("MN")], nodes, grids=[HILL])


def held_by(xy: Floats, grounds: Objects) -> np.ndarray:
    """The smallest plot over each point, -1 for none."""
    held = []
    for x, y in xy.tolist():
        over = [n for n, one in enumerate(grounds) if one.intersects(shapely.Point(x, y))]
        held.append(min(over, key=lambda n: (shapely.area(grounds[n]), n), default=-1))
    return np.array(held, dtype=np.int32)


def surroundings(grounds: Objects, river: Objects) -> Surroundings:
    def near(shapes: Objects, metres: float) -> Near:
        far = np.array([min(one.distance(shape) for shape in shapes) for one in grounds])
        rows = np.flatnonzero(far <= metres).astype(np.int32)
        return Near(rows, grounds[rows], np.zeros(len(rows), dtype=np.bool_))

    return Surroundings(parameters(), near, [HILL], river)


def drawn_of(base: Base, changes: Sequence[Change], grounds: Objects, river: Objects) -> Drawn:
    roads = [change for change in changes if change.action == "road"]
    return draw(base, roads, surroundings(grounds, river))


def rebuilt(network: Network) -> Network:
    """The network that somebody gets who is sent these streets."""
    axis = np.empty(network.edges, dtype=object)
    for edge in range(network.edges):
        piece = network.piece[network.piece_edge == edge]
        axis[edge] = LineString(np.vstack([piece[:, :2], piece[-1:, 2:]]))
    nothing = np.full(network.edges, np.nan)
    names = np.array(network.classes, dtype=object)
    rows = RoadRows(
        key=network.edge_key,
        axis=axis,
        from_node=network.node_key[network.tail],
        to_node=network.node_key[network.head],
        road_class=names[network.road_class],
        access=words([""] * network.edges),
        planned_by=words([""] * network.edges),
        level=network.level,
        one_way=network.one_way,
        max_speed_kmh=nothing,
        width_m=nothing,
    )
    barrier = words("bollard" if barred else "" for barred in network.barred)
    nodes = NodeRows(network.node_key, network.xy, barrier)
    return build_network(rows, nodes, parameters=parameters(), grids=[HILL])


spots = st.tuples(st.integers(-6, 76), st.integers(-12, 32)).map(
    lambda p: (10.0 * p[0], 10.0 * p[1])
)
plots = st.builds(
    lambda at, wide, tall: shapely.box(at[0] + 1, at[1] + 1, at[0] + wide, at[1] + tall),
    spots,
    st.sampled_from([8, 19, 60, 140]),
    st.sampled_from([9, 19, 45]),
)
lines = st.lists(spots, min_size=2, max_size=3, unique=True).map(LineString)
stands = st.tuples(st.sampled_from(sorted(KINDS)), spots)


def array(shapes: Sequence[object]) -> Objects:
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def stock_of(facilities: dict[str, tuple[str, tuple[float, float]]]) -> Stock:
    return Stock(
        words(facilities),
        words(kind for kind, _ in facilities.values()),
        np.full(len(facilities), np.nan),
        words([""] * len(facilities)),
        np.array([xy for _, xy in facilities.values()]).reshape(-1, 2),
    )


@settings(max_examples=50, deadline=None)
@given(
    st.lists(plots, min_size=1, max_size=14),
    st.lists(stands, min_size=1, max_size=6),
    st.lists(lines, min_size=1, max_size=2),
    st.data(),
)
def test_drawn_roads_and_facilities_give_what_a_search_from_nothing_finds(
    shapes: list[shapely.Polygon],
    there: list[tuple[str, tuple[float, float]]],
    roads: list[LineString],
    data: st.DataObject,
) -> None:
    grounds, river = array(shapes), array([LineString([(420, -50), (460, 400)])])
    stands_at = {f"f{n}": one for n, one in enumerate(there)}
    changes = [Change(action="road", axis=line) for line in roads]
    then: dict[str, tuple[str, tuple[float, float]] | None] = dict(stands_at)
    for n in range(data.draw(st.integers(0, 3))):
        key, xy = data.draw(st.sampled_from(sorted(stands_at))), data.draw(spots)
        one, action = then[key], data.draw(st.sampled_from("amc"))
        if action == "a":
            key, one = f"~{n}", data.draw(stands)
            changes.append(Change(action="add", key=key, kind=one[0], xy=one[1]))
            then[key] = one
        elif one is not None:
            changes.append(Change(action="move" if action == "m" else "close", key=key, xy=xy))
            then[key] = (one[0], xy) if action == "m" else None
    network = with_an_island()
    base = city(network, grounds, stock_of(stands_at), river)

    mixed = data.draw(st.permutations(changes)) if len(changes) == len(roads) else changes
    drawn = drawn_of(base, mixed, grounds, river)
    found = apply(base, mixed, drawn=drawn)

    streets = rebuilt(found.network)
    left = {key: one for key, one in then.items() if one is not None}
    fresh = city(streets, grounds, stock_of(left), river)
    assert_same_places(found.places, fresh.places)
    number = np.array([list(then).index(key) for key in left] + [-1], dtype=np.int32)
    order = [found.network.node_key.tolist().index(key) for key in streets.node_key]
    for kind, theirs in fresh.served.items():
        ours = found.served[kind]
        assert ours.labels.dist[order].tolist() == theirs.labels.dist.tolist()
        assert np.array_equal(ours.nearest.cost, theirs.nearest.cost, equal_nan=True)
        assert ours.nearest.facility.tolist() == number[theirs.nearest.facility].tolist()
        assert ours.nearest.entrance.tolist() == theirs.nearest.entrance.tolist()
        same = np.array_equal(ours.nearest.cost, base.served[kind].nearest.cost, equal_nan=True)
        assert same or kind in found.changed


def assert_same_places(ours: Places, theirs: Places) -> None:
    assert ours.state.tolist() == theirs.state.tolist()
    assert ours.start.tolist() == theirs.start.tolist()
    for name in ("edge", "at_m", "offset_m", "xy"):
        assert getattr(ours, name).tolist() == getattr(theirs, name).tolist()


def by_hand(stock: Stock, *shapes: shapely.Polygon, roads: Sequence[LineString]) -> Outcome:
    grounds, river = array(shapes), array([])
    base = city(with_an_island(), grounds, stock, river)
    changes = [Change(action="road", axis=line) for line in roads]
    return apply(base, changes, drawn=drawn_of(base, changes, grounds, river))


def test_a_plot_at_a_drawn_road_is_entered_from_it() -> None:
    # 40 m south of E–F and 160 m north of A–B; the market is at A, 0 m from the street.
    plot = shapely.box(140, 150, 160, 160)
    market = stock_of({"m": ("market", (0.0, 0.0))})

    found = by_hand(market, plot, roads=[LineString([(150, 0), (150, 140), (170, 140)])])

    served = found.served["market"].nearest
    # Up the new road to 10 m beneath the plot, instead of by F.
    assert served.cost.tolist() == [150 + 140 + 10]
    assert found.changed["market"].tolist() == [0]
    assert not found.left_out


def test_an_island_that_a_road_joins_is_none_any_more() -> None:
    plot = shapely.box(585, 90, 595, 110)
    market = stock_of({"m": ("market", (500.0, 0.0))})

    before = by_hand(market, plot, roads=[])
    after = by_hand(market, plot, roads=[LineString([(500, 100), (580, 100)])])

    # C–D is 85 m away; K–L, 5 m, led nowhere. The drawn road ends 5 m from the plot.
    assert before.places.state.tolist() == [PlaceState.NO_FRONT]
    assert before.places.offset_m.tolist() == [85]
    assert after.places.state.tolist() == [PlaceState.OK]
    assert after.served["market"].nearest.cost.tolist() == [5 + 80 + 100]


def test_the_far_end_of_an_island_is_on_none_when_a_road_joins_the_near_one() -> None:
    plot = shapely.box(1350, 5, 1355, 10)
    market = stock_of({"m": ("market", (700.0, 0.0))})

    before = by_hand(market, plot, roads=[])
    after = by_hand(market, plot, roads=[LineString([(700, 0), (960, 0)])])

    assert before.places.state.tolist() == [PlaceState.ISLAND]
    assert np.isinf(before.served["market"].nearest.cost[0])
    assert after.places.state.tolist() == [PlaceState.OK]
    assert after.served["market"].nearest.cost.tolist() == [260 + 390 + 5]


@pytest.mark.parametrize(
    ("road", "told"),
    [(None, "cannot_be_drawn"), (LineString([(150, 50), (160, 60)]), "meets_no_street")],
)
def test_roads_that_lead_nowhere_are_told(road: LineString | None, told: str) -> None:
    market = stock_of({"m": ("market", (0.0, 0.0))})
    grounds, river = array([shapely.box(140, 150, 160, 160)]), array([])
    base = city(with_an_island(), grounds, market, river)

    changes = [Change(action="road", axis=road)]
    found = apply(base, changes, drawn=drawn_of(base, changes, grounds, river))

    assert found.left_out == [(0, told)]
    assert found.network is base.network
    assert not found.changed
