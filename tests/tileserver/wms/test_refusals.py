"""What is wrong in a request is refused, in the version and the format that was asked for."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.tileserver.wms.asking import GET_INFO, GET_MAP, ask, code_of
from tileserver.limits import LARGEST_PICTURE_PX, MOST_LAYERS


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        ({"VERSION": None}, "MissingParameterValue"),
        ({"VERSION": "1.2.0"}, "InvalidParameterValue"),
        ({"REQUEST": None}, "MissingParameterValue"),
        ({"REQUEST": "GetPicture"}, "OperationNotSupported"),
        ({"SERVICE": "WFS"}, "InvalidParameterValue"),
        ({"LAYERS": None}, "MissingParameterValue"),
        ({"LAYERS": "parcels,nothing"}, "LayerNotDefined"),
        ({"LAYERS": "Parcels"}, "LayerNotDefined"),
        ({"LAYERS": ",".join(["parcels"] * (MOST_LAYERS + 1))}, "InvalidParameterValue"),
        ({"STYLES": None}, "MissingParameterValue"),
        ({"STYLES": "pretty"}, "StyleNotDefined"),
        ({"STYLES": "default,default"}, "StyleNotDefined"),
        ({"CRS": None}, "MissingParameterValue"),
        ({"CRS": "EPSG:5898"}, "InvalidCRS"),
        ({"CRS": "epsg:3857"}, "InvalidCRS"),
        ({"VERSION": "1.1.1", "SRS": "CRS:84"}, "InvalidSRS"),
        ({"BBOX": None}, "MissingParameterValue"),
        ({"BBOX": "1,2,3"}, "InvalidParameterValue"),
        ({"BBOX": "1,2,3,4,5"}, "InvalidParameterValue"),
        ({"BBOX": "a,2,3,4"}, "InvalidParameterValue"),
        ({"BBOX": "nan,2,3,4"}, "InvalidParameterValue"),
        ({"BBOX": "1,2,inf,4"}, "InvalidParameterValue"),
        ({"BBOX": "1,2,1e999,4"}, "InvalidParameterValue"),
        ({"BBOX": "٣,2,9,4"}, "InvalidParameterValue"),
        ({"BBOX": "3,2,1,4"}, "InvalidParameterValue"),
        ({"BBOX": "1,2,1,4"}, "InvalidParameterValue"),
        ({"WIDTH": None}, "MissingParameterValue"),
        ({"WIDTH": "0"}, "InvalidParameterValue"),
        ({"WIDTH": "-5"}, "InvalidParameterValue"),
        ({"WIDTH": "10.5"}, "InvalidParameterValue"),
        ({"WIDTH": "²"}, "InvalidParameterValue"),
        ({"HEIGHT": str(LARGEST_PICTURE_PX + 1)}, "InvalidParameterValue"),
        ({"HEIGHT": "9" * 5000}, "InvalidParameterValue"),
        ({"FORMAT": None}, "MissingParameterValue"),
        ({"FORMAT": "image/tiff"}, "InvalidFormat"),
        ({"TRANSPARENT": "yes"}, "InvalidParameterValue"),
        ({"BGCOLOR": "red"}, "InvalidParameterValue"),
        ({"EXCEPTIONS": "JSON"}, "InvalidFormat"),
        ({"TIME": "2026-02-30"}, "InvalidDimensionValue"),
        ({"TIME": "2026-01-01/2026-02-01"}, "InvalidDimensionValue"),
        ({"TIME": "2026-01-01,2026-02-01"}, "InvalidDimensionValue"),
        ({"TIME": "1492-10-12"}, "InvalidDimensionValue"),
        ({"TIME": "2026-01-01' OR true --"}, "InvalidDimensionValue"),
        ({"SLD": "http://example.org/style.xml"}, "OperationNotSupported"),
        ({"SLD_BODY": "<StyledLayerDescriptor/>"}, "OperationNotSupported"),
        ({"REMOTE_OWS_URL": "http://example.org/"}, "OperationNotSupported"),
    ],
)
def test_a_map_that_is_asked_for_wrongly_is_refused_by_its_code(client, spoilt, code):
    answer = ask(client, GET_MAP, **spoilt)

    assert answer.status_code == 200
    assert code_of(answer) == code
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        ({"QUERY_LAYERS": None}, "MissingParameterValue"),
        ({"QUERY_LAYERS": "nothing"}, "LayerNotDefined"),
        ({"QUERY_LAYERS": "roads"}, "LayerNotDefined"),
        ({"INFO_FORMAT": None}, "MissingParameterValue"),
        ({"INFO_FORMAT": "text/xml"}, "InvalidFormat"),
        ({"I": None}, "MissingParameterValue"),
        ({"I": "200"}, "InvalidPoint"),
        ({"I": "-1"}, "InvalidPoint"),
        ({"J": "100"}, "InvalidPoint"),
        ({"J": "1.5"}, "InvalidPoint"),
        ({"VERSION": "1.1.1", "SRS": "EPSG:3857", "X": "200", "Y": "1"}, "InvalidPoint"),
        ({"FEATURE_COUNT": "0"}, "InvalidParameterValue"),
        ({"FEATURE_COUNT": "many"}, "InvalidParameterValue"),
    ],
)
def test_a_point_that_is_asked_about_wrongly_is_refused_by_its_code(client, spoilt, code):
    assert code_of(ask(client, GET_INFO, **spoilt)) == code


def test_an_exception_is_written_as_its_version_has_it(client):
    new = ask(client, GET_MAP, LAYERS="nothing")
    old = ask(client, GET_MAP, LAYERS="nothing", VERSION="1.1.1")

    assert new["Content-Type"] == "text/xml; charset=UTF-8"
    assert b'version="1.3.0" xmlns="http://www.opengis.net/ogc"' in new.content
    assert old["Content-Type"] == "application/vnd.ogc.se_xml; charset=UTF-8"
    assert b"exception_1_1_1.dtd" in old.content
    assert b"xmlns" not in old.content


def test_an_exception_says_which_parameter_and_speaks_two_languages(client):
    vi = ask(client, GET_MAP, WIDTH="0").content.decode()
    en = ask(client, GET_MAP, WIDTH="0", LANGUAGE="en").content.decode()

    assert 'locator="WIDTH"' in vi
    assert "WIDTH phải từ 1 đến 4096 điểm ảnh, không phải 0." in vi
    assert "WIDTH must be from 1 to 4096 pixels, not 0." in en


@pytest.mark.parametrize("name", ["INIMAGE", "application/vnd.ogc.se_inimage"])
def test_an_exception_can_be_a_picture_with_the_words_in_it(client, name):
    answer = ask(client, GET_MAP, LAYERS="nothing", EXCEPTIONS=name)

    assert answer["Content-Type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.size == (200, 100)
    assert len(picture.getcolors(100_000) or ()) > 2
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["BLANK", "application/vnd.ogc.se_blank"])
def test_an_exception_can_be_an_empty_picture(client, name):
    seen = ask(client, GET_MAP, LAYERS="nothing", EXCEPTIONS=name, FORMAT="image/jpeg")
    through = ask(client, GET_MAP, LAYERS="nothing", EXCEPTIONS=name, TRANSPARENT="TRUE")

    assert seen["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(seen.content)).getcolors() == [(20_000, (255, 255, 255))]
    assert Image.open(io.BytesIO(through.content)).getcolors() == [(20_000, (255, 255, 255, 0))]


def test_what_is_sent_is_repeated_harmlessly(client):
    answer = ask(client, GET_MAP, LAYERS="<b>&\x00\x08" + "x" * 500)

    text = answer.content.decode()
    assert "&lt;b&gt;&amp;" in text
    assert "\x00" not in text
    assert len(text) < 1000


def test_names_are_read_in_any_case_and_strange_ones_ignored(client):
    given = {name.lower(): value for name, value in GET_MAP.items()}

    answer = client.get("/wms", {**given, "layers": "nothing", "colour": "<blue>"})

    assert code_of(answer) == "LayerNotDefined"
