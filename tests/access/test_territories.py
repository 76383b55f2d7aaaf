"""Drafts are open within a territory only: address by address, role by role, by the table."""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, RoleAssignment, Territory, User
from config.access import RULES
from tests.planning.city import Office, box, functions, stored

if TYPE_CHECKING:
    from planning.models import PlanVersion

#: What of a plan is in force, which everybody may see.
IN_FORCE = "plans/<str:code>/zones.json"
#: Addresses of one draft, or of the drafts of one plan.
OF_DRAFTS = [
    (rule.route, method, role)
    for rule in RULES
    if "<int:draft>" in rule.route or rule.route.startswith("plans/<")
    if rule.route != IN_FORCE
    for method in rule.methods
    for role in sorted(rule.who)  # type: ignore[arg-type]  # none of them is open to groups
]


@pytest.fixture
def draft(db: None) -> PlanVersion:
    functions()
    return Office().draft("P1", box(0, 0, 100, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})


NEAR, FAR = (-10, -10, 110, 110), (500, 0, 900, 900)


def a_caller(role: Role) -> Client:
    """Return the client of somebody who holds a role on the territory T."""
    territory = Territory.objects.create(code="T", name="T", boundary=stored(box(*NEAR)))
    user = User.objects.create_user("caller", full_name="Người gọi")
    RoleAssignment.objects.create(
        user=user, role=role, territory=territory, valid_from=timezone.localdate()
    )
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="accounts.backends.OpenAccounts")
    return client


def address(route: str, draft: PlanVersion) -> str:
    values = {
        "draft": str(draft.pk),
        "number": "1",
        "variant": "1",
        "fault": str(uuid.uuid4()),
        "code": "P1",
    }
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], route)


def call(client: Client, method: str, route: str, draft: PlanVersion) -> tuple[int, str]:
    """Return status and code of the answer to a call that is sound but for who makes it."""
    zone = draft.drafts.get()
    drawn = {"type": "MultiPolygon", "coordinates": zone.boundary.coords}
    body = {
        "edits": {"action": "redraw", "changes": [{"uid": str(zone.uid), "based_on": 1}]},
        "check": {"action": "redraw", "changes": [{"uid": str(zone.uid), "based_on": 1}]},
        "variants": {"uid": str(zone.uid), "boundary": drawn},
    }.get(route.rpartition("/")[2], {})
    query = "?since=0&bbox=580000,2300000,590000,2330000" if method == "GET" else ""
    answer = client.generic(
        method,
        address(route, draft) + query,
        json.dumps(body),
        content_type="application/json",
        headers={"If-Match": '"e1"', "Idempotency-Key": str(uuid.uuid4())},
    )
    is_problem = answer.get("Content-Type") == "application/problem+json"
    return answer.status_code, json.loads(answer.content)["code"] if is_problem else ""


@pytest.mark.parametrize(("route", "method", "role"), OF_DRAFTS)
def test_a_draft_is_open_inside_a_territory_and_unknown_outside(draft, route, method, role):
    client = a_caller(role)
    inside = call(client, method, route, draft)
    Territory.objects.update(boundary=stored(box(*FAR)))
    outside = call(client, method, route, draft)

    assert inside[0] not in (401, 403)
    assert inside[1] != "draft"
    assert outside[0] == 404
    if not route.startswith("plans/"):
        assert outside[1] == "draft"
    assert draft.history.count() <= 2
