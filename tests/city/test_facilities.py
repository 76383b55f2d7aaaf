"""Facilities, sites and buildings of a city, read from the file alone."""

from __future__ import annotations

import collections
import csv

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely

from tests.city.conftest import OSM, made
from tests.city.test_network import shapes

FACILITIES = {
    "kindergarten", "primary_school", "lower_secondary_school", "upper_secondary_school",
    "health_station", "hospital", "playground", "garden", "training_ground",
    "culture_sport_centre", "market", "park", "parking", "fire_station", "hydrant", "bus_stop",
}  # fmt: skip
HAZARDS = {
    "petrol_station", "cemetery", "crematorium", "landfill", "incinerator", "waste_transfer",
    "wastewater_plant", "wastewater_pump", "water_intake", "water_works", "industrial_park",
    "livestock", "fertiliser_store", "dyke_works", "dam",
}  # fmt: skip


def facilities(city, layer: str):
    return city.layer("facilities.gpkg", layer)


def hospitals_of_openstreetmap() -> dict[str, dict[str, str]]:
    with (OSM / "hanoi_hospitals.csv").open(encoding="utf-8", newline="") as rows:
        return {f"{row['osm_type']}/{row['osm_id']}": row for row in csv.DictReader(rows)}


def test_the_layers_are_there_with_their_types(city):
    assert dict(pyogrio.list_layers(city.folder / "facilities.gpkg")) == {
        "facility": "Point",
        "hazard_site": "MultiPolygon",
        "protected_site": "MultiPolygon",
        "building": "MultiPolygon",
        "theme_coverage": "MultiPolygon",
    }


def test_every_key_occurs_once(city):
    for layer, key in {
        "facility": "facility_key", "hazard_site": "site_key", "protected_site": "site_key",
        "building": "building_key",
    }.items():  # fmt: skip
        values = facilities(city, layer)[key]
        assert values.is_unique, layer
        assert values.str.len().max() <= 40, layer


def test_all_geometry_is_valid_and_on_the_millimetre(city):
    for layer in ("facility", "hazard_site", "protected_site", "building"):
        found = shapes(facilities(city, layer))
        assert shapely.is_valid(found).all(), layer
        corners = shapely.get_coordinates(found)
        assert np.abs(corners - np.round(corners, 3)).max() < 1e-9, layer


def test_there_is_a_facility_of_every_kind_with_a_capacity(city):
    found = facilities(city, "facility")

    assert set(found["kind"]) == FACILITIES
    assert (found["capacity_unit"] != "").all()
    invented = found[found["is_synthetic"]]
    assert (invented["capacity"] > 0).all()
    assert invented["name"].str.endswith("(giả định)").all()
    assert invented["name_en"].str.endswith("(invented)").all()


def test_schools_have_about_the_places_that_the_people_have_a_right_to(town):
    # 4.4 people a house lot; 50, 65, 55 and 40 places for 1,000 people (QCVN 01:2021/BXD).
    people = 4.4 * len(town.lots)
    found = facilities(town, "facility").groupby("kind")["capacity"].sum()

    assert 0.6 * 0.050 * people < found["kindergarten"] < 1.2 * 0.050 * people
    assert 0.6 * 0.065 * people < found["primary_school"] < 1.2 * 0.065 * people


def test_a_larger_city_has_more_facilities(tmp_path, town, hanoi):
    larger = pyogrio.read_dataframe(
        made(tmp_path / "larger", place="hanoi", parcels=8000) / "facilities.gpkg", layer="facility"
    )

    count = collections.Counter(larger["kind"])
    small = collections.Counter(facilities(town, "facility")["kind"])
    assert count["kindergarten"] == pytest.approx(4 * small["kindergarten"], abs=2)
    assert count["hydrant"] > 2 * small["hydrant"]


def test_hospitals_of_hanoi_are_those_of_openstreetmap_without_an_invented_capacity(town):
    known = hospitals_of_openstreetmap()
    found = facilities(town, "facility")
    real = found[~found["is_synthetic"]]
    to_grid = pyproj.Transformer.from_crs(4326, 5897, always_xy=True)

    assert len(real) >= 5
    assert (found.loc[found["kind"] == "hospital", "is_synthetic"] == False).all()  # noqa: E712
    assert "Bệnh viện Hữu nghị Việt Đức" in set(real["name"])
    for row in real.itertuples():
        osm = known[row.facility_key]
        assert row.name == osm["name"]
        assert row.source == f"OpenStreetMap {row.facility_key}"
        assert np.isnan(row.capacity)
        expected = to_grid.transform(float(osm["lon"]), float(osm["lat"]))
        # PROJ may choose another datum shift than the pinned one, by less than a metre.
        assert row.geometry.coords[0] == pytest.approx(expected, abs=1.0)
        is_station = osm["name"].lower().startswith("trạm y tế")
        assert row.kind == ("health_station" if is_station else "hospital")


def test_nothing_real_is_claimed_in_vung_tau(vung_tau):
    assert facilities(vung_tau, "facility")["is_synthetic"].all()


def test_an_invented_facility_stands_on_the_lot_of_its_address(city):
    found = facilities(city, "facility")
    found = found[found["is_synthetic"] & ~found["kind"].isin(["hydrant", "bus_stop"])]
    address = [row["DIACHI"] for row in city.originals]
    point, lot = shapely.STRtree(city.lots).query(shapes(found), predicate="intersects")

    assert len(found) >= 14
    assert len(point) == len(found)
    assert [address[i] for i in lot] == found["address"].iloc[point].tolist()


def test_hydrants_stand_at_the_kerb(town):
    found = facilities(town, "facility")
    hydrants = shapes(found[found["kind"] == "hydrant"])
    segments = town.layer("network.gpkg", "segment")
    segments = segments[segments["segment_key"].str.startswith("w") & (segments["width_m"] >= 7)]
    tree = shapely.STRtree(shapes(segments))
    near, at = tree.query_nearest(hydrants, return_distance=True, all_matches=False)

    half = segments["width_m"].to_numpy()[near[1]] / 2
    assert len(hydrants) > 20
    assert (at < 8.0).all()
    assert np.median(np.abs(at - (half - 1.0))) < 0.05


def test_there_is_a_site_of_every_kind(city):
    found = facilities(city, "hazard_site")

    assert set(found["kind"]) == HAZARDS
    assert found["is_synthetic"].all()
    assert found["name"].str.endswith("(giả định)").all()


def test_waste_water_plants_have_capacity_and_technology_or_none_recorded(city):
    found = facilities(city, "hazard_site")
    plants = found[found["kind"] == "wastewater_plant"].set_index("technology")

    assert set(plants.index) == {"closed", "sludge_mechanical", "open"}
    assert (plants["capacity_unit"] == "m3/day").all()
    assert plants["capacity"].isna().tolist() == [False, False, True]
    assert plants.geometry["closed"].distance(shapely.union_all(city.lots)) < 60.0


def test_an_intake_in_the_river_knows_its_current_and_one_in_still_water_does_not(city):
    sites, water = facilities(city, "hazard_site"), city.layer("network.gpkg", "water")
    intakes = sites[sites["kind"] == "water_intake"]
    flowing = intakes[intakes["flow_deg"].notna()]
    river = water[water["kind"].isin(["river", "lagoon"])].geometry.iloc[-1]

    assert len(flowing) == 1
    assert river.covers(flowing.geometry.iloc[0])
    # Along the river: a line of 30 m in the direction of the current stays in it.
    at, azimuth = flowing.geometry.iloc[0].centroid, np.radians(flowing["flow_deg"].iloc[0])
    ahead = shapely.Point(at.x + 30 * np.sin(azimuth), at.y + 30 * np.cos(azimuth))
    assert river.covers(ahead)
    still = intakes[intakes["flow_deg"].isna() & (intakes["technology"] == "surface")]
    assert water[water["kind"] == "reservoir"].geometry.iloc[0].covers(still.geometry.iloc[0])
    assert "well" in set(intakes["technology"])


def test_petrol_stations_stand_on_lots_and_two_of_them_too_near_to_each_other(town):
    sites = facilities(town, "hazard_site")
    stations = shapes(sites[sites["kind"] == "petrol_station"])
    lots = shapely.normalize(shapely.multipolygons([[lot] for lot in town.lots]))

    assert len(stations) >= 2
    for station in stations:
        assert shapely.equals(lots, shapely.normalize(station)).sum() == 1
    apart = shapely.distance(stations[:, None], stations[None, :])
    assert apart[apart > 0].min() < 300.0


def test_a_relic_has_zone_two_around_zone_one(city):
    sites = facilities(city, "protected_site")
    first, second = (
        sites[(sites["kind"] == "relic") & (sites["protection_zone"] == zone)].geometry
        for zone in ("I", "II")
    )

    assert len(first) == len(second) >= 1
    for inner, outer in zip(first, second, strict=True):
        assert inner.intersection(outer).area < 1e-6
        assert inner.buffer(14.0).difference(inner.union(outer)).area < 0.1
        touched = shapely.area(shapely.intersection(city.lots, outer))
        assert (touched > 5.0).any()


def test_kinds_of_protection_are_there_and_a_coast_only_by_the_sea(hanoi, vung_tau):
    assert set(facilities(hanoi, "protected_site")["kind"]) == {
        "relic",
        "airport",
        "runway",
        "waterway",
    }
    assert "coast" in set(facilities(vung_tau, "protected_site")["kind"])
    coast = facilities(vung_tau, "protected_site").set_index("kind").geometry["coast"]
    assert shapely.intersects(vung_tau.lots, coast).any()


def test_a_runway_points_at_the_city_and_lies_below_the_ground_of_its_surfaces(city):
    sites = facilities(city, "protected_site").set_index("kind")
    runway, below = sites.geometry["runway"], sites.geometry["airport"]
    corners = np.array(runway.minimum_rotated_rectangle.exterior.coords)
    sides = np.hypot(*np.diff(corners, axis=0).T)

    assert sorted(sides.round(2).tolist()) == [45.0, 45.0, 2400.0, 2400.0]
    assert sites["elevation_m"]["runway"] == 6.0
    assert np.isnan(sites["elevation_m"]["airport"])
    assert below.covers(runway)
    assert shapely.distance(runway, city.lots).min() > 500.0
    assert shapely.intersects(below, city.lots).any()
    # Straight on from one of its ends lies the city.
    ends = (corners[:4] + np.roll(corners[:4], -1, axis=0))[sides < 50.0] / 2
    along = (ends[1] - ends[0]) / 2400.0
    drawn_on = shapely.LineString([ends[0] - 2000.0 * along, ends[1] + 2000.0 * along])
    assert drawn_on.intersects(shapely.convex_hull(shapely.union_all(city.lots)))


def test_a_city_of_2000_parcels_has_parcels_near_every_site_that_reaches_it(town):
    sites = facilities(town, "hazard_site")
    # The distances of the domain tables, in metres.
    for kind, technology, reach_m in (
        ("petrol_station", "", 50.0),
        ("wastewater_plant", "closed", 15.0),
        ("wastewater_plant", "sludge_mechanical", 300.0),
        ("wastewater_pump", "other", 15.0),
        ("cemetery", "ash", 100.0),
        ("cemetery", "one_time_burial", 500.0),
        ("cemetery", "burial_with_exhumation", 1000.0),
        ("crematorium", "", 500.0),
        ("landfill", "inorganic", 100.0),
        ("landfill", "organic", 1000.0),
        ("incinerator", "", 500.0),
        ("water_works", "", 30.0),
        ("industrial_park", "", 10.0),
        ("livestock", "", 200.0),
        ("fertiliser_store", "", 100.0),
        ("dyke_works", "", 50.0),
        ("dam", "I", 300.0),
        ("waste_transfer", "mobile", 20.0),
    ):
        ground = shapes(sites[(sites["kind"] == kind) & (sites["technology"] == technology)])
        away = shapely.distance(shapely.union_all(ground), town.lots)
        assert (away < reach_m).any(), (kind, technology)
        assert (away > reach_m).any(), (kind, technology)


def test_a_building_stands_inside_one_lot(city):
    buildings = shapes(facilities(city, "building"))
    built, lot = shapely.STRtree(city.lots).query(buildings, predicate="intersects")

    assert np.array_equal(built, np.arange(len(buildings)))
    assert shapely.covers(city.lots[lot], buildings).all()
    assert 0.85 * len(city.lots) < len(buildings) <= len(city.lots)
    assert len(set(lot.tolist())) == len(buildings)


def test_storeys_and_height_belong_together(city):
    buildings = facilities(city, "building")
    a_storey = buildings["height_m"] / buildings["storeys"]

    assert buildings["storeys"].between(1, 20).all()
    assert a_storey.between(3.3, 5.4).all()
    assert (buildings["use"] == "house").mean() > 0.7
    assert buildings["use"].nunique() >= 3


def test_the_register_of_sites_is_complete_over_most_lots_not_over_all(city):
    cover = facilities(city, "theme_coverage")
    inside = shapely.point_on_surface(city.lots)

    assert set(cover["theme"]) == {"hazard_sites", "protected_sites"}
    for _, rows in cover.groupby("theme"):
        known = {
            bool(complete): shapely.intersects(shapely.union_all(shapes(part)), inside)
            for complete, part in rows.groupby("is_complete")
        }
        assert known[True].mean() > 0.5
        assert known[False].any()
        assert (~known[True] & ~known[False]).any()


def test_what_lies_around_the_city_takes_no_lot_and_no_other_ground(town):
    on_lots = {"petrol_station", "waste_transfer", "wastewater_pump", "water_intake"}
    sites = facilities(town, "hazard_site")
    around = shapes(sites[~sites["kind"].isin(on_lots)])
    water = shapes(town.layer("network.gpkg", "water"))
    lots = shapely.union_all(town.lots)

    assert shapely.area(shapely.intersection(around, lots)).max() == 0.0
    assert shapely.area(shapely.intersection(water, lots)).max() == 0.0
    assert shapely.union_all(around).area == pytest.approx(shapely.area(around).sum(), abs=1e-3)
    assert shapely.intersection(shapely.union_all(around), shapely.union_all(water)).area == 0.0
