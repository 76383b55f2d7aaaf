"""Drafts over HTTP, as the workbench and other programs use them."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, RoleAssignment, Territory
from planning.models import DraftZone, PlanVersion, Zone
from planning.operations.conflict_runs import carry_out, start_run
from tests.planning.city import EAST, NORTH, Office, box, functions, person, stored

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    functions()
    return Office()


@pytest.fixture
def draft(office: Office) -> PlanVersion:
    return office.draft(
        "P1",
        box(0, 0, 200, 100),
        {"A": ("HOUSES", box(0, 0, 100, 100)), "B": ("GREEN", box(100, 0, 200, 100))},
    )


def as_user(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="accounts.backends.OpenAccounts")
    return client


@pytest.fixture
def planner(office: Office) -> Client:
    return as_user(office.planner)


def address(draft: PlanVersion, rest: str = "") -> str:
    return f"/api/planning/drafts/{draft.pk}{rest}"


def surface(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [[[EAST + x, NORTH + y] for x, y in ring]]}


def change(draft: PlanVersion, label: str, **what: Any) -> dict[str, Any]:
    zone = DraftZone.objects.get(version_of=draft, label=label)
    return {"uid": str(zone.uid), "based_on": zone.version, **what}


def send(
    client: Client,
    draft: PlanVersion,
    *changes: dict[str, Any],
    seen: str | None = '"e1"',
    key: str | None = None,
    **more: Any,
) -> Any:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    if seen is not None:
        headers["If-Match"] = seen
    return client.post(
        address(draft, "/edits"),
        json.dumps({"action": "redraw", "changes": changes, **more}),
        content_type="application/json",
        headers=headers,
    )


def test_a_planner_opens_a_draft_and_reads_its_zones(planner, draft):
    told = planner.get(address(draft)).json()
    read = planner.get(address(draft, "/zones"))

    assert (told["code"], told["edit"], told["zones"], told["may_edit"]) == ("P1", 1, 2, True)
    assert {f["code"] for f in told["functions"]} == {"HOUSES", "GREEN", "ROAD", "SCHOOL"}
    assert read["ETag"] == '"e1"'
    assert [(z["label"], z["area_m2"]) for z in read.json()["zones"]] == [
        ("A", 10_000),
        ("B", 10_000),
    ]


def test_coordinates_come_back_to_the_last_bit(planner, office):
    """Corners between the doubles that few decimals can tell."""
    east, north = 0.1 + 0.2, 1 / 3
    draft = office.draft(
        "P2", box(-10, -10, 50, 50), {"A": ("HOUSES", box(east, north, 20 + east, 30))}
    )
    kept = draft.drafts.get().boundary.coords

    (zone,) = planner.get(address(draft, "/zones")).json()["zones"]

    as_sent = zone["boundary"]["coordinates"]
    assert [[tuple(c) for c in ring] for ring in as_sent[0]] == [list(r) for r in kept[0]]
    send(planner, draft, change(draft, "A", boundary=zone["boundary"]))
    assert draft.drafts.get().boundary.coords == kept


def test_zones_are_read_by_box_and_without_boundaries(planner, draft):
    west = f"{EAST - 5},{NORTH},{EAST + 50},{NORTH + 50}"

    near = planner.get(address(draft, "/zones"), {"bbox": west}).json()["zones"]
    light = planner.get(address(draft, "/zones"), {"geometry": "no"}).json()["zones"]

    assert [z["label"] for z in near] == ["A"]
    assert [z["boundary"] for z in light] == [None, None]
    assert light[0]["box"] == [EAST, NORTH, EAST + 100, NORTH + 100]


def test_an_edit_is_saved_and_answers_with_what_it_made(planner, draft):
    answer = send(
        planner,
        draft,
        change(draft, "A", boundary=surface(0, 0, 120, 100)),
        change(draft, "B", boundary=surface(120, 0, 200, 100)),
        why="mở rộng",
    )

    body = answer.json()
    assert answer.status_code == 201, body
    assert answer["ETag"] == '"e2"'
    assert (body["edit"]["number"], body["edit"]["why"], body["edit"]["by_me"]) == (
        2,
        "mở rộng",
        True,
    )
    assert sorted((z["label"], z["version"], z["area_m2"]) for z in body["zones"]) == [
        ("A", 2, 12_000),
        ("B", 2, 8_000),
    ]


def test_an_edit_without_the_state_seen_is_refused(planner, draft):
    answer = send(planner, draft, change(draft, "A", content={"note": "x"}), seen=None)

    assert answer.status_code == 428
    assert answer.json()["code"] == "state_not_named"
    assert send(planner, draft, change(draft, "A"), seen="17").status_code == 422
    assert send(planner, draft, change(draft, "A"), key="x").json()["code"] == "key_unreadable"


def test_who_saw_more_edits_than_there_are_does_not_overwrite(planner, draft):
    """A backup was put back under an open workbench."""
    answer = send(planner, draft, change(draft, "A", content={"note": "x"}), seen='"e9"')

    assert (answer.status_code, answer.json()["code"]) == (412, "draft_went_back")
    assert draft.history.count() == 1


def test_a_conflict_shows_both_drawings(planner, draft, office):
    mine = change(draft, "A", boundary=surface(0, 0, 100, 100), content={"label": "A!"})
    send(planner, draft, change(draft, "A", content={"label": "A?"}))

    answer = send(planner, draft, mine)

    assert answer.status_code == 412
    (conflict,) = answer.json()["values"]["zones"]
    assert (conflict["now"]["label"], conflict["base"]["label"]) == ("A?", "A")
    assert (conflict["merged"], conflict["by"]) == (None, "planner")
    assert "merged_change" not in conflict


def test_opened_faults_are_listed_with_their_place(planner, draft):
    answer = send(planner, draft, change(draft, "A", boundary=surface(0, 0, 90, 100)))

    assert answer.status_code == 422
    (fault,) = answer.json()["values"]["faults"]
    assert (fault["kind"], round(fault["area_m2"])) == ("gap", 1_000)
    assert fault["boundary"]["type"] == "MultiPolygon"
    east, north = fault["place"]
    assert EAST + 90 < east < EAST + 100
    assert NORTH < north < NORTH + 100


def test_a_fault_is_repaired_by_the_way_that_is_proposed(planner, draft):
    send(
        planner,
        draft,
        change(draft, "A", boundary=surface(0, 0, 90, 100)),
        accept="sẽ sửa",
    )
    (fault,) = planner.get(address(draft, "/faults")).json()["faults"]
    assert fault["reason"] == "sẽ sửa"

    ways = planner.post(address(draft, f"/faults/{fault['key']}/ways")).json()["ways"]
    answer = send(planner, draft, *ways[0]["changes"], action="repair", seen='"e2"')

    assert answer.status_code == 201, answer.json()
    assert answer.json()["solved"] == [fault["key"]]
    assert planner.get(address(draft, "/faults")).json()["faults"] == []
    assert sum(z.boundary.area for z in draft.drafts.all()) == pytest.approx(20_000)


@pytest.mark.parametrize(
    ("boundary", "code"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "drawing_unreadable"),
        ({"type": "Polygon", "coordinates": []}, "drawing_unreadable"),
        ({"type": "Polygon", "coordinates": [[[EAST, NORTH]]]}, "drawing_unreadable"),
        ({"type": "Polygon", "coordinates": [[["1", "2"]] * 4]}, "drawing_unreadable"),
        ({"type": "Polygon", "coordinates": [[[105.8, 21.0]] * 4]}, "drawing_place"),
        ("POLYGON((0 0,1 1,1 0,0 0))", "drawing_unreadable"),
        ({"type": "GeometryCollection", "geometries": []}, "drawing_unreadable"),
    ],
)
def test_a_drawing_that_is_none_is_refused(planner, draft, boundary, code):
    answer = send(planner, draft, change(draft, "A", boundary=boundary))

    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_ring_that_crosses_itself_is_refused_with_the_place(planner, draft):
    bow = [(0, 0), (100, 100), (100, 0), (0, 100), (0, 0)]
    boundary = {"type": "Polygon", "coordinates": [[[EAST + x, NORTH + y] for x, y in bow]]}

    answer = send(planner, draft, change(draft, "A", boundary=boundary))

    assert answer.json()["code"] == "drawing_invalid"
    assert "587050" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [b"{", b"[" * 100_000, b'{"changes": [], "action": "redraw", "secret": 1}', b"\xff"],
)
def test_unreadable_bodies_are_refused(planner, draft, body):
    answer = planner.post(
        address(draft, "/edits"),
        body,
        content_type="application/json",
        headers={"If-Match": '"e1"', "Idempotency-Key": str(uuid.uuid4())},
    )

    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_text_with_a_zero_byte_is_refused(planner, draft):
    answer = send(planner, draft, change(draft, "A", content={"note": "a\x00b"}))

    assert answer.status_code == 422


def test_undo_over_http(planner, draft):
    send(planner, draft, change(draft, "A", content={"label": "A1"}))

    answer = planner.post(
        address(draft, "/edits/2/undo"),
        "{}",
        content_type="application/json",
        headers={"If-Match": '"e2"', "Idempotency-Key": str(uuid.uuid4())},
    )
    history = planner.get(address(draft, "/edits")).json()["edits"]

    assert answer.status_code == 201, answer.json()
    assert [(e["number"], e["action"], e["undoes"], e["undone_by"]) for e in history] == [
        (3, "undo", 2, None),
        (2, "redraw", None, 3),
        (1, "begin", None, None),
    ]


def test_one_edit_tells_before_and_after(planner, draft):
    send(planner, draft, change(draft, "A", content={"label": "A1"}))

    (told,) = planner.get(address(draft, "/edits/2")).json()["changes"]

    assert (told["before"]["label"], told["after"]["label"]) == ("A", "A1")


def test_news_tell_what_others_did_and_nothing_twice(planner, draft):
    first = planner.get(address(draft, "/news?since=1"))
    still = planner.get(address(draft, "/news?since=1"), headers={"If-None-Match": first["ETag"]})
    send(planner, draft, change(draft, "A", content={"label": "A1"}))
    then = planner.get(address(draft, "/news?since=1"), headers={"If-None-Match": first["ETag"]})

    assert (first.json()["zones"], still.status_code) == ([], 304)
    assert (then.json()["edit"], [z["label"] for z in then.json()["zones"]]) == (2, ["A1"])


def test_planners_see_each_other(planner, draft, office):
    other = as_user(office.approver)
    other.put(
        address(draft, "/presence"),
        json.dumps({"at": [EAST + 5, NORTH + 6], "zone": None}),
        content_type="application/json",
    )

    people = planner.get(address(draft, "/news?since=1")).json()["people"]

    assert [(p["name"], p["at"], p["is_me"]) for p in people] == [
        ("approver", [EAST + 5, NORTH + 6], False)
    ]


def test_a_variant_is_kept_and_taken_off_the_list(planner, draft):
    uid = change(draft, "A")["uid"]
    kept = planner.post(
        address(draft, "/variants"),
        json.dumps({"uid": uid, "boundary": surface(0, 0, 50, 50), "why": "phương án 2"}),
        content_type="application/json",
    )
    assert kept.status_code == 201, kept.json()
    (variant,) = planner.get(address(draft, "/variants")).json()["variants"]
    assert (variant["uid"], variant["why"]) == (uid, "phương án 2")
    assert (variant["state"]["label"], variant["state"]["function"]) == ("A", "HOUSES")

    planner.delete(address(draft, f"/variants/{variant['id']}"))

    assert planner.get(address(draft, "/variants")).json()["variants"] == []


def test_the_chain_is_verified_over_http(planner, draft):
    verdict = planner.get(address(draft, "/verification")).json()

    assert (verdict["is_intact"], verdict["edits"], len(verdict["head"])) == (True, 1, 64)


def test_a_planner_of_another_ward_sees_nothing_of_it(draft):
    elsewhere = Territory.objects.create(
        code="XA", name="Xa", boundary=stored(box(5_000, 0, 6_000, 900))
    )
    user = person("far")
    RoleAssignment.objects.create(
        user=user, role=Role.PLANNER, territory=elsewhere, valid_from=timezone.localdate()
    )
    client = as_user(user)

    assert client.get("/api/planning/drafts").json() == {"drafts": []}
    for rest in ("", "/zones", "/edits", "/news?since=1", "/faults", "/variants", "/verification"):
        assert client.get(address(draft, rest)).status_code == 404, rest
    assert send(client, draft, change(draft, "A", content={"note": "x"})).status_code == 404


def test_an_adjustment_begins_with_the_zones_in_force(planner, office):
    office.in_force(
        "P1",
        box(0, 0, 200, 100),
        {"A": ("HOUSES", box(0, 0, 100, 100)), "B": ("GREEN", box(100, 0, 200, 100))},
    )

    answer = planner.post(
        "/api/planning/plans/P1/drafts",
        json.dumps(
            {
                "adjustment": "local",
                "name_vi": "Điều chỉnh cục bộ",
                "valid_from": "2027-01-01",
                "extent": surface(50, 0, 200, 100),
            }
        ),
        content_type="application/json",
    )

    body = answer.json()
    assert answer.status_code == 201, body
    assert (body["adjustment"], body["sequence"], body["zones"], body["faults"]) == (
        "local",
        2,
        2,
        0,
    )
    zones = planner.get(f"/api/planning/drafts/{body['id']}/zones").json()["zones"]
    assert sorted((z["label"], z["area_m2"]) for z in zones) == [("A", 5_000), ("B", 10_000)]


def test_what_is_near_can_be_snapped_to(planner, draft, office):
    office.in_force("P9", box(0, 200, 100, 300), {"N": ("ROAD", box(0, 200, 100, 300))})

    answer = planner.get(
        address(draft, "/ground"),
        {"bbox": f"{EAST},{NORTH},{EAST + 300},{NORTH + 300}", "of": "zones,parcels,lines"},
    ).json()

    assert [(f["kind"], f["label"]) for f in answer["features"]] == [("zone", "P9 N")]


def test_an_approver_puts_an_adjustment_into_force(planner, office):
    office.in_force("P1", box(0, 0, 100, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})
    begun = planner.post(
        "/api/planning/plans/P1/drafts",
        json.dumps({"adjustment": "general", "name_vi": "Điều chỉnh", "valid_from": "2026-11-22"}),
        content_type="application/json",
    ).json()
    draft = PlanVersion.objects.get(pk=begun["id"])
    send(planner, draft, change(draft, "A", content={"function": "SCHOOL"}))
    approver = as_user(office.approver)

    def ask(step: str, body: str = "{}") -> Any:
        return approver.post(address(draft, step), body, content_type="application/json")

    assert ask("/approval").json()["code"] == "decision_missing"
    assert ask("/publication").json()["code"] == "plan_not_approved"
    run, _ = start_run(version_id=draft.pk, by=office.planner, on=timezone.localdate())
    carry_out(run_id=run.pk)
    decided = ask(
        "/approval", json.dumps({"decision_number": "9/QĐ", "decision_date": "2026-11-20"})
    )
    assert decided.json()["status"] == "approved", decided.json()
    assert planner.post(address(draft, "/publication")).status_code == 403
    assert ask("/publication").status_code == 200
    assert [z.function for z in Zone.objects.known_now().filter(introduced_by=draft)] == ["SCHOOL"]
