"""What a scenario does to room, in the town of test_reach_planned, by figures in the head.

10 and 40 people; a kindergarten with one place by the street in front of them. The norm of 2026
asks for 50 places for 1,000 people: one place is for 20.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from planning.operations.scenario_checks import Wanted
from planning.operations.scenarios import add_change, new_scenario
from planning.reach_compare import room_told
from planning.reach_scenario_queries import facility_values
from tests.planning.city import EAST, NORTH
from tests.planning.test_coverage_runs import facility
from tests.planning.test_reach_planned import ids  # noqa: F401 # a fixture

if TYPE_CHECKING:
    from planning.models import Scenario
    from tests.planning.city import Office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ids")]
DAY = dt.date(2026, 12, 31)


@pytest.fixture
def kindergarten() -> str:
    row = facility("m", "kindergarten", 100, north=-8, capacity=1.0, capacity_unit="place")
    return f"{row.source_file.dataset.code}/m"


def changed(office: Office, *changes: Wanted) -> Scenario:
    today, by = timezone.localdate(), office.planner
    scenario = new_scenario(title="Chỗ học", version_id=None, by=by, on=today)
    for change in changes:
        scenario = add_change(key=scenario.pk, edits=scenario.edits, by=by, on=today, change=change)
    return scenario


def told(office: Office, *changes: Wanted) -> dict[str, Any]:
    return room_told(changed(office, *changes), "kindergarten", by=office.planner, on=DAY)


def test_more_places_find_room_for_more_people(office: Office, kindergarten: str) -> None:
    found = told(office, Wanted(action="enlarge", target=kindergarten, capacity=2.0))
    room = found["with_room"]
    assert (room["before"]["value"], room["after"]["value"]) == pytest.approx((20 / 50, 40 / 50))
    assert room["after"]["values"]["full"] == 1
    supply = found["supply"]
    assert (supply["before"]["value"], supply["after"]["value"]) == pytest.approx((0.02, 0.04))


def test_one_more_is_one_more_to_choose_from(office: Office, kindergarten: str) -> None:
    at = (EAST + 120.0, NORTH - 8.0)
    found = told(office, Wanted(action="add", kind="kindergarten", place=at, capacity=10.0))
    many = found["reachable"]
    assert (many["before"]["value"], many["after"]["value"]) == pytest.approx((1, 2))
    assert found["with_room"]["after"]["value"] == 1.0


def test_what_is_added_is_told_in_the_unit_of_the_others(office: Office, kindergarten: str) -> None:
    at = (EAST + 120.0, NORTH - 8.0)
    scenario = changed(office, Wanted(action="add", kind="kindergarten", place=at, capacity=10.0))

    found = facility_values(scenario, "kindergarten", on=DAY)

    told_in = [(one["state"], one["capacity"], one["unit"]) for one in found]
    # Of the one of the town, whose size nobody delivered, no unit is told either.
    assert sorted(told_in, key=str) == [
        ("added", 10.0, "place"),
        ("as_is", 1.0, "place"),
        ("as_is", None, ""),
    ]


def test_where_nobody_knows_a_capacity_nothing_is_said_of_room(
    office: Office, kindergarten: str
) -> None:
    found = told(office, Wanted(action="close", target=kindergarten))
    assert found["with_room"]["before"] is not None
    assert found["with_room"]["after"] is None
