"""OWSLib as a client of the map services."""

from __future__ import annotations

import io
import json
from operator import sub

import numpy as np
import pytest
from owslib.util import ServiceException
from owslib.wms import WebMapService
from owslib.wmts import WebMapTileService
from PIL import Image

from tests.clients.places import SIZE_PX, assert_shows_the_lake, box, box_in_degrees
from tests.conformance.wmts.asking import MIDDLE
from tests.small_city.ground import CORNER
from tileserver.layers import LAYERS

VERSIONS = ("1.1.1", "1.3.0")


@pytest.fixture(scope="module", params=VERSIONS)
def wms(request, small_city):
    return WebMapService(f"{small_city.url}/wms", version=request.param)


@pytest.fixture(scope="module")
def wmts(small_city):
    return WebMapTileService(f"{small_city.url}/wmts")


def pixels(content: bytes):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA")).astype(int)


def test_every_layer_of_the_catalogue_is_offered_with_its_titles(wms):
    for layer in LAYERS:
        assert wms[layer.id].title == layer.title_vi
        assert wms[layer.id].abstract == layer.abstract_vi
        assert wms[layer.id].queryable == 1


def test_the_box_of_a_layer_holds_its_features(wms):
    west, south, east, north = wms["water"].boundingBoxWGS84

    assert west < 105.8224 < 105.8344 < east
    assert south < 21.0182 < 21.0242 < north


@pytest.mark.parametrize(
    ("system", "frame"), [("EPSG:3857", box()), ("EPSG:4326", box_in_degrees())]
)
def test_the_picture_shows_the_lake_where_it_lies(wms, system, frame):
    answer = wms.getmap(
        layers=["water"],
        styles=["default"],
        srs=system,
        bbox=frame,
        size=(SIZE_PX, SIZE_PX),
        format="image/png",
    )

    assert_shows_the_lake(pixels(answer.read()))


def test_the_feature_at_a_pixel_is_the_one_in_the_database(wms, small_city):
    answer = wms.getfeatureinfo(
        layers=["water"],
        srs="EPSG:3857",
        bbox=box(),
        size=(SIZE_PX, SIZE_PX),
        format="image/png",
        query_layers=["water"],
        info_format="application/json",
        xy=(125, 125),
    )

    (found,) = json.loads(answer.read())["features"]
    ((name, key),) = small_city.rows(
        "SELECT name, source_key FROM public_water WHERE to_revision IS NULL AND name = 'Hồ Thử'"
    )
    assert (found["id"], found["properties"]["name"]) == (f"water.ground.{key}", name)


def test_a_refusal_comes_as_the_client_knows_it(wms):
    with pytest.raises(ServiceException):
        wms.getmap(
            layers=["no_such_layer"],
            styles=["default"],
            srs="EPSG:3857",
            bbox=box(),
            size=(100, 100),
            format="image/png",
        )


def test_every_layer_is_offered_in_tiles_of_both_grids(wmts):
    for layer in LAYERS:
        assert set(wmts[layer.id].tilematrixsetlinks) == {"WebMercatorQuad", "VN2000-5897"}
        assert wmts[layer.id].formats == ["image/png"]


def test_a_tile_shows_the_lake_where_it_lies(wmts):
    zoom = wmts.tilematrixsets["WebMercatorQuad"].tilematrix["17"]
    width = 256 * zoom.scaledenominator * 0.00028
    west, north = zoom.topleftcorner
    column, row = int((MIDDLE[0] - west) // width), int((north - MIDDLE[1]) // width)

    answer = wmts.gettile(
        layer="water",
        tilematrixset="WebMercatorQuad",
        tilematrix="17",
        row=row,
        column=column,
        format="image/png",
    )

    edges = (west + column * width, north - (row + 1) * width)
    frame = (edges[0], edges[1], edges[0] + width, edges[1] + width)
    assert_shows_the_lake(pixels(answer.read()), tuple(map(sub, frame, CORNER * 2)))
