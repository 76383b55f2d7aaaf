"""What a run takes from a plan: its streets, its people, and the areas of its zones.

    0        200       400
200 +---------+---------+   plots 1 and 2 of 10 and 40 people; a draft whose zone A covers plot 1
    |   1     |    2    |   and says that 100 people will live there, and whose zone B, over plot
  0 +---------+---------+   2, says nothing of people
 -10 ======================  a street; a kindergarten at x = 1,000
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import shapely
from django.utils import timezone

from landdata.models import CountMethod, NetworkNode, Population
from planning.conflict_tables import Moment
from planning.conflict_touch import newest_revision
from planning.models import CoverageRun, Zone, ZoneCircumstance
from planning.norms.circumstances import EVERY, Circumstance
from planning.operations.circumstances import say_circumstance
from planning.operations.coverage_runs import carry_out_coverage, is_current, start_coverage
from planning.reach_planned import city_of
from tests.ground import add_unit
from tests.planning.city import EAST, FUNCTIONS, NORTH, TODAY, Office, Register, box
from tests.planning.ground import LONG_AGO, road
from tests.planning.test_coverage_runs import delivered, facility, figure, place

if TYPE_CHECKING:
    from planning import reach_city
    from planning.models import PlanVersion

pytestmark = pytest.mark.django_db

FIRST, SECOND = box(0, 0, 200, 200), box(200, 0, 400, 200)


@pytest.fixture
def ids() -> tuple[str, str]:
    add_unit("00004", "Phường Ba Đình")
    for key, east in (("a", -500), ("b", 2_000)):
        delivered(NetworkNode, key, position=place(shapely.Point(EAST + east, NORTH - 10)))
    road("ab", (-500, -10), (2_000, -10), road_class="residential", from_node="a", to_node="b")
    facility("k", "kindergarten", 1_000)
    register = Register()
    found = []
    for number, ground, people in (("1", FIRST, 10.0), ("2", SECOND, 40.0)):
        found.append(register.parcel(number, ground))
        delivered(
            Population,
            f"p{number}",
            parcel_id=found[-1],
            people=people,
            counted_on=LONG_AGO,
            method=CountMethod.ESTIMATE,
            source="test",
        )
    return str(found[0]), str(found[1])


@pytest.fixture
def draft(office: Office, ids: tuple[str, str]) -> PlanVersion:
    zones = {"A": (FUNCTIONS[0], FIRST), "B": (FUNCTIONS[0], SECOND)}
    version = office.draft("QHPK-9", box(0, 0, 400, 200), zones)
    version.drafts.filter(label="A").update(population=100)
    return version


def city(version: PlanVersion | None = None) -> reach_city.City:
    moment = Moment(timezone.localdate(), newest_revision())
    return city_of(moment, version, step=lambda _done, _what: None)


def people(found: reach_city.City) -> dict[str, float]:
    return dict(zip(found.plots.key.tolist(), found.plots.people.people.tolist(), strict=True))


def area(found: reach_city.City, key: str) -> Any:
    return EVERY[found.circumstances.code[found.plots.key.tolist().index(key)]]


def test_people_are_the_plans_where_its_zones_state_a_number(
    draft: PlanVersion, ids: tuple[str, str]
) -> None:
    assert people(city()) == {ids[0]: 10.0, ids[1]: 40.0}
    planned = city(draft)
    assert people(planned) == {ids[0]: 100.0, ids[1]: 40.0}
    assert planned.of_plan == {
        "plan": "QHPK-9",
        "zones_with_people": 1,
        "zones_with_circumstances": 0,
        "planned_people": 100.0,
        "planned_people_without_plot": 0.0,
        "people_today": 50.0,
    }


def test_a_run_of_a_draft_counts_its_people_and_streets_and_says_so(
    office: Office, draft: PlanVersion
) -> None:
    road("new", (0, -10), (0, -600), from_node="a", to_node="b", planned_by="QHPK-9")
    run, _ = start_coverage(version_id=draft.pk, by=office.planner, on=timezone.localdate())
    run = carry_out_coverage(run_id=run.pk)

    metres = figure(run, "metres", kind="kindergarten", metric="metres", norm="")
    assert metres.people == 140.0
    assert (run.counts["people"], run.counts["segments"]) == (140, 2)
    assert run.parameters["plan"] == "QHPK-9"
    assert run.parameters["planned_people"] == 100.0
    assert is_current(run)
    of_city, _ = start_coverage(version_id=None, by=None, on=timezone.localdate())
    of_city = carry_out_coverage(run_id=of_city.pk)
    assert (of_city.counts["people"], of_city.counts["segments"]) == (50, 1)


def test_what_was_said_of_a_zone_of_a_draft_holds_for_its_plots_and_no_others(
    office: Office, draft: PlanVersion, ids: tuple[str, str]
) -> None:
    zone = draft.drafts.get(label="A").uid
    known = Circumstance("existing", "plain")
    before = city(draft)
    assert area(before, ids[0]).development == ""
    assert area(before, ids[0]).setting == "urban"

    say_circumstance(zone=zone, known=known, source="map", by=office.planner, on=TODAY)

    found = city(draft)
    assert area(found, ids[0]) == Circumstance("existing", "plain", "urban")
    assert area(found, ids[1]).development == ""
    # Nobody has approved the draft: the city knows nothing of it.
    assert area(city(), ids[0]).development == ""


def test_zones_in_force_tell_of_the_city_and_of_drafts_of_other_plans(
    office: Office, draft: PlanVersion, ids: tuple[str, str]
) -> None:
    general = box(-100, -100, 500, 300)
    office.in_force("QHC-1", general, {"G": (FUNCTIONS[0], general)})
    whole = Zone.objects.known_now().get(label="G").uid
    say(whole, Circumstance("existing", "complex"), office)
    assert area(city(), ids[0]) == Circumstance("existing", "complex", "urban")

    # The draft's own word counts on its ground, that of the plan in force beside it.
    say(draft.drafts.get(label="A").uid, Circumstance("new", "plain"), office)
    assert area(city(draft), ids[0]) == Circumstance("new", "plain", "urban")
    assert area(city(draft), ids[1]) == Circumstance("existing", "complex", "urban")
    assert area(city(), ids[0]) == Circumstance("existing", "complex", "urban")


def say(zone: Any, known: Any, office: Office) -> None:
    say_circumstance(zone=zone, known=known, source="map", by=office.planner, on=TODAY)


def test_a_strip_of_a_zone_does_not_tell_of_a_plot(
    office: Office, draft: PlanVersion, ids: tuple[str, str]
) -> None:
    zones = {"S": (FUNCTIONS[0], box(0, 0, 250, 200)), "T": (FUNCTIONS[0], box(250, 0, 400, 200))}
    strips = office.draft("QHCT-2", box(0, 0, 400, 200), zones)
    say(strips.drafts.get(label="S").uid, Circumstance("existing"), office)
    say(strips.drafts.get(label="T").uid, Circumstance("new"), office)

    found = city(strips)

    assert area(found, ids[0]).development == "existing"
    assert area(found, ids[1]).development == "new"


def test_a_run_is_outdated_once_something_is_said_of_a_zone(
    office: Office, draft: PlanVersion
) -> None:
    run, _ = start_coverage(version_id=draft.pk, by=office.planner, on=timezone.localdate())
    run = carry_out_coverage(run_id=run.pk)
    assert is_current(run)

    say(draft.drafts.get(label="A").uid, Circumstance("new"), office)

    assert ZoneCircumstance.objects.count() == 1
    assert not is_current(CoverageRun.objects.get(pk=run.pk))
