"""Conflicts over HTTP: asked for, listed, talked about, decided, and what stops an approval."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from landdata.errors import Invalid
from planning.editing.records import Change
from planning.models import Conflict, ConflictRun
from planning.operations.conflict_decisions import check_no_open_conflicts
from planning.operations.conflict_runs import carry_out
from tests.planning.city import person
from tests.planning.conflict_town import WORKS, PlannedTown
from tests.planning.test_draft_api import as_user

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db
API = "/api/planning"


@pytest.fixture
def planned() -> PlannedTown:
    town = PlannedTown(Random(5))
    town.found()
    zone = town.draft.drafts.get(label="3.0")
    # Works in a park of the general plan: blocks.
    town.save(Change(uid=zone.uid, based_on=zone.version, content={"function": WORKS}))
    return town


@pytest.fixture
def planner(planned: PlannedTown) -> Client:
    return as_user(planned.planner)


@pytest.fixture
def approver(planned: PlannedTown) -> User:
    from accounts.models import User

    return User.objects.get(username="approver")


def post(client: Client, path: str, body: Any = None) -> Any:
    return client.post(f"{API}{path}", json.dumps(body or {}), content_type="application/json")


def checked(client: Client, planned: PlannedTown) -> dict[str, Any]:
    """Run the check as the worker does; return the run."""
    started = post(client, "/conflicts/runs", {"draft": planned.draft.pk})
    assert started.status_code == 202, started.content
    carry_out(run_id=started.json()["id"])
    return client.get(f"{API}/conflicts/runs/{started.json()['id']}").json()


def listed(client: Client, planned: PlannedTown, **wanted: Any) -> dict[str, Any]:
    answer = client.get(f"{API}/conflicts", {"draft": planned.draft.pk, **wanted})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_run_is_asked_for_and_its_conflicts_are_listed(planner, planned):
    assert listed(planner, planned) == {
        "run": None,
        "is_current": False,
        "total": 0,
        "conflicts": [],
        "next": None,
    }

    run = checked(planner, planned)

    assert run["state"] == "done"
    assert run["is_current"]
    found = listed(planner, planned, rule="P01", severity="blocks")
    zone = planned.draft.drafts.get(label="3.0")
    (one,) = [c for c in found["conflicts"] if c["parties"][0]["key"] == str(zone.uid)]
    assert one["parties"][0]["name"] == "3.0"
    assert one["area_m2"] == pytest.approx(900)
    assert one["state"] == "open"
    # Its plot of 26 x 26 m lies inside it, and the neighbours' do not.
    assert one["parcels"] == 1
    assert one["text"]
    assert "{" not in one["text"]


def test_sentences_come_in_the_language_that_is_asked_for(planner, planned):
    checked(planner, planned)
    in_vietnamese = listed(planner, planned, rule="P01")["conflicts"][0]["title"]
    planner.cookies["django_language"] = "en"
    assert listed(planner, planned, rule="P01")["conflicts"][0]["title"] != in_vietnamese


def test_filters_leave_what_they_say(planner, planned):
    checked(planner, planned)
    every = listed(planner, planned, limit=200)
    both = [*every["conflicts"]]
    if every["next"]:
        both += listed(planner, planned, limit=200, after=every["next"])["conflicts"]
    assert len({c["key"] for c in both}) == len(both) == every["total"]
    for code in sorted({c["rule"] for c in both})[:3]:
        only = listed(planner, planned, rule=code)
        assert {c["rule"] for c in only["conflicts"]} == {code}
        assert only["total"] == sum(c["rule"] == code for c in both)
    of_each = [listed(planner, planned, severity=s)["total"] for s in ("blocks", "warns", "notes")]
    assert sum(of_each) == every["total"]


def test_after_an_edit_only_what_changed_is_told(planner, planned):
    checked(planner, planned)
    zone = planned.draft.drafts.get(label="3.0")
    park = "DAT_HTXH_CayxanhCC"
    planned.save(Change(uid=zone.uid, based_on=zone.version, content={"function": park}))

    told = post(planner, f"/drafts/{planned.draft.pk}/conflicts/refresh").json()

    assert told["run"]["kind"] == "partial"
    solved = [c for c in told["solved"] if c["rule"] == "P01"]
    assert [c["parties"][0]["key"] for c in solved] == [str(zone.uid)]
    assert told["unchanged"] > 0
    again = post(planner, f"/drafts/{planned.draft.pk}/conflicts/refresh").json()
    assert (again["new"], again["solved"], again["changed"]) == ([], [], [])


def test_two_runs_are_compared(planner, planned):
    first = checked(planner, planned)
    zone = planned.draft.drafts.get(label="0.0")
    planned.save(Change(uid=zone.uid, based_on=zone.version, content={"function": WORKS}))
    second = checked(planner, planned)

    path = f"{API}/conflicts/runs/{second['id']}/difference"
    told = planner.get(path, {"before": first["id"]}).json()

    assert ("P01", str(zone.uid)) in {(c["rule"], c["parties"][0]["key"]) for c in told["new"]}
    back = planner.get(
        f"{API}/conflicts/runs/{first['id']}/difference", {"before": second["id"]}
    ).json()
    assert {c["key"] for c in back["solved"]} == {c["key"] for c in told["new"]}


def test_matrix_map_and_heat_add_up(planner, planned):
    checked(planner, planned)
    total = listed(planner, planned)["total"]
    scope = {"draft": planned.draft.pk}
    drawn = planner.get(f"{API}/conflicts/map", scope).json()
    assert len(drawn["conflicts"]) == total
    heat = planner.get(f"{API}/conflicts/heat", scope).json()
    assert sum(cell[2] for cell in heat["cells"]) == total
    matrix = planner.get(f"{API}/conflicts/matrix", scope).json()
    assert sum(sum(row["counts"]) for row in matrix["rows"]) >= total


def test_what_people_say_is_kept_and_changes_the_state(planner, planned, approver):
    checked(planner, planned)
    (one,) = [
        c
        for c in listed(planner, planned, severity="blocks", rule="P01")["conflicts"]
        if c["parties"][0]["name"] == "3.0"
    ]
    path = f"/conflicts/{one['key']}/events"
    assert post(planner, path, {"kind": "comment", "text": "Xem lại"}).status_code == 200
    assert post(planner, path, {"kind": "false_alarm"}).status_code == 422
    accept = {"kind": "accept", "text": "Đã thống nhất", "document": "12/TB"}
    # A conflict that blocks is not accepted by those who drew it.
    assert post(planner, path, accept).status_code == 403
    detail = post(as_user(approver), path, accept).json()
    assert detail["state"] == "accepted"
    assert [event["kind"] for event in detail["events"]] == ["comment", "accept"]
    assert detail["boundary"]["type"] == "MultiPolygon"
    assert detail["rule_view"]["source"]


def test_what_blocks_stops_the_approval_until_an_authority_decides(planner, planned, approver):
    def check() -> None:
        planned.draft.refresh_from_db()
        check_no_open_conflicts(planned.draft)

    with pytest.raises(Invalid, match="conflicts_not_checked"):
        check()
    checked(planner, planned)
    with pytest.raises(Invalid, match="open_conflicts_block"):
        check()
    blocking = listed(planner, planned, severity="blocks", state="open", limit=200)["conflicts"]
    decided = {
        "number": "7/UBND",
        "date": "2026-11-01",
        "authority": "UBND thành phố",
        "text": "Áp dụng đồ án phân khu",
        "prevails": "QHPK",
    }
    between = [c for c in blocking if c["rule"] == "P01"]
    body = {**decided, "conflicts": [c["key"] for c in between]}
    assert post(planner, "/precedence-decisions", body).status_code == 403
    assert post(as_user(approver), "/precedence-decisions", body).status_code == 201
    assert not listed(planner, planned, rule="P01", severity="blocks", state="open")["total"]
    Conflict.objects.filter(version=planned.draft, state="open").update(state="false_alarm")
    with pytest.raises(Invalid, match="conflicts_not_checked"):
        check()  # the decision changes what there is to find
    run = post(planner, f"/drafts/{planned.draft.pk}/conflicts/refresh").json()["run"]
    if run["state"] == "queued":
        carry_out(run_id=run["id"])
    Conflict.objects.filter(version=planned.draft, state="open").update(state="false_alarm")
    check()


def test_nobody_else_hears_of_a_draft_s_conflicts(planner, planned):
    run = checked(planner, planned)
    key = listed(planner, planned)["conflicts"][0]["key"]
    citizen = as_user(person("citizen"))
    for path in (
        f"/conflicts?draft={planned.draft.pk}",
        f"/conflicts/{key}",
        f"/conflicts/runs/{run['id']}",
        f"/conflicts/map?draft={planned.draft.pk}",
    ):
        assert citizen.get(f"{API}{path}").status_code == 403
        assert Client().get(f"{API}{path}").status_code in (401, 403)


def test_a_run_that_no_worker_has_any_more_does_not_wait_for_ever(planner, planned):
    lost = ConflictRun.objects.create(
        version=planned.draft, kind="full", state="running", on=timezone.localdate()
    )
    started = post(planner, "/conflicts/runs", {"draft": planned.draft.pk}).json()
    lost.refresh_from_db()
    assert lost.state == "failed"
    assert started["id"] != lost.pk


def test_a_person_is_given_a_conflict(planner, planned, approver):
    checked(planner, planned)
    key = listed(planner, planned)["conflicts"][0]["key"]
    detail = planner.get(f"{API}/conflicts/{key}").json()
    assert {"id": approver.pk, "name": "approver"} in detail["people_to_assign"]
    stranger = person("stranger", Role.LAND_REGISTER_OFFICER)
    path = f"/conflicts/{key}/events"
    wrong = post(planner, path, {"kind": "assign", "assigned_to": stranger.pk})
    assert wrong.status_code == 422
    given = post(planner, path, {"kind": "assign", "assigned_to": approver.pk}).json()
    assert given["assigned_to"] == "approver"
    mine = (
        as_user(approver)
        .get(f"{API}/conflicts", {"draft": planned.draft.pk, "assigned": "me"})
        .json()
    )
    assert [c["key"] for c in mine["conflicts"]] == [key]
