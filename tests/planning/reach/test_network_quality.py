"""What looks wrong in the town, in streets made wrong on purpose, and in the real Hà Nội."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from fixtures.city.osm import read_roads
from planning.reach.parameters import parameters
from planning.reach.records import NodeRows, RoadRows
from planning.reach.topology import build_network
from tests.planning.reach.town import NODES, STREETS, Street, node_rows, roads, town, words


def of(network, kind):
    """Return the keys of all findings of a kind."""
    return [one.keys for one in network.quality.issues if one.kind == kind]


def test_the_town_has_dead_ends_and_no_crossing():
    network = town()

    assert of(network, "dead_ends_at_rim") == [("J",)]
    assert network.quality.counts["crossings_without_node"] == 0
    assert network.quality.counts["parts"] == 1
    assert network.quality.counts["paths"] == 0
    assert network.quality.metres["streets"] == 3200
    assert network.quality.counts["duplicates"] == network.quality.counts["near_misses"] == 0


def test_a_street_that_crosses_others_at_their_level_without_a_node_is_told():
    network = town([one._replace(level=0) for one in STREETS])

    crossed = [one for one in network.quality.issues if one.kind == "crossings_without_node"]

    assert {one.keys for one in crossed} == {("AB", "HI"), ("FE", "HI")}
    assert {one.place for one in crossed} == {(100, 0), (100, 200)}


def test_a_dead_end_just_short_of_a_street_is_told():
    nodes = {**NODES, "X": (150, 1.5), "Y": (150, 100), "Z": (200, 103)}
    network = town([*STREETS, Street("XY"), Street("YZ")], nodes)

    assert of(network, "near_misses") == [("X", "AB")]
    assert sorted(of(network, "dead_ends")) == [("X",), ("Z",)]


def test_one_street_drawn_twice_is_told_and_two_ways_round_a_block_are_not():
    network = town(
        [Street("AB1"), Street("AB2", over=[(150, 0.5)]), Street("AB3", over=[(150, 60)])]
    )

    assert of(network, "duplicates") == [("AB1", "AB2")]


def test_loops_and_streets_without_length_are_told():
    nodes = {"A": (0, 0), "B": (0, 0), "C": (100, 0)}
    network = town(
        [Street("AB"), Street("BC"), Street("CC", over=[(120, 20), (140, 0)])], nodes, {}
    )

    assert of(network, "loops") == [("CC",)]
    assert of(network, "zero_lengths") == [("AB",)]


def test_two_nodes_at_one_place_are_told():
    nodes = {"A": (0, 0), "B": (100, 0), "C": (100, 0), "D": (200, 0)}
    network = town([Street("AB"), Street("CD")], nodes, {})

    assert {frozenset(pair) for pair in of(network, "nodes_together")} == {frozenset("BC")}
    assert network.quality.counts["parts"] == 2


def test_one_way_streets_that_nobody_leaves_or_enters_are_told():
    network = town([*STREETS, Street("GK", one_way=1), Street("EL", one_way=-1)],
                   {**NODES, "K": (900, 0), "L": (300, 280)})  # fmt: skip

    assert of(network, "leads_nowhere") == [("GK",)]
    assert of(network, "comes_from_nowhere") == [("EL",)]


def test_a_bridge_that_meets_nothing_is_told():
    nodes = {**NODES, "X": (120, 50), "Y": (180, 50)}
    network = town([*STREETS, Street("XY", level=1)], nodes)

    assert of(network, "bridges_in_the_air") == [("XY",)]
    assert of(network, "small_parts") == [("X",)]
    assert network.quality.metres["small_parts"] == 60


def test_streets_on_the_ground_through_water_are_told_and_bridges_are_not():
    pond = np.array([shapely.box(90, -50, 110, 50)], dtype=object)

    network = build_network(roads(), node_rows(), parameters=parameters(), barriers=pond)

    assert of(network, "crosses_barriers") == [("AB",)]


def test_a_city_without_streets_has_nothing_wrong_with_them():
    network = town([], {}, {})

    assert (network.nodes, network.edges, network.quality.counts["parts"]) == (0, 0, 0)
    assert set(network.quality.counts.values()) == {0}


def test_lists_are_cut_and_counts_are_not():
    rows = roads([Street("AB")] * 2100)
    keys = [f"{number:04d}" for number in range(2100)]
    shifted = [shapely.LineString([(n % 50 * 20, n), (n % 50 * 20 + 5, n)]) for n in range(2100)]
    apart = replace(
        rows,
        axis=np.array(shifted, dtype=object),
        from_node=words(f"{key}a" for key in keys),
        to_node=words(f"{key}b" for key in keys),
    )
    nodes = {f"{key}{end}": (0.0, float(key)) for key in keys for end in "ab"}

    network = build_network(apart, node_rows(nodes), parameters=parameters())

    assert network.quality.counts["small_parts"] == 2099
    assert len(of(network, "small_parts")) == 2000
    assert network.quality.is_cut
    assert not town().quality.is_cut


@pytest.fixture(scope="module")
def hanoi():
    """Return the streets of Hà Nội as OpenStreetMap has them, cut at shared nodes."""
    read = read_roads()
    _, number, times = np.unique(read.node, return_inverse=True, return_counts=True)
    is_end = times[number] > 1
    is_end[read.start[:-1]] = is_end[read.start[1:] - 1] = True
    x, y = read.lon_e7 / 1e7 * 104_000, read.lat_e7 / 1e7 * 110_900
    ends = np.flatnonzero(is_end)
    way = np.searchsorted(read.start, ends, side="right") - 1
    follows = way[:-1] == way[1:]
    begin, end = ends[:-1][follows], ends[1:][follows]
    names = [f"n{one:06d}" for one in number.tolist()]
    xy = np.stack([x, y], axis=1)
    axis = [shapely.LineString(xy[a : b + 1]) for a, b in zip(begin, end, strict=True)]
    many = len(begin)
    at = np.unique(np.concatenate([begin, end]))
    _, first = np.unique(number[at], return_index=True)
    key = words(f"s{row:06d}" for row in range(many))
    rows = RoadRows(
        key=key,
        axis=np.array(axis, dtype=object),
        from_node=words(names[a] for a in begin.tolist()),
        to_node=words(names[b] for b in end.tolist()),
        road_class=words(["residential"] * many),
        access=words([""] * many),
        planned_by=words([""] * many),
        level=np.zeros(many, dtype=np.int16),
        one_way=np.zeros(many, dtype=np.int8),
        max_speed_kmh=np.full(many, np.nan),
        width_m=np.full(many, np.nan),
    )
    nodes = at[first]
    held = NodeRows(words(names[a] for a in nodes.tolist()), xy[nodes], words([""] * len(nodes)))
    return build_network(rows, held, parameters=parameters())


def test_the_real_network_hangs_together_as_another_tool_counts(hanoi):
    # Counted with scipy and networkit on the same file, without this engine.
    assert (hanoi.nodes, hanoi.edges) == (34_276, 44_078)
    assert hanoi.quality.counts["parts"] == 489
    assert np.sort(np.bincount(hanoi.part))[::-1][:4].tolist() == [32_671, 84, 70, 54]
    assert hanoi.quality.counts["loops"] == 16
    assert hanoi.quality.counts["small_parts"] == 488
