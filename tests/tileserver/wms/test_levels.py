"""Zones level by level: a layer for each, all of them together once."""

from __future__ import annotations

import json

import pytest
from lxml import etree

from tests.ground import square
from tests.tileserver.test_picture import add_zone
from tests.tileserver.wms.asking import GET_INFO, GET_MAP, ask, code_of

pytestmark = pytest.mark.django_db

LEVELS = ("land_use", "general", "zoning", "detailed")
FRAME = {"CRS": "EPSG:5897", "BBOX": "590000,2325000,590200,2325100", "FEATURE_COUNT": "50"}


@pytest.fixture
def zones(db):
    for level in LEVELS:
        add_zone(f"F_{level}".upper(), "#112233", square(589900, 2324900, 400), level=level)


def found_in(client, layer):
    answer = ask(client, GET_INFO, LAYERS=layer, QUERY_LAYERS=layer, **FRAME)
    return [f["properties"]["level"] for f in json.loads(answer.content)["features"]]


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_has_its_own_zones_and_no_others(client, zones, level):
    assert found_in(client, f"zones_{level}") == [level]


@pytest.mark.parametrize("layer", ["zones", "theme_plans", "diado"])
def test_what_shows_all_levels_shows_each_zone_once(client, zones, layer):
    levels = [f for f in found_in(client, layer) if f is not None]

    assert sorted(levels) == sorted(LEVELS)


def test_levels_are_named_in_the_capabilities(client, db):
    answer = client.get("/wms", {"SERVICE": "WMS", "REQUEST": "GetCapabilities"})

    names = {e.text for e in etree.fromstring(answer.content).iter("{*}Name")}
    assert {f"zones_{level}" for level in LEVELS} < names


def test_a_level_that_does_not_exist_is_refused(client, db):
    assert code_of(ask(client, GET_MAP, LAYERS="zones_none")) == "LayerNotDefined"
