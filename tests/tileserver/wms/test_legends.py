"""GetLegendGraphic: what capabilities say of a legend is what is sent."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from lxml import etree
from PIL import Image

from landdata.models import Revision
from tests.ground import square
from tests.tileserver.test_picture import add_zone
from tests.tileserver.wms.asking import ask, code_of
from tileserver.layers import MAP_LAYERS
from tileserver.legend import legend_png

pytestmark = pytest.mark.django_db

GET_LEGEND = {
    "SERVICE": "WMS",
    "VERSION": "1.3.0",
    "REQUEST": "GetLegendGraphic",
    "SLD_VERSION": "1.1.0",
    "LAYER": "roads",
    "FORMAT": "image/png",
}
XLINK = "{http://www.w3.org/1999/xlink}href"


@pytest.mark.parametrize(
    ("address", "style"),
    [
        ("/wms?SERVICE=WMS&REQUEST=GetCapabilities&LANGUAGE=en", ".//{*}Layer/{*}Style"),
        ("/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1", ".//Layer/Style"),
        ("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", ".//{*}Layer/{*}Style"),
    ],
    ids=["1.3.0", "1.1.1", "WMTS"],
)
def test_every_layer_has_a_legend_of_the_size_that_is_told(client, address, style):
    document = etree.fromstring(client.get(address).content)

    links = document.findall(f"{style}/{{*}}LegendURL")
    assert len(links) == len(MAP_LAYERS)
    for link in links:
        online = link.find("{*}OnlineResource")
        parts = urlsplit(str((link if online is None else online).get(XLINK)))
        answer = client.get(f"{parts.path}?{parts.query}")
        assert answer["Content-Type"] == "image/png"
        size = Image.open(io.BytesIO(answer.content)).size
        assert size == (int(link.attrib["width"]), int(link.attrib["height"]))


def test_a_legend_speaks_the_language_that_is_asked_for(client):
    roads = next(layer for layer in MAP_LAYERS if layer.id == "roads")
    today = timezone.localdate()

    assert ask(client, GET_LEGEND).content == legend_png([roads], as_of=today, language="vi")
    english = ask(client, GET_LEGEND, LANGUAGE="en")
    assert english.content == legend_png([roads], as_of=today, language="en")


def test_the_legend_of_a_theme_is_that_of_its_layers_together(client):
    one = Image.open(io.BytesIO(ask(client, GET_LEGEND).content))
    theme = Image.open(io.BytesIO(ask(client, GET_LEGEND, LAYER="theme_transport").content))

    assert theme.height > one.height


def test_a_legend_is_sent_again_only_when_it_has_changed(client):
    with Revision.open(by=None, why="first"):
        pass
    first = ask(client, GET_LEGEND, LAYER="zones")
    request = {"If-None-Match": first["ETag"]}

    again = client.get("/wms", {**GET_LEGEND, "LAYER": "zones"}, headers=request)
    add_zone("ODT-1", "#ff00aa", square(590000, 2325000, 100))
    changed = client.get("/wms", {**GET_LEGEND, "LAYER": "zones"}, headers=request)

    assert again.status_code == 304
    assert changed.status_code == 200
    assert changed.content != first.content


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        ({"VERSION": None}, "MissingParameterValue"),
        ({"LAYER": None}, "MissingParameterValue"),
        ({"LAYER": "nothing"}, "LayerNotDefined"),
        ({"LAYER": "roads,zones"}, "LayerNotDefined"),
        ({"STYLE": "pretty"}, "StyleNotDefined"),
        ({"FORMAT": "image/tiff"}, "InvalidFormat"),
        ({"SLD": "http://example.org/style.xml"}, "OperationNotSupported"),
    ],
)
def test_a_legend_that_is_asked_for_wrongly_is_refused_by_its_code(client, spoilt, code):
    assert code_of(ask(client, GET_LEGEND, **spoilt)) == code
