"""A road drawn in a scenario, over HTTP: who had no street is served, and nobody else changes.

The street runs along y = 0; the home of 5 people lies 415 m north of it, 700 m from its beginning.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import pytest

from accounts.models import Role
from tests.planning.city import EAST, NORTH, person
from tests.planning.test_coverage_runs import (
    home,
    street,  # noqa: F401 # a fixture
)
from tests.planning.test_draft_api import as_user
from tests.planning.test_scenario_api import API, begin, change, parking, send

if TYPE_CHECKING:
    from django.test import Client

    from tests.planning.city import Register

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("planning.reach_towns._towns", OrderedDict())
    monkeypatch.setattr("planning.reach_compare._held", OrderedDict())
    return as_user(person("planner", Role.PLANNER))


def test_who_had_no_street_is_served_over_one_that_is_drawn(
    planner: Client,
    street: Register,  # noqa: F811 # the fixture
) -> None:
    home(street, "9", (700, 410), 5.0)
    scenario = begin(planner)
    # 10 of 20 people are within; where the 5 would walk nobody knows.
    before = parking(scenario)["before"]
    assert (before["value"], before["low"]) == (0.5, 0.4)

    drawn = change(
        *(planner, scenario),
        action="road",
        axis=[[EAST + 690, NORTH], [EAST + 690, NORTH + 450]],
    )
    # 415 m of it and 240 m to the car park are too far.
    assert parking(drawn)["after"]["value"] == 10 / 25
    assert drawn["left_out"] == []

    served = change(planner, drawn, action="add", kind="parking", place=[EAST + 688, NORTH + 300])
    found = parking(served)
    assert found["gain"] == 5
    assert found["lose"] == 0
    plots = planner.get(f"{API}/{served['key']}/compare", {"kind": "parking"}).json()["plots"]
    (north,) = [one for one in plots if one["place"][1] > NORTH + 100]
    # 2 m from the new car park to the road, 125 m along it, 5 m to the plot's western corner.
    assert north["before_m"] is None
    assert north["after_m"] == pytest.approx(2 + 125 + 5)


def test_what_was_worked_out_of_one_road_is_not_told_of_another(
    planner: Client,
    street: Register,  # noqa: F811 # the fixture
) -> None:
    home(street, "9", (700, 410), 5.0)
    scenario = begin(planner)
    near, far = [[[EAST + x, NORTH], [EAST + x, NORTH + 450]] for x in (690, 300)]

    # Ten of 20 people are within. A street beside the home of 5 tells that they are not; one that
    # is 400 m away leaves their way unknown.
    drawn = change(planner, scenario, action="road", axis=near)
    assert parking(drawn)["after"]["value"] == 10 / 25
    taken_back = send(planner, f"/{drawn['key']}/undo", {"edits": 1, "number": 1}).json()
    assert parking(taken_back)["after"]["value"] == 10 / 20
    elsewhere = change(planner, taken_back, action="road", axis=far)
    assert parking(elsewhere)["after"]["value"] == 10 / 20
    both = change(planner, elsewhere, action="road", axis=near)
    assert parking(both)["after"]["value"] == 10 / 25
    served = change(planner, both, action="add", kind="parking", place=[EAST + 688, NORTH + 300])
    assert parking(served)["after"]["value"] == 15 / 25


def test_a_road_that_meets_no_street_is_told(
    planner: Client,
    street: Register,  # noqa: F811 # the fixture
) -> None:
    scenario = begin(planner)

    drawn = change(
        *(planner, scenario),
        action="road",
        axis=[[EAST + 690, NORTH + 50], [EAST + 690, NORTH + 150]],
    )

    (told,) = drawn["left_out"]
    assert (told["number"], told["code"]) == (1, "meets_no_street")
    assert not parking(drawn)["is_changed"]
