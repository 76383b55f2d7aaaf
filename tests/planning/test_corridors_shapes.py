"""Shapes of corridors: sides and bends, and outlines true to the centimetre."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from planning.corridors import corridors_of_many
from planning.corridors.outline import CHORD_ERROR_M
from planning.corridors.shapes import within
from tests.planning.things import LINE, RULES, TODAY, east, measured, sea_dyke, thing, west


def test_a_sea_dyke_reaches_further_to_the_sea_than_to_the_land():
    found = measured(sea_dyke(LINE), "dyke_sea")

    assert (west(found.certain), east(found.certain)) == (35.0, 210.0)
    turned = measured(sea_dyke(shapely.reverse(LINE)), "dyke_sea")
    assert (west(turned.certain), east(turned.certain)) == (210.0, 35.0)


def test_a_dyke_of_unknown_side_has_the_smaller_distance_on_both():
    found = measured(sea_dyke(LINE, protected=""), "dyke_sea")

    assert (west(found.certain), east(found.certain)) == (35.0, 35.0)
    assert (west(found.uncertain), east(found.uncertain)) == (210.0, 210.0)
    assert "protected_side_unknown" in found.doubts


def test_a_dyke_without_a_foot_is_measured_from_its_axis():
    bare = thing("dyke", LINE, kind="river", grade="I", protected_side="left", is_urban=False)

    found = measured(bare, "dyke_field")

    # 25 m field side, 20 m river side, 30 m allowance for the foot.
    assert (west(found.certain), west(found.uncertain)) == (25.0, 55.0)
    assert (east(found.certain), east(found.uncertain)) == (20.0, 50.0)


def test_the_sides_of_a_bent_dyke_follow_the_bend():
    # North, then west: the left is inside the bend. Sea side is the right.
    bent = shapely.LineString([(0, -1000), (0, 0), (-1000, 0)])
    found = measured(sea_dyke(bent), "dyke_sea").certain

    for east_m, north_m, inside in (
        (-34, -500, True),
        (-36, -500, False),
        (209, -500, True),
        (211, -500, False),
        (-500, -34, True),
        (-500, -36, False),
        (-500, 209, True),
        (-500, 211, False),
        # Round the outside of the bend, at 45 degrees: 210 / 1.414 = 148.49.
        (148, 148, True),
        (149, 149, False),
    ):
        assert found.contains(shapely.Point(east_m, north_m)) is inside, (east_m, north_m)


def test_beyond_the_end_of_a_dyke_the_wider_side_is_only_possible():
    found = measured(sea_dyke(LINE), "dyke_sea")

    assert found.certain.contains(shapely.Point(5, 1030))
    beyond = shapely.Point(5, 1100)
    assert not found.certain.contains(beyond)
    assert found.uncertain.contains(beyond)
    assert not found.shape.contains(shapely.Point(-40, 990))
    assert "side_unclear" in found.doubts


def test_what_is_certain_beside_a_bend_is_not_said_to_be_open_too():
    bent = shapely.LineString([(0, 0), (300, 20), (320, 400)])
    # With free coordinates GEOS found nothing in common here and took nothing away.
    feet = {"foot_left_m": 10.3, "foot_right_m": 0.0}
    found = measured(thing("dyke", bent, kind="river", grade="V", **feet), "dyke_45")

    beside = shapely.points([[310.0, 200.0], [300.0, 19.0], [150.0, 9.0]])
    assert shapely.dwithin(bent, beside, 5.0).all()
    assert shapely.intersects(found.certain, beside).all()
    assert not shapely.intersects(found.uncertain, beside).any()


def test_a_dyke_that_crosses_itself_has_no_sides():
    knot = shapely.LineString([(-500, 0), (500, 0), (500, 400), (0, 400), (0, -400)])

    found = measured(sea_dyke(knot), "dyke_sea")

    assert found.certain.contains(shapely.Point(250, 34))
    assert not found.certain.contains(shapely.Point(250, 36))
    assert found.uncertain.contains(shapely.Point(250, 36))


def test_a_dyke_round_a_polder_has_its_inside_on_the_left():
    ring = shapely.LineString([(0, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 0)])

    found = measured(sea_dyke(ring), "dyke_sea").certain

    assert found.contains(shapely.Point(500, 34))
    assert not found.contains(shapely.Point(500, 36))
    assert found.contains(shapely.Point(500, -209))


def test_a_circle_is_true_to_the_centimetre_at_every_distance():
    distances = np.array([0.5, 3, 20, 100, 1000, 2250])
    points = np.array([shapely.Point(0, 0)] * len(distances), dtype=object)

    for circle, distance in zip(within(points, distances), distances, strict=True):
        edge = shapely.segmentize(circle.exterior, distance / 1000)
        gap = distance - np.hypot(*shapely.get_coordinates(edge).T)
        assert 0 <= gap.max() <= CHORD_ERROR_M
        assert gap.min() >= -1e-6


@pytest.mark.parametrize(
    "points",
    [
        # GEOS' own buffer is 1.47 m off here, since it straightens the hollow at (40, 0).
        [(7, -1), (39, -2), (40, 0), (62, 0)],
        [(0, 0), (29, -1), (32, 0), (53, -2)],
        [(2, 9), (58, -8), (114, 12), (126, 39), (180, 58), (206, 64), (210, 62), (224, 92)],
        # Flat arcs, of which GEOS draws one chord where two were asked for.
        [
            *[(125.97, -22), (75.928, -11.745), (13.655, 3.34), (54.853, 0.7)],
            *[(72.838, -0.52), (268.457, -17.355), (241.224, -18.645), (125.97, -22)],
        ],
    ],
)
def test_outlines_are_true_to_the_centimetre_round_every_bend(points):
    line = shapely.LineString(points)
    shape = shapely.Polygon(points) if line.is_closed else line

    (drawn,) = within(np.array([shape], dtype=object), np.array([500.0]))

    ring = shapely.segmentize(drawn.exterior, 1)
    away_m = shapely.distance(shapely.points(shapely.get_coordinates(ring)), shape)
    assert abs(away_m - 500).max() <= CHORD_ERROR_M


def test_near_some_ground_nothing_but_that_ground_matters():
    rng = np.random.default_rng(3)
    course = shapely.LineString(np.cumsum(rng.normal(size=(200, 2)) * 40 + [30, 0], axis=0))
    plot = shapely.box(2900, course.bounds[1], 3300, course.bounds[3])
    sources = [
        sea_dyke(course),
        thing("power_line", course, voltage_kv=500.0, placement="overhead"),
        thing("water", course.buffer(20), kind="river", function="water_quality", is_urban=True),
        thing("railway", shapely.LineString([(0, 9000), (9000, 9000)]), kind="national"),
    ]

    whole = corridors_of_many(sources, RULES, on=TODAY)
    part = corridors_of_many(sources, RULES, on=TODAY, near=plot)

    cut = {
        (c.source.kind, c.rule.id, c.rule.measure): (
            c.certain.intersection(plot).area,
            c.uncertain.intersection(plot).area,
        )
        for c in whole
    }
    assert {c.source.kind for c in part} == {"dyke", "power_line", "water"}
    # Arcs may be drawn with other chords.
    chords_m2 = plot.length * CHORD_ERROR_M
    for c in part:
        certain, uncertain = cut.pop((c.source.kind, c.rule.id, c.rule.measure))
        assert c.certain.intersection(plot).area == pytest.approx(certain, abs=chords_m2)
        assert c.uncertain.intersection(plot).area == pytest.approx(uncertain, abs=chords_m2)
    assert all(areas == (0, 0) for areas in cut.values())
