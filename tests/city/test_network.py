"""The networks of a city, read from the file alone."""

from __future__ import annotations

import collections

import numpy as np
import pyarrow.parquet
import pyogrio
import pyproj
import pytest
import shapely

from tests.city.conftest import OSM

LAYERS = {
    "node": "Point",
    "segment": "LineString",
    "power_line": "LineString",
    "pipeline": "LineString",
    "water": "MultiPolygon",
    "dyke": "LineString",
    "railway": "LineString",
    "control_line": "MultiPolygon",
    "theme_coverage": "MultiPolygon",
}


def network(city, layer: str):
    return city.layer("network.gpkg", layer)


def shapes(frame) -> np.ndarray:
    return np.asarray(frame.geometry.array)


def real_ways() -> dict[int, dict]:
    rows = pyarrow.parquet.read_table(OSM / "hanoi_roads.parquet").to_pylist()
    return {row["osm_id"]: row for row in rows}


def way_of(segment_key: str) -> int | None:
    """The OSM way of "w123-4"; None for what is no real street."""
    return int(segment_key[1:].split("-")[0]) if segment_key.startswith("w") else None


def test_the_layers_are_there_with_their_types(city):
    found = dict(pyogrio.list_layers(city.folder / "network.gpkg"))

    assert found == LAYERS


def test_every_key_occurs_once(city):
    keys = {
        "node": "node_key", "segment": "segment_key", "power_line": "line_key",
        "pipeline": "pipe_key", "water": "water_key", "dyke": "dyke_key", "railway": "rail_key",
        "control_line": "line_key",
    }  # fmt: skip
    for layer, key in keys.items():
        values = network(city, layer)[key]
        assert values.is_unique, layer
        assert values.str.len().max() <= 40, layer


def test_all_geometry_is_valid_and_on_the_millimetre(city):
    for layer in LAYERS:
        if layer == "theme_coverage":
            continue
        found = shapes(network(city, layer))
        assert shapely.is_valid(found).all(), layer
        assert not shapely.is_empty(found).any(), layer
        corners = shapely.get_coordinates(found)
        assert np.abs(corners - np.round(corners, 3)).max() < 1e-9, layer


def test_a_segment_begins_and_ends_at_its_nodes(city):
    nodes = network(city, "node")
    at = dict(zip(nodes["node_key"], shapely.get_coordinates(shapes(nodes)).tolist(), strict=True))
    segments = network(city, "segment")

    for row in segments.itertuples():
        line = row.geometry.coords
        assert list(line[0]) == at[row.from_node], row.segment_key
        assert list(line[-1]) == at[row.to_node], row.segment_key
    assert set(at) == set(segments["from_node"]) | set(segments["to_node"])
    assert (segments.geometry.length > 0.1).all()


def test_nearly_all_of_the_network_hangs_together(city):
    segments = network(city, "segment")
    neighbours = collections.defaultdict(set)
    for one, other in zip(segments["from_node"], segments["to_node"], strict=True):
        neighbours[one].add(other)
        neighbours[other].add(one)
    left, sizes = set(neighbours), []
    while left:
        front = {left.pop()}
        size = 0
        while front:
            size += len(front)
            front = {n for node in front for n in neighbours[node]} & left
            left -= front
        sizes.append(size)

    assert max(sizes) / sum(sizes) > 0.95


def test_streets_meet_where_they_share_a_node_in_openstreetmap_and_only_there(city):
    ways = real_ways()
    segments = network(city, "segment")
    present = {way for key in segments["segment_key"] if (way := way_of(key)) is not None}
    uses = collections.Counter(node for way in present for node in ways[way]["node_ids"])
    ends = {ways[way]["node_ids"][at] for way in present for at in (0, -1)}
    junctions = {f"n{node}" for node, count in uses.items() if count > 1} | {
        f"n{node}" for node in ends
    }

    keys = set(network(city, "node")["node_key"])

    assert {key for key in keys if key.startswith("n")} == junctions


def test_cutting_a_street_loses_none_of_its_length(city):
    geod = pyproj.Geod(ellps="WGS84")
    ways = real_ways()
    segments = network(city, "segment")
    length: dict[int, float] = collections.defaultdict(float)
    for key, m in zip(segments["segment_key"], segments.geometry.length, strict=True):
        if (way := way_of(key)) is not None:
            length[way] += m

    for way, m in length.items():
        lon, lat = (np.array(ways[way][c]) / 1e7 for c in ("lon_e7", "lat_e7"))
        # The grid is 0.01 % too small on its meridian; corners are rounded to 1 mm.
        assert m == pytest.approx(geod.line_length(lon, lat), rel=3e-4, abs=0.05)


def test_direction_and_level_of_streets_are_those_of_openstreetmap(town):
    ways = real_ways()
    found: collections.Counter[str] = collections.Counter()
    for row in network(town, "segment").itertuples():
        if (number := way_of(row.segment_key)) is None:
            continue
        way = ways[number]
        direction = {"yes": "forward", "-1": "backward"}.get(way["oneway"], "both")
        assert row.one_way == direction
        assert row.level == int(way["layer"] or bool(way["bridge"]))
        found[direction] += 1

    assert found["forward"] > 100
    assert found["both"] > 50


def test_bridges_and_underpasses_keep_their_level():
    from fixtures.city.recipe import PLACES
    from fixtures.city.streets import load_streets

    streets = load_streets(PLACES["hanoi"], within_m=3_000.0)
    level = dict(zip(streets.osm_id.tolist(), streets.level.tolist(), strict=True))

    assert level[9656730] == 2  # Cầu Chương Dương, layer=2
    assert -1 in level.values()


def test_alleys_are_lanes_and_hang_on_what_they_leave(city):
    segments = network(city, "segment")
    lanes = segments[segments["technical_class"] == "lane"]
    uses = collections.Counter([*segments["from_node"], *segments["to_node"]])
    alley = lanes["segment_key"].str.split("-").str[0]
    hangs = [
        uses[one] > 1 or uses[other] > 1
        for one, other in zip(lanes["from_node"], lanes["to_node"], strict=True)
    ]

    invented = lanes[lanes["segment_key"].str.startswith("a")]
    assert alley.nunique() > 20
    assert all(hangs)
    assert lanes["width_m"].between(1.9, 4.2).all()
    assert invented["name"].str.endswith("(giả định)").all()
    real = lanes[~lanes["segment_key"].str.startswith("a")]
    assert real["name"].str.match("(?i)(ngõ|ngách|hẻm|kiệt) ").all()


def test_new_roads_stand_in_a_plan_and_inside_its_territory(city):
    segments = network(city, "segment")
    new = segments[segments["planned_by"] != ""]
    plans = city.layer("plans.gpkg", "plan").set_index("code")

    assert new["planned_by"].nunique() >= 3
    for row in new.itertuples():
        territory = plans.geometry[row.planned_by].buffer(45.0)
        assert territory.covers(row.geometry), row.segment_key
        assert row.red_line_m == row.width_m / 2


def test_roads_out_of_town_have_a_class_and_a_strip_or_none_recorded(city):
    segments = network(city, "segment")
    outside = segments[segments["is_urban"] == False]  # noqa: E712 (null is neither)

    by_class = outside.groupby("technical_class")["strip_m"].agg(["min", "max"])
    assert by_class.loc["III"].tolist() == [8.0, 8.0]
    assert by_class.loc["V"].tolist() == [5.5, 5.5]
    assert by_class.loc["IV"].isna().all()
    assert segments["is_urban"].isna().any()
    assert segments["red_line_m"].isna().any()


def test_a_street_is_never_narrower_between_its_red_lines_than_it_is(city):
    segments = network(city, "segment")
    known = segments[segments["red_line_m"].notna()]

    assert len(known) > 20
    assert (2 * known["red_line_m"] >= known["width_m"] - 1e-9).all()


def test_red_lines_are_those_of_the_zoning_plans(city):
    zones = city.layer("plans.gpkg", "zone")
    lines = network(city, "control_line")
    red = lines[lines["kind"] == "red_line"]
    for code in sorted({c for c in red["plan_code"] if c.startswith("QHPK")}):
        planned = zones[(zones["plan_code"] == code) & (zones["function"] == "DAT_HTKT_DuongGT")]
        road = shapely.union_all(shapes(planned))
        free = shapely.union_all(shapes(red[red["plan_code"] == code]))
        # Zones are drawn simplified by 0.3 m, and small faces between roads go to a neighbour.
        assert shapely.symmetric_difference(road, free).area < 0.05 * road.area, code


def test_building_lines_begin_at_the_red_line(town):
    lines = network(town, "control_line")
    red = shapely.union_all(shapes(lines[lines["kind"] == "red_line"]))
    behind = lines[lines["kind"] == "building_line"]

    assert len(behind) > 5
    own = lines[(lines["kind"] == "red_line") & lines["plan_code"].str.startswith("QHPK")]
    own_red = shapely.union_all(shapes(own))
    assert shapely.area(shapely.intersection(shapes(behind), own_red)).max() < 0.05
    assert shapely.distance(shapes(behind), red).max() < 0.01


def test_a_control_line_names_the_decision_of_its_plan(city):
    plans = city.layer("plans.gpkg", "plan").set_index("code")
    for row in network(city, "control_line").itertuples():
        plan = plans.loc[row.plan_code]
        assert row.decision_number == plan["decision_number"]
        assert row.decision_date == plan["decision_date"]
        assert row.valid_from == plan["valid_from"]


def test_the_words_are_those_of_the_contract(city):
    power = network(city, "power_line")
    assert set(power["voltage_kv"]) >= {22.0, 35.0, 110.0, 220.0}
    assert set(power["conductor"]) <= {"bare", "covered", ""}
    assert set(power["placement"]) == {"overhead", "duct", "buried", "underwater"}
    assert power["outer_conductor_m"].isna().any()
    assert power["outer_conductor_m"].notna().any()

    pipes = network(city, "pipeline")
    assert set(pipes["kind"]) == {"water", "gas", "sewer"}
    assert (pipes["outer_m"] > pipes["diameter_mm"] / 2000).all()
    assert (pipes.loc[pipes["kind"] == "water", "diameter_mm"] >= 1000).any()

    water = network(city, "water")
    assert set(water["kind"]) <= {
        "river", "stream", "canal", "lake", "pond", "reservoir", "lagoon",
    }  # fmt: skip
    assert {"bank_stability", "water_quality", "drinking", ""} <= set(water["function"])
    assert set(water["bank"]) == {"flat", ""}

    dykes = network(city, "dyke")
    assert set(dykes["kind"]) <= {"river", "estuary", "sea"}
    assert set(dykes["grade"]) <= {"special", "I", "II", "III", "IV", "V", ""}
    assert set(dykes["protected_side"]) == {"left", "right", ""}

    rails = network(city, "railway")
    assert set(rails["kind"]) == {"national", "urban", "industrial"}
    assert rails["strip_m"].isna().any()
    assert rails["strip_m"].notna().any()


@pytest.mark.parametrize("layer", ["power_line", "pipeline", "water", "dyke", "railway"])
def test_everything_invented_says_so_in_both_languages(city, layer):
    frame = network(city, layer)

    assert frame["name"].str.endswith("(giả định)").all()
    assert frame["name_en"].str.endswith("(invented)").all()


def test_the_protected_side_of_a_dyke_is_where_the_lots_are(city):
    lots = shapely.union_all(city.lots).centroid
    for dyke in network(city, "dyke").itertuples():
        if not dyke.protected_side or not dyke.dyke_key.startswith(("DK", "DB")):
            continue
        start, end = np.array(dyke.geometry.coords[0]), np.array(dyke.geometry.coords[-1])
        run, to_lots = end - start, np.array([lots.x, lots.y]) - start
        turn = run[0] * to_lots[1] - run[1] * to_lots[0]
        assert ("left" if turn > 0 else "right") == dyke.protected_side, dyke.dyke_key


def test_a_city_of_2000_parcels_has_parcels_in_every_corridor(town):
    lots = town.lots

    def share_within(frame, distance_m: float) -> np.ndarray:
        ground = shapely.union_all(shapely.buffer(shapes(frame), distance_m))
        shapely.prepare(ground)
        return shapely.area(shapely.intersection(lots, ground)) / shapely.area(lots)

    power, dykes, rails = (network(town, n) for n in ("power_line", "dyke", "railway"))
    segments, lines = network(town, "segment"), network(town, "control_line")
    # The distances are those of the domain tables: 4 m beyond the outermost conductor of 110 kV,
    # 5 m beyond a dyke's foot in towns, 20 m from a track to houses, 13 m beyond the strip of a
    # road of class III.
    high = power[(power["voltage_kv"] == 110) & (power["placement"] == "overhead")]
    for name, share in {
        "110 kV": share_within(high[high["outer_conductor_m"].notna()], 3.5 + 4.0),
        "110 kV without conductors": share_within(high[high["outer_conductor_m"].isna()], 4.0),
        "22 kV": share_within(power[power["voltage_kv"] == 22], 0.8 + 1.0),
        "dyke": share_within(dykes[dykes["is_urban"].eq(True) & dykes["grade"].eq("I")], 13.5),
        "dyke in fields": share_within(dykes[dykes["is_urban"].eq(False)], 8.5 + 25.0),
        "railway": share_within(rails[rails["kind"] == "national"], 20.0),
        "class III": share_within(segments[segments["technical_class"] == "III"], 8.0 + 13.0),
        "class IV": share_within(segments[segments["technical_class"] == "IV"], 4.5 + 9.0),
        "red line": share_within(lines[lines["kind"] == "red_line"], 0.0),
        "building line": share_within(lines[lines["kind"] == "building_line"], 0.0),
        "canal": share_within(network(town, "water").query("kind == 'canal'"), 20.0),
        "water main": share_within(network(town, "pipeline").query("diameter_mm == 1200"), 15.6),
    }.items():
        assert ((share > 0.05) & (share < 0.95)).any(), name


@pytest.mark.parametrize("file", ["network.gpkg"])
def test_registers_are_complete_over_most_lots_not_over_all(city, file):
    cover = city.layer(file, "theme_coverage")
    inside = shapely.point_on_surface(city.lots)
    for theme, rows in cover.groupby("theme"):
        known = {
            bool(complete): shapely.intersects(shapely.union_all(shapes(part)), inside)
            for complete, part in rows.groupby("is_complete")
        }
        if theme == "pipelines":
            assert set(known) == {False}
            continue
        assert known[True].mean() > 0.5, theme
        assert known[False].any(), theme
        assert (~known[True] & ~known[False]).any(), theme


def test_the_network_speaks_of_its_seven_themes(city):
    assert set(network(city, "theme_coverage")["theme"]) == {
        "control_lines", "power_lines", "pipelines", "roads", "railways", "dykes", "water",
    }  # fmt: skip


def alleys_at(city, node: str):
    segments = network(city, "segment")
    return segments[(segments["from_node"] == node) | (segments["to_node"] == node)]


def test_gates_and_bollards_stand_in_alleys_and_never_on_a_street(town):
    nodes = network(town, "node")
    barriers = nodes[nodes["barrier"] != ""]

    found = collections.Counter(barriers["barrier"])
    assert found["bollard"] == 10
    # Six at mouths and the one of the compound.
    assert found["gate"] == 7
    for key in barriers["node_key"]:
        at = alleys_at(town, key)
        assert len(at) == 2
        assert at["segment_key"].str.startswith("a").all()
        # An alley that is cut in two parts of one key, the second with a letter more.
        one, other = sorted(at["segment_key"])
        assert other == f"{one}g"


def test_a_compound_is_entered_through_its_gate_alone(town):
    segments = network(town, "segment")
    inside = segments[segments["access"] == "private"]
    barrier = network(town, "node").set_index("node_key")["barrier"]
    neighbours = collections.defaultdict(set)
    for one, other in zip(segments["from_node"], segments["to_node"], strict=True):
        neighbours[one].add(other)
        neighbours[other].add(one)
    # From the middle of the compound outwards: no farther than what stands in the way.
    outside = segments[segments["access"] != "private"]
    begin = next(
        key
        for key in sorted({*inside["from_node"], *inside["to_node"]})
        if not barrier[key] and key not in {*outside["from_node"], *outside["to_node"]}
    )
    seen, front = {begin}, [begin]
    met: collections.Counter[str] = collections.Counter()
    while front:
        for node in neighbours[front.pop()] - seen:
            seen.add(node)
            if barrier[node]:
                met[barrier[node]] += 1
            else:
                front.append(node)

    assert met["gate"] == 1
    assert set(met) <= {"gate", "wall"}
    assert len(seen) < 30


def test_people_on_foot_cross_a_main_street_over_a_bridge_between_two_alleys(town):
    segments = network(town, "segment").set_index("segment_key")
    bridge = segments.loc["f1-0"]
    assert (bridge["class"], bridge["level"]) == ("footway", 1)
    for node in (bridge["from_node"], bridge["to_node"]):
        assert any(key.startswith("a") for key in alleys_at(town, node)["segment_key"])
    main = segments[segments["class"].isin(["primary", "secondary", "tertiary", "trunk"])]
    assert shapely.crosses(shapes(main), bridge.geometry).any()


def test_two_alleys_are_steps(town):
    segments = network(town, "segment")
    steps = segments[segments["class"] == "steps"]
    assert len(steps) == 2
    assert steps["segment_key"].str.startswith("a").all()
    assert (steps.geometry.length <= 60).all()
