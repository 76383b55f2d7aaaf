"""Drafts through the services: for those who work on them, as if there were none for others."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image

from accounts.models import Role
from landdata import crs
from tests.ground import shape
from tests.planning import city
from tests.planning.city import box, person

pytestmark = pytest.mark.django_db
GROUND = box(0, 0, 100, 100)
LAYER = "draft_zones"


@pytest.fixture
def office(db) -> city.Office:
    city.functions()
    return city.Office()


@pytest.fixture
def draft(office):
    return office.draft("P", GROUND, {"A": ("HOUSES", GROUND)})


def wms(client, request: str, **values: str):
    return client.get("/wms", {"SERVICE": "WMS", "VERSION": "1.1.1", "REQUEST": request, **values})


def map_of(client, *, epsg: int):
    extent = shape(GROUND).extent if epsg == crs.WEB_MERCATOR else GROUND.bounds
    return wms(
        client,
        "GetMap",
        LAYERS=LAYER,
        STYLES="",
        SRS=f"EPSG:{epsg}",
        BBOX=",".join(map(repr, extent)),
        WIDTH="64",
        HEIGHT="64",
        FORMAT="image/png",
        TRANSPARENT="TRUE",
    )


def middle_colours(answer) -> set[tuple[int, ...]]:
    picture = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGBA"))
    return {tuple(int(v) for v in pixel) for pixel in picture[20:44, 8:16].reshape(-1, 4)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("epsg", [3857, 5897])
def test_a_planner_gets_a_picture_of_the_drafts(client, office, draft, map_server, epsg):
    client.force_login(office.planner)

    answer = map_of(client, epsg=epsg)

    assert answer["Content-Type"] == "image/png"
    assert (answer["Cache-Control"], "ETag" in answer) == ("private, no-cache", False)
    assert any(alpha > 0 for *_, alpha in middle_colours(answer))
    # Approved by nobody's leave: the same question without a session knows no such layer.
    client.logout()
    refused = map_of(client, epsg=epsg)
    assert b"LayerNotDefined" in refused.content


def test_capabilities_name_drafts_to_their_team_only(client, office, draft):
    def names_them() -> bool:
        return LAYER.encode() in wms(client, "GetCapabilities").content

    assert not names_them()
    client.force_login(person("somebody", Role.INVESTOR))
    assert not names_them()
    client.force_login(office.planner)
    assert names_them()
    office.approve(draft)
    office.publish(draft)
    assert not names_them()


def test_a_planner_asks_what_a_draft_says_at_a_place(client, office, draft):
    client.force_login(office.planner)
    west, south, east, north = GROUND.bounds

    answer = wms(
        client,
        "GetFeatureInfo",
        LAYERS=LAYER,
        QUERY_LAYERS=LAYER,
        STYLES="",
        SRS="EPSG:5897",
        BBOX=f"{west},{south},{east},{north}",
        WIDTH="100",
        HEIGHT="100",
        X="50",
        Y="50",
        INFO_FORMAT="application/json",
    )

    (feature,) = json.loads(answer.content)["features"]
    assert feature["properties"]["label"] == "A"
    assert feature["properties"]["plan_version"] == draft.pk


def test_drafts_are_a_collection_for_their_team_only(client, office, draft):
    def ids() -> set[str]:
        return {c["id"] for c in client.get("/ogc/collections?f=json").json()["collections"]}

    items = f"/ogc/collections/{LAYER}/items?f=json"
    assert LAYER not in ids()
    assert client.get(items).status_code == 404

    client.force_login(office.planner)

    assert LAYER in ids()
    answer = client.get(items)
    (feature,) = json.loads(b"".join(answer.streaming_content))["features"]
    assert feature["properties"]["label"] == "A"
    assert (answer["Cache-Control"], "ETag" in answer) == ("private, no-cache", False)
    assert client.get(f"/ogc/collections/{LAYER}?f=json").status_code == 200


def test_drafts_are_a_feature_type_for_their_team_only(client, office, draft):
    def names_them() -> bool:
        answer = client.get("/wfs", {"SERVICE": "WFS", "REQUEST": "GetCapabilities"})
        return LAYER.encode() in answer.content

    question = {
        "SERVICE": "WFS",
        "VERSION": "2.0.0",
        "REQUEST": "GetFeature",
        "TYPENAMES": f"diado:{LAYER}",
        "OUTPUTFORMAT": "application/geo+json",
    }
    assert not names_them()
    assert client.get("/wfs", question).status_code == 400

    client.force_login(office.planner)

    assert names_them()
    answer = client.get("/wfs", question)
    (feature,) = json.loads(b"".join(answer))["features"]
    assert feature["properties"]["label"] == "A"
    assert answer["Cache-Control"] == "private, no-cache"
    # Through the link of a page and by its own name it is the same feature, for the team alone.
    by_name = {"STOREDQUERY_ID": "urn:ogc:def:query:OGC-WFS::GetFeatureById", "ID": feature["id"]}
    named = {n: v for n, v in question.items() if n != "TYPENAMES"} | by_name
    assert client.get("/wfs", named).status_code == 200
    client.logout()
    assert client.get("/wfs", named).status_code == 404
