"""Where plots and facilities meet the streets of the town."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.reach.parameters import parameters
from planning.reach.places import (
    by_edge,
    entrances,
    entrances_at,
    entrances_of_facilities,
    plots_of,
)
from planning.reach.records import PlaceState
from tests.planning.reach.town import (
    NODES,
    STREETS,
    Street,
    metres,
    reached,
    standing_at,
    town,
    words,
)

if TYPE_CHECKING:
    from planning.reach.records import Network, Places

SEARCH = parameters().search


def grounds(*shapes: Any) -> Any:
    """Return surfaces as an array; four numbers are a box."""
    array = np.empty(len(shapes), dtype=object)
    array[:] = [shapely.box(*one) if isinstance(one, tuple) else one for one in shapes]
    return array


def met(network: Network, places: Places, place: int) -> list[tuple[str, float, float]]:
    """Return street, metres from its first node and metres beside it of each entrance."""
    return [
        (network.edge_key[edge], round(at, 6), round(beside, 6))
        for edge, at, beside in [
            (places.edge[row], places.at_m[row], places.offset_m[row])
            for row in range(places.start[place], places.start[place + 1])
        ]
    ]


def test_a_plot_under_the_bridge_meets_the_street_and_not_the_bridge():
    network = town()

    places = entrances(network, grounds((95, 10, 105, 30)), SEARCH)

    assert met(network, places, 0) == [("AB", 95, 10)]
    assert places.state.tolist() == [PlaceState.OK]


def test_a_plot_in_the_middle_of_a_long_street_meets_it_there():
    network = town()

    places = entrances(network, grounds((400, 280, 420, 290)), SEARCH)

    assert met(network, places, 0) == [("GH", 580, 10)]
    assert places.xy.tolist() == [[420, 300]]


def test_a_corner_plot_is_entered_from_both_streets_the_nearer_first():
    network = town()

    places = entrances(network, grounds((280, 8, 295, 30)), SEARCH)

    assert met(network, places, 0) == [
        ("BE", 8, 5),
        ("AB", 280, 8),
        ("BC", 0, np.hypot(5, 8).round(6)),
    ]


def test_of_two_rows_back_to_back_each_has_its_own_street():
    network = town([Street("AB"), Street("FE"), Street("AF")], barriers={})
    rows = []
    for east in range(100, 160, 20):
        rows += [(east, 160, east + 20, 190), (east, 130, east + 20, 160)]
    rows += [(east, 100, east + 20, 130) for east in range(100, 160, 20)]
    places = entrances(network, grounds(*rows), SEARCH)

    assert [one[0] for one in met(network, places, 2)] == ["FE"]
    assert places.state[2] == PlaceState.OK
    # The row in the middle stands behind others on the side of FE; AB is more than 60 m away.
    assert places.state[3] == PlaceState.NO_FRONT
    assert met(network, places, 3)[0][0] == "FE"


def test_a_plot_behind_another_has_no_front_but_a_distance():
    network = town()

    places = entrances(network, grounds((90, 10, 130, 30), (100, 30, 120, 50)), SEARCH)

    assert places.state.tolist() == [PlaceState.OK, PlaceState.NO_FRONT]
    assert met(network, places, 1)[0][2] == 30


def test_nobody_walks_along_the_fence_between_two_plots():
    network = town()
    three = grounds((80, 10, 100, 30), (100, 10, 120, 30), (100, 30, 120, 50))

    places = entrances(network, three, SEARCH)

    assert places.state.tolist() == [PlaceState.OK, PlaceState.OK, PlaceState.NO_FRONT]


def test_a_neighbour_who_stands_out_does_not_shut_the_front():
    network = town()

    places = entrances(network, grounds((90, 10, 100, 30), (100, 6, 110, 30)), SEARCH)

    assert places.state.tolist() == [PlaceState.OK, PlaceState.OK]


def test_fields_that_overlap_by_two_centimetres_do_not_shut_each_other_in():
    network = town()

    places = entrances(network, grounds((90, 10, 100, 30), (99.98, 9.98, 110, 30)), SEARCH)

    assert places.state.tolist() == [PlaceState.OK, PlaceState.OK]


def test_the_ground_of_a_street_is_everybodys():
    network = town()
    both = grounds((0, -5, 300, 9), (100, 9, 120, 30))

    shut = entrances(network, both, SEARCH)
    open_ground = entrances(network, both, SEARCH, is_street=np.array([True, False]))

    assert shut.state[1] == PlaceState.NO_FRONT
    assert open_ground.state[1] == PlaceState.OK
    assert met(network, open_ground, 1) == [("AB", 100, 9)]


@pytest.mark.parametrize(
    "barrier",
    [shapely.box(50, 3, 250, 8), shapely.LineString([(50, 5), (250, 5)])],
    ids=["water", "railway"],
)
def test_water_and_railways_are_not_crossed(barrier):
    network = town()
    plots = grounds((100, 10, 120, 30))

    free = entrances(network, plots, SEARCH)
    behind = entrances(network, plots, SEARCH, barriers=grounds(barrier))

    assert free.state.tolist() == [PlaceState.OK]
    assert behind.state.tolist() == [PlaceState.NO_FRONT]


def test_a_plot_on_the_bank_is_entered_from_the_land():
    network = town()
    pond = shapely.box(100, 30, 120, 60)

    places = entrances(network, grounds((100, 10, 120, 30)), SEARCH, barriers=grounds(pond))

    assert met(network, places, 0) == [("AB", 100, 10)]
    assert places.state.tolist() == [PlaceState.OK]


def test_a_trunk_road_is_not_crossed_to_the_street_behind_it():
    nodes = {"A": (0, 0), "B": (300, 0), "C": (0, 20), "D": (300, 20)}
    streets = [Street("AB"), Street("CD", road_class="trunk"), Street("AC")]
    network = town(streets, nodes, {})

    places = entrances(network, grounds((100, 30, 120, 50)), SEARCH)

    assert met(network, places, 0) == [("CD", 100, 10)]


def test_streets_far_away_are_told_and_none_is_not_known():
    network = town()
    far = grounds((100, -300, 120, -200), (100, -600, 120, -400), None)

    places = entrances(network, far, SEARCH)

    assert places.state.tolist() == [
        *(PlaceState.NO_FRONT, PlaceState.NO_STREET, PlaceState.NO_GROUND)
    ]
    assert met(network, places, 0) == [("IJ", 0, 100)]
    assert places.start.tolist() == [0, 1, 1, 1]


def test_without_streets_there_is_no_street():
    network = town([], {}, {})

    places = entrances(network, grounds((0, 0, 10, 10)), SEARCH)

    assert places.state.tolist() == [PlaceState.NO_STREET]
    assert entrances_at(network, np.array([[0.0, 0]]), SEARCH).state.tolist() == [3]


def test_small_parts_are_islands_only_where_nothing_else_is():
    nodes = {**NODES, "X": (2000, 0), "Y": (2100, 0), "U": (90, 40), "V": (110, 40)}
    network = town([*STREETS, Street("XY"), Street("UV")], nodes)

    places = entrances(network, grounds((2010, 5, 2020, 15), (95, 30, 105, 38)), SEARCH)

    assert met(network, places, 0) == [("XY", 10, 5)]
    assert places.state.tolist() == [PlaceState.ISLAND, PlaceState.OK]
    assert met(network, places, 1) == [("AB", 95, 30)]


def test_a_street_through_a_plot_is_at_its_door():
    network = town()

    places = entrances(network, grounds((100, -20, 140, 20)), SEARCH)

    assert met(network, places, 0) == [("AB", 100, 0)]


def test_a_park_is_entered_from_all_its_streets_and_at_most_four():
    network = town([street for street in STREETS if street.level == 0], barriers={})

    places = entrances(network, grounds((10, 10, 290, 190)), SEARCH)

    assert sorted(one[0] for one in met(network, places, 0)) == ["AB", "AF", "BE", "FE"]


def test_the_way_of_a_plot_counts_both_lines_beside_the_streets():
    network = town()
    plots = entrances(network, grounds((90, 10, 100, 30)), SEARCH)
    school = entrances_at(network, np.array([[0.0, -112.0]]), SEARCH)

    assert metres(reached(network, plots, school)).tolist() == [
        10 + 210 + 200 + 200 + 900 + 400 + 100 + 12
    ]


def test_facilities_are_entered_where_somebody_surveyed_it_or_from_their_plot():
    network = town()
    plots = grounds((10, 10, 290, 190), (400, 10, 420, 30))
    places = entrances(network, plots, SEARCH)
    xy = np.array([[150.0, 100], [410, 20], [410, 20], [600, -30], [4000, 0]])
    kind = words(["park", "primary_school", "bus_stop", "market", "market"])

    held = plots_of(xy, plots)
    plain = entrances_of_facilities(network, xy, kind, SEARCH, held_by=held, places=places)
    gates = entrances_of_facilities(
        *(network, xy, kind, SEARCH),
        held_by=held,
        places=places,
        surveyed={0: np.array([[150.0, 5.0], [4.0, 100.0]])},
    )

    assert plain.entrance_by.tolist() == ["plot", "plot", "point", "point", "point"]
    assert plain.plot.tolist() == [0, 1, -1, -1, -1]
    assert [len(met(network, plain.places, row)) for row in range(5)] == [4, 1, 1, 1, 0]
    assert met(network, plain.places, 2) == [("BC", 110, 20)]
    assert plain.places.state[4] == PlaceState.NO_STREET
    assert gates.entrance_by[0] == "surveyed"
    assert met(network, gates.places, 0) == [("AF", 100, 4), ("AB", 150, 5)]


def test_entrances_by_edge_are_all_of_them():
    network = town()
    places = standing_at(network, ("CG", 5, 0), ("AB", 7, 0), ("AB", 3, 0))

    start, order = by_edge(network, places)

    assert order.tolist() == [2, 1, 0]
    assert np.diff(start).sum() == 3


boxes = st.builds(
    lambda x, y, w, h: (x, y, x + w, y + h),
    st.integers(-80, 750), st.integers(-180, 350), st.integers(1, 90), st.integers(1, 90),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=6))
def test_no_street_is_nearer_than_the_first_entrance_and_every_one_is_where_it_says(shapes):
    network = town()
    plots = grounds(*shapes)

    places = entrances(network, plots, SEARCH)

    axes = {
        key: shapely.LineString([NODES[key[0]], *street.over, NODES[key[1]]])
        for street in STREETS
        if street.level == 0
        for key in [street.ends]
    }
    for row, plot in enumerate(plots):
        found = met(network, places, row)
        apart = {key: plot.distance(axis) for key, axis in axes.items()}
        if places.state[row] == PlaceState.NO_STREET:
            assert min(apart.values()) > 250
            continue
        assert len({key for key, _, _ in found}) == len(found) <= 4
        for key, at, beside in found:
            assert beside == pytest.approx(apart[key], abs=1e-6)
            assert axes[key].interpolate(at).distance(plot) == pytest.approx(beside, abs=1e-6)
        if places.state[row] == PlaceState.NO_FRONT:
            assert found[0][2] == pytest.approx(min(apart.values()), abs=1e-6)
        for number in range(places.start[row], places.start[row + 1]):
            if places.state[row] != PlaceState.OK or places.offset_m[number] == 0:
                continue
            way = shapely.shortest_line(plot, shapely.Point(*places.xy[number]))
            for other in np.delete(plots, row):
                inner = other.buffer(-0.35)
                assert not way.intersects(inner)
