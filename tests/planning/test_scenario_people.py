"""Scenarios of a draft that change who will live in its zones; the town of test_reach_planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from planning.models import RunState
from planning.operations.coverage_runs import carry_out_coverage, start_coverage
from planning.operations.scenario_checks import Wanted
from planning.operations.scenarios import add_change, describe_scenario, new_scenario
from planning.reach_compare import effects_told
from tests.planning.city import EAST, NORTH
from tests.planning.test_coverage_runs import figure
from tests.planning.test_reach_planned import draft, ids  # noqa: F401 # fixtures

if TYPE_CHECKING:
    from planning.models import PlanVersion
    from tests.planning.city import Office

pytestmark = pytest.mark.django_db


def told(office: Office, draft: PlanVersion, *people: tuple[str, float]) -> Any:  # noqa: F811
    """What the change of people in zones, by their labels, does to kindergartens."""
    on, by = timezone.localdate(), office.planner
    scenario = new_scenario(title="Dân số", version_id=draft.pk, by=by, on=on)
    for label, many in people:
        zone = draft.drafts.get(label=label)
        wanted = Wanted(action="people", target=str(zone.uid), people=many)
        scenario = add_change(key=scenario.pk, edits=scenario.edits, by=by, on=on, change=wanted)
    return effects_told(scenario, by=by, on=on)


def test_people_of_a_zone_take_the_place_of_those_that_the_draft_foresees(
    office: Office,
    draft: PlanVersion,  # noqa: F811
) -> None:
    found = told(office, draft, ("A", 300.0))
    assert found["left_out"] == []
    # 100 planned in A and 40 counted in B before; 300 and 40 after.
    one = found["kinds"][0]
    assert (one["before"]["people"], one["after"]["people"]) == (140.0, 340.0)
    assert (one["gain"], one["lose"]) == (0.0, 0.0)


def test_a_zone_that_says_nothing_of_people_is_given_some(
    office: Office,
    draft: PlanVersion,  # noqa: F811
) -> None:
    found = told(office, draft, ("B", 60.0), ("B", 70.0))
    assert found["kinds"][0]["after"]["people"] == 170.0


def test_a_zone_that_goes_leaves_its_change_without_effect(
    office: Office,
    draft: PlanVersion,  # noqa: F811
) -> None:
    on, by = timezone.localdate(), office.planner
    scenario = new_scenario(title="Dân số", version_id=draft.pk, by=by, on=on)
    zone = draft.drafts.get(label="B")
    wanted = Wanted(action="people", target=str(zone.uid), people=5.0)
    scenario = add_change(key=scenario.pk, edits=0, by=by, on=on, change=wanted)
    zone.delete()
    found = effects_told(scenario, by=by, on=on)
    assert [one["code"] for one in found["left_out"]] == ["zone_gone"]
    assert found["kinds"][0]["after"]["people"] == 140.0


def test_a_draft_is_reviewed_with_the_scenarios_that_are_part_of_it(
    office: Office,
    draft: PlanVersion,  # noqa: F811
) -> None:
    on, by = timezone.localdate(), office.planner

    def farthest_m() -> float:
        run, _ = start_coverage(version_id=draft.pk, by=by, on=on)
        if run.state == RunState.QUEUED:
            run = carry_out_coverage(run_id=run.pk)
        found = figure(run, "metres", kind="kindergarten", metric="metres", norm="")
        return float(found.values["q90"])

    alone = farthest_m()
    scenario = new_scenario(title="Trường", version_id=draft.pk, by=by, on=on)
    place = (EAST + 100.0, NORTH + 100.0)
    wanted = Wanted(action="add", kind="kindergarten", place=place)
    scenario = add_change(key=scenario.pk, edits=0, by=by, on=on, change=wanted)
    assert farthest_m() == alone

    describe_scenario(key=scenario.pk, by=by, on=on, is_part_of_draft=True)
    # On plot 1 itself; from plot 2 not as far as to the one that is there.
    assert farthest_m() < alone
    describe_scenario(key=scenario.pk, by=by, on=on, is_part_of_draft=False)
    assert farthest_m() == alone
