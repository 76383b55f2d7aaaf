"""What hangs together in the town of ten nodes, and how far it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from planning.reach.graph import graph_of
from planning.reach.parameters import parameters, read_parameters
from planning.reach.records import Direction, Metric, Mode
from planning.reach.topology import along_hilbert, build_network
from tests.planning.reach.town import (
    NODES,
    STREETS,
    Street,
    costs_of,
    edge,
    metres,
    node,
    node_rows,
    reached,
    roads,
    standing_at,
    to_nodes,
    town,
    words,
)


def test_distances_on_foot_add_up():
    far = to_nodes(town(), "A")

    assert far == {
        "A": 0,
        "B": 300,
        "C": 500,
        "D": 700,
        "E": 500,
        "F": 200,
        "G": 700,
        "H": 1600,
        "I": 2000,
        "J": 2100,
    }


def test_a_street_with_a_bend_is_as_long_as_both_its_pieces():
    network = town()
    bent = edge(network, "GH")

    assert network.length_m[bent] == 900
    assert network.piece_at_m[network.piece_edge == bent].tolist() == [0, 300]


def test_a_bridge_is_not_joined_to_what_it_crosses():
    network = town()

    assert network.nodes == 10
    assert to_nodes(network, "I")["A"] == 2000


def test_a_level_one_street_is_joined_where_it_ends_at_a_node():
    network = town()

    assert to_nodes(network, "H")["I"] == 400


def test_a_car_obeys_the_one_way_street_and_who_walks_does_not():
    network = town()

    assert to_nodes(network, "C", Mode.CAR)["D"] == 200
    assert to_nodes(network, "D", Mode.CAR)["C"] == 600
    assert to_nodes(network, "D")["C"] == 200


def test_a_street_one_way_against_its_axis():
    turned = [street._replace(one_way=-street.one_way) for street in STREETS]

    far = to_nodes(town(turned), "C", Mode.CAR)

    assert far["D"] == 600


def test_a_car_gets_to_the_bollard_and_not_past_it():
    network = town()

    assert to_nodes(network, "A", Mode.CAR)["F"] == 200
    assert to_nodes(network, "A", Mode.CAR)["E"] == 500
    without_b = town([street for street in STREETS if street.ends != "AB"])
    assert to_nodes(without_b, "A", Mode.CAR)["E"] == np.inf
    assert to_nodes(without_b, "A", Mode.MOTORBIKE)["E"] == 500


def test_a_car_that_stands_at_the_bollard_may_leave_either_way():
    far = to_nodes(town(), "F", Mode.CAR)

    assert (far["E"], far["A"]) == (300, 200)


def test_a_facility_at_the_bollard_is_reached_from_both_sides():
    network = town()
    gate = standing_at(network, ("AF", 200.0, 0.0))
    plots = standing_at(network, ("AF", 150, 0), ("FE", 50, 0))

    assert metres(reached(network, plots, gate, Mode.CAR)).tolist() == [50, 50]
    assert metres(reached(network, gate, plots, Mode.CAR)).tolist() == [50]
    both = reached(network, plots, gate, Mode.CAR)
    assert both.facility.tolist() == [0, 0]


def test_the_plot_under_the_bridge_goes_all_the_way_round():
    network = town()
    plot = standing_at(network, ("AB", 100.0, 10.0))
    school = standing_at(network, ("IJ", 100.0, 0.0))

    assert metres(reached(network, plot, school)).tolist() == [2010]


def test_two_on_one_street_meet_without_a_node():
    network = town()
    plot, school = standing_at(network, ("AB", 250, 0)), standing_at(network, ("AB", 50, 0))
    one_way = town([one._replace(one_way=1) if one.ends == "AB" else one for one in STREETS])

    assert metres(reached(network, plot, school)).tolist() == [200]
    assert metres(reached(one_way, plot, school)).tolist() == [200]
    assert metres(reached(one_way, plot, school, Mode.MOTORBIKE)).tolist() == [800]
    assert metres(reached(one_way, school, plot, Mode.MOTORBIKE)).tolist() == [200]


def test_to_a_facility_and_from_it_differ_on_a_one_way_street():
    network = town()
    plot, station = standing_at(network, ("CD", 200, 0)), standing_at(network, ("BC", 200, 0))

    to = reached(network, plot, station, Mode.CAR)
    engines = reached(network, plot, station, Mode.CAR, direction=Direction.FROM)

    assert (metres(to).tolist(), metres(engines).tolist()) == ([600], [200])


def test_streets_that_hang_together_with_no_other_are_reached_by_nobody():
    nodes = {**NODES, "X": (2000, 0), "Y": (2100, 0)}
    network = town([*STREETS, Street("XY")], nodes)
    plots = standing_at(network, ("XY", 50, 5), ("AB", 50, 5))
    on_land, on_island = standing_at(network, ("AB", 0, 0)), standing_at(network, ("XY", 0, 0))

    assert reached(network, plots, on_land).cost.tolist() == [np.inf, 55]
    assert reached(network, plots, on_land).facility.tolist() == [-1, 0]
    assert reached(network, plots, on_island).cost.tolist() == [55, np.inf]
    assert network.quality.counts["parts"] == 2
    assert sorted(network.part_length_m.tolist()) == [100, 3200]


def test_streets_of_a_plan_are_in_only_when_it_is_named():
    streets = [*STREETS, Street("AE", planned_by="QH-1"), Street("AD", planned_by="QH-2")]

    assert town(streets).edges == 11
    planned = town(streets, plan="QH-1")
    assert to_nodes(planned, "A")["E"] == pytest.approx(np.hypot(300, 200))
    assert planned.edges == 12
    assert planned.plans == ("QH-1",)
    assert planned.planned.tolist().count(0) == 1
    assert planned.planned[edge(planned, "AE")] == 0
    assert set(town(streets).planned.tolist()) == {-1}


def test_segments_without_nodes_stay_out_and_are_counted():
    rows = roads()
    gone = replace(rows, to_node=words(["", "nowhere", *rows.to_node[2:]]))

    network = build_network(gone, node_rows(), parameters=parameters())

    assert network.edges == 9
    assert network.quality.counts["segments_without_nodes"] == 2


def test_parallel_streets_and_loops_stay_what_they_are():
    nodes = {"A": (0, 0), "B": (100, 0)}
    streets = [
        Street("AB", over=[(50, 80)], road_class="service"),
        Street("AB"),
        Street("BB", over=[(130, 40), (160, 0)]),
    ]
    network = town(streets, nodes, {})

    graph = graph_of(network, costs_of(network), towards=True)

    assert len(graph.to) == 6
    assert to_nodes(network, "A")["B"] == 100


def test_a_street_without_length_is_a_street():
    nodes = {"A": (0, 0), "B": (0, 0), "C": (100, 0)}

    far = to_nodes(town([Street("AB"), Street("BC")], nodes, {}), "A")

    assert far == {"A": 0, "B": 0, "C": 100}


def test_words_of_access_and_classes_keep_modes_out():
    streets = [
        Street("AB", access="no_car private"),
        Street("BC", road_class="steps"),
        Street("CD", road_class="motorway"),
    ]
    network = town(streets, barriers={})

    assert to_nodes(network, "A", Mode.CAR)["B"] == np.inf
    assert to_nodes(network, "A", Mode.MOTORBIKE)["B"] == 300
    assert to_nodes(network, "B", Mode.MOTORBIKE)["C"] == np.inf
    assert to_nodes(network, "B", Mode.WALK)["C"] == 200
    assert to_nodes(network, "C", Mode.WALK)["D"] == np.inf
    assert to_nodes(network, "C", Mode.CAR)["D"] == 200


def test_minutes_follow_class_and_mode():
    network = town([*STREETS, Street("AE", road_class="steps"), Street("DG", road_class="primary")])
    walking = costs_of(network, Mode.WALK, Metric.SECONDS)
    riding = costs_of(network, Mode.MOTORBIKE, Metric.SECONDS)

    assert walking.ahead[edge(network, "AB")] == pytest.approx(300 / (5000 / 3600))
    assert walking.ahead[edge(network, "AE")] == pytest.approx(np.hypot(300, 200) / (2000 / 3600))
    assert riding.ahead[edge(network, "AB")] == pytest.approx(60)
    assert riding.ahead[edge(network, "DG")] == pytest.approx(np.hypot(200, 200) / (28 / 3.6))


def test_the_digest_of_the_parameters_follows_values_and_not_sources():
    text = (Path(__file__).parents[3] / "fixtures/reference/reach_parameters.toml").read_text()

    read = read_parameters(text)

    assert read_parameters(text.replace('"own choice"', '"decree"')).digest == read.digest
    changed = read_parameters(
        text.replace("farthest_m = { value = 250.0", "farthest_m = { value = 251.0")
    )
    assert changed.digest != read.digest
    with pytest.raises(ValueError, match="widest_m"):
        read_parameters(text.replace("widest_m", "wide_m"))


def test_nodes_lie_along_a_curve_that_does_not_jump():
    east, north = np.meshgrid(np.arange(16.0), np.arange(16.0))
    grid = np.stack([east.ravel(), north.ravel()], axis=1)

    steps = np.diff(grid[along_hilbert(grid)], axis=0)

    assert np.abs(steps).sum(axis=1).tolist() == [1.0] * 255


def test_places_lie_on_the_axis():
    network = town()
    place = standing_at(network, ("GH", 600, 0))

    assert place.xy.tolist() == [[400, 300]]
    assert shapely.Point(*network.xy[node(network, "G")]).equals(shapely.Point(700, 0))
