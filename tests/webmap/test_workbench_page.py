"""The page of the workbench: whose draft it shows, and what it tells the client."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Role
from tests.planning.city import Office, box, functions, person

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    functions()
    return Office()


def page(user: User, code: str) -> Any:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="accounts.backends.OpenAccounts")
    return client.get(f"/plans/{code}/edit", headers={"host": "localhost", "accept": "text/html"})


def a_draft(office: Office):
    return office.draft("P1", box(0, 0, 200, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})


def test_the_page_names_the_draft_and_the_grid_of_the_storage_system(office):
    draft = a_draft(office)

    answer = page(office.planner, "P1")

    found = re.search(r'<script id="page-settings"[^>]*>(.*?)</script>', answer.content.decode())
    assert found is not None
    told = json.loads(found[1])
    assert (answer.status_code, told["draft"], told["plan"]) == (200, draft.pk, "P1")
    assert (
        f"/{{layer}}/default/VN2000-{settings.STORAGE_EPSG}/{{z}}/{{y}}/{{x}}.png"
        in told["base"]["url"]
    )
    assert told["base"]["resolutions"] == sorted(told["base"]["resolutions"], reverse=True)


def test_a_plan_without_a_draft_says_so(office):
    office.in_force("P2", box(0, 0, 100, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})

    assert page(office.planner, "P2").status_code == 404


def test_whoever_draws_nothing_is_not_let_in(office):
    a_draft(office)

    assert page(person("reader", Role.INVESTOR), "P1").status_code == 403


def test_ground_without_a_zone_is_known_as_a_gap_from_the_beginning(office):
    draft = a_draft(office)

    assert [(fault.kind, fault.area_m2) for fault in draft.faults.all()] == [("gap", 10_000)]
