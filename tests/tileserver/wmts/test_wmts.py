"""WMTS by query and by path, and TMS: the same tiles, each refused in its own way."""

from __future__ import annotations

import io
import json
from urllib.parse import urlsplit

import pytest
import shapely
from lxml import etree
from PIL import Image

from landdata import crs
from tests.ground import add_parcel, shape
from tests.tileserver.mapproxy.test_tiles import EAST, NORTH, place, plot_at
from tileserver.mapproxy.grids import VN2000, WEB_MERCATOR

GET_TILE = {
    "SERVICE": "WMTS",
    "VERSION": "1.0.0",
    "REQUEST": "GetTile",
    "LAYER": "parcels",
    "STYLE": "default",
    "FORMAT": "image/png",
    "TILEMATRIXSET": "WebMercatorQuad",
    "TILEMATRIX": "3",
    "TILEROW": "2",
    "TILECOL": "6",
}


def ask(client, **spoilt):
    given = {**GET_TILE, **spoilt}
    return client.get("/wmts", {name: value for name, value in given.items() if value is not None})


def refused(answer):
    """Return status, code and locator of an exception report."""
    report = etree.fromstring(answer.content)
    assert answer["Content-Type"] == "text/xml; charset=UTF-8"
    assert answer["Cache-Control"] == "no-store"
    (exception,) = report.findall("{*}Exception")
    return answer.status_code, exception.get("exceptionCode"), exception.get("locator")


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ({"SERVICE": None}, (400, "MissingParameterValue")),
        ({"REQUEST": None}, (400, "MissingParameterValue")),
        ({"REQUEST": "GetPicture"}, (400, "InvalidParameterValue")),
        ({"VERSION": None}, (400, "MissingParameterValue")),
        ({"VERSION": "2.0.0"}, (400, "InvalidParameterValue")),
        ({"LAYER": None}, (400, "MissingParameterValue")),
        ({"LAYER": "nothing"}, (400, "InvalidParameterValue")),
        ({"STYLE": None}, (400, "MissingParameterValue")),
        ({"STYLE": "pretty"}, (400, "InvalidParameterValue")),
        ({"FORMAT": "image/jpeg"}, (400, "InvalidParameterValue")),
        ({"TILEMATRIXSET": "nothing"}, (400, "InvalidParameterValue")),
        ({"TILEMATRIX": "21"}, (400, "InvalidParameterValue")),
        ({"TILEMATRIX": "-1"}, (400, "InvalidParameterValue")),
        ({"TILEMATRIX": "٣"}, (400, "InvalidParameterValue")),
        ({"TILEROW": "8"}, (400, "TileOutOfRange")),
        ({"TILECOL": "-1"}, (400, "TileOutOfRange")),
        ({"TILECOL": "x"}, (400, "InvalidParameterValue")),
        ({"TILECOL": "9" * 4000}, (400, "InvalidParameterValue")),
    ],
)
def test_a_tile_that_is_asked_for_wrongly_is_refused_by_its_code(client, spoilt, expected):
    status, code, locator = refused(ask(client, **spoilt))

    assert (status, code) == expected
    assert [locator] == list(spoilt)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("nothing/default/WebMercatorQuad/3/2/6.png", "InvalidParameterValue"),
        ("parcels/pretty/WebMercatorQuad/3/2/6.png", "InvalidParameterValue"),
        ("parcels/default/nothing/3/2/6.png", "InvalidParameterValue"),
        ("parcels/default/WebMercatorQuad/99/2/6.png", "InvalidParameterValue"),
        ("parcels/default/WebMercatorQuad/3/8/6.png", "TileOutOfRange"),
        ("parcels/default/WebMercatorQuad/3/2/6.jpeg", "InvalidParameterValue"),
        ("parcels/default/WebMercatorQuad/3/2/6/256/0.json", "PointIJOutOfRange"),
        ("parcels/default/WebMercatorQuad/3/2/6/0/0.xml", "InvalidParameterValue"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused_by_its_code(client, path, expected):
    assert refused(client.get(f"/wmts/1.0.0/{path}"))[1] == expected


@pytest.mark.parametrize(("grid", "z"), [(WEB_MERCATOR, 18), (VN2000, 11)], ids=["web", "vn2000"])
def test_query_path_and_tms_give_the_same_tile(client, map_server, grid, z):
    add_parcel("45", plot_at(EAST, NORTH))
    at = place(grid, z)
    _, rows = grid.size(z)

    by_query = ask(
        client, TILEMATRIXSET=grid.id, TILEMATRIX=str(z), TILEROW=str(at.y), TILECOL=str(at.x)
    )
    by_path = client.get(f"/wmts/1.0.0/parcels/default/{grid.id}/{z}/{at.y}/{at.x}.png")
    by_tms = client.get(f"/tms/1.0.0/parcels@{grid.id}/{z}/{at.x}/{rows - 1 - at.y}.png")

    assert Image.open(io.BytesIO(by_query.content)).size == (256, 256)
    assert by_query.content == by_path.content == by_tms.content
    assert by_query["ETag"] == by_path["ETag"] == by_tms["ETag"]
    assert by_path["Access-Control-Allow-Origin"] == "*"


def test_a_tile_that_is_had_already_is_not_sent_again_even_after_changes_elsewhere(
    client, map_server
):
    add_parcel("45", plot_at(EAST, NORTH))
    at = place(WEB_MERCATOR, 18)
    path = f"/wmts/1.0.0/parcels/default/WebMercatorQuad/18/{at.y}/{at.x}.png"
    first = client.get(path)
    request = {"If-None-Match": first["ETag"]}

    # Drawn together with this tile, but not on it.
    add_parcel("46", plot_at(EAST, NORTH + 2 * WEB_MERCATOR.span_m(18), size=5))
    same = client.get(path, headers=request)
    add_parcel("47", plot_at(EAST + 5, NORTH + 5, size=10))
    other = client.get(path, headers=request)

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200
    assert other["ETag"] != first["ETag"]


@pytest.mark.parametrize(("grid", "z"), [(WEB_MERCATOR, 19), (VN2000, 11)], ids=["web", "vn2000"])
def test_a_pixel_of_a_tile_tells_its_features_by_query_and_by_path(client, db, grid, z):
    at = place(grid, z)
    west, south, east, north = grid.tile_box(at.z, at.x, at.y)
    left = shapely.box(west, south, (west + east) / 2, north)
    add_parcel("45", shape(crs.transform(left, grid.epsg, 5897)))
    asked = {
        "REQUEST": "GetFeatureInfo",
        "TILEMATRIXSET": grid.id,
        "TILEMATRIX": str(z),
        "TILEROW": str(at.y),
        "TILECOL": str(at.x),
        "INFOFORMAT": "application/json",
        "J": "20",
    }

    def numbers(answer):
        return [f["properties"]["number"] for f in json.loads(answer.content)["features"]]

    assert numbers(ask(client, **asked, I="127")) == ["45"]
    assert numbers(ask(client, **asked, I="128")) == []
    path = f"/wmts/1.0.0/parcels/default/{grid.id}/{z}/{at.y}/{at.x}/20"
    assert numbers(client.get(f"{path}/127.json")) == ["45"]
    assert numbers(client.get(f"{path}/128.json")) == []
    assert client.get(f"{path}/127.html")["Content-Type"] == "text/html; charset=UTF-8"


def test_without_mapserver_there_is_no_tile(client, db, settings):
    settings.MAPSERVER_SOCKET = settings.VAR / "nobody"

    assert refused(ask(client))[:2] == (503, "NoApplicableCode")
    at_tms = client.get("/tms/1.0.0/parcels@WebMercatorQuad/3/6/2.png")
    assert at_tms.status_code == 503
    assert b"<TileMapServerError>" in at_tms.content


def document(client, href):
    """Return the document at an address of ours."""
    return etree.fromstring(client.get(urlsplit(href).path).content)


def test_tms_says_which_maps_there_are_and_what_they_consist_of(client, db):
    (service,) = document(client, "/tms/").findall("TileMapService")
    maps = document(client, service.attrib["href"]).findall("TileMaps/TileMap")
    named = {m.attrib["href"].split("/")[-2]: m.attrib for m in maps}

    assert {"diado@WebMercatorQuad", "parcels@VN2000-5897"} < set(named)
    assert named["parcels@VN2000-5897"]["srs"] == "EPSG:5897"
    one = document(client, named["parcels@VN2000-5897"]["href"])
    (origin,) = one.findall("Origin")
    assert dict(origin.attrib) == {"x": "0.0", "y": "506240.0"}
    sets = one.findall("TileSets/TileSet")
    assert float(sets[11].attrib["units-per-pixel"]) == pytest.approx(0.28)
    assert sets[11].attrib["href"].endswith("/tms/1.0.0/parcels@VN2000-5897/11")


@pytest.mark.parametrize(
    "path",
    [
        "nothing@WebMercatorQuad/",
        "parcels/",
        "parcels@nothing/3/6/2.png",
        "parcels@WebMercatorQuad/3/8/2.png",
        f"parcels@WebMercatorQuad/{'9' * 400}/8/2.png",
    ],
)
def test_tms_has_no_other_maps_and_tiles(client, path):
    answer = client.get(f"/tms/1.0.0/{path}")

    assert answer.status_code == 404
    assert b"<Message>" in answer.content
    assert answer["Cache-Control"] == "no-store"
