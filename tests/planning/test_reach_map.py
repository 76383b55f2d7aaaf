"""What the map of reach draws: plots of a box by what their norm says, facilities of a kind.

The street with its plots and its car park is that of `test_coverage_runs`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import shapely.geometry

from accounts.models import Role
from planning import reach_on_map
from planning.operations.coverage_runs import carry_out_coverage
from tests.planning.city import EAST, NORTH, Office, box, functions, person
from tests.planning.test_coverage_publication import ground_of, publish
from tests.planning.test_coverage_runs import street  # noqa: F401 # a fixture
from tests.planning.test_draft_api import as_user

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("street")]
API = "/api/planning/reach"


@pytest.fixture
def planner() -> Client:
    client = as_user(person("drafter", Role.PLANNER))
    started = client.post(f"{API}/runs", json.dumps({}), content_type="application/json")
    carry_out_coverage(run_id=started.json()["id"])
    return client


def around(west: float, east: float) -> str:
    return f"{EAST + west},{NORTH - 10},{EAST + east},{NORTH + 20}"


def drawn(client: Client, west: float, east: float, **more: Any) -> dict[str, Any]:
    answer = client.get(f"{API}/map", {"box": around(west, east), **more})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_plots_of_a_box_are_told_with_their_way_and_what_the_norm_says(planner: Client) -> None:
    told = drawn(planner, -10, 2_000, kind="parking")["plots"]

    by_place = {round(plot["place"][0] - EAST): plot for plot in told}
    # 452 and 47 m are within 500 m on foot, 1,057 m are not.
    found = {east: (plot["metres"], plot["state"]) for east, plot in by_place.items()}
    near = {east: (pytest.approx(m, abs=0.11), s) for east, (m, s) in found.items()}
    assert near == {5: (452, "met"), 490: (47, "met"), 1_500: (1_057, "not_met")}
    assert by_place[5]["boundary"]["type"] == "MultiPolygon"


def test_only_what_lies_in_the_box_is_told(planner: Client) -> None:
    told = drawn(planner, -10, 400, kind="parking")

    assert [round(plot["place"][0] - EAST) for plot in told["plots"]] == [5]
    assert told["facilities"] == []


def test_facilities_of_the_kind_stand_where_they_are(planner: Client) -> None:
    (park,) = drawn(planner, -10, 2_000, kind="parking")["facilities"]

    assert (park["place"], park["state"]) == ([EAST + 450, NORTH + 2], "as_is")
    assert drawn(planner, -10, 2_000, kind="market")["facilities"] == []


def test_without_a_kind_one_norm_that_is_not_met_decides(planner: Client) -> None:
    told = drawn(planner, -10, 2_000)

    states = {round(plot["place"][0] - EAST): plot["state"] for plot in told["plots"]}
    # Of all norms only that of car parks finds a facility; all others are missing everywhere.
    assert states[1_500] == "not_met"
    assert told["facilities"] == []


def test_too_many_plots_are_told_as_too_many(
    planner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach_on_map, "MOST_PLOTS", 2)

    told = drawn(planner, -10, 2_000, kind="parking")

    assert (told["plots"], told["is_cut"]) == ([], True)


def test_plots_of_a_draft_are_told_once_it_is_worked_out() -> None:
    functions()
    office = Office()
    draft = office.draft("P1", box(0, 0, 200, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})
    client = as_user(office.planner)

    before = drawn(client, -10, 2_000, kind="parking", draft=draft.pk)
    assert (before["plots"], before["has_plots"], len(before["facilities"])) == ([], False, 1)
    body = json.dumps({"draft": draft.pk})
    started = client.post(f"{API}/runs", body, content_type="application/json")
    carry_out_coverage(run_id=started.json()["id"])
    after = drawn(client, -10, 2_000, kind="parking", draft=draft.pk)

    assert after["has_plots"]
    found = {round(plot["place"][0] - EAST): plot["state"] for plot in after["plots"]}
    assert found == {5: "met", 490: "met", 1_500: "not_met"}
    everything = drawn(client, -10, 2_000, draft=draft.pk)["plots"]
    assert "not_met" in {plot["state"] for plot in everything}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"box": around(0, 9), "kind": "castle"}, 404),
        ({"box": "here", "kind": "parking"}, 422),
        ({"box": around(0, 9), "draft": 999_999}, 404),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    planner: Client, query: dict[str, Any], status: int
) -> None:
    assert planner.get(f"{API}/map", query).status_code == status


def test_ground_around_a_kind_is_that_of_the_last_run(planner: Client) -> None:
    publish([], [], ground_of(590_100))

    told = planner.get(f"{API}/map/bands", {"kind": "kindergarten"}).json()

    (band,) = told["features"]
    assert (band["properties"]["from_m"], band["properties"]["to_m"]) == (250, 500)
    ground = shapely.geometry.shape(band["geometry"])
    assert ground.bounds == pytest.approx((590_000, 2_325_000, 590_100, 2_325_100), abs=0.1)
    assert planner.get(f"{API}/map/bands", {"kind": "hydrant"}).json()["features"] == []


def test_those_who_do_not_draft_are_turned_away() -> None:
    investor = as_user(person("investor", Role.INVESTOR))

    assert investor.get(f"{API}/map", {"box": around(0, 9)}).status_code == 403
    assert investor.get(f"{API}/map/bands", {"kind": "market"}).status_code == 403
