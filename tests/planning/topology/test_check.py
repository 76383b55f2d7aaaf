"""Faults of a whole plan: squares whose areas are in one's head."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from shapely import box

from planning.topology import Kind, check, check_arrays
from tests.planning.topology.squares import PLAN, QUARTERS, said


def test_zones_that_meet_edge_to_edge_have_no_fault():
    assert check(QUARTERS, PLAN) == []


def test_a_plan_without_zones_is_one_gap():
    (gap,) = check({}, PLAN)

    assert (gap.kind, gap.zones, gap.area_m2) == (Kind.GAP, (), 10_000)


def test_an_overlap_is_one_fault_of_two_zones():
    zones = {**QUARTERS, "A": box(0, 0, 60, 50)}

    (overlap,) = check(zones, PLAN)

    assert (overlap.kind, overlap.zones, overlap.area_m2) == (Kind.OVERLAP, ("A", "B"), 500)
    # A strip of 10 m by 50 m: twice its area through its outline of 120 m.
    assert overlap.width_m == pytest.approx(1000 / 120)
    assert overlap.surface.equals(box(50, 0, 60, 50))
    assert overlap.surface.contains(shapely.Point(overlap.place))


def test_a_gap_names_the_zones_around_it():
    zones = {**QUARTERS, "A": box(0, 0, 49, 50)}

    (gap,) = check(zones, PLAN)

    # C and D meet it in their common corner only, or along its upper end.
    assert (gap.kind, gap.zones, gap.area_m2) == (Kind.GAP, ("A", "B", "C", "D"), 50)
    assert gap.surface.equals(box(49, 0, 50, 50))
    assert gap.surface.contains(shapely.Point(gap.place))


def test_gaps_that_meet_in_a_corner_are_two():
    zones = {"A": QUARTERS["A"], "D": QUARTERS["D"]}

    assert said(check(zones, PLAN)) == [("gap", "AD", 2500), ("gap", "AD", 2500)]


def test_the_same_zone_twice_is_an_overlap_of_all_of_it():
    zones = {**QUARTERS, "E": QUARTERS["B"]}

    assert said(check(zones, PLAN)) == [("overlap", "BE", 2500)]


def test_three_zones_on_the_same_ground_are_three_pairs():
    zones = dict.fromkeys("ABC", PLAN)

    assert said(check(zones, PLAN)) == [
        ("overlap", "AB", 10_000),
        ("overlap", "AC", 10_000),
        ("overlap", "BC", 10_000),
    ]


def test_a_zone_inside_another_overlaps_with_its_own_area():
    assert said(check({"A": PLAN, "B": box(10, 10, 20, 20)}, PLAN)) == [("overlap", "AB", 100)]


def test_a_zone_over_neighbours_overlaps_each_of_them():
    """The edges between the neighbours are without fault, and yet the pair changes there."""
    zones = {**QUARTERS, "E": box(40, 40, 60, 60)}

    assert said(check(zones, PLAN)) == [("overlap", f"{name}E", 100) for name in "ABCD"]


def test_an_overlap_in_two_places_is_one_fault_with_both():
    comb = shapely.union_all([box(0, 0, 50, 100), box(0, 0, 60, 10), box(0, 90, 60, 100)])
    zones = {"A": comb, "B": box(50, 0, 100, 100)}

    (overlap,) = check(zones, PLAN)

    assert overlap.area_m2 == 200
    assert shapely.get_num_geometries(overlap.surface) == 2


def test_what_leaves_the_plan_is_reported():
    zones = {**QUARTERS, "B": box(50, 0, 110, 50)}

    assert said(check(zones, PLAN)) == [("outside", "B", 500)]


def test_a_zone_wholly_outside_is_all_outside():
    zones = {**QUARTERS, "E": box(200, 0, 210, 10)}

    assert said(check(zones, PLAN)) == [("outside", "E", 100)]


def test_holes_and_parts_are_ground_like_any_other():
    ring = PLAN.difference(box(10, 10, 90, 90))
    islands = shapely.MultiPolygon([box(10, 10, 50, 90), box(60, 10, 90, 90)])

    assert check({"A": ring, "B": islands, "C": box(50, 10, 60, 90)}, PLAN) == []
    assert said(check({"A": ring, "B": islands}, PLAN)) == [("gap", "AB", 800)]


def test_a_hole_in_the_plan_belongs_to_nobody():
    plan = PLAN.difference(box(40, 40, 60, 60))

    assert check({"A": plan}, plan) == []
    assert said(check({"A": PLAN}, plan)) == [("outside", "A", 400)]


@pytest.mark.parametrize("turned", [False, True])
def test_it_does_not_matter_which_way_a_ring_runs(turned):
    zones = {
        name: shape.reverse() if (name in "AD") == turned else shape
        for name, shape in QUARTERS.items()
    }

    assert check(zones, PLAN) == []


def test_a_corner_on_a_neighbours_edge_is_no_fault():
    """B's edge runs past the corner that C and D have in common, a rounding away."""
    zones = {
        "A": box(0, 0, 100, 1 / 3),
        "C": shapely.Polygon([(0, 1 / 3), (33.3, 1 / 3 + 1e-10), (33.3, 100), (0, 100)]),
        "D": shapely.Polygon([(33.3, 1 / 3 + 1e-10), (100, 1 / 3), (100, 100), (33.3, 100)]),
    }

    assert check(zones, PLAN) == []


def test_a_millimetre_along_a_hundred_metres_is_tolerated_and_two_are_not():
    def pair(shift_m):
        return {"A": box(0, 0, 50 + shift_m, 100), "B": box(50, 0, 100, 100)}

    assert check(pair(0.0009), PLAN) == []
    assert check(pair(-0.0009), PLAN) == []
    assert said(check(pair(0.002), PLAN)) == [("overlap", "AB", 0.2)]
    assert said(check(pair(-0.002), PLAN)) == [("gap", "AB", 0.2)]


def test_much_tiny_ground_of_one_pair_adds_up():
    """200 teeth of 10 cm² each: none would count alone."""
    teeth = [(50 + (0.008 if k % 2 else -0.008), k * 0.25) for k in range(401)]
    zones = {
        "A": shapely.Polygon([(0, 0), *teeth, (0, 100)]),
        "B": box(50, 0, 100, 100),
    }

    faults = {f.kind: f for f in check(zones, PLAN)}

    # Each tooth that points into B is a triangle with its base of 0.25 m on the edge.
    assert faults[Kind.OVERLAP].area_m2 == pytest.approx(200 * 0.25 * 0.008 / 2, rel=1e-6)


def test_a_zone_thinner_than_its_line_is_a_splinter():
    zones = {
        "A": box(0, 0, 50, 100),
        "B": box(50, 0, 50.1, 100),
        "C": box(50.1, 0, 100, 100),
    }

    (sliver,) = check(zones, PLAN)

    assert (sliver.kind, sliver.zones) == (Kind.SLIVER, ("B",))
    assert sliver.area_m2 == pytest.approx(10)
    assert sliver.width_m == pytest.approx(20 / 200.2)


def test_a_splinter_left_of_a_cut_zone_is_found_and_the_rest_is_not_blamed():
    left = shapely.MultiPolygon([box(0, 0, 50, 100), box(50, 0, 50.1, 100)])
    zones = {"A": shapely.MultiPolygon([box(0, 0, 49, 100), box(50, 0, 50.1, 100)])}
    assert not left.is_valid

    slivers = [f for f in check(zones, PLAN) if f.kind == Kind.SLIVER]

    assert [f.surface.bounds for f in slivers] == [(50, 0, 50.1, 100)]


def test_a_ring_that_crosses_itself_is_reported_where_it_does():
    bow_tie = shapely.Polygon([(0, 0), (50, 50), (50, 0), (0, 50)])
    zones = {**QUARTERS, "A": bow_tie}

    faults = check(zones, PLAN)

    # The bow tie holds a triangle of 625 m² on its left and right; those above and below are bare.
    assert said(faults) == [("gap", "AB", 625), ("gap", "ABCD", 625), ("invalid", "A", 1250)]
    invalid = next(f for f in faults if f.kind == Kind.INVALID)
    assert invalid.place == (25, 25)


def test_what_is_no_surface_is_invalid_and_the_rest_is_checked():
    zones = {
        **QUARTERS,
        "N": None,
        "E": shapely.Polygon(),
        "L": shapely.LineString([(0, 0), (1, 1)]),
        "I": shapely.Polygon([(0, 0), (1, 0), (math.inf, 1)]),
        "D": box(60, 50, 100, 100),
    }

    faults = check(zones, PLAN)

    assert said(faults) == [
        ("gap", "ABCD", 500),
        ("invalid", "E", 0),
        ("invalid", "I", 0),
        ("invalid", "L", 0),
        ("invalid", "N", 0),
    ]
    for fault in faults:
        assert PLAN.contains(shapely.Point(fault.place))


def test_arrays_give_the_same_and_a_third_dimension_is_ignored():
    shapes = np.array(list(QUARTERS.values()), dtype=object)
    shapes[1] = shapely.force_3d(box(50, 0, 99, 50), 7.0)

    assert said(check_arrays(shapes, list("ABCD"), PLAN)) == [("gap", "BD", 50)]


def test_faults_far_from_the_origin_keep_their_area():
    """Coordinates as they are: a million metres and more, where doubles are 2e-10 m apart."""
    zones = {
        name: shapely.transform(shape, lambda xy: xy / 3 + (587_123.4567, 2_325_987.6543))
        for name, shape in {**QUARTERS, "A": box(0, 0, 60, 50)}.items()
    }
    plan = shapely.transform(PLAN, lambda xy: xy / 3 + (587_123.4567, 2_325_987.6543))

    (overlap,) = check(zones, plan)

    assert overlap.area_m2 == pytest.approx(500 / 9, abs=1e-6)


def test_a_zone_that_crosses_an_edge_on_the_rim_overlaps_inside_and_leaves_outside():
    """B's edge follows the rim, so only A's own edges go around the ground at fault."""
    plan = box(0, 0, 100, 50)
    zones = {
        "A": shapely.Polygon([(0, 0), (50, 0), (50, 40), (60, 40), (60, 60), (50, 60), (50, 50)]),
        "B": box(50, 0, 100, 50),
        "C": shapely.Polygon([(0, 0), (50, 50), (0, 50)]),
    }

    assert said(check(zones, plan)) == [("outside", "A", 100), ("overlap", "AB", 100)]


def test_a_zone_twice_amid_others_is_found():
    """Each of its edges is there twice in one direction and once in the other."""
    zones = {
        f"{east}{north}": box(10 * east, 10 * north, 10 * east + 10, 10 * north + 10)
        for east in range(9)
        for north in range(9)
    }
    twice = {f"{name}b": zones[name] for name in ("22", "25", "52", "66")}

    faults = check({**zones, **twice}, box(0, 0, 90, 90))

    assert [(f.kind, f.zones, f.area_m2) for f in faults] == [
        (Kind.OVERLAP, (name, f"{name}b"), 100) for name in ("22", "25", "52", "66")
    ]
