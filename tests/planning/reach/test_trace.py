"""The way to the nearest facility is as long as it was told, from where to where it should be."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planning.reach.graph import graph_of
from planning.reach.nearest import nearest, sources_of, standing, where
from planning.reach.records import Direction, Mode
from planning.reach.shortest import nearest_of
from planning.reach.trace import line_of, way_of
from tests.planning.reach.test_against_dijkstra import Case, Place, built, cases, entrances
from tests.planning.reach.town import costs_of, standing_at, town


@settings(max_examples=120, deadline=None)
@example(
    # The facility stands at a node that nobody passes, beside another street than the way's.
    Case(
        nodes=[(0, 0), (0, 0), (0, 0)],
        barred=[False, True, False],
        streets=[(0, 0, 0, 0), (1, 0, 30, 0), (0, 1, 0, 0)],
        places=[Place(street=0, share=0, beside=0)],
        facilities=[Place(street=1, share=0, beside=0)],
    ),
    Mode.CAR,
    Direction.TO,
)
@example(
    # Two are equally near on the place's own street.
    Case(
        nodes=[(0, 0), (0, 1)],
        barred=[False, False],
        streets=[(0, 1, 0, 0)],
        places=[Place(street=0, share=25, beside=0)],
        facilities=[Place(street=0, share=50, beside=0), Place(street=0, share=0, beside=0)],
    ),
    Mode.WALK,
    Direction.TO,
)
@example(
    # Streets without length: the first node to try leads nowhere.
    Case(
        nodes=[(0, 0), (0, 0), (0, 0), (0, 0)],
        barred=[False, False, False, False],
        streets=[(0, 3, 0, 0), (1, 2, 0, 0), (1, 3, 0, 0)],
        places=[Place(street=1, share=0, beside=0)],
        facilities=[Place(street=0, share=0, beside=0)],
    ),
    Mode.WALK,
    Direction.TO,
)
@given(cases(), st.sampled_from([Mode.WALK, Mode.CAR]), st.sampled_from(list(Direction)))
def test_ways_are_as_long_as_they_cost(case: Case, mode: Mode, direction: Direction) -> None:
    network = built(case)
    places = standing_at(network, *entrances(network, case, case.places))
    facilities = standing_at(network, *entrances(network, case, case.facilities))
    asked = costs_of(network, mode)
    everyone = np.arange(len(facilities), dtype=np.int32)
    there = standing(network, facilities, everyone, 1.0)
    graph = graph_of(network, asked, towards=direction is Direction.TO)
    labels = nearest_of(graph, sources_of(network, asked, there, direction))
    at = where(network, places, 1.0)
    found = nearest(labels, network, asked, there, at, direction)

    for place in range(len(places)):
        way = way_of(labels, network, asked, there, at, direction, place)
        if np.isinf(found.cost[place]):
            assert way is None
            continue
        assert way is not None
        line = line_of(network, way)
        beside = facilities.offset_m[found.facility[place]] + places.offset_m[place]
        length = 0.0 if line is None else line.length
        assert length + beside == pytest.approx(found.cost[place], abs=1e-6)
        if line is not None:
            ends = shapely.get_coordinates(line)[[0, -1]]
            both = [places.xy[place], facilities.xy[found.facility[place]]]
            assert np.hypot(*(ends - both).T).max() < 1e-6


def test_a_way_goes_round_the_bend_and_begins_at_the_entrance() -> None:
    network = town()
    places = standing_at(network, ("GH", 200, 5))
    market = standing_at(network, ("BC", 150, 2))
    asked = costs_of(network)
    there = standing(network, market, np.array([0], dtype=np.int32), 1.0)
    graph = graph_of(network, asked, towards=True)
    labels = nearest_of(graph, sources_of(network, asked, there, Direction.TO))

    way = way_of(labels, network, asked, there, where(network, places, 1.0), Direction.TO, 0)

    line = line_of(network, way or [])
    assert line is not None
    # 200 m up G–H, down to G, along C–G, and 50 m of B–C to 150 m from B.
    assert list(line.coords) == [(700, 200), (700, 0), (500, 0), (450, 0)]
