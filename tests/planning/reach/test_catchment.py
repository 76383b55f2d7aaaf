"""Straight lines, supply per person, room and planned people: by hand, and by brute force."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from planning.reach.catchment import (
    Pairs,
    gaussian,
    handed_out,
    reachable,
    step,
    supply,
    with_room,
)
from planning.reach.people import overlaps, planned_people
from planning.reach.records import People
from planning.reach.straight import nearest_in_a_line

NAN, INF = math.nan, math.inf
Array = Any


def array(*values: float) -> Array:
    return np.array(values, float)


def pairs(*rows: tuple[int, int, float]) -> Pairs:
    place, facility, cost = zip(*rows, strict=True) if rows else ((), (), ())
    return Pairs(np.array(place, np.int32), np.array(facility, np.int32), np.array(cost, float))


# Straight lines -------------------------------------------------------------------------------

GRID = st.integers(-5, 5).map(float)


@settings(max_examples=60)
@given(
    arrays(float, st.tuples(st.integers(1, 8), st.just(2)), elements=GRID),
    arrays(float, st.tuples(st.integers(1, 12), st.just(2)), elements=GRID),
    st.data(),
)
def test_the_nearest_in_a_line_is_that_of_every_pair_compared(
    places: Array, facilities: Array, data: st.DataObject
) -> None:
    meant = data.draw(st.lists(st.integers(0, len(facilities) - 1), unique=True, min_size=1))

    found = nearest_in_a_line(places, facilities, np.array(meant, np.int32))

    for row, place in enumerate(places.tolist()):
        each = [(math.dist(place, facilities[f].tolist()), f) for f in meant]
        least = min(metres for metres, _ in each)
        assert found.cost[row] == pytest.approx(least, abs=1e-12)
        assert found.facility[row] == min(f for metres, f in each if metres <= least + 1e-9)


def test_without_facilities_nobody_is_reached_and_without_a_place_nobody_knows() -> None:
    at = np.array([[0.0, 0], [NAN, NAN]])
    none = nearest_in_a_line(at, np.zeros((0, 2)), np.zeros(0, np.int32))
    lost = nearest_in_a_line(at, np.array([[NAN, 0.0], [3, 4]]), np.array([0, 1], np.int32))

    assert (none.cost[0], none.facility[0]) == (INF, -1)
    assert math.isnan(none.cost[1])
    assert (lost.cost[0], lost.facility[0]) == (5, 1)


# Supply per person ----------------------------------------------------------------------------


def test_a_facility_is_shared_by_all_who_may_come() -> None:
    # Place 0 has both, place 1 only the second, place 2 neither.
    ways = pairs((0, 0, 100), (0, 1, 500), (1, 1, 200), (2, 1, 500.01))

    found = supply(ways, array(10, 30, 5), array(20, 80), 500)

    assert found.ratio.tolist() == [2, 2]
    assert found.per_person.tolist() == [4, 2, 0]


def test_nearer_ground_gets_more_with_a_decay_that_ends_at_a_hundredth() -> None:
    weights = gaussian(array(0, 250, 500, 501), 500)

    assert weights.tolist() == pytest.approx([1, 0.01**0.25, 0.01, 0])
    assert step(array(0, 500, 500.001), 500).tolist() == [1, 1, 0]


def test_idle_and_unknown_facilities_give_nothing_and_are_told() -> None:
    ways = pairs((0, 0, 900), (0, 1, 10), (1, 2, 10), (2, 2, 10), (2, 3, 5))

    found = supply(ways, array(4, 0, NAN), array(7, 8, 9, NAN), 500)

    assert found.idle.tolist() == [True, False, True, False]
    assert found.capacity_unknown.tolist() == [False, False, False, True]
    assert found.per_person.tolist() == [2, 0, 0]
    assert found.is_least.tolist() == [False, False, True]


TOWN = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 4), st.floats(0, 1000)),
    unique_by=lambda row: row[:2],
    max_size=30,
)
PEOPLE = st.lists(st.integers(0, 40).map(float), min_size=6, max_size=6)
CAPACITY = st.lists(st.one_of(st.integers(0, 90).map(float), st.just(NAN)), min_size=5, max_size=5)


@given(TOWN, PEOPLE, CAPACITY, st.sampled_from([step, gaussian]))
def test_all_that_is_there_is_handed_out_and_no_more(
    town: list[tuple[int, int, float]], people: list[float], capacity: list[float], weight: Any
) -> None:
    who, has = np.array(people), np.array(capacity)

    found = supply(pairs(*town), who, has, 500, weight)

    given_out, there = handed_out(found, who, has)
    assert given_out == pytest.approx(there, rel=1e-9, abs=1e-9)
    assert np.isfinite(found.per_person).all()


def test_how_many_are_within_reach_is_counted_up_to_the_limit() -> None:
    ways = pairs((0, 0, 500), (0, 1, 500.1), (0, 2, 3), (2, 0, INF))

    assert reachable(ways, 3, 500).tolist() == [2, 0, 0]


# Room -----------------------------------------------------------------------------------------


def test_the_nearer_place_takes_the_room_and_the_rest_goes_on() -> None:
    ways = pairs((0, 0, 100), (1, 0, 200), (1, 1, 400), (2, 1, 450))

    # Two units a person: the first facility has room for 10, the second for 6.
    found = with_room(ways, array(8, 5, 9), array(20, 12), 500, each=2)

    assert found.served.tolist() == [8, 5, 3]
    assert found.metres.tolist() == [800, 2 * 200 + 3 * 400, 3 * 450]
    assert found.left.tolist() == [0, 0]


def test_who_may_find_room_where_the_capacity_is_unknown_is_unknown() -> None:
    ways = pairs((0, 0, 100), (1, 1, 200), (0, 1, 300))

    found = with_room(ways, array(8, 5), array(3, NAN), 500, each=1)

    assert found.served.tolist() == [3, 0]
    assert found.unknown.tolist() == [5, 5]
    assert math.isnan(found.left[1])


@given(TOWN, PEOPLE, CAPACITY)
def test_no_more_find_room_than_any_assignment_could_serve(
    town: list[tuple[int, int, float]], people: list[float], capacity: list[float]
) -> None:
    who, has = np.array(people), np.array(capacity)

    found = with_room(pairs(*town), who, has, 500, each=1)

    # Greedy fills up: at least half of what the best assignment serves.
    best = _best_assignment(town, people, capacity, 500)
    assert best / 2 - 1e-9 <= found.served.sum() <= best + 1e-9
    assert (found.served <= who).all()
    assert np.nansum(found.left) == pytest.approx(np.nansum(has) - found.served.sum())


def _best_assignment(
    town: list[tuple[int, int, float]], people: list[float], capacity: list[float], limit: float
) -> int:
    """Return the maximum flow from people to facilities (scipy)."""
    arcs = {(0, 1 + p): many for p, many in enumerate(people)}
    arcs |= {(7 + f, 12): many for f, many in enumerate(capacity) if not math.isnan(many)}
    arcs |= {(1 + p, 7 + f): 10_000.0 for p, f, cost in town if cost <= limit}
    rows, columns = zip(*arcs, strict=True)
    flow = csr_array((np.array(list(arcs.values()), np.int32), (rows, columns)), shape=(13, 13))
    return int(maximum_flow(flow, 0, 12).flow_value)


# Planned people -------------------------------------------------------------------------------

#      0     100   200   300
#  100 +-----+-----+-----+
#      |  0  |  1  |  2  |     places; zone 0 covers place 0 and half of place 1
#    0 +-----+-----+-----+
PLACES = np.array([shapely.box(x, 0, x + 100, 100) for x in (0, 100, 200)], dtype=object)


def zones(*boxes: tuple[float, float]) -> Array:
    return np.array([shapely.box(left, 0, right, 100) for left, right in boxes], dtype=object)


def of(*many: float) -> People:
    return People(array(*many), np.zeros(len(many), np.int32), ("00001",))


def test_planned_people_take_the_place_of_who_lives_on_that_ground() -> None:
    found = planned_people(
        of(10, 20, 30), array(300), overlaps(PLACES, zones((0, 150)), least_m2=1)
    )

    assert found.people.people.tolist() == pytest.approx([200, 100 + 10, 30])
    assert found.is_planned.tolist() == [0, 1]


def test_a_zone_that_says_nothing_of_people_changes_nothing() -> None:
    found = planned_people(
        of(10, 20, NAN), array(NAN), overlaps(PLACES, zones((0, 300)), least_m2=1)
    )

    assert np.array_equal(found.people.people, [10, 20, NAN], equal_nan=True)


def test_a_zone_of_nobody_empties_its_ground_and_zones_beside_all_places_are_told() -> None:
    ground = overlaps(PLACES, zones((0, 100), (400, 500)), least_m2=1)

    found = planned_people(of(NAN, 20, NAN), array(0, 70), ground)

    assert np.array_equal(found.people.people, [0, 20, NAN], equal_nan=True)
    assert found.without_place.tolist() == [1]


def test_ground_that_only_touches_a_zone_is_not_in_it() -> None:
    assert overlaps(PLACES, zones((0, 100.001)), least_m2=1).place.tolist() == [0]
