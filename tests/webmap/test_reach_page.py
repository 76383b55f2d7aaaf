"""The planners' page of reach: whose plans it offers, and what it tells the client."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import lxml.html
import pytest
from django.test import Client

from accounts.models import Role
from planning.models import PlanVersion
from tests.planning.city import EAST, NORTH, Office, box, functions, person
from webmap.reach_pages import kinds_on

if TYPE_CHECKING:
    from accounts.models import User


@pytest.fixture
def office(db: None) -> Office:
    functions()
    return Office()


def page(user: User, query: str = "") -> Any:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="accounts.backends.OpenAccounts")
    return client.get(f"/reach/{query}", headers={"host": "localhost", "accept": "text/html"})


def settings_of(answer: Any) -> dict[str, Any]:
    found: Any = lxml.html.fromstring(answer.content)
    return json.loads(found.get_element_by_id("page-settings").text)


def norms_of(kinds: list[dict[str, Any]], code: str) -> dict[str, dict[str, Any]]:
    (kind,) = (one for one in kinds if one["code"] == code)
    return {norm["id"]: norm for norm in kind["norms"]}


def test_a_planner_chooses_among_the_city_drafts_and_what_is_in_force(office):
    draft = office.draft("P1", box(0, 0, 200, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})
    office.in_force("P2", box(300, 0, 400, 100), {"B": ("GREEN", box(300, 0, 400, 100))})
    in_force = PlanVersion.objects.get(plan__code="P2")

    answer = page(office.planner)

    found: Any = lxml.html.fromstring(answer.content)
    offered = {one.get("value") for one in found.xpath("//select[@name='draft']//option")}
    assert offered == {"", str(draft.pk), str(in_force.pk)}
    told = settings_of(answer)
    assert (told["draft"], told["is_draft"]) == (None, False)
    assert told["box"] == [EAST + 300, NORTH, EAST + 400, NORTH + 100]


def test_a_draft_is_shown_with_its_ground_and_its_workbench(office):
    draft = office.draft("P1", box(0, 0, 200, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})

    told = settings_of(page(office.planner, f"?draft={draft.pk}"))

    assert (told["draft"], told["is_draft"]) == (draft.pk, True)
    assert told["workbench"] == "/plans/P1/edit"
    assert told["box"] == [EAST, NORTH, EAST + 200, NORTH + 100]


def test_a_plan_is_shown_with_the_wards_of_the_whole_city_and_the_norms_of_today(office):
    """Its run has figures of every ward, held against the norms of the day of the run."""
    office.in_force("P2", box(300, 0, 400, 100), {"B": ("GREEN", box(300, 0, 400, 100))})
    draft = office.draft("P1", box(0, 0, 200, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})
    city, of_draft = (
        settings_of(page(office.planner, query)) for query in ("", f"?draft={draft.pk}")
    )

    assert of_draft["wards"] == city["wards"]
    assert of_draft["kinds"] == city["kinds"]


@pytest.mark.parametrize("query", ["?draft=999999", "?draft=1%20or%201"])
def test_a_draft_that_is_not_open_is_not_there(office, query):
    assert page(office.planner, query).status_code == 404


def test_whoever_draws_nothing_is_not_let_in(office):
    assert page(person("reader", Role.INVESTOR)).status_code == 403


def test_the_norms_of_the_day_are_offered_with_their_distances():
    before, after = kinds_on(dt.date(2026, 12, 31)), kinds_on(dt.date(2027, 1, 1))

    old = norms_of(before, "kindergarten")
    assert set(old) == {"kg21", "rkg"}
    # 500 m; 1,000 m in complex terrain, and twice as far in existing areas.
    kg21 = old["kg21"]
    assert (kg21["limit_m"], kg21["laxest_m"], kg21["measured"]) == (500, 2000, "straight")
    new = norms_of(after, "kindergarten")
    assert {norm["id"]: norm["limit_m"] for norm in new.values()} == {"kg26": 1000}


def test_a_norm_without_a_distance_says_so():
    (us21,) = norms_of(kinds_on(dt.date(2026, 11, 22)), "upper_secondary_school").values()

    assert (us21["limit_m"], us21["measured"]) == (None, "none")
