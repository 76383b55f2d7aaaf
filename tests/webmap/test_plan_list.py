"""The planner's desk: what is being drawn, and what may be adjusted."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from planning.models import Adjustment, PlanVersion
from planning.operations.conflict_runs import carry_out, start_run
from tests.planning.city import EAST, NORTH, Office, box, functions, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    functions()
    return Office()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.backends.OpenAccounts")
    return client


def page(user):
    answer = signed_in(user).get("/plans/")
    assert answer.status_code == 200
    return lxml.html.fromstring(answer.content)


def text_of(element) -> str:
    return " ".join(element.text_content().split())


def classed(element, name: str) -> list:
    """Elements below with that class."""
    return element.xpath(f".//*[contains(concat(' ', @class, ' '), ' {name} ')]")


def settings_of(found) -> dict:
    return json.loads(found.get_element_by_id("page-settings").text)


def drafted(office: Office, code: str = "P", **options) -> PlanVersion:
    zones = {"A": ("HOUSES", box(0, 0, 100, 100)), "B": ("GREEN", box(100, 0, 200, 100))}
    return office.draft(code, box(0, 0, 200, 100), zones, **options)


def test_a_planner_finds_the_drafts_with_their_state_and_ways_on(office):
    draft = drafted(office)

    (row,) = classed(page(office.planner), "plan-row")

    said = text_of(row)
    for part in ("Quy hoạch P", "Quy hoạch phân khu", "lập mới", "đang lập", "bản số 1"):
        assert part in said
    assert [text_of(one) for one in row.findall(".//dd")] == [
        *("2", "0"),
        "? chưa kiểm tra theo bản vẽ hiện nay",
    ]
    links = [link.get("href") for link in classed(row, "plan-links")[0].findall("a")]
    assert links[:2] == ["/plans/P/edit", "/plans/P/edit#history"]
    printed = urlsplit(links[2])
    assert printed.path == "/plans/P/print.pdf"
    # 200 m on 0.24 m of paper: 1:1 000 is the next scale that fits.
    assert parse_qs(printed.query) == {
        "draft": [str(draft.pk)],
        "scale": ["1000"],
        "paper": ["A3"],
        "east": [f"{EAST + 100:.2f}"],
        "north": [f"{NORTH + 50:.2f}"],
    }


def test_an_approver_looks_and_begins_nothing(office):
    drafted(office)

    found = page(office.approver)

    assert "Xem" in text_of(classed(found, "plan-links")[0])
    assert not found.findall(".//adjustment-form")


def test_plans_in_force_are_offered_for_an_adjustment(office):
    office.publish(office.approve(drafted(office)))
    drafted(office, "Q")

    found = page(office.planner)

    assert [plan["code"] for plan in settings_of(found)["plans"]] == ["P"]
    assert found.findall(".//adjustment-form")


def test_of_two_drafts_of_a_plan_the_newest_opens_in_the_workbench(office):
    office.publish(office.approve(drafted(office)))
    drafted(office, adjustment=Adjustment.GENERAL)
    drafted(office, adjustment=Adjustment.GENERAL)

    newest, older = classed(page(office.planner), "plan-row")

    assert "bản số 3" in text_of(newest)
    assert newest.findall(".//h2/a")
    assert "bản số 2" in text_of(older)
    assert not older.findall(".//h2/a")


def test_zones_in_force_are_given_with_their_very_coordinates(office):
    office.publish(office.approve(drafted(office)))

    answer = signed_in(office.planner).get("/plans/P/zones.json").json()

    assert [zone["label"] for zone in answer["zones"]] == ["A", "B"]
    corners = {tuple(corner) for corner in answer["zones"][0]["boundary"]["coordinates"][0][0]}
    assert corners == {(EAST + x, NORTH + y) for x in (0, 100) for y in (0, 100)}
    assert answer["is_cut"] is False
    assert len(answer["ground"]) == 1


@pytest.mark.parametrize(
    ("role", "is_offered"),
    [
        (Role.PLANNER, True),
        (Role.DATA_OFFICER, True),
        (Role.APPROVER, True),
        (Role.INVESTOR, False),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_the_header_leads_there_whoever_works_on_drafts(role, is_offered):
    client = signed_in(person("somebody", role))

    home = lxml.html.fromstring(client.get("/").content)
    links = [link.get("href") for link in home.iter("a")]

    assert ("/plans/" in links) is is_offered
    assert client.get("/plans/").status_code == (200 if is_offered else 403)


def test_an_approver_takes_a_draft_into_force_step_by_step(office):
    draft = drafted(office)
    client = signed_in(office.approver)

    (step,) = page(office.approver).xpath("//details//form/@action")
    assert client.post(step).status_code == 302
    (step,) = page(office.approver).xpath("//details//form/@action")
    client.post(step)

    draft.refresh_from_db()
    assert draft.status == "published"
    assert classed(page(office.approver), "plan-row") == []


def test_a_planner_is_offered_no_approval(office):
    drafted(office)

    assert page(office.planner).xpath("//details//form") == []


def checked(draft):
    """Check a draft for conflicts, as the worker does."""
    run, _ = start_run(version_id=draft.pk, by=None, on=timezone.localdate())
    carry_out(run_id=run.pk)


def test_a_draft_that_began_here_asks_for_its_decision(office):
    draft = drafted(office)
    PlanVersion.objects.filter(pk=draft.pk).update(decision_number="")
    client = signed_in(office.approver)

    (form,) = page(office.approver).xpath("//details//form")
    unnamed = client.post(form.get("action"))
    unreadable = client.post(form.get("action"), {"number": "9/QĐ", "date": "hôm nay"})
    checked(draft)
    named = client.post(form.get("action"), {"number": "9/QĐ", "date": "2026-11-20"})

    assert form.xpath(".//input[@required]/@name") == ["number", "date"]
    assert (unnamed.status_code, unreadable.status_code, named.status_code) == (422, 422, 302)
    draft.refresh_from_db()
    assert (draft.status, draft.decision_number) == ("approved", "9/QĐ")
