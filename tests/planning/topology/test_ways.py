"""Repairs that are proposed: they solve the fault, open nothing, and keep edges shared."""

from __future__ import annotations

import pytest
import shapely
from shapely import box

from planning.topology import Kind, check, ways_out
from tests.planning.topology.squares import PLAN, QUARTERS, said


def ways(zones, kind, plan=PLAN):
    fault = next(f for f in check(zones, plan) if f.kind == kind)
    return {(way.code, way.zone): way for way in ways_out(fault, zones, plan)}


def repaired(zones, way):
    """The faults after a way was taken."""
    after = {name: shape for name, shape in {**zones, **way.changes}.items() if shape is not None}
    return said(check(after, PLAN))


def test_a_gap_goes_to_the_neighbour_with_the_longest_common_edge_first():
    zones = {**QUARTERS, "A": box(0, 0, 50, 45), "B": box(50, 0, 100, 50)}

    found = ways(zones, Kind.GAP)

    # The strip of 50 m by 5 m lies along A and C; B has 5 m of it, D its corner.
    assert list(found) == [("give_to", "A"), ("give_to", "C"), ("give_to", "B")]
    for way in found.values():
        assert repaired(zones, way) == []
        assert way.area_m2 == 250
    assert found["give_to", "A"].changes["A"].equals(QUARTERS["A"])


def test_an_overlap_is_taken_from_one_or_from_the_other():
    zones = {**QUARTERS, "A": box(0, 0, 60, 50)}

    found = ways(zones, Kind.OVERLAP)

    assert set(found) == {("take_from", "A"), ("take_from", "B")}
    assert found["take_from", "A"].changes["A"].equals(QUARTERS["A"])
    assert found["take_from", "B"].changes["B"].equals(box(60, 0, 100, 50))
    for way in found.values():
        assert repaired(zones, way) == []


def test_new_corners_on_a_neighbours_edge_become_the_neighbours_too():
    zones = {**QUARTERS, "A": box(0, 0, 60, 50)}

    way = ways(zones, Kind.OVERLAP)["take_from", "B"]

    # B now has a corner at (60, 50), where D's edge ran straight.
    assert [60, 50] in shapely.get_coordinates(way.changes["D"]).tolist()
    assert way.changes["D"].equals(QUARTERS["D"])


def test_of_the_same_zone_twice_one_can_be_removed():
    zones = {**QUARTERS, "E": QUARTERS["B"]}

    found = ways(zones, Kind.OVERLAP)

    assert found["take_from", "E"].changes == {"E": None}
    assert found["take_from", "B"].changes == {"B": None}


def test_a_splinter_joins_its_neighbour():
    zones = {"A": box(0, 0, 50, 100), "B": box(50, 0, 50.1, 100), "C": box(50.1, 0, 100, 100)}

    found = ways(zones, Kind.SLIVER)

    assert set(found) == {("join_to", "A"), ("join_to", "C")}
    assert found["join_to", "A"].changes["B"] is None
    assert found["join_to", "A"].changes["A"].equals(box(0, 0, 50.1, 100))


def test_a_splinter_of_a_zone_goes_and_the_zone_stays():
    splinter = box(50, 0, 50.1, 100)
    zones = {
        "A": shapely.MultiPolygon([box(0, 0, 40, 100), splinter]),
        "B": box(40, 0, 50, 100),
        "C": box(50.1, 0, 100, 100),
    }

    found = ways(zones, Kind.SLIVER)

    assert found["join_to", "B"].changes["A"].equals(box(0, 0, 40, 100))
    assert repaired(zones, found["join_to", "B"]) == []


def test_what_leaves_the_plan_is_cut_off():
    zones = {**QUARTERS, "B": box(50, 0, 110, 50)}

    (way,) = ways(zones, Kind.OUTSIDE).values()

    assert (way.code, way.zone) == ("trim", "B")
    assert way.changes["B"].equals(QUARTERS["B"])


def test_an_invalid_boundary_is_mended():
    zones = {"A": shapely.Polygon([(0, 0), (50, 50), (50, 0), (0, 50)])}

    (way,) = ways(zones, Kind.INVALID).values()

    assert (way.code, way.zone) == ("mend", "A")
    assert way.changes["A"].is_valid
    assert way.changes["A"].area == 1250


def test_nothing_is_proposed_for_a_zone_without_any_ground():
    assert ways({**QUARTERS, "N": None}, Kind.INVALID) == {}


def test_a_way_that_would_leave_a_splinter_is_not_offered():
    """Taking the shared ground from A would leave 5 cm of it."""
    zones = {"A": box(49.95, 0, 60, 100), "B": box(50, 0, 100, 100), "C": box(0, 0, 49.95, 100)}

    assert list(ways(zones, Kind.OVERLAP)) == [("take_from", "B")]


@pytest.mark.parametrize("faulty", ["B", "C"])
def test_faults_nearby_that_were_there_before_do_not_forbid_a_way(faulty):
    zones = {**QUARTERS, "A": box(0, 0, 60, 50), faulty: QUARTERS[faulty].buffer(-3)}

    assert ways(zones, Kind.OVERLAP)
