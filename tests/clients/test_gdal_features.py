"""GDAL's WFS driver as a client: Debian's ogr2ogr, and the newer GDAL of pyogrio (as in QGIS)."""

from __future__ import annotations

import json
from typing import Any

import pyogrio
import pytest
import shapely

from landdata import crs
from tests.clients.gdal import run
from tileserver.features import systems
from tileserver.layers import LAYERS

#: The city is laid out in EPSG:3857, and the shift of the datum there and back drops the height:
#: 0.9 mm.
NEAR_DEGREES = 1.2e-8


@pytest.fixture(params=[2, 100])
def page_size(request):
    """How many features GDAL asks for at once."""
    pyogrio.set_gdal_config_options({"OGR_WFS_PAGE_SIZE": request.param})
    yield request.param
    pyogrio.set_gdal_config_options({"OGR_WFS_PAGE_SIZE": None})


def stored(small_city, where: str = "true") -> dict[str, Any]:
    """Return number → outline in the storage system of the plots in the database."""
    return {
        number: shapely.from_wkb(bytes(shape))
        for number, shape in small_city.rows(
            "SELECT number, ST_AsBinary(boundary) FROM public_parcels"
            f" WHERE to_revision IS NULL AND {where}"
        )
    }


def read(small_city, layer: str = "parcels", parameters: str = "", **values):
    """Return a layer as pyogrio reads it."""
    address = f"WFS:{small_city.url}/wfs{parameters}"
    return pyogrio.read_dataframe(address, layer=f"diado:{layer}", **values)


def test_every_type_of_the_catalogue_is_offered(small_city):
    listed = pyogrio.list_layers(f"WFS:{small_city.url}/wfs")

    assert {name for name, _ in listed} == {f"diado:{layer.id}" for layer in LAYERS}


def test_all_pages_together_are_the_rows_of_the_database(small_city, page_size):
    frame = read(small_city)

    expected = stored(small_city)
    assert sorted(frame["number"]) == sorted(expected)
    assert frame.crs.to_epsg() == systems.default().epsg
    for number, shape in zip(frame["number"], frame.geometry, strict=True):
        assert shapely.hausdorff_distance(shape, expected[number]) < 0.002
    assert str(frame["valid_from"][0])[:10] == "2020-01-01"
    assert list(frame["is_disputed"]) == [False] * 3


@pytest.mark.parametrize("epsg", systems.published())
def test_the_features_are_right_in_every_system(small_city, epsg):
    frame = read(small_city, parameters=f"?SRSNAME={systems.urn(epsg)}")

    most = NEAR_DEGREES if epsg == crs.GEOGRAPHIC else 0.002
    expected = stored(small_city)
    for number, shape in zip(frame["number"], frame.geometry, strict=True):
        moved = crs.transform(expected[number], systems.default().epsg, epsg)
        assert shapely.hausdorff_distance(shape, moved) < most


@pytest.mark.parametrize(
    ("where", "sql"),
    [
        ("number = '2'", "number = '2'"),
        ("number <> '2'", "number <> '2'"),
        ("area_m2 > 1000 AND number >= '2'", "legal_area_m2 > 1000 AND number >= '2'"),
        ("number IN ('1', '3')", "number IN ('1', '3')"),
        ("number LIKE '1%'", "number LIKE '1%%'"),
        ("valid_to IS NULL AND NOT number = '1'", "valid_to IS NULL AND NOT number = '1'"),
        ("number = '''; DROP TABLE x; --'", "false"),
    ],
)
def test_a_condition_chooses_what_sql_chooses(small_city, where, sql):
    assert sorted(read(small_city, where=where)["number"]) == sorted(stored(small_city, sql))


def test_a_box_chooses_what_lies_in_it(small_city):
    box = shapely.buffer(stored(small_city)["1"], -5).bounds

    assert list(read(small_city, bbox=box)["number"]) == ["1"]


def test_points_and_lines_come_as_such(small_city):
    assert set(read(small_city, "facilities").geom_type) == {"Point"}
    assert set(read(small_city, "roads").geom_type) == {"MultiLineString"}


def test_debians_ogr2ogr_copies_the_features(small_city, tmp_path):
    out = tmp_path / "water.geojson"

    run(
        *("ogr2ogr", "-f", "GeoJSON", str(out), f"WFS:{small_city.url}/wfs", "diado:water"),
        *("--config", "OGR_WFS_PAGE_SIZE", "1", "-t_srs", "EPSG:4326"),
    )

    found = {f["properties"]["name"] for f in json.loads(out.read_text())["features"]}
    assert found == {
        name
        for (name,) in small_city.rows("SELECT name FROM public_water WHERE to_revision IS NULL")
    }


def test_debians_ogrinfo_counts_without_reading(small_city):
    said = run("ogrinfo", "-so", f"WFS:{small_city.url}/wfs", "diado:parcels")

    assert "Feature Count: 3" in said
