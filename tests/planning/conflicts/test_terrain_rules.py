"""Slopes, floods, ground levels and airport surfaces beyond the examples of the catalogue."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

import planning.conflicts.rules  # noqa: F401 # makes the judges known
from planning.conflicts.airports import Runway, limit_height_m, reach_m
from planning.conflicts.cells import ground_of, sampled, slopes
from planning.conflicts.engine import judge
from planning.conflicts.examples import example_facts
from planning.conflicts.facts import Grid
from planning.conflicts.ground_levels import UnreadableLevel, read_ground_level
from tests.planning.conflicts.test_examples import REFERENCE, RULES

RULE = {rule.code: rule for rule in RULES}
FIGURES = RULE["T04"].parameters
#: 3 km from west to east, 5 m above the sea.
RUNWAY = Runway((-3000.0, 0.0), (0.0, 0.0), 5.0)


def facts_of(zones, grids=(), **more):
    placed = [{"plan": "A", "function": "DAT_O_Nhomnhao", **zone} for zone in zones]
    plans = [{"code": "A", "level": "zoning"}]
    return example_facts({"plans": plans, "zones": placed, "grids": grids, **more}, REFERENCE)


def square(key, west, south, size, **more):
    ground = ", ".join(
        f"{west + east} {south + north}"
        for east, north in ((0, 0), (size, 0), (size, size), (0, size))
    )
    return {"key": key, "ground": ground, **more}


def grid(kind, cells, north, **more):
    return {"kind": kind, "key": f"raster/d/{kind}", "cells": cells, "north": north, **more}


def reasons(found):
    return {finding.values["reason"]: finding.values["count"] for finding in found}


@pytest.mark.parametrize(
    ("east", "north", "allowed"),
    [
        (-1500, 0, 5.0),  # on the runway
        (-1500, 140, 5.0),  # on the edge of the strip
        (-1500, 240, 5.0 + 14.3),  # 100 m beside it
        (-1500, 1000, 50.0),  # below the inner horizontal surface
        (-1500, 5000, 100.0),  # conical: 45 + 5 % of 1,000 m
        (1060, 0, 25.0),  # approach, 1,000 m on
        (1060, 290, 25.0),  # on its edge: 140 + 15 % of 1,000 m
        (1060, 390, 25.0 + 14.3),  # 100 m beside it
        (5060, 0, 100.0),  # conical, 45 + 50 m, lies below take-off (100 m) and approach (110 m)
        (-9660, 0, 5.0 + 132.0),  # the other end, 6,600 m on: take-off 132 m, approach 150 m
        (0, 7000, np.inf),  # beyond all of them
    ],
)
def test_surfaces_are_as_high_as_the_annex_says(east, north, allowed):
    (found,) = limit_height_m(RUNWAY, np.array([[east, north]], float), FIGURES)

    assert found == pytest.approx(allowed)


def test_a_runway_may_lie_in_any_direction():
    turned = shapely.affinity.rotate(shapely.box(-3000, -22, 0, 22), 37, origin=(0, 0))
    point = shapely.affinity.rotate(shapely.Point(1060, 290), 37, origin=(0, 0))
    runway = Runway.of(turned, 5.0)

    found = limit_height_m(runway, np.array([[point.x, point.y]]), FIGURES)

    assert found == pytest.approx([25.0])
    far = reach_m(FIGURES)
    ring = shapely.get_coordinates(turned.buffer(far + 1).exterior)
    assert np.isinf(limit_height_m(runway, ring, FIGURES)).all()


def test_a_runway_without_a_height_is_told_and_so_is_a_zone_without_storeys():
    cells = [[5.0] * 10] * 10
    runway: dict[str, Any] = {
        "key": "protected_site/d/1", "kind": "protected_site",
        "ground": "-3000 -22, 0 -22, 0 22, -3000 22", "attributes": {"kind": "runway"},
    }  # fmt: skip
    zones = [square("a1", 400, 0, 100, storeys="5"), square("a2", 300, 0, 100)]
    heights = grid("terrain", cells, 100, cell=20, west=300)

    dark = judge(facts_of(zones, [heights], objects=[runway]), [RULE["T04"]])
    runway["attributes"]["elevation_m"] = 5.0
    known = judge(facts_of(zones, [heights], objects=[runway]), [RULE["T04"]])

    assert reasons(dark) == {"runway_height_unknown": 2}
    assert [f.parties[0].key for f in known] == ["A", "a1"]
    assert reasons(known[:1]) == {"storeys_unknown": 1}


def test_without_a_grid_or_with_half_of_one_nothing_is_said_to_be_level():
    zones = [square("a1", 0, 0, 20), square("a2", 20, 0, 20), square("a3", 100, 0, 20)]
    half = grid("terrain", [[5.0, 5.0, float("nan"), 5.0]] * 2, 20, cell=10)

    assert reasons(judge(facts_of(zones), [RULE["T01"]])) == {"no_grid": 3}
    assert reasons(judge(facts_of(zones, [half]), [RULE["T01"]])) == {"no_grid": 2}
    assert reasons(judge(facts_of(zones), [RULE["T03"]])) == {"no_grid": 3}
    level = grid("terrain", [[5.0] * 4] * 2, 20, cell=10)
    assert reasons(judge(facts_of(zones[:2], [level]), [RULE["T03"]])) == {"no_depths": 2}


def test_a_slope_is_that_of_the_plane():
    east, north = np.meshgrid(np.arange(12) * 5.0, np.arange(9)[::-1] * 5.0)
    plane = (0.03 * east + 0.04 * north).astype(np.float32)

    found = slopes(Grid("terrain", "k", plane, 0.0, 45.0, 5.0, 5.0))

    # 3 % to the east and 4 % to the north are 5 % uphill.
    assert found[1:-1, 1:-1] == pytest.approx(0.05, abs=1e-6)


def test_cells_of_zones_are_those_whose_middles_lie_in_them_and_ground_is_exact():
    rng = np.random.default_rng(3)
    cells = rng.random((40, 50)).astype(np.float32)
    zones = [square(f"a{k}", 7 + 40 * (k % 9), 13 + 40 * (k // 9), 36) for k in range(63)]
    facts = facts_of(zones, [grid("terrain", cells.tolist(), 320, cell=8, west=-16)])
    (held,) = facts.grids
    marked = held.cells > 0.6

    pairs = sampled(facts, held)
    ground = dict(ground_of(facts, held, marked, np.ones(len(facts.zones), bool)))

    squares = shapely.box(
        *(
            held.west + np.tile(np.arange(50), 40) * 8,
            held.north - np.repeat(np.arange(40) + 1, 50) * 8,
            held.west + np.tile(np.arange(50) + 1, 40) * 8,
            held.north - np.repeat(np.arange(40), 50) * 8,
        )
    )
    for row, shape in enumerate(facts.zones.shape):
        inside = set(np.flatnonzero(shapely.contains(shape, shapely.centroid(squares))).tolist())
        assert set(pairs.cell[pairs.zone == row].tolist()) == inside
        exact = shapely.area(shapely.intersection(squares[marked.ravel()], shape)).sum()
        assert ground[row].area == pytest.approx(exact, abs=1e-6)
    values = held.cells.ravel()[pairs.cell]
    of_7 = held.cells.ravel()[pairs.cell[pairs.zone == 7]]
    assert pairs.mean(values, 63)[7] == pytest.approx(of_7.mean())
    assert pairs.largest(values, 63)[7] == of_7.max()


def test_a_zone_smaller_than_a_cell_has_the_value_of_its_place():
    zones = [square("a1", 21, 1, 4)]
    facts = facts_of(zones, [grid("flood_depth", [[0.0, 0.0], [0.0, 0.7]], 40, cell=20)])

    (found,) = judge(facts, [RULE["T02"]])

    assert found.area_m2 == pytest.approx(16.0)
    assert found.values["deepest_m"] == pytest.approx(0.7)


@pytest.mark.parametrize("code", ["T01", "T02", "T04"])
def test_a_zone_in_two_parts_lies_as_steep_deep_and_low_as_the_whole(code):
    example = RULE[code].violates
    whole = judge(example_facts(example, REFERENCE), [RULE[code]])
    first, *rest = example["zones"]
    corners = np.array([point.split() for point in first["ground"].split(",")], float)
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    middle = west + (east - west) * 0.57
    halves = [
        {**first, "key": key, "ground": f"{a} {south}, {b} {south}, {b} {north}, {a} {north}"}
        for key, a, b in (("h1", west, middle), ("h2", middle, east))
    ]

    parts = judge(example_facts({**example, "zones": [*halves, *rest]}, REFERENCE), [RULE[code]])

    one, two = (shapely.union_all([f.ground for f in every]) for every in (whole, parts))
    assert one.symmetric_difference(two).area < 1e-6
    assert sum(f.area_m2 for f in parts) == pytest.approx(one.area, abs=1e-6)


def test_on_two_grids_the_finer_one_speaks():
    zones = [square("a1", 0, 0, 20)]
    coarse = grid("flood_depth", [[1.0]], 20, cell=20)
    fine = {**grid("flood_depth", [[0.0] * 4] * 4, 20, cell=5), "key": "raster/d/fine"}

    assert judge(facts_of(zones, [coarse, fine]), [RULE["T02"]]) == []


@pytest.mark.parametrize(
    ("note", "level"),
    [
        ("Cốt nền 6,50 m", 6.5),
        ("cao độ san nền thiết kế: +5,2 m; đường 12 m", 5.2),
        ("Cốt nền xây dựng ≥ 4.75m", 4.75),
        ("Cốt nền 6,5 m. Cốt nền 6,50 m", 6.5),
        ("Mở đường theo quy hoạch", None),
        ("Chiều cao 12 m, diện tích 650 m²", None),
        ("", None),
    ],
)
def test_ground_levels_are_read_as_plans_write_them(note, level):
    assert read_ground_level(note) == level


@pytest.mark.parametrize(
    "note",
    [
        "Cốt nền theo hiện trạng",
        "Cốt nền 6,5 m; cốt nền 7,0 m",
        "Cốt nền 650 m²",
        "Cốt nền 6,505 m",
    ],
)
def test_what_cannot_be_read_for_sure_is_not_guessed(note):
    with pytest.raises(UnreadableLevel):
        read_ground_level(note)


def test_an_unreadable_level_is_told_as_not_checked():
    zones = [square("a1", 0, 0, 20, note="Cốt nền theo hiện trạng")]
    level = grid("terrain", [[5.0] * 2] * 2, 20, cell=10)

    assert reasons(judge(facts_of(zones, [level]), [RULE["T03"]])) == {"ground_level_unreadable": 1}
