"""Nearest facilities on random streets, against a textbook search over every position as a node."""

from __future__ import annotations

import heapq
import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planning.reach.graph import graph_of
from planning.reach.nearest import nearest, sources_of, standing, where
from planning.reach.records import Direction, Graph, Mode
from planning.reach.shortest import Sources, nearest_of, with_source, without_source
from tests.planning.reach.town import Street, costs_of, reached, standing_at, town

if TYPE_CHECKING:
    from planning.reach.records import Ints, Network


class Place(NamedTuple):
    """Street by its number, hundredths of it from its first node, metres beside it."""

    street: int
    share: int
    beside: int


class Case(NamedTuple):
    """Points of nodes, barred ones, streets (ends, way round, one-way), and who asks for what."""

    nodes: list[tuple[int, int]]
    barred: list[bool]
    streets: list[tuple[int, int, int, int]]
    places: list[Place]
    facilities: list[Place]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    many = draw(st.integers(2, 7))
    point = st.tuples(st.integers(0, 4), st.integers(0, 4))
    end = st.integers(0, many - 1)
    street = st.tuples(end, end, st.sampled_from([0, 0, 30]), st.sampled_from([0, 0, 1, -1]))
    streets = draw(st.lists(street, min_size=1, max_size=11))
    place = st.builds(
        Place,
        st.integers(0, len(streets) - 1),
        st.sampled_from([0, 25, 50, 100]),
        st.integers(0, 9),
    )
    return Case(
        draw(st.lists(point, min_size=many, max_size=many)),
        draw(st.lists(st.sampled_from([False, False, True]), min_size=many, max_size=many)),
        streets,
        draw(st.lists(place, min_size=1, max_size=5)),
        draw(st.lists(place, min_size=1, max_size=5)),
    )


def built(case: Case) -> Network:
    names = [chr(65 + number) for number in range(len(case.nodes))]
    at = {name: (10.0 * x, 10.0 * y) for name, (x, y) in zip(names, case.nodes, strict=True)}
    streets = []
    for number, (one, other, round_m, one_way) in enumerate(case.streets):
        middle = (at[names[one]][0] + round_m, at[names[one]][1] + 7.0)
        over = [middle] if round_m or (one == other and round_m) else []
        key = f"{names[one]}{names[other]}{number:02d}"
        streets.append(Street(key, over=over, one_way=one_way))
    bollards = {name: "bollard" for name, is_it in zip(names, case.barred, strict=True) if is_it}
    return town(streets, at, bollards)


def keys_of(case: Case) -> list[str]:
    return [
        f"{chr(65 + one)}{chr(65 + other)}{number:02d}"
        for number, (one, other, _, _) in enumerate(case.streets)
    ]


def entrances(network: Network, case: Case, places: list[Place]) -> list[tuple[str, float, float]]:
    length = dict(zip(network.edge_key.tolist(), network.length_m.tolist(), strict=True))
    keys = keys_of(case)
    return [
        (keys[one.street], length[keys[one.street]] * (one.share / 100), float(one.beside))
        for one in places
    ]


def textbook(network: Network, case: Case, mode: Mode, direction: Direction) -> list[list[float]]:
    """Return by place and facility what the way costs: Dijkstra over positions as nodes."""
    keys = keys_of(case)
    length = dict(zip(network.edge_key.tolist(), network.length_m.tolist(), strict=True))
    on: dict[int, set[float]] = {number: {0.0} for number in range(len(keys))}
    for number, key in enumerate(keys):
        on[number].add(length[key])
    for one in case.places + case.facilities:
        on[one.street].add(length[keys[one.street]] * (one.share / 100))
    arcs: dict[object, list[tuple[object, float]]] = {}

    def spot(number: int, at: float) -> object:
        one, other, _, _ = case.streets[number]
        if at == 0.0:
            return one
        return other if at == length[keys[number]] else (number, at)

    def ground(kind: str, row: int, one: Place) -> object:
        at = length[keys[one.street]] * (one.share / 100)
        here = spot(one.street, at)
        arcs.setdefault((kind, row), []).append((here, float(one.beside)))
        arcs.setdefault(here, []).append(((kind, row), float(one.beside)))
        return here

    for number, (_, _, _, one_way) in enumerate(case.streets):
        # A street without length has two ends all the same.
        stops = [*sorted(on[number]), 0.0] if length[keys[number]] == 0 else sorted(on[number])
        obeyed = one_way if mode is not Mode.WALK else 0
        for near, far in itertools.pairwise(stops):
            a, b = spot(number, near), spot(number, far)
            if length[keys[number]] == 0:
                b = case.streets[number][1]
            if obeyed != -1:
                arcs.setdefault(a, []).append((b, far - near))
            if obeyed != 1:
                arcs.setdefault(b, []).append((a, far - near))
    for row, one in enumerate(case.places):
        ground("place", row, one)
    for row, one in enumerate(case.facilities):
        ground("facility", row, one)
    barred = {row for row, is_it in enumerate(case.barred) if is_it and mode is Mode.CAR}
    table = [[np.inf] * len(case.facilities) for _ in case.places]
    for row in range(len(case.places)):
        for other in range(len(case.facilities)):
            begin, end = ("place", row), ("facility", other)
            if direction is Direction.FROM:
                begin, end = end, begin
            table[row][other] = search(arcs, begin, end, barred)
    return table


def search(arcs: dict, begin: object, end: object, barred: set[int]) -> float:
    """Return the least cost of a way that passes no barred node and nobody else's ground."""
    dist = {begin: 0.0}
    count = 0
    # A state: the node, and whether who is there came straight from the ground they began at.
    heap = [(0.0, count, begin)]
    while heap:
        d, _, here = heapq.heappop(heap)
        if here == end:
            return d
        if d > dist[here] or (isinstance(here, tuple) and here[0] in GROUND and here != begin):
            continue
        began_here = any(there == here for there, _ in arcs[begin])
        for there, cost in arcs.get(here, []):
            leaves = isinstance(there, tuple) and there[0] in GROUND
            if here in barred and not leaves and not began_here:
                continue
            if d + cost < dist.get(there, np.inf):
                dist[there] = d + cost
                count += 1
                heapq.heappush(heap, (d + cost, count, there))
    return np.inf


GROUND = ("place", "facility")
GATE = Case(
    [(0, 0), (1, 0), (2, 0)],
    [False, True, False],
    [(0, 1, 0, 0), (1, 2, 0, 0)],
    [Place(0, 50, 3), Place(1, 50, 2), Place(1, 0, 0)],
    [Place(0, 100, 1), Place(1, 25, 0)],
)


@settings(max_examples=120, deadline=None)
@given(cases(), st.sampled_from([Mode.WALK, Mode.CAR]), st.sampled_from(list(Direction)))
@example(GATE, Mode.CAR, Direction.TO)
@example(GATE, Mode.CAR, Direction.FROM)
def test_ways_are_as_long_as_a_textbook_finds_them(
    case: Case, mode: Mode, direction: Direction
) -> None:
    network = built(case)
    places = standing_at(network, *entrances(network, case, case.places))
    facilities = standing_at(network, *entrances(network, case, case.facilities))

    found = reached(network, places, facilities, mode, direction=direction)

    expected = np.array(textbook(network, case, mode, direction))
    assert found.cost == pytest.approx(expected.min(axis=1), abs=1e-9)
    for row, facility in enumerate(found.facility.tolist()):
        if np.isinf(found.cost[row]):
            assert facility == -1
        else:
            assert expected[row, facility] == pytest.approx(found.cost[row], abs=1e-9)
            assert expected[row].min() >= found.cost[row] - 1e-6


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from([Mode.WALK, Mode.CAR]), st.sampled_from(list(Direction)), st.data())
def test_one_facility_less_or_more_is_as_a_search_from_nothing(
    case: Case, mode: Mode, direction: Direction, data: st.DataObject
) -> None:
    network = built(case)
    facilities = standing_at(network, *entrances(network, case, case.facilities))
    asked = costs_of(network, mode)
    graph = graph_of(network, asked, towards=direction is Direction.TO)
    everyone = np.arange(len(case.facilities), dtype=np.int32)
    one = data.draw(st.sampled_from(everyone.tolist()))

    def of(numbers: Ints) -> Sources:
        return sources_of(network, asked, standing(network, facilities, numbers, 1.0), direction)

    others = everyone[everyone != one]
    fewer, more = nearest_of(graph, of(others)), nearest_of(graph, of(everyone))
    dropped, _ = without_source(graph, more, one, of(others))
    added, _ = with_source(graph, fewer, of(everyone[everyone == one]), of(others))

    for ours, fresh in ((dropped, fewer), (added, more)):
        assert ours.dist.tolist() == fresh.dist.tolist()
        assert ours.owner.tolist() == fresh.owner.tolist()


def test_what_rounding_hides_one_street_on_is_nobodys_reason_to_own_it() -> None:
    # From 0 to 1 and on to 2. The second is nearer to 1 by a hair, which the way to 2 swallows.
    to, nothing = np.array([1, 2], dtype=np.int32), np.array([0, 0], dtype=np.int32)
    graph = Graph(np.array([0, 1, 2, 2], dtype=np.int32), to, np.array([90.0, 200.0]), to, True)
    one = Sources(nothing[:1], np.array([0.0]), np.array([3], dtype=np.int32))
    hair = np.array([np.nextafter(90.0, 0.0)])
    other = Sources(to[:1], hair, np.array([4], dtype=np.int32))

    ours, changed = with_source(graph, nearest_of(graph, one), other, one)

    fresh = nearest_of(graph, one.and_also(other))
    assert ours.owner.tolist() == fresh.owner.tolist() == [3, 4, 4]
    assert ours.dist.tolist() == fresh.dist.tolist() == [0, hair[0], 290]
    assert changed.tolist() == [1, 2]


def test_of_two_that_are_equally_far_the_smaller_number_counts() -> None:
    network = town()
    both_ways = standing_at(network, ("AB", 150, 0))
    schools = standing_at(network, ("BC", 150, 0), ("AF", 150, 0))
    swapped = standing_at(network, ("AF", 150, 0), ("BC", 150, 0))

    assert reached(network, both_ways, schools).facility.tolist() == [0]
    assert reached(network, both_ways, swapped).facility.tolist() == [0]
    assert reached(network, both_ways, swapped).cost.tolist() == [300]


def test_a_place_with_two_entrances_takes_the_shorter_way() -> None:
    network = town()
    one = standing_at(network, ("AB", 250, 40), ("BE", 100, 5))
    two = type(one)(
        start=np.array([0, 2], dtype=np.int32),
        **{name: getattr(one, name) for name in ("edge", "at_m", "offset_m", "xy")},
        state=one.state[:1],
    )
    school = standing_at(network, ("AB", 200, 0))
    asked = costs_of(network)
    stand = standing(network, school, np.zeros(1, np.int32), 1.0)
    labels = nearest_of(
        graph_of(network, asked, towards=True), sources_of(network, asked, stand, Direction.TO)
    )

    found = nearest(labels, network, asked, stand, where(network, two, 1.0), Direction.TO)

    assert (found.cost.round(9).tolist(), found.entrance.tolist()) == ([90], [0])
    assert found.beside.tolist() == [40]
