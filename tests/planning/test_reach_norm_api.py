"""Norms of services and circumstances of zones over HTTP."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.planning.city import FUNCTIONS, box, person

if TYPE_CHECKING:
    from django.test import Client

    from planning.models import PlanVersion
    from tests.planning.city import Office

pytestmark = pytest.mark.django_db

API = "/api/planning/reach"


@pytest.fixture
def plan(office: Office) -> PlanVersion:
    return office.draft("QHPK-9", box(0, 0, 50, 50), {"A": (FUNCTIONS[0], box(0, 0, 50, 50))})


def say(client: Client, zone: uuid.UUID, **said: str) -> Any:
    return client.post(
        f"{API}/zones/{zone}/circumstance", json.dumps(said), content_type="application/json"
    )


def test_the_team_reads_all_rows_of_the_check(
    client: Client, office: Office, plan: PlanVersion
) -> None:
    client.force_login(office.planner)

    answer = client.get(f"{API}/norms", {"draft": plan.pk})

    assert answer.status_code == 200
    rows = answer.json()["rows"]
    assert len(rows) == 34
    assert {row["state"] for row in rows} == {"not_checked"}
    assert {part["reason"] for row in rows for part in row["parts"]} == {
        *("people_unknown", "not_yet"),
    }


def test_what_is_said_of_a_zone_is_read_again_with_who_said_it(
    client: Client, office: Office, plan: PlanVersion
) -> None:
    zone = plan.drafts.get().uid
    client.force_login(office.planner)

    assert say(client, zone, development="new", source="decision 5").status_code == 200
    assert say(client, zone, terrain="swamp", source="x").status_code == 422
    assert say(client, zone, development="existing").status_code == 422
    assert say(client, uuid.uuid4(), development="new", source="x").status_code == 404

    said = client.get(f"{API}/zones/{zone}/circumstance").json()["said"]
    assert [(one["development"], one["source"]) for one in said] == [("new", "decision 5")]


def test_others_neither_read_nor_say_anything(
    client: Client, office: Office, plan: PlanVersion
) -> None:
    zone = plan.drafts.get().uid
    path = f"{API}/zones/{zone}/circumstance"

    assert client.get(path).status_code in (401, 403)
    client.force_login(person("stranger"))
    assert client.get(path).status_code == 403
    assert client.get(f"{API}/norms", {"draft": plan.pk}).status_code == 403
    client.force_login(office.approver)
    assert client.get(path).status_code == 200
    assert say(client, zone, development="new", source="x").status_code == 403
