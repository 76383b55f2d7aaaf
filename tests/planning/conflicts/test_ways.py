"""Ways out of conflicts: the conflict is gone, and nothing else on the ground has changed.

What two surfaces share is measured here by `planning.conflicts.shares`, which sums over edges and
never builds a surface; the ways are made by GEOS.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import box
from shapely.affinity import rotate

from planning.conflicts import ways
from planning.conflicts.shares import shares_of
from planning.conflicts.ways import Action
from planning.topology import check
from planning.topology.shapes import as_array
from tests.planning.topology.squares import PLAN, QUARTERS

EAST, NORTH = 500_000.0, 2_300_000.0


def made(way) -> Any:
    """The way, which there must be."""
    assert way is not None
    return way


def shared_m2(one, other):
    if one is None:
        return 0.0
    return float(shares_of(as_array([one]), as_array([other])).area_m2.sum())


def after(way, zones):
    """All zones once a way is taken."""
    drawn = {**zones, **way.boundaries, **way.new}
    return {name: shape for name, shape in drawn.items() if shape is not None}


def is_same_ground(one, other):
    return shapely.symmetric_difference(one, other).area < 1e-6


def corners(shape):
    return {tuple(c) for c in shapely.get_coordinates(shape).round(6).tolist()}


def loose_corners(zones):
    """Corners of a zone on an edge of another that has no corner there."""
    loose = []
    for name, shape in zones.items():
        for other, ground in zones.items():
            for corner in corners(shape) - corners(ground):
                if shapely.distance(shapely.Point(corner), ground.boundary) < 1e-6:
                    loose.append((name, other, corner))
    return loose


def test_a_zone_ends_where_another_plan_begins():
    other_plan = box(-20, 30, 70, 200)

    way = made(ways.trim(["A"], other_plan, QUARTERS, PLAN))

    # 50 m by 20 m of A are the other plan's, and B and C get the two new corners.
    assert way.area_m2 == pytest.approx(1000)
    assert is_same_ground(way.boundaries["A"], box(0, 0, 50, 30))
    assert set(way.boundaries) == {"A", "B"}
    assert [50.0, 30.0] in shapely.get_coordinates(way.boundaries["B"]).tolist()
    # Nobody takes the ground, and the plan says so.
    assert [(fault.kind.value, fault.area_m2) for fault in way.opens] == [("gap", 1000)]


def test_all_zones_that_leave_a_territory_end_at_it():
    outside = box(-10, 80, 110, 120)

    way = made(ways.trim(["A", "C", "D"], outside, QUARTERS, PLAN))

    assert set(way.boundaries) == {"C", "D"}
    assert way.area_m2 == pytest.approx(2000)
    assert is_same_ground(way.boundaries["D"], box(50, 50, 100, 80))


def test_a_zone_wholly_in_conflict_goes():
    way = made(ways.trim(["A"], box(-1, -1, 60, 60), QUARTERS, PLAN))

    assert way.boundaries["A"] is None
    assert ways.changes_of(way, {"A": 3}) == [{"uid": "A", "based_on": 3, "is_removed": True}]


def test_the_edge_moves_and_the_neighbour_has_the_ground():
    way = made(ways.shift("A", box(40, -10, 50, 60), "B", QUARTERS, PLAN))

    assert way.action == Action.SHIFT
    assert is_same_ground(way.boundaries["A"], box(0, 0, 40, 50))
    assert is_same_ground(way.boundaries["B"], box(40, 0, 100, 50))
    assert is_same_ground(way.boundaries["C"], QUARTERS["C"])
    assert way.opens == ()
    assert way.area_m2 == 500


def test_ground_is_not_given_to_who_does_not_touch_it():
    assert ways.shift("A", box(0, 0, 10, 10), "D", QUARTERS, PLAN) is None
    assert ways.best_neighbours("A", box(0, 0, 10, 60), QUARTERS) == ["C"]


def test_a_belt_along_a_corridor_is_a_zone_of_its_own():
    belt = ("new", {"function": "DAT_Cayxanhchuyendung"})

    way = made(ways.part(Action.SHIFT, "A", box(0, -5, 200, 12), belt, QUARTERS, PLAN))
    changes = ways.changes_of(way, {"A": 2, "B": 7})

    # The belt is the zone's part of the corridor only: B has a conflict of its own.
    assert is_same_ground(way.new["new"], box(0, 0, 50, 12))
    assert [(c["uid"], c["based_on"]) for c in changes] == [("A", 2), ("B", 7), ("new", None)]
    assert changes[2]["content"] == {"function": "DAT_Cayxanhchuyendung"}
    assert changes[2]["boundary"]["type"] == "MultiPolygon"
    assert "content" not in changes[0]
    assert way.opens == ()


def test_of_a_zone_that_is_wholly_inside_no_part_is_made():
    ground = box(-1, -1, 60, 60)

    assert ways.part(Action.SPLIT, "A", ground, ("n", {}), QUARTERS, PLAN) is None
    assert ways.wholly_within(QUARTERS["A"], ground)
    changed = ways.changes_of(made(ways.change_function("A", "X", QUARTERS)), {"A": 1})
    assert changed == [{"uid": "A", "based_on": 1, "content": {"function": "X"}}]


def test_a_splinter_that_a_cut_would_leave_goes_with_the_part():
    # 0.1 m would be left in the west: too thin for a zone.
    way = made(ways.part(Action.SPLIT, "A", box(0.1, 0, 30, 50), ("n", {}), QUARTERS, PLAN))

    assert is_same_ground(way.new["n"], box(0, 0, 30, 50))
    assert way.opens == ()


def test_an_edge_digitised_apart_snaps_onto_the_upper_one_with_its_neighbours():
    # The lower plan's edge between A and B runs 20 cm east of the upper plan's, C and D's too.
    zones = {
        "A": box(0, 0, 50.2, 50),
        "B": box(50.2, 0, 100, 50),
        "C": box(0, 50, 50.2, 100),
        "D": box(50.2, 50, 100, 100),
    }

    way = made(ways.snap("A", box(0, 0, 50, 100), 0.3, zones, PLAN))

    assert is_same_ground(way.boundaries["A"], box(0, 0, 50, 50))
    assert is_same_ground(way.boundaries["B"], box(50, 0, 100, 50))
    assert way.opens == ()
    assert way.area_m2 == pytest.approx(10)


def test_nothing_snaps_where_the_upper_edge_is_far():
    assert ways.snap("A", box(0, 0, 48, 100), 0.3, QUARTERS, PLAN) is None


def test_corners_of_the_upper_edge_become_corners_of_the_lower_one():
    upper = shapely.Polygon([(0, 0), (50, 0), (50.2, 20), (49.9, 40), (50, 50), (0, 50)])

    way = made(ways.snap("A", upper, 0.3, QUARTERS, PLAN))

    assert way.boundaries["A"].equals(upper)
    assert not loose_corners(after(way, QUARTERS))
    assert sum(shape.area for shape in after(way, QUARTERS).values()) == pytest.approx(10_000)


def grid(offsets):
    """Nine zones of about 40 m; the four inner corners are moved by `offsets`."""
    places = np.array([[(x * 40.0, y * 40.0) for x in range(4)] for y in range(4)])
    places[1:3, 1:3] += np.array(offsets).reshape(2, 2, 2)
    places += (EAST, NORTH)
    return {
        f"{x}{y}": shapely.Polygon(
            [places[y, x], places[y, x + 1], places[y + 1, x + 1], places[y + 1, x]]
        )
        for x in range(3)
        for y in range(3)
    }


_METRES = st.floats(-8, 8).map(lambda v: round(v, 3))
GRIDS = st.lists(st.tuples(_METRES, _METRES), min_size=4, max_size=4).map(grid)


@st.composite
def grounds(draw):
    """Corridors, plots, and what is round, somewhere over the middle zone."""
    east, north = draw(st.floats(30, 90)), draw(st.floats(30, 90))
    middle = shapely.Point(EAST + east, NORTH + north)
    if draw(st.booleans()):
        return middle.buffer(draw(st.floats(3, 30)), quad_segs=draw(st.integers(1, 12)))
    wide, tall = draw(st.floats(1, 60)), draw(st.floats(1, 60))
    west, south, east, north = middle.buffer(1).bounds
    return rotate(box(west, south, west + wide, south + tall), draw(st.floats(0, 90)))


EXTENT = box(EAST, NORTH, EAST + 120, NORTH + 120)


@settings(max_examples=60, deadline=None)
@given(GRIDS, grounds())
def test_whatever_way_is_taken_the_conflict_is_gone_and_nothing_else(zones, ground):
    shared = shared_m2(zones["11"], ground)
    assume(shared > 0.5)
    takers = ways.best_neighbours("11", ground, zones)
    found = [
        ways.trim(["11"], ground, zones, EXTENT),
        *(ways.shift("11", ground, taker, zones, EXTENT) for taker in takers),
        ways.part(Action.SPLIT, "11", ground, ("new", {"function": "X"}), zones, EXTENT),
    ]

    for way in filter(None, found):
        then = after(way, zones)
        assert shared_m2(then.get("11"), ground) < 1e-4
        assert all(shape.is_valid for shape in then.values())
        for name, shape in then.items():
            if name not in ("11", way.to):
                assert is_same_ground(shape, zones[name])
        lost = way.area_m2 if way.action == Action.TRIM else 0.0
        assert math.isclose(sum(s.area for s in then.values()), 14_400 - lost, abs_tol=1e-5)
        # The part has what the zone shared with the ground, and splinters beside it.
        assert way.area_m2 >= shared - 1e-4
        assert not loose_corners(then)
        said = {(f.kind, round(f.area_m2, 3)) for f in way.opens}
        assert said == {(f.kind, round(f.area_m2, 3)) for f in check(then, EXTENT)}


@settings(max_examples=60, deadline=None)
@given(GRIDS, st.integers(0, 2**32 - 1))
def test_edges_digitised_apart_are_one_edge_after_snapping(zones, seed):
    # The upper plan drew the middle zone with corners up to 30 cm off, and one more on each side.
    chance = np.random.default_rng(seed)
    ring = shapely.get_coordinates(zones["11"])[:-1]
    full = np.concatenate(
        [[a, (a + b) / 2] for a, b in zip(ring, np.roll(ring, -1, 0), strict=True)]
    )
    upper = shapely.Polygon(full + chance.uniform(-0.2, 0.2, full.shape))
    assert shared_m2(zones["10"], upper) + shared_m2(zones["01"], upper) < 100

    way = made(ways.snap("11", upper, 0.3, zones, EXTENT))

    assert way is not None
    then = after(way, zones)
    assert abs(shared_m2(then["11"], upper) - upper.area) < 1e-4
    assert abs(then["11"].area - upper.area) < 1e-4
    assert all(shared_m2(shape, upper) < 1e-4 for name, shape in then.items() if name != "11")
    # Only edges of the middle zone moved: the plan as a whole is what it was.
    assert math.isclose(sum(s.area for s in then.values()), 14_400, abs_tol=1e-5)
    assert check(then, EXTENT) == []
    assert not loose_corners(then)
