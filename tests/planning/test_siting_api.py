"""Where the next facilities should stand, over HTTP, on the street of `test_coverage_runs`.

People live at x = 5 (4), 490 (6) and 1,500 (10), each 5 m from the street; the car park stands 2 m
from it at x = 450.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from accounts.models import Role
from planning.models import ScenarioChange, SitingRun
from planning.operations.siting_runs import carry_out_siting
from tests.planning.city import EAST, NORTH, Register, box, person
from tests.planning.test_coverage_runs import facility, home, street  # noqa: F401 # a fixture
from tests.planning.test_draft_api import as_user

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("street")]
API = "/api/planning/reach/siting"


@pytest.fixture
def planner() -> Client:
    return as_user(person("planner", Role.PLANNER))


def at(east: float, north: float = 0, **more: Any) -> dict[str, Any]:
    return {"place": [EAST + east, NORTH + north], **more}


def asked(*points: dict[str, Any], **more: Any) -> dict[str, Any]:
    drawn = {"source": "drawn", "points": list(points)}
    given = {"model": "max_cover", "kind": "parking", "limit_m": 400, "count": 1}
    return {**given, "candidates": [drawn], **more}


def post(client: Client, body: Any, rest: str = "") -> Any:
    return client.post(f"{API}{rest}", json.dumps(body), content_type="application/json")


def found(client: Client, body: dict[str, Any]) -> dict[str, Any]:
    started = post(client, body)
    assert started.status_code == 202, started.content
    carry_out_siting(run_id=started.json()["id"])
    answer: dict[str, Any] = client.get(f"{API}/{started.json()['id']}").json()
    return answer


def test_the_site_with_most_people_who_have_nothing_yet_is_chosen(planner: Client) -> None:
    """At x = 1,200 ten people have 305 m; at 100 four have 100 m, the six by the park have it."""
    told = found(planner, asked(at(100), at(1_200, 4), at(1_950)))

    assert (told["state"], told["status"], told["chosen"]) == ("done", "optimal", ["drawn/2"])
    assert (told["newly_people"], told["people_total"]) == (10.0, 20.0)
    assert (told["share_before"], told["share_after"]) == (0.3, 0.8)
    assert (told["objective"], told["bound"], told["gap"]) == (10.0, 10.0, 0.0)
    assert [one["newly_people"] for one in told["candidates"]] == [4.0, 10.0, 0.0]
    assert [one["is_chosen"] for one in told["candidates"]] == [False, True, False]
    assert told["wards"] == [{"code": "00004", "name": "00004", "newly": 10.0}]
    assert told["text"]


def test_a_limit_is_inclusive_and_the_way_beside_the_street_counts(planner: Client) -> None:
    """From 1,195 it is 305 m along the street and 5 m from it at one end, none at the other."""
    at_limit = found(planner, asked(at(1_195), limit_m=310))
    beyond = found(planner, asked(at(1_195), limit_m=309.9))

    assert (at_limit["newly_people"], beyond["newly_people"]) == (10.0, 0.0)
    assert beyond["chosen"] == []


def test_the_same_question_gives_the_search_there_is_until_something_changes(
    planner: Client,
) -> None:
    told = found(planner, asked(at(1_200)))

    again = post(planner, asked(at(1_200)))
    other = post(planner, asked(at(1_200), count=2))
    facility("q", "parking", 1_495)
    after = post(planner, asked(at(1_200)))

    assert (again.status_code, again.json()["id"]) == (200, told["id"])
    assert (other.status_code, after.status_code) == (202, 202)
    runs = planner.get(API).json()["runs"]
    assert [run["state"] for run in runs] == ["queued", "queued", "done"]
    assert "candidates" not in runs[0]


def test_what_is_not_known_is_told(planner: Client, street: Register) -> None:  # noqa: F811
    home(street, "8", (100, 3_000), 30.0)
    street.parcel("7", box(600, 5, 620, 15))
    facility("far", "parking", 450, north=3_000)

    told = found(planner, asked(at(1_200), at(100, 5_000)))

    assert {one["reason"]: one["many"] for one in told["left_out"]} == {
        "candidates_without_street": 1,
        "plots_not_counted": 1,
        "people_without_street": 30.0,
        "facilities_without_street": 1,
    }
    assert all(one["text"] for one in told["left_out"])
    assert told["people_total"] == 20.0
    assert told["candidates"][1]["newly_people"] is None


def test_the_cheapest_sites_that_serve_all_who_can_be(planner: Client) -> None:
    """Those at 490 have the park; the site at 1,450 for 3 serves whom others serve for 1."""
    points = at(1_450, cost=3), at(1_400, cost=1), at(1_600, cost=1), at(100, cost=1)

    told = found(planner, asked(*points, model="set_cover", count=None))

    assert told["objective"] == 2.0
    assert told["newly_people"] == 14.0
    assert "drawn/4" in told["chosen"]
    assert (told["share_after"], told["out_of_reach_people"]) == (1.0, 0.0)
    # 1,400 or 1,600: both cost as much.
    (other,) = told["alternatives"]
    assert (other["behind"], other["newly_people"]) == (0.0, 14.0)
    assert set(other["chosen"]) != set(told["chosen"])


def test_the_fewest_metres_of_all_people(planner: Client) -> None:
    """Today 4 go 452 m, 6 go 47 m and 10 go 1,057 m; from 1,495 the ten have 10 m."""
    told = found(planner, asked(at(1_495), at(5), model="p_median"))

    assert told["chosen"] == ["drawn/1"]
    assert told["objective"] == pytest.approx(4 * 452 + 6 * 47 + 10 * 10)
    assert (told["status"], told["loosened_m"]) == ("optimal", 0.0)
    assert told["newly_people"] == 10.0


def test_room_counts_and_what_facilities_have_is_not_guessed(planner: Client) -> None:
    """The park says no capacity: nobody knows whether the 6 near it and the 4 find room there."""
    question = asked(
        *(at(1_400, capacity=7), at(1_600), at(100, capacity=50)),
        model="capacitated",
        count=2,
        limit_m=500,
        need_per_1000=1_000,
    )

    told = found(planner, question)

    assert (told["chosen"], told["newly_people"]) == (["drawn/1"], 7.0)
    assert {one["reason"]: one["many"] for one in told["left_out"]} == {
        "candidates_without_capacity": 1,
        "facilities_without_capacity": 1,
        "people_room_unknown": 10.0,
    }
    assert (told["share_before"], told["share_after"]) == (0.0, 0.35)
    assert told["wards"][0]["newly"] == 7.0


def test_a_choice_becomes_facilities_of_a_scenario(planner: Client) -> None:
    told = found(planner, asked(at(1_450), at(100, name="bãi đất"), count=2, capacity_each=40))

    taken = post(planner, {"choice": 0, "title": "Hai bãi"}, f"/{told['id']}/take")
    more = post(planner, {"scenario": taken.json()["key"]}, f"/{told['id']}/take")
    none = post(planner, {"choice": 5}, f"/{told['id']}/take")

    assert taken.status_code == 201, taken.content
    assert (taken.json()["title"], taken.json()["edits"], more.json()["edits"]) == ("Hai bãi", 2, 4)
    assert (none.status_code, none.json()["code"]) == (404, "siting_choice")
    rows = ScenarioChange.objects.filter(scenario=taken.json()["key"]).order_by("number")
    assert [(row.action, row.kind, row.capacity) for row in rows][:2] == [
        ("add", "parking", 40.0),
        ("add", "parking", 40.0),
    ]
    assert [row.place.x - EAST for row in rows if row.place][:2] == [1_450, 100]


def test_nothing_is_begun_that_has_no_answer(planner: Client) -> None:
    cases = {
        "siting_without_end": asked(at(100), count=None),
        "siting_kind_unknown": asked(at(100), kind="casino"),
        "siting_need_unknown": asked(at(100), model="capacitated", kind="bus_stop"),
        "siting_limit_too_long": asked(at(100), model="capacitated", limit_m=5_001),
        "siting_function_missing": {**asked(), "candidates": [{"source": "plots"}]},
        "drawing_place": asked(at(1e7)),
    }

    for code, body in cases.items():
        refused = post(planner, body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert "error." not in refused.content.decode(), code
    assert not SitingRun.objects.exists()


def test_a_search_called_off_leaves_nothing(planner: Client) -> None:
    run = post(planner, asked(at(1_200))).json()["id"]

    def call_it_off(going: SitingRun) -> None:
        if going.step == "ways":
            SitingRun.objects.filter(pk=run).update(is_cancel_wanted=True)

    carry_out_siting(run_id=run, progress=call_it_off)
    told = planner.get(f"{API}/{run}").json()
    waiting = post(planner, asked(at(100))).json()["id"]

    assert (told["state"], told["chosen"], told["candidates"]) == ("cancelled", [], [])
    assert post(planner, {}, f"/{waiting}/cancel").json()["state"] == "cancelled"
    early = post(planner, {}, f"/{run}/take")
    assert (early.status_code, early.json()["code"]) == (422, "siting_run_not_done")


def test_those_who_do_not_draft_are_turned_away(planner: Client) -> None:
    run = post(planner, asked(at(1_200))).json()["id"]
    investor = as_user(person("investor", Role.INVESTOR))

    assert post(investor, asked(at(1_200))).status_code == 403
    assert investor.get(f"{API}/{run}").status_code == 403
    assert investor.get(API).status_code == 403


def test_who_calls_off_while_the_solver_works_is_heard(
    planner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planning.reach_siting._HEARD_S", 0.0)
    run = post(planner, asked(at(1_400), at(1_600), at(100), model="p_median")).json()["id"]
    heard = []

    def call_it_off(going: SitingRun) -> None:
        heard.append(going.step)
        if heard.count("solve") == 2:
            SitingRun.objects.filter(pk=run).update(is_cancel_wanted=True)

    done = carry_out_siting(run_id=run, progress=call_it_off)

    assert (done.state, "alternatives" in heard) == ("cancelled", False)
    assert not done.candidates.exists()
