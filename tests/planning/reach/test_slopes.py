"""Climbs of streets in the town, and what they cost on foot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest

from planning.reach.parameters import parameters
from planning.reach.records import Metric, Mode
from planning.reach.slopes import heights_at
from planning.reach.speeds import level_kmh
from tests.planning.reach.town import STREETS, Street, costs_of, edge, node, town


class Grid(NamedTuple):
    """Heights in cells, the first row in the north."""

    cells: Any
    west: float
    north: float
    cell_width: float = 10.0
    cell_height: float = 10.0


def hill(rise, west=-105.0, north=405.0, columns=92, rows=62):
    """Return a grid whose heights at the centres of cells are a function of east and north."""
    east = west + 5 + 10 * np.arange(columns)
    up = north - 5 - 10 * np.arange(rows)
    x, y = np.meshgrid(east, up)
    return Grid(np.asarray(rise(x, y), dtype=np.float32), west, north)


#: D lies 20 m above C, and every street from south to north climbs one in ten.
SOUTH_TO_NORTH = hill(lambda x, y: 0.1 * y)


def kmh(network, key, way):
    seconds = costs_of(network, Mode.WALK, Metric.SECONDS)
    row = edge(network, key)
    return network.length_m[row] / getattr(seconds, way)[row] * 3.6


def test_up_a_hill_is_slower_than_down():
    network = town(grids=[SOUTH_TO_NORTH])

    assert network.climb_m[edge(network, "CD")] == pytest.approx(20, abs=1e-3)
    assert network.drop_m[edge(network, "CD")] == pytest.approx(0, abs=1e-3)
    # Tobler: 5 exp(-3.5 |s + 0.05|) / exp(-3.5 * 0.05), s = 0.1 up and -0.1 down.
    assert kmh(network, "CD", "ahead") == pytest.approx(3.52, abs=0.005)
    assert kmh(network, "CD", "back") == pytest.approx(5.00, abs=0.005)


def test_level_streets_are_walked_at_five_kilometres_an_hour():
    network = town(grids=[SOUTH_TO_NORTH])

    assert kmh(network, "BC", "ahead") == pytest.approx(5.0, abs=1e-3)
    assert kmh(network, "BC", "back") == pytest.approx(5.0, abs=1e-3)


def test_riding_a_bicycle_up_is_slow_and_down_not_much_faster():
    network = town(grids=[SOUTH_TO_NORTH])
    seconds = costs_of(network, Mode.CYCLE, Metric.SECONDS)
    row = edge(network, "AF")

    assert 200 / seconds.ahead[row] * 3.6 == pytest.approx(15 / 1.8, abs=0.01)
    assert 200 / seconds.back[row] * 3.6 == pytest.approx(15 * 1.3, abs=0.01)


def test_engines_do_not_mind_hills():
    flat, steep = town(), town(grids=[SOUTH_TO_NORTH])

    for mode in (Mode.MOTORBIKE, Mode.CAR):
        one, other = (costs_of(each, mode, Metric.SECONDS).ahead for each in (flat, steep))
        assert one.tolist() == other.tolist()


def test_a_hump_is_climbed_and_dropped_both_ways():
    hump = hill(lambda x, y: 12 - np.abs(x - 150) / 12.5)

    network = town(grids=[hump])
    row = edge(network, "AB")

    # Read each 20 m it is flat from 140 to 160 at 11.2 m. The mean of 30 m at 140 is that of a
    # half from 10 to 11.2 m and a half at 11.2 m.
    assert network.climb_m[row] == pytest.approx((10.6 + 11.2) / 2, abs=1e-3)
    assert network.drop_m[row] == pytest.approx(network.climb_m[row], abs=1e-3)
    assert kmh(network, "AB", "ahead") == pytest.approx(kmh(network, "AB", "back"), rel=1e-4)


def test_noise_of_a_terrain_model_makes_no_hills():
    noise = np.random.default_rng(4).normal(0, 0.1, (62, 92))
    rough = hill(lambda x, y: noise)

    network = town(grids=[rough])
    row = edge(network, "GH")

    assert network.climb_m[row] < 900 * 0.01


def test_a_bridge_is_straight_between_its_ends():
    # A gorge of 40 m between I at -100 and H at 300.
    gorge = hill(lambda x, y: np.where((y > 0) & (y < 200), -40.0, 5.0))

    network = town(grids=[gorge])
    row = edge(network, "HI")
    assert (network.climb_m[row], network.drop_m[row]) == (0, 0)

    on_ground = town([one._replace(level=0) for one in STREETS], grids=[gorge])
    assert on_ground.climb_m[edge(on_ground, "HI")] == pytest.approx(45, abs=0.1)


def test_unknown_heights_are_level_and_say_so():
    half = hill(lambda x, y: np.where(x > 350, np.nan, 0.1 * y))

    network = town(grids=[half])

    known = {key for key in network.edge_key if network.slope_known[edge(network, key)]}
    assert known == {"AB", "AF", "BE", "FE", "HI", "IJ"}
    assert network.climb_m[edge(network, "CD")] == 0
    assert network.quality.metres["no_heights"] == 200 + 200 + 200 + 200 + 900
    assert np.isnan(network.height_m[node(network, "C")])
    assert network.height_m[node(network, "E")] == pytest.approx(20)


def test_the_finer_of_two_grids_speaks_first_and_the_coarser_where_it_is_silent():
    coarse = hill(lambda x, y: np.full_like(x, 7.0))
    fine = Grid(np.full((10, 10), 3.0, dtype=np.float32), 0.0, 50.0, 5.0, 5.0)
    fine.cells[:, 5:] = np.nan

    heights = heights_at(np.array([[10.0, 20.0], [40.0, 20.0], [5000.0, 0.0]]), [coarse, fine])

    assert heights[:2].tolist() == [3.0, 7.0]
    assert np.isnan(heights[2])


def test_heights_lie_between_the_centres_of_cells():
    grid = Grid(np.array([[0, 10], [20, 30]], dtype=np.float32), 0.0, 20.0)
    at = np.array([[5.0, 15.0], [15.0, 15.0], [10.0, 10.0], [5.0, 10.0], [1.0, 19.0], [21.0, 5.0]])

    heights = heights_at(at, [grid])

    assert heights[:5].tolist() == [0, 10, 15, 10, 0]
    assert np.isnan(heights[5])


def test_a_cliff_on_a_short_street_is_no_standstill():
    nodes = {"A": (100.0, 95.0), "B": (100.0, 105.0)}
    cliff = hill(lambda x, y: np.where(y >= 100, 50.0, 0.0))

    network = town([Street("AB")], nodes, {}, grids=[cliff])

    most = parameters().slope.steepest
    assert network.climb_m[0] == pytest.approx(most * 10)


def test_signs_slow_down_what_is_faster_and_not_who_walks():
    network = town([Street("AB", road_class="primary"), Street("BC", road_class="primary_link")])
    signed = replace(network, max_speed_kmh=np.array([20, np.nan], dtype=np.float32))
    profiles = parameters().profiles

    assert level_kmh(signed, profiles[Mode.MOTORBIKE]).tolist() == [20, 28]
    assert level_kmh(signed, profiles[Mode.WALK]).tolist() == [5, 5]
