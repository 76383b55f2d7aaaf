"""The catalogue for programs: DCAT, QGIS files, and the facts they rest on."""

from __future__ import annotations

import datetime as dt
import json

import pyproj
import pytest
import shapely
from lxml import etree

from landdata import crs
from landdata.models import Dataset
from tests.ground import DAY, add_parcel, add_road, shape, square
from tileserver.catalogue.facts import Facts, facts_of
from tileserver.layer import Origin
from tileserver.layers import BY_ID, LAYERS, MAP_LAYERS

pytestmark = pytest.mark.django_db

ROAD = "LINESTRING (590000 2325000, 590040 2325000)"


def road(name: str = "Hàng Bông"):
    return add_road(name, shape(shapely.from_wkt(ROAD)))


def value(node):
    return node["@value"]


def dcat(client) -> dict:
    answer = client.get("/layers/dcat.json")
    assert answer["Content-Type"] == "application/ld+json"
    return json.loads(answer.content)


def dataset_of(document: dict, layer: str) -> dict:
    (found,) = [d for d in document["dcat:dataset"] if d["dct:identifier"] == layer]
    return found


def test_a_layer_without_rows_is_empty_and_of_no_date():
    assert facts_of([BY_ID["roads"]]) == {"roads": Facts()}


def test_a_layer_tells_its_data_sets_their_licence_and_the_newest_date():
    road()
    Dataset.objects.filter(code="ground").update(title_vi="Nền", licence="ODbL 1.0")

    known = facts_of([BY_ID["roads"]])["roads"]

    assert [(s.code, s.title_vi, s.licence, s.data_date) for s in known.sources] == [
        ("ground", "Nền", "ODbL 1.0", DAY)
    ]
    assert known.data_date == DAY
    assert known.valid_from == DAY
    assert known.extent
    west, south, east, north = known.extent
    corners = [crs.transformer(5897, 4326).transform(x, 2325000) for x in (590000, 590040)]
    assert (west, east) == pytest.approx((corners[0][0], corners[1][0]), abs=1e-9)
    assert (south, north) == pytest.approx(tuple(sorted(c[1] for c in corners)), abs=1e-9)


def test_facts_are_new_after_a_change_of_the_layer():
    road("Hàng Bông")
    before = facts_of([BY_ID["roads"]])["roads"]

    road("Hàng Gai")

    after = facts_of([BY_ID["roads"]])["roads"]
    assert before.modified
    assert after.modified
    assert after.modified > before.modified


@pytest.mark.parametrize("layer", MAP_LAYERS, ids=lambda layer: layer.id)
def test_every_layer_can_be_asked_for_its_facts(layer):
    assert facts_of([layer])[layer.id].is_empty
    assert isinstance(layer.origin, Origin)


def test_the_catalogue_lists_every_layer_in_both_languages(client):
    document = dcat(client)

    assert [d["dct:identifier"] for d in document["dcat:dataset"]] == [y.id for y in MAP_LAYERS]
    titles = {t["@language"]: t["@value"] for t in dataset_of(document, "roads")["dct:title"]}
    assert titles == {"vi": "Đường phố", "en": "Streets"}


def test_the_catalogue_says_licence_extent_and_when_it_changed(client):
    add_parcel("7", square(590000, 2325000))
    road()
    Dataset.objects.filter(code="ground").update(licence="ODbL 1.0 (© ai đó)")

    roads = dataset_of(dcat(client), "roads")

    assert value(roads["dct:spatial"]["dcat:bbox"]).startswith("POLYGON((105.8")
    moment = dt.datetime.fromisoformat(value(roads["dct:modified"]))
    assert moment.tzinfo is not None
    for distribution in roads["dcat:distribution"]:
        assert distribution["dct:license"] == [
            {"@id": "https://opendatacommons.org/licenses/odbl/1-0/"}
        ]


def test_no_licence_is_made_up_where_none_is_stated(client):
    add_parcel("7", square(590000, 2325000))

    for distribution in dataset_of(dcat(client), "parcels")["dcat:distribution"]:
        assert "dct:license" not in distribution


def test_every_distribution_names_a_service_that_the_catalogue_describes(client):
    document = dcat(client)
    services = {s["@id"] for s in document["dcat:service"]}

    named = {
        distribution["dcat:accessService"]["@id"]
        for dataset in document["dcat:dataset"]
        for distribution in dataset["dcat:distribution"]
        if "dcat:accessService" in distribution
    }

    assert named == services


def test_identifiers_stand_once_in_the_catalogue(client):
    document = dcat(client)
    ids = [
        node["@id"]
        for dataset in document["dcat:dataset"]
        for node in (dataset, *dataset["dcat:distribution"])
    ]

    assert len(ids) == len(set(ids))


def test_a_layer_definition_holds_the_layer_in_every_way_that_qgis_reads(client):
    answer = client.get("/layers/zones.qlr", headers={"host": "localhost:8000"})
    root = etree.fromstring(answer.content)

    assert answer["Content-Disposition"] == 'attachment; filename="diado-zones.qlr"'
    sources = {
        layer.findtext("provider", ""): layer.findtext("datasource", "")
        for layer in root.iter("maplayer")
    }
    assert set(sources) == {"wms", "WFS", "OAPIF", "vectortile"}
    assert "url=http://localhost:8000/wms" in sources["wms"]
    assert "typename='diado:zones'" in sources["WFS"]
    assert "srsname='EPSG:5897'" in sources["WFS"]


def test_the_project_holds_every_layer_and_its_tree_knows_them_all(client):
    root = etree.fromstring(client.get("/layers/diado.qgs").content)

    ids = [layer.findtext("id", "") for layer in root.iter("maplayer")]
    in_tree = [node.get("id", "") for node in root.iter("layer-tree-layer")]
    assert sorted(ids) == sorted(in_tree)
    assert len(ids) == len(set(ids)) == 2 * len(MAP_LAYERS) - 1


@pytest.mark.parametrize("source", [4326, 3857])
def test_the_project_brings_coordinates_where_our_own_transformer_does(source):
    # Vũng Tàu, where PROJ by itself is 0.80 m off.
    start = crs.transformer(5899, source).transform(*crs.CHECK_POINT)

    moved = pyproj.Transformer.from_pipeline(crs.pipeline(source, 5899)).transform(*start)

    assert moved == pytest.approx(crs.CHECK_POINT, abs=1e-4)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_tilejson_names_the_tiles_their_zooms_and_their_fields(client, layer):
    answer = client.get(f"/tiles/{layer.id}.json", headers={"host": "localhost"})
    found = answer.json()

    assert found["tilejson"] == "3.0.0"
    assert found["tiles"] == [f"http://localhost/tiles/{layer.id}/{{z}}/{{x}}/{{y}}.pbf"]
    assert (found["minzoom"], found["maxzoom"]) == (layer.min_zoom, layer.max_zoom)
    ((of_layer),) = found["vector_layers"]
    assert of_layer["id"] == layer.id
    once = {"label_here"} if layer.is_labelled_once else set()
    assert set(of_layer["fields"]) == {a.name for a in layer.attributes if a.in_tiles} | once
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_tilejson_says_how_far_the_tiles_reach(client):
    road()

    west, south, east, north = client.get("/tiles/roads.json").json()["bounds"]

    assert (west, south) == pytest.approx((105.866, 21.016), abs=0.01)
    assert east > west
    assert north >= south


@pytest.mark.parametrize("layer", ["relief", "nothing", "draft_zones"])
def test_there_is_no_tilejson_of_what_has_no_public_tiles(client, layer):
    assert client.get(f"/tiles/{layer}.json").status_code == 404


def test_a_picture_goes_out_as_a_picture_only(client):
    root = etree.fromstring(client.get("/layers/relief.qlr").content)
    distributions = dataset_of(dcat(client), "relief")["dcat:distribution"]

    assert [layer.findtext("provider") for layer in root.iter("maplayer")] == ["wms"]
    assert [d["@id"].rpartition("#")[2] for d in distributions] == ["wms", "wmts"]
    assert client.get("/api/layers/relief/changes?since=0").status_code == 404


@pytest.mark.parametrize("address", ["/layers/nothing.qlr", "/layers/nothing/"])
def test_a_layer_that_is_not_there_is_missing(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("language", "title"), [("vi", "Đường phố"), ("en", "Streets")])
def test_qgis_files_speak_the_language_asked_for(client, language, title):
    root = etree.fromstring(client.get(f"/layers/roads.qlr?lang={language}").content)

    assert root.xpath("//layer-tree-group/layer-tree-group/@name") == [title]
