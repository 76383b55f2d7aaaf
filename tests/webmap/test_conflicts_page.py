"""The page of conflicts: whose plans it offers, and what it tells the client."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import lxml.html
import pytest
from django.test import Client

from accounts.models import Role
from planning.models import PlanVersion
from tests.planning.city import EAST, NORTH, Office, box, functions, person

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    functions()
    return Office()


def page(user: User, query: str = "") -> Any:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="accounts.backends.OpenAccounts")
    return client.get(f"/conflicts/{query}", headers={"host": "localhost", "accept": "text/html"})


def settings_of(answer: Any) -> dict[str, Any]:
    found: Any = lxml.html.fromstring(answer.content)
    return json.loads(found.get_element_by_id("page-settings").text)


def options(answer: Any) -> dict[str, str]:
    """What one may choose: value and words."""
    found: Any = lxml.html.fromstring(answer.content)
    return {one.get("value"): one.text for one in found.xpath("//select[@name='draft']//option")}


def test_a_planner_chooses_among_the_city_drafts_and_what_is_in_force(office):
    draft = office.draft("P1", box(0, 0, 200, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})
    office.in_force("P2", box(300, 0, 400, 100), {"B": ("GREEN", box(300, 0, 400, 100))})
    in_force = PlanVersion.objects.get(plan__code="P2")

    answer = page(office.planner)

    said = options(answer)
    assert set(said) == {"", str(draft.pk), str(in_force.pk)}
    assert said[""] == "Toàn thành phố"
    assert said[str(draft.pk)].startswith("P1 · ")
    told = settings_of(answer)
    # The whole city is where plans are in force.
    assert (told["draft"], told["box"]) == (None, [EAST + 300, NORTH, EAST + 400, NORTH + 100])


def test_a_draft_is_shown_with_its_ground_and_its_workbench(office):
    draft = office.draft("P1", box(0, 0, 200, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})

    told = settings_of(page(office.planner, f"?draft={draft.pk}"))

    assert (told["draft"], told["workbench"]) == (draft.pk, "/plans/P1/edit")
    assert told["box"] == [EAST, NORTH, EAST + 200, NORTH + 100]
    assert told["planning"] == "/api/planning"


@pytest.mark.parametrize("query", ["?draft=999999", "?draft=1%20or%201", "?draft=%00"])
def test_a_draft_that_is_not_open_is_not_there(office, query):
    assert page(office.planner, query).status_code == 404


def test_whoever_draws_nothing_is_not_let_in(office):
    assert page(person("reader", Role.INVESTOR)).status_code == 403
