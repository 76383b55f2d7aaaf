"""What plans permit on ground, by hand: the pure arithmetic."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from planning.permitted import Planned, permitted_on

GROUND = shapely.box(0, 0, 200, 100)


def planned(
    level: str, reference: str, west: float, south: float, east: float, north: float
) -> Planned[str]:
    return Planned(level, shapely.box(west, south, east, north), reference)


def said(found):
    return [(share.zone.reference, share.m2) for share in found.shares]


def test_without_a_plan_all_of_it_is_unplanned():
    found: Any = permitted_on(GROUND, [], [])

    assert (found.unplanned_m2, found.silent_m2, found.shares) == (20_000, 0, ())


def test_zones_share_the_ground_and_the_largest_comes_first():
    found = permitted_on(
        GROUND,
        [planned("zoning", "", 0, 0, 200, 100)],
        [planned("zoning", "A", 0, 0, 50, 100), planned("zoning", "B", 50, 0, 300, 100)],
    )

    assert said(found) == [("B", 15_000), ("A", 5_000)]
    assert (found.unplanned_m2, found.silent_m2, found.contested_m2) == (0, 0, 0)


def test_the_finest_plan_decides_and_the_coarser_one_does_not_step_in_where_it_is_silent():
    found = permitted_on(
        GROUND,
        [planned("general", "", 0, 0, 150, 100), planned("detailed", "", 0, 0, 100, 100)],
        [planned("general", "G", 0, 0, 150, 100), planned("detailed", "D", 0, 0, 60, 100)],
    )

    # 0-60 detailed, 60-100 the detailed plan is silent, 100-150 general, 150-200 no plan at all.
    assert said(found) == [("D", 6_000), ("G", 5_000)]
    assert (found.silent_m2, found.unplanned_m2) == (4_000, 5_000)


def test_two_zones_of_one_level_on_one_ground_are_both_told_and_the_ground_is_contested():
    found = permitted_on(
        GROUND,
        [planned("zoning", "", 0, 0, 200, 100)],
        [planned("zoning", "A", 0, 0, 120, 100), planned("zoning", "B", 100, 0, 200, 100)],
    )

    assert said(found) == [("A", 12_000), ("B", 10_000)]
    assert found.contested_m2 == 2_000


def test_a_neighbour_that_only_touches_or_covers_a_sliver_has_no_share():
    found = permitted_on(
        GROUND,
        [planned("zoning", "", 0, 0, 200, 100)],
        [
            planned("zoning", "A", 0, 0, 200, 100),
            planned("zoning", "beside", 200, 0, 300, 100),
            # 4 mm along 100 m: 0.4 m².
            planned("zoning", "sliver", 199.996, 0, 300, 100),
        ],
    )

    assert said(found) == [("A", 20_000)]
    assert found.contested_m2 == 0


def test_the_land_use_plan_stands_beside_and_decides_nothing_of_the_others():
    found = permitted_on(
        GROUND,
        [planned("land_use", "", 0, 0, 200, 100)],
        [planned("land_use", "ODT", 0, 0, 200, 100)],
    )

    assert found.shares == ()
    assert found.unplanned_m2 == 20_000
    assert [(u.zone.reference, u.m2) for u in found.land_uses] == [("ODT", 20_000)]


def test_the_parts_of_any_ground_add_up():
    ground = shapely.Polygon([(0, 0), (170, 30), (120, 140), (20, 90)])
    territories = [
        Planned("zoning", shapely.Point(40, 40).buffer(60), ""),
        Planned("general", shapely.Point(90, 60).buffer(70), ""),
    ]
    west = shapely.intersection(territories[0].shape, shapely.box(0, 0, 50, 200))
    zones = [Planned("zoning", west, "A"), Planned("general", territories[1].shape, "B")]

    found = permitted_on(ground, territories, zones)

    parts = sum(share.m2 for share in found.shares) + found.silent_m2 + found.unplanned_m2
    assert parts == pytest.approx(ground.area, abs=1e-6)
