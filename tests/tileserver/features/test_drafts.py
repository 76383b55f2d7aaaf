"""Drafts as features: those that were named and no others."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import shapely

from tests.planning import city
from tests.planning.city import box
from tileserver.features import conditions as c
from tileserver.features import geojson, read, systems
from tileserver.features.query import FeatureQuery
from tileserver.layers import BY_ID, LAYERS, TEAM_LAYERS
from tileserver.layers.drafts import DRAFT_ZONES

pytestmark = pytest.mark.django_db
OWN = systems.default()
DAY = dt.date(2026, 9, 1)
WEST, EAST = box(0, 0, 100, 100), box(100, 0, 200, 100)


@pytest.fixture
def office() -> city.Office:
    city.functions()
    return city.Office()


def ask(drafts=(), **values) -> list[dict]:
    query = FeatureQuery(
        DRAFT_ZONES, DAY, read.edition(None).revision, OWN.epsg, drafts=drafts, **values
    )
    page = list(read.page(query, geojson.one_column(OWN)))
    assert read.count(query) == len(page)
    return [json.loads(text) for (text,) in page]


def test_no_list_for_the_public_names_a_layer_of_drafts():
    assert not {layer.id for layer in TEAM_LAYERS} & set(BY_ID)
    assert all(layer.audience.value == "public" for layer in LAYERS)


def test_only_named_drafts_are_given_out(office):
    one = office.draft("ONE", WEST, {"A": ("HOUSES", WEST)})
    two = office.draft("TWO", EAST, {"B": ("GREEN", EAST)})

    assert ask() == []
    assert [f["properties"]["label"] for f in ask((one.pk,))] == ["A"]
    assert sorted(f["properties"]["label"] for f in ask((one.pk, two.pk))) == ["A", "B"]
    by_place = ask((one.pk, two.pk), condition=c.Spatial(c.Relation.WITHIN, EAST.buffer(1)))
    assert [f["properties"]["plan"] for f in by_place] == ["TWO"]


def test_a_draft_looks_like_the_zone_it_may_become(office):
    version = office.draft("ONE", WEST, {"A": ("HOUSES", WEST)})

    (feature,) = ask((version.pk,))

    assert feature["properties"]["colour"] == "#123456"
    assert feature["properties"]["function_en"] == "Houses"
    assert feature["properties"]["plan_version"] == version.pk
    drawn = shapely.geometry.shape(feature["geometry"])
    assert shapely.equals(drawn, WEST)
