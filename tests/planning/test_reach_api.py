"""Reach over HTTP: asked for by those who draft, answered from the last run that is done."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from planning.operations.coverage_runs import carry_out_coverage
from tests.planning.city import person
from tests.planning.test_coverage_runs import street  # noqa: F401 # a fixture
from tests.planning.test_draft_api import as_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("street")]
API = "/api/planning/reach"


@pytest.fixture
def planner() -> Client:
    return as_user(person("planner", Role.PLANNER))


def ask(client: Client) -> Any:
    return client.post(f"{API}/runs", json.dumps({}), content_type="application/json")


def test_a_run_is_asked_for_once_and_told_of(planner: Client) -> None:
    started = ask(planner)
    assert started.status_code == 202, started.content
    again = ask(planner)
    assert (again.status_code, again.json()["id"]) == (200, started.json()["id"])
    early = planner.get(f"{API}/figures")
    assert (early.status_code, early.json()["code"]) == (422, "coverage_never_run")

    carry_out_coverage(run_id=started.json()["id"])
    told = planner.get(f"{API}/runs/{started.json()['id']}").json()
    assert (told["state"], told["number"], told["is_current"]) == ("done", 1, True)
    assert told["counts"]["people"] == 20
    assert planner.get(f"{API}/runs").json()["runs"][0]["id"] == told["id"]


def test_figures_say_the_share_the_norm_and_whom_they_speak_of(planner: Client) -> None:
    carry_out_coverage(run_id=ask(planner).json()["id"])

    answer = planner.get(f"{API}/figures", {"kind": "parking", "norm": "pk_walk", "unit": ""})
    (share,) = [one for one in answer.json()["figures"] if one["measure"] == "share_within"]
    assert (share["value"], share["people"], share["state"]) == (0.5, 20.0, "not_met")
    assert share["kind_name"] == "Bãi đỗ xe"

    wards = planner.get(f"{API}/wards", {"kind": "parking"}).json()
    assert [ward["code"] for ward in wards["wards"]] == ["00004"]
    own = [one for one in wards["wards"][0]["figures"] if one["measure"] == "share_within"]
    assert own[0]["value"] == 0.5


def test_those_who_do_not_draft_are_turned_away(planner: Client) -> None:
    run = ask(planner).json()["id"]
    investor = as_user(person("investor", Role.INVESTOR))

    assert investor.get(f"{API}/runs").status_code == 403
    assert investor.get(f"{API}/runs/{run}").status_code == 403
    assert Client().get(f"{API}/figures").status_code == 401


def test_the_kinds_of_services_are_for_everybody() -> None:
    kinds = Client().get(f"{API}/kinds").json()["kinds"]

    assert kinds[0] == {
        "code": "kindergarten",
        "name": "Trường mầm non",
        "norms": ["kg21", "rkg", "kg26"],
    }
    assert len(kinds) == 16


def test_a_run_called_off_is_told_so(planner: Client) -> None:
    run = ask(planner).json()["id"]
    done = planner.post(f"{API}/runs/{run}/cancel", content_type="application/json")
    assert done.json()["state"] == "cancelled"
