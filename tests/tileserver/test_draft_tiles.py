"""Drafts on the map: for those who work on them, in a cache of their own."""

from __future__ import annotations

import datetime as dt

import mapbox_vector_tile
import pytest
from django.conf import settings
from django.utils import timezone

from accounts import keys
from accounts.models import Role
from planning.models import DraftZone
from tests.ground import Shape, shape, tile_of
from tests.planning import city
from tests.planning.city import box, person

pytestmark = pytest.mark.django_db
GROUND = box(0, 0, 100, 100)


@pytest.fixture
def office() -> city.Office:
    city.functions()
    return city.Office()


def address(ground: Shape, z: int = 16) -> str:
    x, y = tile_of(ground, z)
    return f"/tiles/draft_zones/{z}/{x}/{y}.pbf"


def labels(answer) -> set[str]:
    content = mapbox_vector_tile.decode(answer.content) if answer.content else {}
    features = content.get("draft_zones", {"features": []})["features"]
    return {feature["properties"]["label"] for feature in features}


def kept() -> list:
    return sorted((settings.TILE_CACHE / "drafts").rglob("*.mvt.gz"))


def test_a_planner_sees_drafts_and_the_public_is_not_told_of_them(office, client):
    version = office.draft("P", GROUND, {"A": ("HOUSES", GROUND)})
    where = address(shape(GROUND))

    refused = client.get(where)
    assert refused.status_code == 404
    assert refused.json() == client.get(where.replace("draft_zones", "nonsense")).json() | {
        "values": {"layer": "draft_zones"},
        "detail": refused.json()["detail"],
    }

    client.force_login(office.planner)
    answer = client.get(where)
    assert labels(answer) == {"A"}
    assert answer["Cache-Control"] == "private, no-cache"
    assert version.pk in [
        f["properties"]["plan_version"]
        for f in mapbox_vector_tile.decode(answer.content)["draft_zones"]["features"]
    ]

    client.force_login(person("investor", Role.INVESTOR))
    assert client.get(where).status_code == 404


def test_a_key_opens_the_same_drafts_as_its_owner_sees(office, client):
    office.draft("P", GROUND, {"A": ("HOUSES", GROUND)})
    key = keys.issue_key(
        user=office.planner, label="QGIS", valid_from=timezone.localdate() - dt.timedelta(days=1)
    )

    assert labels(client.get(address(shape(GROUND)), headers={"X-Api-Key": key})) == {"A"}


def test_an_edit_of_a_draft_is_on_the_next_tile(office, client):
    version = office.draft("P", GROUND, {"A": ("HOUSES", GROUND)})
    client.force_login(office.planner)
    where = address(shape(GROUND))
    before = client.get(where)
    assert client.get(where, headers={"If-None-Match": before["ETag"]}).status_code == 304

    zone = DraftZone.objects.get(version_of=version)
    zone.label, zone.version = "B", zone.version + 1
    zone.save()

    after = client.get(where, headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, labels(after)) == (200, {"B"})
    assert len(kept()) == 2


def test_drafts_are_kept_apart_by_who_may_see_which(office, client):
    """Two planners with other drafts in sight never get each other's file."""
    office.draft("P", GROUND, {"A": ("HOUSES", GROUND)})
    client.force_login(office.planner)
    client.get(address(shape(GROUND)))
    assert len(kept()) == 1

    office.draft("Q", GROUND, {"Z": ("GREEN", GROUND)})
    assert labels(client.get(address(shape(GROUND)))) == {"A", "Z"}
    assert len(kept()) == 2
