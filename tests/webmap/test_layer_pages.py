"""The pages of the catalogue of layers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone

from tests.ground import add_parcel, square
from tileserver.layer import Kind
from tileserver.layers import BY_ID, LAYERS, MAP_LAYERS
from tileserver.legend import legend_entries
from webmap import catalogue

pytestmark = pytest.mark.django_db


def page(client, address: str, language: str = "vi") -> str:
    answer = client.get(f"{address}?lang={language}", headers={"host": "localhost"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_group_of_layers_has_a_heading():
    assert {layer.group for layer in MAP_LAYERS} <= set(catalogue.GROUPS)


def test_the_map_offers_every_group_too():
    switch = Path(catalogue.__file__).parent / "client" / "elements" / "layer-switch.ts"
    (listed,) = re.findall(r"const GROUPS = \[(.*?)\] as const", switch.read_text("utf-8"), re.S)

    assert {layer.group for layer in LAYERS} - {""} <= set(re.findall(r'"(\w+)"', listed))


def test_the_legend_is_that_of_the_map(client):
    text = page(client, "/layers/dykes/", "en")

    for entry in legend_entries(BY_ID["dykes"], as_of=timezone.localdate()):
        assert entry.title("en") in text
        assert f'stroke="{entry.colour}"' in text


def test_every_kind_of_value_has_a_name():
    assert set(catalogue.KINDS) == set(Kind)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_list_names_every_layer_and_leads_to_its_page(client, language):
    text = page(client, "/layers/", language)

    for layer in MAP_LAYERS:
        assert (layer.title_en if language == "en" else layer.title_vi) in text
        assert f'href="/layers/{layer.id}/"' in text
        assert f'href="/layers/{layer.id}.qlr?lang={language}"' in text


def test_the_services_stand_with_whole_addresses_that_a_button_copies(client):
    text = page(client, "/layers/")

    for end in ("wms", "wfs", "ogc/", "wmts/1.0.0/WMTSCapabilities.xml"):
        assert f"<code>http://localhost/{end}</code>" in text
        assert f'data-copy="http://localhost/{end}"' in text


@pytest.mark.parametrize("layer", MAP_LAYERS, ids=lambda layer: layer.id)
def test_the_page_of_a_layer_explains_every_attribute(client, layer):
    text = page(client, f"/layers/{layer.id}/", "en")

    for attribute in layer.attributes:
        assert f"<code>{attribute.name}</code>" in text
        assert attribute.title_en in text


def test_a_page_says_of_which_day_the_data_are(client):
    add_parcel("7", square(590000, 2325000))

    assert re.search(r"Số liệu ngày</dt>\s*<dd>\s*01/01/2026", page(client, "/layers/parcels/"))


def test_an_empty_layer_is_called_empty(client):
    assert "Lớp này chưa có dữ liệu." in page(client, "/layers/parcels/")


def test_a_licence_that_nobody_stated_is_not_made_up(client):
    add_parcel("7", square(590000, 2325000))

    assert "chưa nêu: hãy hỏi cơ quan công bố dữ liệu" in page(client, "/layers/parcels/")


def test_every_page_leads_to_the_list(client):
    assert 'href="/layers/"' in page(client, "/")
