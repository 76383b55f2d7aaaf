"""Ground from which something is reached, on streets whose distances are in the head."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

from planning.reach.cells import cells_of
from planning.reach.fields import areas, lines_of, reach_of_cells, reached_lines, rings
from planning.reach.nearest import Where, nearest
from planning.reach.records import Direction, Mode
from tests.planning.reach.streets import labels_of, metres, network_of, streets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from planning.reach.fields import Reached
    from planning.reach.records import Network
    from tests.planning.reach.streets import Street

CELL_M = 10.0
STRAIGHT = network_of({"A": (0, 0), "B": (1000, 0)}, [("A", "B", (), {})])


def ground(
    network: Network,
    at: Sequence[tuple[int, float]],
    *limits: float,
    water: Sequence[BaseGeometry] = (),
    simplified_m: float = 1.0,
) -> list[shapely.MultiPolygon]:
    """Return the ground within each limit of facilities on (edge, metres), on foot."""
    costs = metres(network)
    labels, facilities = labels_of(network, costs, at)
    cells = cells_of(network, costs, water=water)
    reach = reach_of_cells(labels, network, costs, facilities, cells, Direction.TO, 1.0)
    found = areas(reach, cells, limits, water=water, simplified_m=simplified_m)
    assert all(area.is_valid for _, area in found)
    return [area for _, area in found]


def stretches(
    network: Network,
    at: Sequence[tuple[int, float]],
    limit: float,
    mode: Mode = Mode.WALK,
    direction: Direction = Direction.TO,
) -> Reached:
    costs = metres(network, mode)
    labels, facilities = labels_of(network, costs, at, direction)
    return reached_lines(labels, network, costs, facilities, direction, limit)


def told(found: Reached) -> list[tuple[int, float, float]]:
    metres_of = np.round([found.from_m, found.to_m], 9).tolist()
    return list(zip(found.edge.tolist(), *metres_of, strict=True))


def test_an_area_ends_along_the_street_where_the_limit_is_used_up() -> None:
    (area,) = ground(STRAIGHT, [(0, 0.0)], 500)

    west, south, east, north = area.bounds
    assert east == pytest.approx(500, abs=CELL_M)
    # Beside the street and behind its end as far as ground is counted to it.
    assert (west, south, north) == pytest.approx((-40, -40, 40), abs=1.5)
    # The way to the street counts, so the end is pointed: 40 m beside it, 460 m along.
    by_hand = 2 * (40 * 500 - 40**2 / 2) + math.pi * 40**2 / 2
    assert area.area == pytest.approx(by_hand, rel=0.02)


def test_ground_exactly_at_the_limit_is_within() -> None:
    street = network_of({"A": (5, 5), "B": (805, 5)}, [("A", "B", (), {})])

    (area,) = ground(street, [(0, 0.0)], 500)

    assert area.distance(Point(505, 5)) < 1e-6
    assert area.distance(Point(517, 5)) > 1


def test_streets_are_cut_where_the_limit_is_used_up() -> None:
    bent = network_of({"A": (0, 0), "B": (300, 400)}, [("A", "B", [(300, 0)], {})])

    found = stretches(bent, [(0, 0.0)], 500)

    assert told(found) == [(0, 0.0, 500.0)]
    assert lines_of(bent, found)[0].equals(LineString([(0, 0), (300, 0), (300, 200)]))


def test_a_street_is_reached_from_both_its_ends_and_from_a_facility_on_it() -> None:
    two = [(0, 0.0), (0, 1000.0)]

    assert told(stretches(STRAIGHT, two, 400)) == [(0, 0.0, 400.0), (0, 600.0, 1000.0)]
    assert told(stretches(STRAIGHT, two, 500)) == [(0, 0.0, 1000.0)]
    assert told(stretches(STRAIGHT, [(0, 500.0)], 100)) == [(0, 400.0, 600.0)]


def test_who_rides_reaches_along_a_one_way_street_in_its_direction_only() -> None:
    lane = network_of({"A": (0, 0), "B": (100, 0)}, [("A", "B", (), {"one_way": 1})])

    assert told(stretches(lane, [(0, 60.0)], 50, Mode.MOTORBIKE)) == [(0, 10.0, 60.0)]
    from_it = stretches(lane, [(0, 60.0)], 50, Mode.MOTORBIKE, Direction.FROM)
    assert told(from_it) == [(0, 60.0, 100.0)]
    assert told(stretches(lane, [(0, 60.0)], 50)) == [(0, 10.0, 100.0)]


RIVER = box(-100, 10, 1100, 25)
TWO_BANKS = {"A": (0.0, 0.0), "B": (1000.0, 0.0), "C": (0.0, 40.0), "D": (1000.0, 40.0)}
QUAYS: list[Street] = [("A", "B", (), {}), ("C", "D", (), {})]


@pytest.mark.parametrize("streets", [QUAYS, QUAYS[:1]], ids=["a street there", "no street there"])
def test_the_far_bank_of_a_river_is_not_reached(streets: list[Street]) -> None:
    river = network_of(TWO_BANKS, streets)

    (area,) = ground(river, [(0, 500.0)], 400, water=[RIVER])

    assert area.area > 20_000
    assert area.intersection(RIVER).area == pytest.approx(0, abs=1e-6)
    assert area.intersection(box(-100, 25, 1100, 200)).is_empty


def test_no_strip_beyond_a_ditch_is_left() -> None:
    """The outline runs up to half a cell beyond the last centre: here over a ditch of 2 m."""
    ditch = box(-100, 6, 1100, 8)

    (area,) = ground(STRAIGHT, [(0, 500.0)], 400, water=[ditch])

    assert area.bounds[3] <= 6


def test_over_a_bridge_the_far_bank_is_reached_by_the_way_over_it() -> None:
    bridged = network_of(TWO_BANKS, [*QUAYS, ("B", "D", (), {"level": 1})])

    (area,) = ground(bridged, [(0, 500.0)], 600, water=[RIVER])

    # 500 m to the bridge and 40 m over it leave 60 m along the other bank.
    far = area.intersection(box(-100, 25, 1100, 200))
    assert far.bounds[0] == pytest.approx(940, abs=CELL_M)
    # Nothing stands on a bridge, but it is walked over.
    assert (2, 0.0, 40.0) in told(stretches(bridged, [(0, 500.0)], 600))


def test_a_stream_is_cut_out_of_the_ground_of_its_own_bank() -> None:
    pond = box(100, 20, 120, 30)

    (area,) = ground(STRAIGHT, [(0, 0.0)], 500, water=[pond])
    (dry,) = ground(STRAIGHT, [(0, 0.0)], 500)

    assert area.intersection(pond).area == pytest.approx(0, abs=1e-6)
    assert dry.difference(area).intersection(box(0, -40, 400, 0)).is_empty


def test_streets_that_nothing_leads_to_have_no_ground() -> None:
    apart = network_of(
        {"A": (0, 0), "B": (300, 0), "X": (2000, 0), "Y": (2300, 0)},
        [("A", "B", (), {}), ("X", "Y", (), {})],
    )

    (area,) = ground(apart, [(0, 0.0)], 100_000)

    assert area.bounds[2] < 400
    assert told(stretches(apart, [(0, 0.0)], 100_000)) == [(0, 0.0, 300.0)]


def test_without_facilities_nothing_is_within_reach() -> None:
    (area,) = ground(STRAIGHT, [], 1000)

    assert area.is_empty
    assert told(stretches(STRAIGHT, [], 1000)) == []


@pytest.mark.parametrize(("side", "is_left"), [(200.0, True), (100.0, False)])
def test_small_holes_are_filled_and_large_ones_left(side: float, is_left: bool) -> None:
    """Of a block of 100 m, 20 x 20 m lie too far in; of one of 200 m, 120 x 120 m."""
    corners = {"A": (0.0, 0.0), "B": (side, 0.0), "C": (side, side), "D": (0.0, side)}
    block = network_of(corners, [(a, b, (), {}) for a, b in ("AB", "BC", "CD", "DA")])

    (area,) = ground(block, [(0, 0.0)], 5000)

    assert area.contains(Point(side / 2, side / 2)) is not is_left
    if is_left:
        (hole,) = area.geoms[0].interiors
        assert shapely.Polygon(hole).area == pytest.approx(120**2, rel=0.03)


def test_rings_part_the_ground_by_limits() -> None:
    costs = metres(STRAIGHT)
    labels, facilities = labels_of(STRAIGHT, costs, [(0, 0.0)])
    cells = cells_of(STRAIGHT, costs)
    reach = reach_of_cells(labels, STRAIGHT, costs, facilities, cells, Direction.TO, 1.0)

    found = rings(areas(reach, cells, [500, 250]))

    assert [(low, high) for low, high, _ in found] == [(0, 250), (250, 500)]
    inner, outer = (ring for *_, ring in found)
    assert inner.intersection(outer).area == pytest.approx(0, abs=1e-6)
    assert inner.area == pytest.approx(2 * (40 * 250 - 800) + math.pi * 800, rel=0.03)
    assert outer.area == pytest.approx(40 * 250 * 2, rel=0.03)


def test_cells_belong_to_the_nearest_street_at_ground_level() -> None:
    crossing = network_of(
        {"A": (0, 0), "B": (300, 20), "C": (100, -80), "D": (100, 90), "E": (200, 80)},
        [("A", "B", [(150, 60)], {}), ("C", "D", (), {"level": 1}), ("B", "E", (), {})],
    )

    cells = cells_of(crossing, metres(crossing))

    by_hand = shapely.distance(shapely.points(cells.xy), streets_of(crossing))
    assert cells.offset_m == pytest.approx(by_hand, abs=1e-9)
    assert set(cells.edge.tolist()) == {0, 2}
    inside = box(-60, -60, 360, 130)
    every = [Point(x, y) for x in range(-55, 360, 10) for y in range(-55, 130, 10)]
    near = [p for p in every if p.distance(streets_of(crossing)) <= 40]
    assert np.count_nonzero(cells.offset_m <= 40) == len([p for p in near if inside.covers(p)])


Towns = st.integers(0, 2**32 - 1)


def town_of(seed: int) -> Network:
    """Return streets of a small town with loops, dead ends, one-way streets and islands."""
    dice = np.random.default_rng(seed)
    nodes = {str(k): tuple(dice.integers(0, 30, 2) * 20.0) for k in range(8)}
    streets = []
    for _ in range(int(dice.integers(2, 10))):
        a, b = (str(k) for k in dice.integers(0, 8, 2))
        bends = [tuple(dice.integers(0, 30, 2) * 20.0) for _ in range(int(dice.integers(0, 2)))]
        if nodes[a] != nodes[b] or bends:
            streets.append((a, b, bends, {"one_way": int(dice.integers(-1, 2))}))
    streets.append(("0", "1", [(610.0, 7.0)], {}))
    return network_of(nodes, streets)


def spots(network: Network, seed: int, many: int) -> list[tuple[int, float]]:
    dice = np.random.default_rng(seed)
    edges = dice.integers(0, network.edges, many)
    return [(int(e), float(dice.random() * network.length_m[e])) for e in edges]


@settings(max_examples=25, deadline=None)
@given(seed=Towns)
def test_wider_limits_and_more_facilities_never_lose_ground(seed: int) -> None:
    town = town_of(seed)
    at = spots(town, seed, 3)

    narrow, wide = ground(town, at[:2], 200, 350)
    (more,) = ground(town, at, 200, simplified_m=0)
    (fewer,) = ground(town, at[:2], 200, simplified_m=0)

    assert narrow.difference(wide).area == pytest.approx(0, abs=1e-6)
    assert fewer.difference(more).area == pytest.approx(0, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    seed=Towns, mode=st.sampled_from([Mode.WALK, Mode.MOTORBIKE]), way=st.sampled_from(Direction)
)
def test_stretches_hold_the_places_within_the_limit_and_no_others(
    seed: int, mode: Mode, way: Direction
) -> None:
    town = town_of(seed)
    costs = metres(town, mode)
    labels, facilities = labels_of(town, costs, spots(town, seed, 2), way)
    found = reached_lines(labels, town, costs, facilities, way, 250.0)
    asked = spots(town, seed + 1, 200)
    edge = np.array([e for e, _ in asked], dtype=np.int32)
    share = np.array([at / town.length_m[e] for e, at in asked])
    at = Where(np.arange(201, dtype=np.int32), edge, share, np.zeros(200))
    cost = nearest(labels, town, costs, facilities, at, way).cost

    inside = [
        any(e == on and low - 1e-6 <= m <= high + 1e-6 for on, low, high in told(found))
        for e, m in asked
    ]

    assert inside == (cost <= 250.0 + 1e-6).tolist()
    lines = lines_of(town, found)
    assert shapely.length(lines) == pytest.approx(found.to_m - found.from_m, abs=1e-6)
