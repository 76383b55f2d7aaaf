"""Drawn roads join the streets that they cross or end at, and those only."""

from __future__ import annotations

import heapq
import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import LineString

from planning.reach.parameters import parameters
from planning.reach.records import Mode
from planning.reach.with_roads import Grown, box_around, with_roads
from tests.planning.reach.test_against_dijkstra import Case, built, cases
from tests.planning.reach.test_slopes import Grid
from tests.planning.reach.town import edge, node, standing_at, to_nodes, town

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planning.reach.records import Network

Point = tuple[Fraction, Fraction]


def drawn(*lines: Sequence[tuple[float, float]], network: Network | None = None) -> Grown:
    axes = [LineString(points) for points in lines]
    classes = ["residential"] * len(axes)
    return with_roads(network or town(), axes, classes, parameters=parameters())


def test_a_road_from_junction_to_junction_is_as_long_as_it_is_drawn_and_passes_beneath_a_bridge():
    grown = drawn([(0, 0), (300, 200)])

    # The bridge H–I at x = 100 has no way down to it.
    assert grown.network.edges == town().edges + 1
    assert to_nodes(grown.network, "A")["E"] == pytest.approx(np.hypot(300, 200), abs=1e-9)
    assert not grown.unjoined


def test_a_road_across_two_streets_is_joined_to_both_and_sticks_out():
    grown = drawn([(200, -50), (200, 250)])

    reached = to_nodes(grown.network, "A")

    # Tips 50 m beyond; the junctions on A–B and F–E.
    new = sorted(round(reached[key], 6) for key in reached if key.startswith("~"))
    assert new == [200, 250, 400, 450]
    assert reached["B"] == 300


@pytest.mark.parametrize(("gap_m", "joined"), [(0.0, True), (0.9, True), (1.1, False)])
def test_a_road_that_ends_within_a_metre_of_a_street_is_joined(gap_m: float, joined: bool):
    grown = drawn([(150, gap_m), (300, 200)])

    # 150 along A–B and 250 from there, which is where the road is taken to begin.
    assert to_nodes(grown.network, "A")["E"] == (400 if joined else 500)
    assert len(np.unique(grown.network.part)) == 1
    assert (edge(grown.network, "AB") in grown.altered) is joined


def test_a_road_nobody_gets_to_is_left_out_and_told():
    grown = drawn([(150, 50), (150, 150)], [(400, 100), (400, 150)])

    assert grown.unjoined == (0, 1)
    assert grown.network.edges == town().edges


def test_a_road_is_joined_over_another_one_that_is_drawn_later():
    grown = drawn([(150, 50), (150, 150)], [(0, 100), (200, 100)])

    assert grown.unjoined == ()
    assert len(np.unique(grown.network.part)) == 1


def test_a_road_that_crosses_itself_is_a_junction_there():
    grown = drawn([(50, 0), (50, 100), (150, 100), (150, 50), (20, 50)])

    # Along A–B 50, up 50 to the crossing, and on to the tip 30 m beyond.
    assert 130 in np.round(list(to_nodes(grown.network, "A").values()), 6)


def test_places_on_a_street_that_is_cut_stay_where_they_are():
    network = town()
    grown = drawn([(200, -50), (200, 50)], [(100, -50), (100, 50)], network=network)
    places = standing_at(network, *(("AB", at, 3.0) for at in (0, 50, 100, 150, 200, 250, 300)))

    moved = grown.moved(places)

    first = grown.network.piece_at_m, grown.network.piece_edge
    for row, (one, at_m) in enumerate(zip(moved.edge.tolist(), moved.at_m.tolist(), strict=True)):
        x, y = grown.network.piece[np.flatnonzero(first[1] == one)[0], :2]
        assert (x + at_m, y) == (50 * row, 0)
        assert at_m <= grown.network.length_m[one]
    assert len(set(moved.edge.tolist())) == 3


def test_a_street_that_is_cut_is_in_parts_what_it_was_as_a_whole():
    network = town()
    grown = drawn([(400, 100), (600, 100)], network=network)
    parts = [edge(network, "CD"), network.edges + grown.part_of.tolist().index(edge(network, "CD"))]

    assert grown.network.one_way[parts].tolist() == [1, 1]
    assert to_nodes(grown.network, "D", Mode.CAR)["C"] == to_nodes(network, "D", Mode.CAR)["C"]
    assert to_nodes(grown.network, "C", Mode.CAR)["D"] == 200


def test_a_class_that_is_for_people_on_foot_only_is_shut_to_others():
    grown = with_roads(
        town(), [LineString([(0, 0), (300, 200)])], ["steps"], parameters=parameters()
    )

    assert to_nodes(grown.network, "A")["E"] == pytest.approx(np.hypot(300, 200), abs=1e-9)
    assert to_nodes(grown.network, "A", Mode.CAR)["E"] == 500


def test_climbs_of_streets_that_are_cut_add_up_and_others_keep_theirs():
    cells = np.add.outer(np.zeros(60), np.arange(90) * 0.5).astype(np.float32)
    grids = [Grid(cells, west=-100.0, north=400.0, cell_width=10.0, cell_height=10.0)]
    network = town(grids=grids)

    grown = with_roads(
        network,
        [LineString([(200, -50), (200, 50)])],
        ["residential"],
        parameters=parameters(),
        grids=grids,
    )

    # 0.5 m up every 10 m eastwards, along A–B in two parts.
    both = [edge(network, "AB"), network.edges + int(np.flatnonzero(grown.part_of >= 0)[0])]
    assert grown.network.climb_m[both].tolist() == pytest.approx([10, 5], abs=1e-3)
    others = np.setdiff1d(np.arange(network.edges), both)
    assert grown.network.climb_m[others].tolist() == network.climb_m[others].tolist()
    assert grown.network.slope_known.all()


def test_heights_are_asked_for_all_of_the_streets_that_are_met():
    # Beside the bend of G–H, which is 600 m long there, and nowhere near F–E.
    box = box_around(town(), [LineString([(400, 250), (400, 350)])], parameters=parameters())

    assert box == (100 - 200, 0 - 200, 700 + 200, 350 + 200)


# --- against a search over every crossing as a node


def shared(a: Point, b: Point, c: Point, d: Point) -> set[Point]:
    """Return the points that two straight pieces share; of a stretch both ends. In fractions."""
    along, other = (b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1])
    turn = along[0] * other[1] - along[1] * other[0]
    gap = (c[0] - a[0], c[1] - a[1])
    if turn:
        t = (gap[0] * other[1] - gap[1] * other[0]) / turn
        u = (gap[0] * along[1] - gap[1] * along[0]) / turn
        if 0 <= t <= 1 and 0 <= u <= 1:
            return {(a[0] + t * along[0], a[1] + t * along[1])}
        return set()
    return {p for p in (a, b) if lies_on(p, c, d)} | {p for p in (c, d) if lies_on(p, a, b)}


def lies_on(p: Point, a: Point, b: Point) -> bool:
    turn = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
    between = all(min(a[k], b[k]) <= p[k] <= max(a[k], b[k]) for k in (0, 1))
    return turn == 0 and between


def apart(a: Point, b: Point) -> float:
    return float(np.hypot(float(a[0] - b[0]), float(a[1] - b[1])))


def ways(streets: dict[str, list[Point]], lines: list[list[Point]], begin: str) -> dict[str, float]:
    """Return how far each node is: streets are named by their ends, which are nodes."""
    arcs: dict[object, list[tuple[object, float]]] = {}
    pieces = [pair for line in lines for pair in itertools.pairwise(line)]

    def join(one: object, other: object, long: float) -> None:
        arcs.setdefault(one, []).append((other, long))
        arcs.setdefault(other, []).append((one, long))

    def chain(spots: Iterable[tuple[Point, object]]) -> None:
        for (at, one), (there, other) in itertools.pairwise(spots):
            join(one, other, apart(at, there))

    for key, points in streets.items():
        spots: list[tuple[Point, object]] = []
        for a, b in itertools.pairwise(points):
            here = {a, b} | {p for c, d in pieces for p in shared(a, b, c, d)}
            for p in sorted(here, key=lambda p: apart(a, p)):
                name = key[0] if p == points[0] else key[1] if p == points[-1] else (key, p)
                spots.append((p, name))
                if any(lies_on(p, c, d) for c, d in pieces):
                    join(name, p, 0.0)
        chain(spots)
    for a, b in pieces:
        here = {a, b} | {p for c, d in pieces for p in shared(a, b, c, d)}
        for points in streets.values():
            here |= {p for c, d in itertools.pairwise(points) for p in shared(a, b, c, d)}
        chain((p, p) for p in sorted(here, key=lambda p: apart(a, p)))
    far: dict[object, float] = {begin: 0.0}
    heap: list[tuple[float, int, object]] = [(0.0, 0, begin)]
    for count in itertools.count(1):
        if not heap:
            break
        long, _, here_ = heapq.heappop(heap)
        if long > far[here_]:
            continue
        for k, (there, more) in enumerate(arcs.get(here_, [])):
            if long + more < far.get(there, np.inf):
                far[there] = long + more
                heapq.heappush(heap, (long + more, count * 1000 + k, there))
    return {name: long for name, long in far.items() if isinstance(name, str)}


def is_plain(network: Network, lines: list[LineString]) -> bool:
    """Whether nothing is nearly met: the search knows no joining over gaps."""
    axes = []
    for row in range(network.edges):
        piece = network.piece[network.piece_edge == row]
        axes.append(LineString(np.vstack([piece[:, :2], piece[-1:, 2:]])))
    all_ = [*axes, *lines]
    spots = [shapely.get_coordinates(one)[[0, -1]] for one in all_]
    for number, line in enumerate(lines):
        others = axes + lines[:number]
        if any(0 < other.distance(end) < 1.1 for other in all_ for end in line.boundary.geoms):
            return False
        spots += [shapely.get_coordinates(line.intersection(other)) for other in others]
        if not line.is_simple:
            spots.append(shapely.get_coordinates(shapely.node(line)))
    every = np.concatenate(spots)
    gap = np.hypot(*(every[:, None] - every[None]).transpose(2, 0, 1))
    return all(axis.is_simple for axis in axes) and not ((gap > 1e-9) & (gap < 2.1)).any()


points_ = st.tuples(st.integers(-1, 9), st.integers(-1, 9)).map(lambda p: (5 * p[0], 5 * p[1]))


@settings(max_examples=150, deadline=None)
@given(
    cases(),
    st.lists(st.lists(points_, min_size=2, max_size=4, unique=True), min_size=1, max_size=3),
)
def test_drawn_roads_lead_where_a_search_over_every_crossing_gets(
    case: Case, lines: list[list[tuple[int, int]]]
):
    case = case._replace(
        streets=[one for one in case.streets if case.nodes[one[0]] != case.nodes[one[1]]]
    )
    assume(case.streets)
    network = built(case)
    axes = [LineString(line) for line in lines]
    assume(is_plain(network, axes))
    streets = {}
    for row, key in enumerate(network.edge_key.tolist()):
        piece = network.piece[network.piece_edge == row]
        at = [*piece[:, :2].tolist(), piece[-1, 2:].tolist()]
        streets[key] = [(Fraction(round(x)), Fraction(round(y))) for x, y in at]

    grown = drawn(*lines, network=network)

    kept = [line for n, line in enumerate(lines) if n not in grown.unjoined]
    exact = [[(Fraction(x), Fraction(y)) for x, y in line] for line in kept]
    for begin in network.node_key.tolist():
        expected = ways(streets, exact, begin)
        found = to_nodes(grown.network, begin)
        for name in network.node_key.tolist():
            assert found[name] == pytest.approx(expected.get(name, np.inf), rel=1e-9, abs=1e-9)
    assert node(grown.network, network.node_key[0]) == 0
