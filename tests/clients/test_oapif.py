"""OWSLib and GDAL as clients of OGC API Features: each reads back what the database holds."""

from __future__ import annotations

import datetime as dt
import json

import pyogrio
import pytest
import shapely
from owslib.ogcapi.features import Features

from landdata import crs
from tests.clients.gdal import run
from tests.conformance.oapif.asking import LAKE_BOX
from tileserver.layers import BY_ID, LAYERS

#: Layers of the small city that hold features.
FILLED = ("water", "zones", "roads", "parcels", "facilities")
_CITY = "http://www.opengis.net/def/crs/EPSG/0/5897"


@pytest.fixture(scope="module")
def owslib(small_city):
    return Features(f"{small_city.url}/ogc/")


def held(city, layer_id: str) -> dict[str, shapely.Geometry]:
    """The features of a layer that hold today, by their ids, in the city's own system."""
    layer = BY_ID[layer_id]
    where = f"AND {layer.where}" if layer.where else ""
    rows = city.rows(
        f"""
        SELECT '{layer_id}.' || {layer.identity.sql}, ST_AsBinary(v.{layer.stored})
        FROM {layer.view} v
        WHERE v.to_revision IS NULL AND v.valid_from <= current_date
          AND (v.valid_to IS NULL OR v.valid_to > current_date) {where}
        """
    )
    return {name: shapely.from_wkb(bytes(shape)) for name, shape in rows}


def assert_same_ground(found: dict, expected: dict, *, within_m: float) -> None:
    """Hold shapes against each other, corner by corner."""
    assert set(found) == set(expected)
    for name, shape in expected.items():
        assert shapely.hausdorff_distance(found[name], shape) < within_m, name


def in_the_city(shape):
    """A shape of degrees in the city's own system."""
    return crs.transform(shape, 4326, 5897)


def test_owslib_finds_every_collection(owslib):
    assert owslib.feature_collections() == [layer.id for layer in LAYERS]
    assert owslib.api()["openapi"].startswith("3.0")


@pytest.mark.parametrize("layer", FILLED)
def test_owslib_reads_the_features_of_the_database(owslib, small_city, layer):
    found = owslib.collection_items(layer, limit=10000)

    shapes = {
        feature["id"]: in_the_city(shapely.from_geojson(json.dumps(feature["geometry"])))
        for feature in found["features"]
    }
    # Degrees are written with nine digits: 0.1 mm.
    assert_same_ground(shapes, held(small_city, layer), within_m=0.001)
    assert found["numberMatched"] == len(shapes)


def test_owslib_filters_by_box_day_and_condition(owslib):
    box = [float(number) for number in LAKE_BOX.split(",")]
    by_box = owslib.collection_items("water", bbox=box)
    by_day = owslib.collection_items("zones", datetime_="2020-06-01")
    by_condition = owslib.collection_items("parcels", filter="number IN ('1', '3')")

    assert [f["properties"]["name"] for f in by_box["features"]] == ["Hồ Thử"]
    (before,) = [f for f in by_day["features"] if f["properties"]["label"] == "C"]
    assert before["properties"]["function"] == "DAT_O_Nhomnhao"
    assert {f["properties"]["number"] for f in by_condition["features"]} == {"1", "3"}


def test_owslib_reads_one_feature_and_what_filters_may_name(owslib):
    (school,) = owslib.collection_items("facilities")["features"]

    assert owslib.collection_item("facilities", school["id"])["geometry"] == school["geometry"]
    names = owslib.collection_queryables("facilities")["properties"]
    assert set(school["properties"]) <= set(names)


def test_gdal_lists_every_collection_with_its_kind_of_shape(small_city):
    said = run("ogrinfo", "-ro", f"OAPIF:{small_city.url}/ogc/")

    for layer in LAYERS:
        assert f"{layer.id} (title: {layer.title_vi})" in said
    assert "water (title: Mặt nước) (Multi Polygon)" in said
    assert "roads (title: Đường phố) (Multi Line String)" in said


@pytest.mark.parametrize("layer", FILLED)
def test_gdal_of_debian_reads_the_features_of_the_database(small_city, layer):
    # Two to a page, so that it has to follow the links.
    said = run(
        "ogr2ogr",
        *("-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9", "/vsistdout/"),
        *(f"OAPIF:{small_city.url}/ogc/", layer, "-oo", "PAGE_SIZE=2"),
    )

    shapes = {
        feature["properties"]["id"]: in_the_city(
            shapely.from_geojson(json.dumps(feature["geometry"]))
        )
        for feature in json.loads(said)["features"]
    }
    assert_same_ground(shapes, held(small_city, layer), within_m=0.001)


@pytest.mark.parametrize("layer", FILLED)
def test_younger_gdal_reads_them_in_the_city_s_own_system(small_city, layer):
    meta, _, geometry, fields = pyogrio.raw.read(f"OAPIF:{small_city.url}/ogc/", layer=layer)

    ids = fields[list(meta["fields"]).index("id")]
    shapes = dict(zip(ids, shapely.from_wkb(geometry), strict=True))
    assert meta["crs"] == "EPSG:5897"
    # Metres are written with three digits, and nothing was transformed.
    assert_same_ground(shapes, held(small_city, layer), within_m=0.001)


def test_gdal_follows_the_links_through_all_wards_of_the_country(small_city):
    ((wards,),) = small_city.rows(
        "SELECT count(*) FROM public_units WHERE level = 'ward' AND to_revision IS NULL"
        " AND valid_from <= current_date AND (valid_to IS NULL OR valid_to > current_date)"
    )

    said = run(
        "ogr2ogr",
        *("-f", "CSV", "/vsistdout/", f"OAPIF:{small_city.url}/ogc/", "wards"),
        *("-oo", "PAGE_SIZE=500"),
    )

    assert wards > 3000
    assert said.count("\n") == wards + 1


def test_gdal_counts_without_reading_and_filters_on_the_server(small_city):
    service = f"OAPIF:{small_city.url}/ogc/"

    assert "Feature Count: 3" in run("ogrinfo", "-ro", "-so", service, "parcels")
    chosen = run("ogrinfo", "-ro", "-q", service, "parcels", "-where", "number = '2'")
    assert "number (String) = 2" in chosen
    assert "number (String) = 1" not in chosen


def test_gdal_keeps_the_kinds_of_values(small_city):
    meta, *_ = pyogrio.raw.read(f"OAPIF:{small_city.url}/ogc/", layer="parcels")
    kinds = dict(zip(meta["fields"], meta["dtypes"], strict=True))

    assert kinds["number"] == "object"
    assert kinds["area_m2"] == "float64"
    assert kinds["is_disputed"] == "bool"
    assert kinds["valid_from"].startswith("datetime64")


def test_pages_asked_for_by_hand_are_whole_in_the_city_s_system(owslib, small_city):
    found = owslib.collection_items("parcels", crs=_CITY, limit=2)

    assert len(found["features"]) == 2
    assert any(link["rel"] == "next" for link in found["links"])
    expected = held(small_city, "parcels")
    for feature in found["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shapely.hausdorff_distance(shape, expected[feature["id"]]) < 0.001
    assert dt.datetime.fromisoformat(found["timeStamp"]).tzinfo
