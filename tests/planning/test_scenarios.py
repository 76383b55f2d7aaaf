"""Scenarios: whose they are, what their changes must say, and taking changes back."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from accounts.models import Role, User
from landdata.errors import Forbidden, Invalid, Missing, Stale
from planning.models import Scenario
from planning.operations.scenario_checks import Wanted
from planning.operations.scenarios import (
    add_change,
    changes_in_force,
    describe_scenario,
    new_scenario,
    scenario_open_to,
    undo_change,
    withdraw_scenario,
)
from planning.reach_scenario_queries import change_values, facility_values
from tests.planning.city import EAST, NORTH, person
from tests.planning.test_coverage_runs import street  # noqa: F401 # a fixture

if TYPE_CHECKING:
    import datetime as dt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("street")]


@pytest.fixture
def planner() -> User:
    return person("planner", Role.PLANNER)


def today() -> dt.date:
    return timezone.localdate()


def begin(by: User, **more: Any) -> Scenario:
    return new_scenario(title="Bãi đỗ mới", version_id=None, by=by, on=today(), **more)


def change(scenario: Scenario, by: User, *, edits: int | None = None, **wanted: Any) -> Scenario:
    seen = Scenario.objects.get(pk=scenario.pk).edits if edits is None else edits
    return add_change(key=scenario.pk, edits=seen, by=by, on=today(), change=Wanted(**wanted))


def at(east: float) -> tuple[float, float]:
    return (EAST + east, NORTH + 2.0)


def parkings(scenario: Scenario) -> dict[str, tuple[str, float]]:
    found = facility_values(scenario, "parking", on=today())
    return {one["key"]: (one["state"], one["place"][0] - EAST) for one in found}


def key_of_parking() -> str:
    (one,) = facility_values(Scenario(), "parking", on=today())
    return str(one["key"])


def test_facilities_stand_where_the_changes_put_them(planner: User) -> None:
    scenario, parking = begin(planner), key_of_parking()
    change(scenario, planner, action="add", kind="parking", place=at(1_500), capacity=20.0)
    change(scenario, planner, action="move", target=parking, place=at(100))
    own = f"~{scenario.pk}/1"
    assert parkings(scenario) == {parking: ("moved", 100), own: ("added", 1_500)}

    change(scenario, planner, action="close", target=own)
    assert parkings(scenario) == {parking: ("moved", 100), own: ("closed", 1_500)}


def test_what_is_taken_back_can_be_brought_back(planner: User) -> None:
    scenario, parking = begin(planner), key_of_parking()
    change(scenario, planner, action="move", target=parking, place=at(100))
    undone = undo_change(key=scenario.pk, edits=1, number=1, by=planner, on=today())
    assert parkings(scenario) == {parking: ("as_is", 450)}
    assert [one["undone_by"] for one in change_values(undone, on=today())] == [2, None]
    with pytest.raises(Invalid, match="scenario_change_undone"):
        undo_change(key=scenario.pk, edits=2, number=1, by=planner, on=today())

    undo_change(key=scenario.pk, edits=2, number=2, by=planner, on=today())
    assert parkings(scenario) == {parking: ("moved", 100)}
    assert len(changes_in_force(scenario)) == 1


def test_a_change_to_what_somebody_has_not_seen_is_refused(planner: User) -> None:
    scenario, parking = begin(planner), key_of_parking()
    change(scenario, planner, action="close", target=parking)
    with pytest.raises(Stale, match="scenario_went_on"):
        change(scenario, planner, edits=0, action="move", target=parking, place=at(1))


def test_others_see_what_is_shared_and_change_a_copy(planner: User) -> None:
    other = person("other", Role.PLANNER)
    scenario = begin(planner)
    change(scenario, planner, action="add", kind="parking", place=at(10))
    change(scenario, planner, action="move", target=f"~{scenario.pk}/1", place=at(20))
    with pytest.raises(Missing):
        scenario_open_to(other, scenario.pk, on=today())

    describe_scenario(key=scenario.pk, by=planner, on=today(), is_shared=True)
    with pytest.raises(Forbidden, match="change_scenario"):
        change(scenario, other, action="close", target=f"~{scenario.pk}/1")
    copy = begin(other, copy_of=scenario.pk)
    parking = key_of_parking()
    assert parkings(copy) == {parking: ("as_is", 450), f"~{copy.pk}/1": ("added", 20)}
    assert copy.edits == 2

    withdraw_scenario(key=scenario.pk, by=planner, on=today())
    with pytest.raises(Missing):
        scenario_open_to(planner, scenario.pk, on=today())
    assert parkings(copy)[f"~{copy.pk}/1"] == ("added", 20)


def test_those_who_do_not_draft_have_none(planner: User) -> None:
    investor = person("investor", Role.INVESTOR)
    with pytest.raises(Forbidden):
        begin(investor)
    shared = begin(planner, is_shared=True)
    with pytest.raises(Missing):
        scenario_open_to(investor, shared.pk, on=today())


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"action": "undo"}, "scenario_action"),
        ({"action": "add", "kind": "castle", "place": at(1)}, "scenario_kind"),
        ({"action": "add", "kind": "parking"}, "scenario_place"),
        ({"action": "add", "kind": "parking", "place": (21.0, 105.8)}, "drawing_place"),
        ({"action": "add", "kind": "parking", "place": at(1), "capacity": -1.0}, "capacity"),
        ({"action": "move", "target": "test/nobody", "place": at(1)}, "scenario_no_facility"),
        ({"action": "close", "target": "~other/1"}, "scenario_no_facility"),
        ({"action": "road", "axis": [at(1)]}, "scenario_axis"),
        ({"action": "road", "axis": [at(1), at(1)]}, "scenario_axis"),
        ({"action": "people", "target": str(uuid.uuid4()), "people": 1.0}, "scenario_no_zone"),
        ({"action": "people", "target": "1; drop", "people": 1.0}, "scenario_no_zone"),
    ],
)
def test_a_change_must_say_what_it_needs(planner: User, wanted: dict[str, Any], code: str) -> None:
    scenario = begin(planner)
    with pytest.raises(Invalid, match=code):
        change(scenario, planner, **wanted)
    assert Scenario.objects.get(pk=scenario.pk).edits == 0


def test_a_scenario_of_no_draft_is_part_of_no_review(planner: User) -> None:
    scenario = begin(planner)
    with pytest.raises(Invalid, match="scenario_without_draft"):
        describe_scenario(key=scenario.pk, by=planner, on=today(), is_part_of_draft=True)
