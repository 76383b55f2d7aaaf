"""GetFeatureInfo: exactly the features at the point, with the attributes of the catalogue."""

from __future__ import annotations

import json

import pytest
import shapely
from lxml import etree

from landdata import crs
from tests.ground import add_parcel, add_road, add_unit, shape
from tests.tileserver.wms.asking import GET_INFO, ask

pytestmark = pytest.mark.django_db

#: A pixel is a metre: a frame of 200 by 100 metres of EPSG:5897.
EAST, NORTH = 590_000.0, 2_325_000.0


def plot(west, south, east, north):
    return shape(shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north))


def at(client, column, row, **spoilt):
    """Ask for what lies at a pixel, counted from the north-west."""
    box = f"{EAST},{NORTH},{EAST + 200},{NORTH + 100}"
    frame = {"CRS": "EPSG:5897", "BBOX": box, "I": str(column), "J": str(row)}
    return ask(client, GET_INFO, **{**frame, **spoilt})


def ids(answer):
    return [feature["id"] for feature in json.loads(answer.content)["features"]]


def numbers(answer):
    return [feature["properties"]["number"] for feature in json.loads(answer.content)["features"]]


def test_a_point_has_the_plot_that_holds_the_middle_of_its_pixel(client):
    add_parcel("1", plot(0, 0, 100, 100))
    add_parcel("2", plot(100, 0, 200, 100))

    assert numbers(at(client, 99, 50)) == ["1"]
    assert numbers(at(client, 100, 50)) == ["2"]
    assert numbers(at(client, 100, 50, BBOX=f"{EAST},{NORTH},{EAST + 100},{NORTH + 50}")) == ["1"]


@pytest.mark.parametrize(
    ("version", "name", "is_flipped"),
    [
        ("1.3.0", "EPSG:3857", False),
        ("1.3.0", "EPSG:4326", True),
        ("1.3.0", "CRS:84", False),
        ("1.1.1", "EPSG:4326", False),
    ],
)
def test_the_point_is_the_same_in_every_system(client, version, name, is_flipped):
    add_parcel("1", plot(0, 0, 100, 100))
    add_parcel("2", plot(100, 0, 200, 100))
    epsg = 4326 if name == "CRS:84" else int(name.rpartition(":")[2])
    frame = shapely.box(EAST, NORTH, EAST + 200, NORTH + 100)
    west, south, east, north = crs.transform(frame, 5897, epsg).bounds
    box = (south, west, north, east) if is_flipped else (west, south, east, north)
    names = (
        {"CRS": name, "I": "150", "J": "50"}
        if version == "1.3.0"
        else {"CRS": None, "SRS": name, "X": "150", "Y": "50"}
    )

    answer = ask(client, GET_INFO, VERSION=version, BBOX=",".join(map(repr, box)), **names)

    assert numbers(answer) == ["2"]


def test_a_line_is_found_within_a_few_pixels_whatever_a_pixel_is(client):
    add_road("phố A", shape(shapely.LineString([(EAST, NORTH + 50), (EAST + 200, NORTH + 50)])))
    roads = {"LAYERS": "roads", "QUERY_LAYERS": "roads"}

    # Pixel rows lie half a metre off: row 49 is 0.5 m north of the axis.
    assert len(ids(at(client, 100, 49, **roads))) == 1
    assert len(ids(at(client, 100, 45, **roads))) == 1
    assert ids(at(client, 100, 44, **roads)) == []
    wider = {**roads, "BBOX": f"{EAST - 200},{NORTH - 150},{EAST + 600},{NORTH + 250}"}
    # Now a pixel is 4 m: the axis lies at row 50.
    assert len(ids(at(client, 100, 46, **wider))) == 1
    assert ids(at(client, 100, 44, **wider)) == []


def test_only_layers_asked_about_answer_and_those_above_come_first(client):
    version = add_parcel("1", plot(0, 0, 200, 100))
    add_unit("00004", "Phường Ba Đình", plot(-1000, -1000, 1000, 1000))
    both = {"LAYERS": "wards,parcels", "FEATURE_COUNT": "5"}
    uuid = version.parcel_id

    assert ids(at(client, 10, 10, **both, QUERY_LAYERS="wards,parcels")) == [
        f"parcels.{uuid}",
        "wards.00004",
    ]
    assert ids(at(client, 10, 10, **both, QUERY_LAYERS="wards")) == ["wards.00004"]
    assert ids(at(client, 10, 10, LAYERS="diado", QUERY_LAYERS="diado")) == [
        f"parcels.{uuid}",
        "wards.00004",
    ]


def test_feature_count_is_for_each_layer_and_one_by_default(client):
    for name in "ABC":
        add_road(
            f"phố {name}", shape(shapely.LineString([(EAST, NORTH + 50), (EAST + 200, NORTH + 50)]))
        )
    roads = {"LAYERS": "roads", "QUERY_LAYERS": "roads"}

    assert len(ids(at(client, 100, 50, **roads))) == 1
    assert len(ids(at(client, 100, 50, **roads, FEATURE_COUNT="2"))) == 2
    assert len(ids(at(client, 100, 50, **roads, FEATURE_COUNT="999999999"))) == 3


def test_time_asks_what_was_there_on_that_day(client):
    import datetime as dt

    add_parcel("1", plot(0, 0, 200, 100), valid_from=dt.date(2025, 6, 1))

    assert numbers(at(client, 10, 10, TIME="2025-06-01")) == ["1"]
    assert numbers(at(client, 10, 10, TIME="2025-05-31")) == []


def test_every_format_says_the_same_with_vietnamese_letters_and_odd_ones(client):
    add_parcel("1", plot(0, 0, 200, 100), address="<b>\"Đội Cấn\" & 'sân'</b>")

    def said(format_, **spoilt):
        answer = at(client, 10, 10, INFO_FORMAT=format_, **spoilt)
        assert answer["Content-Type"] == f"{format_}; charset=UTF-8"
        return answer.content.decode()

    values = json.loads(said("application/json"))["features"][0]["properties"]
    assert values["address"] == "<b>\"Đội Cấn\" & 'sân'</b>"
    assert values["valid_from"] == "2026-01-01"
    assert "Địa chỉ thửa đất: <b>\"Đội Cấn\" & 'sân'</b>" in said("text/plain")
    assert "Address of the plot: <b>" in said("text/plain", LANGUAGE="en")
    page = said("text/html")
    assert "&lt;b&gt;&quot;Đội Cấn&quot; &amp; " in page
    assert "<b>" not in page
    gml = etree.fromstring(said("application/vnd.ogc.gml").encode())
    assert gml.findtext(".//{urn:diado}address") == values["address"]
    coordinates = gml.findtext(".//{http://www.opengis.net/gml}coordinates")
    assert coordinates is not None
    west, south = coordinates.split(" ")[0].split(",")
    lon, lat = crs.transformer(5897, 4326).transform(EAST, NORTH)
    assert (float(west), float(south)) == pytest.approx((lon, lat), abs=1e-5)


def test_where_nothing_is_every_format_says_so(client):
    add_parcel("1", plot(0, 0, 10, 10))

    assert ids(at(client, 150, 50)) == []
    assert (
        "Không có đối tượng nào" in at(client, 150, 50, INFO_FORMAT="text/plain").content.decode()
    )
    assert "no feature" in (
        at(client, 150, 50, INFO_FORMAT="text/html", LANGUAGE="en").content.decode()
    )
    empty = at(client, 150, 50, INFO_FORMAT="application/vnd.ogc.gml").content
    assert etree.fromstring(empty).find("{*}featureMember") is None
