"""Which of two corridors on one piece of ground governs (Law 35/2024 on Roads, art. 15.2)."""

from __future__ import annotations

import datetime as dt

import pytest
import shapely

from planning.corridors import corridors_of, govern
from tests.planning.things import LINE, RULES, SITE, TODAY, thing


def road(technical_class, shape=LINE, *, number=1, strip_m=6.0):
    return thing(
        "road",
        shape,
        number=number,
        technical_class=technical_class,
        is_urban=False,
        strip_m=strip_m,
    )


def dyke(foot_m, *, protected="right"):
    return thing(
        "dyke",
        LINE,
        kind="river",
        grade="I",
        protected_side=protected,
        foot_left_m=foot_m,
        foot_right_m=foot_m,
        is_urban=False,
    )


def lying_on(piece, *sources, on=TODAY):
    return [
        corridor
        for source in sources
        for corridor in corridors_of(source, RULES, on=on)
        if corridor.shape.intersects(piece) and corridor.rule.role == "corridor"
    ]


def outcome(piece, *sources, on=TODAY):
    """(rule, superseded by, because of) of each corridor on a piece of ground, in order."""
    return [
        (
            one.corridor.rule.id,
            one.superseded_by and one.superseded_by.rule.id,
            one.by_rule and one.by_rule.id,
        )
        for one in govern(lying_on(piece, *sources, on=on), RULES, on=on, piece=piece)
    ]


def plot(east_m, north_m=0.0):
    return shapely.box(east_m - 1, north_m - 1, east_m + 1, north_m + 1)


def test_a_railway_governs_over_a_road_and_the_road_stays_listed():
    rail = thing("railway", LINE, kind="national", strip_m=6.0)

    assert outcome(plot(15), road("II"), rail) == [
        ("rail_house", None, None),
        ("rail_corridor", None, None),
        ("road_expressway_class_i_ii", "rail_corridor", "road_overlap_rail"),
    ]


def test_a_dyke_governs_over_a_narrower_road():
    # The road reaches 6 + 13 = 19 m, the dyke 10 + 25 = 35 m.
    assert outcome(plot(15), road("III"), dyke(10.0)) == [
        ("dyke_field", None, None),
        ("road_class_iii", "dyke_field", "road_overlap_dyke"),
    ]


def test_a_road_governs_over_a_dyke_that_is_narrower_on_this_side():
    # The road reaches 15 + 17 = 32 m; the dyke 30 m on its river side, 35 m on its field side.
    wide = road("I", strip_m=15.0)

    assert outcome(plot(-20), wide, dyke(10.0)) == [
        ("road_expressway_class_i_ii", None, None),
        ("dyke_field", "road_expressway_class_i_ii", "road_overlap_dyke"),
    ]
    assert outcome(plot(20), wide, dyke(10.0)) == [
        ("dyke_field", None, None),
        ("road_expressway_class_i_ii", "dyke_field", "road_overlap_dyke"),
    ]


def test_where_two_roads_cross_the_higher_class_governs():
    crossing = shapely.LineString([(-500, 0), (500, 0)])

    assert outcome(plot(10, 10), road("VI", crossing, number=2, strip_m=8), road("II")) == [
        ("road_expressway_class_i_ii", None, None),
        ("road_below_class_v", "road_expressway_class_i_ii", "road_overlap_road"),
    ]


def test_of_two_roads_side_by_side_the_outer_one_governs_whatever_its_class():
    service = shapely.LineString([(20, -1000), (20, 1000)])

    assert outcome(plot(22), road("I"), road("VI", service, number=2)) == [
        ("road_below_class_v", None, None),
        ("road_expressway_class_i_ii", "road_below_class_v", "road_overlap_road"),
    ]
    assert outcome(plot(2), road("I"), road("VI", service, number=2, strip_m=16))[0] == (
        "road_expressway_class_i_ii",
        None,
        None,
    )


@pytest.mark.parametrize("other", ["III", ""])
def test_roads_of_one_class_or_of_none_known_govern_together(other):
    crossing = shapely.LineString([(-500, 0), (500, 0)])
    found = outcome(plot(10, 10), road("III"), road(other, crossing, number=2))

    assert [superseded for _, superseded, _ in found] == [None] * len(found)


def test_stretches_of_one_road_govern_together():
    south, north = shapely.LineString([(0, -500), (0, 0)]), shapely.LineString([(0, 0), (0, 500)])
    found = outcome(plot(10, 1), road("III", south), road("III", north, number=2))

    assert [superseded for _, superseded, _ in found] == [None, None]


def test_other_corridors_supersede_nothing():
    works = thing("hazard_site", SITE, kind="water_works")

    assert outcome(plot(10), road("III"), works) == [
        ("road_class_iii", None, None),
        ("water_wtp", None, None),
    ]


def test_before_the_law_on_roads_nothing_is_superseded():
    day = dt.date(2024, 12, 31)

    assert outcome(plot(15), road("III"), dyke(10.0), on=day) == [
        ("dyke_field", None, None),
        ("road_class_iii", None, None),
    ]
    assert outcome(plot(15), road("III"), dyke(10.0), on=dt.date(2025, 1, 1))[1][1] == "dyke_field"
