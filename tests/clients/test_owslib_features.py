"""OWSLib as a client of the WFS: it reads back the features of the database."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import shapely
from lxml import etree
from owslib.fes2 import PropertyIsEqualTo, PropertyIsLike
from owslib.util import ServiceException
from owslib.wfs import WebFeatureService

from landdata import crs
from tileserver.features import systems
from tileserver.layers import LAYERS

NS = {"diado": "urn:diado:features:1", "gml": "http://www.opengis.net/gml/3.2"}

#: The city is laid out in EPSG:3857, and the shift of the datum there and back drops the height:
#: 0.9 mm.
NEAR_DEGREES = 1.2e-8


@pytest.fixture(scope="module")
def wfs(small_city):
    return WebFeatureService(f"{small_city.url}/wfs", version="2.0.0")


def stored(small_city, where: str = "true") -> dict[str, Any]:
    """Return number → outline in the storage system of the plots in the database."""
    return {
        number: shapely.from_wkb(bytes(shape))
        for number, shape in small_city.rows(
            "SELECT number, ST_AsBinary(boundary) FROM public_parcels"
            f" WHERE to_revision IS NULL AND {where}"
        )
    }


def numbers(answer) -> list[str]:
    root = etree.fromstring(answer.read())
    return [str(e.text) for e in root.iterfind(".//diado:number", NS)]


def test_every_type_of_the_catalogue_is_offered_in_every_system(wfs):
    published = {systems.urn(epsg) for epsg in systems.published()}
    for layer in LAYERS:
        offered = wfs[f"diado:{layer.id}"]
        assert offered.title == layer.title_vi
        assert {one.getcodeurn() for one in offered.crsOptions} >= published


def test_the_schema_names_every_attribute(wfs):
    schema = wfs.get_schema("diado:parcels")

    assert schema["geometry_column"] == "shape"
    assert schema["properties"]["area_m2"] == "double"
    assert set(schema["properties"]) == {
        a.name for layer in LAYERS if layer.id == "parcels" for a in layer.attributes
    }


@pytest.mark.parametrize("epsg", systems.published())
def test_the_features_are_those_of_the_database_in_every_system(wfs, small_city, epsg):
    answer = wfs.getfeature(
        typename="diado:parcels", srsname=systems.urn(epsg), outputFormat="application/geo+json"
    )

    found = {
        f["properties"]["number"]: shapely.geometry.shape(f["geometry"])
        for f in json.loads(answer.read())["features"]
    }
    expected = stored(small_city)
    assert set(found) == set(expected)
    most = NEAR_DEGREES if epsg == crs.GEOGRAPHIC else 0.002
    for number, shape in expected.items():
        moved = crs.transform(shape, systems.default().epsg, epsg)
        assert shapely.hausdorff_distance(found[number], moved) < most


def test_a_box_and_an_order_and_pages(wfs, small_city):
    west, south, east, north = shapely.union_all(list(stored(small_city).values())).bounds
    asked = {"typename": "diado:parcels", "maxfeatures": 1, "sortby": ["number D"]}
    box = (west, south, east, north, "urn:ogc:def:crs:EPSG::5897")

    found = [numbers(wfs.getfeature(**asked, startindex=at, bbox=box)) for at in range(4)]

    assert found == [["3"], ["2"], ["1"], []]


@pytest.mark.parametrize(
    ("condition", "where"),
    [
        (PropertyIsEqualTo("number", "2"), "number = '2'"),
        (PropertyIsLike("number", "3*", wildCard="*"), "number LIKE '3%%'"),
    ],
    ids=["equal", "like"],
)
def test_a_filter_chooses_what_sql_chooses(wfs, small_city, condition, where):
    text = etree.tostring(condition.toXML()).decode()
    text = f'<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0">{text}</fes:Filter>'

    answer = wfs.getfeature(typename="diado:parcels", filter=text)

    assert sorted(numbers(answer)) == sorted(stored(small_city, where))


def test_a_posted_query_chooses_too(wfs, small_city):
    box = shapely.buffer(stored(small_city)["1"], -5).bounds

    answer = wfs.getfeature(
        typename="diado:parcels",
        bbox=(*box, "urn:ogc:def:crs:EPSG::5897"),
        propertyname=["number"],
        method="Post",
    )

    assert numbers(answer) == ["1"]


def test_a_stored_query_gives_one_feature(wfs):
    ids = [q.id for q in wfs.storedqueries]
    every = wfs.getfeature(typename="diado:water", outputFormat="geojson")
    name = json.loads(every.read())["features"][0]["id"]

    answer = wfs.getfeature(storedQueryID=ids[0], storedQueryParams={"ID": name})

    assert etree.fromstring(answer.read()).get(f"{{{NS['gml']}}}id") == name


def test_a_table_has_the_rows_of_the_database(wfs, small_city):
    answer = wfs.getfeature(typename="diado:parcels", outputFormat="csv")

    rows = csv.DictReader(io.StringIO(answer.read().decode("utf-8-sig")))
    assert {row["number"] for row in rows} == set(stored(small_city))


def test_a_refusal_comes_as_the_client_knows_it(wfs):
    with pytest.raises(ServiceException, match="owners"):
        wfs.getfeature(typename="diado:owners")
