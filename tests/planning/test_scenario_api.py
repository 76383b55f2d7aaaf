"""What a scenario does to everybody, over HTTP, on a street that one can work out in the head.

The car park stands at 450 m, homes at 5 (4 people), 490 (6) and 1,500 m (10); 500 m on foot is the
limit, with 5 m to the street from each home and 2 m from the car park.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from accounts.models import Role
from tests.planning.city import EAST, NORTH, person
from tests.planning.test_coverage_runs import (
    facility,
    home,
    street,  # noqa: F401 # a fixture
)
from tests.planning.test_draft_api import as_user

if TYPE_CHECKING:
    from django.test import Client

    from tests.planning.city import Register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("street")]
API = "/api/planning/reach/scenarios"


@pytest.fixture
def planner() -> Client:
    return as_user(person("planner", Role.PLANNER))


def send(client: Client, path: str, body: dict[str, Any], *, how: str = "post") -> Any:
    text = json.dumps(body)
    return getattr(client, how)(f"{API}{path}", text, content_type="application/json")


def begin(client: Client, **more: Any) -> dict[str, Any]:
    answer = send(client, "", {"title": "Thử", **more})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def change(client: Client, scenario: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = send(client, f"/{scenario['key']}/changes", {"edits": scenario["edits"], **body})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def at(east: float) -> list[float]:
    return [EAST + east, NORTH + 2.0]


def parking(scenario: dict[str, Any]) -> dict[str, Any]:
    (one,) = [one for one in scenario["kinds"] if one["norm"] == "pk_walk"]
    return dict(one)


def key_of_parking(client: Client, scenario: dict[str, Any]) -> str:
    found = client.get(f"{API}/{scenario['key']}/facilities", {"kind": "parking"}).json()
    return str(found["facilities"][0]["key"])


def test_a_car_park_that_moves_is_near_others(planner: Client) -> None:
    scenario = begin(planner)
    assert parking(scenario)["before"]["value"] == 0.5
    # Kinds that nobody delivered are not asked for.
    everything = scenario["all_services"]["before"]
    assert (everything["value"], everything["low"]) == (0.5, 0.5)
    moved = change(
        planner,
        scenario,
        action="move",
        target=key_of_parking(planner, scenario),
        place=at(1_600),
    )
    found = parking(moved)
    assert (found["before"]["value"], found["after"]["value"]) == (0.5, 0.5)
    assert (found["gain"], found["lose"]) == (10.0, 10.0)
    assert found["is_changed"]
    (ward,) = found["wards"]
    assert (ward["code"], ward["gain"], ward["lose"]) == ("00004", 10.0, 10.0)

    compared = planner.get(f"{API}/{moved['key']}/compare", {"kind": "parking"}).json()
    told = [(one["before_m"], one["after_m"], one["was"], one["is"]) for one in compared["plots"]]
    assert told == [
        (pytest.approx(1_057), pytest.approx(107), "not_met", "met"),
        # Straight to the corner at 500 m, 11.18 m away, and on from there.
        (pytest.approx(47), pytest.approx(125**0.5 + 1_102), "met", "not_met"),
        (pytest.approx(452), pytest.approx(1_602), "met", "not_met"),
    ]
    assert sum(square[2] for square in compared["squares"]) == 10
    assert sum(square[3] for square in compared["squares"]) == 10


def test_taking_a_change_back_leaves_everything_as_it_was(planner: Client) -> None:
    scenario = begin(planner)
    closed = change(planner, scenario, action="close", target=key_of_parking(planner, scenario))
    assert parking(closed)["after"]["value"] == 0.0
    answer = send(planner, f"/{closed['key']}/undo", {"edits": 1, "number": 1})
    undone = answer.json()
    assert parking(undone)["after"] == parking(scenario)["before"]
    assert not parking(undone)["is_changed"]
    assert undone["changes"][0]["undone_by"] == 2
    stale = send(planner, f"/{closed['key']}/undo", {"edits": 1, "number": 2})
    assert (stale.status_code, stale.json()["code"]) == (412, "scenario_went_on")


def test_two_scenarios_are_held_against_each_other(planner: Client) -> None:
    one, other = begin(planner), begin(planner)
    one = change(planner, one, action="add", kind="parking", place=at(1_500))
    other = change(planner, other, action="close", target=key_of_parking(planner, other))
    answer = planner.get(
        f"{API}/{one['key']}/compare", {"kind": "parking", "with": other["key"]}
    ).json()
    assert (answer["before"]["value"], answer["after"]["value"]) == (0.0, 1.0)
    assert (answer["gain"], answer["lose"]) == (20.0, 0.0)


def test_of_a_kind_that_nobody_delivered_only_what_is_added_is_known(planner: Client) -> None:
    scenario = begin(planner)
    added = change(planner, scenario, action="add", kind="fire_station", place=at(4_400))
    (one,) = [one for one in added["kinds"] if one["norm"] == "fire"]
    assert one["before"]["value"] is None
    assert one["before"]["reason"] == "nothing_known"
    assert one["after"]["low"] == pytest.approx(10 / 20)
    assert one["after"]["high"] == 1.0


def test_a_kind_without_a_norm_is_looked_at_by_500_m_on_foot(planner: Client) -> None:
    facility("h", "bus_stop", 990)
    scenario = begin(planner)
    added = change(planner, scenario, action="add", kind="bus_stop", place=at(10))
    (one,) = [one for one in added["kinds"] if one["kind"] == "bus_stop" and not one["norm"]]
    # 502 and 512 m away from the one that stands; the new one is for homes at 5 and 490 m.
    assert (one["limit_m"], one["measured"]) == (500.0, "walk")
    assert (one["before"]["value"], one["after"]["value"]) == (0.0, 0.5)
    assert added["all_services"]["after"] == scenario["all_services"]["before"]
    compared = planner.get(f"{API}/{added['key']}/compare", {"kind": "bus_stop"}).json()
    assert (compared["gain"], compared["lose"]) == (10.0, 0.0)


def test_a_facility_that_is_gone_since_leaves_its_change_without_effect(planner: Client) -> None:
    scenario = begin(planner)
    target = key_of_parking(planner, scenario)
    closed = change(planner, scenario, action="close", target=target)
    again = change(planner, closed, action="move", target=target, place=at(10))
    (left_out,) = again["left_out"]
    assert (left_out["number"], left_out["code"]) == (2, "facility_gone")
    assert left_out["text"]


def test_what_comes_into_the_record_counts_at_once(planner: Client) -> None:
    scenario = begin(planner)
    facility("q", "parking", 1_495)
    again = planner.get(f"{API}/{scenario['key']}").json()
    assert parking(again)["before"]["value"] == 1.0


def test_a_street_that_is_drawn_leads_to_those_who_had_none(
    planner: Client,
    street: Register,  # noqa: F811
) -> None:
    home(street, "9", (300, 295), 20.0)
    scenario = begin(planner)
    before = parking(scenario)["before"]
    assert (before["value"], before["low"]) == (0.5, 0.25)
    axis = [[EAST + 300, NORTH], [EAST + 300, NORTH + 295]]
    drawn = change(planner, scenario, action="road", axis=axis)
    assert drawn["left_out"] == []
    found = parking(drawn)
    assert (found["after"]["value"], found["gain"], found["lose"]) == (0.75, 20.0, 0.0)
    compared = planner.get(f"{API}/{drawn['key']}/compare", {"kind": "parking"}).json()
    (plot,) = compared["plots"]
    # 5 m to the new street, 295 m along it, 150 m to the car park and 2 m to its door.
    assert (plot["before_m"], plot["after_m"]) == (None, pytest.approx(452))
    assert (plot["was"], plot["is"]) == ("not_checked", "met")


def test_a_street_in_the_fields_is_told_to_lead_nowhere(planner: Client) -> None:
    scenario = begin(planner)
    axis = [[EAST + 300, NORTH + 900], [EAST + 600, NORTH + 900]]
    drawn = change(planner, scenario, action="road", axis=axis)
    assert parking(drawn)["after"] == parking(drawn)["before"]
    (one,) = drawn["left_out"]
    assert (one["number"], one["code"]) == (1, "meets_no_street")
    assert not one["text"].startswith("reach.")


def test_squares_tell_where_people_have_it_farthest(planner: Client) -> None:
    found = planner.get("/api/planning/reach/squares", {"kind": "parking"}).json()
    told = {tuple(one[:2]): one[2:] for one in found["squares"]}
    assert found["run"] is None
    # 4 people have 452 m to go, 6 have 47 m and 10 have 1,057 m: the farthest half of all.
    assert sorted(value[0] for value in told.values()) == [4, 6, 10]
    by_people = {value[0]: value[1:] for value in told.values()}
    assert by_people[4] == [pytest.approx(452), 4]
    assert by_people[6] == [pytest.approx(47), 1]
    assert by_people[10] == [pytest.approx(1_057), 6]
    nobody_knows = planner.get("/api/planning/reach/squares", {"kind": "market"}).json()
    assert {one[4] for one in nobody_knows["squares"]} == {"not_known"}
