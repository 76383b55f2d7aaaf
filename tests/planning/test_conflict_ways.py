"""Ways out of a draft's conflicts over HTTP: what is proposed, and what comes of taking it."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Role
from planning.models import Conflict, ConflictFinding, Plan, PlanLevel
from planning.operations.conflict_runs import carry_out, start_run
from planning.operations.conflict_work import refresh
from planning.operations.reference import load_corridor_rules, load_plan_functions
from tests.planning.city import Office, box, person
from tests.planning.ground import power_line

pytestmark = pytest.mark.django_db

REFERENCE = Path(__file__).parents[2] / "fixtures" / "reference"
LINE_FROM = dt.date(2025, 3, 1)
HOUSES, GREEN, BELT = "DAT_O_Nhomnhao", "DAT_HTXH_CayxanhCC", "DAT_Cayxanhchuyendung"


@pytest.fixture
def office() -> Office:
    load_plan_functions(REFERENCE / "plan_functions_tt16.csv", by=None)
    load_corridor_rules(REFERENCE, by=None)
    return Office()


def below(code):
    """The plan QHPK, which stands below another."""
    Plan.objects.create(code="QHPK", level=PlanLevel.ZONING, parent=Plan.objects.get(code=code))


@pytest.fixture
def draft(office):
    """Housing on 0 to 60 m; the plan above wants green from 50 m on."""
    office.in_force(
        "QHC",
        box(0, 0, 100, 100),
        {"C1": (HOUSES, box(0, 0, 50, 100)), "C2": (GREEN, box(50, 0, 100, 100))},
        level=PlanLevel.GENERAL,
    )
    zones = {"Ô 1": (HOUSES, box(0, 0, 60, 100)), "Ô 2": (GREEN, box(60, 0, 100, 100))}
    below("QHC")
    return office.draft("QHPK", box(0, 0, 100, 100), zones)


def check(version):
    run, _ = start_run(version_id=version.pk, by=None, on=timezone.localdate())
    return carry_out(run_id=run.pk)


def check_again(version, office):
    """So much of the little plan changes that all of it is checked, by the worker."""
    run = refresh(version_id=version.pk, by=office.planner, on=timezone.localdate())
    assert carry_out(run_id=run.pk).state == "done"


def post(client, address, body):
    return client.post(
        address,
        json.dumps(body),
        content_type="application/json",
        headers={"host": "localhost", "If-Match": '"e1"', "Idempotency-Key": str(uuid.uuid4())},
    )


def conflict_of(version, rule):
    return Conflict.objects.get(version=version, rule=rule, findings__to_run=None)


def ways_of(client, conflict, language="vi"):
    answer = post(client, f"/api/planning/conflicts/{conflict.key}/ways?lang={language}", {})
    assert answer.status_code == 200, answer.content
    return answer.json()["ways"]


def test_the_part_below_another_function_is_split_off_and_the_conflict_is_solved(
    client, office, draft
):
    client.force_login(office.planner)
    check(draft)
    conflict = conflict_of(draft, "P01")

    found = {way["action"]: way for way in ways_of(client, conflict)}

    assert set(found) == {"split", "shift"}
    split = found["split"]
    # 10 m by 100 m of housing become green; nothing else in the plan moves.
    assert [w["key"] for w in split["effect"]["solved"]] == [str(conflict.key)]
    assert split["effect"]["new"] == []
    assert {b["function"]: b["after_m2"] - b["before_m2"] for b in split["effect"]["balance"]} == {
        HOUSES: pytest.approx(-1000),
        GREEN: pytest.approx(1000),
    }
    assert "1.000 m²" in split["text"]
    assert "Ô 1" in split["text"]
    assert split["opens"] == []

    edit = {"action": "repair", "why": "theo QHC", "changes": split["changes"]}
    taken = post(client, f"/api/planning/drafts/{draft.pk}/edits", edit)
    assert taken.status_code == 201, taken.content
    check_again(draft, office)
    assert not ConflictFinding.objects.filter(conflict=conflict, to_run=None).exists()
    assert draft.drafts.count() == 3
    assert {z.function: round(z.boundary.area) for z in draft.drafts.all() if z.label == "Ô 1"} == {
        HOUSES: 5000,
        GREEN: 1000,
    }


def test_the_edge_shifts_to_the_neighbour_of_the_right_function(client, office, draft):
    client.force_login(office.planner)
    check(draft)

    (way,) = [w for w in ways_of(client, conflict_of(draft, "P01"), "en") if w["action"] == "shift"]

    assert way["text"] == "Move the edge: 1,000 m² of Ô 1 go to Ô 2."
    assert {c["uid"] for c in way["changes"]} == {str(z.uid) for z in draft.drafts.all()}
    edit = {"action": "repair", "why": "", "changes": way["changes"]}
    assert post(client, f"/api/planning/drafts/{draft.pk}/edits", edit).status_code == 201
    check_again(draft, office)
    assert not ConflictFinding.objects.filter(
        conflict__rule="P01", version=draft, to_run=None
    ).exists()


def test_a_zone_wholly_below_another_function_changes_it(client, office):
    office.in_force(
        "QHC", box(0, 0, 100, 100), {"C": (GREEN, box(0, 0, 100, 100))}, level=PlanLevel.GENERAL
    )
    zones = {"Ô 1": (HOUSES, box(0, 0, 60, 100)), "Ô 2": (GREEN, box(60, 0, 100, 100))}
    below("QHC")
    draft = office.draft("QHPK", box(0, 0, 100, 100), zones)
    client.force_login(office.planner)
    check(draft)

    first = ways_of(client, conflict_of(draft, "P01"))[0]

    assert first["action"] == "function"
    assert [change["content"] for change in first["changes"]] == [{"function": GREEN}]
    assert first["boundary_after"] == []


def test_a_conflict_of_the_whole_city_or_a_solved_one_has_no_way_out(client, office, draft):
    client.force_login(office.planner)
    check(draft)
    conflict = conflict_of(draft, "P01")
    ConflictFinding.objects.filter(conflict=conflict).update(to_run=2)

    assert ways_of(client, conflict) == []


def test_who_may_not_see_the_draft_is_told_of_no_conflict(client, office, draft):
    check(draft)
    conflict = conflict_of(draft, "P01")
    address = f"/api/planning/conflicts/{conflict.key}/ways"

    assert post(client, address, {}).status_code in (401, 403)
    client.force_login(person("viewer", Role.ADMINISTRATOR))
    assert post(client, address, {}).status_code in (403, 404)


def solved_by(way, conflict):
    return str(conflict.key) in [one["key"] for one in way["effect"]["solved"]]


def test_an_edge_drawn_20_cm_apart_snaps_onto_the_upper_plans(client, office):
    office.in_force(
        "QHC",
        box(0, 0, 100, 100),
        {"C1": (HOUSES, box(0, 0, 50, 100)), "C2": (GREEN, box(50, 0, 100, 100))},
        level=PlanLevel.GENERAL,
    )
    below("QHC")
    zones = {"Ô 1": (HOUSES, box(0, 0, 50.2, 100)), "Ô 2": (GREEN, box(50.2, 0, 100, 100))}
    draft = office.draft("QHPK", box(0, 0, 100, 100), zones)
    client.force_login(office.planner)
    check(draft)
    conflict = conflict_of(draft, "P08")

    way = ways_of(client, conflict, "en")[0]

    assert way["action"] == "snap"
    assert solved_by(way, conflict)
    assert way["effect"]["new"] == []
    assert way["opens"] == []
    assert sorted(c["after_m2"] for c in way["effect"]["balance"]) == pytest.approx([5000, 5000])
    # Both zones, for they share the edge.
    assert len(way["changes"]) == 2


def test_an_overlap_in_the_draft_is_taken_from_either_zone(client, office):
    zones = {"Ô 1": (HOUSES, box(0, 0, 60, 100)), "Ô 2": (GREEN, box(50, 0, 100, 100))}
    draft = office.draft("QHPK", box(0, 0, 100, 100), zones)
    client.force_login(office.planner)
    check(draft)
    conflict = conflict_of(draft, "I01")

    found = ways_of(client, conflict, "en")

    assert [way["action"] for way in found] == ["trim", "trim"]
    assert all(solved_by(way, conflict) for way in found)
    assert {way["text"] for way in found} == {
        "Let Ô 1 end where the conflict begins: 1,000 m² less.",
        "Let Ô 2 end where the conflict begins: 1,000 m² less.",
    }


def test_ground_that_another_plan_has_is_given_up_and_the_gap_is_told(client, office):
    office.in_force("QHPK-2", box(90, 0, 200, 100), {"B": (GREEN, box(90, 0, 200, 100))})
    draft = office.draft("QHPK", box(0, 0, 100, 100), {"Ô 1": (HOUSES, box(0, 0, 100, 100))})
    client.force_login(office.planner)
    check(draft)
    conflict = conflict_of(draft, "P02")

    (way,) = ways_of(client, conflict, "en")

    assert way["action"] == "trim"
    assert solved_by(way, conflict)
    assert [(fault["kind"], fault["area_m2"]) for fault in way["opens"]] == [("gap", 1000)]
    assert "needs a reason" in way["text"]


def test_housing_below_a_line_moves_back_to_the_corridors_edge(client, office):
    power_line("L1", (-50, 40), (150, 40), outer_conductor_m=3.0, valid_from=LINE_FROM)
    zones = {"Ô 1": (HOUSES, box(0, 0, 100, 80)), "Ô 2": (GREEN, box(0, 80, 100, 100))}
    draft = office.draft("QHPK", box(0, 0, 100, 100), zones)
    client.force_login(office.planner)
    check(draft)
    conflict = Conflict.objects.filter(version=draft, rule__startswith="C").order_by("rule").first()

    way = ways_of(client, conflict, "en")[0]

    assert way["action"] == "shift"
    assert "Special-purpose green" in way["text"]
    assert solved_by(way, conflict)
    assert BELT in [one["function"] for one in way["effect"]["balance"]]
    assert way["opens"] == []
