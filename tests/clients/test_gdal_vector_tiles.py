"""GDAL's MVT driver reads back what the database holds."""

from __future__ import annotations

import json

import pytest
import shapely
from shapely.geometry import shape

from tests.clients.gdal import run
from tests.small_city.ground import PARCELS, SCHOOL, ZONES, placed

HALF_M = 20037508.342789244


def tile_at(point, zoom):
    """Return x and y of the web's tile around a point of EPSG:3857, and its box."""
    width = 2 * HALF_M / 2**zoom
    x, y = int((point[0] + HALF_M) // width), int((HALF_M - point[1]) // width)
    west, north = x * width - HALF_M, HALF_M - y * width
    return x, y, shapely.box(west, north - width, west + width, north)


def read(city, folder, layer, point, zoom):
    """Return a tile's features as GDAL reads them, shapes in EPSG:3857, and the tile's box."""
    x, y, frame = tile_at(point, zoom)
    out = folder / f"{layer}.json"
    run(
        *("ogr2ogr", "-f", "GeoJSON", "-lco", "RFC7946=NO", "-t_srs", "EPSG:3857", "-q"),
        *(str(out), f"MVT:{city.url}/tiles/{layer}/{zoom}/{x}/{y}.pbf", "-oo", "CLIP=NO"),
    )
    return json.loads(out.read_text(encoding="utf-8"))["features"], frame


def in_database(city, view, columns):
    """Return rows of a public view with their shapes in EPSG:3857."""
    return {
        row[0]: (row[1:-1], shapely.from_wkb(bytes(row[-1])))
        for row in city.rows(f"SELECT {columns} FROM {view} v WHERE v.to_revision IS NULL")
    }


@pytest.mark.parametrize("zoom", [14, 16, 18])
def test_zones_come_back_with_shape_and_attributes(small_city, tmp_path, zoom):
    point = placed(600, 200)

    found, frame = read(small_city, tmp_path, "zones", point, zoom)

    rows = in_database(
        small_city,
        "public_zones",
        "label, function, level, plan_code, ST_AsBinary(boundary_3857)",
    )
    # Two rows are named C, one for each function; the later one is in force today.
    expected = {
        label for label in ZONES if rows[label][1].intersection(frame).area > frame.area * 1e-3
    }
    assert {feature["properties"]["label"] for feature in found} >= expected
    unit = frame.length / 4 / 4096
    for feature in found:
        given = feature["properties"]
        (function, level, plan), boundary = rows[given["label"]]
        assert (given["level"], given["plan"]) == (level, plan)
        if given["label"] != "C":
            assert given["function"] == function
        seen = shape(feature["geometry"]).intersection(frame)
        assert seen.hausdorff_distance(boundary.intersection(frame)) < 2 * unit


def test_parcels_come_back_with_shape_and_number(small_city, tmp_path):
    found, frame = read(small_city, tmp_path, "parcels", placed(560, 120), 16)

    rows = in_database(small_city, "public_parcels", "number, ST_AsBinary(boundary_3857)")
    assert {feature["properties"]["number"] for feature in found} == set(PARCELS) == set(rows)
    for feature in found:
        _, boundary = rows[feature["properties"]["number"]]
        assert shape(feature["geometry"]).hausdorff_distance(boundary) < 2 * frame.length / 4 / 4096


def test_parcels_seen_closely_come_back_with_their_identifier(small_city, tmp_path):
    found, _ = read(small_city, tmp_path, "parcels", placed(560, 120), 17)

    rows = in_database(
        small_city, "public_parcels", "number, uuid::text, ST_AsBinary(boundary_3857)"
    )
    identified = {
        feature["properties"]["number"]: feature["properties"]["uuid"] for feature in found
    }
    assert identified
    assert identified.items() <= {number: uuid for number, ((uuid,), _) in rows.items()}.items()


def test_a_point_comes_back_where_it_is(small_city, tmp_path):
    found, _ = read(small_city, tmp_path, "facilities", placed(*SCHOOL), 16)

    (school,) = found
    assert school["properties"]["name"] == "Trường Thử"
    assert shape(school["geometry"]).distance(shapely.Point(placed(*SCHOOL))) < 0.3
