"""Plots, buildings and streets below a plan, beyond the examples of the catalogue."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import planning.conflicts.rules  # noqa: F401 # makes the judges known
from planning.conflicts.engine import judge
from planning.conflicts.examples import example_facts
from planning.conflicts.frontage import pieces_of, within_reach
from planning.conflicts.parting import intersections, parted, shares_with_large
from tests.planning.conflicts.test_examples import REFERENCE, RULES

RULE = {rule.code: rule for rule in RULES}
HOMES, ROADS, PARK, SCHOOL = (
    "DAT_O_Nhomnhao",
    "DAT_HTKT_DuongGT",
    "DAT_HTXH_CayxanhCC",
    "DAT_HTXH_Truonghoc",
)


def box(west, south, east, north):
    return f"{west} {south}, {east} {south}, {east} {north}, {west} {north}"


def zone(key, function, *corners, **more):
    return {"plan": "A", "key": key, "function": function, "ground": box(*corners), **more}


def plot(key, *corners, **more):
    return {"key": key, "uses": "ODT", "ground": box(*corners), **more}


def street(line, width_m=6.0, **more):
    known = {} if width_m is None else {"width_m": width_m}
    return {"key": "road/d/1", "line": line, **known, **more}


def found(code, zones, plans=({"code": "A", "level": "detailed"},), **ground):
    return judge(example_facts({"plans": plans, "zones": zones, **ground}, REFERENCE), [RULE[code]])


def landlocked(zones, plots, roads, **more):
    return [
        (finding.parties[0].key, finding.part, finding.values.get("parcels"))
        for finding in found("G07", zones, parcels=plots, roads=roads, **more)
    ]


# One row of plots along a street whose axis runs 3 m south of them.
ROW = [plot("p1", 0, 0, 10, 20), plot("p2", 10, 0, 20, 20)]
STREET = street("-10 -3, 30 -3")


def test_a_plot_on_a_street_that_stays_has_a_front():
    assert landlocked([zone("a1", HOMES, 0, 0, 20, 20)], ROW, [STREET]) == []


def test_a_street_below_a_school_is_given_up_but_one_along_its_edge_is_not():
    homes = zone("a1", HOMES, 0, 0, 20, 20)
    over = zone("a2", SCHOOL, -10, -30, 30, 0)
    beside = zone("a2", SCHOOL, -10, -30, 30, -3)

    assert landlocked([homes, over], ROW, [STREET]) == [("a1", "", 2)]
    assert landlocked([homes, beside], ROW, [STREET]) == []


def test_a_bridge_gives_no_front_and_a_road_to_come_does_if_its_plan_is_there():
    homes = [zone("a1", HOMES, 0, 0, 20, 20)]

    assert landlocked(homes, ROW, [street("-10 -3, 30 -3", level=1)]) == [("a1", "before", 2)]
    assert landlocked(homes, ROW, [street("-10 -3, 30 -3", planned_by="A")]) == []
    assert landlocked(homes, ROW, [street("-10 -3, 30 -3", planned_by="B")]) == [
        ("a1", "before", 2)
    ]


def test_a_street_of_unknown_width_leaves_it_open():
    homes = [zone("a1", HOMES, 0, 0, 20, 20)]

    open_found = found("G07", homes, parcels=ROW, roads=[street("-10 -3, 30 -3", width_m=None)])

    assert [(f.part, f.values["reason"]) for f in open_found] == [
        ("unchecked", "road_width_unknown")
    ]


def test_what_is_left_open_for_two_reasons_is_told_once():
    homes = [zone("a1", HOMES, 0, 0, 20, 20), zone("a2", HOMES, 20, 0, 40, 20)]
    reaching_far = plot("p3", 20, 0, 40, 100)

    (told,) = found(
        "G07",
        homes,
        parcels=[*ROW, reaching_far],
        roads=[street("-10 -3, 18 -3", width_m=None)],
    )

    assert told.part == "unchecked"
    assert told.values["count"] == 2


def test_what_a_park_takes_from_the_front_takes_the_front():
    # The park takes the southern 5 m of both plots, and the street with them is 8 m away.
    zones = [zone("a1", HOMES, 0, 5, 20, 20), zone("a2", PARK, 0, -2, 20, 5)]

    (finding,) = found("G07", zones, parcels=ROW, roads=[STREET])

    assert finding.part == ""
    assert finding.area_m2 == pytest.approx(300.0)
    assert finding.ground.bounds[1] == pytest.approx(2_300_005.0)


def test_what_a_road_takes_from_the_front_gives_a_front():
    zones = [zone("a1", HOMES, 0, 5, 20, 20), zone("a2", ROADS, 0, -2, 20, 5)]

    assert landlocked(zones, ROW, [street("-10 -30, 30 -30")]) == []


def test_the_road_of_the_plan_that_a_draft_replaces_gives_no_front():
    plans = [{"code": "A", "level": "detailed", "judged": False},
             {"code": "A", "level": "detailed", "draft": True}]  # fmt: skip
    zones = [
        zone("old1", HOMES, 0, 0, 20, 20),
        zone("old2", ROADS, -10, -8, 30, 0),
        zone("new1", HOMES, 0, 0, 20, 20, draft=True),
        zone("new2", PARK, -10, -8, 30, 0, draft=True),
    ]

    assert landlocked(zones, ROW, [STREET], plans=plans) == [("new1", "", 2)]


@pytest.mark.parametrize("code", ["G01", "G02", "G04", "G05", "G06", "G07"])
def test_a_zone_in_two_parts_has_the_conflicts_of_the_whole(code):
    example = RULE[code].violates
    whole = judge(example_facts(example, REFERENCE), [RULE[code]])
    first, *rest = example["zones"]
    corners = np.array([point.split() for point in first["ground"].split(",")], float)
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    # Through the things that are there, at no corner of theirs.
    middle = west + (east - west) * 0.13
    halves = [
        {**first, "key": "h1", "ground": box(west, south, middle, north)},
        {**first, "key": "h2", "ground": box(middle, south, east, north)},
    ]

    parts = judge(example_facts({**example, "zones": [*halves, *rest]}, REFERENCE), [RULE[code]])

    assert sum(f.area_m2 for f in parts) == pytest.approx(sum(f.area_m2 for f in whole), abs=1e-6)
    if whole[0].ground is not None:
        one, two = (shapely.union_all([f.ground for f in every]) for every in (whole, parts))
        assert one.symmetric_difference(two).area < 1e-6


def test_a_plot_is_not_cut_where_two_zones_of_one_function_meet():
    zones = [zone("a1", HOMES, 0, 0, 50, 20), zone("a2", HOMES, 50, 0, 100, 20)]

    assert found("G04", zones, parcels=[plot("p1", 48, 0, 60, 20)]) == []


def test_lines_come_within_reach_of_surfaces_as_geos_says():
    rng = np.random.default_rng(5)
    west, south = rng.uniform(0, 300, (2, 400))
    surfaces = shapely.box(west, south, west + rng.uniform(2, 20, 400), south + 9)
    surfaces = shapely.affinity.rotate(shapely.MultiPolygon(list(surfaces)), 20).geoms
    surfaces = np.array(list(surfaces), object)
    ends = rng.uniform(0, 300, (60, 4))
    lines = shapely.linestrings([[(a, b), (c, d)] for a, b, c, d in ends * (1, 1, 0.2, 1)])
    reach = rng.uniform(0.5, 6, 60)

    near = within_reach(surfaces, pieces_of(lines, reach))

    apart = shapely.distance(surfaces[:, None], lines[None, :])
    assert near.tolist() == (apart <= reach).any(axis=1).tolist()
    assert 20 < near.sum() < 380


def test_a_large_surface_in_parts_is_the_same_ground():
    ring = shapely.Point(0, 0).buffer(500, quad_segs=400)
    holes = [shapely.Point(x, y).buffer(20) for x in range(-300, 301, 60) for y in (-90, 60)]
    large = ring.difference(shapely.union_all(holes))
    rng = np.random.default_rng(8)
    west, south = rng.uniform(-520, 500, (2, 300))
    small = shapely.box(west, south, west + 30, south + 25)

    parts, owner = parted(np.array([large, small[0]], object))
    assert shapely.area(parts[owner == 0]).sum() == pytest.approx(large.area, abs=1e-6)
    assert (shapely.get_num_coordinates(parts) <= 64).all()

    exact = shapely.area(shapely.intersection(small, large))
    repeated = np.full(300, large, dtype=object)
    assert shapely.area(intersections(small, repeated)) == pytest.approx(exact, abs=1e-6)
    assert shapely.area(intersections(repeated, small)) == pytest.approx(exact, abs=1e-6)
    shares = shares_with_large(small, np.array([large], object))
    assert np.bincount(shares.one, shares.area_m2, 300) == pytest.approx(exact, abs=1e-6)
